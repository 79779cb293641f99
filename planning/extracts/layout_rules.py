"""What each layout brings to the check of a row: the figures it holds, the further cells its rules read, and those rules.

The rules of `faults` hold for every layout. ACM holds plan and actual; the plan return only plan; the patient-level sets
only what was done and what it cost.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .faults import FIGURES, Rule, rules


def _none() -> list[Rule]:
    return []


@dataclass(frozen=True)
class LayoutRules:
    """`cells` are fields whose received text the rules read as `cell_FIELD`; `instead_of` names common rules they replace."""

    figures: tuple[str, ...]
    rules: Callable[[], list[Rule]] = _none
    cells: tuple[str, ...] = ()
    instead_of: frozenset[str] = frozenset()


LAYOUT_RULES = {
    "acm": LayoutRules(FIGURES),
    "iap": LayoutRules(("planned_activity", "planned_price", "planned_mff")),
    "plcm": LayoutRules(("actual_activity", "actual_price")),
    # Quantities of drugs are in milligrams, tablets and vials, and do not add up; devices can be counted.
    "drplcm": LayoutRules(("actual_price",)),
    "deplcm": LayoutRules(("actual_activity", "actual_price")),
}


def rules_of(layout: str, provider_name: str, year: str) -> tuple[Rule, ...]:
    """Every rule that rows of the layout are held against, in the order in which problems of a row are listed."""
    own = LAYOUT_RULES[layout]
    common = [rule for rule in rules(provider_name, year, own.figures) if rule.name not in own.instead_of]
    return (*common, *own.rules())


def price_of(layout: str) -> str:
    """The price that the sums of a file are stated in: what was paid, or in the plan return what is planned."""
    return "actual_price" if "actual_price" in LAYOUT_RULES[layout].figures else "planned_price"
