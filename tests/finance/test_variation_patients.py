"""Patients of areas through the intake: counted once at each trust, by place and by programme, and what the sets cover."""

import pytest

from accounts.queries import command_line_user
from finance.calculations.area_spend import area_spend
from finance.queries import variation as reads
from planning.actions import publish_extracts
from planning.queries import latest_position
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PARTS = ("spend", "blocks", "sets", "patients", "people", "sent")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def patients(layout: str, *numbers, **cells):
    rows = [layout_row(layout, patient_pseudonym="" if n is None else f"{n:064x}", site="", **cells) for n in numbers]
    extract = check(content=layout_bytes(layout, rows), layout=layout)
    assert extract.state == "checked", extract.reason
    publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")


def acm(provider: str, pounds: str, **cells) -> list[dict]:
    return [acm_row(provider=provider, site="", actual_price=pounds, **cells)]


def found(grouping: str):
    filters = {"position": latest_position(), "year": "2025/26", "level": "system"}
    read = reads.spend_of_areas(None, filters, grouping)
    return area_spend({"QKK": 1000.0}, **{name: read[name] for name in PARTS}).set_index("group")


def test_patients_and_what_the_sets_hold_stand_beside_spend_at_the_trusts_that_sent_them():
    publish(acm("RJ1", "400.00"), acm("RJZ", "900.00"))
    patients("plcm", 1, 2, 2, None)
    patients("drplcm", 2, 3)
    row = found(reads.EVERYTHING).loc[reads.EVERYTHING]
    assert row["patients"] == 3  # once across the sets; the row without a pseudonym is nobody
    assert row["spend"] == 1300 * 10_000
    assert row["known_spend"] == 400 * 10_000  # of the trust that sent sets alone
    assert row["set_spend"] == (4 * 50 + 2 * 20) * 10_000
    assert row["expected_spend"] == row["spend"]


def test_a_patient_of_two_programmes_is_one_of_each_and_one_of_all():
    rows = [*acm("RJ1", "400.00"), *acm("RJ1", "100.00", service_code="NCBPS01C")]
    publish(rows)
    patients("plcm", 1, 2)
    patients("drplcm", 1, service_code="NCBPS01C")
    assert found(reads.EVERYTHING).loc[reads.EVERYTHING, "patients"] == 2
    by_programme = found("programme_of_care")
    assert sorted(by_programme["patients"]) == [1, 2]
    assert by_programme["spend"].sum() == 500 * 10_000


def test_before_any_set_has_come_patients_are_not_nought_but_missing():
    publish(acm("RJ1", "400.00"))
    assert found("service")["patients"].isna().all()
