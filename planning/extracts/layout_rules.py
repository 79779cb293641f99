"""What each layout brings to the check of a row: the figures it holds, the further cells its rules read, and those rules.

The rules of `faults` hold for every layout. ACM holds plan and actual; the plan return only plan; the patient-level sets
only what was done and what it cost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .assignment import Arrangement, assignment_rules, figure_sign_rules, month_to_come_rules
from .engine import text
from .faults import ERROR, FIGURES, WARNING, Rule, rules
from .layouts import PSEUDONYM, PSEUDONYM_FORM


def _none() -> list[Rule]:
    return []


@dataclass(frozen=True)
class LayoutRules:
    """`cells` are fields whose received text the rules read as `cell_FIELD`; `instead_of` names common rules they replace."""

    figures: tuple[str, ...]
    rules: Callable[[], list[Rule]] = _none
    cells: tuple[str, ...] = ()
    instead_of: frozenset[str] = frozenset()


# Points of delivery that carry money without activity, in the rules of the plan return; OTHER needs no tariff either.
PLAN_WITHOUT_ACTIVITY = ("ADJUSTMENT", "BLOCK", "CQUIN", "DRUG", "DEVICE", "NAOTHER")
HRG = "^[A-Z]{2}[0-9]{2}[A-Z]"
# Planned activity: at most ten digits before the point and three after it, and never negative.
UNITS_PLANNED = r"\d{1,10}(\.\d{1,3})?"


def _among(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(map(text, codes))})"


def _plan_rules() -> list[Rule]:
    """Rules of the plan return, as the London checking tool has them. *Source*: pete4nhs/DQ_checks (MIT)."""
    no_activity = _among("point_of_delivery", PLAN_WITHOUT_ACTIVITY)
    return [
        *_plan_cell_rules(no_activity),
        Rule(
            "planned activity is not 0",
            ERROR,
            "planned_activity",
            f"{no_activity} AND planned_activity IS DISTINCT FROM 0 AND NOT bad_planned_activity",
            "This point of delivery has no activity. Enter 0; the cell must not be blank.",
        ),
        Rule(
            "planned activity has another form",
            ERROR,
            "planned_activity",
            f"NOT {no_activity} AND NOT bad_planned_activity AND (planned_activity IS NULL OR planned_activity < 0 "
            f"OR NOT regexp_full_match(planned_activity::DECIMAL(28, 8)::VARCHAR, '{UNITS_PLANNED}0*'))",
            "Enter units such as 12 or 12.5: not negative, with at most 10 digits before the point and 3 after it.",
        ),
        *(
            Rule(
                "figure is too long",
                ERROR,
                figure,
                f"length(raw_{figure}) > 18",
                "Enter the amount with at most 18 characters.",
            )
            for figure in ("planned_price", "planned_mff")
        ),
        Rule(
            "provider ends in 00",
            ERROR,
            "provider",
            "length(raw_provider) > 3 AND ends_with(raw_provider, '00')",
            "Enter the code of the provider without 00 at its end, such as RJ1.",
        ),
        Rule(
            "year is not six digits",
            WARNING,
            "year",
            "year IS NOT NULL AND NOT bare_year AND NOT regexp_full_match(raw_year, '\\d{6}')",
            "The plan return asks for six digits, such as 202526.",
        ),
        Rule(
            "creation time has no seconds",
            WARNING,
            "created",
            "NOT regexp_full_match(cell_created, '\\d{1,4}[-/.]\\w{1,3}[-/.]\\d{1,4}[ T]\\d{1,2}:\\d{2}:\\d{2}(\\.\\d+)?Z?')",
            "The plan return asks for date and time with seconds, such as 2026-05-20 09:30:00.",
        ),
    ]


def _plan_cell_rules(no_activity: str) -> list[Rule]:
    """Cells that care needs and that money without activity must leave blank."""
    forms = {
        "site": ("[A-Z0-9]{5,9}", "the site's ODS code of 5 to 9 letters and digits"),
        "practice_responsibility": ("[A-Z0-9]{3,5}", "the sub-ICB location that the practice belongs to"),
        "residence_responsibility": ("[A-Z0-9]{3,5}", "the sub-ICB location of the address"),
        "treatment_function": ("[0-9A-Z]{3}", "the treatment function code of 3 characters"),
    }
    blank = "Leave the cell blank: this point of delivery has no activity."
    rules = []
    for name, (form, what) in forms.items():
        said = name.replace("_", " ")
        missing = f"NOT {no_activity} AND NOT regexp_full_match({name}, '{form}')"
        rules.append(Rule(f"{said} is missing or has another form", ERROR, name, missing, f"Enter {what}."))
        rules.append(Rule(f"{said} must be blank", ERROR, name, f"{no_activity} AND {name} <> ''", blank))
    practice = "practice <> '' AND NOT regexp_full_match(practice, '[A-Z0-9]{6}')"
    tariff = (
        f"NOT {no_activity} AND point_of_delivery <> 'OTHER' AND (NOT regexp_matches(tariff, '{HRG}') OR length(tariff) > 50)"
    )
    return [
        *rules,
        Rule("practice has another form", ERROR, "practice", practice, "Enter the practice code of 6 characters."),
        Rule("tariff has another form", ERROR, "tariff", tariff, "Begin the tariff code with an HRG such as EY02A."),
    ]


def _patient_rules(belongs: str, layout: str) -> Callable[[], list[Rule]]:
    """Rules of a patient-level set: which points of delivery it is for, and whether its patients can be counted."""

    def made() -> list[Rule]:
        return [
            Rule(
                "point of delivery is of another set",
                WARNING,
                "point_of_delivery",
                f"NOT ({belongs})",
                f"{layout} Reported twice, the patient-level sets no longer add up to ACM.",
            ),
            Rule(
                "patient pseudonym has another form",
                ERROR,
                PSEUDONYM,
                f"cell_{PSEUDONYM} <> '' AND NOT regexp_full_match(cell_{PSEUDONYM}, '{PSEUDONYM_FORM}')",
                "Send the pseudonym as minimise_extract writes it: 64 digits and letters a to f.",
            ),
        ]

    return made


# Common rules that the plan return has rules of its own for.
PLAN_HAS_OWN = frozenset(
    (
        "site has another form",
        "treatment function has another form",
        "practice has another form",
        "tariff has another form",
        "activity where there is none to count",
        "activity and price have opposite signs",
    )
)
LAYOUT_RULES = {
    "acm": LayoutRules(FIGURES),
    "iap": LayoutRules(
        ("planned_activity", "planned_price", "planned_mff"),
        _plan_rules,
        ("created",),
        PLAN_HAS_OWN,
    ),
    "plcm": LayoutRules(
        ("actual_activity", "actual_price"),
        _patient_rules("NOT " + _among("point_of_delivery", ("DRUG", "DEVICE")), "Send drugs in DrPLCM and devices in DePLCM."),
        (PSEUDONYM,),
    ),
    # Quantities of drugs are in milligrams, tablets and vials, and do not add up; devices can be counted.
    "drplcm": LayoutRules(
        ("actual_price",),
        _patient_rules("point_of_delivery = 'DRUG'", "DrPLCM is for drugs: the point of delivery is DRUG."),
        (PSEUDONYM,),
    ),
    "deplcm": LayoutRules(
        ("actual_activity", "actual_price"),
        _patient_rules("point_of_delivery = 'DEVICE'", "DePLCM is for devices: the point of delivery is DEVICE."),
        (PSEUDONYM,),
    ),
}


def rules_of(layout: str, provider_name: str, agreed: Arrangement, begun: int = 13) -> tuple[Rule, ...]:
    """Every rule that rows of the layout are held against, in the order in which problems of a row are listed.

    `agreed` says who commissions what in the file's year; `begun` is the last month that had begun when the file was sent.
    """
    own = LAYOUT_RULES[layout]
    common = (
        *rules(provider_name, agreed.year, own.figures),
        *month_to_come_rules(begun, own.figures),
        *assignment_rules(agreed),
        *figure_sign_rules(own.figures),
    )
    return (*(rule for rule in common if rule.name not in own.instead_of), *own.rules())


def price_of(layout: str) -> str:
    """The price that the sums of a file are stated in: what was paid, or in the plan return what is planned."""
    return "actual_price" if "actual_price" in LAYOUT_RULES[layout].figures else "planned_price"
