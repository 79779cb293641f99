"""What a position changed, in words and as tables."""

from dataclasses import dataclass

import pandas as pd

from planning.calculations.changes import differences_by_provider, what_became
from planning.calculations.financial_years import months_in_words
from planning.queries.choices import provider_names
from planning.queries.position_changes import own_slices, slices_changed
from planning.tables.positions import ChangedSlicesTable, DifferencesTable
from presentation.amounts import money, money_exact
from presentation.wording import listed, number_of

# Money is that of one layout; the others supply patients and plans, and are never added to it.
MONEY_LAYOUT = "acm"
LAYOUTS = {"acm": "Activity and price", "iap": "Plan", "plcm": "Patients", "drplcm": "Drugs", "deplcm": "Devices"}
OF_MONEY_ALONE = ". The total is of activity and price alone"
MOST_SAID = 6


@dataclass(frozen=True)
class PositionChanges:
    """`slices` is missing for whoever sees no slices one by one; `others` counts those of other organisations."""

    sentence: str
    providers: DifferencesTable
    slices: ChangedSlicesTable | None
    others: int


def differences_said(position) -> list[str]:
    """The difference in actual price of each provider, the greatest first, and what else changed."""
    found = differences_by_provider(slices_changed(position))
    names = provider_names()
    of_money = found[found["layout"] == MONEY_LAYOUT].groupby("provider")["actual_price_difference"].sum()
    order = sorted(of_money.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    said = [f"{names.get(code, code)}: {_more_or_less(int(difference))}" for code, difference in order]
    others = found[found["layout"] != MONEY_LAYOUT].groupby("layout")["slices"].sum()
    said += [f"{LAYOUTS[layout]}: {number_of(int(number), 'slice')}" for layout, number in others.items()]
    return said if len(said) <= MOST_SAID else [*said[: MOST_SAID - 1], f"and {len(said) - MOST_SAID + 1} more"]


def _more_or_less(difference: int) -> str:
    return f"{money(abs(difference))} {'more' if difference > 0 else 'less'}" if difference else "no change"


def position_changes(user, position, page: str | None = None) -> PositionChanges:
    """The page of one position, as one person sees it."""
    changed = slices_changed(position)
    own = own_slices(user, changed)
    found = differences_by_provider(changed)
    table = None
    if own is not None:
        table = _slices_table(own)
        table.show_page(page)
    others = 0 if own is None else len(changed) - len(own)
    return PositionChanges(position_sentence(found, what_became(changed)), _providers_table(found), table, others)


def position_sentence(found: pd.DataFrame, became: list[str]) -> str:
    """What the position changed, said in one or two sentences."""
    if not became:
        return "No slice is taken from another extract than before."
    counted = [(word, became.count(word)) for word in ("New", "Changed", "Same money", "Emptied", "Marked") if word in became]
    words = {"New": "new", "Changed": "changed", "Same money": "restated with the same money", "Emptied": "left empty"}
    words["Marked"] = "marked anew"
    slices = listed([f"{number_of(number, 'slice')} {'is' if number == 1 else 'are'} {words[word]}" for word, number in counted])
    own = found[found["layout"] == MONEY_LAYOUT]
    before, after = int(own["actual_price_before"].sum()), int(own["actual_price_after"].sum())
    if before == after:
        return f"Actual price is the same as before: {slices}."
    more = "more" if after > before else "less"
    return f"Actual price is {money_exact(abs(after - before))} {more} than before: {slices}."


def _providers_table(found: pd.DataFrame) -> DifferencesTable:
    names = provider_names()
    frame = found.assign(
        provider=[names.get(code, code) for code in found["provider"]], what=[LAYOUTS[layout] for layout in found["layout"]]
    )
    frame = frame.sort_values(["provider", "year", "layout"], ignore_index=True)
    own = found[found["layout"] == MONEY_LAYOUT]
    total = {name: int(own[name].sum()) for name in own.columns if name.startswith(("planned_", "actual_"))}
    total["slices"] = int(own["slices"].sum())
    caption = DifferencesTable.Meta.caption + ("" if len(own) == len(found) else OF_MONEY_ALONE)
    return DifferencesTable(frame, total=total, caption=caption, prefix="differences-", orderable=False)


def _slices_table(slices: pd.DataFrame) -> ChangedSlicesTable:
    names = provider_names()
    frame = slices.assign(
        period=[months_in_words(year, [month]) for year, month in zip(slices["year"], slices["month"], strict=True)],
        provider=[
            f"{names.get(code, code)}{'' if layout == MONEY_LAYOUT else f', {LAYOUTS[layout].lower()}'}"
            for code, layout in zip(slices["provider"], slices["layout"], strict=True)
        ],
        became=what_became(slices),
        extracts=[_extracts(row) for row in slices.astype(object).to_dict("records")],
    )
    return ChangedSlicesTable(frame, prefix="slices-", orderable=False)


def _extracts(row: dict) -> str:
    """From which extract to which, with the point they count at: "12 (flex) to 15 (freeze)"."""
    held = [
        f"{int(row[f'extract_{time}'])} ({row[f'reporting_point_{time}']})"
        for time in ("before", "after")
        if not pd.isna(row[f"extract_{time}"])
    ]
    if len(held) == 2:
        return f"{held[0]} to {held[1]}" if held[0] != held[1] else held[0]
    return f"none to {held[0]}" if pd.isna(row["extract_before"]) else f"{held[0]} to none"
