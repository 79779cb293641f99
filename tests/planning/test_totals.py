import pandas as pd

from planning.extracts.totals import totals, totals_by, with_month


def facts(*rows):
    columns = ["provider", "year", "month", "unit", "planned_price", "actual_price", "actual_activity"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.astype(dict.fromkeys(columns[4:], "Int64"))


FACTS = facts(
    ("RJ1", "2025/26", 1, "SPELL", 10, 20, 1000),
    ("RJ1", "2025/26", 2, "SPELL", None, 5, 500),
    ("RJZ", "2025/26", 2, "ATT", None, -7, None),
)


def test_prices_add_up_and_activity_only_within_its_unit():
    assert totals(FACTS) == {"planned_price": 10, "actual_price": 18, "activity": {"SPELL": 1500}}


def test_what_every_row_misses_is_missing():
    assert totals(FACTS[FACTS["provider"] == "RJZ"]) == {"planned_price": None, "actual_price": -7, "activity": {}}
    assert totals(FACTS[:0]) == {"planned_price": None, "actual_price": None, "activity": {}}


def test_totals_by_month_and_provider():
    assert list(totals_by(with_month(FACTS), "year_month")) == ["2025/26-01", "2025/26-02"]
    assert totals_by(FACTS, "provider")["RJ1"]["actual_price"] == 25


def test_sums_beyond_sixty_four_bits_are_exact():
    many = facts(*[("RJ1", "2025/26", 1, "SPELL", 2**62, 2**62, 0)] * 4)
    assert totals(many)["actual_price"] == 2**64
