"""Figures of scenarios worked out by hand: what moves, who gains, what stands behind each number, and what leaves the house."""

import csv
import io

import pandas as pd
import pytest
from django.http import Http404
from python_calamine import CalamineWorkbook

from accounts.models import Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import add_assumption, add_projection
from planning.actions import scenarios as acting
from planning.figures.scenario_reading import people_of
from planning.figures.scenarios import kilometres_saved
from planning.models import ProviderMarketForcesFactor, ScenarioMove
from planning.queries import scenarios as reading
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.scenario_area import CARDIAC, GEORGES, GSTT, KINGS, make_scenario, publish_area, repatriation, services_of
from tests.readers import Reader

pytestmark = pytest.mark.django_db
YEARS = ["2026/27", "2027/28", "2028/29", "2029/30", "2030/31"]
POUND = 10_000
# Half of what South West London sends to Guy's: 480 planned spells at £10,500, and 240 emergencies at £15,000.
SPELLS, PLANNED, EMERGENCY = 360, 2_520_000, 1_800_000
FIGURES = ["scenario_years", "scenario_organisations", "scenario_commissioners", "scenario_flows"]


@pytest.fixture(scope="module")
def position(loaded_reference) -> int:
    return publish_area()


@pytest.fixture
def scenario(programme_team, position):
    return make_scenario(programme_team, position=position, shared=True)


def run(name, scenario, mode=Mode.INSIDE, **filters):
    user = command_line_user()
    return run_figure(figure_named(name), Reader(mode, user), {"scenario": scenario.pk, **filters}, page=True)


def frame(name, scenario, mode=Mode.INSIDE, **filters) -> pd.DataFrame:
    return run(name, scenario, mode, **filters).frame


def factor(provider: str) -> float:
    return float(ProviderMarketForcesFactor.objects.filter(provider=provider).order_by("year").last().value)


def pounds(stored) -> float:
    return float(stored) / POUND


def test_what_moves_is_half_of_what_there_was_at_the_price_that_was_paid(scenario):
    [row] = frame("scenario_flows", scenario).to_dict("records")
    names = [row[f"{of}_name"] for of in ("home", "sender", "receiver")]
    assert names == ["South West London", "Guy's and St Thomas'", "St George's"]
    assert (row["unit"], row["activity"]) == ("Admitted spells", SPELLS * 1000)
    assert pounds(row["price"]) == pytest.approx(PLANNED + EMERGENCY, abs=0.01)
    assert row["km_from"] > row["km_to"] > 0
    title = run("scenario_flows", scenario).title
    assert title == "360 admitted spells a year move to St George's"


def test_planned_care_is_paid_where_it_is_given_and_emergencies_stay_in_the_block(scenario):
    rows = frame("scenario_organisations", scenario)
    last = rows[rows["year"] == "2030/31"].set_index("provider")
    assert list(rows["year"])[:5] == YEARS
    assert pounds(last.loc[GSTT, "income"]) == pytest.approx(-PLANNED, abs=0.01)
    assert pounds(last.loc[GEORGES, "income"]) == pytest.approx(PLANNED * factor(GEORGES) / factor(GSTT), abs=1)
    assert last["spells"].to_dict() == {GSTT: -SPELLS * 1000, GEORGES: SPELLS * 1000}
    for row in rows.to_dict("records"):
        assert row["margin"] == row["income"] + row["cost_released"] - row["cost_added"]


def test_all_of_it_follows_or_none_where_the_move_says_so(programme_team, position):
    follows = make_scenario(programme_team, repatriation(payment="follows"), position=position, name="F")
    fixed = make_scenario(programme_team, repatriation(payment="fixed"), position=position, name="X")
    all_of_it = frame("scenario_organisations", follows).set_index(["provider", "year"])["income"]
    assert pounds(all_of_it[GSTT, "2026/27"]) == pytest.approx(-(PLANNED + EMERGENCY), abs=0.01)
    assert set(frame("scenario_organisations", fixed)["income"]) == {0}
    assert run("scenario_commissioners", fixed).title == "No commissioner pays more or less"


def test_what_commissioners_pay_is_what_organisations_get_and_the_whole_is_cost_alone(scenario):
    whole = frame("scenario_years", scenario).set_index("year")
    own, paid = frame("scenario_organisations", scenario), frame("scenario_commissioners", scenario)
    to_date = 0
    for year in YEARS:
        ends = own[own["year"] == year]
        assert whole.loc[year, "payments"] == ends["income"].sum() == paid.loc[paid["year"] == year, "payments"].sum()
        row = whole.loc[year]
        assert row["system"] == row["cost_released"] - row["cost_added"] - row["one_off"]
        assert row["cost_released"] == ends["cost_released"].sum()
        to_date += row["system"]
        assert row["system_to_date"] == to_date
    expected = PLANNED * (factor(GEORGES) / factor(GSTT) - 1)
    assert pounds(whole.loc["2030/31", "payments"]) == pytest.approx(expected, abs=1)


def test_a_move_waits_for_its_first_year_and_its_one_off_cost_is_of_that_year(programme_team, position):
    later = make_scenario(programme_team, repatriation(first_year=3, one_off=400_000), position=position)
    years = frame("scenario_years", later)
    assert [pounds(v) for v in years["one_off"]] == [0, 0, 400_000, 0, 0]
    assert [v != 0 for v in years["payments"]] == [False, False, True, True, True]
    organisations = frame("scenario_organisations", later).set_index(["provider", "year"])["one_off"]
    assert (pounds(organisations[GEORGES, "2028/29"]), organisations[GSTT, "2028/29"]) == (400_000, 0)


def test_growth_comes_from_nobody_and_has_no_distance_before(programme_team, position):
    grows = {"kind": "growth", "homes": ["QWE"], "services": services_of(CARDIAC), "demographic": "0", "non_demographic": "0.1"}
    made = make_scenario(programme_team, grows, position=position)
    rows = frame("scenario_flows", made)
    assert set(rows["sender"]) == {""}
    assert rows["km_from"].isna().all()
    by_receiver = {r["receiver"]: r["activity"] for r in rows.to_dict("records")}
    # 720 and 720 spells a year at five years of 10% more each.
    assert by_receiver[GSTT] == pytest.approx(720_000 * (1.1**5 - 1), abs=2)
    assert by_receiver[GEORGES] == pytest.approx(720_000 * (1.1**5 - 1), abs=2)
    result = run("scenario_flows", made)
    assert "Without a provider under From, it is growth." in result.notes
    assert result.title == "No one moves from one provider to another"


def test_a_new_site_is_as_far_as_the_place_it_stands_in(programme_team, position):
    move = {"kind": "open", "homes": ["QWE"], "services": services_of(CARDIAC), "receiver": KINGS, "share": "0.1"}
    at_home = make_scenario(programme_team, move, position=position, name="At home")
    in_merton = make_scenario(programme_team, {**move, "site": "E09000024"}, position=position, name="In Merton")
    own, moved = (frame("scenario_flows", one) for one in (at_home, in_merton))
    assert list(own["km_from"]) == list(moved["km_from"])
    assert set(moved["km_to"]) != set(own["km_to"])
    assert len(set(moved["km_to"])) == 1
    assert moved["km_to"].iloc[0] < own["km_to"].iloc[0], "Merton is in South West London, King's is not"


NOTES = {
    "scenario_years": [
        "At prices and activity of 2025/26; nothing else grows unless a move says so.",
        "Effect on the whole = cost released − cost added − one-off cost. Payments cancel out within the NHS.",
        "Stranded cost is what the provider that people leave still bears; what becomes of it has no NHS standard.",
    ],
    "scenario_organisations": [
        "Margin = income + cost released − cost added.",
        "A new site stands under the organisation that runs it.",
    ],
    "scenario_commissioners": ["Delegated services are paid by the system of the home, retained ones by NHS England."],
    "scenario_flows": ["Distances are in a straight line from the centre of each home."],
    "scenario_assumptions": [
        "Default: it came with the product and nobody has decided it. Illustrative: a made-up number to be replaced."
    ],
}


@pytest.mark.parametrize("name", NOTES)
def test_each_figure_says_how_it_is_to_be_read(scenario, name):
    notes = run(name, scenario).notes
    assert set(NOTES[name]) <= set(notes)
    assert not any("low-volume" in note for note in notes)


def test_a_low_volume_relationship_is_named_and_its_money_stays(programme_team, position):
    """South West London has none at King's; two of its spells are far below the threshold."""
    move = {"kind": "open", "homes": ["QWE"], "services": services_of(CARDIAC), "receiver": KINGS, "share": "0.01"}
    made = make_scenario(programme_team, move, position=position)
    result = run("scenario_commissioners", made)
    assert any("low-volume" in note for note in result.notes)
    named = result.frame.loc[result.frame["low_volume"] != "", "low_volume"]
    assert set(named) == {"King's College Hospital"}


def test_the_rows_behind_are_those_of_the_services_that_move(programme_team, position, scenario):
    of = figure_named("scenario_years").rows
    filters = {"scenario": scenario.pk, "version": 1}
    assert of(filters) == {"position": position, "year": "2025/26", "service": services_of(CARDIAC)}
    everything = make_scenario(programme_team, repatriation(), repatriation(services=[]), position=position, name="All")
    assert of({"scenario": everything.pk, "version": 1})["service"] == []


def test_the_rows_behind_a_comparison_are_those_of_its_first(position, scenario):
    of = figure_named("scenarios_compared").rows
    assert of({"scenario": [str(scenario.pk)], "position": position})["service"] == services_of(CARDIAC)
    assert of({"scenario": [], "position": position}) == {"position": position, "service_code": ["NONE"]}


HIDDEN_OUTSIDE = {
    "scenario_years": ["payments", "cost_released", "cost_added", "system", "system_to_date", "cost_stranded", "beds"],
    "scenario_organisations": ["income", "cost_released", "cost_added", "margin", "cost_stranded", "spells", "beds"],
    "scenario_commissioners": ["payments"],
    "scenario_flows": ["activity", "price"],
}


@pytest.mark.parametrize("name", FIGURES)
def test_outside_nothing_is_said_of_seven_people_and_titles_do_not_say_that_nothing_moves(programme_team, position, name):
    """1% of 480 and of 240 is 7.2 spells."""
    few = make_scenario(programme_team, repatriation(share="0.01"), position=position)
    result = run(name, few, Mode.OUTSIDE)
    for column in HIDDEN_OUTSIDE[name]:
        assert set(map(str, result.frame[column])) == {"*"}, column
    assert result.title.endswith(("not shown: too few people move", "are not shown: too few people move"))
    inside = run(name, few)
    assert HIDDEN not in [value for column in HIDDEN_OUTSIDE[name] for value in inside.frame[column]]


def test_outside_nine_people_are_ten_and_money_is_to_the_thousand(programme_team, position):
    """1.25% of 480 and of 240 is 9 spells, worth £108,000."""
    nine = make_scenario(programme_team, repatriation(share="0.0125"), position=position)
    [row] = frame("scenario_flows", nine, Mode.OUTSIDE).to_dict("records")
    assert (row["activity"], pounds(row["price"])) == (10_000, 108_000)
    rows = frame("scenario_organisations", nine, Mode.OUTSIDE)
    assert set(rows["spells"]) == {-10_000, 10_000}
    assert {pounds(v) % 1000 for v in rows["income"]} == {0}


def test_outside_a_comparison_hides_the_scenario_of_few(programme_team, position, scenario):
    few = make_scenario(programme_team, repatriation(share="0.01"), position=position, name="Few")
    both = {"scenario": [str(scenario.pk), str(few.pk)]}
    reader = Reader(Mode.OUTSIDE, command_line_user())
    rows = run_figure(figure_named("scenarios_compared"), reader, both, page=True).frame.set_index("name")
    assert rows.loc["Few", ["spells", "payments_last", "system_last", "stranded_last", "beds"]].tolist() == [HIDDEN] * 5
    assert rows.loc["Hearts nearer home", "spells"] == SPELLS * 1000
    alone = run_figure(figure_named("scenarios_compared"), reader, {"scenario": [str(few.pk)]}, page=True)
    assert alone.title == "Effects on the whole NHS are not shown: too few people move"


def test_a_comparison_has_a_row_for_each_in_the_order_chosen(programme_team, position, scenario):
    tenth = make_scenario(
        programme_team, repatriation(share="0.1", one_off=50_000), repatriation(share="0.1"), position=position, name="Fifth"
    )
    reader = Reader(user=command_line_user())
    result = run_figure(figure_named("scenarios_compared"), reader, {"scenario": [str(tenth.pk), str(scenario.pk)]}, page=True)
    first, second = result.frame.to_dict("records")
    assert (first["name"], first["moves"], first["version"]) == ("Fifth", 2, 1)
    # A tenth of 720, and a tenth of the 648 that are left.
    assert first["spells"] == pytest.approx(136_800, abs=1)
    assert (second["spells"], second["moves"]) == (SPELLS * 1000, 1)
    assert (pounds(first["one_off"]), second["one_off"]) == (50_000, 0)
    assert first["on"] == f"Position {position}, flows of 2025/26"
    assert (first["first_year"], first["last_year"]) == ("2026/27", "2030/31")
    assert first["km_saved"] == second["km_saved"] > 0
    years = frame("scenario_years", scenario).set_index("year")
    for name, year in (("first", "2026/27"), ("last", "2030/31")):
        assert second[f"system_{name}"] == years.loc[year, "system"]
        assert second[f"stranded_{name}"] == years.loc[year, "cost_stranded"]
    assert second["system_to_date"] == years["system"].sum()


@pytest.mark.parametrize(
    ("rows", "saved"),
    [
        ([], None),
        ([("Admitted spells", 10, 30.0, 10.0)], 20.0),
        ([("Admitted spells", 10, 10.0, 30.0)], -20.0),
        ([("Admitted spells", 30, 30.0, 10.0), ("Attendances", 10, 5.0, 25.0)], 10.0),
        # Not known before, or nobody's journey.
        ([("Admitted spells", 10, None, 10.0)], None),
        ([("Admitted spells", 0, 30.0, 10.0)], None),
        ([("Drug and device items", 10, 30.0, 10.0)], None),
    ],
)
def test_kilometres_saved_are_a_mean_over_people_whose_way_is_known(rows, saved):
    moved = pd.DataFrame(rows, columns=["unit", "activity", "km_from", "km_to"])
    assert kilometres_saved(moved) == saved


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([], {}),
        ([("A", "EL", 9_000_000), ("A", "NEL", 3_000_000)], {"A": 12_000}),
        # Who leaves one provider and reaches another is one person, not two.
        ([("A", "EL", 7_000_000), ("A", "EL", -7_000_000)], {"A": 7_000}),
        ([("A", "EL", 9_000_000), ("A", "NEL", -3_000_000)], {"A": 9_000}),
        ([("A", "EL", -9_000_000)], {"A": 9_000}),
        # Spells and visits are different people's: the smaller count stands.
        ([("A", "EL", 9_000_000), ("A", "OPFA", 2_000_000)], {"A": 2_000}),
        ([("A", "EL", 9_000_000), ("A", "DRUG", 1_000_000)], {"A": 9_000}),
        ([("A", "EL", 0), ("B", "EL", 1_500)], {"B": 1}),
    ],
)
def test_the_count_behind_a_number_is_the_smallest_of_any_kind(rows, people):
    given = pd.DataFrame(rows, columns=["provider", "point_of_delivery", "activity"])
    units = {"EL": "SPELL", "NEL": "SPELL", "OPFA": "ATT", "DRUG": "COST"}
    found = people_of(given, ["provider"], units, ["SPELL", "ATT"])
    assert dict(zip(found["provider"], found["people"], strict=True)) == people


def test_a_saved_version_keeps_its_stamp_whatever_is_assumed_later_and_a_draft_does_not(programme_team, scenario):
    stamp = figure_named("scenario_years").stamp

    def of(number):
        # Each time as another request sees it.
        return stamp({"scenario": scenario.pk, "version": number})

    def assume():
        said = {"measured_in": "share", "from_year": "2020/21", "owner": "O", "source": "S"}
        add_assumption(by=programme_team, kind="cost", key="variable_share", value="0.5", **said)

    saved = of(1)
    acting.put_move(by=programme_team, scenario=scenario, fields=repatriation(share="0.1"))
    draft = of(2)
    assume()
    assert of(1) == saved
    assumed = of(2)
    assert assumed != draft
    acting.put_move(by=programme_team, scenario=scenario, fields=repatriation(share="0.2"), number=2)
    changed = of(2)
    assert changed != assumed
    people = pd.DataFrame([{"area": "QWE", "year": 2025, "sex": "f", "age_band": "0-4", "people": 1}])
    add_projection(by=programme_team, name="N", owner="O", source="S", file_name="f.csv", people=people)
    assert of(2) != changed
    assert of(1) == saved


def test_what_a_move_says_itself_stands_first_among_what_it_rests_on(programme_team, position):
    move = repatriation(payment="follows", one_off=400_000, new_fixed=70_000)
    grows = {"kind": "growth", "homes": ["QWE"], "demographic": "0.01", "non_demographic": "0", "payment": "fixed"}
    made = make_scenario(programme_team, move, grows, position=position)
    rows = frame("scenario_assumptions", made)
    own = rows[rows["state"] == "Of this move"]
    assert own[["scope", "what", "value", "measured_in"]].to_numpy().tolist() == [
        ["Move 1", "Payment that follows the patient", 1.0, "share of the price"],
        ["Move 1", "One-off cost", 400_000.0, "£"],
        ["Move 1", "New fixed cost", 70_000.0, "£ a year"],
        ["Move 2", "Payment that follows the patient", 0.0, "share of the price"],
        ["Move 2", "Demographic growth", 0.01, "a year"],
        ["Move 2", "Non-demographic growth", 0.0, "a year"],
    ]
    assert list(rows.index[: len(own)]) == list(own.index)
    assert set(own["owner"]) == {str(programme_team)}
    factors = rows[rows["what"] == "Market forces factor"].set_index("scope")["value"]
    assert factors["St George's"] == pytest.approx(factor(GEORGES))
    assert factors["Guy's and St Thomas'"] == pytest.approx(factor(GSTT))
    used = rows.loc[rows["what"] == "Length of stay"]
    assert len(used)
    assert (used["source"] != "").all()


def test_a_factor_that_is_not_known_is_one_and_says_so(programme_team, position):
    move = {"kind": "open", "homes": ["QWE"], "services": services_of(CARDIAC), "receiver": "RVR", "share": "0.5"}
    ProviderMarketForcesFactor.objects.filter(provider="RVR").delete()
    made = make_scenario(programme_team, move, position=position)
    rows = frame("scenario_assumptions", made)
    [row] = rows[(rows["what"] == "Market forces factor") & (rows["source"] == "Not known: taken as 1")].to_dict("records")
    assert (row["value"], row["state"], row["quality"]) == (1.0, "Default", "Assumed")


def test_files_hold_what_the_page_shows(scenario):
    result = run("scenario_organisations", scenario)
    text = result.downloads["csv"]().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    start = next(n for n, line in enumerate(lines) if line and line[0] == "Organisation")
    table = [dict(zip(lines[start], line, strict=False)) for line in lines[start + 1 :] if len(line) == len(lines[start])]
    first = next(line for line in table if line["Code"] == GSTT and line["Year"] == "2030/31")
    # In a file money is a number of pounds.
    assert float(first["Income"].replace("−", "-")) == pytest.approx(-PLANNED, abs=0.01)
    book = CalamineWorkbook.from_filelike(io.BytesIO(result.downloads["xlsx"]()))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert any(isinstance(cell, float) and abs(cell + PLANNED) < 0.01 for cell in cells)


def test_the_first_sentence_says_what_moves_what_it_costs_and_who_loses(signed_in, programme_team, position, scenario):
    page = signed_in(programme_team).get(f"/flows/scenarios/{scenario.pk}/")
    said = page.context["sentence"]
    assert said.startswith("360 admitted spells a year move to St George's. This costs the NHS £")
    assert said.endswith(f"{run('scenario_organisations', scenario).title}.")


def test_whose_scenarios_are_listed_and_how_they_stand(person, programme_team, position, scenario):
    lead, board = person(Role.FINANCE_LEAD, "RJ1"), person(Role.BOARD_MEMBER)
    make_scenario(programme_team, position=position, name="A draft", saved=False)
    kept = make_scenario(programme_team, position=position, name="Kept")
    gone = make_scenario(programme_team, position=position, name="Gone", shared=True)
    acting.delete_scenario(by=programme_team, scenario=gone)
    own = make_scenario(lead, position=position, name="The lead's")
    acting.put_move(by=lead, scenario=own, fields=repatriation(share="0.1"))

    def names(user) -> list[str]:
        return [row["scenario"].name for row in reading.listed(user)]

    assert names(programme_team) == ["Kept", "A draft", "Hearts nearer home"]
    assert names(lead) == ["The lead's", "Hearts nearer home"]
    assert names(board) == names(None) == ["Hearts nearer home"]
    assert names(command_line_user()) == ["The lead's", "Kept", "A draft", "Hearts nearer home"]
    row = reading.listed(lead)[0]
    assert (row["own"], row["saved"], row["has_draft"], row["moves"], row["older"]) == (True, True, True, 1, False)
    assert [label for _, label in reading.saved_choices(lead)] == [
        f"Hearts nearer home ({programme_team})",
        f"The lead's ({lead})",
    ]
    publish_area(scale=2)
    assert reading.listed(lead)[0]["older"]
    with pytest.raises(Http404):
        reading.scenario_for(lead, kept.pk)
    with pytest.raises(Http404):
        reading.version_for(lead, scenario.pk, 2)
    with pytest.raises(NotAllowed, match="somebody else's"):
        reading.own_scenario(lead, scenario.pk)


@pytest.mark.parametrize(
    ("version", "query"), [("", ""), ("3", "?version=3"), ("x", ""), ("-1", ""), ("1" * 9, "?version=" + "1" * 9), ("1" * 10, "")]
)
def test_an_address_names_a_version_only_where_it_is_a_number(version, query):
    assert reading.address(7, version) == f"/flows/scenarios/7/{query}"


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({}, ""),
        ({"homes": ["QWE", "QKK"]}, "South West London, South East London"),
        ({"homes": ["QWE"], "senders": [GSTT, "ZZ9"]}, "South West London; Guy's and St Thomas', ZZ9"),
        ({"receiver": GEORGES}, ""),
    ],
)
def test_what_a_scenario_was_started_from_is_said_in_words(reference, selection, words):
    assert reading.selection_words(selection) == words


def test_moves_that_are_looked_at_are_not_stored(position, scenario):
    version = scenario.versions.get()
    row = reading.move_of(version, 2, {"kind": "growth", "non_demographic": "0.1"})
    assert (row.number, row.pk) == (2, None)
    assert ScenarioMove.objects.filter(version=version).count() == 1
