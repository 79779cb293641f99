import hashlib
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Role
from planning.actions import (
    cancel_extract,
    check_extract,
    check_extract_by_id,
    publish_extracts,
    put_back_stalled_extracts,
)
from planning.actions import checks as checks_module
from planning.actions.extracts import NO_SPACE
from planning.extracts import checking, line_store
from planning.models import Extract, PatientFlow
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


MESSY = [
    acm_row(month=1, commissioner="72Q", site="a site in words"),
    acm_row(month=3, commissioner="36L", practice_responsibility="36L", actual_price="£1,234.50"),
    acm_row(month=13, actual_price="-1.00", actual_activity=""),
    acm_row(month="x"),
    acm_row(service_code="NCBPS99Z"),
    {},
    {"local_point_of_delivery_description": "Total", "actual_price": "99"},
]


def test_a_checked_extract_says_what_was_in_the_file():
    extract = check(MESSY)
    assert (extract.state, extract.provider, extract.year) == ("checked", "RJ1", "2025/26")
    assert (extract.rows, extract.accepted, extract.rejected, extract.excluded) == (7, 3, 2, 2)
    assert extract.problem_count == extract.problems.count() == 3
    assert (extract.covered_months, extract.first_month, extract.last_month) == ([1, 2, 3, 13], 1, 13)
    assert extract.commissioners == ["36L", "72Q"]
    assert extract.covered_commissioners is None
    assert (extract.attempt, extract.rows_read, extract.phase) == (1, 7, "")
    assert (extract.planned_price, extract.actual_price) == (3_000_000, 1_500_000 + 12_345_000 - 10_000)
    assert extract.slices == [
        [1, "72Q", 1_000_000, 1_500_000],
        [3, "36L", 1_000_000, 12_345_000],
        [13, "72Q", 1_000_000, -10_000],
    ]


def test_totals_are_of_accepted_rows_and_agree_with_the_facts():
    extract = check(MESSY)
    assert extract.totals["activity"] == {"SPELL": 6000}
    assert {month: t["actual_price"] for month, t in extract.totals["by_month"].items()} == {
        "2025/26-01": 1_500_000,
        "2025/26-03": 12_345_000,
        "2025/26-13": -10_000,
    }
    assert extract.totals["by_provider"]["RJ1"]["actual_price"] == sum(extract.facts.values_list("actual_price", flat=True))


def test_facts_hold_home_system_and_missing_stays_missing():
    extract = check(MESSY)
    facts = {f.month: f for f in extract.facts.all()}
    assert (facts[3].home, facts[3].home_system, facts[3].commissioner) == ("36L", "QWE", "36L")
    assert (facts[13].actual_activity, facts[13].actual_mff) == (None, None)


def test_the_read_copy_is_the_facts(media):
    extract = check(MESSY)
    copy = duckdb.read_parquet(str(media / "read_copies" / extract.read_copy)).order("month")
    assert copy.columns == [
        "extract", "year", "month", "provider", "site", "service_code", "service_category", "point_of_delivery",
        "commissioner", "home", "home_system", "home_place", "planned_activity", "planned_price", "planned_mff",
        "actual_activity", "actual_price", "actual_mff",
    ]  # fmt: skip
    names = [name if name != "extract" else "extract_id" for name in copy.columns]
    assert copy.fetchall() == list(extract.facts.order_by("month").values_list(*names))
    assert [str(t) for t in copy.types[:3]] == ["BIGINT", "VARCHAR", "INTEGER"]


def test_files_are_named_by_their_hash_and_rows_with_their_values_by_one_of_both(media):
    def hashed(folder, name):
        return hashlib.sha256((media / folder / name).read_bytes())

    extract = check(MESSY)
    assert extract.read_copy == hashed("read_copies", extract.read_copy).hexdigest() + ".parquet"
    pair = (extract.line_store, extract.line_store.replace(".parquet", ".values.parquet"))
    both = b"".join(hashed("line_store", name).digest() for name in pair)
    assert extract.line_store == hashlib.sha256(both).hexdigest() + ".parquet"


def test_the_working_folder_is_gone_and_the_received_file_when_it_is_published(media, django_capture_on_commit_callbacks):
    extract = check(MESSY)
    assert sorted({path.parent.name for path in media.rglob("*") if path.is_file()}) == ["line_store", "read_copies", "received"]
    with django_capture_on_commit_callbacks(execute=True):
        publish_extracts(by=extract.uploaded_by, extracts=[extract], reason="x")
    assert sorted({path.parent.name for path in media.rglob("*") if path.is_file()}) == ["line_store", "read_copies"]


def test_a_file_without_an_accepted_row_is_refused_and_keeps_its_problems():
    extract = check([acm_row(month="x"), acm_row(month="y")])
    assert (extract.state, extract.rows, extract.rejected) == ("refused", 2, 2)
    assert "No row of the selected file can be accepted" in extract.reason
    assert extract.problems.count() == 2
    assert not extract.facts.exists()


def test_a_file_of_two_years_is_refused():
    extract = check([acm_row(), acm_row(year="202425")])
    assert (extract.state, "Send one file for each financial year" in extract.reason) == ("refused", True)


def test_a_provider_lead_sends_files_of_their_provider_only(person):
    lead = person(Role.FINANCE_LEAD, "RJZ")
    refused = check(by=lead)
    assert refused.state == "refused"
    assert refused.reason == (
        "You can upload files of King's College Hospital NHS Foundation Trust. "
        "The selected file is of Guy's and St Thomas' NHS Foundation Trust."
    )
    assert check([acm_row(provider="RJZ")], by=lead).state == "checked"


def test_a_system_lead_sends_files_of_their_commissioners_only_and_covers_only_those(person):
    lead = person(Role.FINANCE_LEAD, "QKK")
    refused = check([acm_row(), acm_row(commissioner="36L")], by=lead)
    assert (refused.state, "also holds 36L" in refused.reason) == ("refused", True)
    own = check([acm_row()], by=lead)
    assert (own.state, own.organisation, own.covered_commissioners) == ("checked", "QKK", ["72Q"])


def test_a_system_lead_of_several_commissioners_covers_all_of_them(person):
    rows = [acm_row(commissioner="09D"), acm_row(commissioner="70F")]
    extract = check(rows, by=person(Role.FINANCE_LEAD, "QNX"))
    assert {"09D", "70F", "97R"} <= set(extract.covered_commissioners)
    assert not {"72Q", "92A", "14G"} & set(extract.covered_commissioners)


def test_a_hub_in_a_system_leads_file_is_refused(person):
    assert check([acm_row(), acm_row(commissioner="13R")], by=person(Role.FINANCE_LEAD, "QKK")).state == "refused"


def test_the_organisation_of_someone_with_two_is_the_one_the_file_is_of(person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    lead.memberships.create(role=Role.FINANCE_LEAD, organisation="RJZ")
    assert check([acm_row(provider="RJZ")], by=lead).organisation == "RJZ"


def test_a_file_of_one_commissioner_covers_only_them():
    assert check([acm_row()]).covered_commissioners == ["72Q"]
    assert check([acm_row(), acm_row(commissioner="36L", month="x")]).covered_commissioners is None


def test_checking_twice_does_nothing_the_second_time():
    extract = check()
    before = Extract.objects.values().get(pk=extract.pk)
    check_extract(extract=extract)
    check_extract_by_id(extract.pk)
    check_extract_by_id(extract.pk + 1)
    assert Extract.objects.values().get(pk=extract.pk) == before


def test_a_fault_of_ours_fails_the_extract_in_words_and_is_logged(monkeypatch, media, caplog):
    monkeypatch.setattr(checks_module, "insert_rows", lambda *a: 1 / 0)
    extract = check()
    assert (extract.state, extract.reason) == ("failed", checks_module.NOT_CHECKED)
    assert "ZeroDivisionError" in caplog.text
    assert kept(media) == [f"received/{extract.stored_name}"]


def kept(media) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_full_disk_fails_the_extract_and_leaves_what_was_received(monkeypatch, media):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checks_module, "keep", full)
    monkeypatch.setattr(line_store, "keep", full)
    extract = check()
    assert (extract.state, extract.reason) == ("failed", NO_SPACE)
    assert not PatientFlow.objects.exists()
    assert kept(media) == [f"received/{extract.stored_name}"]


def test_a_disk_that_duckdb_finds_full_is_said_as_any_other(monkeypatch, media):
    def full(*args):
        raise duckdb.IOException('IO Error: Could not write file "lines.parquet": No space left on device')

    monkeypatch.setattr(checking, "write_lines", full)
    extract = check()
    assert (extract.state, extract.reason) == ("failed", NO_SPACE)
    assert kept(media) == [f"received/{extract.stored_name}"]


def test_an_extract_cancelled_under_way_stays_cancelled(monkeypatch, media):
    real, extract = checks_module.insert_rows, receive()

    def cancelled(*args):
        real(*args)
        cancel_extract(by=extract.uploaded_by, extract=Extract.objects.get(pk=extract.pk))

    monkeypatch.setattr(checks_module, "insert_rows", cancelled)
    assert check_extract(extract=extract).state == "cancelled"
    assert not PatientFlow.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file() and path.parent.name == "received"]


def test_a_worker_that_was_overtaken_writes_nothing_more(monkeypatch):
    real, extract = checks_module.insert_rows, receive()

    def overtaken(*args):
        real(*args)
        Extract.objects.filter(pk=extract.pk).update(attempt=2)

    monkeypatch.setattr(checks_module, "insert_rows", overtaken)
    after = check_extract(extract=extract)
    assert (after.state, after.attempt, after.read_copy) == ("checking", 2, "")


def stalled(extract, **values):
    Extract.objects.filter(pk=extract.pk).update(heartbeat=timezone.now() - timedelta(seconds=61), **values)


def test_an_extract_whose_worker_died_is_put_back_and_checked_anew():
    extract = receive(MESSY)
    stalled(extract, state="checking", attempt=1)
    PatientFlow.objects.create(
        extract=extract, year="2025/26", month=1, provider="RJ1", service_code="x", service_category="25",
        point_of_delivery="EL", commissioner="72Q", home_system="QKK", actual_price=1,
    )  # fmt: skip
    assert put_back_stalled_extracts() == [extract]
    again = check_extract(extract=extract)
    assert (again.state, again.attempt, again.facts.count()) == ("checked", 2, 3)


def test_an_extract_that_was_never_taken_up_is_put_back_once_a_minute():
    extract = receive()
    assert put_back_stalled_extracts() == []
    stalled(extract)
    assert put_back_stalled_extracts() == [extract]
    assert put_back_stalled_extracts() == []


def test_a_beating_extract_is_left_to_its_worker():
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state="checking", attempt=1, heartbeat=timezone.now())
    assert put_back_stalled_extracts() == []


def test_after_three_attempts_it_fails(media):
    extract = receive()
    stalled(extract, state="checking", attempt=3)
    assert put_back_stalled_extracts() == []
    extract.refresh_from_db()
    assert (extract.state, extract.phase) == ("failed", "")
    assert extract.reason.startswith("Checking stopped 3 times. Try again")
    assert kept(media) == [f"received/{extract.stored_name}"]


def test_each_step_is_in_the_audit_trail():
    check()
    check([acm_row(month="x")])
    assert list(
        AuditEvent.objects.exclude(about="").filter(action__endswith="extract").order_by("id").values_list("action", flat=True)
    ) == [
        "received extract",
        "checked extract",
        "received extract",
        "refused extract",
    ]
