"""Figures of the policy workbench: what a policy gives each system, who gains and who loses, on whom it falls, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from finance import queries
from finance.calculations import policy as trying
from finance.calculations.convergence import ImpossiblePace, Pace, check_knots, pace_of_change
from finance.charts import policies as charts
from finance.figures.allocation import SOURCE, allocation_sources, finance_stamp, named, read_shares, spend_of_areas, ways_of
from finance.forms.policies import PolicyForm
from finance.tables import policies as tables
from planning.calculations.financial_years import following, years_from
from planning.calculations.homes import HOME_GROUPS
from planning.queries import choices, coverage, reference
from presentation.amounts import POUND, from_pounds, plain
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed

LIMITS = {"floor": "On the floor", "cap": "At the cap", "": "Between floor and cap"}
FIFTHS = {1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived"}


@dataclass(frozen=True)
class Tried:
    """What a policy comes to. `years` has a row for each year and system, `first` one for each system; both are without rows
    where `fault` says why no share can be taken."""

    years: pd.DataFrame
    first: pd.DataFrame
    systems: tuple[str, ...]
    spend: pd.DataFrame
    fault: str = ""


def policy_rows(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that a policy starts from."""
    rows = {"position": filters["position"], "year": filters["year"]}
    return {**rows, "programme_of_care": kept} if (kept := queries.kept_programmes(filters["leave_out_programme"])) else rows


def _mapped(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    """Spend mapped to populations, without the programmes of care that are left out."""
    return trying.without_programmes(read["mapped"], queries.programmes_of_services(), filters["leave_out_programme"])


def pace_of(filters: Mapping[str, Any]) -> Pace:
    """Raises: ValueError: the policy contradicts itself."""
    knots = tuple(tuple(float(Decimal(v) / 100) for v in knot.split()) for knot in filters["knots"].split("; ") if knot)
    check_knots(knots)
    return Pace(knots, float(filters["floor"] / 100), float(filters["cap"] / 100))


def _quanta(filters: Mapping[str, Any], baseline: int) -> dict[str, int]:
    years = years_from(following(filters["year"]), filters["years"])
    given = filters.get("quantum")
    # To the penny: six decimals of a million are a pound.
    first = None if given is None else from_pounds(given * 1_000_000)
    return trying.quanta_of_years(baseline, years, growth=float(filters["growth"] / 100), first=first)


@shared
def read_policy(reader: Any, filters: Mapping[str, Any]) -> Tried:
    """What a policy comes to. Raises: ValueError: it contradicts itself, or cannot give its quantum away."""
    pace = pace_of(filters)
    read = read_shares(reader, {"position": filters["position"], "year": filters["year"]})
    mapped = _mapped(read, filters)
    weight = float(filters["need_weight"] / 100)
    ways = ways_of(read, mapped, leave_out=filters["leave_out_system"], need_weight=weight)
    way = ways[filters["way"]]
    spend, areas = spend_of_areas(mapped), way.areas
    empty = Tried(pd.DataFrame(), pd.DataFrame(), tuple(ways["baselines"]), spend, way.fault)
    if way.fault:
        return empty
    if unpaid := [a for a, b in zip(areas["area"], areas["baseline"], strict=True) if b <= 0]:
        return Tried(**{**vars(empty), "fault": f"Nothing was paid for the people of: {', '.join(unpaid)}."})
    quanta = _quanta(filters, int(areas["baseline"].sum()))
    years = pace_of_change(areas[["area", "target_share", "baseline"]], quanta=quanta, pace=pace)
    years = years.merge(areas[["area", "population"]], on="area", how="left", validate="many_to_one")
    first = trying.winners_and_losers(years[years["year"] == next(iter(quanta))].reset_index(drop=True))
    return Tried(years, first, tuple(ways["baselines"]), spend)


class TriedPolicyForm(PolicyForm):
    """A policy that is worked out as it is checked, so that what cannot hold is said beside the field that says it.

    `remedy` is the nearest value that can hold: the field and its value.
    """

    remedy: tuple[str, Decimal] | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or not cleaned.get("year"):
            return cleaned
        self.worked_out = dict(cleaned)
        try:
            read_policy(self.reader, cleaned)
        except ImpossiblePace as fault:
            self.remedy = (fault.constraint, Decimal(str(round(fault.rate_that_holds * 100, 3))))
            self.add_error(fault.constraint, str(fault))
        except ValueError as fault:
            self.add_error("knots" if "knot" in str(fault).lower() else "floor", str(fault))
        return cleaned

    @property
    def remedy_said(self) -> str:
        return f"a {self.remedy[0]} of {plain(self.remedy[1])}%".replace("-", "\u2212") if self.remedy else ""

    @property
    def remedy_query(self) -> str:
        """The address of the same policy with the nearest floor or cap that can hold."""
        if not self.remedy:
            return ""
        self.cleaned_data = {**self.worked_out, self.remedy[0]: self.remedy[1]}
        return self.query_string()


def _names(codes: pd.Series) -> list[str]:
    return named(codes, choices.system_names())


def read_systems(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    tried = read_policy(reader, filters) if filters["year"] else NOTHING
    people = queries.people_of_systems(reader, policy_rows(filters))
    return {"tried": tried, "people": people.set_index("home_system")["people"], "reader": reader}


NOTHING = Tried(pd.DataFrame(), pd.DataFrame(), (), pd.DataFrame(), "Nothing is published yet.")


def _without_rows(tried: Tried, columns: list[str]) -> pd.DataFrame:
    """A row for each system with nothing known of it, so that what is missing is said of whom."""
    frame = pd.DataFrame({name: pd.array([pd.NA] * len(tried.systems), dtype="Int64") for name in columns})
    return frame.assign(system=list(tried.systems), system_name=_names(pd.Series(tried.systems, dtype=object)), fault=tried.fault)


def policy_workbench(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    tried = read["tried"]
    if tried.fault:
        columns = tables.column_names(tables.PolicyTable) + tables.column_names(tables.PolicyGainsTable)
        return _without_rows(tried, columns).assign(first_year="", last_year="", is_total=False)
    last = tried.years[tried.years["year"] == tried.years["year"].iloc[-1]].set_index("area")["closing_distance"]
    rows = tried.first.rename(columns={"area": "system"})
    rows = rows.assign(
        system_name=_names(rows["system"]),
        last_distance=rows["system"].map(last),
        limit_words=rows["limit"].map(LIMITS),
        population_units=rows["population"] * POUND,
        people=rows["system"].map(read["people"]),
        fault="",
        is_total=False,
    )
    total = {name: rows[name].sum() for name in ("population", "population_units", "baseline", "alike", "allocation", "gain")}
    whole = {"system_name": "All of these", "system": "", "limit_words": "", "fault": "", "is_total": True}
    shares = {"target_share": 1.0, "target": total["allocation"], "distance_money": 0}
    growth = {"growth": total["allocation"] / total["baseline"] - 1, "change": total["allocation"] - total["baseline"]}
    distances = dict.fromkeys(("opening_distance", "closing_distance", "last_distance"), 0.0)
    last_row = pd.DataFrame([{**total, **whole, **shares, **growth, **distances}])
    frame = pd.concat([rows, last_row], ignore_index=True).astype(dict.fromkeys(tables.MONEY, "int64"))
    years = tried.years["year"]
    return frame.assign(first_year=years.iloc[0], last_year=years.iloc[-1], people=frame["people"].astype("Int64"))


def policy_gains(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    frame = policy_workbench(read, filters)
    return frame[~frame["is_total"].astype(bool)].sort_values("gain", ascending=False, ignore_index=True)


def policy_years(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    tried = read["tried"]
    if tried.fault:
        return _without_rows(tried, tables.column_names(tables.PolicyYearsTable)).assign(year="")
    rows = tried.years.rename(columns={"area": "system"})
    return rows.assign(
        system_name=_names(rows["system"]),
        limit_words=rows["limit"].map(LIMITS),
        people=rows["system"].map(read["people"]).astype("Int64"),
        fault="",
    )


def policy_fifths(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    tried = read["tried"]
    rows = trying.by_deprivation_fifth(tried.first, _places(tried)) if len(tried.first) else pd.DataFrame()
    if rows.empty:
        columns = [*tables.column_names(tables.PolicyFifthsTable), "fault"]
        return pd.DataFrame(columns=columns).assign(fault=tried.fault)
    # Of everybody whose money is shared out: a fifth has no count of its own.
    behind = read["people"].reindex(list(tried.systems)).sum(min_count=1)
    return rows.assign(
        fifth_words=rows["fifth"].map(FIFTHS),
        population_units=rows["people"] * POUND,
        residents=rows["people"],
        people=pd.array([behind] * len(rows), dtype="Int64"),
        first_year=tried.years["year"].iloc[0],
    )


def _places(tried: Tried) -> pd.DataFrame:
    """Parts of places in the systems, with their residents; those without a score or residents are left out."""
    populations = reference.place_populations()
    newest = populations[populations["year"] == populations["year"].max()].groupby("place")["population"].sum()
    rows = reference.place_systems().rename(columns={"system": "area"})
    rows = rows[rows["area"].isin(tried.systems)]
    scores = reference.place_lookup().set_index("code")["imd_2019"]
    rows = rows.assign(people=rows["place"].map(newest) * rows["share"], imd=rows["place"].map(scores))
    return rows.dropna(subset=["people", "imd"])


def policy_providers(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    tried = read["tried"]
    if tried.fault:
        return pd.DataFrame(columns=[*tables.column_names(tables.PolicyProvidersTable)])
    rows = trying.by_provider(tried.first, tried.spend)
    hosts = read["hosts"].set_index("provider")["system"]
    return rows.assign(
        provider_name=named(rows["provider"], choices.provider_names()),
        host_name=named(rows["provider"].map(hosts).fillna(""), {**choices.system_names(), **HOME_GROUPS}),
        people=rows["provider"].map(read["provider_people"]).astype("Int64"),
        first_year=tried.years["year"].iloc[0],
    )


def read_providers(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    read = read_systems(reader, filters)
    people = queries.people_of_providers(reader, policy_rows(filters), read["tried"].systems)
    return {**read, "hosts": coverage.provider_systems(), "provider_people": people.set_index("provider")["people"]}


def policy_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield "Shares are of these systems, not of England. Baselines are of delegated services with the providers loaded."
    if "fault" in frame:
        yield from (f"No share can be taken. {fault}" for fault in sorted({f for f in frame["fault"].dropna() if f}))
    yield (
        f"Growth = balancing growth + convergence at the opening distance, between a floor of {plain(filters['floor'])}% and a "
        f"cap of {plain(filters['cap'])}%.".replace("of -", "of \u2212")
    )
    left_out = named(pd.Series(filters["leave_out_programme"], dtype=object), dict(choices.programme_choices()))
    left_out += _names(pd.Series(filters["leave_out_system"], dtype=object))
    if left_out:
        yield f"Left out: {listed(left_out)}."


def gains_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield "A gain is the allocation less what growth alike for all would give of the same quantum; gains add up to £0."


def fifths_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield "As if each system spent its gain evenly on its residents, who are put in fifths by the deprivation of their place."


def providers_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield "As if each system's money went to the providers that it goes to now. It is not for the funding of providers or sites."


def _policy_figure(**options: Any) -> Figure:
    common = {"form": TriedPolicyForm, "query": read_systems, "stamp": finance_stamp, "source": SOURCE, "rows": policy_rows}
    return register(Figure(**{**common, "sources": policy_sources, "url_name": "finance:policy_workbench", **options}))


def policy_sources(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [*allocation_sources(filters), *queries.rate_sources(["pace", "growth"])]


POLICY_WORKBENCH = _policy_figure(
    name="policy_workbench",
    heading="Distance from target under the policy",
    calculation=policy_workbench,
    table=tables.PolicyTable,
    chart=charts.distance_chart,
    note=policy_notes,
)
POLICY_GAINS = _policy_figure(
    name="policy_gains",
    heading="Who gains and who loses",
    calculation=policy_gains,
    table=tables.PolicyGainsTable,
    chart=charts.gains_chart,
    note=gains_notes,
)
POLICY_YEARS = _policy_figure(
    name="policy_years",
    heading="Year by year",
    calculation=policy_years,
    table=tables.PolicyYearsTable,
    chart=charts.years_chart,
)
POLICY_FIFTHS = _policy_figure(
    name="policy_fifths",
    heading="By fifth of deprivation",
    calculation=policy_fifths,
    table=tables.PolicyFifthsTable,
    chart=charts.fifths_chart,
    note=fifths_notes,
)
POLICY_PROVIDERS = _policy_figure(
    name="policy_providers",
    heading="At whose providers it is felt",
    query=read_providers,
    calculation=policy_providers,
    table=tables.PolicyProvidersTable,
    chart=charts.providers_chart,
    note=providers_notes,
)


def policy_sentence(results: Mapping[str, Any]) -> str:
    """Who gains and who loses, and how near the target everybody comes."""
    titles = dict.fromkeys(results[name].title for name in ("policy_gains", "policy_workbench"))
    return " ".join(f"{title}." for title in titles)
