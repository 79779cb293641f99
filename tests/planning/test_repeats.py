"""Rows that are there twice: a block that was pasted twice is told with its money before it is published."""

from unittest.mock import Mock

import pytest

from planning.actions import check_again, check_extract
from planning.actions.checks import Superseded
from planning.extracts.repeats import Repeats
from planning.extracts.whole_file_warnings import warnings_of_repeats
from planning.models import Extract
from planning.queries.problems import problem_list, problems_by_rule
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
RULE = "row is there twice"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def rows(number: int, **cells) -> list[dict]:
    return [acm_row(actual_price=f"{n + 1}.25", planned_price="2", ward_code=f"W{n}", **cells) for n in range(number)]


def told(extract) -> dict | None:
    return next((group for group in problems_by_rule(extract) if group["rule"] == RULE), None)


def test_a_block_that_was_pasted_twice_is_told_with_its_money():
    extract = check([*rows(12), *rows(12)])
    group = told(extract)
    assert (extract.accepted, extract.problem_count, group["number"], group["severity"]) == (24, 12, 12, "warning")
    assert (group["planned_price"], group["actual_price"]) == (240_000, 810_000)
    assert group["example"] == "Row 14 says in every column what row 2 says."
    assert group["message"].startswith("Both count. If rows were pasted twice, take out the second ones")
    listed = problem_list(extract, group["key"])
    assert (listed.total, listed.kept, len(listed.problems)) == (12, 12, 12)
    assert listed.problems[-1].message.startswith("Row 25 says in every column what row 13 says. Both count.")


def test_rows_that_differ_in_any_column_are_no_repeats():
    other = [{**row, "ward_code": f"{row['ward_code']}X"} for row in rows(12)]
    assert told(check([*rows(12), *other])) is None


def test_rejected_rows_and_few_rows_with_little_money_say_nothing():
    assert told(check([*rows(12, service_code="X0"), *rows(12, service_code="X0"), acm_row()])) is None
    assert told(check([*rows(9), *rows(9)])) is None


def test_one_row_with_much_money_is_told_and_one_that_stands_three_times_counts_twice():
    dear = acm_row(actual_price="-30000", actual_activity="-1", planned_price="")
    group = told(check([acm_row(), dear, acm_row(month=2), dear]))
    assert (group["number"], group["actual_price"], group["planned_price"]) == (1, -300_000_000, None)
    assert group["example"] == "Row 5 says in every column what row 3 says."
    assert told(check([dear, dear, dear, acm_row()]))["number"] == 2


def test_two_patients_may_have_the_same():
    many = [layout_row("plcm", actual_price="5000") for _ in range(20)]
    assert told(check(content=layout_bytes("plcm", many), layout="plcm")) is None
    plans = [layout_row("iap", planned_price="5000") for _ in range(20)]
    group = told(check(content=layout_bytes("iap", plans), layout="iap"))
    assert (group["number"], group["planned_price"], group["actual_price"]) == (19, 19 * 50_000_000, None)


def test_checking_again_tells_it_once(finance_lead):
    extract = check([*rows(12), *rows(12)], by=finance_lead)
    again = check_extract(extract=check_again(by=finance_lead, extract=extract))
    assert (again.state, again.problem_count, told(again)["number"]) == ("checked", 12, 12)
    assert len(problem_list(again).problems) == 12


def test_an_attempt_that_was_broken_off_leaves_no_warning_behind(monkeypatch):
    """A worker that died after the warnings were written leaves the next attempt to tell them, once."""
    extract = receive([*rows(12), *rows(12)])
    monkeypatch.setattr("planning.actions.checks._finish", Mock(side_effect=Superseded))
    check_extract(extract=extract)
    assert extract.problems.count() == 12
    monkeypatch.undo()
    Extract.objects.filter(pk=extract.pk).update(state="received", heartbeat=None)
    extract.refresh_from_db()
    assert (check_extract(extract=extract).problem_count, extract.problems.count()) == (12, 12)


def test_of_very_many_the_first_are_listed_and_all_are_counted():
    found = warnings_of_repeats(Repeats(5_000, 1, 2, tuple((n + 300, n + 2) for n in range(200))))
    assert len(found.problems) == 200
    assert found.groups[0]["message"].endswith("There are 5,000; the first 200 are listed.")
    assert warnings_of_repeats(None).groups == []
