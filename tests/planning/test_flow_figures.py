"""Figures of the Flows page: that their numbers are the position's, and that their titles are true of them."""

import pandas as pd
import pytest

from planning.charts import flow_measures as charts
from planning.figures.flow_measures import not_known_words
from planning.figures.flow_sentences import flow_sentence
from planning.forms.flows import FlowFilterForm
from planning.models import Footprint, PointOfDelivery, Provider, Region, ServiceCategory, System
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = pytest.mark.django_db
NAMES = ["flow_dashboard", "flow_matrix", "flow_measures", "flow_measures_activity", "flow_top"]


@pytest.fixture
def two_systems():
    """Two systems with one expected trust each, a third with a trust that nobody expects."""
    region = Region.objects.create(code="Y56", name="London")
    for code, name, trusts in [
        ("QKK", "South East London", [("RJ1", "GSTT", True)]),
        ("QWE", "South West London", [("RJ7", "St George's", True)]),
        ("QKS", "Kent and Medway", [("RVV", "East Kent", False)]),
    ]:
        system = System.objects.create(code=code, name=name, short_name=name, region=region)
        for trust, short_name, expected in trusts:
            Provider.objects.create(code=trust, name=short_name, short_name=short_name, system=system, in_scope=expected)
    ServiceCategory.objects.create(code="25", description="x", specialised=True)
    PointOfDelivery.objects.create(code="EL", description="Elective", domain="x", sub_category="x", unit="SPELL")
    PointOfDelivery.objects.create(code="OPFASPCL", description="First", domain="x", sub_category="x", unit="ATT")


def flows(*rows):
    """Rows of (home, provider, spells, pounds)."""
    return publish([fact(home_system=h, provider=p, spells=s, actual=a, planned=a) for h, p, s, a in rows])


USUAL = [
    ("QKK", "RJ1", 60, 600),
    ("QKK", "RJ7", 20, 100),
    ("QWE", "RJ7", 50, 500),
    ("QKS", "RJ1", 30, 900),
    ("NOT-KNOWN", "RJ7", 10, 40),
]


def run(name, data=None, *, mode=Mode.INSIDE, page=False):
    return run_figure(figure_named(name), Reader(mode), data or {}, page=page)


def test_the_flows_are_the_position(two_systems):
    flows(*USUAL)
    result = run("flow_dashboard")
    assert result.frame["actual_price"].sum() == sum(a for *_, a in USUAL) * 10_000
    assert result.frame["actual_activity"].sum() == sum(s for _, _, s, _ in USUAL) * 1_000
    assert set(result.frame["home_name"]) >= {"Not known", "Kent and Medway"}


def test_measures_are_only_of_systems_whose_own_trusts_are_in(two_systems):
    flows(*USUAL)
    rows = run("flow_measures_activity").frame.set_index("system")
    shown = rows.loc["QKK", ["resident", "retained", "exports", "imports", "net"]].tolist()
    assert shown == [80_000, 60_000, 20_000, 30_000, 10_000]
    assert rows.loc["QKK", "self_sufficiency"] == pytest.approx(0.75)
    assert rows.loc["QKS", "own_trusts"] == "Not known: its own trusts have not submitted"
    assert pd.isna(rows.loc["QKS", "self_sufficiency"])
    assert rows.loc["QKS", "resident"] == 30_000


def test_a_month_that_a_trust_has_not_submitted_makes_its_system_not_known(two_systems):
    publish([fact(provider="RJ1", month=m, spells=1, home_system="QKK") for m in (1, 2)])
    publish([fact(provider="RJ7", month=1, spells=1, home_system="QWE")])
    assert run("flow_measures").frame.set_index("system")["is_whole"].to_dict() == {"QKK": True, "QWE": False}
    one_month = run("flow_measures", {"to_month": "1"}).frame.set_index("system")
    assert one_month["is_whole"].to_dict() == {"QKK": True, "QWE": True}


def test_choosing_a_provider_does_not_make_a_part_look_like_the_whole(two_systems):
    flows(*USUAL)
    chosen = run("flow_measures", {"provider": ["RJ1"]})
    assert chosen.frame["retained"].tolist() == run("flow_measures").frame["retained"].tolist()
    assert any("whatever is chosen" in note for note in chosen.notes)


def test_flows_across_boundaries_leave_out_care_at_the_home_systems_own_trusts(two_systems):
    flows(*USUAL)
    frame = run("flow_top").frame
    assert set(zip(frame["home"], frame["provider"], strict=True)) == {("QKK", "RJ7"), ("QKS", "RJ1"), ("NOT-KNOWN", "RJ7")}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("basis", ["actual", "planned", "difference"])
@pytest.mark.parametrize("measure", ["activity", "cost"])
def test_every_figure_can_be_drawn_whatever_is_asked(two_systems, name, mode, basis, measure):
    flows(*USUAL)
    result = run(name, {"basis": basis, "measure": measure}, mode=mode)
    assert result.chart.title
    assert "nan" not in result.chart.title + result.chart.summary


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_stands_empty(two_systems, name):
    result = run(name)
    assert result.frame.empty
    flows(*USUAL)
    assert run(name, {"system": ["OVERSEAS"]}).notes is not None


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("QKK", "RJ1", 5, 1), ("QWE", "RJ1", 4, 1)], "The largest flow is from South East London to GSTT: 5 admitted spells"),
        ([("QKK", "RJ1", 1, 1)], "The largest flow is from South East London to GSTT: 1 admitted spell"),
        (
            [("QKK", "RJ1", 5, 1), ("QWE", "RJ7", 5, 1)],
            "The largest flows are from South East London to GSTT and South West London to St George's: 5 admitted spells each",
        ),
        ([("QKK", "RJ1", 0, 1)], "No admitted spells in what is chosen"),
        ([("QKK", "RJ1", None, 1)], "No admitted spells in what is chosen"),
    ],
)
def test_the_title_names_the_largest_flow_and_every_equal_one(two_systems, rows, title):
    flows(*rows)
    assert run("flow_dashboard").chart.title == title


@pytest.mark.parametrize(
    ("actual", "planned", "words"),
    [(120, 100, "£20 over plan"), (70, 100, "£30 under plan"), (100, 100, "Every flow is on plan")],
)
def test_a_difference_is_said_in_words(two_systems, actual, planned, words):
    publish([fact(actual=actual, planned=planned)])
    assert words in run("flow_dashboard", {"measure": "cost", "basis": "difference"}).chart.title


def test_self_sufficiency_titles_hold_for_one_many_and_equal_systems(two_systems):
    flows(("QKK", "RJ1", 10, 1))
    assert run("flow_measures_activity").chart.title.startswith("Self-sufficiency is not known")
    flows(("QKK", "RJ1", 10, 1), ("QKS", "RVV", 10, 1))
    title = run("flow_measures_activity").chart.title
    assert title == "Each of 2 systems has 100% of residents' admitted spells at its own trusts"
    frame = pd.DataFrame({"system_name": ["A", "B"], "self_sufficiency": [0.501, 0.499]})
    assert charts.measures_title(frame, "cost") == "Each of 2 systems has 50% of residents' cost at its own trusts"
    assert charts.measures_title(frame.head(0), "cost").startswith("Self-sufficiency is not known")


def test_a_board_member_sees_no_small_number(two_systems):
    flows(("QKK", "RJ1", 3, 50_000), ("QWE", "RJ7", 52, 70_000))
    frame = run("flow_dashboard", mode=Mode.OUTSIDE).frame.set_index("home")
    assert str(frame.loc["QKK", "actual_activity"]) == "*"
    assert str(frame.loc["QKK", "actual_price"]) == "*"
    assert frame.loc["QWE", ["actual_activity", "actual_price"]].tolist() == [50_000, 700_000_000]


FORM_FAULTS = [
    ({"year": "1066/67"}, "year"),
    ({"year": "'; DROP TABLE"}, "year"),
    ({"from_month": "9", "to_month": "2"}, "to_month"),
    ({"from_month": "x"}, "from_month"),
    ({"provider": ["NOBODY"]}, "provider"),
    ({"system": ["QKK", "XXX"]}, "system"),
    ({"unit": "BANANA"}, "unit"),
    ({"measure": "patients"}, "measure"),
    ({"position": "99"}, "position"),
    ({"position": "-1"}, "position"),
    ({"position": "9" * 40}, "position"),
    ({"position": "½"}, "position"),
    ({"point_of_delivery": ["OPFASPCL"], "unit": "SPELL"}, "unit"),
    ({"geography": "tomorrow"}, "geography"),
]


@pytest.mark.parametrize(("data", "field"), FORM_FAULTS)
@pytest.mark.parametrize("on_page", [True, False])
def test_a_wrong_filter_is_named(two_systems, data, field, on_page):
    flows(*USUAL)
    form = FlowFilterForm(data, reader=Reader(), page=on_page)
    assert not form.is_valid()
    assert field in form.errors


def test_a_page_opens_on_the_latest_full_year_and_an_export_covers_everything(two_systems):
    publish([fact(month=m, spells=1) for m in range(1, 13)] + [fact(year="2026/27", month=m, spells=1) for m in range(1, 7)])
    page, export = (FlowFilterForm({}, reader=Reader(), page=page) for page in (True, False))
    assert page.is_valid()
    assert export.is_valid()
    assert (page.cleaned_data["year"], export.cleaned_data["year"]) == ("2025/26", "all")
    assert page.cleaned_data["position"] == export.cleaned_data["position"] == 1


def test_filters_become_a_link_that_gives_the_same_filters(two_systems):
    flows(*USUAL)
    form = FlowFilterForm({"provider": ["RJ7", "RJ1"], "measure": "cost", "from_month": "2"}, reader=Reader())
    assert form.is_valid()
    from django.http import QueryDict

    again = FlowFilterForm(QueryDict(form.query_string()), reader=Reader())
    assert again.is_valid()
    assert again.cleaned_data == form.cleaned_data
    assert again.query_string() == form.query_string()
    assert "position=1" in form.query_string()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            USUAL,
            "170 admitted spells in all years loaded: 19% for people who live outside South London, "
            "of those whose home is known. South East London, South West London and Kent and Medway make up 90% of them.",
        ),
        (
            [("QKK", "RJ1", 1, 5)],
            "1 admitted spell in all years loaded: 0% for people who live outside South London, of those whose home is known. "
            "South East London makes up 90% of them.",
        ),
        ([("NOT-KNOWN", "RJ1", 4, 5)], "4 admitted spells in all years loaded."),
        ([("QKK", "RJ1", 0, 5)], "Nothing matches what is chosen, in all years loaded."),
    ],
)
def test_the_sentence_of_the_page_is_true_of_the_numbers(two_systems, rows, sentence):
    area = Footprint.objects.create(code="south-london", name="South London", is_own=True)
    area.systems.set(["QKK", "QWE"])
    flows(*rows)
    assert flow_sentence({"flow_dashboard": run("flow_dashboard")}) == sentence


@pytest.mark.parametrize(("share", "words"), [(0.0, "Every home"), (0.0004, "Less than 0.1%"), (0.05, "5.0%")])
def test_homes_that_are_not_known_are_said(share, words):
    assert not_known_words(share).startswith(words)
