"""Pages of rounds: the form and its errors, one round with what each reader may do, its steps, and the worked calculation."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest

from accounts.models import Role
from finance.actions import rounds as acting
from finance.figures.round_steps import STEPS, workings
from finance.forms.rounds import RoundDetailsForm, answers_of
from finance.models import AllocationRound, RoundStep
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.finance.round_area import PARAMETERS, POLICY, stored_round
from tests.finance.test_allocation_figures import rows
from tests.positions import publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
FIGURES = ["allocation_round", "round_chain", "round_step", "round_inputs", "round_moved"]
PURPOSE = "for population shares, not for provider or site funding"


@pytest.fixture
def position() -> int:
    return publish(rows() + [row for month in range(2, 13) for row in rows(month=month)])


@pytest.fixture
def sent(position) -> dict:
    """A form as a browser sends it, as it is first shown."""
    form = RoundDetailsForm()
    return {name: form[name].value() for name in form.fields if form[name].value() is not None} | {"name": "Proposal"}


@pytest.fixture
def found(programme_team, position) -> AllocationRound:
    return stored_round(programme_team, position=position)


def errors(sent, **changes) -> dict:
    form = RoundDetailsForm({**sent, **changes})
    return {name: said[0] for name, said in form.errors.items()}


def test_a_list_of_what_is_left_out_says_none_where_none_is_chosen(sent):
    form = RoundDetailsForm()
    form.fields["leave_out_system"].choices = [(f"Q{n:02}", f"System {n}") for n in range(20)]
    shown = form["leave_out_system"].as_field_group()
    assert ">None<" in shown
    assert 'data-none="None"' in shown
    assert "All 20" not in shown
    chosen = RoundDetailsForm({**sent, "leave_out_system": ["QKK", "QWE"]})
    assert chosen.is_valid(), chosen.errors
    assert chosen.asked["parameters"]["leave_out_system"] == ["QKK", "QWE"]
    assert "leave_out_programme" not in chosen.asked["parameters"]


def test_a_new_round_begins_with_the_programmes_own_rates_and_is_right_as_it_stands(sent):
    form = RoundDetailsForm(sent)
    assert form.is_valid(), form.errors
    told = form.asked["parameters"]
    assert (told["growth"], told["need_per_unit"]) == (0.044, 0.004)
    assert told["errors"] == {"population": 0.01, "age": 0.02, "need": 0.03, "market_forces": 0.005}
    assert form.asked["footprint_id"] is None


def test_what_a_round_was_asked_comes_back_as_it_was(found, sent):
    again = RoundDetailsForm({**sent, **{k: v for k, v in answers_of(found).items() if v is not None}}, found=found)
    assert again.is_valid(), again.errors
    assert again.asked["parameters"] == PARAMETERS
    assert again.asked["need"] == "imported"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "", "Enter a name"),
        ("years", "11", "between 1 and 10"),
        ("growth", "x", "Growth: “x” must be a number, such as 4.4"),
        ("growth", "31", "Growth must be between −20% and 30%: “31” is not"),
        ("growth", "4 3", "one rate for every year, or one for each of the 3 years: there are 2"),
        ("transfers", "2027/28 QXX 5", "“QXX” is none"),
        ("transfers", "2035/36 QKK 5", "must be of 2026/27 to 2028/29: 2035/36 is not allocated by this round"),
        ("floor", "9", "no higher than the cap"),
        ("quantum", "1.234", "whole pence"),
        ("quantum", "-5", "between £0.01"),
        ("knots", "-5 1", "at least two knots"),
        ("knots", "-5 1; -5 0", "Knots 1 and 2 overlap"),
        ("knots", "5 0; -5 1", "Knots 1 and 2 are out of order"),
        ("knots", "-5 0; 5 1", "Knot 2 gives more growth"),
        ("knots", "-5 1; five 0", "Knot 2, “five 0”"),
        ("knots", "-5 1; nan 0", "Knot 2"),
        ("error_need", "80", "between 0% and 50%"),
        ("need_per_unit", "1", "between −0.1 and 0.1"),
        ("need_includes_age", "on", "Deprivation does not hold age"),
        ("first_year", "2019/20", "first year on the list"),
        ("position", "999", "position"),
        ("footprint", "nowhere", "area on the list"),
    ],
)
def test_what_is_wrong_is_said_of_the_field(sent, name, value, said):
    assert said in errors(sent, **{name: value})[name]


def test_a_round_is_made_calculated_reviewed_and_approved_through_its_pages(signed_in, programme_team, person, sent):
    client, other = signed_in(programme_team), signed_in(person(Role.PROGRAMME_TEAM))
    assert PURPOSE in client.get("/allocation/rounds/new/").content.decode()
    made = client.post("/allocation/rounds/new/", sent)
    found = AllocationRound.objects.get()
    address = f"/allocation/rounds/{found.pk}/"
    assert (made.status_code, made.url, found.state) == (302, address, "calculated")
    page = client.get(address).content.decode()
    for said in (PURPOSE, "Send for review", "receives £", "Worked calculation", "Step by step"):
        assert said in page
    client.post(f"{address}submit/")
    assert "another member of the programme team approves it" in client.get(address).content.decode()
    assert client.post(f"{address}approve/").status_code == 403
    assert "Approve</button>" in other.get(address).content.decode()
    other.post(f"{address}approve/", {"note": "By hand <b>"})
    page = client.get(address).content.decode()
    assert "Sealed: it is as it was approved" in page
    assert "By hand &lt;b&gt;" in page
    refused = client.post(f"{address}calculate/", follow=True).content.decode()
    assert "It is approved: to be calculated it must be draft or calculated" in refused


def test_what_is_missing_stands_on_the_page_with_what_to_do(signed_in, programme_team, position):
    asked = {"name": "Kent too", "position": position, "baseline_year": "2025/26", "first_year": "2026/27", "years": 1}
    made = acting.make_round(by=programme_team, asked={**asked, "people": "projected", "parameters": PARAMETERS})
    acting.calculate(by=programme_team, found=made)
    page = signed_in(programme_team).get(f"/allocation/rounds/{made.pk}/").content.decode()
    assert "Not calculated: what is missing, and what to do" in page
    assert "South East London</th>" in page
    assert "Inputs missing" in signed_in(programme_team).get("/allocation/rounds/").content.decode()


def test_a_page_that_is_held_is_not_sent_again_until_the_round_changes(signed_in, programme_team, found):
    client, address = signed_in(programme_team), f"/allocation/rounds/{found.pk}/"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    acting.submit_round(by=programme_team, found=found)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("step", [s.slug for s in STEPS])
def test_every_step_opens_to_its_formula_and_every_areas_numbers(signed_in, programme_team, found, step):
    page = signed_in(programme_team).get(f"/allocation/rounds/{found.pk}/{step}/?allocation_year=2027/28").content.decode()
    [told] = [s for s in STEPS if s.slug == step]
    assert told.formula.split("'")[0].split(" = ")[0] in page
    assert PURPOSE in page
    for area, words in workings(found, step, "2027/28"):
        assert words.replace("'", "&#x27;") in page
        assert "nan" not in words
        assert area in "ABCD"


def test_a_working_says_what_the_numbers_are(found):
    assert [s.slug for s in STEPS] == list(RoundStep.values)
    first = dict(workings(found, "allocation", "2026/27"))
    assert first["A"] == "£420,000,000.00 × (1 + 3.6000%) = £435,120,000.00"
    assert "held at the floor of 3.60%" in dict(workings(found, "convergence", "2026/27"))["A"]
    assert dict(workings(found, "opening-distance", "2026/27"))["A"].endswith("= +7.41% (7.4% above target)")


def test_a_step_or_a_round_that_is_not_there_is_not_found(signed_in, programme_team, board_member, found):
    client = signed_in(programme_team)
    published = stored_round(programme_team, method="published")
    for address in ("999/", f"{found.pk}/nothing/", f"{published.pk}/age/", "999/worked-calculation.xlsx"):
        assert client.get(f"/allocation/rounds/{address}").status_code == 404
    # It is not put forward yet.
    assert signed_in(board_member).get(f"/allocation/rounds/{found.pk}/").status_code == 404


def test_the_board_reads_what_is_put_forward_and_takes_no_exact_workings(signed_in, programme_team, board_member, found):
    acting.submit_round(by=programme_team, found=found)
    client, address = signed_in(board_member), f"/allocation/rounds/{found.pk}/"
    page = client.get(address).content.decode()
    assert "Worked calculation" not in page
    assert "Change</a>" not in page
    assert client.get(f"{address}worked-calculation.xlsx").status_code == 403


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("mode", list(Mode))
def test_every_figure_stands_in_both_modes_and_for_every_step(programme_team, found, name, mode):
    reader = Reader(mode, user=programme_team)
    for step in RoundStep.values if name in ("round_step", "round_inputs") else ["age"]:
        result = run_figure(figure_named(name), reader, {"round": found.pk, "step": step}, page=True)
        said = result.title + (result.chart.summary if result.chart else "")
        assert "nan" not in said.lower()
        assert all(download() for kind, download in result.downloads.items() if kind == "csv")


def test_titles_are_true_of_the_numbers(programme_team, found):
    reader = Reader(user=programme_team)
    result = run_figure(figure_named("allocation_round"), reader, {"round": found.pk}, page=True)
    assert result.title == "A goes from 7.4% above target to 5.8% above target by 2027/28"
    totals = result.frame[result.frame["is_total"]].set_index("year")
    assert totals.loc["2026/27", "allocation"] == 1_382_256_000 * 10_000
    moved = run_figure(figure_named("round_moved"), reader, {"round": found.pk}, page=True)
    assert moved.title.startswith("With every input out by its error, the share of ")


def test_a_transfer_is_shown_with_its_sign_and_only_where_there_is_one(signed_in, programme_team, position, found):
    moved = {"2027/28": {"A": -10_000_000_000, "B": 30_000_000_000}}
    policy = replace(POLICY, transfers=moved)
    told = {**PARAMETERS, "transfers": [["2027/28", area, amount] for area, amount in moved["2027/28"].items()]}
    other = stored_round(programme_team, position=position, policy=policy, parameters=told)
    with_moves, without = (
        signed_in(programme_team).get(f"/allocation/rounds/{pk}/").content.decode() for pk in (other.pk, found.pk)
    )
    for shown in ("−£1,000,000<", "+£3,000,000<", "+£2,000,000<"):
        assert shown in re.sub(r"\s+<", "<", with_moves), shown
    assert "Transfer" in with_moves
    assert "Transfer" not in without


def test_money_of_few_people_is_hidden_outside(programme_team, found):
    tables = found.inputs["tables"]
    tables["baselines"]["rows"][0][3] = 3_000
    AllocationRound.objects.filter(pk=found.pk).update(inputs=found.inputs)
    outside = run_figure(
        figure_named("allocation_round"), Reader(Mode.OUTSIDE, user=programme_team), {"round": found.pk}, page=True
    )
    first = outside.frame[outside.frame["area"] == "A"].iloc[0]
    assert first["baseline"] is HIDDEN
    assert first["allocation"] is HIDDEN


@pytest.mark.parametrize(
    "asked", [{}, {"round": "x"}, {"round": "0"}, {"round": "999"}, {"round": "9" * 30}, {"round": "1", "step": "x"}]
)
def test_a_figure_of_no_round_is_refused_in_words(signed_in, programme_team, asked):
    response = signed_in(programme_team).get("/figure/allocation_round.csv", asked)
    assert response.status_code == 400


def test_the_worked_calculation_is_sent_with_formulas_and_audited(signed_in, programme_team, found):
    response = signed_in(programme_team).get(f"/allocation/rounds/{found.pk}/worked-calculation.xlsx")
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["Years"]["N3"].value.startswith("=")
