"""A network's stated footprint beside that of its flow: what is said, what is hidden outside, who delivers it."""

import pandas as pd
import pytest

from networks import charts
from networks.figures.comparison import comparison_title
from networks.queries import network_scope
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import draw_svg
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from presentation.shared_reads import sharing_reads
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, *, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


def flow(**homes):
    """Flows of neurosciences, whose document says two systems (South West London, Surrey Heartlands) in two regions."""
    code = network_scope("neurosciences")["service_code"].iloc[0]
    return publish([fact(service_code=code, home_system=home, spells=n, actual=1_000 * max(n, 1)) for home, n in homes.items()])


def comparison(mode=Mode.INSIDE):
    return run("network_comparison", mode=mode, network="neurosciences").frame.set_index("footprint")


class TestOutside:
    def test_a_home_with_a_handful_hides_the_rows_that_it_is_in(self, reference):
        flow(QWE=800, QXU=600, QKK=3)
        rows = comparison(Mode.OUTSIDE)
        # South East London is needed for none of the shares and is not stated.
        assert not any(value is HIDDEN for value in rows["actual_price"])
        flow(QWE=3, QXU=600, QKK=800)
        rows = comparison(Mode.OUTSIDE)
        assert rows.loc["stated", "actual_price"] is HIDDEN
        assert rows.loc["90", "actual_price"] == 1_400_000 * 10_000

    def test_a_home_without_people_does_not_make_a_handful_none(self, reference):
        """Drugs for nobody counted in spells, and three people: the sum of the two is theirs."""
        flow(QWE=0, QXU=3, QKK=800)
        rows = comparison(Mode.OUTSIDE)
        assert rows.loc["stated", "actual_price"] is HIDDEN
        assert rows.loc["stated", "price_share"] is HIDDEN

    def test_homes_without_people_alone_hide_nothing(self, reference):
        flow(QWE=0, QXU=0, QKK=800)
        assert comparison(Mode.OUTSIDE).loc["stated", "actual_price"] == 2_000 * 10_000

    def test_inside_nothing_is_hidden(self, reference):
        flow(QWE=0, QXU=3, QKK=800)
        assert comparison().loc["stated", "actual_price"] == 4_000 * 10_000


def rows_of(*, systems, others=0, regions, homes="somewhere", said=2, said_regions=2, stated=2):
    """A comparison whose document says two systems in two regions, unless told otherwise."""
    document = {"footprint": "document", "homes": "words", "systems": said, "regions": said_regions, "others": None}
    listed = {"footprint": "stated", "homes": "A and B", "systems": stated, "regions": 1, "others": 0}
    found = {"footprint": "90", "homes": homes, "systems": systems, "regions": regions, "others": others}
    frame = pd.DataFrame([document, listed, found])
    return frame.astype({"systems": "Int64", "regions": "Int64", "others": "Int64"})


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (rows_of(systems=3, regions=2), "90% of its flow takes 3 systems in 2 regions; its document says 2 systems in 2 regions"),
        (
            rows_of(systems=1, others=1, regions=1),
            "90% of its flow takes 1 system and 1 other home in 1 region; its document says 2 systems in 2 regions",
        ),
        (
            rows_of(systems=1, regions=1, said_regions=None),
            "90% of its flow takes 1 system in 1 region; its document says 2 systems",
        ),
        (
            rows_of(systems=1, regions=1, said=None),
            "90% of its flow takes 1 system in 1 region; its source lists 2 systems in 1 region",
        ),
        (rows_of(systems=1, regions=1, said=None, stated=0), "90% of its flow takes 1 system in 1 region"),
        (rows_of(systems=0, regions=0, homes=""), "No flows of this network's services in what is chosen"),
    ],
)
def test_the_title_says_what_the_flow_takes_beside_what_is_said(rows, title):
    assert comparison_title(rows, {}) == title


def test_what_is_stated_has_no_verdict_on_the_page(signed_in, programme_team, reference):
    """What a footprint is held against is not held against itself: no tag says more, fewer or nothing known of it."""
    flow(QWE=80, QXU=20)
    result = run("network_comparison", network="neurosciences")
    cells = [str(cell) for _, row in result.table.shown_rows() for bound, cell in row if bound.name == "verdict"]
    assert cells[:2] == ["Stated", "Stated"]
    assert all("nhsuk-tag" in cell for cell in cells[2:])
    page = signed_in(programme_team).get("/networks/neurosciences/").content.decode()
    assert 'nhsuk-tag--grey">No data' not in page


class TestNothing:
    def test_a_network_without_a_flow_says_so_everywhere(self, reference):
        publish([fact(service_code="NOTLISTED", actual=5)])
        result = run("network_comparison", network="neurosciences")
        assert result.title == "No flows of this network's services in what is chosen"
        rows = result.frame.set_index("footprint")
        assert rows.loc["90", "homes"] == ""
        assert pd.isna(rows.loc["stated", "actual_price"])
        assert set(rows.loc[["50", "80", "90", "95"], "verdict"]) == {""}
        delivery = run("network_delivery", network="neurosciences")
        assert delivery.frame.empty
        assert delivery.chart.title == "No provider delivers this network's services in what is chosen"

    def test_homes_that_are_not_known_are_no_flow_of_a_footprint(self, reference):
        flow(**{"NOT-KNOWN": 50})
        assert run("network_comparison", network="neurosciences").title == "No flows of this network's services in what is chosen"


def delivering(*rows):
    """Rows of (provider, pounds, needed, hosted by a stated system)."""
    frame = pd.DataFrame(list(rows), columns=["provider_name", "pounds", "needed", "hosted"])
    price = pd.array([None if one is None else one * 10_000 for one in frame["pounds"]], dtype="Int64")
    return frame.assign(
        actual_price=price,
        actual_activity=price,
        needed=frame["needed"].map({True: "Needed for 90%", False: ""}),
        stated=frame["hosted"].map({True: "Stated", False: "Not stated"}),
    )


@pytest.mark.parametrize("measure", ["cost", "activity"])
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("A", None, False, True)],
        [("A", -5, False, True), ("B", 0, False, False)],
        [("</title><script>", 5, True, True), ("A", None, False, False)],
        [(f"P{n}", 100 - n, n < 15, n % 2 == 0) for n in range(20)],
    ],
    ids=["none", "missing", "credits and nought", "markup", "many"],
)
def test_deliverers_of_every_shape_are_drawn(rows, measure):
    chart = charts.delivery_chart(delivering(*rows), {"measure": measure, "year": "2025/26", "unit": "SPELL"})
    for drawing in (draw_svg(chart), str(plotly_spec(chart))):
        assert "nan" not in drawing.lower()
    assert "<script>" not in draw_svg(chart)
    assert len(chart.frame) == min(12, sum((pounds or 0) > 0 for _, pounds, *_ in rows))
    assert set(chart.emphasis) <= {name for name, _, needed, _ in rows if needed}


def levels(**services):
    return pd.DataFrame({"level": list(services), "level_name": list(services), "services": list(services.values())})


@pytest.mark.parametrize(
    ("services", "title"),
    [
        ({"place": 0, "system": 0, "one_region": 0, "regions": 0, "national": 0}, "No services with flows in what is chosen"),
        ({"place": 1, "system": 0}, "One place makes up 90% of the flow in one of 1 service"),
        ({"place": 3, "system": 12}, "One system makes up 90% of the flow in 12 of 15 services"),
        ({"place": 3, "one_region": 5}, "Several systems of one region make up 90% of the flow in five of 8 services"),
        ({"regions": 5, "national": 2}, "Several regions make up 90% of the flow in five of 7 services"),
        ({"place": 1, "national": 2}, "No set of loaded systems makes up 90% of the flow in two of 3 services"),
        ({"place": 4, "national": 4, "system": 1}, "2 natural levels have 4 services each, for 90% of the flow"),
        ({"place": 1, "none": 9}, "One place makes up 90% of the flow in one of 1 service"),
        ({"none": 9}, "No services with flows in what is chosen"),
    ],
)
def test_the_level_of_the_most_services_is_named(services, title):
    chart = charts.levels_chart(levels(**services), {"threshold": "90", "measure": "cost", "year": "2025/26"})
    assert chart.title == title
    assert draw_svg(chart).count("<svg") == 1


def homes(*rows):
    """Rows of (name, share, needed for, region)."""
    frame = pd.DataFrame(list(rows), columns=["home_name", "share", "needed", "region"])
    return frame.assign(price_share=frame["share"], activity_share=frame["share"])


MANY = [
    (f"H{n}", 0.1, f"{50 if n < 5 else 80 if n < 8 else 90 if n < 9 else 95}%", "London" if n < 6 else "East") for n in range(10)
]


@pytest.mark.parametrize(
    ("rows", "threshold", "title"),
    [
        ([], "90", "No flows of this service in what is chosen"),
        ([("A", None, "", "")], "90", "No flows of this service in what is chosen"),
        ([("A", 1.0, "50%", "London")], "90", "A makes up 90% of its flow"),
        ([("A", 0.5, "50%", "London"), ("B", 0.5, "80%", "")], "50", "A makes up 50% of its flow"),
        ([("A", 0.5, "50%", "London"), ("B", 0.5, "80%", "")], "80", "A and B make up 80% of its flow"),
        (MANY, "50", "Five homes in 1 region make up 50% of its flow, most of all H0"),
        (MANY, "95", "Ten homes in 2 regions make up 95% of its flow, most of all H0"),
    ],
)
def test_homes_that_a_share_needs_are_named_or_counted(rows, threshold, title):
    chart = charts.service_homes_chart(homes(*rows), {"threshold": threshold, "measure": "cost", "year": "2025/26"})
    assert chart.title == title
    assert set(chart.emphasis) == {name for name, _, needed, _ in rows if needed and int(needed[:-1]) <= int(threshold)}
    assert "nan" not in draw_svg(chart).lower()


def years(counts, word):
    frame = pd.DataFrame({"year": [f"20{20 + n}/{21 + n}" for n in range(len(counts))], "homes_needed": counts})
    frame["stability"] = word
    for share in ("50", "80", "90", "95"):
        frame[f"homes_{share}"] = frame["homes_needed"]
    return frame


@pytest.mark.parametrize(
    ("counts", "word", "title"),
    [
        ([], "", "No flows of this service in any year loaded"),
        ([1], "One year only", "1 home for 90% of its flow in the one year loaded"),
        ([1, 1], "Stable", "1 home for 90% of its flow in each year loaded, and it stays the same"),
        ([1, 1], "Changing", "1 home for 90% of its flow in each year loaded, and it changes"),
        ([3, 3, 3], "Stable", "3 homes for 90% of its flow in each year loaded, and they stay the same"),
        ([3, 1, 4], "Mostly stable", "1 to 4 homes for 90% of its flow in each year loaded, and most stay the same"),
        ([3, 1], "Changing", "1 to 3 homes for 90% of its flow in each year loaded, and they change"),
    ],
)
def test_years_of_a_footprint_in_words(counts, word, title):
    chart = charts.service_years_chart(years(counts, word), {"threshold": "90", "measure": "cost"})
    assert chart.title == title
    assert len(chart.frame) == 4 * len(counts)
    assert draw_svg(chart).count("<svg") == 1


def test_places_are_called_places():
    chart = charts.service_years_chart(years([2, 3], "Changing"), {"threshold": "90", "measure": "cost", "level": "place"})
    assert chart.units == "Number of places (other homes count as one each)"
    assert chart.summary.startswith("Fewest places that make up each share of cost")


class TestLevelsOfAPosition:
    def test_both_figures_of_the_page_read_once_and_neither_changes_the_other(self, reference):
        flow(QWE=80, QXU=15, QKK=5)
        alone = run("footprint_levels").frame
        with sharing_reads():
            run("footprints")
            after = run("footprint_levels").frame
        pd.testing.assert_frame_equal(alone, after)
        assert alone.set_index("level")["services"].to_dict()["regions"] == 1

    def test_levels_hold_every_service_and_all_of_the_money_once(self, reference):
        publish(
            [
                fact(home_system="QKK", home_place="E09000022", actual=100, spells=100),
                fact(service_code="NCBPS08O", home_system="QWE", actual=50, spells=50),
                fact(service_code="NCBPS08O", home_system="REST", actual=50, spells=50),
                fact(service_code="NCBPS01A", home_system="NOT-KNOWN", actual=7, spells=7),
            ]
        )
        rows = run("footprint_levels").frame.set_index("level")
        assert rows["services"].to_dict() == {"place": 1, "system": 0, "one_region": 0, "regions": 0, "national": 1, "none": 1}
        assert rows["actual_price"].sum() == 207 * 10_000
        assert rows["price_share"].sum() == pytest.approx(1)
        assert rows.loc["none", "level_name"] == "No flow of known homes"
