"""Figures of services: the list, and one service's providers, spend a head, line codes and delegation."""

from functools import partial
from typing import Any

import pandas as pd

from planning.calculations.financial_years import first_day
from planning.calculations.homes import HOME_GROUPS
from planning.figures.flows import position_stamp
from planning.queries import choices, coverage, flows, geography, positions, reference
from planning.queries.sources import sources_of
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import number_of
from programme.calculations.spend_over_time import growth, with_plan
from programme.calculations.spend_per_head import spend_per_head, system_populations
from programme.charts import service as charts
from programme.figures.spend_over_time import compared_words, every_year
from programme.forms import ServiceForm, ServicesForm
from programme.queries import service as reads
from programme.tables import service as tables

SOURCE = "Aggregate Contract Monitoring (ACM)"
NO_SERVICE = "Codes of no listed service"
NOT_SUBMITTED = "Not known: its own trusts have not submitted"


def read_services(reader, filters):
    """What every service cost in the year, and in each year loaded."""
    return {
        "totals": flows.flow_frame(reader, filters, ["service"]),
        "years": flows.flow_frame(reader, every_year(filters), ["service", "year"]),
        "services": reads.all_services(),
        "statuses": reads.statuses_of_services(filters["year"]),
        "full_years": reads.full_years(filters["position"]),
    }


def services(read, filters):
    """Each service that is looked for, those without any activity too."""
    listed = _looked_for(read["services"], read["statuses"], filters)
    if not _is_narrowed(filters) and (read["totals"]["service"] == "").any():
        unlisted = {"service": "", "service_name": NO_SERVICE, "programme_name": "", "status": reads.NO_STATUS}
        listed = pd.concat([listed, pd.DataFrame([unlisted])], ignore_index=True)
    rows = listed.merge(read["totals"], on="service", how="left", validate="one_to_one")
    grown = growth(read["years"], by="service", measure="actual_price", full_years=read["full_years"], year=filters["year"])
    rows = with_plan(rows).merge(grown, on="service", how="left", validate="one_to_one")
    rows["before"] = rows["before"].astype("Int64")
    rows = rows.drop(columns=["search", "in_manual", "programme_of_care"])
    return rows.sort_values(["actual_price", "service"], ascending=[False, True], na_position="last", ignore_index=True)


def _is_narrowed(filters) -> bool:
    return bool(filters.get("search") or filters.get("status") or filters.get("programme_of_care"))


def _looked_for(rows: pd.DataFrame, statuses, filters) -> pd.DataFrame:
    rows = rows.assign(status=[statuses.get(code, reads.NO_STATUS) for code in rows["service"]])
    for word in str(filters.get("search") or "").casefold().split():
        rows = rows[rows["search"].str.contains(word, regex=False)]
    if filters.get("status"):
        rows = rows[rows["status"] == filters["status"]]
    if filters.get("programme_of_care"):
        rows = rows[rows["programme_of_care"].isin(filters["programme_of_care"])]
    return rows


def services_rows(filters):
    """The rows of the services that are looked for."""
    if not _is_narrowed(filters):
        return filters
    found = _looked_for(reads.all_services(), reads.statuses_of_services(filters["year"]), filters)
    # No service is called that: where none is found no row stands behind.
    return {**filters, "service": found["service"].tolist() or ["NONE"]}


def services_notes(frame, filters):
    yield "Delegation is by the list of the year, or the nearest where a year has none. Mixed: line codes differ."
    yield from compared_words(filters)


def read_providers(reader, filters):
    return {
        "totals": flows.flow_frame(reader, filters, ["provider"]),
        "years": reads.in_full_years(flows.flow_frame(reader, every_year(filters), ["provider", "year"]), filters["position"]),
        "full_years": reads.full_years(filters["position"]),
        "names": choices.provider_names(),
        "hosts": coverage.provider_systems().set_index("provider")["system"].to_dict(),
        "systems": choices.system_names(),
    }


def providers_of_service(read, filters):
    """Each provider with its share of the service."""
    grown = growth(read["years"], by="provider", measure="actual_price", full_years=read["full_years"], year=filters["year"])
    rows = with_plan(read["totals"]).merge(grown, on="provider", how="left", validate="one_to_one")
    rows["provider_name"] = [read["names"].get(code, code) for code in rows["provider"]]
    rows["system_name"] = [read["systems"].get(read["hosts"].get(code, ""), "") for code in rows["provider"]]
    rows = rows.drop(columns=["before", "growth_share", "growth_from"])
    return rows.sort_values(["actual_price", "provider"], ascending=[False, True], na_position="last", ignore_index=True)


def read_per_head(reader, filters):
    """Spend on each system's people, and how many they are."""
    year = filters["year"]
    today = filters.get("geography") == "today" and filters.get("position") is not None
    day = positions.reporting_position(filters["position"]).made_at.date() if today else first_day(year)
    places = reference.place_lookup().rename(columns={"code": "place", "registered_population": "registered"})
    residents = reference.place_populations()
    latest = residents[residents["year"] == residents["year"].max()].groupby("place")["population"].sum()
    places["resident"] = places["place"].map(latest)
    which = filters.get("population") or "registered"
    return {
        "spend": flows.flow_frame(reader, filters, ["home_system"]).rename(columns={"home_system": "system"}),
        "places": places[["place", which]].rename(columns={which: "population"}),
        "shares": reference.place_systems(),
        "became": geography.systems_today(day),
        "whole": coverage.systems_with_own_trusts(filters),
        "names": choices.system_names(),
    }


def per_head(read, filters):
    populations = system_populations(read["places"], read["shares"], became=read["became"])
    whole = {read["became"].get(system, system) for system in read["whole"]}
    spend = _with_those_without(read["spend"][~read["spend"]["system"].isin(list(HOME_GROUPS))], whole)
    rows = spend_per_head(spend[["system", "actual_price", "people"]], populations=populations, whole=whole)
    rows["system_name"] = [read["names"].get(code, code) for code in rows["system"]]
    rows["own_trusts"] = rows["is_whole"].map({True: "All loaded", False: NOT_SUBMITTED})
    return rows


def _with_those_without(spend, whole):
    """The rows, and nought for whole systems without any: all of their trusts are in, and their people are peers too."""
    others = sorted(whole - set(spend["system"])) if len(spend) else []
    nought = pd.DataFrame({"system": others, "actual_price": 0, "people": 0})
    return pd.concat([spend, nought.astype({"actual_price": "Int64", "people": "Int64"})], ignore_index=True)


def per_head_notes(frame, filters):
    registered = filters.get("population") == "registered"
    which = "registered with practices (2025/26 allocations)" if registered else "resident (mid-year estimate)"
    yield f"People are those {which}, added up from places. Spend is at loaded providers; it is not adjusted for age or need."
    yield "Peers are all other systems whose own trusts are loaded, taken together. Elsewhere people’s own trusts are not in."
    if len(frame) and int(frame["is_whole"].sum()) < len(frame):
        yield f"Not known for {number_of(int((~frame['is_whole']).sum()), 'system')}: not all of their own trusts have submitted."


def per_head_sources(filters):
    return sources_of("places") if filters.get("population") == "registered" else sources_of("places", "place_populations")


def read_lines(reader, filters):
    """The line codes of a service with what each cost."""
    years = [filters["year"]]
    return {
        "codes": reads.line_codes(filters["service"][0]),
        "totals": flows.flow_frame(reader, filters, ["service_code"]),
        "statuses": reference.service_status(years),
    }


def lines(read, filters):
    rows = read["codes"].merge(read["totals"], on="service_code", how="left", validate="one_to_one")
    statuses = read["statuses"][["service_code", "status", "list_year", "as_if"]]
    rows = with_plan(rows).merge(statuses, on="service_code", how="left", validate="one_to_one")
    rows = _in_words(rows)
    return rows.sort_values(["actual_price", "service_code"], ascending=[False, True], na_position="last", ignore_index=True)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Statuses in words, and by which year's list."""
    words = [f"{y}, as if delegated then" if a is True else str(y) for y, a in zip(rows["list_year"], rows["as_if"], strict=True)]
    return rows.assign(
        status=rows["status"].map(reads.STATUS_WORDS).fillna(reads.NO_STATUS),
        list_words=[word if pd.notna(year) else "" for word, year in zip(words, rows["list_year"], strict=True)],
    ).drop(columns=["list_year", "as_if"])


def read_status(reader, filters):
    years = list(positions.manifest(filters["position"]).years)
    return {
        "codes": reads.line_codes(filters["service"][0]),
        "totals": flows.flow_frame(reader, every_year(filters), ["year", "service_code"]),
        "statuses": reference.service_status(years) if years else None,
        "years": years,
    }


def status_by_year(read, filters):
    """Of each year loaded: how many codes have each status, and what they cost."""
    columns = ["year", "status", "codes", "list_words", "actual_price", "people"]
    if read["statuses"] is None:
        return pd.DataFrame(columns=columns)
    pairs = read["codes"][["service_code"]].merge(pd.DataFrame({"year": read["years"]}), how="cross")
    rows = pairs.merge(read["statuses"], on=["year", "service_code"], how="left", validate="one_to_one")
    rows = rows.merge(read["totals"], on=["year", "service_code"], how="left", validate="one_to_one")
    rows = _in_words(rows)
    groups = rows.groupby(["year", "status", "list_words"], as_index=False)
    result = groups[["actual_price", "people"]].sum(min_count=1).astype({"actual_price": "Int64", "people": "Int64"})
    result = result.merge(groups["service_code"].size().rename(columns={"size": "codes"}), on=["year", "status", "list_words"])
    order = list(reads.STATUS_WORDS.values())
    rank = [order.index(word) if word in order else len(order) for word in result["status"]]
    result = result.assign(rank=rank).sort_values(["year", "rank"], ascending=[False, True], ignore_index=True)
    return result[columns]


def status_title(frame, filters):
    """What the codes are in the year chosen."""
    own = frame[frame["year"] == filters["year"]] if len(frame) else frame
    if own.empty:
        return "No line codes of this service are known"
    said = [f"{int(n)} {word.lower()}" for n, word in zip(numeric(own["codes"]), own["status"], strict=True)]
    many = int(numeric(own["codes"]).sum())
    if len(said) == 1:
        only = own["status"].iloc[0].lower()
        return f"{'Its one line code is' if many == 1 else f'All {many} line codes are'} {only} in {filters['year']}"
    return f"Of {many} line codes in {filters['year']}, {', '.join(said)}"


def status_notes(frame, filters):
    yield "A year without a list of its own takes the nearest one’s: “as if delegated then”."


def status_sources(filters):
    return sources_of("service_statuses")


def _service_figure(**options: Any) -> Figure:
    common = {"form": ServiceForm, "stamp": position_stamp, "source": SOURCE, "url_name": "programme:services"}
    return register(Figure(**{**common, **options}))


SERVICES = _service_figure(
    name="services",
    heading="Services",
    form=ServicesForm,
    rows=services_rows,
    sources=status_sources,
    query=read_services,
    calculation=services,
    table=tables.ServicesTable,
    chart=partial(charts.shares_chart, label="service_name", of="what is listed", noun="service"),
    note=services_notes,
)
SERVICE_PROVIDERS = _service_figure(
    name="service_providers",
    heading="Who provides it",
    query=read_providers,
    calculation=providers_of_service,
    table=tables.ServiceProvidersTable,
    chart=partial(charts.shares_chart, label="provider_name", of="the service", noun="provider"),
)
SERVICE_SPEND_PER_HEAD = _service_figure(
    name="service_spend_per_head",
    heading="Spend a head of each system, beside its peers",
    sources=per_head_sources,
    query=read_per_head,
    calculation=per_head,
    table=tables.SpendPerHeadTable,
    chart=charts.per_head_chart,
    note=per_head_notes,
)
SERVICE_LINES = _service_figure(
    name="service_lines",
    heading="Line codes",
    sources=status_sources,
    query=read_lines,
    calculation=lines,
    table=tables.ServiceLinesTable,
)
SERVICE_STATUS = _service_figure(
    name="service_status",
    heading="Delegation by year",
    rows=every_year,
    sources=status_sources,
    query=read_status,
    calculation=status_by_year,
    title=status_title,
    table=tables.ServiceStatusTable,
    note=status_notes,
)
