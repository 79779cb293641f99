"""Forms of scenarios and of their moves: each field's refusal in words, what is stored, and what addresses may carry."""

import re
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from planning.calculations.scenarios import years_of
from planning.figures.scenario_reading import move_words
from planning.forms.moves import FORMS, KIND_HELP, values_of
from planning.forms.scenarios import ComparedForm, ScenarioDetailsForm, ScenarioForm
from planning.models import Assumption, PositionSlice, Scenario, ScenarioMove, ScenarioVersion
from tests.planning.scenario_area import CARDIAC, GEORGES, GSTT, KINGS, make_scenario, repatriation, rows, services_of
from tests.positions import publish

pytestmark = pytest.mark.django_db
LIST = "/flows/scenarios/"
YEARS = ["2026/27", "2027/28", "2028/29", "2029/30", "2030/31"]
FIELDS = {
    "repatriate": "services homes senders receiver share first_year payment one_off new_fixed note",
    "consolidate": "services homes senders receiver share first_year payment one_off new_fixed note",
    "open": "services homes senders receiver site share first_year payment one_off new_fixed note",
    "lose": "services homes senders receiver share first_year payment one_off new_fixed note",
    "referral": "services homes receiver points first_year payment one_off new_fixed note",
    "growth": "services homes demographic non_demographic payment note",
}


@pytest.fixture(scope="module")
def position(loaded_reference) -> int:
    return publish([*rows("2024/25"), *rows("2025/26")])


@pytest.fixture
def version(position) -> ScenarioVersion:
    return ScenarioVersion(number=1, position=position, year="2025/26")


def filled(kind: str, version, **changes):
    said = {"homes": ["QWE"], "services": services_of(CARDIAC), "senders": [GSTT], "receiver": GEORGES, "share": "50"}
    said |= {"points": "5", "first_year": "1", "payment": "rules"}
    return FORMS[kind]({**said, **changes}, version=version, years=years_of(version.year))


def test_each_kind_of_move_has_the_fields_that_it_needs_and_is_explained(version):
    assert set(FORMS) == set(FIELDS) == set(ScenarioMove.Kind.values) == set(map(str, KIND_HELP))
    for kind, names in FIELDS.items():
        assert set(filled(kind, version).fields) == set(names.split()), kind


SHARE = "Share that moves must be between 0% and 100%"
POINTS = "Change in its share must be between −100% and 100%"
CARE = "Growth in what is done for each person must be between −20% and 20%"
PEOPLE = "Growth with people must be between −20% and 20%"


@pytest.mark.parametrize(
    ("kind", "changes", "errors"),
    [
        ("repatriate", {"share": "100.0001"}, {"share": [SHARE]}),
        ("repatriate", {"share": "1000"}, {"share": [SHARE]}),
        ("repatriate", {"share": "1.00001"}, {"share": ["Share that moves must have no more than 4 decimal places"]}),
        ("repatriate", {"share": "12.345678"}, {"share": ["Share that moves must have no more than 4 decimal places"]}),
        ("repatriate", {"share": "1e99999"}, {"share": [SHARE]}),
        ("repatriate", {"share": "1e-99999"}, {"share": ["Share that moves must have no more than 4 decimal places"]}),
        ("repatriate", {"share": "NaN"}, {"share": ["Share that moves must be a number, such as 12.5"]}),
        ("repatriate", {"first_year": ""}, {"first_year": ["Select a year"]}),
        ("repatriate", {"first_year": "6"}, {"first_year": ["From which year: “6” is not on the list"]}),
        ("repatriate", {"senders": ["XXX"]}, {"senders": ["Providers that they leave: “XXX” is not on the list"]}),
        ("repatriate", {"services": ["XXX"]}, {"services": ["Services: “XXX” is not on the list"]}),
        ("repatriate", {"homes": ["XXX"]}, {"homes": ["Homes of the people who move: “XXX” is not on the list"]}),
        # People whose home is not known cannot be moved nearer to it.
        ("repatriate", {"homes": ["NOT-KNOWN"]}, {"homes": ["Homes of the people who move: “NOT-KNOWN” is not on the list"]}),
        ("repatriate", {"note": "x" * 301}, {"note": ["The note must be 300 characters or fewer"]}),
        ("repatriate", {"one_off": "1000000001"}, {"one_off": ["One-off cost, £ must be between £0 and £1,000,000,000"]}),
        ("repatriate", {"new_fixed": "lots"}, {"new_fixed": ["New fixed cost, £ a year must be whole pounds, such as 400000"]}),
        ("growth", {"non_demographic": "21"}, {"non_demographic": [CARE]}),
        ("open", {"receiver": ""}, {"receiver": ["Select provider that runs the new site"]}),
        ("open", {"site": "Mars"}, {"site": ["Where the new site is (optional): “Mars” is not on the list"]}),
        ("lose", {"receiver": GSTT}, {"receiver": ["The provider that they go to is one that they leave: choose another"]}),
        ("lose", {"share": ""}, {"share": ["Enter share that moves"]}),
        ("referral", {"homes": []}, {"homes": ["Select area that refers"]}),
        ("referral", {"receiver": ""}, {"receiver": ["Select provider whose share changes"]}),
        ("referral", {"points": "100.5"}, {"points": [POINTS]}),
        ("referral", {"points": ""}, {"points": ["Enter change in its share"]}),
        ("growth", {"demographic": "-20.5"}, {"demographic": [PEOPLE]}),
        ("growth", {"demographic": "many"}, {"demographic": ["Growth with people must be a number, such as 12.5"]}),
    ],
)  # fmt: skip
def test_each_field_says_what_is_wrong_with_it(version, kind, changes, errors):
    assert filled(kind, version, **changes).errors == errors


def stored(kind, version, **changes) -> dict:
    form = filled(kind, version, **changes)
    assert form.is_valid(), form.errors
    return form.fields_of_move()


def test_a_move_is_stored_in_fractions_and_whole_pounds(version):
    found = stored("repatriate", version, share="12.5", one_off="400000", first_year="3", payment="fixed", note=" Why ")
    assert found == {
        "kind": "repatriate", "note": "Why", "homes": ["QWE"], "services": services_of(CARDIAC), "senders": [GSTT],
        "receiver": GEORGES, "site": "", "share": D("0.125"), "first_year": 3, "payment": "fixed", "one_off": 400_000,
        "new_fixed": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changes", "holds"),
    [
        ("referral", {"points": "-10"}, {"share": D("-0.1"), "senders": [], "receiver": GEORGES}),
        ("growth", {}, {"demographic": None, "non_demographic": None, "receiver": "", "first_year": 1}),
        ("growth", {"demographic": "0", "non_demographic": "-2.5"}, {"demographic": D(0), "non_demographic": D("-0.025")}),
        ("lose", {"receiver": ""}, {"receiver": "", "senders": [GSTT], "share": D("0.5")}),
        ("open", {"site": "E09000024"}, {"site": "E09000024"}),
        ("repatriate", {"payment": ""}, {"payment": "rules"}),
    ],
)
def test_what_a_kind_does_not_say_is_stored_blank(version, kind, changes, holds):
    assert holds.items() <= stored(kind, version, **changes).items()


@given(
    share=st.decimals("0.0001", 100, places=4),
    points=st.decimals(-100, 100, places=4).filter(bool),
    rate=st.none() | st.decimals(-20, 20, places=4),
    pounds=st.integers(0, 10**9),
)
def test_a_stored_move_is_shown_as_it_was_written(share, points, rate, pounds):
    """Without a database: choices are those of the form's own data."""

    def bare(kind, data):
        form = FORMS[kind].__new__(FORMS[kind])
        form.cleaned_data = data
        return ScenarioMove(**form.fields_of_move())

    shown = values_of(bare("open", {"share": share, "one_off": pounds, "new_fixed": None}))
    assert (D(shown["share"]), shown["one_off"] or 0, shown["new_fixed"]) == (share, pounds, None)
    assert D(values_of(bare("referral", {"points": points}))["points"]) == points
    grown = values_of(bare("growth", {"demographic": rate, "non_demographic": None}))
    assert grown["non_demographic"] is None
    assert grown["demographic"] is None if rate is None else D(grown["demographic"]) == rate


def test_a_provider_that_is_not_loaded_can_only_open_a_site(version):
    for kind in ("repatriate", "consolidate", "lose", "referral"):
        assert "RVR" not in dict(filled(kind, version).fields["receiver"].choices), kind
    opened = dict(filled("open", version).fields["receiver"].choices)
    assert opened["RVR"].endswith(" (not loaded)")
    assert not opened[GEORGES].endswith("(not loaded)")


def test_years_to_begin_in_are_the_five_after_the_flows(version):
    assert filled("open", version).fields["first_year"].choices == list(enumerate(YEARS, start=1))


WORDS = [
    ({}, "Repatriate 50.0% of {cardiac} for South West London from Guy's and St Thomas' to St George's"),
    (
        {"senders": [], "one_off": 400_000, "new_fixed": 70_000},
        "Repatriate 50.0% of {cardiac} for South West London from every other provider to St George's, at a cost of £400k "
        "once and £70k a year",
    ),
    (
        {"kind": "consolidate", "homes": [], "share": "1", "payment": "fixed"},
        "Consolidate 100.0% of {cardiac} for every home from Guy's and St Thomas' on St George's; the payment is fixed",
    ),
    (
        {"kind": "open", "services": [], "senders": [], "payment": "follows"},
        "Open a new site of St George's for every service, with 50.0% of South West London now treated at any other provider; "
        "all of the payment follows the patient",
    ),
    (
        {"kind": "lose", "receiver": "", "senders": [GSTT, KINGS]},
        "Guy's and St Thomas' and King's College Hospital loses 50.0% of {cardiac} for South West London; people go where others "
        "of their home go",
    ),
    (
        {"kind": "referral", "share": "-0.1"},
        "The share of St George's in {cardiac} for South West London falls by 10.0 percentage points",
    ),
    (
        {"kind": "growth", "services": []},
        "Every service for South West London grows with its people as assumed, and by the assumed rate in what is done for each",
    ),
    (
        {"kind": "growth", "homes": ["QWE", "QKK", "REST", "OVERSEAS"], "demographic": "0.01", "non_demographic": "-0.005"},
        "{cardiac} for South West London, South East London and 2 more grows by 1.0% a year with its people, and by −0.5% a year "
        "in what is done for each",
    ),
]


@pytest.mark.parametrize(("changes", "words"), WORDS)
def test_a_move_is_said_in_a_sentence(reference, changes, words):
    from planning.queries.scenarios import service_names

    row = ScenarioMove(number=1, **{**repatriation(), **changes})
    row.share = D(row.share)
    for name in ("demographic", "non_demographic"):
        setattr(row, name, None if getattr(row, name) is None else D(getattr(row, name)))
    [cardiac] = services_of(CARDIAC)
    assert move_words(row) == words.format(cardiac=service_names()[cardiac])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": " "}, {"name": ["Enter a name"]}),
        ({"name": "x" * 101}, {"name": ["The name must be 100 characters or fewer"]}),
        ({"note": "x" * 1001}, {"note": ["The note must be 1,000 characters or fewer"]}),
        ({"year": ""}, {"year": ["Select a year"]}),
        ({"year": "2023/24"}, {"year": ["Select a year that is loaded"]}),
        ({"position": ""}, {"position": ["Select a position"]}),
        ({"position": "99"}, {"position": ["Select a position on the list"]}),
        ({"position": "last"}, {"position": ["Select a position on the list"]}),
    ],
)
def test_details_say_what_is_wrong_with_them(position, changes, errors):
    form = ScenarioDetailsForm({"name": "Hearts", "note": "", "year": "2025/26", "position": str(position), **changes})
    assert form.errors == errors


def test_a_year_is_one_that_the_chosen_position_holds(programme_team, position):
    """A later position may lack a year that the position of the draft has."""
    form = ScenarioDetailsForm(position=position)
    assert [year for year, _ in form.fields["year"].choices] == ["2025/26", "2024/25"]
    newer = publish(rows("2025/26", scale=2))
    assert dict(ScenarioDetailsForm(position=position).fields["position"].choices) == {
        newer: f"{newer}, the latest",
        position: f"{position}, as it is now",
    }
    PositionSlice.objects.filter(year="2024/25").update(until_position=newer)
    sent = {"name": "Hearts", "note": "", "year": "2024/25"}
    assert ScenarioDetailsForm({**sent, "position": str(position)}, position=position).is_valid()
    moved = ScenarioDetailsForm({**sent, "position": str(newer)}, position=position)
    assert moved.errors == {"year": ["Select a year that is loaded"]}


def test_without_a_position_there_is_nothing_to_choose(db):
    form = ScenarioDetailsForm({"name": "Hearts"})
    assert form.errors["year"] == ["Select a year"]
    assert form.errors["position"] == ["Select a position"]


WHOLE = "{} must be a whole number, 1 or more"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {"scenario": [WHOLE.format("Scenario")]}),
        ({"scenario": "0"}, {"scenario": [WHOLE.format("Scenario")]}),
        ({"scenario": "1.5"}, {"scenario": [WHOLE.format("Scenario")]}),
        ({"scenario": "10000000000"}, {"scenario": [WHOLE.format("Scenario")]}),
        ({"scenario": "<b>"}, {"scenario": [WHOLE.format("Scenario")]}),
        ({"scenario": "1", "version": "-1"}, {"version": [WHOLE.format("Version")]}),
        ({"scenario": "999999"}, {"__all__": ["There is no such scenario, or it is not shared with you"]}),
    ],
)
def test_a_figure_of_no_scenario_is_refused(programme_team, position, data, errors):
    assert ScenarioForm(data, reader=SimpleNamespace(user=programme_team)).errors == errors


def test_a_figure_is_of_the_latest_saved_version_unless_its_owner_asks_for_the_draft(person, programme_team, position):
    scenario = make_scenario(programme_team, position=position, shared=True)
    make_scenario(programme_team, repatriation(share="0.1"), position=position, name="Draft", saved=False)
    from planning.actions import scenarios as acting

    acting.put_move(by=programme_team, scenario=scenario, fields=repatriation(share="0.1"))
    reader, other = SimpleNamespace(user=programme_team), SimpleNamespace(user=person(Role.BOARD_MEMBER))
    form = ScenarioForm({"scenario": scenario.pk}, reader=reader)
    assert form.is_valid()
    assert form.cleaned_data == {"scenario": scenario.pk, "version": 1, "position": position, "year": "2025/26"}
    assert form.query_string() == f"scenario={scenario.pk}&version=1"
    draft = {"scenario": scenario.pk, "version": 2}
    assert ScenarioForm(draft, reader=reader).is_valid()
    assert not ScenarioForm(draft, reader=other).is_valid()
    assert ScenarioForm({"scenario": scenario.pk}, reader=other).is_valid()
    Assumption.objects.all().delete()
    nothing = ScenarioForm({"scenario": scenario.pk}, reader=reader)
    assert nothing.errors == {"__all__": ["Nothing is assumed yet: an administrator loads the reference data"]}


def test_the_same_scenario_twice_is_compared_once(programme_team, position):
    made = [str(make_scenario(programme_team, position=position, name=name).pk) for name in "AB"]
    reader = SimpleNamespace(user=programme_team)
    form = ComparedForm({"scenario": [made[1], made[0], made[1]]}, reader=reader)
    assert form.is_valid()
    assert form.cleaned_data["scenario"] == [made[1], made[0]]
    assert form.query_string() == f"scenario={made[1]}&scenario={made[0]}"
    assert ComparedForm({"scenario": made[0]}, reader=reader).is_valid()
    assert ComparedForm({"scenario": ["7777"]}, reader=reader).errors == {"scenario": ["Scenarios: “7777” is not on the list"]}


@pytest.fixture
def client(signed_in, programme_team, position):
    return signed_in(programme_team)


def test_a_draft_of_another_year_is_another_page(client, programme_team, position):
    """The page that was kept is of the flows of the year before."""
    scenario = make_scenario(programme_team, position=position, saved=False)
    before = client.get(f"{LIST}{scenario.pk}/moves/")
    tag = before["ETag"]
    assert client.get(f"{LIST}{scenario.pk}/moves/", headers={"If-None-Match": tag}).status_code == 304
    form = {"name": scenario.name, "note": "", "year": "2024/25", "position": position}
    client.post(f"{LIST}{scenario.pk}/details/", form)
    after = client.get(f"{LIST}{scenario.pk}/moves/", headers={"If-None-Match": tag})
    assert after.status_code == 200
    assert "2029/30" in after.content.decode()


HUGE = 10**30


@pytest.mark.parametrize(
    "address",
    [f"{HUGE}/", f"{HUGE}/moves/", f"{HUGE}/details/", f"{HUGE}/delete/", "{pk}/moves/" + f"{HUGE}/", "{pk}/?version=" + "9" * 9],
)
def test_numbers_beyond_any_scenario_are_not_found(client, programme_team, position, address):
    scenario = make_scenario(programme_team, position=position)
    assert client.get(LIST + address.format(pk=scenario.pk)).status_code == 404


@pytest.mark.parametrize("address", [f"moves/{HUGE}/earlier/", f"moves/{HUGE}/remove/", "moves/0/remove/", "moves/1/earlier/"])
def test_a_move_that_is_not_there_is_neither_moved_nor_removed(client, programme_team, position, address):
    scenario = make_scenario(programme_team, position=position)
    assert client.post(f"{LIST}{scenario.pk}/{address}").url == f"{LIST}{scenario.pk}/moves/"
    assert [(v.number, v.moves.count()) for v in scenario.versions.all()] == [(1, 1)]


def test_an_address_starts_a_scenario_only_from_what_can_be_chosen(client, position):
    [service] = services_of(CARDIAC)
    query = f"system=QWE&system=%00&system={'x' * 5000}&provider={GSTT}&provider=<b>&service={service}&receiver=%00"
    page = client.get(f"{LIST}new/?{query}").content.decode()
    assert "It starts from what you chose" in page
    form = {"name": "From afar", "note": "", "year": "2025/26", "position": position}
    ahead = client.post(f"{LIST}new/?{query}", form)
    assert ahead.status_code == 302
    assert Scenario.objects.get().versions.get().selection == {"homes": ["QWE"], "senders": [GSTT], "services": [service]}
    assert client.get(ahead.url).status_code == 200


def test_text_with_a_null_character_is_refused_and_not_stored(client, position):
    form = {"name": "He\x00arts", "note": "", "year": "2025/26", "position": position}
    page = client.post(f"{LIST}new/", form).content.decode()
    assert "There is a problem" in page
    assert not Scenario.objects.exists()


def test_names_are_shown_and_never_run(client, programme_team, position):
    scenario = make_scenario(programme_team, position=position, name="<script>alert(1)</script>", shared=True)
    for address in (LIST, f"{LIST}{scenario.pk}/", f"{LIST}{scenario.pk}/moves/", f"{LIST}compare/?scenario={scenario.pk}"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_discard_and_a_save_say_what_became_of_them(client, programme_team, position):
    scenario = make_scenario(programme_team, position=position)

    def said(address, **data) -> str:
        page = client.post(f"{LIST}{scenario.pk}/{address}/", data, follow=True).content.decode()
        return re.sub(r"\s+", " ", page)

    assert "There is nothing to save: the latest version is as it stands." in said("save")
    client.post(f"{LIST}{scenario.pk}/moves/add/growth/", {"non_demographic": "1", "payment": "rules"})
    assert "“Hearts nearer home” is saved." in said("save")
    assert "“Hearts nearer home” is shared: everybody who sees figures can read it." in said("share", shared="yes")
    assert "“Hearts nearer home” is no longer shared." in said("share")
    assert "The draft is discarded." in said("discard")
    assert "“Copy of Hearts nearer home” is yours: change it and save it." in said("copy", version="1")
    assert Scenario.objects.get(name__startswith="Copy").versions.get().moves.count() == 1
    assert "“Hearts nearer home” is deleted." in said("delete")


def test_a_contradiction_that_came_later_keeps_a_scenario_from_being_saved(client, programme_team, position):
    first, second = repatriation(share="0.6"), repatriation(share="0.6")
    scenario = make_scenario(programme_team, first, second, position=position, saved=False)
    page = client.post(f"{LIST}{scenario.pk}/save/", follow=True).content.decode()
    assert "The scenario is not saved: Move 1 and this one together move 120% of the same people" in page
    assert scenario.versions.get().saved_at is None
