"""Figures of providers: the list, and one provider's services, homes, extracts and sites."""

from functools import partial
from typing import Any

import pandas as pd
from django.utils import timezone

from planning.calculations.contract import ratio
from planning.figures import calendar
from planning.figures.flows import position_stamp
from planning.queries import calendar as calendar_reads
from planning.queries import choices, flows, positions
from planning.queries.sources import sources_of
from presentation.figure import Figure, register
from presentation.wording import number_of
from programme.calculations.overview import coverage_by_month
from programme.calculations.spend_over_time import growth, with_plan
from programme.charts import service as charts
from programme.figures.service import NO_SERVICE, SOURCE
from programme.figures.spend_over_time import compared_words, every_year
from programme.forms import ProviderForm, ProvidersForm
from programme.queries import provider as reads
from programme.queries.service import NO_STATUS, full_years, in_full_years, statuses_of_services
from programme.tables import provider as tables

NO_SITE = "Site not stated"


def read_providers(reader, filters):
    return {
        "totals": flows.flow_frame(reader, filters, ["provider"]),
        "years": in_full_years(flows.flow_frame(reader, every_year(filters), ["provider", "year"]), filters["position"]),
        "providers": reads.all_providers(),
        "loaded": reads.loaded_providers(filters["position"]),
        "full_years": full_years(filters["position"]),
    }


def providers(read, filters):
    """Each provider that is looked for, those without any extract too."""
    rows = _looked_for(read["providers"], filters)
    states = {True: "Loaded", False: "Not expected"}
    rows["loaded"] = [
        "Expected" if expected and code not in read["loaded"] else states[code in read["loaded"]]
        for code, expected in zip(rows["provider"], rows["in_scope"], strict=True)
    ]
    rows = with_plan(rows.merge(read["totals"], on="provider", how="left", validate="one_to_one"))
    grown = growth(read["years"], by="provider", measure="actual_price", full_years=read["full_years"], year=filters["year"])
    rows = rows.merge(grown, on="provider", how="left", validate="one_to_one")
    rows = rows.drop(columns=["search", "short_name", "system", "in_scope", "before", "growth_from"])
    return rows.sort_values(["actual_price", "provider_name"], ascending=[False, True], na_position="last", ignore_index=True)


def _looked_for(rows: pd.DataFrame, filters) -> pd.DataFrame:
    for word in str(filters.get("search") or "").casefold().split():
        rows = rows[rows["search"].str.contains(word, regex=False)]
    return rows.reset_index(drop=True)


def providers_rows(filters):
    """The rows of the providers that are looked for."""
    if not filters.get("search"):
        return filters
    # No provider is called that: where none is found no row stands behind.
    return {**filters, "provider": _looked_for(reads.all_providers(), filters)["provider"].tolist() or ["NONE"]}


def providers_notes(frame, filters):
    yield "Expected: the programme expects its extracts and none is in the position."
    yield from compared_words(filters)


def read_services(reader, filters):
    return {
        "totals": flows.flow_frame(reader, filters, ["service"]),
        "years": flows.flow_frame(reader, every_year(filters), ["service", "year"]),
        "everywhere": flows.flow_frame(reader, {**filters, "provider": []}, ["service"]),
        "names": {**dict(choices.service_choices()), "": NO_SERVICE},
        "statuses": statuses_of_services(filters["year"]),
        "full_years": full_years(filters["position"], filters["provider"]),
    }


def services_of_provider(read, filters):
    """Each service with its share of the provider, and the provider's share of it."""
    rows = with_plan(read["totals"])
    everywhere = read["everywhere"].set_index("service")["actual_price"]
    rows["service_price"] = rows["service"].map(everywhere).astype("Int64")
    rows["service_share"] = ratio(rows["actual_price"], rows["service_price"])
    grown = growth(read["years"], by="service", measure="actual_price", full_years=read["full_years"], year=filters["year"])
    rows = rows.merge(grown[["service", "change_share"]], on="service", how="left", validate="one_to_one")
    rows["service_name"] = [read["names"].get(code, code) for code in rows["service"]]
    rows["status"] = [read["statuses"].get(code, NO_STATUS) for code in rows["service"]]
    return rows.sort_values(["actual_price", "service"], ascending=[False, True], na_position="last", ignore_index=True)


def read_homes(reader, filters):
    return {"totals": flows.flow_frame(reader, filters, ["home_system"]), "names": choices.home_names()}


def homes_of_provider(read, filters):
    """Each home with how much of the provider's work it is; homes not known are a row of their own."""
    rows = with_plan(read["totals"])
    rows["home_name"] = [read["names"].get(code, code) for code in rows["home_system"]]
    return rows.sort_values(["actual_price", "home_system"], ascending=[False, True], na_position="last", ignore_index=True)


def homes_notes(frame, filters):
    yield "Dependency: the home’s share of all that the provider does. Homes not known are a row of their own."


def read_coverage(reader, filters):
    """What each year of the position holds of the provider, against its dates."""
    today = timezone.localdate()
    years = sorted(positions.manifest(filters["position"]).years, reverse=True)
    return {
        "sent": [calendar_reads.sent_of(filters["position"], year, today) for year in years],
        "spend": flows.flow_frame(reader, {**every_year(filters), "specialised": "all"}, ["year"]),
        "names": choices.provider_names(),
    }


def coverage_of_provider(read, filters):
    """Which months of each year are in, at which point."""
    parts = [pd.DataFrame(columns=["year"])]
    for found in read["sent"]:
        states = calendar.states_of(filters["provider"], found)
        states = states[states["provider"].isin(filters["provider"])]
        rows = coverage_by_month(states, found.held, providers=read["names"])
        parts.append(rows.assign(year=found.year, overdue=calendar.overdue_of(states, found.year)))
    rows = pd.concat(parts[1:] or parts, ignore_index=True)
    rows = rows.merge(read["spend"][["year", "actual_price", "people"]], on="year", how="left", validate="many_to_one")
    return rows.drop(columns=["provider", "provider_name"], errors="ignore")


def coverage_title(frame, filters):
    """How many of the months are in."""
    if frame.empty:
        return "Nothing is loaded"
    months, expected = int(frame["months_in"].sum()), int(frame["months_expected"].sum())
    years = number_of(len(frame), "year")
    if not expected:
        return f"No month of {years} is due yet"
    if months == expected:
        return f"All {months} months of {years} are in" if months > 1 else f"The one month due of {years} is in"
    return f"{months or 'None'} of {number_of(expected, 'month')} of {years} {'is' if months == 1 else 'are'} in"


def rows_of_all_care(filters):
    return {**every_year(filters), "specialised": "all"}


def read_sites(reader, filters):
    return {
        "totals": flows.flow_frame(reader, filters, ["site"]),
        "sites": reads.sites_of(filters["provider"][0]),
    }


def sites_of_provider(read, filters):
    """Sites with what extracts state of them; those without a code cannot be told apart in extracts."""
    sites, totals = read["sites"], read["totals"]
    coded = sites[sites["site"] != ""]
    rows = coded.merge(totals, on="site", how="outer", validate="one_to_one")
    rows = pd.concat([rows, sites[sites["site"] == ""].drop(columns="site")], ignore_index=True)
    rows = with_plan(rows.astype(dict.fromkeys([c for c in totals.columns if c != "site"], "Int64")))
    named = zip(rows["site_name"], rows["site"], strict=True)
    rows["site_name"] = [name if pd.notna(name) else (f"Site {code}" if code else NO_SITE) for name, code in named]
    return rows.sort_values(["actual_price", "site_name"], ascending=[False, True], na_position="last", ignore_index=True)


def sites_notes(frame, filters):
    yield "Extracts state the site of treatment for care given, and none for payments: those are “Site not stated”."


def site_sources(filters):
    return sources_of("sites")


def _provider_figure(**options: Any) -> Figure:
    common = {"form": ProviderForm, "stamp": position_stamp, "source": SOURCE, "url_name": "programme:providers"}
    return register(Figure(**{**common, **options}))


PROVIDERS = _provider_figure(
    name="providers",
    heading="Providers",
    form=ProvidersForm,
    rows=providers_rows,
    query=read_providers,
    calculation=providers,
    table=tables.ProvidersTable,
    chart=partial(charts.shares_chart, label="provider_name", of="what is listed", noun="provider"),
    note=providers_notes,
)
PROVIDER_SERVICES = _provider_figure(
    name="provider_services",
    heading="Its services",
    query=read_services,
    calculation=services_of_provider,
    table=tables.ProviderServicesTable,
    chart=partial(charts.shares_chart, label="service_name", of="its specialised care", noun="service"),
)
PROVIDER_HOMES = _provider_figure(
    name="provider_homes",
    heading="Where its patients live",
    query=read_homes,
    calculation=homes_of_provider,
    table=tables.ProviderHomesTable,
    chart=partial(charts.shares_chart, label="home_name", of="its specialised care", noun="home"),
    note=homes_notes,
)
PROVIDER_COVERAGE = _provider_figure(
    name="provider_coverage",
    heading="What of it is loaded",
    rows=rows_of_all_care,
    query=read_coverage,
    calculation=coverage_of_provider,
    title=coverage_title,
    table=tables.ProviderCoverageTable,
)
PROVIDER_SITES = _provider_figure(
    name="provider_sites",
    heading="Its sites",
    sources=site_sources,
    query=read_sites,
    calculation=sites_of_provider,
    table=tables.ProviderSitesTable,
    note=sites_notes,
)
