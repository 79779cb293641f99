import pandas as pd
import pytest

from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, RestsOn, all_figures, figure_named, register
from presentation.run import FiltersInvalid, is_illustrative, query_string, run_figure, true_frame, valid_form
from presentation.shared_reads import sharing_reads
from tests.readers import Reader

from .demo import demo_figure, demo_frame, words

READER = Reader(Mode.INSIDE)


@pytest.fixture(autouse=True)
def _positions(monkeypatch):
    monkeypatch.setattr("presentation.run.is_illustrative", lambda position: True)


def run(mode=Mode.INSIDE, data=None, page=True, **changes):
    return run_figure(demo_figure(**changes), Reader(mode), data or {}, page=page)


def test_a_result_says_what_it_is():
    result = run()
    assert result.position == 14
    assert result.mode == Mode.INSIDE
    assert result.illustrative
    assert result.stamp == ("position 14",)
    assert result.notes == ("Kingston has sent nothing.",)
    assert result.title == "King's spends most"
    assert result.source == "ACM, position 14"
    assert result.table.caption == "Spend against plan by provider"


def test_chart_and_table_and_total_are_made_of_what_is_disclosed():
    seen = {}

    def chart(frame, filters):
        seen["frame"], seen["total"] = frame, frame.attrs["total"]
        columns = {"label": "provider", "value": "actual_price"}
        return Chart(kind=ChartKind.BARS, frame=frame, columns=columns, measure=Measure.MONEY, **words())

    result = run(Mode.OUTSIDE, chart=chart)
    assert seen["frame"]["actual_price"].iloc[1] is HIDDEN
    assert "secret" not in seen["frame"].columns
    assert seen["total"] == result.total
    assert list(result.table.file_rows())[1][2] == "*"
    assert result.total["spells"] == 1_210_000


def test_calculations_see_true_values():
    seen = []
    run(Mode.OUTSIDE, calculation=lambda read, filters: seen.append(read["spells"].iloc[1]) or read)
    assert seen == [5_000]


def test_one_answer_calculates_a_figure_once_and_each_asker_has_a_frame_of_their_own():
    calculated = []
    figure = demo_figure(calculation=lambda read, filters: calculated.append(filters) or read)
    with sharing_reads():
        run_figure(figure, READER, {}, page=True)
        asked = calculated[0]
        first = true_frame(figure, READER, asked)
        first["spells"] = 0
        second = true_frame(figure, READER, asked)
        assert len(calculated) == 1
        true_frame(figure, READER, {**asked, "position": 13})
    assert (second["spells"] != 0).any()
    assert [filters["position"] for filters in calculated] == [14, 13]


def test_outside_says_that_percentages_are_rounded():
    assert any("rounded" in note for note in run(Mode.OUTSIDE).notes)
    assert not any("rounded" in note for note in run(Mode.INSIDE).notes)


def test_pages_and_command_lines_differ_only_in_what_missing_filters_mean():
    assert run(page=True).filters["year"] == "2025/26"
    assert run(page=False).filters["year"] == ""


def test_wrong_filters_are_said_and_not_run():
    with pytest.raises(FiltersInvalid) as refused:
        run(data={"year": "1066/67"})
    assert "year" in refused.value.form.errors


def test_the_canonical_filters_leave_out_what_is_empty():
    form = valid_form(demo_figure(), Reader(), {"provider": ["RJZ", "RJ1"], "position": "3"}, page=True)
    assert query_string(form) == "year=2025%2F26&provider=RJZ&provider=RJ1&position=3"


def test_filters_are_said_without_the_position():
    assert run(data={"provider": ["RJ1", "RJZ"]}).filters_said == {"year": "2025/26", "provider": ["RJ1", "RJZ"]}


def test_a_form_at_hand_is_not_made_again():
    form = valid_form(demo_figure(), Reader(), {"year": "2024/25"}, page=True)
    result = run_figure(demo_figure(), Reader(), {"year": "2025/26"}, page=True, form=form)
    assert result.form is form
    assert result.filters["year"] == "2024/25"


def test_totals_of_rows_that_hold_totals_count_nothing_twice():
    from presentation.tables import FigureTable, MoneyColumn, TextColumn

    class Bridge(FigureTable):
        step = TextColumn()
        amount = MoneyColumn()

        class Meta:
            total_rows = "is_total"

    frame = pd.DataFrame({"step": ["a", "b", "all"], "amount": [1, 2, 3], "is_total": [False, False, True]})
    result = run(table=Bridge, chart=None, calculation=lambda read, filters: frame)
    assert result.total["amount"] == 3
    assert result.table.total is None
    assert result.title == "Spend by provider"


def test_a_figure_of_no_rows_runs():
    result = run(calculation=lambda read, filters: demo_frame().iloc[:0])
    assert list(result.table.file_rows()) == []
    assert result.total["actual_price"] is None


def test_figures_are_found_by_name_once():
    figure = demo_figure(name="found_once")
    before = set(all_figures())
    try:
        register(figure)
        assert figure_named("found_once") is figure
        with pytest.raises(ValueError, match="Two figures"):
            register(demo_figure(name="found_once"))
    finally:
        from presentation import figure as registry

        registry._registry.pop("found_once")
    assert set(all_figures()) == before


def test_nothing_published_is_not_illustrative(monkeypatch):
    monkeypatch.undo()
    assert is_illustrative(None) is False


def warned(frame, filters):
    return [f"Mind {len(frame)} rows at {filters['position']}."]


def test_what_is_said_of_slices_follows_the_notes_of_figures_that_rest_on_them(settings):
    settings.SLICE_NOTES = ["tests.presentation.test_run.warned"]
    assert run().notes == ("Kingston has sent nothing.", f"Mind {len(demo_frame())} rows at 14.")
    assert run(rests_on=RestsOn.REFERENCE).notes == ("Kingston has sent nothing.",)
