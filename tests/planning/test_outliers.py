"""Sums that are far from what is published are warned of with both figures; ordinary movements are not."""

import pandas as pd
import pytest

from planning.extracts.outliers import KEY, SUMS, find_outliers
from planning.extracts.whole_file_warnings import warnings_of_outliers
from planning.queries.problems import every_problem, problem_list, problems_by_rule
from planning.queries.published_sums import published_sums
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish


def frame(*rows) -> pd.DataFrame:
    """month, units, pounds of one service at one point of delivery."""
    stored = [(month, "NCBPS13B", "EL", units * 1_000, pounds * 10_000) for month, units, pounds in rows]
    return pd.DataFrame(stored, columns=[*KEY, *SUMS]).astype(dict.fromkeys(SUMS, "Int64"))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ((1, 100, 100_000), (1, 400, 400_000), ["volume"]),
        ((1, 400, 400_000), (1, 100, 100_000), ["volume"]),
        ((1, 100, 100_000), (1, 290, 290_000), []),
        ((1, 100, 100_000), (1, 100, 210_000), ["unit price"]),
        ((1, 100, 100_000), (1, 100, 190_000), []),
        ((1, 100, 10_000), (1, 400, 34_000), []),
        ((1, 3, 100_000), (1, 9, 300_000), []),
        ((1, 0, 0), (1, 50, 90_000), ["volume"]),
        ((1, 100, 100_000), (2, 400, 400_000), ["volume"]),
        ((2, 100, 100_000), (1, 400, 400_000), []),
    ],
)
def test_a_sum_is_far_off_where_units_and_money_both_say_so(before, after, what):
    assert [outlier.what for outlier in find_outliers(frame(after), frame(before))] == what


def test_the_same_month_is_compared_before_an_earlier_one_and_both_figures_are_said():
    [outlier] = find_outliers(frame((3, 400, 400_000)), frame((1, 390, 390_000), (3, 100, 100_000), (5, 400, 400_000)))
    assert (outlier.compared_month, outlier.before, outlier.after) == (3, 100, 400)
    assert (outlier.price_before, outlier.price_after) == (100_000 * 10_000, 400_000 * 10_000)


def test_nothing_published_or_missing_figures_tell_nothing():
    assert find_outliers(frame((1, 400, 400_000)), frame()) == []
    missing = frame((1, 100, 100_000)).assign(actual_activity=pd.array([None], dtype="Int64"))
    assert [o.what for o in find_outliers(missing, missing)] == []


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


MANY = {"actual_activity": "400", "actual_price": "400000"}
FEW = {"actual_activity": "100", "actual_price": "100000"}


def test_what_turned_into_money_back_is_said_with_the_minus_sign_of_every_page():
    [outlier] = find_outliers(frame((1, 100, -100_000)), frame((1, 100, 100_000)))
    [problem] = warnings_of_outliers("acm", "2025/26", [outlier]).problems
    assert "−£1,000.00 for each unit in the file, £1,000.00 published now" in problem[-1]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
class TestInTheIntake:
    def test_an_outlier_is_a_warning_of_the_whole_file(self):
        publish([acm_row(**FEW), acm_row(month=2, **FEW)])
        extract = check([acm_row(**MANY), acm_row(month=2, **FEW), acm_row(month=2, site="x")])
        rules = {group["rule"]: group for group in problems_by_rule(extract)}
        assert set(rules) == {"volume is far from last time", "site has another form"}
        group = rules["volume is far from last time"]
        assert (group["number"], group["actual_price"], extract.problem_count) == (1, 400_000 * 10_000, 2)
        first, second = problem_list(extract).problems
        assert (first.row, first.value) == (None, "NCBPS13B EL, April 2025")
        assert "400 units (£400,000.00) in the file, 100 units (£100,000.00) published now" in first.message
        assert second.row == 4
        assert [p.row for p in every_problem(extract)] == [None, 4]
        assert [p.row for p in problem_list(extract, group["key"]).problems] == [None]
        assert problem_list(extract, first=1, number=1).problems == [second]
        assert extract.state == "checked"

    def test_a_file_of_one_commissioner_is_held_against_that_commissioners_sums(self):
        other = {"commissioner": "36L", "practice_responsibility": "36L", "residence_responsibility": "36L"}
        publish([acm_row(**FEW), acm_row(**other, **MANY)])
        assert problems_by_rule(check([acm_row(**FEW)])) == []
        by_commissioner = published_sums("acm", "RJ1", "2025/26", ("commissioner",))
        assert by_commissioner["actual_price"].tolist() == [400_000 * 10_000, 100_000 * 10_000]
        assert published_sums("acm", "RJ1", "2024/25").empty
