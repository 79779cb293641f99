"""Which providers have submitted which months, whose own trusts are all in, and what the bar of every page says of it."""

import random
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import Role
from planning.context_processors import position_bar
from planning.models import Extract, Provider, Region, System
from planning.queries import choices, coverage, coverage_frame, latest_position, position_or_latest, positions
from planning.queries.lines import slices_behind
from planning.queries.submissions import expected_submissions
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusts")]
SYSTEMS = {"QKK": ["RJ1", "RJZ"], "QWE": ["RJ7"], "QKS": ["RVV", "RN7"]}
EXPECTED = {"RJ1", "RJZ", "RJ7", "RN7"}


@pytest.fixture
def trusts():
    region = Region.objects.create(code="Y56", name="London")
    for code, providers in SYSTEMS.items():
        system = System.objects.create(code=code, name=code, short_name=code, region=region)
        for provider in providers:
            Provider.objects.create(
                code=provider, name=provider, short_name=f"Trust {provider}", system=system, in_scope=provider in EXPECTED
            )


def submit(provider, months, year="2025/26", **options) -> int:
    return publish([fact(provider=provider, year=year, month=m, actual=1) for m in months], **options)


def whole(position, **filters) -> set[str]:
    return coverage.systems_with_own_trusts({"position": position, **filters})


def test_before_anything_is_published_nothing_is_covered():
    assert coverage.latest_coverage(None) is None
    assert coverage_frame(None).empty
    assert whole(None) == set()
    assert latest_position() is None


def test_the_latest_coverage_counts_provider_months_of_the_latest_year():
    submit("RJ1", range(1, 13))
    submit("RJ1", [1, 2, 3], "2026/27")
    last = submit("RJ7", [1, 2], "2026/27")
    found = coverage.latest_coverage(last)
    assert (found.year, found.month) == ("2026/27", 3)
    assert (found.provider_months, found.expected) == (5, len(EXPECTED) * 3)


def test_a_provider_that_nobody_expected_counts_once_it_has_submitted():
    last = submit("RVV", [1, 2])
    found = coverage.latest_coverage(last)
    assert (found.provider_months, found.expected) == (2, (len(EXPECTED) + 1) * 2)


def test_the_year_end_is_no_month():
    last = submit("RJ1", [12, 13])
    found = coverage.latest_coverage(last)
    assert (found.month, found.provider_months) == (12, 1)
    only = submit("RJ7", [13], "2027/28")
    assert coverage.latest_coverage(only).year == "2025/26"


@pytest.mark.parametrize(("points", "said"), [(["flex", "freeze"], "flex"), (["freeze", "freeze"], "freeze")])
def test_a_month_of_which_anything_can_change_is_flex(points, said):
    for provider, point in zip(("RJ1", "RJ7"), points, strict=True):
        last = submit(provider, [1], reporting_point=point)
    assert coverage.latest_coverage(last).reporting_point == said


def test_a_month_sent_again_by_one_commissioner_counts_once():
    publish([fact(commissioner=c, month=m, actual=1) for c in ("72Q", "36L") for m in (1, 2)])
    last = publish([fact(commissioner="36L", month=m, actual=2) for m in (1, 2)])
    assert len(coverage_frame(last)) == 4
    assert coverage.latest_coverage(last).provider_months == 2
    assert len(coverage.months_loaded({"position": last})) == 2


@pytest.mark.parametrize("seed", range(10))
def test_systems_are_whole_where_every_expected_trust_has_every_month_that_anyone_has(seed):
    """Twin: months as sets. A system that expects none of its trusts needs all that stand in its name."""
    chance = random.Random(seed)
    sent = {p: set(chance.sample(range(1, 5), chance.randint(0, 4))) for providers in SYSTEMS.values() for p in providers}
    position = None
    for provider, months in sent.items():
        for month in sorted(months):
            position = submit(provider, [month])
    first, last = sorted(chance.sample(range(1, 5), 2))
    for filters, asked in [({}, set(range(1, 14))), ({"from_month": first, "to_month": last}, set(range(first, last + 1)))]:
        needed = set().union(*sent.values()) & asked
        expected = set()
        for system, providers in SYSTEMS.items():
            own = [p for p in providers if p in EXPECTED] or providers
            if needed and all(sent[p] & asked == needed for p in own):
                expected.add(system)
        assert whole(position, **filters) == expected


def test_a_year_that_one_trust_lacks_leaves_its_system_whole_in_the_others():
    submit("RJ7", [1, 2])
    submit("RN7", [1, 2])
    last = submit("RN7", [1], "2026/27")
    assert whole(last) == {"QKS"}
    assert whole(last, year="2025/26") == {"QWE", "QKS"}
    assert whole(last, year="2026/27") == {"QKS"}


def test_a_trust_that_closed_before_the_period_is_not_waited_for():
    Provider.objects.filter(code="RJZ").update(valid_to=date(2021, 3, 31))
    last = submit("RJ1", [1])
    assert whole(last) == {"QKK"}
    Provider.objects.filter(code="RJZ").update(valid_to=date(2025, 4, 1))
    assert whole(last) == set()


def test_the_year_end_alone_makes_no_system_whole():
    last = submit("RJ7", [13])
    assert whole(last) == set()
    assert whole(last, from_month=13, to_month=13) == set()


@pytest.mark.parametrize(("asked", "found"), [(None, 2), (1, 1), (2, 2), (3, None), (0, None), (-1, None), (10**9, None)])
def test_a_position_is_the_one_asked_for_or_the_latest(asked, found):
    submit("RJ1", [1])
    submit("RJ1", [2])
    assert position_or_latest(asked) == found
    assert positions.position_in_force(asked).number == (found or 2)


def test_positions_stand_in_their_order():
    for month in (1, 2, 3):
        submit("RJ1", [month])
    assert [positions.position_before(number) for number in (None, 1, 2, 3)] == [None, None, 1, 2]
    assert [p.number for p in positions.positions_up_to(3, 2)] == [3, 2]
    assert [p.number for p in positions.positions_up_to(2, 9)] == [2, 1]


def bar(user, **query) -> dict:
    request = RequestFactory().get("/", query)
    request.user = user
    return position_bar(request)


def test_the_bar_says_nothing_to_whoever_is_not_signed_in(rf):
    assert bar(AnonymousUser()) == {}
    assert position_bar(rf.get("/")) == {}


def test_the_bar_before_anything_is_published(programme_team):
    assert bar(programme_team)["position_bar"] is None


@pytest.mark.parametrize(("month", "words"), [(1, "April 2025"), (9, "December 2025"), (10, "January 2026"), (12, "March 2026")])
def test_the_bar_names_the_month_by_the_calendar(programme_team, month, words):
    submit("RJ1", [month])
    assert bar(programme_team)["position_bar"]["data_to"] == f"{words} (freeze)"


def test_the_bar_is_of_the_position_that_is_looked_at(programme_team):
    submit("RJ1", [1, 2])
    submit("RJ7", [1, 2, 3])
    old, new = bar(programme_team, position="1")["position_bar"], bar(programme_team)["position_bar"]
    assert (old["position"].number, old["is_latest"]) == (1, False)
    assert old["coverage"].startswith("2 of 8 ")
    assert (new["position"].number, new["is_latest"]) == (2, True)
    assert new["coverage"].startswith("5 of 12 ")


def test_the_bar_of_a_position_with_the_year_end_alone(programme_team):
    submit("RJ1", [13])
    said = bar(programme_team)["position_bar"]
    assert (said["data_to"], said["coverage"]) == ("", "no provider months in")


def test_providers_to_choose_from_are_those_of_the_position():
    submit("RJ1", [1])
    last = submit("RJZ", [1])
    assert choices.provider_choices(1) == [("RJ1", "Trust RJ1")]
    assert [code for code, _ in choices.provider_choices(last)] == ["RJ1", "RJZ"]
    assert choices.provider_choices(None) == []


def test_a_provider_without_a_name_is_chosen_by_its_code():
    last = submit("XYZ", [1])
    assert choices.provider_choices(last) == [("XYZ", "XYZ")]


@pytest.mark.parametrize(
    ("sent", "opens"),
    [
        ({"2025/26": range(1, 13), "2026/27": range(1, 7)}, "2025/26"),
        ({"2024/25": range(1, 13), "2025/26": range(1, 13)}, "2025/26"),
        ({"2025/26": range(2, 14)}, "2025/26"),
        ({"2024/25": [1, 2], "2025/26": [1]}, "2025/26"),
        ({"2024/25": range(1, 13), "2025/26": range(2, 14)}, "2024/25"),
    ],
)
def test_pages_open_on_the_latest_year_with_twelve_months(sent, opens):
    for year, months in sent.items():
        last = submit("RJ1", months, year)
    assert choices.latest_full_year(last) == opens
    assert [code for code, _ in choices.year_choices(last)] == sorted(sent, reverse=True)


def covered(position, year="2025/26"):
    reader = Reader()
    frame = run_figure(figure_named("coverage"), reader, {"position": str(position)}, page=False).frame
    return frame[frame["year"] == year].set_index("provider") if "year" in frame else frame.set_index("provider")


def test_without_dates_a_provider_behind_the_others_misses_what_they_have_sent():
    submit("RJ1", [1, 2, 3, 4])
    submit("RJ7", [1, 2], reporting_point="flex")
    submit("RJZ", [1])
    last = submit("RJZ", [3, 4])
    frame = covered(last)
    missing = {provider: [m for m in range(1, 13) if frame.loc[provider, f"m{m}"] == "Missing"] for provider in frame.index}
    # The test's clock may stand in a later year, when every month is expected.
    first = {provider: [m for m in months if m <= 4] for provider, months in missing.items()}
    assert first == {"RJ1": [], "RJ7": [3, 4], "RJZ": [2], "RN7": [1, 2, 3, 4]}
    assert (frame.loc["RJ7", ["m1", "m2"]] == "Flex").all()


def test_slices_behind_filters_name_each_extract_with_its_months():
    publish([fact(commissioner=c, month=m, actual=1) for c in ("72Q", "36L") for m in (1, 2, 3)])
    last = publish([fact(commissioner="36L", month=m, actual=2) for m in (2, 3)], reporting_point="flex")
    first, second = Extract.objects.order_by("pk").values_list("pk", flat=True)
    behind = {row["extract"]: (row["months"], row["reporting_point"]) for row in slices_behind({"position": last})}
    assert behind == {first: ([1, 2, 3], "freeze"), second: ([2, 3], "flex")}
    assert [r["extract"] for r in slices_behind({"position": last, "to_month": 1})] == [first]
    assert [r["extract"] for r in slices_behind({"position": 1})] == [first]
    assert list(slices_behind({"position": last, "provider": ["RJ7"]})) == []
    assert list(slices_behind({"position": last, "year": "2026/27"})) == []


@pytest.fixture
def partly_flex() -> int:
    """A month frozen but for one commissioner's slices, which were sent again and can still change."""
    publish([fact(commissioner=c, month=m, actual=1) for c in ("72Q", "36L") for m in (1, 2)])
    return publish([fact(commissioner="36L", month=2, actual=2)], reporting_point="flex")


def test_a_month_that_can_change_in_part_is_shown_as_flex(partly_flex):
    row = covered(partly_flex).loc["RJ1"]
    assert (row["m1"], row["m2"]) == ("Freeze", "Flex")


def test_a_month_that_can_change_in_part_is_listed_as_flex_where_it_is_expected(partly_flex, programme_team):
    expected = {e.provider: e for e in expected_submissions(programme_team)}
    assert expected["Trust RJ1"].flex == "May 2025"
    assert expected["Trust RJ1"].received == "April to May 2025"
    assert expected["Trust RJ7"].missing == "April to May 2025"


def test_it_is_flex_whichever_was_sent_first(programme_team):
    publish([fact(commissioner=c, month=m, actual=1) for c in ("72Q", "36L") for m in (1, 2)], reporting_point="flex")
    last = publish([fact(commissioner="36L", month=2, actual=2)])
    assert covered(last).loc["RJ1", "m2"] == "Flex"
    assert {e.provider: e.flex for e in expected_submissions(programme_team)}["Trust RJ1"] == "April to May 2025"


def test_a_lead_is_told_what_their_own_organisation_owes(partly_flex, person):
    assert [e.provider for e in expected_submissions(person(Role.FINANCE_LEAD, "RJ7"))] == ["Trust RJ7"]
    assert expected_submissions(person(Role.FINANCE_LEAD, "QKK")) == []
