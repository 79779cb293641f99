"""A round that is started from a saved policy option: the same numbers to the penny, and where it came from is said on it."""

import pandas as pd
import pytest
from django.urls import reverse

from accounts.models import Role
from finance.actions import policies as options
from finance.actions import rounds as acting
from finance.calculations.policy import without_programmes
from finance.figures.round_origin import origin_of
from finance.figures.round_steps import told_of
from finance.forms.round_from_option import answers_of_option
from finance.forms.rounds import RoundDetailsForm, answers_of
from finance.models import AllocationRound, PolicyOption, Rate
from finance.queries import rates_version
from finance.queries import rounds as reading
from planning.models import Footprint, ProgrammeOfCare, Service, System
from tests.finance.round_area import PARAMETERS, stored_round
from tests.finance.test_allocation_figures import rows
from tests.finance.test_pages import words
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
SAID = {
    "year": "2025/26",
    "way": "chain",
    "growth": "4",
    "years": "2",
    "floor": "-2",
    "cap": "9.5",
    "knots": "-10 2; 0 0; 10 -2.5",
    "need_weight": "150",
}


@pytest.fixture
def position() -> int:
    return publish(rows())


@pytest.fixture
def option(programme_team, position):
    return saved_option(programme_team)


def saved_option(by, name="Faster, more need", position=1, shared=True, **changed) -> PolicyOption:
    settings = {k: v for k, v in {**SAID, **changed}.items() if v is not None}
    return options.save_policy_option(
        by=by, name=name, position=position, settings=settings, rates=rates_version(), shared=shared, note="For the board"
    )


def sent_as_shown(option) -> dict:
    """The form as a browser sends it when nothing is changed."""
    form = RoundDetailsForm(option=option)
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def started(by, option, **changed) -> AllocationRound:
    form = RoundDetailsForm({**sent_as_shown(option), **changed}, option=option)
    assert form.is_valid(), form.errors
    found = acting.calculate(by=by, found=acting.make_round(by=by, asked=form.asked))
    assert found.missing == []
    return found


def allocated(found) -> dict:
    years = reading.tables_of(found.pk, "results")["years"]
    return {(y, a): int(n) for y, a, n in zip(years["year"], years["area"], years["allocation"], strict=True)}


def tried(run, option) -> dict:
    frame = run("policy_years", {**option.settings, "position": str(option.position)}).frame
    return {(y, a): int(n) for y, a, n in zip(frame["year"], frame["system"], frame["allocation"], strict=True)}


def with_programmes() -> None:
    """One service of a programme of care."""
    ProgrammeOfCare.objects.get_or_create(code="B", defaults={"name": "Cancer"})
    Service.objects.filter(code="GREEN1").update(programme_of_care_id="B")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"way": "core", "need_weight": "100"},
        {"quantum": "0.00135"},
        {"need_weight": "0", "years": "10"},
    ],
    ids=["chain", "core", "quantum", "ten years without need"],
)
def test_a_round_from_an_option_allocates_what_the_workbench_does_to_the_penny(run, programme_team, position, changed):
    option = saved_option(programme_team, **changed)
    assert allocated(started(programme_team, option)) == tried(run, option)


def test_programmes_of_care_that_an_option_leaves_out_are_left_out_of_the_round(run, programme_team, position):
    with_programmes()
    option = saved_option(programme_team, leave_out_programme=["B"])
    found = started(programme_team, option)
    assert allocated(found) == tried(run, option)
    whole = started(programme_team, saved_option(programme_team, "Whole"))
    assert sum(allocated(found).values()) < sum(allocated(whole).values())
    assert dict(told_of(found))["Left out"] == ProgrammeOfCare.objects.get(code="B").name
    assert "Left out" not in dict(told_of(whole))
    assert "B" not in reading.rows_of(found)["programme_of_care"]
    assert "programme_of_care" not in reading.rows_of(whole)


def test_services_of_no_programme_stay_when_programmes_are_left_out():
    mapped = pd.DataFrame({"service_code": ["S1", "S2", "S3"], "amount": [1, 2, 3]})
    programmes = {"S1": "B", "S2": "C"}
    assert without_programmes(mapped, programmes, ["B"])["amount"].tolist() == [2, 3]
    assert without_programmes(mapped, programmes, []).equals(mapped)
    with pytest.raises(ValueError, match="service_code"):
        without_programmes(mapped[["amount"]], programmes, ["B"])


def test_systems_that_are_left_out_are_no_area_of_the_round(programme_team, position):
    kent = Footprint.objects.create(code="kent", name="With Kent")
    kent.systems.set(System.objects.all())
    asked = {"name": "R", "position": position, "baseline_year": "2025/26", "first_year": "2026/27", "years": 1}
    told = {**PARAMETERS, "leave_out_system": ["QKS"]}
    made = acting.make_round(by=programme_team, asked={**asked, "footprint_id": "kent", "parameters": told})
    found = acting.calculate(by=programme_team, found=made)
    assert found.missing == []
    assert set(reading.tables_of(found.pk, "results")["years"]["area"]) == {"QKK", "QWE"}
    assert dict(told_of(found))["Left out"] == "Kent and Medway"


def test_the_form_begins_with_all_that_the_option_says(option):
    said = answers_of_option(option)
    assert (said["growth"], said["floor"], said["cap"], said["years"]) == ("4", "-2", "9.5", 2)
    assert said["knots"] == "-10 2\n0 0\n10 -2.5"
    assert said["need_per_unit"] == "0.006"
    assert (said["baseline_year"], said["first_year"], said["method"]) == ("2025/26", "2026/27", "chain")
    assert (said["name"], said["note"], said["quantum"]) == ("Faster, more need", "For the board", None)
    Rate.objects.filter(kind="need").delete()
    assert answers_of_option(option)["need_per_unit"] is None


def test_it_starts_from_the_position_of_the_option_unless_another_is_chosen(programme_team, option):
    publish(rows(month=2))
    form = RoundDetailsForm(option=option)
    assert form["position"].value() == 1
    assert [number for number, _ in form.fields["position"].choices] == [2, 1]
    assert started(programme_team, option).position == 1
    assert started(programme_team, option, position="2").position == 2


def test_an_option_that_cannot_be_read_any_more_carries_nothing_and_says_so(programme_team, signed_in, position):
    option = saved_option(programme_team, year="2019/20")
    assert answers_of_option(option) == {}
    said = words(signed_in(programme_team).get(reverse("finance:new_round"), {"option": option.pk}))
    assert "Nothing of it is carried over" in said
    read = words(signed_in(programme_team).get(reverse("finance:new_round"), {"option": saved_option(programme_team, "B").pk}))
    assert "Nothing of it is carried over" not in read


def test_from_the_button_on_the_option_to_the_round_that_says_where_it_came_from(programme_team, signed_in, option):
    client = signed_in(programme_team)
    assert f"{reverse('finance:new_round')}?option={option.pk}" in client.get(reverse("finance:policy_options")).content.decode()
    address = f"{reverse('finance:new_round')}?option={option.pk}"
    page = words(client.get(address))
    assert "It begins as the policy option “Faster, more need” says, at position 1" in page
    client.post(address, sent_as_shown(option))
    found = AllocationRound.objects.get()
    assert found.parameters["option"] == {"number": option.pk, "name": "Faster, more need", "owner": str(programme_team)}
    page = words(client.get(reverse("finance:allocation_round", args=[found.pk])))
    assert f"It was started from the policy option “Faster, more need” of {programme_team}." in page


def test_what_a_round_says_otherwise_than_its_option_is_told(programme_team, option):
    found = started(programme_team, option, growth="4; 3.5", floor="-1")
    assert origin_of(found, programme_team)["changed"] == "growth (%) and floor (%)"
    assert origin_of(started(programme_team, option), programme_team)["changed"] == ""
    assert origin_of(stored_round(programme_team), programme_team) is None


def test_where_it_came_from_stays_when_it_is_changed_and_in_one_like_it(programme_team, option):
    found = started(programme_team, option)
    sent = {k: v for k, v in answers_of(found).items() if v not in (None, False)}
    for form in (RoundDetailsForm({**sent, "name": "Other"}, found=found), RoundDetailsForm(sent, found=found)):
        assert form.is_valid(), form.errors
        assert form.asked["parameters"]["option"]["number"] == option.pk
    before = found.sha256
    found.parameters["option"]["name"] = "Another"
    assert reading.fingerprint(found) != before


def test_an_option_that_a_reader_may_not_open_is_named_without_a_link(programme_team, person, option):
    found = started(programme_team, option)
    other = person(Role.PROGRAMME_TEAM)
    assert origin_of(found, other)["address"].startswith("/allocation/policy/?")
    options.share_policy_option(by=programme_team, option=option, shared=False)
    assert origin_of(found, other)["address"] == ""
    assert origin_of(found, programme_team)["address"] != ""
    options.delete_policy_option(by=programme_team, option=option)
    assert origin_of(found, programme_team)["address"] == ""


def test_only_the_programme_team_starts_a_round_and_only_from_what_they_may_read(programme_team, person, signed_in, option):
    lead = person(Role.FINANCE_LEAD, "QKK")
    address = reverse("finance:new_round")
    assert signed_in(lead).get(address, {"option": option.pk}).status_code == 403
    assert "Start a round" not in words(signed_in(lead).get(reverse("finance:policy_options")))
    own = saved_option(lead, "Mine alone", shared=False)
    client = signed_in(programme_team)
    for number in (own.pk, 999):
        assert client.get(address, {"option": number}).status_code == 404
    assert client.get(address, {"option": "x"}).status_code == 200
