"""The comparison before publishing: what moves, what is confirmed and bound to it, and the reason for a large change."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from planning.figures.comparisons import compared_now, comparison_of
from planning.models import LargeChange, ReportingPosition
from planning.queries.comparisons import compared_sums, ordinary_change
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OTHER = {"commissioner": "36L", "practice_responsibility": "36L", "residence_responsibility": "36L"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(signed_in, finance_lead):
    return signed_in(finance_lead)


def page_of(client, extract) -> str:
    return html.unescape(client.get(f"/extracts/{extract.pk}/").content.decode())


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form to publish."""
    form = page[page.index("/publish/") :]
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', form) for name in ("seen", "compared")}
    return {name: match[1] for name, match in found.items() if match}


def send(client, extract, **fields):
    return client.post(f"/extracts/{extract.pk}/publish/", {"reason": "June", "confirmed": "on", **fields}, follow=True)


def compare(extract):
    return comparison_of(extract, timezone.localdate())


def test_slices_are_counted_by_what_happens_to_them_with_their_money():
    publish([acm_row(), acm_row(month=2), acm_row(month=3), acm_row(month=4, **OTHER), acm_row(month=3, **OTHER)])
    extract = check([acm_row(actual_price="160"), acm_row(**OTHER), acm_row(month=2), acm_row(month=3)])
    rows = {r["what"]: (r["number"], r["before"], r["after"], r["difference"]) for r in compare(extract).statuses.data.data}
    p = 1_500_000
    assert rows == {
        "New": (1, 0, p, p),
        "Changed": (1, p, 1_600_000, 100_000),
        "The same money": (2, 2 * p, 2 * p, 0),
        "Left empty": (1, p, 0, -p),
        "Not covered by the file: stays": (1, p, p, 0),
    }


def test_activity_is_compared_by_unit_and_never_added_across(client):
    outpatient = {"point_of_delivery": "OPFASPCL", "tariff": ""}
    publish([acm_row(), acm_row(**outpatient, actual_activity="7")])
    extract = check([acm_row(actual_activity="5"), acm_row(**outpatient, actual_activity="9")])
    found = {r["unit"]: (r["actual_activity_before"], r["actual_activity_after"]) for r in compare(extract).activity.data.data}
    assert found == {"Admitted spells": (3_000, 5_000), "Attendances": (7_000, 9_000)}


def test_the_services_that_move_most_come_first_and_at_most_ten():
    codes = ["NCBPS01C", "NCBPS13B", "NCBPS10Z"]
    publish([acm_row(service_code=code, actual_price="100") for code in codes])
    prices = dict(zip(codes, ("90", "300", "100"), strict=True))
    extract = check([acm_row(service_code=code, actual_price=price) for code, price in prices.items()])
    rows = compare(extract).services.data.data
    assert [row["name"][-9:-1] for row in rows] == ["NCBPS13B", "NCBPS01C"]
    assert [row["difference"] for row in rows] == [2_000_000, -100_000]


def test_totals_of_the_provider_and_of_systems_are_before_and_after():
    publish([acm_row(), acm_row(month=2), acm_row(**OTHER)])
    extract = check([acm_row(actual_price="170"), acm_row(**OTHER)])
    rows = {r["name"]: (r["before"], r["after"], r["difference"]) for r in compare(extract).totals.data.data}
    assert rows.pop(next(name for name in rows if name.endswith("2025/26"))) == (4_500_000, 4_700_000, 200_000)
    assert rows["Home: South East London"] == (3_000_000, 3_200_000, 200_000)
    assert rows["Home: South West London"] == (1_500_000, 1_500_000, 0)


def test_compared_sums_add_up_to_the_slices():
    publish([acm_row(), acm_row(month=2), acm_row(month=12)])
    extract = check([acm_row(actual_price="1.23"), acm_row(month=3)])
    sums = compared_sums(extract)
    assert sums["actual_price_after"].sum() == sum(actual for *_, actual in extract.slices)
    assert sums["actual_price_before"].sum() == 2 * 1_500_000


def test_what_is_confirmed_is_said_in_money_and_published(client):
    publish([acm_row()])
    extract = check([acm_row(actual_price="151.50")])
    page = page_of(client, extract)
    assert "for April 2025 goes from £150.00 to £151.50, £1.50 more" in page
    assert set(hidden(page)) == {"seen", "compared"}
    assert "Position 2 is published" in send(client, extract, **hidden(page)).content.decode()
    assert "Confirm that you have read" not in page


def test_a_confirmation_of_what_has_moved_since_publishes_nothing_and_shows_what_is_now(client):
    publish([acm_row()])
    extract = check([acm_row(actual_price="151.50")])
    read = hidden(page_of(client, extract))
    publish([acm_row(actual_price="152.00")])
    page = html.unescape(send(client, extract, **read).content.decode())
    assert "What is published has changed since you opened this page" in page
    assert "goes from £152.00 to £151.50, £0.50 less" in page
    assert ReportingPosition.objects.count() == 2
    assert hidden(page)["compared"] == compared_now(extract) != read["compared"]
    assert "Position 3 is published" in send(client, extract, **hidden(page)).content.decode()


def test_a_publication_between_comparison_and_lock_is_seen_too(client):
    publish([acm_row()])
    extract = check([acm_row(actual_price="151.50")])
    read = hidden(page_of(client, extract))
    publish([acm_row()])
    assert read["compared"] == compared_now(extract)
    send(client, extract, **read)
    assert ReportingPosition.objects.count() == 2


def test_a_large_change_asks_for_a_reason_that_stands_beside_the_position(client):
    publish([acm_row(actual_price="150000")])
    extract = check([acm_row(actual_price="270000")])
    page = page_of(client, extract)
    assert "What is published already would go up by £120k, 80.0% of it" in page
    assert "A change of more than £1,000,000, or of more than 5% and £100,000, asks for a reason by default." in page
    refused = send(client, extract, **hidden(page)).content.decode()
    assert "Enter why the change is so large" in refused
    assert ReportingPosition.objects.count() == 1
    send(client, extract, **hidden(page), large_reason="Coding was late.")
    assert ReportingPosition.objects.latest("made_at").reason == "June. Large change: Coding was late."


@pytest.mark.parametrize(("reason", "said"), [("June", "June."), ("June.", "June."), ("Right now!", "Right now!")])
def test_the_two_reasons_are_two_sentences(client, reason, said):
    publish([acm_row(actual_price="150000")])
    extract = check([acm_row(actual_price="270000")])
    send(client, extract, **hidden(page_of(client, extract)), reason=reason, large_reason="Coding was late")
    assert ReportingPosition.objects.latest("made_at").reason == f"{said} Large change: Coding was late"


def test_the_threshold_is_the_programmes_own_from_its_day_on(client):
    today = timezone.localdate()
    assert ordinary_change(today).is_default
    LargeChange.objects.create(valid_from=today, pounds=10_000_000, percent=50, source="Board")
    LargeChange.objects.create(valid_from=today + timedelta(days=1), pounds=1, percent=0, least_pounds=0, source="Board")
    publish([acm_row()])
    extract = check([acm_row(actual_price="200.00")])
    assert compare(extract).large == ""
    assert "more than £10,000,000, or of more than 50% and £100,000, asks for a reason in this programme" in page_of(
        client, extract
    )
    said = comparison_of(extract, today + timedelta(days=1)).large
    assert said.startswith("What is published already would go up by £50, 33.3% of it.")


def test_what_is_new_is_never_large():
    extract = check([acm_row(actual_price="90000000")])
    assert compare(extract).large == ""


def test_every_slice_can_be_taken_away_as_a_file(client):
    publish([acm_row(), acm_row(month=2, **OTHER)])
    extract = check([acm_row(actual_price="160"), acm_row(**OTHER), acm_row(month=2)])
    text = client.get(f"/extracts/{extract.pk}/changes.csv").getvalue().decode("utf-8-sig")
    lines = [(r["Month"], r["Commissioner"], r["What happens"]) for r in csv.DictReader(io.StringIO(text))]
    assert lines == [
        ("April 2025", "36L", "New"),
        ("April 2025", "72Q", "Changed"),
        ("May 2025", "36L", "Left empty"),
        ("May 2025", "72Q", "New"),
    ]
    assert client.get(f"/extracts/{extract.pk}/changes.xlsx").getvalue()[:2] == b"PK"
    send(client, extract, **hidden(page_of(client, extract)), large_reason="x")
    assert client.get(f"/extracts/{extract.pk}/changes.csv").status_code == 404
