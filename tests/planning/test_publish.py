from pathlib import Path

import pytest
from django.http import Http404

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from accounts.reading import Reader
from planning.actions import NotPublishable, declare_complete, publish_extracts, withdraw_extract
from planning.models import Extract, PositionLock, PositionSlice, ReportingPosition
from planning.queries import flow_frame, position_totals
from planning.queries.extracts import comparison, effects_of_publishing, extract_for, extracts_for
from presentation.figure import Mode
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def row(month, commissioner="72Q", price="100", **cells):
    return acm_row(month=month, commissioner=commissioner, practice_responsibility=commissioner, actual_price=price, **cells)


def both(*months, price="100"):
    """Rows of two commissioners in each month."""
    return [row(month, commissioner, price) for month in months for commissioner in ("72Q", "36L")]


def pounds(position=None) -> int:
    """The whole of a position, from the facts."""
    number = position or ReportingPosition.objects.first().number
    return int(position_totals(number)["actual_price"].sum()) // 10_000


def slices(position=None) -> dict:
    number = position or ReportingPosition.objects.first().number
    return {(s.month, s.commissioner): s.extract_id for s in PositionSlice.objects.at(number)}


def test_publishing_makes_a_position():
    [extract] = publish(both(1, 2), reason="Month 2 at flex")
    position = ReportingPosition.objects.get()
    assert (position.number, position.reason, position.illustrative) == (1, "Month 2 at flex", False)
    assert list(position.extracts.all()) == [extract]
    assert (extract.state, extract.published_by, extract.publication) == ("published", command_line_user(), 1)
    assert slices() == dict.fromkeys([(1, "36L"), (1, "72Q"), (2, "36L"), (2, "72Q")], extract.pk)
    assert pounds() == 400


def test_a_restatement_replaces_and_the_old_position_stays():
    publish(both(1, 2))
    publish(both(1, 2, 3, price="10"))
    assert (pounds(1), pounds(2)) == (400, 60)


def test_money_that_moves_to_another_commissioner_is_not_left_behind():
    publish(both(1, 2))
    publish([row(1, "72Q"), row(2, "92A")])
    assert pounds() == 200
    assert set(slices()) == {(1, "72Q"), (2, "92A")}


def test_a_month_that_is_emptied_inside_the_span_is_empty():
    publish(both(1, 2, 3))
    publish(both(1, 3))
    assert pounds() == 400


def test_months_outside_the_span_stay():
    first, second = publish(both(1, 2)), publish(both(3, 4))
    assert pounds() == 800
    assert slices()[(1, "72Q")] == first[0].pk
    assert slices()[(4, "72Q")] == second[0].pk


def test_the_year_end_stands_alone():
    publish([*both(12), row(13, "72Q", "5"), row(13, "36L", "5")])
    publish(both(1, 12, price="1"))
    assert pounds() == 4 + 10


def test_a_file_of_one_commissioner_replaces_only_theirs():
    publish(both(1, 2))
    publish([row(1, "72Q", "7"), row(2, "72Q", "7")])
    assert pounds() == 214


def test_a_month_with_only_rejected_rows_outside_the_span_is_not_replaced():
    publish(both(1, 2))
    publish([*both(1, price="1"), row(2, service_code="x")])
    assert pounds() == 2 + 200


def test_other_providers_and_years_are_untouched():
    publish(both(1))
    publish([{**r, "provider": "RJZ"} for r in both(1)])
    publish([{**r, "year": "202627"} for r in both(1)])
    assert pounds() == 600


def test_several_files_are_one_position_and_the_later_wins():
    first, second = publish(both(1, 2), both(2, 3, price="1"))
    assert ReportingPosition.objects.count() == 1
    assert pounds() == 200 + 4
    assert set(slices().values()) == {first.pk, second.pk}
    assert (first.publication, second.publication) == (1, 2)


def test_figures_count_a_slice_once_that_was_overtaken_in_its_own_publication(programme_team):
    publish(both(1, 2), both(2, 3, price="1"))
    reader = Reader(programme_team, Mode.INSIDE)
    frame = flow_frame(reader, {"position": 1, "specialised": "all"}, by=["month"])
    assert dict(zip(frame["month"], frame["actual_price"], strict=True)) == {1: 2_000_000, 2: 20_000, 3: 20_000}


def test_an_extract_overtaken_in_its_own_publication_holds_nothing():
    first, second = publish(both(1), both(1, price="1"))
    assert set(slices().values()) == {second.pk}
    assert first.state == "published"


def test_publishing_again_is_the_same_position():
    [extract] = publish(both(1))
    again = publish_extracts(by=command_line_user(), extracts=[extract], reason="A double click")
    assert again.number == 1
    assert ReportingPosition.objects.count() == 1
    assert PositionLock.objects.get().last_number == 1


def test_what_is_not_checked_is_not_published():
    extract = check()
    refused = check([acm_row(month="x")])
    with pytest.raises(NotPublishable, match=f"extract {refused.pk} is refused"):
        publish_extracts(by=command_line_user(), extracts=[extract, refused], reason="x")
    with pytest.raises(NotPublishable, match="Confirm"):
        publish_extracts(by=command_line_user(), extracts=[extract], reason="x", confirmed=False)
    with pytest.raises(NotPublishable, match="Select the extracts"):
        publish_extracts(by=command_line_user(), extracts=[], reason="x")
    extract.refresh_from_db()
    assert extract.state == "checked"
    assert not ReportingPosition.objects.exists()


def test_withdrawing_gives_the_slices_back_to_what_they_were():
    publish(both(1, 2))
    [second] = publish(both(1, 2, 3, price="1"))
    position = withdraw_extract(by=command_line_user(), extract=second, reason="Wrong month")
    second.refresh_from_db()
    assert (position.number, second.state, second.reason) == (3, "withdrawn", "Wrong month")
    assert (pounds(1), pounds(2), pounds(3)) == (400, 6, 400)


def test_withdrawing_what_was_overtaken_changes_no_slice():
    [first] = publish(both(1))
    publish(both(1, price="1"))
    before = slices()
    withdraw_extract(by=command_line_user(), extract=first, reason="x")
    assert slices() == before


def test_withdrawing_the_first_leaves_nothing():
    [only] = publish(both(1))
    withdraw_extract(by=command_line_user(), extract=only, reason="x")
    assert slices() == {}
    with pytest.raises(NotPublishable, match="is withdrawn"):
        withdraw_extract(by=command_line_user(), extract=only, reason="x")


def test_facts_of_a_withdrawn_extract_stay_for_older_positions():
    [only] = publish(both(1))
    withdraw_extract(by=command_line_user(), extract=only, reason="x")
    assert pounds(1) == 200


def test_a_position_is_illustrative_if_any_slice_is():
    publish(both(1))
    publish([{**r, "provider": "RJZ"} for r in both(1)], illustrative=True)
    publish([{**r, "provider": "RJZ"} for r in both(1, price="1")])
    assert list(ReportingPosition.objects.order_by("number").values_list("illustrative", flat=True)) == [False, True, False]


def test_the_fingerprint_is_that_of_the_slices():
    publish(both(1))
    [second] = publish(both(1, price="1"))
    withdraw_extract(by=command_line_user(), extract=second, reason="x")
    first, other, again = ReportingPosition.objects.order_by("number").values_list("fingerprint", flat=True)
    assert first == again != other


def test_a_file_of_one_commissioner_can_be_declared_complete():
    publish(both(1))
    extract = declare_complete(by=command_line_user(), extract=check([row(1, "72Q", "7")]))
    publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    assert pounds() == 7


def test_only_the_provider_declares_its_file_complete(person):
    lead = person(Role.FINANCE_LEAD, "QKK")
    with pytest.raises(NotAllowed):
        declare_complete(by=lead, extract=check([row(1, "72Q")], by=lead))


def test_a_system_lead_publishes_their_own_and_leaves_the_others(person):
    publish(both(1))
    publish([row(1, "72Q", "7")], by=person(Role.FINANCE_LEAD, "QKK"))
    assert pounds() == 107


def test_a_system_lead_does_not_publish_what_replaces_all_of_a_provider(person):
    rows = [row(1, "09D"), row(1, "70F")]
    with pytest.raises(NotAllowed, match="replaces every commissioner's slices"):
        publish_extracts(by=person(Role.FINANCE_LEAD, "QNX"), extracts=[check(rows)], reason="x")


def test_others_extracts_are_not_there_and_not_to_be_published(person):
    extract, stranger = check(both(1)), person(Role.FINANCE_LEAD, "RJZ")
    for act in (publish_extracts, withdraw_extract):
        named = {"extracts": [extract]} if act is publish_extracts else {"extract": extract}
        with pytest.raises(Http404):
            act(by=stranger, reason="x", **named)
    with pytest.raises(Http404):
        extract_for(stranger, extract.pk)
    assert list(extracts_for(stranger)) == []
    assert not ReportingPosition.objects.exists()


def test_the_programme_team_reads_and_does_not_publish(programme_team):
    extract = check(both(1))
    assert extract_for(programme_team, extract.pk) == extract
    with pytest.raises(NotAllowed):
        publish_extracts(by=programme_team, extracts=[extract], reason="x")


def test_publishing_is_in_the_audit_trail_with_its_position():
    [extract] = publish(both(1), reason="Month 1")
    event = AuditEvent.objects.get(action="published extract")
    assert (event.about, event.detail["position"], event.detail["reason"]) == (f"Extract {extract.pk}", 1, "Month 1")


called: list = []


def after(*, by, position, extracts):
    called.append((position.number, [e.pk for e in extracts]))


def failing(*, by, position, extracts):
    raise RuntimeError("A control total could not be touched.")


def before(*, extracts):
    return [f"{len(extracts)} control totals are touched."]


def test_what_lies_above_is_called_inside_the_publication(settings):
    settings.AFTER_PUBLISH = [f"{__name__}.after"]
    called.clear()
    [extract] = publish(both(1))
    assert called == [(1, [extract.pk])]


def test_when_what_lies_above_fails_nothing_is_published(settings):
    settings.AFTER_PUBLISH = [f"{__name__}.failing"]
    extract = check(both(1))
    with pytest.raises(RuntimeError):
        publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    extract.refresh_from_db()
    assert (extract.state, extract.published_at) == ("checked", None)
    assert not ReportingPosition.objects.exists()
    assert not PositionSlice.objects.exists()


def test_what_lies_above_adds_its_sentences_before(settings):
    settings.BEFORE_PUBLISH = [f"{__name__}.before"]
    assert effects_of_publishing([check(both(1))]) == ["1 control totals are touched."]


def test_the_comparison_shows_what_publishing_would_do():
    publish(both(1, 2), reason="first")
    extract = check([row(1, "72Q", "150"), row(2, "72Q"), row(3, "36L", "1")])
    compared = comparison([extract]).set_index(["month", "commissioner"])
    assert compared["status"].to_dict() == {
        (1, "36L"): "emptied",
        (1, "72Q"): "changed",
        (2, "36L"): "emptied",
        (2, "72Q"): "same",
        (3, "36L"): "new",
    }
    before, after = pounds(), compared["actual_price_after"].sum() // 10_000
    assert (before, after) == (400, 251)
    publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    assert pounds() == after


def test_the_comparison_of_a_published_extract_is_that_nothing_changes():
    [extract] = publish(both(1))
    assert set(comparison([extract])["status"]) == {"same"}


def test_the_comparison_of_one_commissioner_says_what_stays():
    publish(both(1))
    compared = comparison([check([row(1, "72Q", "7")])]).set_index("commissioner")["status"]
    assert compared.to_dict() == {"72Q": "changed", "36L": "stays"}


def test_extracts_of_a_publication_keep_their_order_after_a_withdrawal():
    _, second, third = publish(both(1), both(1, price="2"), both(1, price="3"))
    withdraw_extract(by=command_line_user(), extract=third, reason="x")
    assert pounds() == 4
    withdraw_extract(by=command_line_user(), extract=Extract.objects.get(pk=second.pk), reason="x")
    assert pounds() == 200
