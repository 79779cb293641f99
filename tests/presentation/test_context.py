import pytest
from django.test import RequestFactory, override_settings

from accounts.models import Role
from presentation.context_processors import programme

ALWAYS, NEVER = "tests.presentation.test_context.may", "tests.presentation.test_context.may_not"


def may(user):
    return True


def may_not(user):
    return False


def named(code):
    return {"RJ1": "Guy's and St Thomas'"}.get(code)


NAVIGATION = [
    ("Extracts", "accounts:audit_trail", ALWAYS),
    ("Secret", "accounts:your_account", NEVER),
    ("Not built", "accounts:no_such_page", ALWAYS),
]


def context(user, path="/", sections=()):
    request = RequestFactory().get(path)
    request.user = user
    named = "tests.presentation.test_context.named"
    with override_settings(NAVIGATION=NAVIGATION, ORGANISATION_NAME=named, SECTIONS=sections):
        return programme(request)


def test_navigation_shows_only_what_is_there_and_may_be_opened(programme_team):
    assert [entry["label"] for entry in context(programme_team)["navigation"]] == ["Extracts"]


def test_the_entry_of_the_page_is_marked(programme_team):
    assert context(programme_team, "/audit/")["navigation"][0]["current"]
    assert context(programme_team, "/audit/more")["navigation"][0]["current"]
    assert not context(programme_team, "/elsewhere/")["navigation"][0]["current"]


@pytest.mark.parametrize(
    ("role", "organisation", "said"),
    [
        (Role.FINANCE_LEAD, "RJ1", "Finance lead, Guy's and St Thomas'"),
        (Role.FINANCE_LEAD, "XXX", "Finance lead, XXX"),
        (Role.BOARD_MEMBER, "", "Board member"),
    ],
)
def test_readers_see_what_they_are(person, role, organisation, said):
    assert context(person(role, organisation))["memberships_said"] == [said]


def test_people_who_are_not_signed_in_see_the_name_alone():
    request = RequestFactory().get("/")
    shown = programme(request)
    assert shown["navigation"] == shown["memberships_said"] == []
    assert shown["programme_name"]
    assert shown["nhs_identity"] is False


PEOPLE = ("People", [("Trail", "accounts:audit_trail", ALWAYS), ("Account", "accounts:your_account", ALWAYS)])


def current(user, path, *sections):
    shown = context(user, path, sections)["section"]
    return shown and [(entry["label"], entry["current"]) for entry in shown["entries"]]


def test_pages_that_belong_together_lead_to_each_other(programme_team):
    assert current(programme_team, "/audit/", PEOPLE) == [("Trail", True), ("Account", False)]
    assert current(programme_team, "/your-account/password/", PEOPLE) == [("Trail", False), ("Account", True)]
    assert current(programme_team, "/elsewhere/", PEOPLE) is None


def test_a_page_under_another_is_the_one_that_is_marked(programme_team):
    own = [("Notices", "accounts:notices", ALWAYS), ("Read", "accounts:notices_read", ALWAYS)]
    assert current(programme_team, "/notices/read/?position=3", ("Notices", own)) == [("Notices", False), ("Read", True)]


def test_what_leads_nowhere_else_is_not_shown(programme_team):
    alone = [("Trail", "accounts:audit_trail", ALWAYS), ("Not built", "accounts:no_such_page", ALWAYS)]
    assert current(programme_team, "/audit/", ("People", alone)) is None
    secret = [("Trail", "accounts:audit_trail", ALWAYS), ("Secret", "accounts:your_account", NEVER)]
    assert current(programme_team, "/audit/", ("People", secret)) is None
