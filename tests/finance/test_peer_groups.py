"""Peer groups: who may keep them, what is refused by name, what is audited, and the pages."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from finance.actions import NotKept, change_peer_group, delete_peer_group, make_peer_group
from finance.models import PeerGroup
from finance.queries.peers import groups_version, peer_choices
from tests.finance.peer_groups import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def lead(person):
    return person(Role.FINANCE_LEAD, "RJ1")


def test_a_group_is_kept_changed_and_deleted_each_in_the_audit_trail(programme_team):
    group = make_group(programme_team, members=["QWE", "QKK", "QKK"])
    assert group.members == ["QKK", "QWE"]
    before = groups_version()
    change_peer_group(by=programme_team, group=group, name="London", members=["QKK", "QKS"])
    assert groups_version() != before
    delete_peer_group(by=programme_team, group=group)
    assert peer_choices() == []
    said = AuditEvent.objects.filter(action__contains="peer group").order_by("pk").values_list("action", flat=True)
    assert list(said) == ["made peer group", "changed peer group", "deleted peer group"]
    with pytest.raises(NotKept, match="was deleted"):
        delete_peer_group(by=programme_team, group=group)


def test_a_name_stands_once_and_is_free_again_once_deleted(programme_team):
    group = make_group(programme_team)
    with pytest.raises(NotKept, match="choose another name"):
        make_group(programme_team)
    delete_peer_group(by=programme_team, group=group)
    assert make_group(programme_team).pk != group.pk


def test_one_member_is_no_group(programme_team):
    with pytest.raises(NotKept, match="two members or more"):
        make_group(programme_team, members=["QKK", "QKK"])


def test_board_members_keep_none_and_leads_only_their_own(programme_team, lead, board_member):
    with pytest.raises(NotAllowed):
        make_group(board_member)
    theirs, own = make_group(programme_team), make_group(lead, name="Own")
    with pytest.raises(NotAllowed, match="somebody else's"):
        change_peer_group(by=lead, group=theirs, name="Mine now", members=["QKK", "QWE"])
    change_peer_group(by=lead, group=own, name="Still own", members=["QKK", "QWE"])
    change_peer_group(by=programme_team, group=own, name="Tidied", members=["QKK", "QWE"])


def test_a_group_is_made_and_changed_on_the_pages(signed_in, programme_team):
    client = signed_in(programme_team)
    sent = {"name": "London", "members": ["QKK", "QWE"], "reason": "Both inner and outer"}
    said = words(client.post(reverse("finance:new_peer_group", args=["system"]), sent, follow=True))
    assert "“London” is kept." in said
    assert "South East London, South West London" in said
    group = PeerGroup.objects.get()
    client.post(reverse("finance:peer_group", args=[group.pk]), {**sent, "members": ["QKS", "QWE"]})
    group.refresh_from_db()
    assert group.members == ["QKS", "QWE"]
    assert "Delete “London”?" in words(client.get(reverse("finance:delete_peer_group", args=[group.pk])))
    assert "“London” is deleted." in words(client.post(reverse("finance:delete_peer_group", args=[group.pk]), follow=True))


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": "", "members": ["QKK", "QWE"]}, "Enter a name"),
        ({"name": "x" * 81, "members": ["QKK", "QWE"]}, "The name must be 80 characters or fewer"),
        ({"name": "A", "members": ["QKK"]}, "Choose two members or more"),
        ({"name": "A"}, "Choose two members or more"),
        ({"name": "A", "members": ["QKK", "Q<b>"]}, "Members: “Q&lt;b&gt;” is not on the list"),
        ({"name": "Neighbours", "members": ["QKK", "QWE"]}, "There is a peer group of that name: choose another name"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(signed_in, programme_team, sent, message):
    make_group(programme_team)
    response = signed_in(programme_team).post(reverse("finance:new_peer_group", args=["system"]), sent)
    assert response.status_code == 200
    assert message in words(response)
    assert PeerGroup.objects.count() == 1


def test_a_list_without_groups_says_so_and_offers_them_to_those_who_make_them(signed_in, board_member):
    said = words(signed_in(board_member).get(reverse("finance:peer_groups")))
    assert "There is no peer group yet" in said
    assert "Make a group" not in said


def test_somebody_elses_group_is_read_and_not_changed(signed_in, programme_team, lead):
    group = make_group(programme_team)
    client = signed_in(lead)
    assert "Its owner’s" in words(client.get(reverse("finance:peer_groups")))
    assert client.get(reverse("finance:peer_group", args=[group.pk])).status_code == 403
    assert client.get(reverse("finance:peer_group", args=[group.pk + 9])).status_code == 404


def test_the_page_of_variation_offers_the_groups_and_says_what_it_is_for(signed_in, programme_team):
    make_peer_group(by=programme_team, name="Both", level="system", members=["QKK", "QWE"])
    said = words(signed_in(programme_team).get(reverse("finance:variation")))
    assert "Both (2 systems)" in said
    assert "for population shares, not for provider or site funding" in said
    assert "No system can be held against peers" in said
