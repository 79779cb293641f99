"""Sums of flows for many filters at once, on the product's own reference data, against the slow twin."""

import random
from datetime import UTC, datetime

import pandas as pd
import pytest

from planning.models import ReportingPosition
from planning.queries import choices, flow_frame, position_totals
from planning.queries.flows import CODE_GROUPS, GROUPS
from tests.planning.twins.positions import SUMS, Facts
from tests.planning.varied_positions import CODES, HOMES, POINTS, PROVIDERS, YEARS, publish_varied

pytestmark = pytest.mark.django_db
BY = [*GROUPS, *CODE_GROUPS]
BEFORE_MERGERS = datetime(2026, 3, 31, 12, tzinfo=UTC)
AFTER_MERGERS = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def positions(loaded_reference) -> list[int]:
    """The positions, and the twin of each, made once."""
    made = publish_varied()
    ReportingPosition.objects.update(made_at=AFTER_MERGERS)
    return made


@pytest.fixture(scope="module")
def twins(positions) -> dict[int, Facts]:
    return {number: Facts(number) for number in positions}


def some(chance: random.Random, values) -> list:
    return chance.sample(list(values), chance.randint(1, 2))


def random_filters(chance: random.Random) -> dict:
    """About a third of the filters at a time."""
    first, last = sorted(chance.choices([1, 2, 3, 4, 13], k=2))
    possible = {
        "year": chance.choice([*YEARS, "all"]),
        "from_month": first,
        "to_month": last,
        "provider": some(chance, PROVIDERS),
        "system": some(chance, {system for _, *systems, _ in HOMES for system in systems}),
        "service_code": some(chance, [c for c in CODES if c != "NOTLISTED"]),
        "programme_of_care": some(chance, "ABF"),
        "national_programme": some(chance, [code for code, _ in choices.national_programme_choices()]),
        "point_of_delivery": some(chance, POINTS),
        "specialised": chance.choice(["only", "other", "all"]),
        "geography": chance.choice(["then", "today"]),
        "unit": chance.choice(["SPELL", "ATT", "COST"]),
    }
    return {name: value for name, value in possible.items() if chance.random() < 0.3}


def as_dict(frame: pd.DataFrame, by: list[str]) -> dict[tuple, dict]:
    rows = frame.to_dict("records")
    return {tuple(r[g] for g in by): {n: None if pd.isna(r[n]) else int(r[n]) for n in SUMS} for r in rows}


def as_it_is(found: dict[tuple, dict], by: list[str]) -> dict[tuple, dict]:
    """Without groups there is always one row, of nothing where nothing was chosen."""
    return found or ({} if by else {(): dict.fromkeys(SUMS)})


@pytest.mark.parametrize("seed", range(60))
def test_any_filters_and_groups_give_the_sums_of_the_twin(positions, twins, seed):
    chance = random.Random(seed)
    filters, by = random_filters(chance), chance.sample(BY, chance.randint(0, 3))
    position = chance.choice(positions)
    frame = flow_frame(None, {"position": position, **filters}, by)
    expected = twins[position].sums(filters, by)
    if frame.empty:
        assert not expected
    else:
        assert as_dict(frame, by) == as_it_is(expected, by)


@pytest.mark.parametrize("by", [["provider"], ["month", "provider"], ["home_system"], ["service_code", "year"]])
def test_groups_add_up_to_the_whole_whatever_they_are(positions, by):
    whole = flow_frame(None, {"position": positions[-1]}, [])
    parts = flow_frame(None, {"position": positions[-1]}, by)
    for name in SUMS:
        assert int(parts[name].sum()) == int(whole[name].iloc[0])


def test_the_file_overtaken_in_part_still_gives_the_rest(positions, twins):
    """Of the first files some slices are another's by now, some are still their own."""
    frame = flow_frame(None, {"position": positions[-1], "specialised": "all"}, ["provider", "year", "month", "commissioner"])
    extracts = {(r["provider"], r["year"]): set() for r in twins[positions[-1]].rows}
    for row in twins[positions[-1]].rows:
        extracts[row["provider"], row["year"]].add(row["extract_id"])
    assert {key for key, found in extracts.items() if len(found) > 1} >= {("RJZ", "2025/26"), ("RJ7", "2026/27")}
    assert int(frame["actual_price"].sum()) == sum(r["actual_price"] or 0 for r in twins[positions[-1]].rows)


def test_totals_of_a_position_are_those_of_its_facts_by_every_column(positions, twins):
    for position in positions:
        frame = position_totals(position)
        for column in ("provider", "home_system", "year", "month"):
            expected: dict = {}
            for row in twins[position].rows:
                if row["actual_price"] is not None:
                    expected[row[column]] = expected.get(row[column], 0) + row["actual_price"]
            assert frame.groupby(column)["actual_price"].sum().to_dict() == expected


def test_each_unit_counts_alone_and_none_counts_in_two(positions, twins):
    rows = [r for r in twins[positions[0]].chosen({}) if r["actual_activity"] is not None]
    counted = {}
    for unit in ("SPELL", "ATT"):
        counted[unit] = int(flow_frame(None, {"position": positions[0], "unit": unit}, [])["actual_activity"].iloc[0])
    of_spells = sum(r["actual_activity"] for r in rows if r["point_of_delivery"] in ("EL", "DC", "NEL"))
    of_attendances = sum(r["actual_activity"] for r in rows if r["point_of_delivery"] == "OPFASPCL")
    assert counted == {"SPELL": of_spells, "ATT": of_attendances}
    assert of_spells + of_attendances < sum(r["actual_activity"] for r in rows)


def test_a_unit_that_nothing_counts_in_has_no_activity_but_keeps_the_money(positions):
    frame = flow_frame(None, {"position": positions[0], "unit": "NO-SUCH-UNIT"}, ["provider"])
    assert frame["actual_activity"].isna().all()
    assert frame["actual_price"].notna().all()


def test_todays_geography_moves_money_between_homes_and_loses_none(positions):
    then, today = (
        flow_frame(None, {"position": positions[-1], "geography": g}, ["home_system"]).set_index("home_system")["actual_price"]
        for g in ("then", "today")
    )
    assert int(then.sum()) == int(today.sum())
    assert {"QXU", "QNX", "S9B9J"} <= set(then.index)
    assert not {"QXU", "QNX"} & set(today.index)
    assert int(today["S9B9J"]) == int(then[["QXU", "QNX", "S9B9J"]].sum())
    assert today.drop("S9B9J").to_dict() == then.drop(["QXU", "QNX", "S9B9J"]).to_dict()


def test_before_the_mergers_history_stays_as_it_was(positions):
    ReportingPosition.objects.filter(number=positions[1]).update(made_at=BEFORE_MERGERS)
    filters = {"position": positions[1], "year": "2025/26"}
    frames = [flow_frame(None, {**filters, "geography": g}, ["home_system"]) for g in ("then", "today")]
    pd.testing.assert_frame_equal(*frames)


def test_asking_for_a_system_that_merged_gives_all_of_what_it_became(positions):
    def asked(system):
        return flow_frame(None, {"position": positions[-1], "geography": "today", "system": [system]}, ["provider"])

    pd.testing.assert_frame_equal(asked("QXU"), asked("S9B9J"))
    pd.testing.assert_frame_equal(asked("QNX"), asked("S9B9J"))
    then = flow_frame(None, {"position": positions[-1], "system": ["QXU"]}, ["provider"])
    assert int(then["actual_price"].sum()) != int(asked("QXU")["actual_price"].sum())
