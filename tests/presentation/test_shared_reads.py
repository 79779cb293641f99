"""What one answer reads several times is read once, and nobody can change it for the others."""

from dataclasses import dataclass
from threading import Thread

import pandas as pd
import pytest

from presentation.shared_reads import frozen, own, shared, sharing_reads


@dataclass(frozen=True)
class Found:
    frame: pd.DataFrame
    words: str


@pytest.fixture
def asked():
    return []


@pytest.fixture
def read(asked):
    @shared
    def read(filters, by=()):
        """Reads."""
        asked.append((filters, by))
        return pd.DataFrame({"amount": [1, 2]})

    return read


def test_outside_an_answer_each_read_is_made(read, asked):
    read({"year": "2025/26"})
    read({"year": "2025/26"})
    assert len(asked) == 2


def test_within_an_answer_the_same_question_is_asked_once(read, asked):
    with sharing_reads():
        for filters in ({"year": "2025/26", "provider": ["RJ1"]}, {"provider": ["RJ1"], "year": "2025/26"}):
            read(filters)
            read(filters, by=["home", "provider"])
        read({"year": "2025/26", "provider": ["RJZ"]})
    assert len(asked) == 3


def test_the_next_answer_reads_anew(read, asked):
    for _ in range(2):
        with sharing_reads():
            read({})
    assert len(asked) == 2


def test_an_answer_within_another_shares_with_it(read, asked):
    with sharing_reads():
        read({})
        with sharing_reads():
            read({})
        read({})
    assert len(asked) == 1


def test_answers_at_the_same_time_share_nothing(read, asked):
    with sharing_reads():
        read({})
        other = Thread(target=lambda: read({}))
        other.start()
        other.join()
    assert len(asked) == 2


def test_a_read_that_failed_is_made_again(asked):
    @shared
    def fail():
        asked.append(1)
        raise LookupError

    with sharing_reads():
        for _ in range(2):
            with pytest.raises(LookupError):
                fail()
    assert len(asked) == 2


def test_nobody_can_change_a_frame_for_the_others(read):
    with sharing_reads():
        first = read({})
        first["amount"] = 0
        first.loc[0, "amount"] = 9
        first["more"] = 1
        first.attrs["total"] = 9
        first.iloc[0, 0] = 7
        again = read({})
        assert again.equals(pd.DataFrame({"amount": [1, 2]}))
        assert not again.attrs


@pytest.mark.parametrize(
    "make",
    [
        lambda: {"flows": pd.DataFrame({"a": [1]}), "names": {"x": "y"}},
        lambda: [pd.DataFrame({"a": [1]}), ["x"]],
        lambda: (pd.DataFrame({"a": [1]}), {"x"}),
        lambda: Found(pd.DataFrame({"a": [1]}), "x"),
    ],
    ids=["dict", "list", "tuple", "dataclass"],
)
def test_what_holds_frames_is_handed_out_as_ones_own(make):
    held = make()
    given = own(held)
    assert type(given) is type(held)
    parts = vars(given) if isinstance(given, Found) else given
    kept = vars(held) if isinstance(held, Found) else held
    for name in parts if isinstance(parts, dict) else range(len(parts)):
        if isinstance(parts[name], pd.DataFrame):
            parts[name]["a"] = 5
            assert kept[name]["a"].tolist() == [1]
        elif isinstance(parts[name], dict | list | set):
            parts[name].clear()
            assert len(kept[name]) == 1


def test_arguments_are_alike_whatever_they_are_held_in():
    assert frozen({"a": [1, {2}], "b": None}) == frozen({"b": None, "a": (1, {2})})
    assert frozen({"a": [1, 2]}) != frozen({"a": [2, 1]})


def test_a_shared_read_keeps_its_name_and_words(read):
    assert (read.__name__, read.__doc__) == ("read", "Reads.")
