"""A round with a model of need from its form to its pages, its hash and its workbook; need and people stated by place."""

import io

import openpyxl
import pytest
from django.http import QueryDict

from finance.actions import rounds as acting
from finance.calculations.measure_names import DEPRIVATION, NEAREST
from finance.figures.round_steps import steps_of, told_of, workings
from finance.forms.coefficients import coefficients_in, model_said
from finance.forms.rounds import RoundDetailsForm, answers_of
from finance.models import AllocationRound, Rate
from finance.queries import rounds as reading
from planning.models import Place, PlacePopulation, Provider, System
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.finance import official_files as files
from tests.finance.test_official_measures import BEDS, OLD, load
from tests.finance.test_round_official import calculated, shares_of, sources_of
from tests.finance.test_round_pages import position, sent
from tests.readers import Reader

__all__ = ["calculated", "load", "position", "sent"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
COEFFICIENTS = [[OLD, "need", 3.0], [DEPRIVATION, "need", 0.8], [BEDS, "supply", 12.0]]
MODEL = {"need_model": {"constant": 40.0, "coefficients": COEFFICIENTS}}


@pytest.fixture
def modelled(sent, load) -> dict:
    """The form as it is sent with a model of need."""
    load()
    rows = {"coefficients_measure": [DEPRIVATION, BEDS, OLD], "coefficients_side": ["need", "supply", "need"]}
    return {**sent, "need": "model", "constant": "40", **rows, "coefficients_change": ["0.8", "£1,200.50", "\u22123"]}


def errors(sent, **changes) -> dict:
    return {name: list(said) for name, said in RoundDetailsForm({**sent, **changes}).errors.items()}


def test_coefficients_are_read_as_rows_and_come_back_as_they_were(modelled, programme_team):
    form = RoundDetailsForm(modelled)
    assert form.is_valid(), form.errors
    told = form.asked["parameters"]["need_model"]
    assert told == {
        "constant": 40.0,
        "coefficients": [[DEPRIVATION, "need", 0.8], [BEDS, "supply", 1200.5], [OLD, "need", -3.0]],
    }
    found = acting.make_round(by=programme_team, asked=form.asked)
    again = answers_of(found)
    assert again["constant"] == "40"
    assert again["coefficients"][1] == {"measure": BEDS, "side": "supply", "change": "1200.5"}
    page = str(RoundDetailsForm(found=found)["coefficients"])
    assert 'value="1200.5"' in page
    assert page.count("selected") == 3


def test_a_browser_sends_the_rows_as_lists(modelled):
    query = QueryDict(mutable=True)
    for name, value in modelled.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    form = RoundDetailsForm(query)
    assert form.is_valid(), form.errors
    assert len(form.asked["parameters"]["need_model"]["coefficients"]) == 3


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"constant": ""}, "constant", "Enter the constant of the model, 0 if it has none"),
        ({"constant": "x"}, "constant", "Constant must be a number"),
        ({"constant": "2000000"}, "constant", "between −£1,000,000 and £1,000,000"),
        ({"coefficients_change": ["0.8", "", "3"]}, "coefficients", f"“{BEDS}” has no coefficient"),
        ({"coefficients_side": ["need", "", "need"]}, "coefficients", f"“{BEDS}” has a coefficient and is not used"),
        ({"coefficients_change": ["0.8", "lots", "3"]}, "coefficients", f"“{BEDS}” must have a number"),
        ({"coefficients_change": ["0.8", "nan", "3"]}, "coefficients", f"“{BEDS}” must have a number"),
        ({"coefficients_change": ["0.8", "1e9", "3"]}, "coefficients", "between −£1,000,000 and £1,000,000"),
        ({"coefficients_side": ["need", "gossip", "need"]}, "coefficients", "must be of need or of supply"),
        ({"coefficients_measure": [DEPRIVATION, "<b>", OLD]}, "coefficients", "“<b>” is not loaded: load an official file"),
        ({"coefficients_measure": [OLD, BEDS, OLD]}, "coefficients", f"“{OLD}” stands twice"),
        ({"coefficients_side": ["supply"] * 3}, "coefficients", "at least one measure of need"),
        ({"coefficients_side": []}, "coefficients", "at least one measure of need"),
    ],
)
def test_what_is_wrong_is_said_of_the_measure(modelled, changes, field, said):
    assert said in errors(modelled, **changes)[field][0]


def test_every_fault_is_said_at_once_and_none_where_no_model_is_asked_for(modelled):
    wrong = {"coefficients_change": ["", "x", "1e9"]}
    assert len(errors(modelled, **wrong)["coefficients"]) == 3
    assert errors(modelled, **wrong, need="measure") == {}
    form = RoundDetailsForm({**modelled, "need": "measure"})
    assert form.is_valid()
    assert "need_model" not in form.asked["parameters"]
    assert coefficients_in([], [])[0] == []
    assert model_said({}) == {"constant": None, "coefficients": []}


def test_a_measure_that_is_loaded_no_more_stands_in_the_form_and_says_so(modelled):
    gone = str(RoundDetailsForm({**modelled, "coefficients_measure": [DEPRIVATION, "Gone <i>", OLD]})["coefficients"])
    assert "Gone &lt;i&gt; <strong" in gone
    assert gone.count("Not loaded") == 1


def test_a_round_with_a_model_through_its_pages(signed_in, programme_team, modelled):
    client = signed_in(programme_team)
    response = client.post("/allocation/rounds/new/", {**modelled, "coefficients_change": ["0.8", "12", "3"]}, follow=True)
    found = AllocationRound.objects.get()
    assert found.state == "calculated", found.missing
    page = response.content.decode()
    assert f"£40 + £0.8 × {DEPRIVATION} + £12 × {BEDS} (supply, held at its mean) + £3 × {OLD}" in page
    step = client.get(f"/allocation/rounds/{found.pk}/need/").content.decode()
    for said in (
        "so that supply is alike for everybody",
        "With its own supply it uses £",
        "Supply is held at its mean of all areas",
    ):
        assert said in step
    assert "Where a system states no value of its own" in step
    assert "for population shares, not for provider or site funding" in step
    change = client.get(f"/allocation/rounds/{found.pk}/change/").content.decode()
    assert f'aria-label="{BEDS}: £ a head for one unit"' in change
    wrong = client.post("/allocation/rounds/new/", {**modelled, "coefficients_side": ["supply"] * 3}).content.decode()
    assert '<a href="#id_coefficients">Give at least one measure of need a coefficient</a>' in wrong
    assert 'id="id_coefficients"' in wrong
    book = client.get(f"/allocation/rounds/{found.pk}/worked-calculation.xlsx")
    names = openpyxl.load_workbook(io.BytesIO(b"".join(book))).sheetnames
    assert names[names.index("Shares") - 2 : names.index("Shares")] == ["Coefficients", "Measures"]


def test_the_hash_of_a_round_covers_its_coefficients_and_measures(calculated, load, programme_team):
    load()
    parameters = {**calculated(years=1).parameters, **MODEL}
    found = calculated(need="model", parameters=parameters)
    assert found.missing == []
    sealed = reading.fingerprint(found)
    found.parameters["need_model"]["coefficients"][2][2] = 13.0
    assert reading.fingerprint(found) != sealed
    found.parameters["need_model"]["coefficients"][2][2] = 12.0
    assert reading.fingerprint(found) == sealed
    assert any("A publisher, 2025/26" in source for _, _, source in found.inputs["sources"])
    [about] = [words for label, words in told_of(found) if label == "Additional need"]
    assert about.startswith("A model of need, with supply held at its mean: £40 + £3 × ")
    assert any(step.formula.startswith("Need = the constant") for step in steps_of(found))
    assert "mean" in dict(workings(found, "need", found.first_year))["South East London"]
    table = run_figure(
        figure_named("round_inputs"), Reader(user=programme_team), {"round": found.pk, "step": "need"}, page=True
    ).frame
    assert table.loc[table["measure"] == DEPRIVATION, "known_by"].tolist() == ["That of its one place"] * 2
    assert table.loc[table["measure"] == BEDS, "known_by"].tolist() == ["Its own"] * 2


def test_the_nearest_tertiary_trust_is_a_measure_of_supply_without_any_file(calculated):
    Place.objects.filter(code="PQKK").update(latitude=51.4, longitude=0)
    Place.objects.filter(code="PQWE").update(latitude=51.2, longitude=0)
    Provider.objects.filter(code="RJ1").update(tertiary=True, latitude=51.5, longitude=0)
    model = {"constant": 1000.0, "coefficients": [[DEPRIVATION, "need", 2.0], [NEAREST, "supply", -3.0]]}
    found = calculated(need="model", parameters={**calculated(years=1).parameters, "need_model": model})
    assert found.missing == []
    terms = reading.tables_of(found.pk, "results")["terms"].set_index(["area", "measure"])["value"]
    # A tenth of a degree of latitude is 11.12 km.
    assert terms["QKK", NEAREST] == pytest.approx(11.12, abs=0.01)
    assert terms["QWE", NEAREST] == pytest.approx(33.36, abs=0.01)
    # Its own supply makes no difference to what an area needs, deprivation does.
    need = shares_of(found)["need"]
    assert need["QKK"] - need["QWE"] == pytest.approx(2 * (30 - 15))
    assert "Providers and the systems that host them" in sources_of(found)


def test_a_measure_of_one_area_alone_is_missed_by_the_other(calculated, load):
    load(files.as_csv([{"Area": "QKK", "Measure": OLD, "Value": "12"}]))
    parameters = {**calculated(years=1).parameters, "need_model": {"constant": 1.0, "coefficients": [[OLD, "need", 1.0]]}}
    found = calculated(need="model", parameters=parameters)
    assert [(m["area"], m["problem"]) for m in found.missing] == [("QWE", f"It has no “{OLD}”, nor have all of its places")]
    assert found.results == {}


def test_a_need_index_stated_by_place_is_that_of_the_system_by_its_people(calculated, load):
    second = Place.objects.create(code="PQKK2", name="Second", system=System.objects.get(code="QKK"), imd_2019=10)
    PlacePopulation.objects.create(place=second, year=2021, sex="f", age_band="All", population=3_000)
    PlacePopulation.objects.create(place=second, year=2021, sex="m", age_band="All", population=0)
    rows = [("PQKK", "1.2"), ("PQKK2", "0.8"), ("QWE", "1.1")]
    content = files.as_csv([{"Area": area, "Need index": index} for area, index in rows])
    load(content, kind="need")
    found = calculated(need="imported")
    assert found.missing == []
    shares = reading.tables_of(found.pk, "results")["shares"].set_index("area")
    assert shares["measure"].to_dict() == {"QKK": pytest.approx((1.2 * 1_000 + 0.8 * 3_000) / 4_000), "QWE": 1.1}
    assert "the mean of its 2 places by their people" in dict(workings(found, "need", found.first_year))["South East London"]
    [step] = [step for step in steps_of(found) if step.slug == "need"]
    assert "the mean of its places by their people" in step.formula


BANDS = ["0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+"]


@pytest.mark.parametrize("by_place", [False, True])
def test_registered_people_by_age_and_sex_make_the_shares(calculated, load, by_place):
    """From the official file to target shares: people of each age by what that age costs, as counted by hand."""
    costs = {band: 100 + 50 * number for number, band in enumerate(BANDS)}
    for sex in "fm":
        for band, cost in costs.items():
            Rate.objects.create(kind="age_cost", key=band, sex=sex, value=cost, unit="a head", source="For a test")
    Rate.objects.filter(kind="age_cost", key="All").delete()
    numbers = {"QKK": lambda n: 100 + n, "QWE": lambda n: 60 + 10 * n}
    rows = [
        {"Area": f"P{area}" if by_place else area, "Sex": sex, "Age band": band, "People": str(number(n))}
        for area, number in numbers.items()
        for sex in "fm"
        for n, band in enumerate(BANDS)
    ]
    load(files.as_csv(rows), kind="registered")
    found = calculated(people="registered")
    assert found.missing == []
    shares = reading.tables_of(found.pk, "results")["shares"].set_index("area")
    people = {area: sum(2 * number(n) for n in range(10)) for area, number in numbers.items()}
    cost = {area: sum(2 * number(n) * costs[band] for n, band in enumerate(BANDS)) for area, number in numbers.items()}
    assert shares["population"].to_dict() == people
    mean = sum(cost.values()) / sum(people.values())
    assert shares["age_index"].to_dict() == pytest.approx({area: cost[area] / people[area] / mean for area in people})
    weight = {area: people[area] * (shares["age_index"] * shares["need_index"] * shares["mff_index"])[area] for area in people}
    assert shares["target_share"].to_dict() == pytest.approx({area: w / sum(weight.values()) for area, w in weight.items()})
    assert any("A publisher" in source for _, _, source in found.inputs["sources"])
