"""Pages of scenarios: made, changed, saved, shared, copied, compared and deleted, by whom it may be, in words."""

import re

import pytest

from accounts.models import AuditEvent, Role
from planning.models import Extract, ExtractState, Scenario, ScenarioVersion
from tests.planning.scenario_area import CARDIAC, GEORGES, GSTT, KINGS, make_scenario, publish_area, repatriation, services_of

pytestmark = pytest.mark.django_db
LIST = "/flows/scenarios/"


@pytest.fixture(scope="module")
def position(loaded_reference) -> int:
    return publish_area()


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def move_of(**changes) -> dict:
    fields = {"homes": ["QWE"], "services": services_of(CARDIAC), "senders": [GSTT], "receiver": GEORGES, "share": "50"}
    return {**fields, "first_year": "1", "payment": "rules", "one_off": "", "new_fixed": "", "note": "", **changes}


@pytest.fixture
def client(signed_in, programme_team, position):
    return signed_in(programme_team)


@pytest.fixture
def scenario(programme_team, position) -> Scenario:
    return make_scenario(programme_team, position=position)


@pytest.fixture
def shared(programme_team, position) -> Scenario:
    return make_scenario(programme_team, position=position, name="For everybody", shared=True)


def begin(client, position, **changes):
    form = {"name": "Hearts", "note": "", "year": "2025/26", "position": position, **changes}
    return client.post(f"{LIST}new/", form)


def test_an_empty_list_offers_to_start_one(client):
    page = text(client.get(LIST))
    assert "There is no scenario yet" in page
    assert "Start a scenario" in page


def test_from_nothing_to_a_saved_scenario(client, position):
    begun = begin(client, position)
    made = Scenario.objects.get()
    assert begun.url == f"{LIST}{made.pk}/moves/"
    assert "There is no move yet" in text(client.get(begun.url))

    looked = text(client.post(f"{LIST}{made.pk}/moves/add/repatriate/", {**move_of(), "preview": "yes"}))
    assert "Not kept yet." in looked
    assert not made.versions.get().moves.exists()

    assert client.post(f"{LIST}{made.pk}/moves/add/repatriate/", move_of()).url == begun.url
    page = text(client.get(begun.url))
    assert "Repatriate 50.0% of" in page
    assert "360 admitted spells a year move to St George" in page

    saved = client.post(f"{LIST}{made.pk}/save/")
    assert saved.url == f"{LIST}{made.pk}/"
    page = text(client.get(saved.url))
    assert "Version 1" in page
    assert "loses most" in page
    for words in ("Stranded cost", "Beds", "Assumptions used", "Default", "Illustrative", "Programme team"):
        assert words in page


def test_what_was_chosen_on_the_flows_page_is_filled_in(client, position):
    service = services_of(CARDIAC)[0]
    query = f"system=QWE&provider={GSTT}&service={service}"
    assert "It starts from what you chose" in text(client.get(f"{LIST}new/?{query}"))
    begun = client.post(f"{LIST}new/?{query}", {"name": "From a flow", "year": "2025/26", "position": position})
    page = client.get(begun.url)
    assert begun.url.split("?")[0].endswith("/moves/add/repatriate/")
    form = page.context["form"]
    assert (form["homes"].value(), form["senders"].value(), form["services"].value()) == (["QWE"], [GSTT], [service])
    assert ScenarioVersion.objects.get().selection == {"homes": ["QWE"], "senders": [GSTT], "services": [service]}


def test_the_flows_page_leads_to_a_scenario_of_what_it_shows(client, signed_in, board_member, position):
    service = services_of(CARDIAC)[0]
    page = client.get(f"/flows/?system=QWE&provider={GSTT}&service={service}&year=2025/26").content.decode()
    address = re.search(r'href="(/flows/scenarios/new/[^"]+)"', page)[1].replace("&amp;", "&")
    begun = client.post(address, {"name": "From the page", "year": "2025/26", "position": position})
    form = client.get(begun.url).context["form"]
    assert (form["homes"].value(), form["senders"].value(), form["services"].value()) == (["QWE"], [GSTT], [service])
    assert "/flows/scenarios/new/" not in signed_in(board_member).get("/flows/").content.decode()


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("repatriate", {"share": "101"}, "Share that moves must be between 0% and 100%"),
        ("repatriate", {"share": "-1"}, "Share that moves must be between 0% and 100%"),
        ("repatriate", {"share": "half"}, "Share that moves must be a number, such as 12.5"),
        ("repatriate", {"share": ""}, "Enter share that moves"),
        ("repatriate", {"share": "0"}, "The share must not be 0: nothing would move"),
        ("repatriate", {"receiver": GSTT}, "The provider that they go to is one that they leave"),
        ("repatriate", {"receiver": ""}, "Select provider that they go to"),
        ("repatriate", {"receiver": "XXX"}, "is not on the list"),
        ("repatriate", {"homes": []}, "Select homes of the people who move"),
        ("repatriate", {"one_off": "-5"}, "One-off cost, £ must be between £0 and £1,000,000,000"),
        ("repatriate", {"new_fixed": "1.5"}, "must be whole pounds, such as 400000"),
        ("repatriate", {"first_year": "9"}, "is not on the list"),
        ("repatriate", {"senders": [KINGS]}, "treated nobody of"),
        ("open", {"services": []}, "Select services"),
        ("consolidate", {"senders": []}, "Select providers that they leave"),
        ("lose", {"senders": []}, "Select provider that loses the service"),
        ("referral", {"points": "101"}, "Change in its share must be between −100% and 100%"),
        ("referral", {"points": "0"}, "The change must not be 0"),
        ("referral", {"points": "90"}, "its share can rise by at most 50 percentage points"),
        ("growth", {"demographic": "21"}, "Growth with people must be between −20% and 20%"),
        ("growth", {"non_demographic": "x"}, "must be a number, such as 12.5"),
    ],
)
def test_what_is_out_of_range_or_contradictory_is_said_with_the_field(client, programme_team, position, kind, changes, says):
    made = make_scenario(programme_team, position=position, saved=False, name="Draft")
    made.versions.get().moves.all().delete()
    response = client.post(f"{LIST}{made.pk}/moves/add/{kind}/", {**move_of(), "points": "5", **changes})
    assert response.status_code == 200
    assert says in text(response).replace("&#x27;", "'").replace("&quot;", '"')
    assert "There is a problem" in text(response)
    assert not made.versions.get().moves.exists()


def test_a_second_move_of_the_same_people_beyond_all_of_them_is_refused(client, scenario):
    response = client.post(f"{LIST}{scenario.pk}/moves/add/repatriate/", move_of(share="60"))
    assert "Move 1 and this one together move 110% of the same people" in text(response)


@pytest.mark.parametrize("kind", ["repatriate", "consolidate", "open", "lose", "referral", "growth"])
def test_every_kind_of_move_is_made_and_read_again(client, programme_team, position, kind):
    made = make_scenario(programme_team, position=position, saved=False)
    made.versions.get().moves.all().delete()
    change = {"open": {"receiver": "RVR"}, "lose": {"receiver": ""}, "consolidate": {"homes": []}}.get(kind, {})
    response = client.post(
        f"{LIST}{made.pk}/moves/add/{kind}/", {**move_of(share="40"), "points": "-10", "non_demographic": "2.5", **change}
    )
    assert response.status_code == 302, text(response)
    form = client.get(f"{LIST}{made.pk}/moves/1/").context["form"]
    assert form.kind == kind
    page = text(client.get(f"{LIST}{made.pk}/moves/"))
    assert "What they do together" in page
    assert client.post(f"{LIST}{made.pk}/save/").url == f"{LIST}{made.pk}/"
    assert client.get(f"{LIST}{made.pk}/").status_code == 200


def test_a_kind_that_is_none_and_a_move_that_is_not_there_are_not_found(client, scenario):
    assert client.get(f"{LIST}{scenario.pk}/moves/add/teleport/").status_code == 404
    assert client.get(f"{LIST}{scenario.pk}/moves/7/").status_code == 404


def test_moves_are_reordered_and_removed(client, scenario):
    client.post(f"{LIST}{scenario.pk}/moves/add/growth/", {"non_demographic": "1", "payment": "rules"})
    client.post(f"{LIST}{scenario.pk}/moves/2/earlier/")
    draft = scenario.versions.get(saved_at=None)
    assert [m.kind for m in draft.moves.order_by("number")] == ["growth", "repatriate"]
    client.post(f"{LIST}{scenario.pk}/moves/1/earlier/")
    client.post(f"{LIST}{scenario.pk}/moves/1/remove/")
    assert [(m.number, m.kind) for m in draft.moves.all()] == [(1, "repatriate")]


def test_saving_again_makes_a_version_and_the_old_one_still_opens(client, scenario):
    client.post(f"{LIST}{scenario.pk}/moves/1/", move_of(share="10"))
    page = text(client.get(f"{LIST}{scenario.pk}/"))
    assert "Go on with the draft" in page
    assert "50.0%" in page
    client.post(f"{LIST}{scenario.pk}/save/")
    assert "10.0%" in text(client.get(f"{LIST}{scenario.pk}/"))
    old = text(client.get(f"{LIST}{scenario.pk}/?version=1"))
    assert "50.0%" in old
    assert "Not the latest version" in old
    assert client.get(f"{LIST}{scenario.pk}/?version=9").status_code == 404


def test_a_draft_is_discarded_and_a_scenario_without_moves_is_not_saved(client, position, scenario):
    client.post(f"{LIST}{scenario.pk}/moves/1/", move_of(share="10"))
    client.post(f"{LIST}{scenario.pk}/discard/")
    assert [v.number for v in scenario.versions.all()] == [1]
    begin(client, position, name="Empty")
    empty = Scenario.objects.get(name="Empty")
    assert "Add a move before you save" in text(client.post(f"{LIST}{empty.pk}/save/", follow=True))


def test_a_name_is_used_once_by_one_person(client, position, scenario):
    assert "You have a scenario of that name" in text(begin(client, position, name=scenario.name))
    assert "Enter a name" in text(begin(client, position, name=" "))


def test_name_note_and_start_are_changed(client, position, scenario):
    newer = publish_area(scale=2)
    form = {"name": "Renamed", "note": "Why", "year": "2025/26", "position": newer}
    assert client.post(f"{LIST}{scenario.pk}/details/", form).url == f"{LIST}{scenario.pk}/moves/"
    scenario.refresh_from_db()
    assert (scenario.name, scenario.note) == ("Renamed", "Why")
    assert scenario.versions.get(saved_at=None).position == newer
    assert scenario.versions.get(number=1).position == position
    assert "720 admitted spells a year move" in text(client.get(f"{LIST}{scenario.pk}/moves/"))


def test_the_board_reads_what_is_shared_and_nothing_else(signed_in, board_member, scenario, shared):
    client = signed_in(board_member)
    page = text(client.get(LIST))
    assert "For everybody" in page
    assert scenario.name not in page
    assert "Start a scenario" not in page
    assert client.get(f"{LIST}{scenario.pk}/").status_code == 404
    shown = text(client.get(f"{LIST}{shared.pk}/"))
    assert "Make a copy" not in shown
    for address in ("new/", f"{shared.pk}/moves/", f"{shared.pk}/details/", "assumptions/add/"):
        assert client.get(LIST + address).status_code == 403
    for address in ("save", "share", "copy", "delete", "discard"):
        assert client.post(f"{LIST}{shared.pk}/{address}/").status_code == 403


def test_a_finance_lead_copies_what_is_shared_and_changes_the_copy(signed_in, finance_lead, shared):
    client = signed_in(finance_lead)
    assert client.get(f"{LIST}{shared.pk}/moves/").status_code == 403
    made = client.post(f"{LIST}{shared.pk}/copy/", {"version": "1"})
    copy = Scenario.objects.get(owner=finance_lead)
    assert made.url == f"{LIST}{copy.pk}/moves/"
    assert copy.name == "Copy of For everybody"
    assert str(copy.copied_from) == "For everybody, version 1"
    assert copy.versions.get().moves.count() == 1
    client.post(f"{LIST}{shared.pk}/copy/")
    assert Scenario.objects.filter(owner=finance_lead, name="Copy 2 of For everybody").exists()


def test_sharing_can_end(client, signed_in, board_member, shared):
    client.post(f"{LIST}{shared.pk}/share/", {"shared": "no"})
    assert signed_in(board_member).get(f"{LIST}{shared.pk}/").status_code == 404
    client.post(f"{LIST}{shared.pk}/share/", {"shared": "yes"})
    assert signed_in(board_member).get(f"{LIST}{shared.pk}/").status_code == 200


def test_what_is_not_saved_is_not_shared(client, programme_team, position):
    draft = make_scenario(programme_team, position=position, saved=False)
    assert "Save the scenario before you share it" in text(
        client.post(f"{LIST}{draft.pk}/share/", {"shared": "yes"}, follow=True)
    )
    assert client.get(f"{LIST}{draft.pk}/").url == f"{LIST}{draft.pk}/moves/"


def test_deleting_asks_first_and_leaves_no_way_in(client, scenario):
    assert "Delete “Hearts nearer home”?" in text(client.get(f"{LIST}{scenario.pk}/delete/"))
    client.post(f"{LIST}{scenario.pk}/delete/")
    assert client.get(f"{LIST}{scenario.pk}/").status_code == 404
    assert scenario.name not in text(client.get(LIST)).replace("is deleted", "")


def test_an_older_position_and_withdrawn_data_are_marked_and_still_open(client, scenario):
    publish_area(scale=2)
    Extract.objects.filter(provider=GSTT).update(state=ExtractState.WITHDRAWN)
    for address in (f"{LIST}{scenario.pk}/", f"{LIST}{scenario.pk}/moves/"):
        page = text(client.get(address))
        assert "Withdrawn data" in page
        assert "Older position" in page
        assert "360 admitted spells a year move" in page
    listed = text(client.get(LIST))
    assert "Withdrawn data" in listed
    assert "Older position" in listed


def test_scenarios_are_compared_side_by_side(client, programme_team, position, scenario, shared):
    other = make_scenario(programme_team, repatriation(share="0.1"), position=position, name="A tenth")
    page = text(client.get(f"{LIST}compare/?scenario={scenario.pk}&scenario={shared.pk}&scenario={other.pk}"))
    assert "does best for the whole" in page
    for name in (scenario.name, shared.name, other.name):
        assert name in page
    assert "72</td>" in page
    assert "Choose two to four" in text(client.get(f"{LIST}compare/"))


def test_more_than_four_are_too_many_and_others_are_not_on_the_list(client, programme_team, position, person):
    made = [make_scenario(programme_team, position=position, name=str(n)) for n in range(5)]
    query = "&".join(f"scenario={one.pk}" for one in made)
    assert "Choose at most four scenarios: 5 are chosen" in text(client.get(f"{LIST}compare/?{query}"))
    hidden = make_scenario(person(Role.FINANCE_LEAD, "RJ1"), position=position)
    assert "is not on the list" in text(client.get(f"{LIST}compare/?scenario={hidden.pk}"))


def test_the_list_leads_from_a_figures_address_to_its_scenario(client, scenario):
    assert client.get(f"{LIST}?scenario={scenario.pk}&version=1").url == f"{LIST}{scenario.pk}/?version=1"


def test_files_are_of_one_version_and_only_for_whoever_may_read_it(client, signed_in, board_member, scenario, shared):
    csv = client.get(f"/figure/scenario_organisations.csv?scenario={scenario.pk}&version=1")
    assert csv.status_code == 200
    assert "Guy's and St Thomas'" in csv.content.decode("utf-8-sig")
    board = signed_in(board_member)
    refused = board.get(f"/figure/scenario_organisations.csv?scenario={scenario.pk}&version=1")
    assert (refused.status_code, b"no such scenario" in refused.content) == (400, True)
    outside = board.get(f"/figure/scenario_organisations.csv?scenario={shared.pk}").content.decode("utf-8-sig")
    assert "For sharing outside" in outside or "outside" in outside
    assert board.get(f"/figure/scenario_years.xlsx?scenario={shared.pk}").status_code == 200


def test_each_write_is_in_the_audit_trail(client, programme_team, scenario):
    for address, data in (("share", {"shared": "yes"}), ("copy", {}), ("delete", {})):
        client.post(f"{LIST}{scenario.pk}/{address}/", data)
    actions = list(AuditEvent.objects.filter(by=programme_team).order_by("pk").values_list("action", flat=True))
    assert actions == [
        "made scenario", "changed move of scenario", "saved scenario", "shared scenario", "copied scenario", "deleted scenario",
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["?version=x", "?version=99999999999", "?scenario=<b>"])
def test_hostile_addresses_are_answered_in_words(client, scenario, query):
    assert client.get(f"{LIST}{scenario.pk}/{query}").status_code in (200, 302, 404)
    for name in ("scenario_years", "scenarios_compared", "scenario_assumptions"):
        assert client.get(f"/figure/{name}.csv{query}&scenario=0").status_code == 400
