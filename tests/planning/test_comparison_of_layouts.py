"""The comparison of files beside the ACM: a plan is compared by its plan, and a set says that it is in no total."""

import html
import re

import pandas as pd
import pytest
from django.utils import timezone

from planning.figures.comparisons import comparison_of
from planning.figures.extracts import changes_of
from planning.figures.positions import position_changes
from planning.models import ReportingPosition
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def checked(layout: str, rows: list[dict] | None = None):
    return check(content=layout_bytes(layout, rows), layout=layout)


def published(layout: str, rows: list[dict] | None = None):
    return publish(None, content=layout_bytes(layout, rows), layout=layout)


def plan(*prices: str, month: int = 1) -> list[dict]:
    return [layout_row("iap", planned_price=price, month=str(month + i)) for i, price in enumerate(prices)]


def compare(extract):
    return comparison_of(extract, timezone.localdate())


def headings(table) -> list[str]:
    return [str(column.header) for column in table.columns]


def test_a_first_plan_adds_planned_price():
    changes = changes_of(checked("iap", plan("100.50", "20")))
    assert changes.sentence == "Publishing adds £120.50 of planned price. Nothing is there yet for what the file covers."
    assert changes.effects[0] == "Its plan counts where the ACM of the same month and commissioner has none."


def test_a_new_plan_is_compared_by_its_plan_in_every_sentence_and_table():
    published("iap", plan("100", "20", "7", "9"))
    extract = checked("iap", [*plan("130"), *plan("7", month=3)])
    changes, compared = changes_of(extract), compare(extract)
    assert changes.sentence == "Publishing replaces £127.00 of planned price by £137.00, £10 more."
    assert "Publishing leaves it empty" in changes.emptied_words.replace("them", "it")
    assert "£20.00 of planned price goes" in changes.emptied_words
    assert changes.stays_words.endswith("July 2025, 1 commissioner, £9.00 of planned price.")
    assert headings(compared.statuses) == ["What happens to them", "Slices", "Plan now", "Plan after", "Difference"]
    assert {row["what"]: row["difference"] for row in compared.statuses.data.data} == {
        "Changed": 300_000,
        "The same money": 0,
        "Left empty": -200_000,
        "Not covered by the file: stays": 0,
    }
    assert headings(compared.totals) == ["Total of", "Plan now", "Plan after", "Difference"]
    [total] = compared.totals.data.data
    assert (total["before"], total["after"]) == (1_360_000, 1_460_000)
    assert changes.emptied.total["planned_price_before"] == 200_000


@pytest.mark.parametrize("layout", ["plcm", "drplcm", "deplcm"])
def test_a_patient_level_set_is_said_to_be_in_no_total(layout):
    extract = checked(layout)
    changes, compared = changes_of(extract), compare(extract)
    assert changes.effects[0].endswith("Its money is in no total: that comes from the ACM alone.")
    [total] = compared.totals.data.data
    assert total["name"].endswith(f", 2025/26: {extract.get_layout_display()}")
    assert headings(compared.totals)[1:3] == ["Actual now", "Actual after"]


def test_what_is_neither_there_now_nor_after_has_no_difference():
    changes = changes_of(checked("deplcm"))
    [row] = changes.months.data.data
    assert [pd.isna(row[f"planned_price_{time}"]) for time in ("before", "after", "difference")] == [True] * 3
    assert (pd.isna(row["actual_price_before"]), row["actual_price_difference"]) == (True, 300_000)


def test_the_total_of_a_position_says_that_sets_and_plans_are_not_in_it(finance_lead):
    published("acm")
    alone = position_changes(finance_lead, ReportingPosition.objects.latest("number")).providers
    assert "alone" not in alone.caption
    published("iap", plan("100"))
    table = position_changes(finance_lead, ReportingPosition.objects.latest("number")).providers
    assert table.caption.endswith("by provider. The total is of activity and price alone")
    assert (table.total["slices"], table.total["planned_price_difference"]) == (0, 0)


def test_the_page_of_a_plan_speaks_of_the_plan(signed_in, finance_lead):
    extract = checked("iap", plan("100.50"))
    page = re.sub(r"\s+", " ", html.unescape(signed_in(finance_lead).get(f"/extracts/{extract.pk}/").content.decode()))
    assert "Publishing adds £100.50 of planned price" in page
    assert "of actual price" not in page
