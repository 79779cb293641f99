"""What must be true of every figure, whatever it shows: totals, shares, words, older positions, and who reads it."""

import hashlib
import re
from functools import cache

import pandas as pd
import pytest
from django.http import QueryDict

from planning.models import PositionSlice, ReportingPosition
from presentation.amounts import is_missing, money
from presentation.chart import Measure
from presentation.disclosure import HIDDEN, declared, numeric
from presentation.figure import Mode, all_figures, figure_named
from presentation.run import run_figure
from tests.figures_of_one import needed, round_put_forward, shared_option, shared_scenario
from tests.planning.varied_positions import publish_varied, varied_rows
from tests.positions import publish
from tests.readers import Reader

pytestmark = pytest.mark.django_db
NAMES = sorted(f.name for f in all_figures())


@pytest.fixture(scope="module")
def positions(loaded_reference) -> list[int]:
    made = publish_varied()
    # Made once, since a scenario says when it was saved; and a policy option likewise.
    for position in made:
        shared_scenario(position)
        round_put_forward(position)
        shared_option(position)
    return made


def run(name, mode=Mode.INSIDE, *, page=False, **data):
    reader = Reader(mode)
    position = int(data.get("position") or ReportingPosition.objects.latest("number").number)
    return run_figure(figure_named(name), reader, {**needed(name, position), **data}, page=page)


@pytest.fixture(scope="module")
def seen(positions):
    """Figures of the latest position, each run once for all tests that only look at it."""
    return cache(run)


def fingerprint(result) -> str:
    """Everything a figure says, in one line."""
    cells = result.frame.to_json(orient="split", default_handler=str)
    said = [cells, str(result.total), result.chart.title if result.chart else "", *result.notes]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", NAMES)
def test_the_total_row_is_the_sum_of_the_rows(seen, name, mode):
    """Inside exactly; outside within the rounding that each row and the total may have."""
    result = seen(name, mode)
    table = type(result.table)
    marked = table._meta.total_rows
    rows = result.frame[~result.frame[marked].astype(bool)] if marked else result.frame
    for column_name, column in declared(table).items():
        total = result.total.get(column_name)
        if not column.summed or column_name not in rows or is_missing(total) or total is HIDDEN:
            continue
        if any(value is HIDDEN for value in rows[column_name]):
            continue
        slack = 0 if mode == Mode.INSIDE else (len(rows) + 10) * 10_000_000
        assert abs(numeric(rows[column_name]).sum() - float(total)) <= slack, column_name


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", NAMES)
def test_shares_of_a_whole_stand_beside_their_parts(seen, name, mode):
    """A share is its numerator over its denominator as shown, and nothing where there is nothing to divide."""
    result = seen(name, mode)
    for share, column in declared(type(result.table)).items():
        if column.measure != Measure.SHARE or not column.parts or share not in result.frame:
            continue
        of, by = (result.frame[part] for part in column.parts)
        for value, numerator, denominator in zip(result.frame[share], of, by, strict=True):
            if HIDDEN in (numerator, denominator):
                assert value is HIDDEN or is_missing(value)
            elif is_missing(numerator) or is_missing(denominator) or denominator == 0:
                assert is_missing(value), (name, share)
            elif not is_missing(value):
                assert float(value) == pytest.approx(int(numerator) / int(denominator))


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", NAMES)
def test_words_are_whole(seen, name, mode):
    """No nan, None or <NA> reaches a title, a summary, a note or a cell."""
    result = seen(name, mode, page=True)
    said = [result.title, *result.notes]
    if result.chart:
        said += [result.chart.summary, result.chart.units, result.source]
    empties = {bound.name: bound.column.empty for bound in result.table.columns}
    for record in result.table.data.data:
        cells = [(b.name, b.column.render(record.get(str(b.accessor)), record, b)) for b in result.table.columns]
        said += [words for column, words in cells if words != empties.get(column)]
    broken = [words for words in said if re.search(r"\b(nan|None|NaT|inf)\b|<NA>|HIDDEN", str(words))]
    assert not broken


@pytest.mark.parametrize("name", NAMES)
def test_every_money_in_a_title_is_in_the_frame(seen, name):
    """A title's headline money is the money of some cell, of a sum of cells, or of a total."""
    result = seen(name, page=True)
    named = re.findall(r"£[\d.,]+(?:bn|m|k)?", result.title)
    if not named:
        return
    possible = {money(abs(int(v))) for v in numeric(pd.Series(list(result.total.values()), dtype=object)).dropna()}
    for column, kind in declared(type(result.table)).items():
        if kind.measure == Measure.MONEY and column in result.frame:
            values = numeric(result.frame[column])
            groups = [values.groupby(result.frame[c]).sum() for c in result.frame if c.endswith("_words")]
            for amounts in (values.dropna(), [values.sum()], *groups):
                possible |= {money(abs(int(v))) for v in amounts}
    assert all(any(said.rstrip(".,") == p for p in possible) for said in named), (result.title, sorted(possible)[:20])


@pytest.mark.parametrize("name", NAMES)
def test_an_older_position_keeps_saying_the_same(positions, name):
    """After a later publication, and after what it published is gone again."""
    asked = str(positions[1])
    before = fingerprint(run(name, position=asked))
    latest = publish(varied_rows(9, 40))
    assert fingerprint(run(name, position=asked)) == before
    # As a withdrawal does: the slices of the last end.
    by = ReportingPosition.objects.get(number=latest).made_by
    ReportingPosition.objects.create(number=latest + 1, made_by=by, reason="x", fingerprint="x" * 64)
    PositionSlice.objects.filter(from_position=latest).update(until_position=latest + 1)
    assert fingerprint(run(name, position=asked)) == before


def _numbers(result) -> set[str]:
    return {name for name, column in declared(type(result.table)).items() if column.measure is not None}


@pytest.mark.parametrize("name", NAMES)
def test_inside_and_outside_are_the_same_rows(seen, name):
    """Disclosure hides and rounds; it drops no row and invents none."""
    inside, outside = (seen(name, mode) for mode in Mode)
    assert len(inside.frame) == len(outside.frame)
    named = {"home", "provider", "system", "code", "population", "year", "month"} - _numbers(inside)
    for key in named & set(inside.frame):
        assert sorted(map(str, inside.frame[key])) == sorted(map(str, outside.frame[key]))


@pytest.mark.parametrize("name", NAMES)
def test_no_count_of_one_to_seven_leaves(seen, name):
    result = seen(name, Mode.OUTSIDE)
    for column, kind in declared(type(result.table)).items():
        if kind.measure not in (Measure.ACTIVITY, Measure.PATIENTS) or column not in result.frame:
            continue
        one = 1_000 if kind.measure == Measure.ACTIVITY else 1
        shown = numeric(result.frame[column]).dropna()
        assert not ((shown.abs() > 0) & (shown.abs() < 8 * one)).any()
        assert (shown % (5 * one) == 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_question_has_the_same_answer_and_stamp(seen, name):
    first, second = seen(name, page=True), run(name, page=True)
    assert fingerprint(first) == fingerprint(second)
    assert first.stamp == second.stamp
    assert first.query_string == second.query_string


@pytest.mark.parametrize("name", NAMES)
def test_filters_said_lead_to_the_same_figure(seen, name):
    first = seen(name, page=True)
    reader = Reader()
    again = run_figure(figure_named(name), reader, QueryDict(first.query_string), page=True)
    assert fingerprint(again) == fingerprint(first)
