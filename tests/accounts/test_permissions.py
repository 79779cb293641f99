"""Who may do what, as tables: kind of person × situation → expected."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import permissions as may
from accounts.models import Role
from accounts.queries import command_line_user, organisations_of, roles_of
from accounts.reading import Reader, export_mode
from presentation.figure import Mode

pytestmark = pytest.mark.django_db
PROVIDER, OTHER_PROVIDER, SYSTEM, OTHER_SYSTEM = "RJ1", "RJZ", "QKK", "QWE"
PEOPLE = {
    "programme team": (Role.PROGRAMME_TEAM, ""),
    "provider lead": (Role.FINANCE_LEAD, PROVIDER),
    "system lead": (Role.FINANCE_LEAD, SYSTEM),
    "board member": (Role.BOARD_MEMBER, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}


@pytest.fixture
def someone(person):
    def make(kind):
        if kind == "nobody":
            return AnonymousUser()
        if kind == "command line":
            return command_line_user()
        return person(*PEOPLE[kind])

    return make


KINDS = [*PEOPLE, "command line", "nobody"]
SIMPLE = {
    "see_figures": ["programme team", "provider lead", "system lead", "board member"],
    "see_extracts": ["programme team", "provider lead", "system lead", "command line"],
    "upload_extracts": ["provider lead", "system lead", "command line"],
    "read_audit": ["programme team", "administrator"],
    "administer": ["administrator"],
    "make_scenarios": ["programme team", "provider lead", "system lead", "command line"],
    "load_public_files": ["programme team", "administrator", "command line"],
    "set_large_changes": ["programme team"],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("permission", SIMPLE)
def test_what_each_role_may_do(someone, kind, permission):
    assert getattr(may, f"user_can_{permission}")(someone(kind)) == (kind in SIMPLE[permission])


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "command line"])
@pytest.mark.parametrize("permission", SIMPLE)
def test_the_check_refuses_exactly_those_who_may_not(someone, kind, permission):
    check = getattr(may, f"check_{permission}")
    if kind in SIMPLE[permission]:
        check(someone(kind))
    else:
        with pytest.raises((PermissionDenied, Http404)) as refused:
            check(someone(kind))
        assert str(refused.value).endswith((".", "to."))


def test_extracts_are_not_there_for_a_board_member_and_refused_to_an_administrator(someone):
    with pytest.raises(Http404):
        may.check_see_extracts(someone("board member"))
    with pytest.raises(may.NotAllowed):
        may.check_see_extracts(someone("administrator"))


# An extract: who sent it, of which provider, of commissioners in which systems.
EXTRACTS = {
    "the provider's": {"organisation": PROVIDER, "provider": PROVIDER, "systems": [SYSTEM, OTHER_SYSTEM, None]},
    "another provider's": {"organisation": OTHER_PROVIDER, "provider": OTHER_PROVIDER, "systems": [SYSTEM, OTHER_SYSTEM]},
    "another provider's, of the system alone": {"organisation": OTHER_PROVIDER, "provider": OTHER_PROVIDER, "systems": [SYSTEM]},
    "another provider's, of the system and one not known": {
        "organisation": "",
        "provider": OTHER_PROVIDER,
        "systems": [SYSTEM, None],
    },
    "the system's own": {"organisation": SYSTEM, "provider": OTHER_PROVIDER, "systems": [SYSTEM]},
    "the system's own of its provider": {"organisation": SYSTEM, "provider": PROVIDER, "systems": [SYSTEM]},
    "the provider's, refused": {"organisation": PROVIDER, "provider": "", "systems": []},
    "another's, refused": {"organisation": OTHER_PROVIDER, "provider": "", "systems": []},
    "the command line's, refused": {"organisation": "", "provider": "", "systems": []},
}
SEEN = {
    "provider lead": {"the provider's", "the system's own of its provider", "the provider's, refused"},
    "system lead": {"another provider's, of the system alone", "the system's own", "the system's own of its provider"},
    "programme team": set(EXTRACTS),
    "command line": set(EXTRACTS),
    "board member": set(),
    "administrator": set(),
    "nobody": set(),
}
REFUSED = {name for name in EXTRACTS if name.endswith("refused")}
PUBLISHED = {kind: seen - REFUSED for kind, seen in SEEN.items()} | {"programme team": set(), "command line": set(EXTRACTS)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("extract", EXTRACTS)
def test_who_sees_which_extract(someone, kind, extract):
    assert may.user_can_see_extract(someone(kind), **EXTRACTS[extract]) == (extract in SEEN[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("extract", EXTRACTS)
def test_who_publishes_which_extract(someone, kind, extract):
    facts = {name: value for name, value in EXTRACTS[extract].items() if name != "organisation"}
    assert may.user_can_publish_extract(someone(kind), **facts) == (extract in PUBLISHED[kind])


def test_another_organisations_extract_is_not_found_and_the_programme_team_is_told_why(someone):
    with pytest.raises(Http404):
        may.check_publish_extract(someone("provider lead"), **EXTRACTS["another provider's"])
    with pytest.raises(may.NotAllowed, match="finance lead"):
        may.check_publish_extract(someone("programme team"), **EXTRACTS["the provider's"])
    may.check_publish_extract(someone("provider lead"), **EXTRACTS["the provider's"])
    may.check_publish_extract(someone("command line"), **EXTRACTS["the provider's"])


def test_somebody_made_inactive_may_do_nothing(person):
    user = person(Role.PROGRAMME_TEAM, is_active=False)
    assert roles_of(user) == frozenset()
    assert not may.user_can_see_figures(user)


def test_a_finance_lead_of_two_organisations_owns_both(person):
    user = person(Role.FINANCE_LEAD, PROVIDER)
    user.memberships.create(role=Role.FINANCE_LEAD, organisation=SYSTEM)
    assert organisations_of(user) == {PROVIDER, SYSTEM}


@pytest.mark.parametrize(
    ("kinds", "mode"),
    [
        (["board member"], Mode.OUTSIDE),
        (["board member", "provider lead"], Mode.INSIDE),
        (["programme team"], Mode.INSIDE),
        (["administrator"], Mode.OUTSIDE),
    ],
)
def test_what_a_person_takes_away(person, kinds, mode):
    user = person(*PEOPLE[kinds[0]])
    for kind in kinds[1:]:
        role, organisation = PEOPLE[kind]
        user.memberships.create(role=role, organisation=organisation)
    assert export_mode(user) == mode


def test_memberships_are_asked_for_once(person, django_assert_num_queries):
    reader = Reader(person(Role.FINANCE_LEAD, PROVIDER), Mode.INSIDE)
    with django_assert_num_queries(1):
        assert (reader.roles, reader.organisations) == ({Role.FINANCE_LEAD}, {PROVIDER})
        assert may.user_can_see_figures(reader.user)
