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


def context(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    with override_settings(NAVIGATION=NAVIGATION, ORGANISATION_NAME="tests.presentation.test_context.named"):
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
