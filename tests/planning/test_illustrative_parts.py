"""The parts that illustrative extracts are made with: sharing out, choosing, and splitting lines over homes."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.illustrative import read_reference, read_weights
from planning.illustrative.catchments import OWN, UNKNOWN, cells_of_year
from planning.illustrative.details import Choices
from planning.illustrative.lines import FINANCE, SPELL, lines_of_year
from planning.illustrative.row_counts import shared_out, whole

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
positive = st.floats(min_value=0.01, max_value=1e6)


@pytest.fixture(scope="module")
def weights():
    return read_weights(FIXTURES / "illustrative")


@pytest.fixture(scope="module")
def reference():
    return read_reference(FIXTURES / "reference")


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=20), st.floats(min_value=1, max_value=1e6))
def test_shares_add_up_and_keep_below_their_ceilings(pairs, total):
    wanted, ceilings = (np.array(part) for part in zip(*pairs, strict=True))
    shares = shared_out(total, wanted, ceilings)
    assert shares.sum() == pytest.approx(total)
    assert total > ceilings.sum() or (shares <= ceilings * (1 + 1e-6)).all()


def test_shares_are_by_weight_where_no_ceiling_is_near():
    assert shared_out(100, np.array([1.0, 3.0]), np.array([1e9, 1e9])) == pytest.approx([25, 75])


def test_what_is_above_a_ceiling_goes_to_the_others():
    assert shared_out(100, np.array([1.0, 1.0, 2.0]), np.array([10.0, 1e9, 1e9])) == pytest.approx([10, 30, 60])


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=1, max_size=50))
def test_whole_numbers_keep_the_sum_and_stay_near_their_shares(shares):
    found = whole(np.array(shares))
    assert found.sum() == np.rint(np.cumsum(shares)[-1])
    assert np.abs(found - shares).max() <= 1 + 1e-6


def test_choices_follow_their_weights_and_keys():
    choices = Choices([[("a", 3.0), ("b", 1.0)], [("", 1.0)], [("b", 1.0)]])
    keys = np.repeat([0, 1, 2], 4_000)
    drawn = choices.positions[choices.draw(keys, np.random.default_rng(1))]
    words = np.array([*choices.words, ""])[drawn]
    assert (words[:4_000] == "a").mean() == pytest.approx(0.75, abs=0.03)
    assert set(words[4_000:8_000]) == {""}
    assert set(words[8_000:]) == {"b"}


def test_the_last_chance_still_chooses_the_last_option():
    class Last:
        def random(self, count):
            return np.full(count, np.nextafter(1.0, 0.0))

    choices = Choices([[("a", 1.0)]] * 700)
    assert choices.draw(np.arange(700), Last()).tolist() == list(range(700))


@pytest.mark.parametrize("year", ["2019/20", "2022/23", "2025/26", "2026/27"])
def test_lines_add_up_to_the_total_of_each_provider(weights, reference, year):
    lines = lines_of_year(weights, reference, year)
    totals = weights.provider_totals[weights.provider_totals["year"] == year].set_index("provider")["actual_price"]
    specialised = lines[lines["specialised"]].groupby("provider")["actual_price"].sum()
    assert specialised.to_dict() == pytest.approx(totals.to_dict())
    assert not lines.duplicated(["provider", "specialised", "family", "catchment", "service_code", "point_of_delivery"]).any()


def test_the_mix_shifts_towards_drugs(weights, reference):
    def share(year):
        lines = lines_of_year(weights, reference, year)
        lines = lines[lines["specialised"]]
        return lines.loc[lines["point_of_delivery"] == "DRUG", "actual_price"].sum() / lines["actual_price"].sum()

    assert share("2019/20") < share("2022/23") < share("2025/26") < share("2026/27") < 0.3


def test_prices_are_those_of_the_year(weights, reference):
    def price(year):
        lines = lines_of_year(weights, reference, year)
        return lines.loc[(lines["service_code"] == "NCBPS13E") & (lines["point_of_delivery"] == "EL"), "unit_price"].iloc[0]

    assert price("2019/20") == pytest.approx(0.8 * price("2025/26"))


def test_a_family_begins_in_its_year(weights, reference):
    """Heart and lung transplants came to Guy's and St Thomas' with a merger after 2019/20."""
    families = {year: set(lines_of_year(weights, reference, year)["family"]) for year in ("2019/20", "2022/23")}
    assert families["2022/23"] - families["2019/20"] == {"heart_lung_transplant"}


@pytest.mark.parametrize("year", ["2019/20", "2025/26"])
def test_cells_add_up_to_their_lines(weights, reference, year):
    lines = lines_of_year(weights, reference, year)
    cells = cells_of_year(lines, weights, reference, year)
    assert np.allclose(cells.groupby("line")["actual_price"].sum(), lines["actual_price"])
    assert not cells.duplicated(["line", "home"]).any()


@pytest.mark.parametrize(
    ("year", "category", "kind", "resolved"),
    [
        ("2019/20", "21", SPELL, {UNKNOWN}),
        ("2019/20", "21", FINANCE, {UNKNOWN}),
        ("2025/26", "21", SPELL, {UNKNOWN}),
        ("2025/26", "25", SPELL, {OWN}),
    ],
    ids=["patients of the hub", "payments of the hub", "retained", "delegated"],
)
def test_where_a_patient_without_a_home_is_counted(weights, reference, year, category, kind, resolved):
    """The hub's patients stay unknown; a delegated service's are the host's, who pays for them."""
    lines = lines_of_year(weights, reference, year)
    cells = cells_of_year(lines, weights, reference, year)
    chosen = lines.index[(lines["category"] == category) & (lines["kind"] == kind)]
    nobody = cells[cells["line"].isin(chosen) & (cells["home"] == "NOT-KNOWN")]
    assert set(nobody["resolved"]) == resolved


def test_delegated_payments_name_the_population_they_are_for(weights, reference):
    lines = lines_of_year(weights, reference, "2025/26")
    cells = cells_of_year(lines, weights, reference, "2025/26")
    blocks = lines.index[(lines["category"] == "25") & (lines["point_of_delivery"] == "BLOCK")]
    assert "NOT-KNOWN" not in set(cells.loc[cells["line"].isin(blocks), "home"])


def test_every_table_says_that_it_is_illustrative_or_where_it_comes_from(weights):
    for name, table in vars(weights).items():
        assert (table["source"] != "").all(), name


def test_weights_cover_what_they_refer_to(weights):
    """A family without codes or points of delivery would quietly take its share of cost along."""
    families = set(weights.service_families["family"])
    assert families == set(weights.service_codes["family"]) == set(weights.points_of_delivery["family"])
    mix = {*weights.service_mix["family"], *weights.other_care["family"]}
    assert mix == families
    assert {*weights.service_mix["catchment"], *weights.other_care["catchment"]} <= set(weights.homes["catchment"])
    assert set(weights.points_of_delivery["point_of_delivery"]) == set(weights.activity_groups["point_of_delivery"])
    assert len(dataclasses.fields(weights)) == len(list((FIXTURES / "illustrative").glob("*.csv")))
