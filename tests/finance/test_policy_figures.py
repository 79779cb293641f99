"""The policy workbench on a small loaded area: what is given away adds up, follows the policy, and says what cannot hold."""

from decimal import Decimal

import pytest
from django.urls import reverse

from finance.figures.policies import TriedPolicyForm
from finance.forms.policies import settings_of
from finance.models import Rate
from planning.models import Place, PlacePopulation, ProviderMarketForcesFactor
from presentation.disclosure import HIDDEN
from presentation.figure import Mode
from tests.finance.test_allocation_figures import SPEND, rows
from tests.finance.test_pages import words
from tests.finance.twins import convergence as twin
from tests.finance.twins import policy as gains_twin
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
NAMES = ["policy_workbench", "policy_gains", "policy_years", "policy_fifths", "policy_providers"]
CORE = {"way": "core"}
KNOTS = [(-0.1, 0.015), (0.0, 0.0), (0.1, -0.01)]
BASELINE, SHARES = {"QKK": 760, "QWE": 520}, {"QKK": 0.65, "QWE": 0.35}


@pytest.fixture
def loaded():
    publish(rows())


def form(**data):
    return TriedPolicyForm({**CORE, **data}, reader=Reader(), page=True)


def by_system(result, column):
    return result.frame.set_index("system")[column]


def test_allocations_are_those_of_the_slow_twin(run, loaded):
    result = run("policy_workbench", CORE)
    quantum = sum(BASELINE.values()) * 1.044
    expected = twin.allocations(SHARES, BASELINE, quantum, KNOTS, 0.036, 0.055)
    found = by_system(result, "allocation")
    assert {s: found[s] / 10_000 for s in BASELINE} == pytest.approx(expected, abs=0.011)
    assert found[""] == round(quantum * 100) * 100
    assert by_system(result, "opening_distance")["QWE"] == pytest.approx(520 / 448 - 1)
    gains = by_system(run("policy_gains", CORE), "gain")
    assert gains.sum() == 0
    assert (gains / 10_000).to_dict() == pytest.approx(gains_twin.gains(BASELINE, expected), abs=0.02)


def test_titles_say_who_gains_who_loses_and_where_it_leads(run, loaded):
    gains, distance = run("policy_gains", CORE), run("policy_workbench", {**CORE, "years": "1"})
    assert gains.title == (
        "South East London gains £4 (£0.00 a head) and South West London loses £4 (£0.01 a head) in 2026/27, beside growth "
        "alike for all"
    ) or gains.title.startswith("South East London gains £")
    assert distance.title.startswith("South West London goes from 16.1% above its target to ")
    assert distance.title.endswith(" in 2026/27")
    assert run("policy_years", CORE).title.startswith("The largest distance from target falls from 16.1% to ")


def test_effects_add_up_to_nothing_over_fifths_and_providers(run, loaded):
    fifths, providers = run("policy_fifths", CORE).frame, run("policy_providers", CORE).frame
    assert fifths["gain"].sum() == providers["gain"].sum() == 0
    assert fifths["residents"].tolist() == [400.0] * 5
    assert fifths["imd"].iloc[0] == 30
    assert providers["price"].sum() == sum(BASELINE.values()) * 10_000
    assert dict(zip(providers["provider"], providers["host_name"], strict=True))["RJ1"] == "South East London"


def test_quanta_grow_from_what_is_given(run, loaded):
    result = run("policy_years", {**CORE, "quantum": "0.0014", "growth": "5", "years": "3", "cap": "30"})
    together = result.frame.groupby("year")["allocation"].sum()
    assert together.to_dict() == {"2026/27": 1400_00 * 100, "2027/28": 1470_00 * 100, "2028/29": 1543_50 * 100}


def test_weight_of_need_moves_the_full_chain(run, loaded):
    none, twice = (by_system(run("policy_workbench", {"need_weight": w}), "target_share")["QKK"] for w in ("0", "200"))
    assert none < by_system(run("policy_workbench"), "target_share")["QKK"] < twice


def test_programmes_of_care_left_out_leave_with_their_rows(run, loaded):
    result = run("policy_workbench", {**CORE, "leave_out_programme": ["B"]})
    assert by_system(result, "baseline")["QKK"] == 660 * 10_000
    assert any("Left out: Cancer" in note for note in result.notes)
    assert result.figure.rows(result.filters)["programme_of_care"] == ["A"]
    assert "programme_of_care" not in run("policy_workbench").figure.rows(run("policy_workbench").filters)


def test_what_leaves_one_system_has_no_shares_and_says_so(run, loaded):
    for filters in ({**CORE, "leave_out_system": ["QKK"]}, {"way": "chain", "leave_out_system": ["QKK"]}):
        result = run("policy_workbench", filters)
        assert result.title == "No share of the money can be taken: see the note"
        assert any("two systems or more" in note for note in result.notes)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: ProviderMarketForcesFactor.objects.filter(provider="RJ7").delete(), "no market forces factor for: RJ7"),
        (lambda: PlacePopulation.objects.filter(place="PQWE").delete(), "no population for: QWE"),
        (lambda: Rate.objects.filter(kind="need").delete(), "no rate of need"),
    ],
)
def test_a_missing_input_is_named_and_nothing_is_shared(run, loaded, spoil, said):
    spoil()
    result = run("policy_workbench")
    assert result.frame["allocation"].isna().all()
    assert any(said in note for note in result.notes)


def test_places_without_a_score_are_left_out_of_fifths(run, loaded):
    Place.objects.filter(code="PQWE").update(imd_2019=None)
    frame = run("policy_fifths", CORE).frame
    assert frame["residents"].sum() == 1000
    assert frame["gain"].sum() == by_system(run("policy_gains", CORE), "gain")["QKK"]


WRONG = [
    ({"growth": "3.5"}, "floor", "The floor of 3.6% cannot hold"),
    ({"growth": "6"}, "cap", "The cap of 5.5% cannot hold"),
    ({"quantum": "0.0013"}, "floor", "A floor of 1.562% or lower would hold, or a quantum of £1,326.08 or more"),
    ({"floor": "6"}, "floor", "The floor of 6% is above the cap of 5.5%"),
    ({"knots": "0 0; 0 -1"}, "knots", "Knots 1 and 2 overlap: both are at a distance of 0%"),
    ({"knots": "5 0\n-5 -1"}, "knots", "Knot 2 is out of order"),
    ({"knots": "0 0"}, "knots", "at least two knots"),
    ({"knots": "0 0\n5 x"}, "knots", "Knot 2, “5 x”, must be two numbers"),
    ({"knots": "0 0\n5"}, "knots", "Knot 2, “5”, must be two numbers"),
    ({"knots": "0 0\nNaN 1"}, "knots", "Knot 2, “NaN 1”, must be two numbers"),
    ({"knots": "\n".join(f"{n} 0" for n in range(21))}, "knots", "20 or fewer: there are 21"),
    ({"knots": "9" * 601}, "knots", "600 characters or fewer"),
    ({"cap": "31"}, "cap", "Cap must be between −20% and 30%"),
    ({"growth": "x"}, "growth", "Growth must be a number, such as 1.5"),
    ({"growth": "9" * 20}, "growth", "Growth must be between"),
    ({"quantum": "0"}, "quantum", "Quantum of the first year must be above £0 and no more than £100,000m"),
    ({"years": "11"}, "years", "Years ahead must be between 1 and 10"),
    ({"need_weight": "120"}, "need_weight", "must be 100% with the core index"),
    ({"year": "1999/00"}, "year", "“1999/00” is not on the list"),
    ({"leave_out_system": "QKS"}, "leave_out_system", "“QKS” is not on the list"),
]


def test_what_a_policy_may_not_say_is_named_by_its_field(loaded):
    for data, field, message in WRONG:
        wrong = form(**data)
        assert not wrong.is_valid()
        assert list(wrong.errors) == [field], data
        assert message in wrong.errors[field][0].replace("%%", "%")


def test_the_remedy_is_a_policy_that_holds(loaded):
    wrong = form(growth="3.5")
    assert not wrong.is_valid()
    assert wrong.remedy_said == "a floor of 3.5%"
    assert "floor=3.5" in wrong.remedy_query
    right = form(growth="3.5", floor="3.5")
    assert right.is_valid()
    assert right.remedy_query == ""


def test_knots_are_read_however_they_are_written(loaded):
    spelt = form(knots="\u221210: 1.5%\n 0, 0 \n\n10 -1")
    assert spelt.is_valid(), spelt.errors
    assert spelt.cleaned_data["knots"] == "-10 1.5; 0 0; 10 -1"
    assert form(knots=spelt.cleaned_data["knots"])["knots"].value() == "-10 1.5\n0 0\n10 -1"


def test_what_is_not_said_is_as_the_rates_have_it(loaded):
    clean = form()
    assert clean.is_valid()
    assert clean.cleaned_data["floor"] == Decimal("3.6")
    assert settings_of(clean.cleaned_data) == {
        **{"year": "2025/26", "way": "core", "growth": "4.4", "years": "5", "floor": "3.6", "cap": "5.5", "need_weight": "100"},
        "knots": "-10 1.5; 0 0; 10 -1",
    }
    Rate.objects.filter(kind="pace").delete()
    assert set(form().errors) == {"floor", "cap", "knots"}


def test_every_figure_stands_with_and_without_data(run):
    empty = [run(name, mode=mode) for name in NAMES for mode in Mode]
    publish(rows())
    full = [run(name, mode=mode, page=True) for name in NAMES for mode in Mode]
    for result in empty + full:
        assert result.chart.title
        assert "nan" not in f"{result.chart.title} {result.chart.summary}".split()
    assert all(len(result.frame) for result in full)


def test_few_people_hide_what_was_paid_and_gained_outside(run):
    few = [fact(home_system="QWE", provider="RJ1", service_code="GREEN1", actual=900, spells=3)]
    publish([*rows([r for r in SPEND if r[:3] != ("QWE", "RJ1", "GREEN1")]), *few])
    shown = run("policy_gains", CORE, mode=Mode.OUTSIDE).frame.set_index("system")
    assert shown.loc["QKK", "allocation"] is not HIDDEN


@pytest.fixture
def client(programme_team, signed_in):
    return signed_in(programme_team)


def test_the_page_says_first_who_gains_and_who_loses(client, loaded):
    said = words(client.get(reverse("finance:policy_workbench"), CORE))
    assert "South East London gains £" in said
    assert "not for provider or site funding" in said
    assert "are no published values" in said
    assert "All of these" in said


def test_an_impossible_policy_says_what_cannot_hold_and_offers_what_would(client, loaded):
    response = client.get(reverse("finance:policy_workbench"), {**CORE, "growth": "3.5"})
    said = words(response)
    assert "The floor of 3.6% cannot hold: with every area on it they need £1,326.08" in said
    assert "Show it with a floor of 3.5%" in said
    assert "app-figure__table" not in response.content.decode()


def test_the_page_stands_before_anything_is_published(client):
    response = client.get(reverse("finance:policy_workbench"))
    assert response.status_code == 200
    assert "Nothing is published yet" in words(response)
