"""The names that measures of need and supply go by, and the two sides that a model of need has."""

NEED, SUPPLY = "need", "supply"
# What everybody costs, beside what follows from measures.
CONSTANT = "const"
# The measures that places have from the start: one of need and one of supply.
DEPRIVATION = "Index of Multiple Deprivation 2019, average score"
NEAREST = "Straight line to the nearest tertiary trust"
KILOMETRES = "km"
OF_PLACES = (DEPRIVATION, NEAREST)


def folded(name: str) -> str:
    """A name as people mean it: without case and doubled blanks."""
    return " ".join(str(name).casefold().split())
