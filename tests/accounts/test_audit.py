"""The audit trail: everything that is seen or done, once, by somebody, for good."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import actions
from accounts.actions import NoActor, record, record_view
from accounts.middleware import AuditViewsMiddleware
from accounts.models import AuditEvent, Role, User
from accounts.queries import audit_events, command_line_user

pytestmark = pytest.mark.django_db
TRAIL = "/audit/"


def test_an_event_names_who_what_and_about(programme_team):
    event = record(by=programme_team, action="published extract", about="Extract 12", position=4)
    event.refresh_from_db()
    assert (event.by, event.action, event.about, event.detail) == (
        programme_team,
        "published extract",
        "Extract 12",
        {"position": 4},
    )
    assert event.at is not None


@pytest.mark.parametrize("nobody", [None, User(email="not-saved@example.nhs.uk")])
def test_nothing_is_done_by_nobody(nobody):
    with pytest.raises(NoActor, match="published extract"):
        record(by=nobody, action="published extract")
    assert not AuditEvent.objects.exists()


def test_the_database_holds_no_event_without_an_actor(programme_team):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.create(by=None, action="x")


def test_events_are_not_changed_or_deleted(programme_team):
    record(by=programme_team, action="did something")
    with pytest.raises(TypeError):
        AuditEvent.objects.update(action="did nothing")
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(by=programme_team).delete()
    assert AuditEvent.objects.get().action == "did something"


def test_a_page_seen_is_recorded_once_with_its_filters(signed_in, programme_team):
    signed_in(programme_team).get("/your-account/?a=1")
    event = AuditEvent.objects.get(action="viewed page")
    assert (event.by, event.about, event.detail) == (programme_team, "/your-account/", {"filters": "a=1", "status": 200})


def test_being_refused_is_recorded_too(signed_in, board_member):
    assert signed_in(board_member).get(TRAIL).status_code == 403
    assert AuditEvent.objects.get(action="viewed page").detail["status"] == 403


def test_whoever_is_not_signed_in_leaves_no_event(client):
    client.get("/sign-in/")
    client.get("/your-account/")
    assert not AuditEvent.objects.exists()


def _middleware(request, response):
    return AuditViewsMiddleware(lambda _: response)(request)


@pytest.mark.parametrize(
    ("method", "status", "events"),
    [("get", 200, 1), ("head", 200, 1), ("get", 304, 1), ("get", 404, 1), ("get", 302, 0), ("post", 200, 0)],
)
def test_what_counts_as_seen(programme_team, method, status, events):
    request = getattr(RequestFactory(), method)("/somewhere/")
    request.user = programme_team
    _middleware(request, HttpResponse(status=status))
    assert AuditEvent.objects.count() == events


def test_what_a_view_recorded_itself_is_not_recorded_again(programme_team):
    request = RequestFactory().get("/somewhere/")
    request.user = programme_team
    record_view(request=request, action="exported figure", about="flows", format="csv")
    _middleware(request, HttpResponse())
    assert AuditEvent.objects.get().detail == {"format": "csv"}


def _busy(**_):
    raise OperationalError("database is locked")


def test_a_busy_demo_shows_the_page_and_logs(monkeypatch, caplog, programme_team):
    request = RequestFactory().get("/somewhere/")
    request.user = programme_team
    monkeypatch.setattr(actions, "record", _busy)
    monkeypatch.setattr(actions.connection, "vendor", "sqlite")
    with caplog.at_level(logging.ERROR):
        assert _middleware(request, HttpResponse()).status_code == 200
    assert "could not be written" in caplog.text


def test_a_server_that_cannot_write_the_trail_shows_nothing(monkeypatch, programme_team):
    request = RequestFactory().get("/somewhere/")
    request.user = programme_team
    monkeypatch.setattr(actions, "record", _busy)
    monkeypatch.setattr(actions.connection, "vendor", "postgresql")
    with pytest.raises(OperationalError):
        _middleware(request, HttpResponse())


def test_the_sentence_of_a_refusal_is_on_the_page(signed_in, board_member):
    page = signed_in(board_member).get(TRAIL)
    assert "read by the programme team and administrators" in page.content.decode()
    assert issubclass(actions.NoActor, ValueError)
    assert not issubclass(actions.NoActor, PermissionDenied)


@pytest.mark.parametrize("who", ["programme_team", "administrator"])
def test_the_trail_is_read_by_whoever_may(signed_in, request, who):
    user = request.getfixturevalue(who)
    record(by=command_line_user(), action="published extract", about="<script>alert(1)</script>")
    page = signed_in(user).get(TRAIL).content.decode()
    assert "Published extract" in page
    assert "Command line" in page
    assert "<script>alert" not in page


def test_the_trail_is_filtered(signed_in, programme_team, board_member):
    record(by=board_member, action="exported figure", about="flows")
    record(by=programme_team, action="signed in")
    client = signed_in(programme_team)
    by_person = client.get(TRAIL, {"person": board_member.email.upper()}).context["page"]
    assert [event.about for event in by_person] == ["flows"]
    by_action = client.get(TRAIL, {"action": "signed in"}).context["page"]
    assert [event.by for event in by_action] == [programme_team]
    assert not list(audit_events(until=AuditEvent.objects.first().at.date().replace(year=2000)))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since_day=31&since_month=2&since_year=2026", "Enter a real date"),
        ("action=nothing+like+it", "Select a valid choice"),
        ("since_day=2&since_month=1&since_year=2026&until_day=1&until_month=1&until_year=2026", "must be the same as or after"),
    ],
)
def test_wrong_filters_are_told(signed_in, programme_team, query, said):
    response = signed_in(programme_team).get(f"{TRAIL}?{query}")
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not list(response.context["page"])


def test_the_trail_is_paged_and_asks_little(signed_in, programme_team, django_assert_max_num_queries):
    for number in range(120):
        record(by=programme_team, action="did", about=str(number))
    client = signed_in(programme_team)
    with django_assert_max_num_queries(20):
        first = client.get(TRAIL)
    assert len(first.context["page"]) == 50
    assert client.get(TRAIL, {"page": "99"}).context["page"].number == 3
    assert client.get(TRAIL, {"page": "x"}).context["page"].number == 1


def test_notices_reach_each_person_once_and_can_be_marked_read(signed_in, person):
    one, two = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "RJ1")
    actions.notify(to=[one, one, two], text="Extract 3 is published.", link="/extracts/3/")
    assert one.notices.count() == two.notices.count() == 1
    client = signed_in(one)
    assert 'href="/extracts/3/"' in client.get("/notices/").content.decode()
    assert client.get("/notices/read/").status_code == 405
    assert one.notices.filter(read_at=None).count() == 1
    client.post("/notices/read/")
    assert one.notices.filter(read_at=None).count() == 0
    assert two.notices.filter(read_at=None).count() == 1


def test_the_header_counts_what_is_new_and_a_kept_page_does_not_hide_it(signed_in, programme_team):
    client = signed_in(programme_team)
    tag = client.get("/flows/").headers["ETag"]
    assert client.get("/flows/", headers={"if-none-match": tag}).status_code == 304
    assert "app-header__count" not in client.get("/flows/").content.decode()
    actions.notify(to=[programme_team], text="Something happened.")
    again = client.get("/flows/", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert 'app-header__count">1<' in again.content.decode()


def test_one_notice_is_marked_read_by_its_own_reader_alone(signed_in, person):
    one, two = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "RJZ")
    for text in ("First.", "Second."):
        actions.notify(to=[one], text=text)
    first = one.notices.get(text="First.")
    assert signed_in(two).post(f"/notices/{first.pk}/read/").status_code == 404
    client = signed_in(one)
    assert client.post(f"/notices/{first.pk}/read/").status_code == 302
    assert client.post(f"/notices/{first.pk}/read/").status_code == 302
    new = client.get("/notices/?show=new").content.decode()
    assert "Second." in new
    assert "First." not in new
    assert "First." in client.get("/notices/").content.decode()


def test_many_notices_stand_on_several_pages(signed_in, person):
    one = person(Role.BOARD_MEMBER)
    for number in range(30):
        actions.notify(to=[one], text=f"Notice number {number}.")
    client = signed_in(one)
    first, second = (client.get(f"/notices/?page={page}").content.decode() for page in (1, 2))
    assert "Notice number 29." in first
    assert "Notice number 0." not in first
    assert "Notice number 0." in second
