"""What a round says year by year: growth, one rate or one a year, and recurrent transfers, one a line."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from planning.calculations.financial_years import read_year
from presentation.amounts import from_pounds, plain, to_pounds

LEAST, MOST = Decimal(-20), Decimal(30)
MOST_TRANSFERS = 200
MOST_POUNDS = Decimal(10) ** 11
# A comma may stand within a number, so rates are told apart by spaces, semicolons and new lines.
BETWEEN_RATES = re.compile(r"[;\s]+")
LINE = re.compile(r"^(?P<year>\S+?)[\s,;:]+(?P<area>.+?)[\s,;:]+(?P<amount>[-+\u2212]?\s*£?\s*[-+\u2212]?\s*[\d,]*\.?\d+)$")
EXAMPLE = "such as 2027/28 QKK −1,200,000"
Transfer = tuple[str, str, int]


def growth_field() -> forms.CharField:
    return forms.CharField(
        label="Growth (%)",
        max_length=200,
        help_text="Of what all areas receive together: one rate for every year, or one for each in turn, such as 4.4; 3.8; 3",
        error_messages={"required": "Enter the growth", "max_length": "Growth must be 200 characters or fewer"},
    )


def transfers_field() -> forms.CharField:
    return forms.CharField(
        label="Recurrent transfers (optional)",
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "One a line: the year it begins, the system, and the £ added to its baseline from then on (below 0 takes away), "
            f"{EXAMPLE}."
        ),
        error_messages={"max_length": "Recurrent transfers must be 12,000 characters or fewer"},
    )


def rates_in(said: str) -> list[Decimal]:
    """Growth in per cent: "4.4" or "4.4; 3.8 3%".

    Raises:
        ValidationError: something is no rate, or is below −20% or above 30%; the message says what stands there.
    """
    rates = []
    for word in (word for word in BETWEEN_RATES.split(said.replace("%", " ")) if word):
        try:
            rate = Decimal(word.replace("\u2212", "-"))
        except InvalidOperation:
            rate = Decimal("NaN")
        if not rate.is_finite():
            raise forms.ValidationError(f"Growth: “{word[:20]}” must be a number, such as 4.4. Put a space between rates")
        if not LEAST <= rate <= MOST:
            raise forms.ValidationError(f"Growth must be between −20% and 30%: “{word[:20]}” is not")
        if rate != round(rate, 4):
            raise forms.ValidationError(f"Growth must have no more than 4 decimal places: “{word[:20]}” has more")
        rates.append(rate)
    if not rates:
        raise forms.ValidationError("Enter the growth")
    return rates


def growth_fault(rates: Sequence[Decimal], years: int) -> str:
    """What is wrong with the number of rates; "" where nothing is."""
    if len(rates) in (1, years):
        return ""
    wanted = f"one rate for every year, or one for each of the {years} years" if years > 1 else "one rate, for the one year"
    return f"Growth must be {wanted}: there are {len(rates)}"


def transfers_in(said: str, names: Mapping[str, str]) -> list[Transfer]:
    """Transfers as (year, area, whole ten-thousandths of a pound).

    Args:
        said: one a line.
        names: of the systems by code; either may be written.

    Raises:
        ValidationError: the line by its number, what stands in it, and what to do.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if len(lines) > MOST_TRANSFERS:
        raise forms.ValidationError(f"Recurrent transfers must be {MOST_TRANSFERS} or fewer: there are {len(lines)}")
    codes = {**{name.lower(): code for code, name in names.items()}, **{code.lower(): code for code in names}}
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for number, line in enumerate(lines, start=1):
        year, area, amount = _transfer(number, line, codes)
        if (year, area) in found:
            raise forms.ValidationError(
                f"Transfers {found[year, area][0]} and {number} are both of {area} in {year}: write one, of the two together"
            )
        found[year, area] = (number, amount)
    return [(year, area, amount) for (year, area), (_, amount) in found.items() if amount]


def _transfer(number: int, line: str, codes: Mapping[str, str]) -> Transfer:
    parts = LINE.match(line)
    shown = f"Transfer {number}, “{line[:60]}”,"
    if parts is None:
        raise forms.ValidationError(f"{shown} must be a year, a system and an amount in £, {EXAMPLE}")
    year = read_year(parts["year"])
    if year is None:
        raise forms.ValidationError(f"{shown} must begin with a financial year, {EXAMPLE}")
    code = codes.get(parts["area"].strip().lower())
    if code is None:
        raise forms.ValidationError(f"{shown} must name a system by its code or name: “{parts['area'][:40]}” is none")
    words = re.sub(r"[£,\s]", "", parts["amount"]).replace("\u2212", "-")
    try:
        amount = Decimal(words)
    except InvalidOperation:
        raise forms.ValidationError(f"{shown} must end with an amount in £, {EXAMPLE}") from None
    if abs(amount) > MOST_POUNDS or amount != round(amount, 2):
        raise forms.ValidationError(f"{shown} must be whole pence, and no more than £100 billion")
    return year[0], code, from_pounds(amount)


def transfers_fault(transfers: Sequence[Transfer], years: Sequence[str]) -> str:
    """Which transfers are of years that the round does not allocate; "" where none is."""
    outside = sorted({year for year, _, _ in transfers if year not in years})
    if not outside:
        return ""
    return f"Recurrent transfers must be of {years[0]} to {years[-1]}: {', '.join(outside)} is not allocated by this round"


def rates_said(growth: float | Sequence[float]) -> str:
    """Rates of growth as the form shows them."""
    rates = [growth] if isinstance(growth, int | float) else growth
    return "; ".join(plain(Decimal(str(rate)) * 100) for rate in rates).replace("-", "\u2212")


def transfers_said(transfers: Sequence[Sequence[Any]]) -> str:
    """Transfers as the form shows them."""
    return "\n".join(f"{year} {area} {plain(to_pounds(amount), 2)}" for year, area, amount in transfers)
