import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Role
from planning.models import Extract, PatientFlow, ReportingPosition
from tests.planning.acm_files import acm_bytes, acm_file, acm_row
from tests.planning.workbook_files import acm_cells, workbook_bytes, zip_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def run(capsys, command, *arguments, **options) -> tuple[int, dict | list, str]:
    """Exit code, what was printed as JSON, and the words beside it."""
    code = 0
    try:
        call_command(command, *map(str, arguments), **options)
    except SystemExit as end:
        code = end.code
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


def load(capsys, *files, **options):
    return run(capsys, "load_extract", *files, layout="acm", **options)


def test_one_file_is_one_object(capsys, tmp_path):
    rows = [acm_row(actual_price="1.10"), acm_row(month=2, actual_price="-0.10", actual_activity="-3"), acm_row(month="x"), {}]
    code, said, words = load(capsys, acm_file(tmp_path, rows), publish=True)
    assert code == 0
    assert {k: said[k] for k in ("state", "rows", "accepted", "rejected", "excluded", "problem_count", "position")} == {
        "state": "published", "rows": 4, "accepted": 2, "rejected": 1, "excluded": 1, "problem_count": 1, "position": 1,
    }  # fmt: skip
    totals = said["totals"]
    assert (totals["planned_price"], totals["actual_price"], totals["activity"]) == ("200.00", "1.00", {"SPELL": "0"})
    assert totals["by_month"]["2025/26-02"] == {"planned_price": "100.00", "actual_price": "-0.10", "activity": {"SPELL": "-3"}}
    assert list(totals["by_provider"]) == ["RJ1"]
    [problem] = said["problems"]
    assert (problem["row"], problem["column"], problem["severity"]) == (4, "FINANCIAL MONTH", "error")
    assert "position 1" in words


def test_pence_and_what_is_finer_are_printed_exactly(capsys, tmp_path):
    _, said, _ = load(capsys, acm_file(tmp_path, [acm_row(actual_price="0.1234", actual_activity="0.5", planned_price="")]))
    assert (said["totals"]["actual_price"], said["totals"]["activity"]) == ("0.1234", {"SPELL": "0.5"})
    assert said["totals"]["planned_price"] is None


def test_without_publish_it_is_checked_only(capsys, tmp_path):
    code, said, _ = load(capsys, acm_file(tmp_path))
    assert (code, said["state"], said["position"]) == (0, "checked", None)


def test_the_same_bytes_again_are_the_same_extract(capsys, tmp_path):
    path = acm_file(tmp_path)
    _, first, _ = load(capsys, path)
    code, published, _ = load(capsys, path, publish=True)
    code_again, again, _ = load(capsys, path, publish=True)
    assert (code, code_again) == (0, 0)
    assert first["extract"] == published["extract"] == again["extract"]
    assert (again["state"], again["position"]) == ("published", 1)
    assert ReportingPosition.objects.count() == 1


def test_a_refused_file_ends_with_one_and_a_reason(capsys, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("hello\nworld\n")
    code, said, _ = load(capsys, path, publish=True)
    assert (code, said["state"], said["position"]) == (1, "refused", None)
    assert "no heading row" in said["reason"]
    assert said["totals"] == {"planned_price": None, "actual_price": None, "activity": {}, "by_provider": {}, "by_month": {}}


@pytest.mark.parametrize("fault", ["insert_rows", "keep", "check_file"])
def test_a_fault_of_ours_ends_with_one_and_a_reason_and_leaves_no_facts(capsys, tmp_path, monkeypatch, fault):
    monkeypatch.setattr(f"planning.actions.checks.{fault}", lambda *a, **k: 1 / 0)
    code, said, _ = load(capsys, acm_file(tmp_path), publish=True)
    assert (code, said["state"], said["position"]) == (1, "failed", None)
    assert "fault in the planner" in said["reason"]
    assert not PatientFlow.objects.exists()


def test_workbooks_and_packed_files_are_loaded_like_others(capsys, tmp_path):
    book = workbook_bytes({"May": acm_cells([acm_row(month=2)]), "June": acm_cells([acm_row(month=3)])})
    for name, content in (("june.xlsx", book), ("june.zip", zip_bytes({"june.xlsx": book}))):
        (tmp_path / name).write_bytes(content)
        code, said, _ = load(capsys, tmp_path / name)
        assert (code, said["state"], "more than one sheet" in said["reason"]) == (1, "refused", True)
        code, said, _ = load(capsys, tmp_path / name, sheet="June")
        assert (code, said["state"], list(said["totals"]["by_month"])) == (0, "checked", ["2025/26-03"])


def test_several_files_are_a_list_and_one_position(capsys, tmp_path):
    first = acm_file(tmp_path, [acm_row(), acm_row(commissioner="36L")], name="a.csv")
    second = acm_file(tmp_path, [acm_row(provider="RJZ")], name="b.csv")
    code, said, _ = load(capsys, first, second, publish=True, illustrative=True)
    assert code == 0
    assert [(s["provider"], s["position"]) for s in said] == [("RJ1", 1), ("RJZ", 1)]
    assert ReportingPosition.objects.get().illustrative


def test_files_that_overlap_are_said_and_the_later_wins(capsys, tmp_path):
    first = acm_file(tmp_path, [acm_row(actual_price="1"), acm_row(commissioner="36L")], name="a.csv")
    second = acm_file(tmp_path, [acm_row(actual_price="2"), acm_row(month=2, commissioner="36L")], name="b.csv")
    _, _, words = load(capsys, first, second, publish=True)
    assert "a.csv and b.csv both cover RJ1 2025/26, months 1: the later, b.csv, wins." in words
    _, position, _ = run(capsys, "show_position")
    assert position["by_month"]["2025/26-01"]["actual_price"] == "2.00"


def test_one_refused_file_of_several_holds_all_of_them_back(capsys, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(acm_bytes([acm_row(month="x")]))
    code, said, words = load(capsys, acm_file(tmp_path), bad, publish=True)
    assert (code, [s["state"] for s in said]) == (1, ["checked", "refused"])
    assert "Nothing was published" in words
    assert not ReportingPosition.objects.exists()


def test_a_file_named_twice_is_one_extract(capsys, tmp_path):
    path = acm_file(tmp_path)
    code, said, _ = load(capsys, path, path, publish=True)
    assert (code, said[0]["extract"]) == (0, said[1]["extract"])


def test_a_person_may_be_named(capsys, tmp_path, person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    load(capsys, acm_file(tmp_path), user=lead.email, publish=True, point="freeze")
    extract = Extract.objects.get()
    assert (extract.uploaded_by, extract.published_by, extract.reporting_point) == (lead, lead, "freeze")
    assert set(AuditEvent.objects.filter(action__endswith="extract").values_list("by", flat=True)) == {lead.pk}


def test_a_person_who_may_not_is_refused(tmp_path, board_member):
    with pytest.raises(CommandError) as refusal:
        call_command("load_extract", str(acm_file(tmp_path)), layout="acm", user=board_member.email)
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("arguments", [["nothing.csv", "--layout", "acm"], ["FILE", "--layout", "acm", "--as", "nobody@nhs.uk"]])
def test_wrong_usage_ends_with_two(tmp_path, arguments):
    arguments = [str(acm_file(tmp_path)) if a == "FILE" else a for a in arguments]
    with pytest.raises(CommandError) as refusal:
        call_command("load_extract", *arguments)
    assert refusal.value.returncode == 2


def test_the_position_is_summed_from_the_facts(capsys, tmp_path):
    rows = [
        acm_row(actual_price="10.10"),
        acm_row(service_category="12", service_code="99999999", actual_price="5"),
        acm_row(month=2, practice_responsibility="36L", actual_price="0.40"),
        acm_row(month=2, practice_responsibility="", residence_responsibility="", commissioner="13R", actual_price="1"),
    ]
    load(capsys, acm_file(tmp_path, rows), publish=True)
    code, said, _ = run(capsys, "show_position")
    assert (code, said["position"], said["totals"]["actual_price"]) == (0, 1, "16.50")
    assert {system: t["actual_price"] for system, t in said["by_system"].items()} == {
        "NOT-KNOWN": "1.00",
        "QKK": "15.10",
        "QWE": "0.40",
    }
    assert {month: t["actual_price"] for month, t in said["by_month"].items()} == {"2025/26-01": "15.10", "2025/26-02": "1.40"}
    assert said["by_provider"]["RJ1"]["activity"] == {"SPELL": "12"}
    Extract.objects.get().facts.filter(month=2).update(actual_price=0)
    assert run(capsys, "show_position", position=1)[1]["totals"]["actual_price"] == "15.10"


def test_there_may_be_no_position_yet(capsys):
    code, said, _ = run(capsys, "show_position")
    assert (code, said["position"], said["totals"]) == (0, None, {"planned_price": None, "actual_price": None, "activity": {}})


def test_a_position_that_is_not_there_is_refused(capsys):
    code, said, words = run(capsys, "show_position", position=9)
    assert (code, said["position"]) == (1, 9)
    assert "There is no position 9." in words


def test_the_layout_of_each_file_can_be_read_from_its_headings(capsys, tmp_path):
    from tests.planning.layout_files import layout_bytes

    files = []
    for layout in ("iap", "plcm", "drplcm", "deplcm"):
        files.append(tmp_path / f"{layout}.csv")
        files[-1].write_bytes(layout_bytes(layout))
    call_command("load_extract", *map(str, files), layout="recognised")
    assert [said["state"] for said in json.loads(capsys.readouterr().out)] == ["checked"] * 4
    assert [e.layout for e in Extract.objects.order_by("pk")] == ["iap", "plcm", "drplcm", "deplcm"]


def test_the_layout_of_a_packed_file_is_read_from_its_headings_too(capsys, tmp_path):
    notes = [["Notes"], ["of month 3"]]
    (tmp_path / "a.zip").write_bytes(zip_bytes({"a.xlsx": workbook_bytes({"Notes": notes, "ACM": acm_cells()})}))
    call_command("load_extract", str(tmp_path / "a.zip"), layout="recognised")
    assert json.loads(capsys.readouterr().out)["state"] == "checked"
    assert Extract.objects.get().layout == "acm"


def test_a_file_of_no_layout_is_refused_in_words(capsys, tmp_path):
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear all,\nplease find attached\n")
    with pytest.raises(SystemExit):
        call_command("load_extract", str(letter), layout="recognised")
    said = json.loads(capsys.readouterr().out)
    assert said["state"] == "refused"
    assert "heading row" in said["reason"]
