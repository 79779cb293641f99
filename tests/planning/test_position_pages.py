"""Positions as pages: what each changed by provider and slice, who sees which slices, and every page at an older one."""

import re
from html import unescape

import pytest

from accounts.models import Role
from accounts.queries import command_line_user
from planning.actions import NotPublishable, mark_extract, publish_extracts, withdraw_extract
from planning.figures.positions import differences_said, position_changes
from planning.models import ReportingPosition
from planning.queries import position_totals
from planning.queries.position_changes import slices_changed
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def row(month, commissioner="72Q", price="100", **cells):
    return acm_row(month=month, commissioner=commissioner, actual_price=price, **cells)


def both(*months, price="100"):
    return [row(month, commissioner, price) for month in months for commissioner in ("72Q", "36L")]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def position(number) -> ReportingPosition:
    return ReportingPosition.objects.get(number=number)


def said(user, number) -> str:
    return position_changes(user, position(number)).sentence


def test_a_position_says_what_it_changed(programme_team):
    publish(both(1, 2))
    publish([row(1, "72Q", "150"), row(2, "72Q"), row(3, "36L", "1")])
    assert said(programme_team, 1) == "Actual price is £400.00 more than before: 4 slices are new."
    assert said(programme_team, 2) == (
        "Actual price is £149.00 less than before: 1 slice is new, 1 slice is changed, "
        "1 slice is restated with the same money and 2 slices are left empty."
    )


def test_a_mark_changes_no_money(programme_team):
    [extract] = publish(both(1))
    mark_extract(by=command_line_user(), extract=extract, reporting_point="freeze", illustrative=False)
    assert said(programme_team, 2) == "Actual price is the same as before: 2 slices are marked anew."
    assert differences_said(position(2)) == ["Guy's and St Thomas': no change"]


def test_withdrawing_what_was_overtaken_changes_no_slice(programme_team):
    [first] = publish(both(1))
    publish(both(1, price="1"))
    withdraw_extract(by=command_line_user(), extract=first, reason="x")
    assert said(programme_team, 3) == "No slice is taken from another extract than before."
    assert differences_said(position(3)) == []


def test_differences_of_every_position_add_up_to_the_last(programme_team):
    publish(both(1, 2))
    [second] = publish(both(2, 3, price="7"))
    publish([{**r, "provider": "RJZ"} for r in both(1, price="11")])
    withdraw_extract(by=command_line_user(), extract=second, reason="x")
    running = 0
    for number in range(1, 5):
        changed = slices_changed(position(number))
        running += int(changed["actual_price_after"].fillna(0).sum() - changed["actual_price_before"].fillna(0).sum())
        assert running == int(position_totals(number)["actual_price"].sum())


def test_the_list_has_who_when_why_and_the_difference_by_provider(signed_in, programme_team):
    publish(both(1), reason="First flex")
    publish([{**r, "provider": "RJZ"} for r in both(1, price="3000000")], both(1, price="50"), reason="Second flex")
    page = text_of(signed_in(programme_team).get("/positions/"))
    assert "King's College Hospital: £6.0m more" in page
    assert "Guy's and St Thomas': £100 less" in page
    assert page.index("Second flex") < page.index("First flex")
    assert "Command line" in page


def test_whoever_owns_slices_sees_them_one_by_one(signed_in, programme_team, finance_lead, system_lead, board_member, person):
    publish(both(1, 2))
    shown = {
        user: text_of(signed_in(user).get("/positions/1/"))
        for user in (programme_team, finance_lead, system_lead, board_member, person(Role.FINANCE_LEAD, "RJZ"))
    }
    team, own, system, board, stranger = shown.values()
    assert team.count("36L") == own.count("36L") == 2
    assert (system.count("36L"), system.count("72Q")) == (0, 2)
    assert "2 more belong to other organisations" in system
    assert "72Q" not in board
    assert "Slices one by one are for the programme team" in board
    assert "None of your own changed" in stranger
    # The money by provider is everyone's.
    assert all("£400.00" in page for page in shown.values())


def test_a_position_leads_to_the_one_before_and_after(signed_in, programme_team):
    for price in ("1", "2", "3"):
        publish(both(1, price=price))
    page = signed_in(programme_team).get("/positions/2/").content.decode()
    assert 'href="/positions/1/"' in page
    assert 'href="/positions/3/"' in page
    assert "?position=2" in page
    assert signed_in(programme_team).get("/positions/4/").status_code == 404


def test_an_older_position_is_said_and_carried_everywhere(signed_in, programme_team):
    publish(both(1))
    publish(both(1, price="1"))
    client = signed_in(programme_team)
    page = client.get("/flows/?position=1&measure=cost").content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "You are looking at position 1 of 2, back to the latest" in words
    assert 'href="/flows/?measure=cost"' in page
    navigation = page[page.index("app-nav__list") : page.index("</nav>")]
    # All but Extracts, which is of now alone.
    assert navigation.count("?position=1") == 6
    assert 'href="/extracts/"' in navigation
    assert '<a href="/flows/?position=1">Clear filters</a>' in page
    assert '<input type="hidden" name="position" value="1"' in page


def test_a_kept_page_of_a_position_does_not_hide_that_there_is_a_later_one(signed_in, programme_team):
    publish(both(1))
    client = signed_in(programme_team)
    first = client.get("/flows/?position=1")
    assert "Not the latest" not in first.content.decode()
    kept = {"if-none-match": first.headers["ETag"]}
    assert client.get("/flows/?position=1", headers=kept).status_code == 304
    publish(both(1, price="1"))
    again = client.get("/flows/?position=1", headers=kept)
    assert again.status_code == 200
    assert "Not the latest" in again.content.decode()


def test_another_position_is_chosen_with_the_filters_kept(signed_in, programme_team):
    publish(both(1), reason="The first")
    publish(both(1, price="1"))
    page = signed_in(programme_team).get("/flows/?measure=cost&system=QKK&system=QWE").content.decode()
    control = page[page.index("app-position__form") : page.index("</form>", page.index("app-position__form"))]
    assert control.count('name="system"') == 2
    assert '<input type="hidden" name="measure" value="cost">' in control
    assert '<option value="1">' in control
    assert "The first" in control
    assert "Not the latest" not in page


def test_a_position_that_is_no_number_is_not_carried(signed_in, programme_team):
    publish(both(1))
    page = signed_in(programme_team).get("/flows/?position=%3Cscript%3E").content.decode()
    assert "<script>" not in page[page.index("app-nav__list") : page.index("</nav>")]
    assert "?position=" not in page[page.index("app-nav__list") : page.index("</nav>")]


def test_what_a_person_confirmed_is_what_is_published():
    extract = check(both(1))
    publish(both(1, price="7"))
    with pytest.raises(NotPublishable, match=r"Position 1 was published after you opened this page.*RJ1 2025/26"):
        publish_extracts(by=command_line_user(), extracts=[extract], reason="x", seen=0)
    assert publish_extracts(by=command_line_user(), extracts=[extract], reason="x", seen=1).number == 2


def test_publications_of_others_do_not_disturb():
    extract = check(both(1))
    publish([{**r, "provider": "RJZ"} for r in both(1)])
    publish([{**r, "year": "202627"} for r in both(1)])
    assert publish_extracts(by=command_line_user(), extracts=[extract], reason="x", seen=0).number == 3
