"""Patients and patient-level sets through the intake: counted once, held against ACM, never shown, and for whom."""

import json
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from accounts.queries import command_line_user
from accounts.reading import Reader
from planning.actions import publish_extracts, withdraw_extract
from planning.figures.patient_sets import state_of
from planning.models import Extract
from planning.queries import latest_position
from planning.queries.lines import lines, slices_behind
from planning.queries.patient_sets import patient_counts, set_prices
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def patient(number: int) -> str:
    return f"{number:064x}"


def send(layout, *rows):
    extract = check(content=layout_bytes(layout, list(rows)), layout=layout)
    assert extract.state == "checked", extract.reason
    publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
    return extract


def of(layout, *patients, **cells):
    return [layout_row(layout, patient_pseudonym="" if p is None else patient(p), **cells) for p in patients]


def counted(by=("provider", "year"), **filters) -> dict:
    frame = patient_counts({"position": latest_position(), "specialised": "only", **filters}, by)
    return {tuple(row[b] for b in by): (row["patients"], row["unknown_rows"]) for row in frame.to_dict("records")}


def shown(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(user=None, mode=mode), filters, page=False)


def test_a_patient_is_counted_once_across_the_three_sets():
    send("plcm", *of("plcm", 1, 2, 2, None))
    send("drplcm", *of("drplcm", 2, 3))
    send("deplcm", *of("deplcm", 1, 3))
    assert counted() == {("RJ1", "2025/26"): (3, 1)}


def test_patients_are_counted_by_service_and_home():
    other = {"service_code": "NCBPS01C"}
    send("plcm", *of("plcm", 1, 2), *of("plcm", 1, **other), *of("plcm", 4, practice_responsibility="36L", practice=""))
    by_home = counted(["provider", "home_system"])
    assert by_home == {("RJ1", "QKK"): (2, 0), ("RJ1", "QWE"): (1, 0)}
    by_service = counted(["provider", "service"])
    assert sorted(number for number, _ in by_service.values()) == [1, 3]


def test_a_restatement_replaces_patients_and_a_withdrawal_brings_them_back():
    send("plcm", *of("plcm", 1, 2, 3))
    restated = send("plcm", *of("plcm", 1))
    assert counted() == {("RJ1", "2025/26"): (1, 0)}
    withdraw_extract(by=command_line_user(), extract=restated, reason="Too few")
    assert counted() == {("RJ1", "2025/26"): (3, 0)}
    older = {"position": 2, "specialised": "only"}
    assert patient_counts(older, ["provider"])["patients"].tolist() == [1]


def test_a_set_without_pseudonyms_counts_nobody_and_still_has_its_money():
    content = layout_bytes("plcm").replace(b"PATIENT PSEUDONYM", b"SOMETHING ELSE")
    extract = check(content=content, layout="plcm")
    publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
    assert counted() == {("RJ1", "2025/26"): (0, 1)}
    assert set_prices({"position": latest_position()}, ["provider"])["set_price"].tolist() == [500_000]


def test_few_patients_are_hidden_from_everybody_and_others_rounded():
    send("plcm", *of("plcm", *range(7)), *of("plcm", *range(20, 32), practice_responsibility="36L", practice=""))
    for mode in Mode:
        frame = shown("patients", mode).frame
        numbers = dict(zip(frame["home_system"], map(str, frame["patients"]), strict=True))
        assert numbers == {"QKK": "*", "QWE": "10"}


def test_pseudonyms_are_in_no_figure_and_no_export():
    send("plcm", *of("plcm", *range(1, 10)))
    said = StringIO()
    for name in ("patients", "set_coverage", "set_reconciliation"):
        call_command("export", name, format="json", stdout=said, stderr=StringIO())
        result = shown(name)
        said.write(str(result.frame.to_dict()) + str(result.notes))
    assert patient(9) not in said.getvalue()
    assert "pseudonym" not in said.getvalue().lower()


def test_coverage_stands_beside_patients_and_says_where_some_are_missing():
    publish([acm_row(actual_price="100.00")])
    send("plcm", *of("plcm", *range(10), actual_price="9.00"))
    result = shown("patients")
    assert result.frame["ratio"].tolist() == [0.9]
    assert any(note.startswith("Less than complete: ") for note in result.notes)
    [(_, cells), *_] = result.table.shown_rows()
    assert "0.90" in [text for _, text in cells]


def _whole(amount) -> int | None:
    return None if pd.isna(amount) else int(amount) // 10_000


def test_the_sets_are_held_against_acm_by_provider_service_point_and_month():
    rows = [acm_row(), acm_row(month=2, point_of_delivery="DRUG"), acm_row(point_of_delivery="BLOCK", actual_price="1000.00")]
    publish([*rows, acm_row(service_category="12", service_code="99999999")])
    send("plcm", *of("plcm", 1, actual_price="150.00"), *of("plcm", 2, 3, service_category="12", service_code="99999999"))
    send("drplcm", *of("drplcm", 1, month=2, actual_price="300.00"))
    lines = shown("set_reconciliation").frame.to_dict("records")
    keys = ("service_code", "point_of_delivery", "period")
    found = {tuple(line[k] for k in keys): (_whole(line["difference"]), line["state"]) for line in lines}
    assert found == {
        ("NCBPS13B", "EL", "April 2025"): (0, "Complete"),
        ("NCBPS13B", "DRUG", "May 2025"): (150, "More than ACM"),
        ("NCBPS13B", "BLOCK", "April 2025"): (None, "No patients behind it"),
        ("99999999", "EL", "April 2025"): (-50, "Patients missing"),
    }
    assert [_whole(line["other_price"]) for line in lines if line["point_of_delivery"] == "BLOCK"] == [1000]
    # Those furthest from ACM first, what no patient is behind last, and other care apart.
    assert [line["point_of_delivery"] for line in lines] == ["DRUG", "EL", "BLOCK", "EL"]
    assert [line["care"] for line in lines] == ["Specialised care"] * 3 + ["Other care"]
    months = shown("set_coverage").frame
    assert {r["period"]: round(r["ratio"], 4) for r in months.to_dict("records")} == {"April 2025": 0.8333, "May 2025": 2.0}


def test_other_care_stands_after_all_specialised_care_and_is_in_the_total():
    """The largest difference of all is other care, and is no first thing to look at."""
    other = {"service_category": "12", "service_code": "99999999"}
    publish([acm_row(actual_price="10.00"), acm_row(month=2, actual_price="20.00"), acm_row(**other, actual_price="90000.00")])
    send("plcm", *of("plcm", 1, actual_price="9.00"))
    result = shown("set_reconciliation")
    assert [(line["care"], _whole(line["difference"])) for line in result.frame.to_dict("records")] == [
        ("Specialised care", -20),
        ("Specialised care", -1),
        ("Other care", -90_000),
    ]
    assert (result.total["acm_price"], result.total["difference"]) == (900_300_000, -900_210_000)
    assert result.notes[0] == "Specialised care stands first. Other care (code 99999999) follows it; the total is of both."
    assert "Specialised care stands first" not in str(shown("set_coverage").notes)


def test_money_of_the_figures_is_that_of_acm_and_of_the_sets():
    publish([acm_row(), acm_row(month=3)])
    send("plcm", *of("plcm", 1, 2))
    result = shown("set_reconciliation")
    assert result.total["acm_price"] == 3_000_000
    assert result.total["set_price"] == 1_000_000


def test_without_any_set_figures_are_empty_and_say_so():
    publish([acm_row()])
    for name in ("patients", "set_coverage", "set_reconciliation"):
        assert shown(name).frame.empty
    assert shown("set_coverage").title == "No patient-level set is published for what is chosen"


@pytest.mark.parametrize(
    ("ratio", "difference", "state"),
    [
        (1.0, 0, "Complete"), (0.996, -4, "Complete"), (0.99, -10, "Patients missing"), (2.0, 5, "More than ACM"),
        (None, 0, "Complete"), (None, 7, "More than ACM"), (None, -7, "Patients missing"),
    ],
)  # fmt: skip
def test_what_a_ratio_means_in_a_word(ratio, difference, state):
    assert state_of(ratio, difference) == state


def test_the_page_is_for_those_who_see_extracts_and_says_the_most_important_first(client, person):
    publish([acm_row()])
    send("plcm", *of("plcm", *range(8), actual_price="15.00"))
    client.force_login(person(Role.PROGRAMME_TEAM))
    page = client.get(reverse("planning:patient_sets")).content.decode()
    assert "hold 0.80 of their ACM (1.00 is complete)" in page
    assert "Patients are missing in some months of Guy&#x27;s and St Thomas" in page
    client.force_login(person(Role.BOARD_MEMBER))
    assert client.get(reverse("planning:patient_sets")).status_code == 404
    exported = client.get(reverse("accounts:figure_json", args=["patients"]))
    assert exported.status_code == 200
    assert json.loads(exported.content)["mode"] == "outside"


def test_the_page_without_sets_says_what_to_send(client, person):
    publish([acm_row()])
    client.force_login(person(Role.FINANCE_LEAD, "RJ1"))
    page = client.get(reverse("planning:patient_sets")).content.decode()
    assert "No patient-level set is published" in page
    assert "minimise_extract" in page


def behind(name, **filters) -> dict[str, int]:
    """Layouts of the extracts behind a figure, with how many of their rows."""
    figure, result = figure_named(name), shown(name, **filters)
    asked = figure.rows(result.filters)
    found = [(Extract.objects.get(pk=row["extract"])) for row in slices_behind(asked)]
    return {extract.layout: lines(extract, asked, commissioners=None).total for extract in found}


def test_rows_behind_the_figures_are_those_of_the_sets_and_of_acm():
    publish([acm_row(), acm_row(month=2)])
    send("plcm", *of("plcm", 1, 2, 3))
    send("drplcm", *of("drplcm", 1, month=2))
    assert behind("patients") == {"plcm": 3, "drplcm": 1}
    assert behind("set_reconciliation") == behind("set_coverage") == {"acm": 2, "plcm": 3, "drplcm": 1}
    assert behind("patients", to_month="1") == {"plcm": 3}
    assert behind("flow_dashboard") == {"acm": 2}


def test_rows_of_a_restated_set_are_no_longer_behind():
    first = send("plcm", *of("plcm", 1, 2))
    send("plcm", *of("plcm", 1, 2, 3))
    assert behind("patients") == {"plcm": 3}
    older = behind("patients", position="1")
    assert older == {"plcm": 2}
    assert first.accepted == 2
