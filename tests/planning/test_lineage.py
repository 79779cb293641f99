"""From every figure of the registry to the rows behind it, or to the reference data and their source, in three clicks."""

import csv
import io
import random
import re
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent, Role
from planning.models import Extract
from planning.queries.lines import lines, slices_behind
from planning.queries.patient_sets import set_prices
from presentation.figure import RestsOn, all_figures, figure_named
from presentation.row_files import MOST_IN_WORKBOOK
from presentation.run import run_figure
from tests.figures_of_one import needed
from tests.planning import received_extracts
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.readers import Reader

pytestmark = pytest.mark.django_db
NAMES = sorted(f.name for f in all_figures())
READER = Reader()


def rows_of(seed: int, provider: str) -> list[dict]:
    """Every month of a year, of several services and homes, and some other care."""
    chance = random.Random(seed)
    rows = []
    for number in range(48):
        commissioner = chance.choice(["72Q", "36L", "92A"])
        own = {"provider": provider, "site": "", "month": number % 12 + 1, "commissioner": commissioner}
        own |= {"residence_responsibility": commissioner, "practice_responsibility": commissioner}
        own |= {
            "service_code": chance.choice(["NCBPS13B", "NCBPS13A", "NCBPS01C"]),
            "point_of_delivery": chance.choice(["EL", "DC"]),
        }
        rows.append(acm_row(**own, actual_price=chance.randint(1, 10**6) / 100, planned_price=chance.randint(1, 10**6) / 100))
    other = {"provider": provider, "site": "", "service_category": "12", "service_code": "99999999"}
    return [*rows, acm_row(**other, actual_price="5000.00"), acm_row(provider=provider, site="", month="x", actual_price="7.00")]


@pytest.fixture(scope="module")
def position(loaded_reference, tmp_path_factory) -> int:
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")) as _:
        patients = layout_bytes("plcm", [layout_row("plcm", month=month, site="") for month in range(1, 13)])
        received_extracts.publish(None, content=patients, layout="plcm")
        received_extracts.publish(rows_of(1, "RJ1"), rows_of(2, "RJZ"), rows_of(3, "RJ7"))
        received_extracts.publish(rows_of(4, "RJ1"))
        yield 3


def run(name, position, *, page=True, **filters):
    return run_figure(figure_named(name), READER, {**needed(name, position), "position": position, **filters}, page=page)


def behind(filters) -> int:
    """Actual price, in stored units, of the rows that stand behind some filters."""
    found = 0
    for row in slices_behind(filters):
        own = lines(Extract.objects.get(pk=row["extract"]), filters, commissioners=None, number=0)
        found += int((own.actual_price or 0) * 10_000)
    return found


def rows_behind(name, result, **narrower) -> int:
    return behind({**figure_named(name).rows(result.filters), **narrower})


def total(result, column: str) -> int:
    return sum(int(v) for v in result.frame[column].dropna())


def of_flows(name, position):
    """The figure itself holds the money of its rows."""
    result = run(name, position)
    return rows_behind(name, result), total(result, "actual_price")


def of_pairs(name, position):
    """Some of the flows: each of them is the rows of its home and provider."""
    result = run(name, position)
    pairs = result.frame.to_dict("records")
    own = [rows_behind(name, result, provider=[r["provider"]], system=[r["home"]]) for r in pairs]
    return own, [int(r["actual_price"]) for r in pairs]


def of_spend(name, position):
    """What is computed begins from the spend of the same year, to the penny."""
    result = run(name, position)
    spend = run("spend_by_provider", position, year=result.filters["year"])
    return rows_behind(name, result), total(spend, "actual_price")


def of_parts(name, position):
    """The flow beside everything of either end."""
    result = run(name, position)
    return rows_behind(name, result), int(result.frame["actual_price"].iloc[0])


def of_ledger(name, position):
    """What is shared out is what providers were paid."""
    result = run(name, position)
    return rows_behind(name, result), total(run("provider_ledger_check", position, year=result.filters["year"]), "ledger")


def of_spend_and_sets(name, position):
    """The spend of the year beside what the patient-level sets hold of it."""
    result = run(name, position)
    spend = total(run("spend_by_provider", position, year=result.filters["year"]), "actual_price")
    sets = set_prices({"position": position, "year": result.filters["year"]}, ["provider"])["set_price"].sum()
    return rows_behind(name, result), spend + int(sets)


def of_column(column):
    def money(name, position):
        result = run(name, position)
        return rows_behind(name, result), total(result, column)

    return money


def of_changes(name, position):
    result = run(name, position)
    changed = result.frame.to_dict("records")
    own = [rows_behind(name, result, provider=[r["provider"]], year=r["year"]) for r in changed]
    return own, [int(r["after_price"]) for r in changed]


def of_scenario(name, position):
    """The flows of the services that move, in the year that the scenario starts from."""
    result = run(name, position)
    rows = figure_named(name).rows(result.filters)
    flows = run("flow_dashboard", rows["position"], year=rows["year"], service=rows["service"])
    return rows_behind(name, result), total(flows, "actual_price")


def of_networks(name, position):
    result = run(name, position)
    planned = [r for r in result.frame.to_dict("records") if r["actual_price"]]
    flows = [run("network_flows", position, network=r["network"], year=result.filters["year"]) for r in planned]
    assert planned
    return [rows_behind("network_flows", flow) for flow in flows], [int(r["actual_price"]) for r in planned]


def of_known_homes(name, position):
    result = run(name, position)
    return rows_behind(name, result), total(result, "actual_price")


def of_wholes(name, position):
    """Every footprint stands beside the whole flow that it is a part of."""
    result = run(name, position)
    return rows_behind(name, result), int(result.frame["all_price"].dropna().iloc[0])


def of_headlines(name, position):
    """The spend that the page opens with, of the latest year."""
    result = run(name, position)
    spend = result.frame.set_index("key")["amount"]["spend"]
    difference = rows_behind(name, result, year="2025/26") - _planned(result)
    return difference, int(spend)


def _planned(result) -> int:
    found = 0
    for row in slices_behind(result.filters):
        own = lines(Extract.objects.get(pk=row["extract"]), result.filters, commissioners=None, number=0)
        found += int((own.planned_price or 0) * 10_000)
    return found


def of_sets(name, position):
    """Both sides of the reconciliation together, at the providers that have sent a set."""
    result = run(name, position)
    return rows_behind(name, result), total(result, "acm_price") + total(result, "set_price")


def of_patients(name, position):
    """Patients are counted in all rows of specialised care in the sets."""
    result = run(name, position)
    return rows_behind(name, result), int(set_prices(result.filters, ["provider"])["set_price"].sum())


def of_spells(name, position):
    """Catchments rest on the rows of admitted spells, of ACM and of the sets, of every provider."""
    result = run(name, position)
    behind_it = figure_named(name).rows(result.filters)
    spells = run("flow_dashboard", position, year=result.filters["year"], point_of_delivery=behind_it["point_of_delivery"])
    return rows_behind(name, result), total(spells, "actual_price") + int(set_prices(behind_it, ["provider"])["set_price"].sum())


def of_options(name, position):
    """The rows are those of the year that the first option starts from."""
    result = run(name, position)
    ledger = run("provider_ledger_check", position, year=figure_named(name).rows(result.filters)["year"])
    return rows_behind(name, result), total(ledger, "ledger")


# How the rows behind each figure add up to it; a figure that is not here rests on reference data alone.
ADDS_UP = {
    "flow_dashboard": of_flows,
    "flow_matrix": of_flows,
    "flow_top": of_pairs,
    "flow_map": of_flows,
    "flow_measures": of_spend,
    "flow_measures_activity": of_spend,
    "system_measures": of_spend,
    "system_measures_activity": of_spend,
    "footprint_measures": of_spend,
    "footprint_measures_activity": of_spend,
    "provider_measures": of_column("amount"),
    "provider_measures_activity": of_spend,
    "service_measures": of_spend,
    "service_measures_activity": of_spend,
    "flow_trend": of_flows,
    "flow_years": of_flows,
    "flow_services": of_flows,
    "flow_parts": of_parts,
    "spend_by_provider": of_flows,
    "spend_by_system": of_flows,
    "spend_by_programme_of_care": of_flows,
    "affordability": of_spend,
    "shadow_monitoring": of_flows,
    "monitoring_by_provider": of_flows,
    "monitoring_by_month": of_flows,
    "monitoring_by_programme_of_care": of_flows,
    "gap_drivers": of_spend,
    "allocation": of_ledger,
    "allocation_core": of_ledger,
    "allocation_chain": of_ledger,
    **dict.fromkeys(("policy_workbench", "policy_gains", "policy_years", "policy_fifths", "policy_providers"), of_ledger),
    **dict.fromkeys(("policy_options", "policy_options_fifths", "policy_options_providers"), of_options),
    "provider_to_population": of_column("amount"),
    "provider_ledger_check": of_column("ledger"),
    **dict.fromkeys(("service_targets", "service_targets_by_programme"), of_ledger),
    **dict.fromkeys(("variation", "variation_by_programme", "variation_differences"), of_spend_and_sets),
    "patient_origins": of_flows,
    "coverage": of_flows,
    "specialised_and_other": of_column("actual_price_all"),
    "position_changes": of_changes,
    "headlines": of_headlines,
    "network_flows": of_flows,
    "network_footprint": of_known_homes,
    "networks": of_networks,
    "network_comparison": of_wholes,
    "network_delivery": of_flows,
    "footprints": of_flows,
    "footprint_levels": of_flows,
    "service_footprint": of_known_homes,
    "service_footprint_years": of_flows,
    "services": of_flows,
    "service_providers": of_flows,
    "service_spend_per_head": of_flows,
    "service_lines": of_flows,
    "service_status": of_flows,
    "spend_by_year": of_flows,
    "spend_by_month": of_flows,
    "providers": of_flows,
    "provider_services": of_flows,
    "provider_homes": of_flows,
    "provider_coverage": of_flows,
    "provider_sites": of_flows,
    "set_coverage": of_sets,
    "set_reconciliation": of_sets,
    "patients": of_patients,
    **dict.fromkeys(("catchments", "catchment_areas", "catchment_profiles", "catchment", "catchment_ages"), of_spells),
    **dict.fromkeys(("all_admissions_catchments", "origin_comparison", "origin_shares"), of_spells),
    "scenario_years": of_scenario,
    "scenario_organisations": of_scenario,
    "scenario_commissioners": of_scenario,
    "scenario_flows": of_scenario,
    "scenarios_compared": of_scenario,
    **dict.fromkeys(("allocation_round", "round_chain", "round_step", "round_inputs", "round_moved"), of_ledger),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_leads_to_rows_that_add_up_or_to_a_source(position, name):
    figure = figure_named(name)
    if figure.rests_on == RestsOn.REFERENCE:
        sources = list(figure.sources(run(name, position).filters))
        assert sources
        assert all(what and amount and source for what, amount, source in sources)
        assert name not in ADDS_UP
    else:
        of_rows, of_figure = ADDS_UP[name](name, position)
        assert of_rows == of_figure
        assert of_rows


@pytest.mark.parametrize("name", [name for name in NAMES if figure_named(name).rests_on == RestsOn.SLICES])
def test_the_same_at_an_older_position(position, name):
    if name != "position_changes":
        of_rows, of_figure = ADDS_UP[name](name, position - 1)
        assert of_rows == of_figure


def links(page: str, containing: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', page) if containing in unescape(found)]


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_three_clicks_away_with_all_that_tells_where_they_are_from(position, signed_in, programme_team, name):
    client = signed_in(programme_team)
    result = run(name, position)
    page = client.get(f"/figure/{name}/rows/?{result.query_string}").content.decode()
    if figure_named(name).rests_on == RestsOn.REFERENCE:
        assert "Reference data that it rests on" in page
        return
    extract = Extract.objects.get(pk=int(re.search(r"Rows of extract (\d+)", page)[1]))
    assert extract.sha256 in page
    assert extract.file_name in page
    rows = links(page, f"/extracts/{extract.pk}/rows/")
    shown = client.get(rows[0]).content.decode()
    for said in (extract.sha256, extract.file_name, str(extract.uploaded_by), "Row in the file"):
        assert said in shown
    assert links(shown, f"/figure/{name}/rows/")


def test_a_page_has_the_first_click(position, signed_in, programme_team):
    page = signed_in(programme_team).get("/flows/?position=2").content.decode()
    [first, *_] = links(page, "/figure/flow_dashboard/rows/")
    assert "position=2" in first


def pieces(response) -> bytes:
    return b"".join(response.streaming_content)


def test_rows_are_exported_as_they_are_on_the_page(position, signed_in, programme_team):
    client, extract = signed_in(programme_team), Extract.objects.latest("pk")
    address = f"/extracts/{extract.pk}/rows"
    query = "figure=flow_dashboard&year=2025/26&position=3"
    found = lines(extract, run("flow_dashboard", 3).filters, commissioners=None)
    table = list(csv.reader(io.StringIO(pieces(client.get(f"{address}.csv?{query}")).decode("utf-8-sig"))))
    assert table[0] == [*found.headings, "Extract", "File", "Illustrative data"]
    assert [row[: len(found.headings)] for row in table[1:]] == [
        ["" if cell is None else str(cell) for cell in row] for row in found.rows
    ]
    assert {tuple(row[-3:]) for row in table[1:]} == {(str(extract.pk), "acm.csv", "No")}
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx?{query}").content))
    sheet = book.get_sheet_by_name("Rows").to_python()
    assert sheet[0] == list(found.headings)
    assert [int(row[0]) for row in sheet[1:]] == [row[0] for row in found.rows]
    cover = dict(row[:2] for row in book.get_sheet_by_name("Cover").to_python()[1:])
    assert cover["SHA-256 of the file"] == extract.sha256
    assert cover["Position"] == "3"


def test_an_export_is_audited_with_its_rows(position, signed_in, programme_team):
    extract = Extract.objects.latest("pk")
    pieces(signed_in(programme_team).get(f"/extracts/{extract.pk}/rows.csv"))
    [event] = AuditEvent.objects.filter(by=programme_team)
    assert (event.action, event.about, event.detail["rows"]) == ("exported rows", f"Extract {extract.pk}", 49)


def test_a_systems_lead_takes_only_their_own_rows(position, signed_in, system_lead):
    extract = Extract.objects.latest("pk")
    text = pieces(signed_in(system_lead).get(f"/extracts/{extract.pk}/rows.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"] for row in rows} == {"72Q"}


def test_others_take_none(position, signed_in, person, board_member):
    extract = Extract.objects.latest("pk")
    for user in (board_member, person(Role.FINANCE_LEAD, "RAX")):
        for ending in ("csv", "xlsx"):
            assert signed_in(user).get(f"/extracts/{extract.pk}/rows.{ending}").status_code == 404


def test_too_many_rows_for_a_workbook_are_refused_in_words(position, signed_in, programme_team, monkeypatch):
    monkeypatch.setattr("planning.views.rows.MOST_IN_WORKBOOK", 10)
    client, extract = signed_in(programme_team), Extract.objects.latest("pk")
    response = client.get(f"/extracts/{extract.pk}/rows.xlsx")
    assert response.status_code == 400
    assert "49 rows" in response.content.decode()
    assert "too many for Excel" in client.get(f"/extracts/{extract.pk}/rows/").content.decode()
    assert MOST_IN_WORKBOOK < 1_048_576


@pytest.mark.parametrize("query", ["figure=no_such_figure", "figure=flow_dashboard&position=99", "position=99", "figure=<b>"])
def test_hostile_or_wrong_questions_are_answered_in_words(position, signed_in, programme_team, query):
    client, extract = signed_in(programme_team), Extract.objects.latest("pk")
    for ending in ("/", ".csv", ".xlsx"):
        response = client.get(f"/extracts/{extract.pk}/rows{ending}?{query}")
        assert response.status_code in (200, 400, 404)
        assert b"<b>" not in b"".join(response)
