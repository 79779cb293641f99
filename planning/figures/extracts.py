"""What publishing an extract would change, in words and as tables."""

from dataclasses import dataclass

import pandas as pd

from planning.calculations.changes import changes_by_month, changes_by_status
from planning.calculations.financial_years import months_in_words
from planning.queries.choices import provider_names
from planning.queries.comparisons import price_of
from planning.queries.extracts import comparison, comparison_without, effects_of_publishing
from planning.tables.extracts import ChangesTable, SlicesTable
from presentation.amounts import money, money_exact
from presentation.wording import listed, number_of

NOTHING = {"number": 0, "before": 0, "after": 0, "difference": 0}


@dataclass(frozen=True)
class Changes:
    """`emptied` are slices that would have no rows any more, `stays` what the extract does not cover."""

    sentence: str
    months: ChangesTable
    emptied: SlicesTable | None
    emptied_words: str
    stays_words: str
    effects: list[str]


@dataclass(frozen=True)
class Rows:
    """Rows that came to the same end, with their prices in stored units."""

    what: str
    number: int
    planned_price: int | None
    actual_price: int | None


# What a file beside the ACM counts for.
SETS = ("It counts patients, and is held against the ACM. Its money is in no total: that comes from the ACM alone.",)
COUNTS_FOR = {
    "iap": ("Its plan counts where the ACM of the same month and commissioner has none.",),
    **dict.fromkeys(("plcm", "drplcm", "deplcm"), SETS),
}
OUTCOMES = {
    "accepted": "Accepted",
    "rejected": "Rejected: something in the row is wrong",
    "blank": "Left out: blank rows",
    "headings": "Left out: rows that repeat or explain the headings",
    "total": "Left out: total rows",
    "plan": "Left out: plan rows",
    "summary": "Left out: summary rows",
}


def outcomes_of(extract) -> list[Rows]:
    """What became of the rows, and all of them at the end. Accepted rows have the sums that are published."""
    found = {one["outcome"]: one for one in extract.outcomes}
    prices = ("planned_price", "actual_price")
    rows = [
        Rows(words, found[kind]["rows"], *(found[kind][price] for price in prices))
        for kind, words in OUTCOMES.items()
        if kind in found
    ]
    if not rows:
        return []
    sums = [[amount for row in rows if (amount := getattr(row, price)) is not None] for price in prices]
    return [*rows, Rows("Rows in the file", extract.rows, *(sum(known) if known else None for known in sums))]


def changes_of(extract) -> Changes:
    slices, price = comparison([extract]), price_of(extract)
    found = changes_by_status(slices, price)
    emptied = slices[slices["status"] == "emptied"]
    return Changes(
        sentence=changes_sentence(found, price),
        months=_months_table(slices),
        emptied=_slices_table(emptied) if len(emptied) else None,
        emptied_words=_emptied_words(found.get("emptied", NOTHING), price),
        stays_words=_stays_words(slices[slices["status"] == "stays"], found, price),
        effects=[*COUNTS_FOR.get(extract.layout, ()), *effects_of_publishing([extract])],
    )


def changes_sentence(found: dict[str, dict[str, int]], price: str = "actual_price") -> str:
    """One sentence on the money: what is current now, what would be, and the difference."""
    words = price.replace("_", " ")
    replaced = {status: sums for status, sums in found.items() if status != "stays"}
    before = sum(sums["before"] for sums in replaced.values())
    after = sum(sums["after"] for sums in replaced.values())
    if set(replaced) <= {"new"}:
        return f"Publishing adds {money_exact(after)} of {words}. Nothing is there yet for what the file covers."
    if set(replaced) <= {"same"}:
        return f"Publishing changes no amount: the {money_exact(after)} of {words} stays as it is."
    change = "no more and no less" if after == before else f"{money(abs(after - before))} {'more' if after > before else 'less'}"
    return f"Publishing replaces {money_exact(before)} of {words} by {money_exact(after)}, {change}."


def withdrawal_sentence(extract) -> str:
    """What withdrawing a published extract does to the money, and where what would stand then comes from."""
    slices, price = comparison_without(extract), price_of(extract)
    if slices.empty:
        return "Later extracts have taken the place of all that it held, so withdrawing it changes no amount."
    before, after = (int(slices[f"{price}_{time}"].fillna(0).sum()) for time in ("before", "after"))
    change = "no change" if after == before else f"{money_exact(abs(after - before))} {'more' if after > before else 'less'}"
    emptied = int((slices["status"] == "emptied").sum())
    back = len(slices) - emptied
    ends = [f"{number_of(back, 'slice')} from earlier extracts {'comes' if back == 1 else 'come'} back"] if back else []
    ends += [f"{number_of(emptied, 'slice')} {'is' if emptied == 1 else 'are'} left empty"] if emptied else []
    months = months_in_words(extract.year, sorted(set(slices["month"])))
    return (
        f"Withdrawing takes the {price.replace('_', ' ')} of {provider_names().get(extract.provider, extract.provider)} for "
        f"{months} from {money_exact(before)} to {money_exact(after)}, {change}: {' and '.join(ends)}. "
        "A slice is a month of one commissioner."
    )


def _months_table(slices: pd.DataFrame) -> ChangesTable:
    frame = changes_by_month(slices)
    frame["period"] = [months_in_words(year, [month]) for year, month in zip(frame["year"], frame["month"], strict=True)]
    total = frame.drop(columns=["year", "month", "period"]).sum(min_count=1).to_dict()
    return ChangesTable(frame, total=total, prefix="changes-", orderable=False)


def _slices_table(slices: pd.DataFrame) -> SlicesTable:
    names = provider_names()
    frame = slices.assign(
        period=[months_in_words(year, [month]) for year, month in zip(slices["year"], slices["month"], strict=True)],
        provider=[names.get(code, code) for code in slices["provider"]],
    )
    total = frame[["planned_price_before", "actual_price_before"]].sum(min_count=1).to_dict()
    return SlicesTable(frame, total=total, prefix="emptied-", orderable=False)


def _emptied_words(sums: dict[str, int], price: str) -> str:
    if not sums["number"]:
        return ""
    which = "slice has" if sums["number"] == 1 else "slices have"
    return (
        f"{sums['number']:,} {which} money now and no row in this file. Publishing leaves them empty: "
        f"{money_exact(sums['before'])} of {price.replace('_', ' ')} goes. A slice is a month of one commissioner."
    )


def _stays_words(stays: pd.DataFrame, found: dict[str, dict[str, int]], price: str) -> str:
    """What the extract does not cover: other months, or other commissioners of the provider."""
    if set(found) <= {"new"}:
        return ""
    if stays.empty:
        return "The file covers everything that is published of this provider and year."
    months = listed([months_in_words(year, set(own["month"])) for year, own in stays.groupby("year")])
    commissioners = number_of(stays["commissioner"].nunique(), "commissioner")
    amount = f"{money_exact(found['stays']['before'])} of {price.replace('_', ' ')}"
    return f"Not covered by this file, and staying as it is: {months}, {commissioners}, {amount}."
