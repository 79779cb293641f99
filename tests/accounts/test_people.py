"""Memberships, what administrators may do with people, and the people of the demo."""

import csv
import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.actions import add_person, end_membership, give_membership
from accounts.management.commands import make_demo_users
from accounts.models import AuditEvent, Membership, Role, User
from accounts.queries import finance_leads_of, roles_of, user_named

pytestmark = pytest.mark.django_db


def test_an_email_is_kept_once_whatever_its_case(programme_team):
    user = add_person(by=programme_team, email="Some.One@Example.NHS.uk", name="Some One")
    assert user.email == "some.one@example.nhs.uk"
    assert not user.has_usable_password()
    assert user_named(" SOME.ONE@example.nhs.uk ") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="SOME.ONE@example.nhs.uk")


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.FINANCE_LEAD, ""), (Role.BOARD_MEMBER, "RJ1"), (Role.PROGRAMME_TEAM, "RJ1"), (Role.ADMINISTRATOR, "RJ1")],
)
def test_only_a_finance_lead_has_an_organisation_and_each_has_one(programme_team, role, organisation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=programme_team, role=role, organisation=organisation)


def test_a_membership_is_held_once(programme_team):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=programme_team, role=Role.PROGRAMME_TEAM)


def test_giving_and_ending_a_membership_ends_cached_pages_and_is_audited(administrator, board_member):
    before = board_member.role_version
    given = give_membership(by=administrator, user=board_member, role=Role.ADMINISTRATOR)
    assert board_member.role_version == before + 1
    assert board_member.is_staff
    assert roles_of(board_member) == {Role.BOARD_MEMBER, Role.ADMINISTRATOR}
    give_membership(by=administrator, user=board_member, role=Role.ADMINISTRATOR)
    assert board_member.role_version == before + 1
    end_membership(by=administrator, membership=given)
    board_member = User.objects.get(pk=board_member.pk)
    assert board_member.role_version == before + 2
    assert not board_member.is_staff
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == ["gave membership", "ended membership"]


def test_who_to_tell_about_an_organisation(person, programme_team):
    one, two = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "QKK")
    person(Role.FINANCE_LEAD, "RJZ")
    assert set(finance_leads_of(["RJ1", "QKK"])) == {one, two}


MEMBERSHIPS = {"memberships-INITIAL_FORMS": 0, "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 1000}


def _person_form(email, *memberships):
    rows = {f"memberships-{n}-{k}": v for n, row in enumerate(memberships) for k, v in row.items()}
    return {
        "email": email,
        "name": "New Person",
        "is_active": "on",
        "memberships-TOTAL_FORMS": len(memberships),
        **MEMBERSHIPS,
        **rows,
    }


def test_an_administrator_adds_a_person_and_gives_a_membership(signed_in, administrator):
    client = signed_in(administrator)
    password = "four words quite unlike"
    added = {"usable_password": "true", "password1": password, "password2": password}
    client.post("/admin/accounts/user/add/", _person_form("New.Person@example.nhs.uk") | added)
    user = user_named("new.person@example.nhs.uk")
    assert user.check_password(password)
    lead = {"role": "finance_lead", "organisation": "RJ1", "user": user.pk}
    client.post(f"/admin/accounts/user/{user.pk}/change/", _person_form(user.email, lead))
    user = User.objects.get(pk=user.pk)
    assert [str(m) for m in user.memberships.all()] == ["Finance lead RJ1"]
    assert user.role_version == 2
    actions = AuditEvent.objects.exclude(action="viewed page").values_list("action", flat=True)
    assert {"added user", "added membership"} <= set(actions)


def test_a_finance_lead_without_an_organisation_is_told_why(signed_in, administrator, board_member):
    lead = {"role": "finance_lead", "organisation": "", "user": board_member.pk}
    page = signed_in(administrator).post(
        f"/admin/accounts/user/{board_member.pk}/change/", _person_form(board_member.email, lead)
    )
    assert page.status_code == 200
    assert "enter its code" in page.content.decode()


def test_people_are_never_deleted_and_the_trail_is_only_read(signed_in, administrator, board_member):
    client = signed_in(administrator)
    assert client.post(f"/admin/accounts/user/{board_member.pk}/delete/", {"post": "yes"}).status_code == 403
    client.get("/your-account/")
    event = AuditEvent.objects.first()
    assert client.get("/admin/accounts/auditevent/").status_code == 200
    assert client.get(f"/admin/accounts/auditevent/{event.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/auditevent/{event.pk}/change/", {"action": "x"}).status_code == 403
    assert client.post(f"/admin/accounts/auditevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/accounts/auditevent/add/").status_code == 403


def test_administrators_keep_the_products_own_tables_and_no_others(administrator):
    assert administrator.has_perm("planning.change_provider")
    assert administrator.has_module_perms("accounts")
    assert not administrator.has_perm("axes.delete_accessattempt")
    assert not administrator.has_module_perms("auth")
    assert Group not in admin.site._registry


@pytest.mark.parametrize("who", ["programme_team", "finance_lead", "board_member"])
def test_nobody_else_keeps_anything(request, who):
    user = request.getfixturevalue(who)
    assert not user.has_perm("planning.change_provider")
    assert not user.has_module_perms("planning")


def test_a_stale_staff_mark_opens_nothing(signed_in, board_member):
    User.objects.filter(pk=board_member.pk).update(is_staff=True)
    assert signed_in(board_member).get("/admin/accounts/user/").status_code == 403


def _made() -> str:
    said = io.StringIO()
    call_command("make_demo_users", stdout=said)
    return said.getvalue()


def test_the_demo_has_people_of_each_role_who_can_sign_in(client):
    said = _made()
    assert {m.role for m in Membership.objects.all()} == set(Role)
    for line in said.splitlines():
        email, password, *role = line.split()
        assert client.post("/sign-in/", {"username": email, "password": password, "next": "/your-account/"}).status_code == 302
        assert role
        client.post("/sign-out/")
    with make_demo_users.PEOPLE.open(encoding="utf-8") as file:
        assert len(said.splitlines()) == len(list(csv.DictReader(file)))


@pytest.mark.usefixtures("reference")
def test_the_demo_says_organisations_by_name():
    assert "Finance lead, King's College Hospital" in _made()


def test_making_the_demos_people_twice_makes_them_once():
    first, people = _made(), User.objects.count()
    assert (_made(), User.objects.count()) == (first, people)


def test_production_refuses_the_demos_people(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PRODUCTION=1"):
        _made()
    assert not Membership.objects.exists()


def test_your_account_says_what_each_role_may_do(signed_in, finance_lead, administrator):
    page = signed_in(finance_lead).get("/your-account/").content.decode()
    assert "upload, publish and withdraw the extracts of your own organisation" in page
    assert "Audit trail" not in page
    page = signed_in(administrator).get("/your-account/").content.decode()
    assert "/admin/" in page
    assert "/audit/" in page


def test_somebody_without_a_role_is_told_whom_to_ask(signed_in):
    page = signed_in(User.objects.create_user("new@example.nhs.uk")).get("/your-account/").content.decode()
    assert "You have no role yet" in page
