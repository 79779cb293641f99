"""What must hold between the rows of a file of measures: one spelling and one unit for each, and no name that is taken."""

import pandas as pd

from .measure_names import CONSTANT, OF_PLACES, folded

TAKEN = "Give it another name: the product has this one of places without any file, and the constant is no measure."


def measure_faults(rows: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Faults of whole rows of a file of measures.

    Args:
        rows: `area`, `year`, `measure`, `unit` (text), with the rows of the spreadsheet as index.

    Returns:
        (row, column, what to do): a name that is taken, a measure spelled in another way than before, a unit other than before.
    """
    taken = {folded(name) for name in (CONSTANT, *OF_PLACES)}
    names = rows["measure"].map(folded)
    found = [(int(row), "measure", TAKEN) for row in rows.index[names.isin(taken).to_numpy(dtype=bool)]]
    first = rows.assign(folded=names).drop_duplicates("folded").reset_index(names="first").set_index("folded")
    at = names.map(first["first"])
    for column, said in (("measure", "name"), ("unit", "unit")):
        held = names.map(first[column])
        for row in rows.index[(rows[column] != held).to_numpy(dtype=bool)]:
            wanted = f"Write “{held[row]}”" if held[row] else "Leave it blank"
            found.append((int(row), column, f"{wanted} as in row {at[row]}: a measure goes by one {said}."))
    return found
