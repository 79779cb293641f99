"""What a round says year by year: rates as people write them, transfers as they paste them, and what is wrong by its line."""

from decimal import Decimal

import pytest
from django.forms import ValidationError

from finance.forms import round_years

NAMES = {"QKK": "South East London", "QWE": "South West London"}
M = 10_000_000_000


@pytest.mark.parametrize(
    ("said", "rates"),
    [
        ("4.4", ["4.4"]),
        (" 4.4% ", ["4.4"]),
        ("4.4; 3.8;3", ["4.4", "3.8", "3"]),
        ("4.4% 3.8% −0.25%", ["4.4", "3.8", "-0.25"]),
        ("4.4\n\n3\t2", ["4.4", "3", "2"]),
    ],
)
def test_rates_are_read_however_they_are_written(said, rates):
    assert round_years.rates_in(said) == [Decimal(rate) for rate in rates]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "Enter the growth"),
        ("%", "Enter the growth"),
        ("4,4", "“4,4” must be a number"),
        ("4 NaN", "“NaN” must be a number"),
        ("-20.1", "“-20.1” is not"),
        ("1e9", "“1e9” is not"),
        ("4.12345", "no more than 4 decimal places"),
    ],
)
def test_what_is_no_rate_is_named(said, problem):
    with pytest.raises(ValidationError, match=problem):
        round_years.rates_in(said)


def test_there_is_one_rate_or_one_for_each_year():
    rates = [Decimal(4), Decimal(3)]
    assert round_years.growth_fault(rates, 2) == round_years.growth_fault(rates[:1], 7) == ""
    assert round_years.growth_fault(rates, 3).endswith("one for each of the 3 years: there are 2")
    assert round_years.growth_fault(rates, 1).endswith("one rate, for the one year: there are 2")


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("2027/28 QKK -1,200,000", ("2027/28", "QKK", -12 * M // 10)),
        ("2027-28, qkk, −1200000", ("2027/28", "QKK", -12 * M // 10)),
        ("2027/28\tSouth West London\t£1,200.50", ("2027/28", "QWE", 12_005_000)),
        ("2027/28: South East London: -£ 0.01", ("2027/28", "QKK", -100)),
        ("2027/28 QWE £-5", ("2027/28", "QWE", -50_000)),
        ("202728,QKK,1,200,000", ("2027/28", "QKK", 12 * M // 10)),
    ],
)
def test_transfers_are_read_as_they_are_pasted(line, read):
    assert round_years.transfers_in(f"\n {line} \n", NAMES) == [read]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("2027/28 QKK", "Transfer 1, “2027/28 QKK”, must be a year, a system and an amount"),
        ("soon QKK 5", "must begin with a financial year"),
        ("2027/29 QKK 5", "must begin with a financial year"),
        ("2027/28 QXX 5", "must name a system by its code or name: “QXX” is none"),
        ("2027/28 QKK 5\n2027/28 South East London 6", "Transfers 1 and 2 are both of QKK in 2027/28"),
        ("2027/28 QKK 0.001", "must be whole pence"),
        ("2027/28 QKK 900000000000", "no more than £100 billion"),
        ("2027/28 QKK --5", "Transfer 1"),
        ("2027/28 QKK ,", "Transfer 1"),
        ("<script> QKK 5", "must begin with a financial year"),
        ("\n".join(["2027/28 QKK 5"] * 201), "must be 200 or fewer: there are 201"),
    ],
)
def test_what_is_no_transfer_is_named_by_its_line(said, problem):
    with pytest.raises(ValidationError, match=problem):
        round_years.transfers_in(said, NAMES)


def test_what_is_kept_comes_back_as_it_can_be_written():
    said = "2027/28 QKK -1200000.50\n2028/29 QWE 7.00"
    kept = round_years.transfers_in(said, NAMES)
    assert round_years.transfers_said(kept) == said
    assert round_years.transfers_in("2027/28 QKK 0", NAMES) == []
    assert round_years.rates_said(0.044) == "4.4"
    assert round_years.rates_said([0.044, -0.005]) == "4.4; −0.5"
    assert round_years.rates_in("4.4; −0.5") == [Decimal("4.4"), Decimal("-0.5")]


def test_years_that_are_not_allocated_are_named():
    transfers = [("2026/27", "QKK", 1), ("2030/31", "QKK", 1)]
    assert round_years.transfers_fault(transfers[:1], ("2026/27", "2027/28")) == ""
    assert "2030/31 is not allocated" in round_years.transfers_fault(transfers, ("2026/27", "2027/28"))
