"""Codes that have to agree with each other: category, service, point of delivery and commissioner.

Which services are delegated is a matter of the year: the list in force in the file's year decides, and before the first
list there was no delegation. Source: commissioner assignment method 2025/26 (boxes C-0a, C-5 and C-6).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planning.calculations.homes import RESIDENT_KINDS

from .faults import WARNING, Rule

DELEGATED, RETAINED, NATIONAL, POPULATION = ("GREEN",), ("RED", "BLUE"), "national", "population"
OWN_HUB, OTHER_HUB = "hub", "other hub"
ELSEWHERE = ("national", "devolved", "overseas", "private")
DELEGATED_CATEGORIES, RETAINED_CATEGORIES = "('25', '26')", "('21', '22')"
NOT_SPECIALISED = "99999999"
# Drugs that are paid for nationally, and the points of delivery where such money can stand.
DRUG_CATEGORIES, DRUG_POINTS = "('31', '32', '41')", "('DRUG', 'ADJUSTMENT', 'BLOCK', 'CQUIN', 'NAOTHER', 'OTHER')"
# Of the points of delivery without activity, drugs and devices are counted by some hospitals and not by others.
NOTHING_TO_COUNT = "('ADJUSTMENT', 'BLOCK', 'CQUIN', 'NAOTHER')"


@dataclass(frozen=True)
class Arrangement:
    """Who commissions what in a year: codes of delegated and of retained services, and the provider's own hub ("": unknown).

    `too_early` where the first list of services is of a later year.
    """

    year: str
    delegated: frozenset[str] = frozenset()
    retained: frozenset[str] = frozenset()
    hub: str = ""
    too_early: bool = False


def arrangement(statuses: pd.DataFrame, year: str, hub: str) -> Arrangement:
    """The list of services in force in a year: its own, otherwise the last one before it; before the first there is none.

    Args:
        statuses: service_code, year, status of every national list.
        year: The file's financial year.
        hub: Commissioning hub of the provider, "" where it is not known.

    Returns:
        The arrangement of the year.
    """
    lists = [listed for listed in statuses["year"].unique() if listed <= year]
    in_force = statuses[statuses["year"] == max(lists)] if lists else statuses.head(0)
    codes = {kind: frozenset(in_force.loc[in_force["status"].isin(kind), "service_code"]) for kind in (DELEGATED, RETAINED)}
    return Arrangement(year, codes[DELEGATED], codes[RETAINED], hub, too_early=not lists and len(statuses) > 0)


def payers(rows: pd.DataFrame, commissioners: pd.DataFrame, hub: str) -> pd.DataFrame:
    """What the commissioner of each row is, and which one the patient's practice or residence points to.

    Args:
        rows: practice_responsibility, residence_responsibility, commissioner; codes in capitals, "" where blank.
        commissioners: code, kind.
        hub: Commissioning hub of the provider, "" where it is not known.

    Returns:
        `rows` with payer ("hub", "other hub", "population", the kind of any other listed body, or "") and responsible
        (the sub-ICB location or CCG of the practice, else of the residence, else "").
    """
    kinds = commissioners.set_index("code")["kind"]
    kind = rows["commissioner"].map(kinds).astype(object).fillna("")
    payer = kind.where(~kind.isin(RESIDENT_KINDS), POPULATION)
    payer = payer.mask((kind == "hub") & (rows["commissioner"] != hub) & (hub != ""), OTHER_HUB)
    responsible = pd.Series("", index=rows.index, dtype=object)
    for name in ("residence_responsibility", "practice_responsibility"):
        responsible = responsible.mask(rows[name].map(kinds).isin(("sub_icb", "ccg")), rows[name])
    return rows.assign(payer=payer, responsible=responsible)


def _category(name: str, condition: str, message: str) -> Rule:
    return Rule(name, WARNING, "service_category", condition, message)


def _commissioner(name: str, condition: str, message: str) -> Rule:
    return Rule(name, WARNING, "commissioner", condition, message)


def assignment_rules(agreed: Arrangement) -> list[Rule]:
    """Warnings on codes that contradict each other. Of one contradiction a row tells once: a category of the wrong kind
    excuses the commissioner that goes with it.
    """
    own = f" {agreed.hub}" if agreed.hub else ""
    return [
        *([_before_delegation(agreed.year)] if agreed.too_early else _delegation_rules(agreed.year, own)),
        _category(
            "category is of an ICB, the service is specialised",
            "service_category = '12' AND known_service_code AND starts_with(service_code, 'NCBPS')",
            "Category 12 is care that is not specialised. Enter the category of the service, or 99999999 as service code.",
        ),
        _category(
            "category is specialised, the service code is not",
            f"service_code = '{NOT_SPECIALISED}' AND service_category IN ('21', '22', '25', '26')",
            "99999999 is care that NHS England does not commission. Enter the code of the service, or category 12.",
        ),
        _commissioner(
            "commissioner is the hub of another region",
            f"payer = '{OTHER_HUB}'",
            f"Services that NHS England commissions itself are paid by the hub of the provider's own region{own}.",
        ),
        Rule(
            "drug category on other care",
            WARNING,
            "point_of_delivery",
            f"service_category IN {DRUG_CATEGORIES} AND known_point_of_delivery AND point_of_delivery NOT IN {DRUG_POINTS}",
            "Categories 31, 32 and 41 are drugs that are funded nationally. Enter DRUG, or the category of the care itself.",
        ),
    ]


def _before_delegation(year: str) -> Rule:
    return _category(
        "category is of delegated care before there was any",
        f"service_category IN {DELEGATED_CATEGORIES}",
        f"In {year} no list of delegated services was in force. Enter category 21, or 22 for mental health.",
    )


def _delegation_rules(year: str, own: str) -> list[Rule]:
    elsewhere = ", ".join(f"'{kind}'" for kind in ELSEWHERE)
    return [
        _category(
            "category is of delegated care, the service is retained",
            f"retained AND service_category IN {DELEGATED_CATEGORIES}",
            f"In {year} NHS England commissions this service itself: enter category 21 (22 for mental health) and the hub{own} "
            "as commissioner, or correct the service code.",
        ),
        _category(
            "category is of NHS England, the service is delegated",
            f"delegated AND service_category IN {RETAINED_CATEGORIES} AND payer NOT IN ({elsewhere})",
            f"In {year} this service is delegated: enter category 25 (26 for mental health) and the patient's sub-ICB location "
            "as commissioner, or correct the service code.",
        ),
        _commissioner(
            "commissioner is NHS England's hub, the service is delegated",
            f"delegated AND service_category NOT IN {RETAINED_CATEGORIES} AND payer IN ('{OWN_HUB}', '{OTHER_HUB}')",
            f"In {year} this service is delegated: enter the sub-ICB location of the patient's practice as commissioner.",
        ),
        _commissioner(
            "commissioner is a sub-ICB location, the service is retained",
            f"retained AND service_category NOT IN {DELEGATED_CATEGORIES} AND payer = '{POPULATION}'",
            f"In {year} NHS England commissions this service itself: enter the provider's hub{own} as commissioner.",
        ),
        _commissioner(
            "commissioner is not that of the practice or residence",
            f"delegated AND payer = '{POPULATION}' AND responsible <> '' AND responsible <> commissioner",
            "The patient's practice decides, then the residence. Enter that sub-ICB location, or correct the responsibility.",
        ),
    ]


def figure_sign_rules(figures: Sequence[str]) -> list[Rule]:
    """Warnings on figures that contradict each other or their point of delivery."""
    rules = []
    for which in ("planned", "actual"):
        activity, price = f"{which}_activity", f"{which}_price"
        if activity not in figures or price not in figures:
            continue
        rules.append(
            Rule(
                "activity where there is none to count",
                WARNING,
                activity,
                f"{activity} <> 0 AND point_of_delivery IN {NOTHING_TO_COUNT}",
                "Blocks and adjustments are money only. Enter 0, or the point of delivery of the activity.",
            )
        )
        rules.append(
            Rule(
                "activity and price have opposite signs",
                WARNING,
                price,
                f"({activity} > 0 AND {price} < 0) OR ({activity} < 0 AND {price} > 0)",
                "Activity that is added has a price that is added. Give both the same sign, or book the money as ADJUSTMENT.",
            )
        )
    return rules


def month_to_come_rules(begun: int, figures: Sequence[str]) -> list[Rule]:
    """A warning on what was done in months that have not begun; `begun` is the last that has, 13 where the year is over."""
    named = [name for name in ("actual_price", "actual_activity") if name in figures]
    if begun >= 13 or not named:
        return []
    done = " OR ".join(f"coalesce({name}, 0) <> 0" for name in named)
    message = "The month had not begun when the file was sent, but the row says what was done in it. Check month and year."
    return [Rule("month is still to come", WARNING, "month", f"month > {begun} AND ({done})", message)]
