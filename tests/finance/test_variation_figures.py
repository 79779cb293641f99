"""Figures of variation: numbers worked by hand, peers as chosen, reasons only where patients tell them, few people hidden."""

import pandas as pd
import pytest

from finance.calculations import area_spend as spending
from finance.figures import variation as figures
from finance.tables import variation as tables
from planning.models import PointOfDelivery
from presentation.disclosure import HIDDEN
from presentation.figure import Mode
from tests.finance.peer_groups import make_group
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
NAMES = ["variation", "variation_by_programme", "variation_differences"]
BOTH = {"peers": "others", "population": "registered", "level": "system", "area": "QKK", "year": "2025/26"}


def rows(**money):
    """A year of two systems: GREEN1 is of internal medicine, GREEN2 of cancer."""
    cells = [
        ("QKK", "RJ1", "GREEN1", 600),
        ("QKK", "RJ7", "GREEN2", 100),
        ("QWE", "RJ1", "GREEN1", 200),
        ("QWE", "RJ7", "GREEN2", 300),
    ]
    cells += [("QKS", "RJ1", "GREEN1", 999), ("NOT-KNOWN", "RJ1", "GREEN1", 50)]
    return [
        fact(home_system=h, provider=p, service_code=c, actual=a, planned=a, spells=money.get("spells", 20))
        for h, p, c, a in cells
    ]


@pytest.fixture
def loaded():
    return publish(rows())


def test_spend_a_head_is_held_against_the_others_and_only_of_whole_systems(run, loaded):
    frame = run("variation").frame.set_index("area")
    assert set(frame.index) == {"QKK", "QWE"}
    own = frame.loc["QKK"]
    assert own["per_head"] == pytest.approx(700 / 1100)
    assert own["benchmark_per_head"] == pytest.approx(500 / 900)
    assert own["gap"] == round((700 / 1100 - 500 / 900) * 1100 * 10_000)
    assert own["unsplit_gap"] == own["gap"]
    assert own["why"] == tables.NO_SETS


def test_the_three_ways_of_counting_people_are_told_apart(run, loaded):
    spent = {way: run("variation", {"population": way}).frame.set_index("area").loc["QKK"] for way in ("resident", "weighted")}
    assert spent["resident"]["per_head"] == pytest.approx(700 / 1000)
    assert spent["weighted"]["per_head"] == pytest.approx(700 / 1300)


def test_against_all_together_the_gaps_cancel_out(run, loaded):
    assert abs(run("variation", {"peers": "together"}).frame["gap"].sum()) <= 1


def test_a_peer_group_decides_who_is_held_against_whom(run, loaded, programme_team):
    group = make_group(programme_team, members=["QWE", "QKS"])
    frame = run("variation", {"peers": str(group.pk)}).frame.set_index("area")
    assert frame.loc["QKK", "benchmark_per_head"] == pytest.approx(500 / 900)
    assert "QWE" not in frame.index  # its only other member has not submitted


def test_differences_are_ranked_by_money_and_their_title_is_true_of_them(run, loaded):
    result = run("variation_differences", {"grouping": "programme_of_care"})
    assert list(result.frame["group_name"]) == ["Internal medicine", "Cancer"]
    assert list(result.frame["rank"]) == [1, 2]
    gaps = {"A": (600 / 1100 - 200 / 900) * 1100, "B": (100 / 1100 - 300 / 900) * 1100}
    assert result.frame.set_index("group")["gap"].to_dict() == {g: round(v * 10_000) for g, v in gaps.items()}
    assert result.title == "South East London differs most from its peers on Internal medicine: £356 more"
    assert run("variation_by_programme").title == (
        "Furthest from peers: Cancer of South West London, 3.67 times their spend a head"
    )


def test_an_area_that_is_not_compared_is_said_to_be_so(run, loaded):
    result = run("variation_differences", {"area": "QKS"})
    assert result.frame.empty
    assert "not all of its own trusts have submitted" in result.notes[0]


def test_places_are_compared_where_homes_are_known_by_place(run):
    placed = [fact(home_system=s, home_place=f"P{s}", provider=p, service_code="GREEN1", actual=a, spells=20)
              for s, p, a in (("QKK", "RJ1", 600), ("QWE", "RJ7", 300))]  # fmt: skip
    publish(placed)
    frame = run("variation", {"area": "PQKK"}).frame.set_index("area")
    assert frame.loc["PQKK", "per_head"] == pytest.approx(600 / 1100)
    publish([*placed, fact(home_system="QKK", provider="RJ1", service_code="GREEN1", actual=500, spells=20)])
    result = run("variation", {"area": "PQKK"})
    assert result.frame.empty  # of one system alone places are known, and there is no peer
    assert result.title == "No place can be held against peers: the places of people’s homes are not known in what is chosen"
    assert "95%" in result.notes[1]


def test_a_payment_that_names_no_patient_keeps_no_place_from_being_compared(run):
    PointOfDelivery.objects.create(code="BLOCK", description="Block", domain="Financial", sub_category="x", unit="OTHER")
    block = {"point_of_delivery": "BLOCK", "service_code": "GREEN1"}
    placed = [fact(home_system=s, home_place=f"P{s}", provider=p, service_code="GREEN1", actual=a, spells=20)
              for s, p, a in (("QKK", "RJ1", 600), ("QWE", "RJ7", 300))]  # fmt: skip
    publish([*placed, fact(home_system="QKK", provider="RJ1", actual=500, **block)])
    result = run("variation", {"area": "PQKK"})
    assert result.frame.set_index("area")["spend"].to_dict() == {"PQKK": 600 * 10_000, "PQWE": 300 * 10_000}
    assert any("payments that name no patient" in note for note in result.notes)


@pytest.mark.parametrize("name", NAMES)
def test_a_board_member_takes_away_nothing_of_few_people(run, name):
    publish(rows(spells=3))
    frame = run(name, mode=Mode.OUTSIDE).frame
    assert set(frame["gap"]) == {HIDDEN}
    assert set(frame["per_head"]) == {HIDDEN}


@pytest.mark.parametrize("name", NAMES)
def test_figures_stand_before_anything_is_published(run, name):
    assert run(name).frame.empty


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"area": "QQQ"}, "area", "System or place: “QQQ” is not on the list"),
        ({"peers": "77"}, "peers", "Held against: “77” is not on the list"),
        ({"population": "x"}, "population", "People: “x” is not on the list"),
    ],
)
def test_wrong_filters_are_named(loaded, data, field, message):
    form = figures.VariationForm(data)
    assert form.errors[field] == [message]


def test_a_group_of_places_does_not_stand_beside_a_system(loaded, programme_team):
    group = make_group(programme_team, level="place", members=["PQKK", "PQWE"])
    form = figures.VariationForm({"area": "QKK", "peers": str(group.pk)})
    assert "is a group of places: choose a place" in form.errors["peers"][0]


def read(patients: dict, *, sets=1.0) -> dict:
    """What the figures read, with patients: of each area its money, all at trusts that sent sets, and its patients."""
    spend = pd.DataFrame(
        [("P1", a, "heart", money) for a, (money, _) in patients.items()], columns=["provider", "area", "group", "spend"]
    )
    return {
        "spend": spend,
        "blocks": spend.iloc[:0],
        "sets": spend.assign(spend=(spend["spend"] * sets).astype("int64")),
        "patients": spend.assign(patients=[n for _, n in patients.values()]),
        "people": pd.DataFrame({"area": [], "group": [], "people": pd.Series(dtype="Int64")}),
        "sent": ["P1"],
        "places": pd.DataFrame({"place": list(patients), "population": [1000] * len(patients)}),
        "belongs": pd.DataFrame({"place": list(patients), "area": list(patients), "share": 1.0}),
        "whole": set(patients), "system_of": {}, "peers": None, "area_names": {}, "group_names": {"heart": "Heart"},
    }  # fmt: skip


def why(own: tuple, other: tuple, **options) -> str:
    return figures.compared(read({"QKK": own, "QWE": other}, **options), BOTH).set_index("area").loc["QKK", "why"]


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ((2 * 10**9, 200), tables.MORE_TREATED),
        ((2 * 10**9, 100), tables.COSTS_MORE),
        ((5 * 10**8, 50), tables.FEWER_TREATED),
        ((5 * 10**8, 100), tables.COSTS_LESS),
        ((10**9, 100), tables.ALIKE),
        ((5 * 10**8, 5), tables.FEW),
        ((0, 0), tables.NO_SETS),
    ],
)
def test_the_reason_is_told_in_a_word(own, word):
    assert why(own, (10**9, 100)) == word


@pytest.mark.parametrize("sets", [0.5, 2.0])
def test_where_patients_are_incomplete_or_stand_twice_the_reason_is_not_told(sets):
    assert why((2 * 10**9, 200), (10**9, 100), sets=sets) == tables.CAUTION


def test_ratios_are_made_of_counts_as_everybody_may_see_them():
    frame = figures.compared(read({"QKK": (2 * 10**9, 202), "QWE": (10**9, 98)}), BOTH).set_index("area")
    assert frame.loc["QKK", "access_ratio"] == 2.0  # 200 ÷ 100
    assert frame.loc["QKK", "patients"] == 202  # the table rounds it for everybody
    parts = frame.loc["QKK", ["access_gap", "intensity_gap", "unsplit_gap"]].sum()
    assert parts == frame.loc["QKK", "gap"]


def test_caution_names_whose_patients_are_incomplete():
    frame = figures.variation(read({"QKK": (2 * 10**9, 200), "QWE": (10**9, 100)}, sets=0.4), BOTH)
    said = " ".join(figures.variation_notes(frame, BOTH))
    assert "missing patients look like low access and high intensity: QKK (0.40) and QWE (0.40)" in said
    assert "core services, not specialised" in " ".join(figures.variation_notes(frame, {**BOTH, "population": "weighted"}))


def test_reads_have_the_columns_that_spending_asks_for(loaded):
    found = figures.read_areas(None, {**BOTH, "position": loaded}, grouping="service")
    spending.area_spend({"QKK": 1.0}, **{n: found[n] for n in ("spend", "blocks", "sets", "patients", "people", "sent")})
