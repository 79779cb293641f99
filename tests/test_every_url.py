"""Every address of the product × every kind of person → the expected answer. An address that is not in the table is a fault."""

import pytest
from django.contrib import admin
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Role, User
from accounts.queries import command_line_user
from finance.models import OfficialFile, PeerGroup, PolicyOption
from planning.actions import check_extract, publish_extracts, receive_extract
from planning.models import (
    ColumnMapping,
    Extract,
    ReportingPosition,
    Scenario,
    ScenarioMove,
    ScenarioVersion,
    SheetChoice,
)
from tests.finance.round_area import stored_round
from tests.planning.acm_files import acm_file, acm_row

PEOPLE = {
    "nobody": None,
    "programme team": (Role.PROGRAMME_TEAM, ""),
    "own lead": (Role.FINANCE_LEAD, "RJ1"),
    "other lead": (Role.FINANCE_LEAD, "RJZ"),
    "system lead": (Role.FINANCE_LEAD, "QKK"),
    "board member": (Role.BOARD_MEMBER, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}
FIGURES = (302, 200, 200, 200, 200, 200, 403)
EVERYONE = (302, 200, 200, 200, 200, 200, 200)
# Of an extract of Guy's and St Thomas' with commissioners of two systems, one of them the system lead's.
OWN_EXTRACT = (302, 200, 200, 404, 404, 404, 403)
# Of a scenario of the programme team's, which is shared.
MAKERS = (302, 200, 200, 200, 200, 403, 403)
TEAM = (302, 200, 403, 403, 403, 403, 403)
OWNERS = (302, 200, 403, 403, 403, 403, 403)
OWNED = (302, 302, 403, 403, 403, 403, 403)
POSTED = (302, 302, 302, 302, 302, 302, 302)
# Name, method, arguments → the answer to each of the people above, in their order.
TABLE = {
    ("programme:overview", "GET", ()): FIGURES,
    ("programme:services", "GET", ()): FIGURES,
    ("programme:service", "GET", ("4",)): FIGURES,
    ("programme:providers", "GET", ()): FIGURES,
    ("programme:provider", "GET", ("RJ1",)): FIGURES,
    ("planning:flow_dashboard", "GET", ()): FIGURES,
    ("planning:catchments", "GET", ()): FIGURES,
    ("planning:catchment", "GET", ("RJ1",)): FIGURES,
    ("planning:scenarios", "GET", ()): FIGURES,
    ("planning:compare_scenarios", "GET", ()): FIGURES,
    ("planning:assumptions", "GET", ()): FIGURES,
    ("planning:new_scenario", "GET", ()): MAKERS,
    ("planning:new_scenario", "POST", ()): MAKERS,
    ("planning:add_assumption", "GET", ()): MAKERS,
    ("planning:add_assumption", "POST", ()): MAKERS,
    ("planning:upload_projections", "GET", ()): MAKERS,
    ("planning:upload_projections", "POST", ()): MAKERS,
    ("planning:scenario", "GET", (1,)): FIGURES,
    ("planning:scenario_details", "GET", (1,)): OWNERS,
    ("planning:scenario_details", "POST", (1,)): OWNERS,
    ("planning:scenario_moves", "GET", (1,)): OWNERS,
    ("planning:add_move", "GET", (1, "growth")): OWNERS,
    ("planning:add_move", "POST", (1, "growth")): OWNERS,
    ("planning:change_move", "GET", (1, 1)): OWNERS,
    ("planning:change_move", "POST", (1, 1)): OWNERS,
    ("planning:remove_move", "POST", (1, 1)): OWNED,
    ("planning:move_earlier", "POST", (1, 1)): OWNED,
    ("planning:save_scenario", "POST", (1,)): OWNED,
    ("planning:discard_draft", "POST", (1,)): OWNED,
    ("planning:share_scenario", "POST", (1,)): OWNED,
    ("planning:copy_scenario", "POST", (1,)): (302, 302, 302, 302, 302, 403, 403),
    ("planning:delete_scenario", "GET", (1,)): OWNERS,
    ("planning:delete_scenario", "POST", (1,)): OWNED,
    ("finance:variation", "GET", ()): FIGURES,
    ("finance:service_targets", "GET", ()): FIGURES,
    ("finance:peer_groups", "GET", ()): FIGURES,
    ("finance:new_peer_group", "GET", ("system",)): MAKERS,
    ("finance:new_peer_group", "POST", ("system",)): MAKERS,
    ("finance:peer_group", "GET", (1,)): (302, 200, 403, 403, 403, 403, 403),
    ("finance:peer_group", "POST", (1,)): (302, 200, 403, 403, 403, 403, 403),
    ("finance:delete_peer_group", "GET", (1,)): (302, 200, 403, 403, 403, 403, 403),
    ("finance:delete_peer_group", "POST", (1,)): OWNED,
    ("planning:load_public_file", "GET", ()): (302, 200, 403, 403, 403, 403, 200),
    ("planning:load_public_file", "POST", ()): (302, 200, 403, 403, 403, 403, 200),
    ("planning:flow_measures", "GET", ()): FIGURES,
    # Without a flow it says that one is to be chosen.
    ("planning:flow", "GET", ()): FIGURES,
    ("planning:positions", "GET", ()): FIGURES,
    ("planning:position", "GET", (1,)): FIGURES,
    ("planning:extracts", "GET", ()): (302, 200, 200, 200, 200, 404, 403),
    ("planning:calendar", "GET", ()): (302, 200, 200, 200, 200, 404, 403),
    ("planning:submissions", "GET", ()): (302, 200, 403, 403, 403, 404, 403),
    ("planning:large_changes", "GET", ()): (302, 200, 403, 403, 403, 404, 403),
    ("planning:large_changes", "POST", ()): (302, 200, 403, 403, 403, 404, 403),
    ("planning:patient_sets", "GET", ()): (302, 200, 200, 200, 200, 404, 403),
    ("planning:upload_extract", "GET", ()): (302, 403, 200, 200, 200, 404, 403),
    ("planning:upload_extract", "POST", ()): (302, 403, 200, 200, 200, 404, 403),
    ("planning:data_dictionary", "GET", ()): EVERYONE,
    ("planning:data_dictionary", "GET", ("plcm",)): EVERYONE,
    ("planning:download_layout", "GET", ("iap", "template", "xlsx")): EVERYONE,
    ("planning:codes", "GET", ("service_category",)): EVERYONE,
    ("planning:column_mappings", "GET", ()): (302, 200, 200, 200, 200, 404, 403),
    ("planning:column_mappings", "POST", ()): (302, 403, 200, 200, 200, 404, 403),
    ("planning:delete_column_mapping", "POST", (1,)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:delete_sheet_choice", "POST", (1,)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:answer_extract", "POST", ("extract",)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:extract", "GET", ("extract",)): OWN_EXTRACT,
    ("planning:extract_progress", "GET", ("extract",)): OWN_EXTRACT,
    ("planning:extract_problems", "GET", ("extract",)): OWN_EXTRACT,
    ("planning:extract_problems_csv", "GET", ("extract",)): OWN_EXTRACT,
    ("planning:extract_problems_xlsx", "GET", ("extract",)): OWN_EXTRACT,
    # Of an extract that is published already there is nothing to compare.
    ("planning:extract_changes_csv", "GET", ("extract",)): (302, 404, 404, 404, 404, 404, 403),
    ("planning:extract_changes_xlsx", "GET", ("extract",)): (302, 404, 404, 404, 404, 404, 403),
    ("planning:extract_rows", "GET", ("extract",)): (302, 200, 200, 404, 200, 404, 403),
    ("planning:extract_rows_csv", "GET", ("extract",)): (302, 200, 200, 404, 200, 404, 403),
    ("planning:extract_rows_xlsx", "GET", ("extract",)): (302, 200, 200, 404, 200, 404, 403),
    ("planning:publish_extract", "POST", ("extract",)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:withdraw_extract", "POST", ("extract",)): (302, 403, 200, 404, 404, 404, 403),
    ("planning:cancel_extract", "POST", ("extract",)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:check_again", "POST", ("extract",)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:mark_extract", "GET", ("extract",)): (302, 403, 200, 404, 404, 404, 403),
    ("planning:mark_extract", "POST", ("extract",)): (302, 403, 200, 404, 404, 404, 403),
    ("planning:declare_complete", "POST", ("extract",)): (302, 403, 302, 404, 404, 404, 403),
    ("planning:figure_rows", "GET", ("flow_dashboard",)): (302, 200, 200, 200, 200, 404, 403),
    ("finance:allocation", "GET", ()): FIGURES,
    ("finance:allocation_rounds", "GET", ()): FIGURES,
    ("finance:new_round", "GET", ()): TEAM,
    ("finance:new_round", "POST", ()): TEAM,
    ("finance:allocation_round", "GET", (1,)): FIGURES,
    ("finance:round_step", "GET", (1, "target")): FIGURES,
    ("finance:round_workings", "GET", (1,)): (302, 200, 200, 200, 200, 403, 403),
    # It is put forward already, and no longer changed.
    ("finance:change_round", "GET", (1,)): OWNED,
    ("finance:change_round", "POST", (1,)): OWNED,
    ("finance:calculate_round", "POST", (1,)): (302, 302, 403, 403, 403, 403, 403),
    ("finance:submit_round", "POST", (1,)): (302, 302, 403, 403, 403, 403, 403),
    ("finance:return_round", "POST", (1,)): (302, 302, 403, 403, 403, 403, 403),
    # Its maker is of the programme team, and nobody approves their own.
    ("finance:approve_round", "POST", (1,)): (302, 403, 403, 403, 403, 403, 403),
    ("finance:policy_workbench", "GET", ()): FIGURES,
    ("finance:policy_options", "GET", ()): FIGURES,
    ("finance:save_policy_option", "GET", ()): MAKERS,
    ("finance:save_policy_option", "POST", ()): MAKERS,
    ("finance:share_policy_option", "POST", (1,)): OWNED,
    ("finance:delete_policy_option", "GET", (1,)): OWNERS,
    ("finance:delete_policy_option", "POST", (1,)): OWNED,
    ("finance:affordability", "GET", ()): FIGURES,
    ("finance:shadow_monitoring", "GET", ()): FIGURES,
    ("finance:official_files", "GET", ()): EVERYONE,
    ("finance:official_files", "POST", ()): (302, 200, 403, 403, 403, 403, 200),
    ("finance:core_shares", "GET", ()): FIGURES,
    ("finance:official_figures", "GET", ()): FIGURES,
    ("finance:blank_official_file", "GET", ("need",)): EVERYONE,
    ("finance:official_file_problems", "GET", (1,)): (302, 200, 403, 403, 403, 403, 200),
    ("finance:official_file_problems_download", "GET", (1, "csv")): (302, 200, 403, 403, 403, 403, 200),
    ("finance:population_budgets", "GET", ()): FIGURES,
    ("finance:record_budget", "GET", ()): TEAM,
    ("finance:record_budget", "POST", ()): TEAM,
    ("finance:upload_budgets", "GET", ()): TEAM,
    ("finance:upload_budgets", "POST", ()): TEAM,
    # Without a round, and without a year.
    ("finance:take_budgets", "POST", ()): (302, 404, 403, 403, 403, 403, 403),
    ("finance:budgets_csv", "GET", ()): (302, 404, 403, 403, 403, 403, 403),
    ("networks:networks", "GET", ()): FIGURES,
    ("networks:footprints", "GET", ()): FIGURES,
    ("networks:network", "GET", ("renal",)): FIGURES,
    ("accounts:figure_svg", "GET", ("flow_dashboard",)): FIGURES,
    ("accounts:figure_csv", "GET", ("flow_dashboard",)): FIGURES,
    ("accounts:figure_xlsx", "GET", ("flow_dashboard",)): FIGURES,
    ("accounts:figure_json", "GET", ("flow_dashboard",)): FIGURES,
    ("accounts:sign_in", "GET", ()): (200, 302, 302, 302, 302, 302, 302),
    ("accounts:sign_out", "POST", ()): POSTED,
    ("accounts:your_account", "GET", ()): EVERYONE,
    ("accounts:change_password", "GET", ()): EVERYONE,
    ("accounts:notices", "GET", ()): EVERYONE,
    ("accounts:notices_read", "POST", ()): POSTED,
    # Somebody else's notice, or none.
    ("accounts:notice_read", "POST", (999_999,)): (302, 404, 404, 404, 404, 404, 404),
    ("accounts:audit_trail", "GET", ()): (302, 200, 403, 403, 403, 403, 200),
    ("accounts:administration_sign_in", "GET", ()): (302, 403, 403, 403, 403, 403, 302),
}
CASES = [(key, who, answer) for key, answers in TABLE.items() for who, answer in zip(PEOPLE, answers, strict=True)]


def _names(resolver=None, spaces=()):
    """Full names of every address, administration apart."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from _names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join((*spaces, entry.name or f"without a name: {entry.pattern}"))


def test_every_address_is_in_the_table():
    assert set(_names()) == {name for name, _, _ in TABLE}


@pytest.fixture(scope="module")
def extract(loaded_reference, tmp_path_factory) -> int:
    """A published extract, whose files last as long as the module."""
    by = command_line_user()
    rows = [acm_row(), acm_row(commissioner="36L", residence_responsibility="36L", practice_responsibility="36L")]
    with acm_file(tmp_path_factory.mktemp("sent"), rows).open("rb") as file:
        extract = receive_extract(by=by, file=file, file_name="june.csv", layout="acm")
    check_extract(extract=extract)
    publish_extracts(by=by, extracts=[extract], reason="June")
    return extract.pk


@pytest.fixture
def people(extract, db) -> dict[str, Client]:
    """A client for each kind of person, signed in."""
    clients = {}
    for who, membership in PEOPLE.items():
        clients[who] = Client()
        if membership:
            role, organisation = membership
            user = User.objects.create_user(f"{who.replace(' ', '.')}@example.nhs.uk", is_staff=role == Role.ADMINISTRATOR)
            Membership.objects.create(user=user, role=role, organisation=organisation)
            clients[who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            if role == Role.PROGRAMME_TEAM:
                share_a_scenario(user)
                PeerGroup.objects.create(
                    pk=1, name="Near", level="system", members=["QKK", "QWE"], owner=user, changed_at=timezone.now()
                )
                share_an_option(user)
                stored_round(user, state="under_review", pk=1)
    return clients


def share_an_option(owner: User) -> None:
    """The programme team's own policy, kept by name, that everybody may read."""
    PolicyOption.objects.create(
        pk=1, name="Slower", owner=owner, position=1, settings={"year": "2025/26"}, shared_at=timezone.now()
    )
    # PostgreSQL does not count what was numbered by hand.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [PolicyOption]):
            cursor.execute(statement)


def share_a_scenario(owner: User) -> None:
    """The programme team's own, saved and shared, that everybody may read."""
    now = timezone.now()
    scenario = Scenario.objects.create(pk=1, name="Elsewhere", owner=owner, shared_at=now)
    # PostgreSQL does not count what was numbered by hand.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Scenario]):
            cursor.execute(statement)
    version = ScenarioVersion.objects.create(
        scenario=scenario, number=1, position=1, year="2025/26", saved_at=now, saved_by=owner
    )
    ScenarioMove.objects.create(version=version, number=1, kind="open", homes=["QKK"], receiver="RJZ", share="0.1")


@pytest.fixture(autouse=True)
def said(extract, db) -> None:
    """What Guy's and St Thomas' have said of a heading and of a sheet."""
    said = {"organisation": "RJ1", "layout": "acm", "said_by": command_line_user()}
    ColumnMapping.objects.create(pk=1, heading="COSTS", shown="Costs", field="actual_price", **said)
    SheetChoice.objects.create(pk=1, sheet="June", **said)
    OfficialFile.objects.create(pk=1, kind="need", edition="2025/26", state="refused", loaded_by=command_line_user())


def _address(name: str, arguments: tuple, extract: int) -> str:
    return reverse(name, args=[extract if argument == "extract" else argument for argument in arguments])


@pytest.mark.parametrize(("key", "who", "answer"), CASES, ids=[f"{k[1]}-{k[0]}-{who}" for k, who, _ in CASES])
def test_who_gets_what(people, extract, key, who, answer):
    name, method, arguments = key
    response = people[who].generic(method, _address(name, arguments, extract))
    assert response.status_code == answer
    if who == "nobody" and answer == 302:
        assert response.url.startswith("/sign-in/?next=")


READ = [key for key in TABLE if key[1] == "GET"]


@pytest.mark.parametrize("key", READ, ids=lambda key: key[0])
def test_asking_changes_nothing_and_is_written_down_once(people, extract, key):
    before = list(Extract.objects.values()), ReportingPosition.objects.count(), User.objects.count()
    address = _address(key[0], key[2], extract)
    for who, client in people.items():
        events = AuditEvent.objects.count()
        response = client.get(address)
        seen = who != "nobody" and response.status_code != 302
        quiet = key[0] == "planning:extract_progress" and response.status_code == 200
        assert AuditEvent.objects.count() - events == (1 if seen and not quiet else 0), who
    assert before == (list(Extract.objects.values()), ReportingPosition.objects.count(), User.objects.count())


@pytest.mark.parametrize("key", READ, ids=lambda key: key[0])
def test_asking_for_the_head_tells_no_more(people, extract, key):
    address = _address(key[0], key[2], extract)
    assert [client.head(address).status_code for client in people.values()] == list(TABLE[key])


@pytest.mark.parametrize("key", [key for key in TABLE if key[1] == "POST"], ids=lambda key: key[0])
def test_what_changes_something_is_no_link_and_needs_a_token(people, extract, key):
    address = _address(key[0], key[2], extract)
    if (key[0], "GET", key[2]) not in TABLE:
        assert people["own lead"].get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = people["own lead"].cookies
    assert strict.post(address).status_code == 403


def test_a_role_that_is_taken_away_is_gone_at_once(people, extract):
    client, address = people["own lead"], reverse("planning:extract", args=[extract])
    assert client.get(address).status_code == 200
    Membership.objects.filter(organisation="RJ1").delete()
    assert client.get(address).status_code == 403


def test_pages_are_kept_by_nobody_between(people, extract):
    """The same address as two people, one after the other: neither gets the other's page."""
    address = reverse("planning:extract", args=[extract])
    assert people["own lead"].get(address).status_code == 200
    assert people["other lead"].get(address).status_code == 404
    tagged = people["own lead"].get("/flows/")
    assert "private" in tagged.headers["Cache-Control"]
    assert people["other lead"].get("/flows/", headers={"If-None-Match": tagged.headers["ETag"]}).status_code == 200
    assert people["own lead"].get("/flows/", headers={"If-None-Match": tagged.headers["ETag"]}).status_code == 304


def _administration():
    """(address, app, whether it is for administrators) of the lists and the forms for adding."""
    for model in admin.site._registry:
        about = model._meta
        for page in ("changelist", "add"):
            allowed = page == "changelist" or about.model_name not in ("auditevent", "assumption")
            yield reverse(f"admin:{about.app_label}_{about.model_name}_{page}"), about.app_label, allowed


@pytest.mark.parametrize("who", PEOPLE)
def test_administration_is_for_administrators_and_of_the_products_own_tables(people, who):
    ours = {"accounts", "planning", "finance", "networks", "programme"}
    assert people[who].get("/admin/").status_code == (200 if who == "administrator" else 302)
    for address, app, allowed in _administration():
        response = people[who].get(address)
        if who != "administrator":
            door = "/sign-in/" if who == "nobody" else "/admin/login/"
            assert (response.status_code, response.url.split("?")[0]) == (302, door), address
        else:
            assert response.status_code == (200 if app in ours and allowed else 403), address
