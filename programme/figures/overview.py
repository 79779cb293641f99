"""Figures of the Overview that are its own: where patients come from, who has submitted, what changed."""

from typing import Any

from planning.calculations.submission_states import STATES
from planning.figures import calendar
from planning.figures.flows import position_stamp
from presentation.amounts import money
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import MONTH_NAMES, listed, number_of
from programme import queries
from programme.calculations import overview as calculating
from programme.charts import overview as charts
from programme.forms import LatestYearForm, OverviewForm, PositionForm
from programme.tables import overview as tables

SOURCE = "Aggregate Contract Monitoring (ACM)"
URL_NAME = "programme:overview"


def origins(read, filters):
    return calculating.origins(
        read["flows"], homes=read["homes"], providers=read["providers"], own=read["own"], own_name=read["own_name"]
    )


def coverage(read, filters):
    """A row for each provider; what is said of them all stands in every row, as a title has only the frame."""
    found, names = read["sent"], read["providers"]
    states = calendar.states_of(read["expected"], found)
    rows = calculating.coverage_by_month(states, found.held, providers=names)
    rows = rows.merge(read["spend"][["provider", "actual_price", "people"]], on="provider", how="left")
    late = {code: calendar.overdue_of(own, found.year) for code, own in states.groupby("provider")}
    return rows.assign(
        overdue=rows["provider"].map(late),
        said=calendar.standing_said(states, names, found.year, found.dates),
        dates=calendar.dates_said(found.dates, found.year),
        day=f"{found.day:%-d %B %Y}",
    )


def specialised_and_other(read, filters):
    return calculating.specialised_and_other(read["only"], read["other"])


def changes(read, filters):
    return calculating.changes_between(read["before"], read["after"], providers=read["providers"])


def coverage_notes(frame, filters):
    if frame.empty:
        return
    states = frame[[f"m{m}" for m in range(1, 13)]]
    submitted, expected = int(frame["months_in"].sum()), int(frame["months_expected"].sum())
    missing, unsettled = (int((states == STATES[state]).sum().sum()) for state in ("missing", "freeze missing"))
    yield (
        f"As it stood on {frame['day'].iloc[0]}: {submitted} of {expected} months of providers are in and {missing or 'none'} "
        f"missing; {unsettled or 'none'} of those that are in can still change though their freeze date is past."
    )
    if said := frame["dates"].iloc[0]:
        yield said
    if absent := [MONTH_NAMES[m - 1] for m in range(1, 13) if (frame[f"m{m}"] == STATES["not due"]).all()]:
        yield f"Not due yet: {absent[0]} to {absent[-1]}." if len(absent) > 1 else f"Not due yet: {absent[0]}."


def period_words(filters) -> str:
    """The year, and to which month where it is not over: "2026/27 to September"."""
    year = filters.get("year") or ""
    last = queries.months_in(filters.get("position"), year)
    return year if last in (0, 12) else f"{year} to {MONTH_NAMES[last - 1]}"


def coverage_title(frame, filters):
    """What is overdue, in the words of the calendar."""
    return "No extracts are expected" if frame.empty else frame["said"].iloc[0]


def changes_title(frame, filters):
    """How much more or less the position holds, and what of it is new."""
    if frame.empty:
        return "Nothing changed since the position before"
    total = numeric(frame["change"]).sum()
    size = f"{money(abs(int(total)))} {'more' if total > 0 else 'less'}" if total else "no more and no less"
    return f"Since the position before, {size}: {changed_words(frame['what'].tolist())}"


def origins_notes(frame, filters):
    yield "Of providers that the own systems host. Elsewhere is every other system, devolved nations, overseas and private."


def whole_notes(frame, filters):
    yield "Of every row accepted, in every year of the position; nothing is rounded, so it can be held against the files."


def change_notes(frame, filters):
    position = queries.published(filters["position"])
    if position is not None:
        yield f"Position {position.number} was published on {position.made_at:%-d %B %Y} by {position.made_by}: {position.reason}"
    yield change_words(frame["what"].tolist())


def change_words(what: list[str]) -> str:
    """How many years of providers are new, restated or withdrawn."""
    if not what:
        return "Nothing changed since the position before."
    return f"{number_of(len(what), 'year of a provider', 'years of providers').capitalize()} changed: {changed_words(what)}."


def changed_words(what: list[str]) -> str:
    return listed([f"{what.count(word)} {word.lower()}" for word in ("New", "Restated", "Withdrawn") if word in what])


def hosted_rows(filters):
    """The rows of providers that the own systems host."""
    return {**filters, "provider": sorted(queries.own_providers()) or ["NONE"]}


def rows_of_all_care(filters):
    """Every accepted row, specialised or not."""
    return {**filters, "specialised": "all"}


def overview_figure(**options: Any) -> Figure:
    return register(Figure(**{"stamp": position_stamp, "source": SOURCE, "url_name": URL_NAME, **options}))


ORIGINS = overview_figure(
    name="patient_origins",
    rows=hosted_rows,
    heading="Where patients come from",
    form=OverviewForm,
    query=queries.read_origins,
    calculation=origins,
    table=tables.OriginsTable,
    chart=charts.origins_chart,
    note=origins_notes,
)
COVERAGE = overview_figure(
    name="coverage",
    rows=rows_of_all_care,
    heading="Who has submitted",
    form=LatestYearForm,
    query=queries.read_coverage,
    calculation=coverage,
    title=coverage_title,
    table=tables.CoverageTable,
    note=coverage_notes,
)
SPECIALISED_AND_OTHER = overview_figure(
    name="specialised_and_other",
    rows=rows_of_all_care,
    heading="Specialised and other care",
    form=PositionForm,
    query=queries.read_specialised_and_other,
    calculation=specialised_and_other,
    table=tables.SpecialisedAndOtherTable,
    note=whole_notes,
)
CHANGES = overview_figure(
    name="position_changes",
    rows=rows_of_all_care,
    heading="What changed since the position before",
    form=PositionForm,
    query=queries.read_changes,
    calculation=changes,
    title=changes_title,
    table=tables.ChangesTable,
    note=change_notes,
)
