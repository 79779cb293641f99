"""The threshold of large changes: set by the programme team from a day on, shown where it counts, asked for on every way in."""

import html
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from planning.actions import set_large_change
from planning.forms.large_changes import LargeChangeForm
from planning.models import Extract, LargeChange, ReportingPosition
from planning.queries.comparisons import ordinary_change, ordinary_changes
from tests.planning.acm_files import acm_file, acm_row
from tests.planning.test_load_extract import load, media  # noqa: F401 - a fixture that is used by itself

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ADDRESS = "/extracts/large-changes/"
VALUES = {"pounds": 2_000_000, "percent": Decimal("7.5"), "least_pounds": 50_000, "owner": "Finance group", "source": "June"}


def sent(day, **changes) -> dict:
    parts = {f"valid_from_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    return {
        "pounds": "2000000",
        "percent": "7.5",
        "least_pounds": "50000",
        "owner": "Finance group",
        "source": "June",
        **parts,
    } | changes


@pytest.fixture
def team(signed_in, programme_team):
    return signed_in(programme_team)


def text(response) -> str:
    return html.unescape(response.content.decode())


def test_the_page_says_what_is_in_force_and_is_found_from_extracts(team):
    assert ADDRESS in text(team.get("/extracts/"))
    page = text(team.get(ADDRESS))
    assert "A change of more than £1,000,000, or of more than 5% and £100,000, asks for a reason by default." in page
    assert "until the programme sets its own" in page
    assert 'value="1000000"' in page


def test_finance_leads_are_not_shown_the_way_and_are_refused(signed_in, finance_lead):
    client = signed_in(finance_lead)
    assert ADDRESS not in text(client.get("/extracts/"))
    assert client.get(ADDRESS).status_code == client.post(ADDRESS, sent(timezone.localdate())).status_code == 403
    with pytest.raises(NotAllowed, match="programme team"):
        set_large_change(by=finance_lead, valid_from=timezone.localdate(), **VALUES)
    assert not LargeChange.objects.exists()


def test_what_is_set_counts_from_its_day_and_is_in_the_audit_trail(team, programme_team):
    today = timezone.localdate()
    assert team.post(ADDRESS, sent(today)).status_code == 302
    team.post(ADDRESS, sent(today + timedelta(days=1), pounds="5", least_pounds="0"))
    found = ordinary_change(today)
    assert (found.amount, found.percent, found.least, found.is_default) == (20_000_000_000, 7.5, 500_000_000, False)
    assert [o.amount for o in ordinary_changes()] == [50_000, 20_000_000_000]
    page = text(team.get(ADDRESS))
    assert "more than £2,000,000, or of more than 7.5% and £50,000, asks for a reason in this programme" in page
    assert "more than £5, or of more than 7.5%, asks" in page
    assert page.count("In force</strong>") == page.count("To come</strong>") == 1
    assert "Finance group answers for it" in page
    event = AuditEvent.objects.filter(action="set large change").earliest("at")
    assert (event.by, event.detail["now"]["pounds"], event.detail["before"]) == (programme_team, "2000000", {})


def test_setting_the_same_day_again_replaces_it_and_says_what_was(programme_team):
    today = timezone.localdate()
    set_large_change(by=programme_team, valid_from=today, **VALUES)
    set_large_change(by=programme_team, valid_from=today, **VALUES | {"pounds": 3})
    assert LargeChange.objects.get().pounds == 3
    assert AuditEvent.objects.latest("pk").detail["before"]["pounds"] == "2000000"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pounds": ""}, "Enter the amount"),
        ({"pounds": "-1"}, "The amount must be a whole number of pounds"),
        ({"pounds": "1e9"}, "The amount must be a whole number of pounds"),
        ({"pounds": "9" * 30}, "The amount must be a whole number of pounds"),
        ({"percent": "101"}, "The share must be a number from 0 to 100"),
        ({"percent": "NaN"}, "The share must be a number from 0 to 100"),
        ({"percent": "5.123"}, "The share must be a number from 0 to 100"),
        ({"percent": ""}, "Enter the share"),
        ({"least_pounds": "ten"}, "up to which a share does not matter must be a whole number"),
        ({"valid_from_day": "31", "valid_from_month": "2"}, "Enter a real date"),
        ({"valid_from_year": "2001"}, "must be today or later"),
        ({"valid_from_day": "", "valid_from_month": "", "valid_from_year": ""}, "Enter the day from which it counts"),
        ({"owner": " "}, "Enter who answers for it"),
        ({"source": ""}, "Enter where it was agreed"),
        ({"source": "x" * 501}, "500 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_set(team, changes, said):
    page = text(team.post(ADDRESS, sent(timezone.localdate(), **changes)))
    assert said in page
    assert "There is a problem" in page
    assert not LargeChange.objects.exists()


def test_a_share_is_kept_as_it_was_typed():
    form = LargeChangeForm(sent(timezone.localdate(), percent="7.5"), today=timezone.localdate())
    assert form.is_valid()
    assert form.cleaned_data["percent"] == Decimal("7.50")


def files(tmp_path, price: str):
    return acm_file(tmp_path, [acm_row(actual_price=price)], name=f"{price}.csv")


@pytest.fixture
def published(capsys, tmp_path):
    code, _, _ = load(capsys, files(tmp_path, "150000"), publish=True)
    assert code == 0


@pytest.mark.usefixtures("published")
def test_the_command_asks_for_a_reason_and_publishes_nothing_without(capsys, tmp_path):
    code, said, words = load(capsys, files(tmp_path, "270000"), publish=True)
    assert (code, said["state"], said["position"]) == (1, "checked", None)
    assert said["reason"].startswith("What is published already would go up by £120k, 80.0% of it. A change of more than")
    assert said["reason"].endswith("Nothing was published: say why with --reason TEXT.")
    assert said["reason"] in words
    assert ReportingPosition.objects.count() == 1


@pytest.mark.usefixtures("published")
def test_with_a_reason_it_is_published_and_the_reason_stands_beside_the_position(capsys, tmp_path):
    load(capsys, files(tmp_path, "270000"), publish=True)
    code, said, _ = load(capsys, files(tmp_path, "270000"), publish=True, reason="Coding was late")
    assert (code, said["state"], said["position"]) == (0, "published", 2)
    assert ReportingPosition.objects.get(number=2).reason == "Coding was late"


@pytest.mark.usefixtures("published")
def test_an_ordinary_change_needs_none(capsys, tmp_path):
    code, said, _ = load(capsys, files(tmp_path, "150001"), publish=True)
    assert (code, said["position"]) == (0, 2)
    assert ReportingPosition.objects.get(number=2).reason == "Loaded from the command line"


@pytest.mark.usefixtures("published")
def test_of_several_files_none_is_published_where_one_asks(capsys, tmp_path):
    other = acm_file(tmp_path, [acm_row(provider="RJZ", site="RJZ01", actual_price="1")], name="other.csv")
    code, said, _ = load(capsys, files(tmp_path, "270000"), other, publish=True)
    assert (code, [one["state"] for one in said]) == (1, ["checked", "checked"])
    assert [("--reason" in one["reason"], "another file" in one["reason"]) for one in said] == [(True, False), (False, True)]
    assert ReportingPosition.objects.count() == 1


def test_the_threshold_stands_on_the_comparison_for_whoever_reads_it(capsys, tmp_path, team, person, signed_in):
    load(capsys, files(tmp_path, "150000"))
    for client in (team, signed_in(person(Role.FINANCE_LEAD, "RJ1"))):
        page = text(client.get(reverse("planning:extract", args=[Extract.objects.latest("pk").pk])))
        assert page.count("asks for a reason by default") == 1
