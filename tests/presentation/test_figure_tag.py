import json
import re

import pytest
from django.template import engines
from django.test import RequestFactory

from presentation.figure import Mode
from presentation.run import run_figure
from tests.readers import Reader

from . import demo

HOSTILE = "</script><svg onload=alert(1)>"


@pytest.fixture(autouse=True)
def _illustrative(monkeypatch):
    monkeypatch.setattr("presentation.run.is_illustrative", lambda position: True)


def shown(mode=Mode.INSIDE, options="", **changes):
    result = run_figure(demo.demo_figure(**changes), Reader(mode), {"year": "2024/25"}, page=True)
    template = engines["django"].from_string("{% load figures %}{% figure result " + options + " %}")
    return template.render({"result": result}, RequestFactory().get("/?year=2024/25"))


def test_a_figure_says_everything_that_belongs_to_it():
    page = shown()
    assert '<h2 class="nhsuk-heading-s app-figure__title" id="figure-demo-spend-title">King&#x27;s spends most</h2>' in page
    assert "£, 2025/26" in page
    assert "King&#x27;s spent £314.2m, more than all others together." in page
    assert "Kingston has sent nothing." in page
    assert "Source: ACM, position 14" in page
    assert "Illustrative data" in page
    assert ">Spend against plan by provider</caption>" in page


def test_downloads_and_the_picture_keep_the_filters():
    page = shown()
    for extension in ("csv", "xlsx", "svg"):
        assert f"figure/demo_spend.{extension}?year=2024%2F25&amp;position=14" in page


def test_without_scripts_there_is_a_picture_with_words():
    noscript = re.search(r"<noscript>(.*?)</noscript>", shown(), re.S)[1]
    assert 'alt="King&#x27;s spent £314.2m, more than all others together."' in noscript
    assert "narrow=1" in noscript


def test_the_specification_is_data_and_not_a_script():
    page = shown()
    data = re.search(r'<script id="spec-demo-spend" type="application/json">(.*?)</script>', page, re.S)[1]
    assert json.loads(data)["kind"] == "bars"
    assert re.findall(r"<script(?![^>]*application/json)", page) == []
    assert "style=" not in page


def test_hostile_words_leave_neither_the_specification_nor_the_page():
    frame = demo.demo_frame().assign(provider=[HOSTILE, "b", "c", "d"])
    chart = lambda f, _: demo.demo_chart(f, _)  # noqa: E731
    page = shown(calculation=lambda read, filters: frame, chart=chart, note=lambda f, _: [HOSTILE], heading=HOSTILE)
    assert "<svg onload" not in page


def test_outside_is_said_on_the_page():
    assert "counts of 1 to 7 are hidden" in shown(Mode.OUTSIDE)
    assert "counts of 1 to 7 are hidden" not in shown(Mode.INSIDE)
    assert "Mode: inside" in shown(Mode.INSIDE)


def test_a_figure_without_a_chart_shows_its_table_at_once():
    page = shown(chart=None)
    assert "data-chart" not in page
    assert "<details" not in page
    assert ">Spend against plan by provider</caption>" in page
    assert "Spend by provider</h2>" in page


def test_a_figure_without_a_chart_may_be_folded_and_may_write_its_own_title():
    page = shown(chart=None, options="table_open=False", title=lambda frame, filters: f"{len(frame)} rows")
    assert re.search(r'<details class="nhsuk-details app-figure__table">', page)
    assert "4 rows</h2>" in page


def test_what_is_said_beside_the_numbers_can_stand_behind_a_summary():
    page = shown(options="notes_folded=True")
    assert "About these numbers" in page
    assert page.index("About these numbers") < page.index("Kingston has sent nothing.")


def test_a_figure_with_nothing_to_draw_shows_its_table_at_once():
    page = shown(calculation=lambda read, filters: demo.demo_frame().iloc[:0])
    assert "data-chart" not in page
    assert ">No data</td>" in page


def test_headings_can_stand_lower():
    assert "<h3 " in shown(options='heading="h3"')


def test_the_key_of_a_chart_is_in_the_page():
    made = demo.stacked_bars()
    page = shown(chart=lambda frame, filters: made)
    assert page.count('<li><svg viewBox="0 0 13 13"') == 3


def test_no_result_is_nothing():
    template = engines["django"].from_string("{% load figures %}{% figure results.none %}")
    assert template.render({"results": {}}).strip() == ""


@pytest.mark.parametrize(("query", "is_open"), [("", False), ("demo_spend-sort=provider", True), ("demo_spend-page=2", True)])
def test_a_table_that_was_sorted_or_turned_stays_open(query, is_open):
    result = run_figure(demo.demo_figure(), Reader(), {"year": "2024/25"}, page=True)
    template = engines["django"].from_string("{% load figures %}{% figure result %}")
    page = template.render({"result": result}, RequestFactory().get(f"/?{query}"))
    assert ("app-figure__table open" in page or 'app-figure__table" open' in page) is is_open
