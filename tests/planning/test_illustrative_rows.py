"""Rows of one month: cells visited evenly, money to the penny, activity in whole units, codes nearest the provider."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planning.illustrative import details, extracts, make_extracts, read_reference, read_weights, rows
from planning.illustrative.catchments import cells_of_year
from planning.illustrative.lines import ACTIVITY, lines_of_year

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
YEAR = "2025/26"


@pytest.fixture(scope="module")
def weights():
    return read_weights(FIXTURES / "illustrative")


@pytest.fixture(scope="module")
def reference():
    return read_reference(FIXTURES / "reference")


@pytest.fixture(scope="module")
def cells_of(weights, reference):
    lines = lines_of_year(weights, reference, YEAR)
    cells = cells_of_year(lines, weights, reference, YEAR)

    def make(provider: str, rows_a_year: int) -> rows.FileCells:
        return rows.file_cells(lines[lines["provider"] == provider], cells, rows_a_year)

    return make


def even_month(file: rows.FileCells, count: int) -> rows.Month:
    twelfth = np.full(len(file.lines), 1 / 12)
    return rows.Month(1, twelfth, twelfth, count)


def drawn(file: rows.FileCells, count: int, seed: int = 1) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    month = even_month(file, count)
    picked = rows.pick_cells(file, month, 0.5)
    found = rows.drawn_rows(file, picked, np.ones(count))
    return picked, rows.figures(file, month, found, np.random.default_rng(seed))


@pytest.mark.parametrize(("provider", "count"), [("RJ1", 500), ("RJ1", 20_000), ("RQY", 30)])
def test_a_month_adds_up_to_its_money(cells_of, provider, count):
    file = cells_of(provider, count * 12)
    _, figures = drawn(file, count)
    planned = (file.lines["actual_price"] / (1 + file.lines["over_plan"])).sum() / 12
    assert figures["actual_price"].sum() == pytest.approx(file.lines["actual_price"].sum() / 12 * 100, abs=1)
    assert figures["planned_price"].sum() == pytest.approx(planned * 100, abs=1)


def test_four_rows_still_hold_the_specialised_money_of_a_small_provider(cells_of):
    file = cells_of("RQY", 48)
    picked, figures = drawn(file, 4)
    specialised = file.lines["specialised"].to_numpy()
    money = file.lines.loc[specialised, "actual_price"].sum() / 12
    assert figures["actual_price"][specialised[file.line[picked]]].sum() == pytest.approx(money * 100, abs=4)


@pytest.mark.parametrize("count", [400, 40_000])
def test_specialised_and_other_care_keep_their_own_money(cells_of, count):
    file = cells_of("RVR", count * 12)
    picked, figures = drawn(file, count)
    specialised = file.lines["specialised"].to_numpy()[file.line[picked]]
    wanted = file.lines.loc[file.lines["specialised"], "actual_price"].sum() / 12
    assert figures["actual_price"][specialised].sum() == pytest.approx(wanted * 100, abs=count)


def test_each_kind_and_home_class_keeps_its_money(cells_of):
    file = cells_of("RJ7", 60_000)
    picked, figures = drawn(file, 5_000)
    wanted = np.bincount(file.stratum, file.money) / 12
    found = np.bincount(file.stratum[picked], figures["actual_price"], minlength=len(wanted)) / 100
    present = np.bincount(file.stratum[picked], minlength=len(wanted)) > 0
    # A class without a row leaves its money to the others of the same care.
    assert np.allclose(found[present], wanted[present], rtol=0.001)
    assert wanted[~present].sum() < wanted.sum() / 1000


def test_activity_is_whole_and_money_without_treatment_has_none(cells_of):
    file = cells_of("RJZ", 60_000)
    picked, figures = drawn(file, 5_000)
    treated = file.lines["kind"].to_numpy()[file.line[picked]] <= ACTIVITY
    assert (figures["actual_activity"] % 1000 == 0).all()
    assert (figures["actual_activity"][~treated] == 0).all()
    assert (figures["planned_activity"][~treated] == 0).all()
    assert (figures["actual_activity"][treated] >= 1000).mean() > 0.97
    nothing_done = treated & (figures["actual_activity"] == 0)
    assert nothing_done.any()
    assert (figures["actual_price"][nothing_done] == 0).all()


def test_in_large_files_most_rows_are_of_one_or_two_units(cells_of):
    """A row of a large file is a few spells; the price of a spell does not shrink with the number of rows."""
    small, large = cells_of("RJ1", 6_000), cells_of("RJ1", 900_000)
    prices = []
    for file, count in ((small, 500), (large, 75_000)):
        picked, figures = drawn(file, count)
        line = file.line[picked]
        spells = ((file.lines["family"] == "cardiac_surgery") & (file.lines["point_of_delivery"] == "EL")).to_numpy()[line]
        prices.append(figures["actual_price"][spells].sum() / figures["actual_activity"][spells].sum() * 10)
    assert prices[0] == pytest.approx(prices[1], rel=0.15)


def test_equal_steps_give_every_cell_its_share(cells_of):
    file = cells_of("RPY", 24_000)
    picked = rows.pick_cells(file, even_month(file, 2_000), 0.25)
    expected = file.money / file.worth[file.line]
    expected = expected / expected.sum() * 2_000
    found = np.bincount(picked, minlength=len(expected))
    assert np.abs(found - expected).max() <= 1


def test_files_are_the_same_however_many_rows_are_written_at_once(weights, reference, tmp_path, monkeypatch):
    contents = []
    for name, piece in (("small", 40), ("large", 1_000_000)):
        monkeypatch.setattr(extracts, "PIECE", piece)
        (tmp_path / name).mkdir()
        made = list(make_extracts(weights, reference, ["2026/27"], 9, tmp_path / name, 1_500))
        contents.append([Path(one["file"]).read_bytes() for one in made])
    assert contents[0] == contents[1]


def test_no_half_written_file_is_left(weights, reference, tmp_path, monkeypatch):
    def stop(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(details, "columns", stop)
    with pytest.raises(KeyboardInterrupt):
        list(make_extracts(weights, reference, ["2026/27"], 9, tmp_path, 1_500))
    assert not list(tmp_path.glob("*.csv"))


@pytest.fixture(scope="module")
def choices_of(cells_of, weights, reference):
    def make(provider: str, year: str) -> tuple[rows.FileCells, details.FileChoices]:
        lines = lines_of_year(weights, reference, year)
        cells = cells_of_year(lines, weights, reference, year)
        file = rows.file_cells(lines[lines["provider"] == provider], cells, 10_000)
        return file, details.file_choices(file, weights, reference, year)

    return make


def drawn_words(choices: details.Choices, keys: np.ndarray) -> pd.Series:
    found = choices.positions[choices.draw(keys, np.random.default_rng(4))]
    return pd.Series(np.array([*choices.words, ""])[found])


def test_a_local_trust_treats_its_own_borough_first(choices_of):
    file, choices = choices_of("RJ6", "2019/20")
    at_home = choices.organisation_key[file.home == "QWE"]
    words = drawn_words(choices.organisations, np.resize(at_home, 5_000))
    assert words.value_counts(normalize=True).index[0] == "07V"
    assert words.eq("07V").mean() > 0.9


def test_the_most_particular_site_wins(choices_of):
    """Dialysis of Kent residents is at a satellite, that of others at Guy's, and heart surgery always at St Thomas'."""
    file, choices = choices_of("RJ1", YEAR)
    family = file.lines["family"].to_numpy()[file.line]

    def sites(name: str, home: str) -> set[str]:
        keys = choices.site_key[(family == name) & (file.home == home)]
        return set(drawn_words(choices.sites, np.resize(keys, 300)))

    assert sites("renal_dialysis", "QKS") == {"RWFTW", "RJ121"}
    assert sites("renal_dialysis", "QKK") == {"RJ121"}
    assert sites("cardiac_surgery", "QKS") == {"RJ122"}
    assert sites("hiv", "QKK") == {"RJ121", "RJ122"}


@pytest.mark.parametrize(("year", "host"), [("2019/20", "08X"), (YEAR, "36L")])
def test_the_host_is_the_commissioner_of_the_year(choices_of, year, host):
    _, choices = choices_of("RJ7", year)
    assert choices.host == host
    assert choices.hub == "13R"
