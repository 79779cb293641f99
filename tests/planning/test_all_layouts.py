"""All five layouts together: money and activity are those of ACM, and a plan return helps only where ACM has no plan."""

import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command

from accounts.reading import Reader
from planning.models import ReportingPosition
from planning.queries import coverage_frame, flow_frame, latest_position, position_totals, positions
from planning.queries.lines import lines, slices_behind
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PRICES = ["planned_price", "actual_price"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def publish_layout(layout, *rows):
    from accounts.queries import command_line_user
    from planning.actions import publish_extracts
    from tests.planning.received_extracts import check

    extract = check(content=layout_bytes(layout, rows or None), layout=layout)
    publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
    return extract


def acm(commissioner="72Q", month=1, **cells):
    return acm_row(month=month, commissioner=commissioner, practice_responsibility=commissioner, **cells)


def plan(commissioner="72Q", month=1, price="100", **cells):
    own = {"month": month, "commissioner": commissioner, "practice_responsibility": commissioner, "planned_price": price}
    return layout_row("iap", **own, **cells)


def inside():
    return Reader(user=None, mode=Mode.INSIDE)


def shown() -> tuple[int | None, int | None]:
    """Planned and actual pounds on pages, after checking that the command line says the same."""
    frame = flow_frame(inside(), {"position": latest_position(), "specialised": "all"}, [])
    facts = position_totals(latest_position())[PRICES].sum(min_count=1)
    assert [frame[price][0] for price in PRICES] == [facts[price] for price in PRICES]
    return tuple(None if pd.isna(value) else int(value) // 10_000 for value in facts)


def everything_said(capsys) -> dict:
    """What the command line says of the position, but for its number."""
    call_command("show_position", "--json")
    said = json.loads(capsys.readouterr().out)
    del said["position"]
    for figure in ("flow_dashboard", "spend_by_provider", "specialised_and_other"):
        call_command("export", figure, "--format", "json")
        said[figure] = json.loads(capsys.readouterr().out)["rows"]
    return said


def test_five_layouts_of_one_provider_and_year_add_up_to_acm_alone(capsys):
    rows = [acm(commissioner, month) for month in (1, 2) for commissioner in ("72Q", "36L")]
    publish(rows)
    alone = everything_said(capsys)
    publish_layout("iap", *(plan(commissioner, month, "999") for month in (1, 2) for commissioner in ("72Q", "36L", "92A")))
    publish_layout("plcm", layout_row("plcm"), layout_row("plcm", month=2))
    publish_layout("drplcm")
    publish_layout("deplcm")
    assert ReportingPosition.objects.count() == 5
    assert everything_said(capsys) == alone
    assert shown() == (400, 600)


def test_layouts_that_came_before_acm_give_way_to_it(capsys):
    publish_layout("iap", plan(price="999"))
    publish_layout("plcm")
    assert shown() == (999, None)
    publish([acm()])
    assert shown() == (100, 150)


def test_a_plan_return_stands_in_for_slices_that_acm_states_without_a_plan():
    publish([acm("72Q"), acm("36L", planned_price="", planned_activity="")])
    publish_layout("iap", plan("72Q", price="70"), plan("36L", price="30"))
    assert shown() == (130, 300)


def test_a_plan_return_stands_in_for_months_that_acm_has_not_reached():
    publish([acm(month=1)])
    publish_layout("iap", *(plan(month=month, price="10") for month in (1, 2, 3)))
    assert shown() == (120, 150)


def test_a_commissioner_that_a_whole_acm_of_the_month_does_not_name_is_planned_at_nothing():
    publish([acm("72Q"), acm("92A")])
    publish_layout("iap", plan("72Q"), plan("36L", price="30"))
    assert shown() == (200, 300)


def test_beside_acm_of_one_commissioner_a_plan_return_supplies_the_others():
    publish([acm("72Q")])
    publish_layout("iap", plan("72Q", price="70"), plan("36L", price="30"))
    assert shown() == (130, 150)


def test_a_year_that_nobody_has_reported_is_not_planned_for_yet():
    publish([acm()])
    publish_layout("iap", plan(year="202627"))
    assert shown() == (100, 150)
    assert list(positions.manifest(latest_position()).years) == ["2025/26"]


def test_figures_with_a_plan_say_where_it_comes_from_and_coverage_does_not_count_it():
    publish([acm(month=1)])
    publish_layout("iap", plan(month=1), plan(month=2, price="10"))
    result = run_figure(figure_named("flow_dashboard"), inside(), {}, page=False)
    assert [note for note in result.notes if "IAP" in note] == [
        "Where ACM holds no plan, it is taken from the Indicative Activity Plan (IAP): Guy's and St Thomas' (May 2025)."
    ]
    earlier = run_figure(figure_named("flow_dashboard"), inside(), {"to_month": "1"}, page=False)
    assert not [note for note in earlier.notes if "IAP" in note]
    assert coverage_frame(latest_position())["month"].tolist() == [1]


def test_rows_behind_a_plan_are_those_of_the_plan_return_that_stand_in():
    publish([acm(month=1)])
    returned = publish_layout("iap", plan(month=1), plan(month=2, price="10"))
    filters = {"position": latest_position(), "specialised": "all"}
    behind = {row["extract"]: row["months"] for row in slices_behind(filters)}
    assert behind[returned.pk] == [2]
    found = lines(returned, filters, commissioners=None)
    assert (found.total, found.planned_price) == (1, 10)


def test_rows_of_patients_are_shown_without_their_pseudonyms():
    extract = publish_layout("plcm", layout_row("plcm", patient_pseudonym="a" * 64))
    found = lines(extract, {"specialised": "all"}, commissioners=None)
    assert found.total == 1
    assert "PATIENT PSEUDONYM" not in found.headings
    assert "a" * 64 not in str(found.rows)


def test_restating_a_plan_changes_no_older_position():
    publish([acm(month=1)])
    publish_layout("iap", plan(month=2, price="10"))
    publish_layout("iap", plan(month=2, price="20"))
    totals = [int(position_totals(number)["planned_price"].sum()) // 10_000 for number in (1, 2, 3)]
    assert totals == [100, 110, 120]


def test_a_file_of_another_layout_is_told_by_its_headings():
    from tests.planning.received_extracts import receive

    extract = receive(content=acm_bytes(), layout="plcm")
    assert extract.state == "refused"
    assert "Aggregate Contract Monitoring" in extract.reason
