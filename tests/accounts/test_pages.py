"""Pages of figures and files of figures: permission, disclosure, audit, and copies that readers keep."""

import csv
import io
import json

import pandas as pd
import pytest
from django import forms
from django.test import Client, RequestFactory, override_settings

from accounts.models import AuditEvent
from accounts.pages import entity_tag, page, reader_of
from presentation import figure as registry
from presentation.figure import Mode
from tests.presentation.demo import DemoForm, demo_figure, demo_frame

pytestmark = pytest.mark.django_db

TEMPLATE = "tests/demo_page.html"


@pytest.fixture(autouse=True)
def demo(monkeypatch, settings, tmp_path):
    """A figure of the registry that rests on no database, and a template to show it."""
    (tmp_path / "tests").mkdir()
    (tmp_path / TEMPLATE).write_text(
        "{% extends 'base.html' %}{% load figures %}{% block content %}<h1>Demo</h1><p>{{ sentence }}</p>"
        "{% figure results.demo_spend %}{% endblock %}"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    monkeypatch.setattr("presentation.run.is_illustrative", lambda position: True)
    monkeypatch.setitem(registry._registry, "demo_spend", made := demo_figure())
    return made


def view(user, query="", *, etag=None, figure=None, stamp=(), session="one"):
    headers = {"if-none-match": etag} if etag else {}
    request = RequestFactory().get(f"/demo/{query}", headers=headers)
    request.user, request._messages = user, []
    request.session = type("Session", (dict,), {"session_key": session})()
    form = DemoForm(request.GET, reader=reader_of(request))
    sentence = lambda results: results["demo_spend"].title  # noqa: E731
    return page(request, TEMPLATE, form=form, figures=[figure or demo_figure()], sentence=sentence, stamp=stamp)


def test_a_page_shows_its_figures_and_the_sentence_written_from_them(programme_team):
    response = view(programme_team)
    assert response.status_code == 200
    assert b"<p>King&#x27;s spends most</p>" in response.content
    assert b"Spend against plan by provider" in response.content


def test_a_page_is_kept_only_by_its_reader_and_asked_for_each_time(programme_team):
    response = view(programme_team)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert response["ETag"].startswith('"')


def test_an_unchanged_page_is_not_sent_again_and_is_audited_all_the_same(programme_team):
    etag = view(programme_team)["ETag"]
    again = view(programme_team, etag=etag)
    assert again.status_code == 304
    assert again.content == b""
    assert list(AuditEvent.objects.order_by("id").values_list("action", "detail__status")) == [
        ("viewed page", 200),
        ("viewed page", 304),
    ]


def test_an_unchanged_page_runs_nothing(programme_team):
    etag = view(programme_team)["ETag"]
    refused = demo_figure(query=lambda reader, filters: pytest.fail("was run"))
    assert view(programme_team, etag=etag, figure=refused).status_code == 304


def test_whatever_a_page_rests_on_changes_its_tag(programme_team, board_member, settings):
    tags = {
        "as it is": view(programme_team)["ETag"],
        "filters": view(programme_team, "?year=2024/25")["ETag"],
        "position": view(programme_team, "?position=13")["ETag"],
        "another reader": view(board_member)["ETag"],
        "another session": view(programme_team, session="two")["ETag"],
        "assumptions": view(programme_team, figure=demo_figure(stamp=lambda f: ("position 14", "rates 2")))["ETag"],
        "what the view adds": view(programme_team, stamp=["scenario 3"])["ETag"],
    }
    programme_team.role_version += 1
    tags["roles"] = view(programme_team)["ETag"]
    settings.RELEASE = "another"
    tags["release"] = view(programme_team)["ETag"]
    assert len(set(tags.values())) == len(tags)


def test_the_tag_changes_with_the_day(programme_team, monkeypatch):
    import datetime as dt

    first = view(programme_team)["ETag"]
    monkeypatch.setattr("accounts.pages.timezone.localdate", lambda: dt.date(2030, 1, 1))
    assert view(programme_team)["ETag"] != first


def test_wrong_filters_give_the_page_with_what_is_wrong_and_no_figures(programme_team):
    response = view(programme_team, "?year=1066")
    assert response.status_code == 200
    assert b"There is a problem" in response.content
    assert b'href="#id_year"' in response.content
    assert b"app-figure" not in response.content
    assert "ETag" not in response


def test_a_figure_with_filters_of_its_own_says_what_is_wrong_too(programme_team):
    class Narrow(DemoForm):
        measure = forms.ChoiceField(choices=[("cost", "Cost")], required=False)

    response = view(programme_team, "?measure=weight", figure=demo_figure(form=Narrow))
    assert b"There is a problem" in response.content


def test_a_board_member_sees_pages_as_people_inside_do(board_member):
    response = view(board_member)
    assert "£314,200,001".encode() in response.content


def exported(client, extension, query=""):
    return client.get(f"/figure/demo_spend.{extension}{query}")


def test_files_are_downloads_under_a_plain_name(signed_in, programme_team):
    client = signed_in(programme_team)
    for extension, kind in (("csv", "text/csv"), ("xlsx", "spreadsheetml"), ("json", "application/json")):
        response = exported(client, extension)
        assert response.status_code == 200
        assert kind in response["Content-Type"]
        assert response["Content-Disposition"] == f'attachment; filename="demo-spend-position-14.{extension}"'
        assert response["X-Content-Type-Options"] == "nosniff"


def test_what_a_board_member_takes_away_is_for_outside(signed_in, board_member, programme_team):
    outside = json.loads(exported(signed_in(board_member), "json").content)
    inside = json.loads(exported(signed_in(programme_team), "json").content)
    assert (outside["mode"], inside["mode"]) == ("outside", "inside")
    assert outside["rows"][1]["actual_price"] == "*"
    assert inside["rows"][1]["actual_price"] == "18400.00"


def test_files_follow_the_filters_and_the_order_of_the_page(signed_in, programme_team):
    client = signed_in(programme_team)
    made = json.loads(exported(client, "json", "?year=2024/25&position=3").content)
    assert made["filters"] == {"year": "2024/25"}
    assert made["position"] == 3
    rows = list(csv.reader(io.StringIO(exported(client, "csv", "?demo_spend-sort=planned_price").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:3]] == ["Croydon", "'=cmd|' /C calc'!A0"]


def test_the_picture_is_what_the_page_shows(signed_in, programme_team):
    response = signed_in(programme_team).get("/figure/demo_spend.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert "£314.2m".encode() in response.content
    assert response.content.startswith(b"<svg")
    assert b"Illustrative data. Source: ACM, position 14" in response.content


def test_a_board_members_picture_is_a_file_for_outside_and_says_so(signed_in, board_member, programme_team):
    people = (programme_team, board_member)
    inside, outside = (signed_in(who).get("/figure/demo_spend.svg").content.decode() for who in people)
    assert ("£18k" in inside, ">*<" in inside, "For sharing outside" in inside) == (True, False, False)
    assert ("£18k" in outside, ">*<" in outside, "For sharing outside" in outside) == (False, True, True)


def test_a_tag_made_weak_on_the_way_is_the_same_tag(programme_team):
    assert view(programme_team, etag=f"W/{view(programme_team)['ETag']}").status_code == 304


def test_what_no_view_speaks_of_is_kept_by_no_browser(signed_in, programme_team, administrator, client):
    answers = [signed_in(programme_team).get(address) for address in ("/your-account/", "/audit/", "/extracts/", "/no-such/")]
    answers += [signed_in(administrator).get("/figure/demo_spend.csv"), client.get("/flows/")]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_pages_of_figures_are_asked_for_and_nothing_else(signed_in, programme_team):
    client = signed_in(programme_team)
    assert {client.generic(method, "/flows/").status_code for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE")} == {405}


def test_more_filters_than_are_taken_are_refused_and_written_down(signed_in, programme_team):
    many = "&".join(f"filter{number}=1" for number in range(1100))
    assert signed_in(programme_team).get(f"/flows/?{many}").status_code == 400
    assert AuditEvent.objects.get(detail__status=400).about == "/flows/"


def test_an_address_with_a_nul_is_written_down(signed_in, programme_team):
    assert signed_in(programme_team).get("/no%00such/").status_code == 404
    assert AuditEvent.objects.get(detail__status=404).about == "/no\N{REPLACEMENT CHARACTER}such/"


def test_files_are_audited_with_their_mode_also_when_unchanged(signed_in, board_member):
    client = signed_in(board_member)
    first = exported(client, "csv", "?year=2024/25")
    again = client.get("/figure/demo_spend.csv?year=2024/25", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    events = AuditEvent.objects.filter(action="exported figure").order_by("id")
    assert [(e.about, e.by, e.detail["mode"], e.detail["status"]) for e in events] == [
        ("demo_spend", board_member, "outside", 200),
        ("demo_spend", board_member, "outside", 304),
    ]


def test_a_file_for_inside_is_never_kept_as_one_for_outside(signed_in, board_member):
    first = exported(signed_in(board_member), "csv")["ETag"]
    request = RequestFactory().get("/figure/demo_spend.csv")
    request.user, request.session = board_member, type("Session", (dict,), {"session_key": "x"})()
    parts = ["demo_spend", "csv"]
    assert entity_tag(request, *parts, Mode.INSIDE) != entity_tag(request, *parts, Mode.OUTSIDE)
    assert first


@pytest.mark.parametrize("extension", ["svg", "csv", "xlsx", "json"])
def test_roles_that_see_no_figures_get_none(signed_in, administrator, extension):
    assert exported(signed_in(administrator), extension).status_code == 403


@pytest.mark.parametrize("extension", ["svg", "csv", "xlsx", "json"])
def test_people_who_are_not_signed_in_are_sent_to_sign_in(client, extension):
    response = exported(client, extension)
    assert response.status_code == 302
    assert "sign-in" in response["Location"]


def test_unknown_figures_are_not_found(signed_in, programme_team):
    client = signed_in(programme_team)
    assert client.get("/figure/no_such.csv").status_code == 404
    assert client.get("/figure/demo_spend.exe").status_code == 404


def test_wrong_filters_of_a_file_are_said_plainly(signed_in, programme_team):
    response = exported(signed_in(programme_team), "csv", "?year=<script>")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def test_a_figure_without_a_chart_has_no_picture(signed_in, programme_team, monkeypatch):
    monkeypatch.setitem(registry._registry, "demo_spend", demo_figure(chart=None))
    assert exported(signed_in(programme_team), "svg").status_code == 404
    assert exported(signed_in(programme_team), "csv").status_code == 200


def test_figures_are_only_read(signed_in, programme_team):
    assert signed_in(programme_team).post("/figure/demo_spend.csv").status_code in {403, 405}


CSP = (
    "base-uri 'self'; default-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; "
    "object-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'"
)


def test_the_content_security_policy_is_exactly_this(client, signed_in, programme_team):
    strict = Client(enforce_csrf_checks=True)
    answers = [client.get("/sign-in/"), exported(signed_in(programme_team), "svg"), client.get("/no-such-page")]
    answers += [client.get("/"), strict.post("/sign-in/"), client.get("/sign-in/", headers={"host": "another.example"})]
    with override_settings(SECURE_SSL_REDIRECT=True):
        answers.append(Client().get("/sign-in/"))
    assert [answer.status_code for answer in answers] == [200, 200, 404, 302, 403, 400, 301]
    for response in answers:
        directives = sorted(part.strip() for part in response["Content-Security-Policy"].split(";") if part.strip())
        assert "; ".join(directives) == CSP


def test_no_page_names_another_host_for_anything_it_loads(client, programme_team):
    import re

    for body in (client.get("/sign-in/").content.decode(), view(programme_team).content.decode()):
        assert re.findall(r"""(?:src|srcset)=["']?(?:https?:)?//""", body) == []
        assert re.findall(r"<link[^>]*href=[\"'](?:https?:)?//", body) == []
        assert re.findall(r"<style|\son\w+=|javascript:", body) == []


@pytest.mark.parametrize(
    ("template", "heading"),
    [
        ("400.html", "The address cannot be read"),
        ("403.html", "You cannot do this"),
        ("403_csrf.html", "The form is out of date"),
        ("404.html", "Page not found"),
        ("500.html", "Sorry, something went wrong"),
    ],
)
def test_error_pages_stand_without_a_request(template, heading):
    from django.template.loader import render_to_string

    shown = render_to_string(template)
    assert f">{heading}</h1>" in shown
    assert "Specialised Services Planner" in shown


def test_a_refusal_gives_its_reason(signed_in, administrator):
    response = exported(signed_in(administrator), "csv")
    assert "You cannot do this" in response.content.decode()


def test_a_page_shows_one_page_of_a_long_table_and_its_file_all(signed_in, programme_team, monkeypatch):
    long = pd.concat([demo_frame()] * 30, ignore_index=True)
    figure = demo_figure(query=lambda reader, filters: long)
    monkeypatch.setitem(registry._registry, "demo_spend", figure)
    response = view(programme_team, "?demo_spend-page=3", figure=figure)
    assert "Rows 101 to 120 of 120" in response.content.decode()
    assert len(exported(signed_in(programme_team), "csv").content.decode().splitlines()) >= 121
