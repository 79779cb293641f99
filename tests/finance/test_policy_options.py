"""Policies kept by name: saved as they stand, shared and deleted by whoever made them, and read side by side."""

import pytest
from django.http import Http404
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from finance.actions import policies as acting
from finance.figures import policy_options as kept
from finance.models import PolicyOption, Rate
from finance.queries import policies as saved
from finance.queries import rates_version
from presentation.figure import Mode
from presentation.run import FiltersInvalid
from tests.finance.test_allocation_figures import rows
from tests.finance.test_pages import words
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
CORE = {"year": "2025/26", "way": "core"}


@pytest.fixture
def loaded():
    return publish(rows())


def save(by, name="Slower", position=1, **options):
    settings = {**CORE, **options.pop("settings", {})}
    return acting.save_policy_option(by=by, name=name, position=position, settings=settings, rates=rates_version(), **options)


@pytest.fixture
def lead(person):
    return person(Role.FINANCE_LEAD, "QKK")


def test_an_option_is_kept_as_it_was_said_and_audited(programme_team):
    option = save(programme_team, settings={"floor": "3"}, note=" For the board ", shared=True)
    assert (option.name, option.note, option.settings["floor"]) == ("Slower", "For the board", "3")
    event = AuditEvent.objects.get(action="saved policy option")
    assert (event.about, event.detail["shared"]) == (f"Policy option {option.pk}: Slower", True)


def test_a_name_stands_once_until_it_is_deleted(programme_team, lead):
    first = save(programme_team)
    with pytest.raises(acting.PolicyNotSaved, match="choose another name"):
        save(programme_team, " Slower ")
    save(lead)
    acting.delete_policy_option(by=programme_team, option=first)
    assert save(programme_team).pk != first.pk
    assert PolicyOption.objects.count() == 3


def test_only_those_who_plan_keep_options_and_only_their_own(programme_team, lead, board_member):
    option = save(programme_team, shared=True)
    with pytest.raises(NotAllowed, match="saved by the programme team and finance leads"):
        save(board_member)
    for act in (
        lambda: acting.share_policy_option(by=lead, option=option, shared=False),
        lambda: acting.delete_policy_option(by=lead, option=option),
        lambda: saved.own_option(lead, option.pk),
    ):
        with pytest.raises(NotAllowed, match="somebody else's"):
            act()
    acting.delete_policy_option(by=programme_team, option=option)
    with pytest.raises(acting.PolicyNotSaved, match="was deleted"):
        acting.share_policy_option(by=programme_team, option=option, shared=True)
    with pytest.raises(Http404):
        saved.own_option(programme_team, option.pk)


def test_others_read_what_is_shared(programme_team, board_member):
    option = save(programme_team)
    assert saved.option_choices(board_member) == []
    assert saved.option_choices(None) == []
    assert len(saved.option_choices(command_line_user())) == 1
    acting.share_policy_option(by=programme_team, option=option, shared=True)
    assert saved.option_choices(board_member) == [(str(option.pk), f"Slower ({programme_team})")]
    acting.share_policy_option(by=programme_team, option=option, shared=False)
    assert saved.option_choices(board_member) == []
    assert [e.action for e in AuditEvent.objects.filter(action__contains="shar")] != []


def test_the_list_says_what_has_changed_since(programme_team, loaded):
    save(programme_team)
    [row] = saved.listed_options(programme_team)
    assert (row["own"], row["older"], row["rates_changed"]) == (True, False, False)
    Rate.objects.filter(key="cap").update(value="0.06")
    publish(rows(month=2))
    [row] = saved.listed_options(programme_team)
    assert (row["older"], row["rates_changed"]) == (True, True)
    assert row["address"] == "/allocation/policy/?position=1&way=core&year=2025%2F26"


def test_options_stand_side_by_side(run, programme_team, loaded):
    fast = save(programme_team, "Fast", settings={"floor": "0", "cap": "10", "knots": "-10 5; 10 -5"}, shared=True)
    slow = save(programme_team, "Slow", shared=True)
    result = run("policy_options", {"option": [str(slow.pk), str(fast.pk)]})
    frame = result.frame.set_index(["option_name", "who"])
    assert frame.loc[("Fast", "South East London"), "gain"] > frame.loc[("Slow", "South East London"), "gain"] > 0
    alone = run("policy_gains", CORE).frame.set_index("system_name")
    assert frame.loc[("Slow", "South West London"), "gain"] == alone.loc["South West London", "gain"]
    assert "under “Fast”" in result.title
    assert "under “Slow”" in result.title
    assert run("policy_options", {"option": [str(slow.pk)]}).title.startswith("Under “Slow” South ")
    assert result.figure.rows(result.filters) == {"position": 1, "year": "2025/26"}


def test_every_fifth_and_every_provider_stands_side_by_side(run, programme_team, loaded):
    fast = save(programme_team, "Fast", settings={"floor": "0", "cap": "10", "knots": "-10 5; 10 -5"}, shared=True)
    slow = save(programme_team, "Slow", shared=True)
    asked = {"option": [str(slow.pk), str(fast.pk)]}
    fifths = run("policy_options_fifths", asked)
    alone = run("policy_fifths", CORE).frame
    own = fifths.frame[fifths.frame["option_name"] == "Slow"]
    assert own["who"].tolist() == [
        f"{one} fifth of residents" for one in ("Most deprived", "Second", "Middle", "Fourth", "Least deprived")
    ]
    assert own["gain"].tolist() == alone["gain"].tolist()
    assert own["residents"].tolist() == alone["residents"].tolist()
    assert fifths.frame.groupby("option_name")["gain"].sum().to_dict() == {"Fast": 0, "Slow": 0}
    providers = run("policy_options_providers", asked)
    alone = run("policy_providers", CORE).frame.set_index("provider")
    own = providers.frame[providers.frame["option_name"] == "Slow"].set_index("provider")
    assert own["gain"].to_dict() == alone["gain"].to_dict()
    assert own["host_name"].to_dict() == alone["host_name"].to_dict()
    assert len(providers.frame) == 2 * len(alone)
    for result in (fifths, providers):
        assert result.title.startswith("The options differ most for ")
        assert any("side" in note or "As if" in note for note in result.notes)


def test_options_are_read_once_for_all_three_figures(programme_team, signed_in, loaded, monkeypatch):
    option, tried = save(programme_team, shared=True), []
    real = kept.read_providers
    monkeypatch.setattr(kept, "read_providers", lambda *args: tried.append(1) or real(*args))
    said = words(signed_in(programme_team).get(reverse("finance:policy_options"), {"option": option.pk}))
    assert len(tried) == 1
    for caption in ("What each option gives to each fifth of residents", "Where each option would be felt"):
        assert caption in said


def test_an_option_that_cannot_hold_any_more_says_why(run, programme_team, loaded):
    option = save(programme_team, settings={"growth": "3"}, shared=True)
    result = run("policy_options", {"option": [str(option.pk)]})
    assert result.title == "The options chosen cannot be worked out: see the note"
    assert any("“Slower” cannot be worked out. In 2026/27: The floor of 3.6% cannot hold" in note for note in result.notes)
    for name in ("policy_options_fifths", "policy_options_providers"):
        other = run(name, {"option": [str(option.pk)]})
        assert any("“Slower” cannot be worked out." in note for note in other.notes)
        assert other.frame["gain"].isna().all()


def test_options_of_one_name_are_told_apart_by_their_owners(run, programme_team, lead, loaded):
    options = [str(save(by, shared=True).pk) for by in (programme_team, lead)]
    result = run("policy_options", {"option": options})
    assert set(result.frame["option_name"]) == {f"Slower ({by})" for by in (programme_team, lead)}
    assert result.title == "The options give everybody the same in the first year"


def test_none_and_too_many_are_said(run, programme_team):
    for mode in Mode:
        for name in ("policy_options", "policy_options_fifths", "policy_options_providers"):
            assert run(name, mode=mode).title == "Choose two to four options to compare"
    options = [str(save(programme_team, f"Option {n}", shared=True).pk) for n in range(5)]
    with pytest.raises(FiltersInvalid, match="at most four options: 5 are chosen"):
        run("policy_options", {"option": options})
    with pytest.raises(FiltersInvalid, match="is not on the list"):
        run("policy_options", {"option": ["999"]})


def test_an_option_of_an_older_position_keeps_its_numbers(run, programme_team, loaded):
    option = save(programme_team, shared=True)
    before = run("policy_options", {"option": [str(option.pk)]}).frame
    publish(rows(month=2))
    after = run("policy_options", {"option": [str(option.pk)]})
    assert after.frame["allocation"].tolist() == before["allocation"].tolist()
    assert after.position == 1


def test_a_policy_is_saved_from_the_workbench_and_compared(programme_team, signed_in, loaded):
    client = signed_in(programme_team)
    address = f"{reverse('finance:save_policy_option')}?way=core&floor=3"
    assert "Enter a name" in words(client.post(address, {"name": ""}))
    response = client.post(address, {"name": "Lower floor", "shared": "on"}, follow=True)
    assert "“Lower floor” is saved." in words(response)
    option = PolicyOption.objects.get()
    assert (option.settings["floor"], option.settings["way"], option.position) == ("3", "core", 1)
    assert "choose another name" in words(client.post(address, {"name": "Lower floor"}))
    said = words(client.get(reverse("finance:policy_options"), {"option": option.pk}))
    assert "Under “Lower floor” South" in said
    assert "What the options say" in said
    assert "Core index, finished" in said
    assert words(client.get(saved.address_of(option))).count("a floor of 3%")


def test_an_option_is_shared_and_deleted_on_its_page(programme_team, signed_in, board_member):
    option = save(programme_team)
    client = signed_in(programme_team)
    share = reverse("finance:share_policy_option", args=[option.pk])
    assert "is shared" in words(client.post(share, {"shared": "yes"}, follow=True))
    assert "no longer shared" in words(client.post(share, {"shared": "no"}, follow=True))
    delete = reverse("finance:delete_policy_option", args=[option.pk])
    assert "Delete “Slower”?" in words(client.get(delete))
    assert "There is no saved option yet" in words(client.post(delete, follow=True))
    assert client.post(share).status_code == 404


def test_a_policy_that_cannot_hold_is_not_saved_but_shown(programme_team, signed_in, loaded):
    response = signed_in(programme_team).get(f"{reverse('finance:save_policy_option')}?way=core&growth=3")
    assert response.status_code == 302
    assert response.url == "/allocation/policy/?way=core&growth=3"
