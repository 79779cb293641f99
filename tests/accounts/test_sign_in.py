"""The door: who comes in, what is said when somebody does not, and where they go next."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import AuditEvent, Role, User
from accounts.queries import COMMAND_LINE, command_line_user
from accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SIGN_IN = "/sign-in/"


def enter(client, user, password=PASSWORD, **fields):
    return client.post(SIGN_IN, {"username": getattr(user, "email", user), "password": password, **fields})


def test_every_page_needs_a_sign_in_and_leads_back(client, programme_team):
    response = client.get("/your-account/")
    assert response.url == "/sign-in/?next=/your-account/"
    assert enter(client, programme_team, next="/your-account/").url == "/your-account/"
    assert client.get("/your-account/").status_code == 200


def test_email_is_taken_in_any_case_and_with_blanks(client, programme_team):
    assert enter(client, f"  {programme_team.email.upper()} ", next="/your-account/").status_code == 302


def test_what_is_wrong_is_said_beside_the_field_and_in_the_summary(client):
    page = client.post(SIGN_IN, {"username": "", "password": ""}).content.decode()
    assert "There is a problem" in page
    assert '<a href="#id_username">Enter your email address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page
    assert "<title>Error: Sign in" in page


def test_wrong_password_unknown_person_and_inactive_person_read_the_same(client, person, programme_team):
    gone = person(Role.PROGRAMME_TEAM, is_active=False)
    pages = [
        enter(client, programme_team, "wrong"),
        enter(client, "nobody@example.nhs.uk"),
        enter(client, gone),
    ]
    messages = [page.context["form"].errors["username"] for page in pages]
    assert (
        messages[0] == messages[1] == messages[2] == ["The email address or the password is not right. Check both and try again"]
    )
    assert "wrong" not in pages[0].content.decode().replace("wrong attempts", "")


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_never_leads_out(client, administrator, following):
    assert enter(client, administrator, next=following).url == "/your-account/"


def test_after_five_wrong_attempts_even_the_right_password_waits(client, programme_team):
    for attempt in range(4):
        assert enter(client, programme_team, f"wrong {attempt}").status_code == 200
    response = enter(client, programme_team, "wrong again")
    assert response.status_code == 429
    assert "Wait before you try again" in response.content.decode()
    assert enter(client, programme_team).status_code == 429


def test_a_lock_is_for_one_person_from_one_address(client, programme_team, board_member):
    for _ in range(5):
        enter(client, programme_team, "wrong")
    assert enter(client, board_member, next="/your-account/").status_code == 302
    elsewhere = client.post(SIGN_IN, {"username": programme_team.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_typing_the_email_differently_gives_no_more_attempts(client, programme_team):
    for typed in (
        programme_team.email,
        programme_team.email.upper(),
        f" {programme_team.email}",
        programme_team.email.title(),
        programme_team.email,
    ):
        response = enter(client, typed, "wrong")
    assert response.status_code == 429


def test_a_success_forgets_the_wrong_attempts_before_it(client, programme_team):
    for _ in range(2):
        for _ in range(4):
            enter(client, programme_team, "wrong")
        assert enter(client, programme_team, next="/your-account/").status_code == 302
        client.post("/sign-out/")


def test_signing_in_and_out_is_audited_and_out_needs_a_post(client, programme_team):
    enter(client, programme_team)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/your-account/").status_code == 200
    assert client.post("/sign-out/").url == SIGN_IN
    assert client.get("/your-account/").status_code == 302
    said = AuditEvent.objects.filter(by=programme_team, action__startswith="signed").order_by("id")
    assert [event.action for event in said] == ["signed in", "signed out"]


def test_the_session_is_another_one_after_signing_in(client, programme_team):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "sign-in"
    session.save()
    key = session.session_key
    client.cookies["sessionid"] = key
    enter(client, programme_team)
    assert client.session.session_key != key


def test_posts_need_a_token(programme_team):
    strict = Client(enforce_csrf_checks=True)
    response = enter(strict, programme_team)
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()
    strict.force_login(programme_team, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post("/sign-out/").status_code == 403


def test_the_command_line_cannot_sign_in(client):
    assert command_line_user() == command_line_user()
    assert enter(client, COMMAND_LINE, "").status_code == 200
    assert "_auth_user_id" not in client.session


def test_administration_has_the_same_door(client, administrator):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    assert enter(client, administrator, next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["programme_team", "finance_lead", "board_member"])
def test_whoever_is_no_administrator_is_told_so(who, request, signed_in):
    response = signed_in(request.getfixturevalue(who)).get("/admin/", follow=True)
    assert response.status_code == 403
    assert "kept by administrators" in response.content.decode()


PASSWORDS = "/your-account/password/"


def change(client, new, again=None, old=PASSWORD):
    return client.post(PASSWORDS, {"old_password": old, "new_password1": new, "new_password2": new if again is None else again})


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short one", "at least 12"),
        ("123456789012", "numeric"),
        ("1qaz2wsx3edc", "common"),
        ("finance_lead1@example", "similar"),
        ("", "Enter a new password"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(signed_in, finance_lead, new, said):
    User.objects.filter(pk=finance_lead.pk).update(email="finance_lead1@example.nhs.uk")
    page = change(signed_in(finance_lead), new)
    assert page.status_code == 200
    assert said in page.content.decode()


def test_a_new_password_takes_hold_and_ends_other_sessions(signed_in, finance_lead):
    here, elsewhere = signed_in(finance_lead), signed_in(finance_lead)
    response = change(here, "four words quite unlike")
    assert response.url == "/your-account/"
    assert "Your password is changed" in here.get(response.url).content.decode()
    assert elsewhere.get("/your-account/").status_code == 302
    assert AuditEvent.objects.filter(by=finance_lead, action="changed password").count() == 1
    finance_lead.refresh_from_db()
    assert finance_lead.check_password("four words quite unlike")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "not it"}, "Your present password is not right"),
        ({"again": "something else entirely"}, "The two new passwords are not the same"),
    ],
)
def test_wrong_present_or_repeated_password(signed_in, finance_lead, fields, said):
    assert said in change(signed_in(finance_lead), "four words quite unlike", **fields).content.decode()


def test_no_page_of_people_is_open_to_the_world_but_the_door():
    assert resolve(reverse("accounts:sign_in")).func.login_required is False
    open_to_all = {p.name for p in urlpatterns if not getattr(p.callback, "login_required", True)}
    assert open_to_all == {"sign_in", "administration_sign_in"}
