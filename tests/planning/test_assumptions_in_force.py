"""Which assumption holds: by year, by when it was recorded, and the most particular of those that fit."""

from datetime import UTC, datetime
from decimal import Decimal as D
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.assumptions import COLUMNS, SCOPES, Assumptions, rows_in_force


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def rows(*said) -> pd.DataFrame:
    """Rows of (value, what differs from a default of everything, in force from 2019/20, recorded on the first)."""
    frame = [
        {"pk": pk, "kind": "cost", "key": "step", **dict.fromkeys(SCOPES, ""), "from_year": "2019/20", "value": D(value),
         "recorded_at": day(1), "default": False, **changes}
        for pk, (value, changes) in enumerate(said, 1)
    ]  # fmt: skip
    return pd.DataFrame(frame, columns=COLUMNS)


def values(frame: pd.DataFrame, year="2025/26", at=None) -> list[int]:
    return [int(value) for value in rows_in_force(frame, year=year, at=at)["value"]]


@pytest.mark.parametrize(
    ("year", "in_force"),
    [("2018/19", []), ("2019/20", [1]), ("2023/24", [1]), ("2024/25", [2]), ("2025/26", [3]), ("2030/31", [3])],
)
def test_a_later_year_takes_over_from_its_year_on(year, in_force):
    said = rows((1, {}), (2, {"from_year": "2024/25"}), (3, {"from_year": "2025/26"}))
    assert values(said, year) == in_force


def test_of_one_year_the_row_recorded_last_counts_and_of_one_moment_the_one_added_last():
    assert values(rows((1, {"recorded_at": day(3)}), (2, {"recorded_at": day(2)}))) == [1]
    assert values(rows((1, {}), (2, {}))) == [2]


def test_a_later_year_counts_though_it_was_said_earlier():
    said = rows((1, {"from_year": "2024/25", "recorded_at": day(2)}), (2, {"from_year": "2022/23", "recorded_at": day(9)}))
    assert values(said) == [1]
    assert values(said, "2023/24") == [2]


@pytest.mark.parametrize(("at", "in_force"), [(None, [3]), (day(9), [3]), (day(5), [3]), (day(4), [2]), (day(2), [2])])
def test_what_was_said_later_than_asked_does_not_count(at, in_force):
    said = rows((1, {}), (2, {"recorded_at": day(2)}), (3, {"recorded_at": day(5)}))
    assert values(said, at=at) == in_force


def test_a_default_counts_whenever_it_came_since_nobody_decided_it():
    said = rows((1, {"default": True, "recorded_at": day(9)}), (2, {"key": "occupancy", "recorded_at": day(9)}))
    assert values(said, at=day(1)) == [1]


def test_every_kind_key_and_scope_has_its_own_row_in_the_order_they_were_added():
    said = rows(
        (1, {}),
        (2, {"kind": "stay"}),
        (3, {"key": "variable_share"}),
        *((4 + n, {scope: "X"}) for n, scope in enumerate(SCOPES)),
        (9, {"provider": "X", "from_year": "2024/25"}),
    )
    assert values(said) == [1, 2, 3, 5, 6, 7, 8, 9]


def test_nothing_said_is_nothing_in_force():
    assert values(rows()) == []
    assert values(rows(), at=day(1)) == []


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_that_is_missing_is_named(column):
    with pytest.raises(ValueError, match=f"The frame of assumptions has no column: {column}"):
        rows_in_force(rows((1, {})).drop(columns=column), year="2025/26", at=None)


EVERYTHING = rows(
    (1, {}),
    (2, {"unit": "SPELL"}),
    (3, {"point_of_delivery": "EL"}),
    (4, {"home": "QKK"}),
    (5, {"service": "renal"}),
    (6, {"provider": "RJ1"}),
    (7, {"provider": "RJ1", "unit": "SPELL"}),
    (8, {"service": "renal", "home": "QKK"}),
    (9, {"provider": "RJ1", "service": "renal"}),
)


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        ({}, 1),
        ({"unit": "ATT"}, 1),
        ({"unit": "SPELL"}, 2),
        ({"unit": "SPELL", "point_of_delivery": "EL"}, 3),
        ({"unit": "SPELL", "point_of_delivery": "EL", "home": "QKK"}, 4),
        ({"unit": "SPELL", "home": "QWE"}, 2),
        ({"service": "renal", "home": "QWE", "unit": "SPELL"}, 5),
        ({"service": "renal", "home": "QKK", "unit": "SPELL"}, 8),
        ({"service": "cardiac", "home": "QKK"}, 4),
        # What is said of a provider wins over anything said of a service and a home together.
        ({"provider": "RJ1", "service": "cardiac", "home": "QKK"}, 6),
        ({"provider": "RJ1", "service": "cardiac", "unit": "SPELL"}, 7),
        ({"provider": "RJ1", "service": "renal", "unit": "SPELL"}, 9),
        ({"provider": "RJZ", "service": "renal", "unit": "SPELL"}, 5),
    ],
)
def test_the_most_particular_row_that_fits(scope, value):
    assert Assumptions(EVERYTHING).value("cost", "step", **scope) == value


def test_what_was_said_of_something_is_not_taken_of_everything():
    said = Assumptions(rows((1, {"provider": "RJ1"})))
    assert said.row("cost", "step") is None
    assert said.row("cost", "step", provider="RJZ") is None
    assert said.value("cost", "step", provider="RJ1", service="renal") == 1


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        ("cost", "variable_share", "No assumption says variable share: load the reference data or add one."),
        ("stay", "step", "No assumption says step: load the reference data or add one."),
    ],
)
def test_what_nobody_said_is_asked_for_in_words(kind, key, words):
    with pytest.raises(LookupError) as refusal:
        Assumptions(rows((1, {}))).value(kind, key, provider="RJ1")
    assert refusal.value.args == (words,)


def test_values_by_year_end_where_the_next_is_not_said():
    said = rows(*((n, {"key": f"fixed_release_{n}"}) for n in (1, 2, 4)), (7, {"key": "fixed_release_2", "provider": "RJ1"}))
    assert Assumptions(said).series("cost", "fixed_release") == (1, 2)
    assert Assumptions(said).series("cost", "fixed_release", provider="RJ1") == (1, 7)
    assert Assumptions(said).series("cost", "semi_fixed_release") == ()


def test_it_remembers_what_was_used_and_nothing_else():
    said = Assumptions(EVERYTHING)
    assert said.used == {}
    said.value("cost", "step", unit="SPELL")
    said.value("cost", "step", unit="SPELL")
    said.row("cost", "step", provider="RJ1")
    said.row("cost", "variable_share")
    assert sorted(said.used) == [2, 6]
    assert said.used[6]["provider"] == "RJ1"


names = st.sampled_from(["", "A", "B"])
scoped = st.tuples(*(names for _ in SCOPES))


def fits(row: tuple, asked: tuple) -> bool:
    return all(own in ("", wanted) for own, wanted in zip(row, asked, strict=True))


@given(st.lists(scoped, unique=True, max_size=20), scoped)
def test_any_question_gets_the_row_that_a_reader_would_choose(said, asked):
    """By eye: of the rows that fit, the one that names the provider; of those, the one that names the service; and so on."""
    fitting = [row for row in said if fits(row, asked)]
    for place in range(len(SCOPES)):
        named = [row for row in fitting if row[place]]
        fitting = named or fitting
    frame = rows(*((n, dict(zip(SCOPES, row, strict=True))) for n, row in enumerate(said, 1)))
    found = Assumptions(frame).row("cost", "step", **dict(zip(SCOPES, asked, strict=True)))
    if not fitting:
        assert found is None
    else:
        [best] = fitting
        assert tuple(found[scope] for scope in SCOPES) == best


moments = st.lists(st.tuples(st.sampled_from(["2019/20", "2023/24", "2025/26", "2027/28"]), st.integers(1, 6), st.booleans()))


@given(moments, st.sampled_from(["2018/19", "2024/25", "2025/26", "2030/31"]), st.one_of(st.none(), st.integers(1, 6)))
def test_the_row_in_force_is_found_by_going_through_them_one_by_one(said, year, at):
    best = None
    for pk, (from_year, recorded, default) in enumerate(said, 1):
        if from_year > year or (at is not None and recorded > at and not default):
            continue
        if best is None or (from_year, recorded, pk) > best:
            best = (from_year, recorded, pk)
    frame = rows(*((n, {"from_year": y, "recorded_at": day(r), "default": d}) for n, (y, r, d) in enumerate(said, 1)))
    found = rows_in_force(frame, year=year, at=None if at is None else day(at))
    assert found["pk"].tolist() == ([best[2]] if best else [])


def test_every_combination_of_scopes_can_be_said_and_found():
    every = list(product(["", "A"], repeat=len(SCOPES)))
    said = Assumptions(rows(*((n, dict(zip(SCOPES, scope, strict=True))) for n, scope in enumerate(every))))
    for number, scope in enumerate(every):
        assert said.value("cost", "step", **dict(zip(SCOPES, scope, strict=True))) == number
