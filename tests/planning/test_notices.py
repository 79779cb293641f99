"""Who is told what when an extract is published, withdrawn, marked, refused or ready."""

import pytest

from accounts.models import Notice, Role
from planning.actions import check_extract, mark_extract, publish_extracts, withdraw_extract
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ROWS = [acm_row(month=1), acm_row(month=2, commissioner="36L")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people(person):
    """Leads of the provider, of both systems in the file, of strangers, and the programme team."""
    leads = {code: person(Role.FINANCE_LEAD, code) for code in ("RJ1", "QKK", "QWE", "RJZ", "QKS")}
    return {**leads, "team": person(Role.PROGRAMME_TEAM), "board": person(Role.BOARD_MEMBER)}


def told(people) -> dict[str, list[str]]:
    """The newest notice of each who has any, by who they are."""
    return {who: user.notices.first().text for who, user in people.items() if user.notices.exists()}


def forget():
    Notice.objects.all().delete()


def test_of_a_providers_file_the_systems_in_it_and_the_team_are_told(people):
    extract = check(ROWS, by=people["RJ1"])
    forget()
    publish_extracts(by=people["RJ1"], extracts=[extract], reason="June flex")
    found = told(people)
    assert set(found) == {"QKK", "QWE", "team"}
    assert "Guy's and St Thomas'" in found["QKK"]
    assert "April to May 2025 (flex)" in found["QKK"]
    assert "position 1. June flex" in found["team"]
    assert "acm.csv" not in found["QKK"]
    assert {notice.link for notice in Notice.objects.all()} == {"/positions/1/"}


def test_of_a_systems_file_the_provider_is_told(people):
    [extract] = publish([acm_row()], by=people["QKK"])
    forget()
    withdraw_extract(by=people["QKK"], extract=extract, reason="Wrong file")
    found = told(people)
    assert set(found) == {"RJ1", "team"}
    assert "withdrawn by" in found["RJ1"]
    assert "Wrong file" in found["RJ1"]


def test_of_a_file_of_the_command_line_both_parties_are_told(people):
    publish(ROWS)
    assert set(told(people)) == {"RJ1", "QKK", "QWE", "team"}


def test_several_files_at_once_are_one_notice(people):
    publish(ROWS, [{**row, "year": "202627"} for row in ROWS])
    assert people["team"].notices.count() == 1
    assert "2 extracts of Guy's and St Thomas'" in told(people)["team"]


def test_marking_anew_is_told(people):
    [extract] = publish(ROWS, by=people["RJ1"])
    forget()
    mark_extract(by=people["RJ1"], extract=extract, reporting_point="freeze", illustrative=False)
    assert "Marked as freeze instead of flex" in told(people)["QWE"]
    assert "RJ1" not in told(people)


def test_a_refused_file_is_told_with_its_reason_to_those_who_may_see_it(people):
    extract = check_extract(extract=receive([acm_row(month="x"), acm_row(month="y", commissioner="36L")], by=people["RJ1"]))
    assert extract.state == "refused"
    found = told(people)
    assert extract.reason in found["RJ1"]
    assert extract.reason in found["team"]
    assert extract.reason not in found["QKK"]
    assert people["QKK"].notices.get().link == ""
    assert people["team"].notices.get().link == f"/extracts/{extract.pk}/"
    assert not {"QKS", "RJZ", "board"} & set(found)


def test_a_file_refused_at_the_door_is_told_to_the_team_and_not_to_its_sender(people):
    extract = receive(content=b"no heading\n1\n", by=people["RJ1"])
    found = told(people)
    assert set(found) == {"team"}
    assert found["team"].startswith("Aggregate Contract Monitoring from Guy's and St Thomas'")
    assert extract.reason in found["team"]


def test_whoever_sent_a_file_is_told_that_it_is_ready(people):
    check(ROWS, by=people["RJ1"])
    assert set(told(people)) == {"RJ1"}
    assert "ready to publish" in told(people)["RJ1"]


def test_people_who_have_left_are_not_told(people):
    people["QKK"].is_active = False
    people["QKK"].save()
    publish(ROWS)
    assert "QKK" not in told(people)


def touched(*, by, position, extracts):
    return ["The control total of Guy's and St Thomas' was signed off, and has changed by £1.00."]


def test_a_signed_figure_that_a_publication_touches_is_told_to_everyone_concerned(people, settings):
    settings.AFTER_PUBLISH = [f"{__name__}.touched"]
    extract = check(ROWS, by=people["RJ1"])
    forget()
    publish_extracts(by=people["RJ1"], extracts=[extract], reason="June flex")
    signed = Notice.objects.filter(text__contains="signed off")
    assert {notice.to for notice in signed} == {people[who] for who in ("QKK", "QWE", "team")}
    assert all(notice.text.startswith("Position 1: The control total") for notice in signed)


def test_nobody_is_told_of_a_publication_that_fails(people, settings):
    settings.AFTER_PUBLISH = [f"{__name__}.no_such_function"]
    extract = check(ROWS)
    forget()
    with pytest.raises(ImportError):
        publish_extracts(by=people["RJ1"], extracts=[extract], reason="x")
    assert not Notice.objects.exists()
