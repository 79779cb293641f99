"""Columns of figures' tables: what a cell measures, how it reads on a page and what it is in a file.

A column's cells hold stored values (see `amounts`), HIDDEN, or nothing.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Self

import django_tables2
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from . import amounts
from .amounts import NO_DATA, NOT_APPLICABLE, NOT_KNOWN, is_missing
from .chart import Measure
from .disclosure import HIDDEN


class FigureColumn(django_tables2.Column):
    """A column that knows what it measures, how a cell reads on a page and what it is in a file.

    `empty` is the word for a cell with nothing in it. `count` names the column (or columns) whose 1 to 7 people hide the
    cell. `summed` says whether the total row adds it up. `on_page=False` keeps a column to the files, where a page has no
    room for it; an `optional` one is there only where the frame has it.
    """

    measure: Measure | None = None
    empty = NO_DATA
    empty_values = ()
    number_format: str | None = None
    summed_by_default = False
    is_words = False

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        empty: str | None = None,
        count: str | Sequence[str] = (),
        summed: bool | None = None,
        signed: bool = False,
        on_page: bool = True,
        optional: bool = False,
        **options: Any,
    ):
        self.on_page, self.optional = on_page, optional
        self.empty = self.empty if empty is None else empty
        self.counts = (count,) if isinstance(count, str) else tuple(count)
        self.parts: tuple[str, str] | tuple[()] = ()
        self.summed = self.summed_by_default if summed is None else summed
        self.signed = signed
        self.of_row = False
        super().__init__(verbose_name=verbose_name, **options)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Every table has columns of its own; what they hold is never changed, and copying it all is a tenth of a page.
        return copy(self)

    def rounded(self, values: Sequence[Any], *, adds_up: bool) -> Sequence[Any]:
        """The column's values as a page shows them; `adds_up` where the rounded parts must make the rounded total."""
        return values

    def cell(self, value: Any) -> str:
        if value is HIDDEN:
            return str(HIDDEN)
        return self.empty if is_missing(value) or value == "" else self.text(value)

    def text(self, value: Any) -> str:
        return str(value)

    def in_file(self, value: Any) -> Any:
        """The cell as a file holds it: a Decimal, int or float for a number, otherwise text; None for nothing."""
        return str(HIDDEN) if value is HIDDEN else None if is_missing(value) or value == "" else self.exact(value)

    def exact(self, value: Any) -> Any:
        return str(value)

    def render(self, value: Any, record: Mapping[str, Any], bound_column: Any) -> str:
        return self.cell(record.get("rounded", {}).get(bound_column.name, value))

    def says_something(self, records: Sequence[Mapping[str, Any]], key: str) -> bool:
        """Whether a page has a use for the column, whose cells are the records' under the key."""
        return self.on_page

    @property
    def is_numeric(self) -> bool:
        return self.measure is not None


class TextColumn(FigureColumn):
    """Words: names, codes, notes.

    `leads_to` names a page and the column with the code of what the words name; on a page that lets its tables lead on they
    are a link to it. Files hold the words alone. `wide` leaves room for lists of names.
    """

    empty = NOT_KNOWN
    is_words = True

    def __init__(
        self, verbose_name: str | None = None, *, leads_to: tuple[str, str] | None = None, wide: bool = False, **options: Any
    ):
        super().__init__(verbose_name, **options)
        self.wide = wide
        self.leads_to = leads_to
        self.carried: str | None = None

    def render(self, value: Any, record: Mapping[str, Any], bound_column: Any) -> str:
        text = super().render(value, record, bound_column)
        address = self._address(record) if self.leads_to and self.carried is not None else None
        return format_html('<a href="{}">{}</a>', address, text) if address else text

    def _address(self, record: Mapping[str, Any]) -> str | None:
        """The page of what the words name, or None where it has no code, or there is no such page."""
        url_name, key = self.leads_to or ("", "")
        code = record.get(key)
        if code is HIDDEN or is_missing(code) or code == "":
            return None
        try:
            return f"{reverse(url_name, args=[code])}{self.carried}"
        except NoReverseMatch:
            return None


class AddedColumn(FigureColumn):
    """Amounts kept as whole numbers of a small unit, which parts of a total are made of."""

    summed_by_default = True
    step = 1

    def rounded(self, values: Sequence[Any], *, adds_up: bool) -> Sequence[Any]:
        if adds_up and self.summed and not any(v is HIDDEN for v in values):
            return amounts.round_to_total(values, self.step)
        return values


class MoneyColumn(AddedColumn):
    """Money in stored units. `show` is "pounds" (£1,234,568), "pence" (£1,234,567.89) or "headline" (£1.2m).

    `of_row` where it is the sum of other columns of its row, one of which may be hidden: it is rounded as totals are.
    """

    measure = Measure.MONEY
    number_format = "£#,##0.00;-£#,##0.00"

    def __init__(self, *args: Any, show: str = "pounds", of_row: bool = False, **options: Any):
        super().__init__(*args, **options)
        self.show = show
        self.of_row = of_row

    @property
    def step(self) -> int:
        return 1 if self.show == "headline" else amounts.POUND // 100 if self.show == "pence" else amounts.POUND

    def text(self, value: Any) -> str:
        if self.show == "headline":
            return amounts.money(value, signed=self.signed)
        return amounts.money_exact(value) if self.show == "pence" else amounts.money_whole(value, signed=self.signed)

    def exact(self, value: Any) -> Any:
        return amounts.to_pounds(value)


class ActivityColumn(AddedColumn):
    """Activity in whole thousandths of one unit."""

    measure = Measure.ACTIVITY
    step = amounts.UNIT
    number_format = "#,##0.###;-#,##0.###"

    def text(self, value: Any) -> str:
        return amounts.count(value, signed=self.signed)

    def exact(self, value: Any) -> Any:
        return amounts.to_activity(value)


class PatientsColumn(FigureColumn):
    """Distinct people, as whole numbers: not added up, since one person may stand in several rows."""

    measure = Measure.PATIENTS
    number_format = "#,##0"

    def text(self, value: Any) -> str:
        return amounts.whole(value)

    def exact(self, value: Any) -> Any:
        return int(value)


class ShareColumn(FigureColumn):
    """A share, shown as a percentage.

    `numerator` and `denominator` name the columns of the table it is taken from, so that it can be taken anew from rounded
    ones; a ratio without them (a distance from target) is shown as it is. `of_whole` where every row is a part of the same
    denominator.
    """

    measure = Measure.SHARE
    empty = NOT_APPLICABLE
    number_format = "0.0%;-0.0%"

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        numerator: str | None = None,
        denominator: str | None = None,
        of_whole: bool = False,
        decimals: int = 1,
        **options: Any,
    ):
        super().__init__(verbose_name, **options)
        if bool(numerator) != bool(denominator):
            raise ValueError("A share has both a numerator and a denominator, or neither.")
        self.parts = (numerator, denominator) if numerator and denominator else ()
        self.of_whole = of_whole
        self.decimals = decimals

    def text(self, value: Any) -> str:
        return amounts.percent(value, self.decimals, signed=self.signed)

    def exact(self, value: Any) -> Any:
        return float(value)


class RatioColumn(ShareColumn):
    """A share shown as a plain number, 1.00 being the whole: where it may be above it, as in coverage."""

    number_format = "0.00;-0.00"

    def text(self, value: Any) -> str:
        return amounts.number(value, 2)


class NumberColumn(FigureColumn):
    """A number that counts no people and no money: months, practices, an index, a coordinate."""

    measure = Measure.NUMBER

    def __init__(self, verbose_name: str | None = None, *, decimals: int = 0, **options: Any):
        super().__init__(verbose_name, **options)
        self.decimals = decimals
        self.number_format = "#,##0" + ("." + "0" * decimals if decimals else "")

    def text(self, value: Any) -> str:
        return amounts.number(value, self.decimals, signed=self.signed)

    def exact(self, value: Any) -> Any:
        return int(value) if self.decimals == 0 and float(value).is_integer() else float(value)


class TagColumn(FigureColumn):
    """A state in a word, with a colour of the NHS tag for each word that has one: TagColumn(tags={"Over": "red"}).

    `quiet` is the word of nothing to say: it is no tag, and a page leaves out a column that holds nothing else.
    """

    def __init__(
        self, verbose_name: str | None = None, *, tags: Mapping[str, str] | None = None, quiet: str | None = None, **options: Any
    ):
        super().__init__(verbose_name, **options)
        self.tags = tags or {}
        self.quiet = quiet

    def says_something(self, records: Sequence[Mapping[str, Any]], key: str) -> bool:
        return self.on_page and (self.quiet is None or not records or any(not self._is_quiet(r.get(key)) for r in records))

    def _is_quiet(self, value: Any) -> bool:
        """Rows of totals have no state of their own."""
        return self.quiet is not None and (is_missing(value) or value in ("", self.quiet))

    def render(self, value: Any, record: Mapping[str, Any], bound_column: Any) -> str:
        word = self.cell(value)
        if self._is_quiet(value) or word == self.quiet:
            return word
        colour = self.tags.get(word, "grey")
        return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, word)
