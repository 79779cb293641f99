"""This year against last: flows of the months that a provider has in both years, and what is in only one."""

from planning.calculations.financial_years import months_in_words, preceding
from planning.calculations.flow_changes import against_year_before, months_in_both, months_in_one
from planning.queries import choices, flows, positions
from presentation.wording import listed_at_most

MOST_NAMED = 6


def loaded_months(filters):
    """Months of providers in the position that the filters ask for, of every year, the year end among them."""
    frame = positions.coverage_frame(filters.get("position"))
    frame = frame[frame["month"].between(filters.get("from_month") or 1, filters.get("to_month") or 13)]
    if filters.get("provider"):
        frame = frame[frame["provider"].isin(filters["provider"])]
    return frame[["provider", "year", "month"]]


def flows_of_two_years(reader, filters, by):
    """Flows of the year asked for beside those of the same months of the year before."""
    year, groups = filters["year"], [*by, "month"]
    now = flows.flow_frame(reader, filters, groups)
    before = flows.flow_frame(reader, {**filters, "year": preceding(year)}, groups)
    return against_year_before(now, before, months_in_both(loaded_months(filters), year))


def change_notes(filters):
    """Which months are compared, and which are not because only one of the years has them."""
    year = filters["year"]
    both, one = months_in_both(loaded_months(filters), year), months_in_one(loaded_months(filters), year)
    if both.empty:
        yield f"No provider has the same month in both {preceding(year)} and {year}."
    else:
        yield f"Held against the same months of {preceding(year)}, each provider for the months that it has in both years."
        yield "Both years are in today's boundaries of systems, so that a merger is no change."
    names = choices.provider_names()
    own = one.groupby(["year", "provider"])["month"].agg(list).items()
    absent = [f"{names.get(provider, provider)} ({months_in_words(when, months)})" for (when, provider), months in own]
    if absent:
        yield f"Not compared, because only one of the two years has them: {listed_at_most(absent, MOST_NAMED)}."
