"""What charts of variation say: true of the frame under them, whichever way it falls, and of what is hidden."""

import pandas as pd
import pytest

from finance.charts import variation as charts
from finance.figures.variation import variation_sentence
from finance.tables import variation as tables
from presentation.chart import ChartKind
from presentation.disclosure import HIDDEN

SYSTEMS = {"level": "system", "year": "2025/26", "area": "QKK"}
POUND = 10_000


def area(name: str, per_head: object, peers: object, **values) -> dict:
    ratio = per_head / peers if isinstance(per_head, float) and isinstance(peers, float) and peers else None
    row = {"area": name, "area_name": name, "per_head": per_head, "benchmark_per_head": peers, "spend_ratio": ratio}
    return {**row, "access_ratio": None, "intensity_ratio": None, **values}


def areas(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).astype({"spend_ratio": object})


def service(name: str, pounds: object, **values) -> dict:
    gap = pounds if pounds is HIDDEN or pounds is None else int(pounds * POUND)
    return {"area_name": "South East London", "group_name": name, "gap": gap, "why": tables.ALIKE, **values}


@pytest.mark.parametrize(
    ("per_head", "peers", "said"),
    [
        (110.0, 100.0, "specialised care of people of A cost £110.00 a head, 10.0% more than its peers’"),
        (90.0, 100.0, "specialised care of people of A cost £90.00 a head, 10.0% less than its peers’"),
        (100.0, 100.0, "specialised care of people of A cost £100.00 a head, as much as its peers’"),
        (100.04, 100.0, "specialised care of people of A cost £100.04 a head, as much as its peers’"),
        (HIDDEN, 100.0, "what A spends a head beside its peers is not known"),
        (100.0, None, "what A spends a head beside its peers is not known"),
        (100.0, 0.0, "what A spends a head beside its peers is not known"),
    ],
)
def test_an_area_is_put_in_words(per_head, peers, said):
    assert charts.area_words(area("A", per_head, peers)) == said


def test_the_title_is_of_the_area_furthest_from_its_peers():
    frame = areas(area("A", 110.0, 100.0), area("B", 70.0, 100.0), area("C", HIDDEN, 100.0))
    chart = charts.variation_chart(frame, SYSTEMS)
    assert chart.title == "Specialised care of people of B cost £70.00 a head, 30.0% less than its peers’"
    assert chart.kind == ChartKind.DOT_PLOT
    assert set(chart.frame["label"]) == {"A", "B"}
    assert "3 areas" in chart.summary


def test_access_and_intensity_are_drawn_beside_spend_where_they_are_known():
    frame = areas(area("A", 110.0, 100.0, access_ratio=1.2, intensity_ratio=0.92), area("B", 90.0, 100.0))
    drawn = charts.variation_chart(frame, SYSTEMS).frame
    assert drawn.groupby("label")["series"].agg(list).to_dict() == {"A": list(charts.RATIOS), "B": ["Spend a head"]}


@pytest.mark.parametrize(("level", "words"), [("system", "No system can be held"), ("place", "No place can be held")])
def test_without_areas_the_title_says_why(level, words):
    frame = areas(area("A", 1.0, 1.0)).iloc[:0]
    assert charts.variation_title(frame, {**SYSTEMS, "level": level}).startswith(words)
    chart = charts.programme_chart(frame.assign(group_name=[]), {**SYSTEMS, "level": level})
    assert chart.title.startswith(words)


def test_the_programme_furthest_from_peers_is_named():
    frame = areas(area("A", 10.0, 20.0, group_name="Cancer"), area("B", 30.0, 20.0, group_name="Trauma"))
    chart = charts.programme_chart(frame.assign(spend_ratio=[0.4, 1.5]), SYSTEMS)
    assert chart.title == "Furthest from peers: Cancer of A, 0.40 times their spend a head"
    assert chart.kind == ChartKind.HEATMAP


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([service("Heart", 1_200_000), service("Lung", -900_000)], "differs most from its peers on Heart: £1.2m more"),
        ([service("Heart", 100), service("Lung", -900_000)], "differs most from its peers on Lung: £900k less"),
        ([service("Heart", 0), service("Lung", 0)], "spends as its peers do on every service"),
        ([service("Heart", HIDDEN), service("Lung", -5_000)], "differs most from its peers on Lung: £5k less"),
    ],
)
def test_the_largest_difference_is_the_title(rows, title):
    chart = charts.differences_chart(pd.DataFrame(rows).astype({"gap": object}), SYSTEMS)
    assert chart.title == f"South East London {title}"


@pytest.mark.parametrize("frame", [pd.DataFrame(columns=["gap"]), pd.DataFrame([service("Heart", HIDDEN)])])
def test_nothing_to_rank_is_said(frame):
    assert charts.differences_title(frame) == "Where it differs from its peers is not known"


@pytest.mark.parametrize(
    ("known", "summary"),
    [
        (1, "1 difference from peers, 2025/26."),
        (3, "3 differences from peers, 2025/26."),
        (40, "The 12 largest of 40 differences from peers, 2025/26."),
    ],
)
def test_how_many_differences_are_drawn_is_said(known, summary):
    frame = pd.DataFrame([service(f"S{n}", 1000 - n) for n in range(known)])
    chart = charts.differences_chart(frame, SYSTEMS)
    assert chart.summary == summary
    assert len(chart.frame) == min(known, charts.SHOWN)


class Result:
    """As much of a figure's result as the sentence reads."""

    def __init__(self, frame, **filters):
        self.frame, self.filters = frame, {**SYSTEMS, **filters}


def sentence(first: pd.DataFrame, second: pd.DataFrame) -> str:
    return variation_sentence({"variation": Result(first), "variation_differences": Result(second)})


def test_the_page_says_how_far_its_area_is_and_on_what_most():
    frame = areas(area("QKK", 110.0, 100.0), area("QWE", 70.0, 100.0))
    said = sentence(frame, pd.DataFrame([service("Heart", 1_200_000)]))
    assert said == (
        "In 2025/26 specialised care of people of QKK cost £110.00 a head, 10.0% more than its peers’. "
        "South East London differs most from its peers on Heart: £1.2m more."
    )


def test_an_area_that_is_not_compared_leaves_the_sentence_to_the_others():
    said = sentence(areas(area("QWE", 70.0, 100.0)), pd.DataFrame(columns=["gap"]))
    assert said == "Specialised care of people of QWE cost £70.00 a head, 30.0% less than its peers’."


def test_every_reason_is_told_in_words_and_its_colour_is_never_alone():
    words = [tables.MORE_TREATED, tables.FEWER_TREATED, tables.COSTS_MORE, tables.COSTS_LESS, tables.CAUTION]
    assert set(tables.REASONS) == set(words)
    shown = tables.DifferencesTable([{"why": word} for word in words])
    assert [word in cell for word, (_, cells) in zip(words, shown_rows(shown), strict=True) for cell in cells[-1:]] == [True] * 5


def shown_rows(table):
    table.show_page(None)
    return [(row, [str(cell) for bound, cell in cells if bound.name == "why"]) for row, cells in table.shown_rows()]
