"""Tables of figures. The table class alone says what each column is called, how it looks, and what it counts.

Pages, CSV, XLSX and JSON all walk the same columns; disclosure reads from them which count stands behind which money.
A column's cells hold stored values (see `amounts`), HIDDEN, or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import django_tables2
import pandas as pd
from django.utils.html import format_html
from django_tables2.data import TableListData
from django_tables2.tables import TableOptions

from . import amounts
from .amounts import NO_DATA, NOT_APPLICABLE, NOT_KNOWN, is_missing
from .chart import Measure
from .disclosure import HIDDEN

# More make a page heavy to load and no easier to read; sorting and filters bring up what is looked for.
ROWS_ON_A_PAGE = 50


class FigureColumn(django_tables2.Column):
    """A column that knows what it measures, how a cell reads on a page and what it is in a file.

    `empty` is the word for a cell with nothing in it. `count` names the column (or columns) whose 1 to 7 people hide the
    cell. `summed` says whether the total row adds it up. `on_page=False` keeps a column to the files, where a page has no
    room for it.
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
        **options: Any,
    ):
        self.on_page = on_page
        self.empty = empty or self.empty
        self.counts = (count,) if isinstance(count, str) else tuple(count)
        self.parts: tuple[str, str] | tuple[()] = ()
        self.summed = self.summed_by_default if summed is None else summed
        self.signed = signed
        self.of_row = False
        super().__init__(verbose_name=verbose_name, **options)

    def texts(self, values: Sequence[Any], *, adds_up: bool) -> list[str]:
        """Every cell of the column as a page shows it; `adds_up` where the rounded parts must make the rounded total."""
        return [self.cell(value) for value in values]

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
        return record.get("shown", {}).get(bound_column.name) or self.cell(value)

    def says_something(self, records: Sequence[Mapping[str, Any]], key: str) -> bool:
        """Whether a page has a use for the column, whose cells are the records' under the key."""
        return self.on_page

    @property
    def is_numeric(self) -> bool:
        return self.measure is not None


class TextColumn(FigureColumn):
    """Words: names, codes, notes."""

    empty = NOT_KNOWN
    is_words = True


class AddedColumn(FigureColumn):
    """Amounts kept as whole numbers of a small unit, which parts of a total are made of."""

    summed_by_default = True
    step = 1

    def texts(self, values: Sequence[Any], *, adds_up: bool) -> list[str]:
        if adds_up and self.summed and not any(v is HIDDEN for v in values):
            values = amounts.round_to_total(list(values), self.step)
        return [self.cell(value) for value in values]


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
        return self.on_page and (self.quiet is None or not records or any(r.get(key) != self.quiet for r in records))

    def render(self, value: Any, record: Mapping[str, Any], bound_column: Any) -> str:
        word = self.cell(value)
        if word == self.quiet:
            return word
        colour = self.tags.get(word, "grey")
        return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, word)


class FigureTableOptions(TableOptions):
    def __init__(self, options: Any, class_name: str):
        super().__init__(options, class_name)
        self.caption = getattr(options, "caption", "")
        self.total_row = getattr(options, "total_row", False)
        self.total_rows = getattr(options, "total_rows", None)
        self.page_rows = getattr(options, "page_rows", None)


class FigureRows(TableListData):
    """Rows ordered by what is stored, not by what is shown; empty and hidden cells last either way, totals after all."""

    def order_by(self, aliases: Iterable[str]) -> None:
        marked = self.table._meta.total_rows
        for alias in reversed(list(aliases)):
            column = self.table.columns[alias.lstrip("-")]
            key = str(column.accessor)
            known = [r for r in self.data if not self._is_last(r.get(key))]
            rest = [r for r in self.data if self._is_last(r.get(key))]
            known.sort(key=partial(self._order, key, column.column.is_numeric), reverse=alias.startswith("-"))
            self.data = known + rest
        if marked:
            self.data = [r for r in self.data if not r.get(marked)] + [r for r in self.data if r.get(marked)]

    @staticmethod
    def _order(key: str, is_numeric: bool, row: Mapping[str, Any]) -> Any:
        return row[key] if is_numeric else str(row[key]).casefold()

    @staticmethod
    def _is_last(value: Any) -> bool:
        return value is HIDDEN or is_missing(value) or value == ""


class FigureTable(django_tables2.Table):
    """Base of every table. `Meta.caption` says what it holds; `Meta.total_row` adds a total of the summed columns;
    `Meta.total_rows` names a column of the frame that marks rows which are totals already; `Meta.page_rows` one that marks the
    rows that a page shows, where it says in words what the others are."""

    _meta: FigureTableOptions

    class Meta:
        template_name = "presentation/table.html"

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls._meta = FigureTableOptions(getattr(cls, "Meta", None), cls.__name__)

    def __init__(self, data: Any, *, total: Mapping[str, Any] | None = None, caption: str = "", **options: Any):
        records = data.to_dict("records") if isinstance(data, pd.DataFrame) else [dict(r) for r in data]
        self.total = total
        self.caption = caption or self._meta.caption
        super().__init__(FigureRows(records), **options)
        self._show()

    def _show(self) -> None:
        """Fill in what every cell says, column by column, so that rounded parts add up to the rounded total."""
        records = self.data.data
        for record in records:
            record["shown"] = {}
        for bound in self.columns.iterall():
            values = [r.get(str(bound.accessor)) for r in records]
            adds_up = self.total is not None and self.total.get(str(bound.accessor)) is not HIDDEN
            texts = bound.column.texts(values, adds_up=adds_up)
            for record, text in zip(records, texts, strict=True):
                record["shown"][bound.name] = text

    def shown_rows(self) -> Iterator[tuple[Any, list[tuple[Any, str]]]]:
        """The rows of the page with each column's cell. django-tables2 would look up how to call each cell anew, which is
        most of what a long table costs."""
        columns = self.page_columns
        for row in self.paginated_rows:
            record = row.record
            yield row, [(c, c.column.render(value=record.get(str(c.accessor)), record=record, bound_column=c)) for c in columns]

    @property
    def page_columns(self) -> list[Any]:
        """The columns that a page shows; files have every one."""
        return [c for c in self.columns if c.column.says_something(self.data.data, str(c.accessor))]

    def show_page(self, number: str | None) -> None:
        """Show the rows a page at a time, the nearest page to the one asked for; files still have every row."""
        if marked := self._meta.page_rows:
            self.data.data = [record for record in self.data.data if record.get(marked)]
        last = max(1, -(-self.row_count // ROWS_ON_A_PAGE))
        asked = int(number) if number and number.isdecimal() and len(number) < 10 else 1
        self.paginate(page=min(max(asked, 1), last), per_page=ROWS_ON_A_PAGE)

    @property
    def total_cells(self) -> list[tuple[Any, str, int]]:
        """The total row: each column, its text and how many columns it spans. The label spans the words that rows begin with."""
        columns = self.page_columns
        words = next((i for i, bound in enumerate(columns) if bound.column.is_numeric), 1) or 1
        return [(columns[0], "Total", words), *((bound, self._total_text(bound), 1) for bound in columns[words:])]

    def _total_text(self, bound: Any) -> str:
        value = (self.total or {}).get(str(bound.accessor))
        return NOT_APPLICABLE if is_missing(value) else bound.column.cell(value)

    @property
    def row_count(self) -> int:
        return len(self.data.data)

    @property
    def keys(self) -> list[str]:
        """Names of the columns in files for programs: what they are called in the frame."""
        return [str(bound.accessor) for bound in self.columns]

    @property
    def headings(self) -> list[str]:
        return [str(bound.header) for bound in self.columns]

    def file_rows(self) -> Iterator[list[Any]]:
        """The rows as files hold them: numbers as numbers, "*" for hidden, None for nothing."""
        for record in self.data.data:
            yield [bound.column.in_file(record.get(str(bound.accessor))) for bound in self.columns]

    def file_total(self) -> list[Any] | None:
        """The total row as files hold it, or None where the table has none."""
        if self.total is None:
            return None
        return ["Total", *(bound.column.in_file(self.total.get(str(bound.accessor))) for bound in list(self.columns)[1:])]


def total_of(frame: pd.DataFrame, table_class: type[FigureTable]) -> pd.DataFrame:
    """One row with the totals of the true values, for `disclose(…, all_totals=True)`."""
    columns = {str(c.accessor or n): c for n, c in table_class.base_columns.items()}
    total: dict[str, Any] = {n: _sum(frame[n]) for n, c in columns.items() if c.summed and n in frame.columns}
    for counted in {n for c in columns.values() if c.summed for n in c.counts} - set(total):
        total[counted] = _sum(frame[counted])
    for name, column in columns.items():
        if column.parts:
            numerator, whole = (_sum(frame[part]) for part in column.parts)
            if column.of_whole and len(frame):
                whole = total[column.parts[1]] = frame[column.parts[1]].iloc[0]
            total[column.parts[0]] = numerator
            total.setdefault(column.parts[1], whole)
            total[name] = None if is_missing(numerator) or is_missing(whole) or not whole else int(numerator) / int(whole)
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in total.items()}, index=[0])


def _sum(series: pd.Series) -> int | None:
    known = [int(v) for v in series if not is_missing(v)]
    return sum(known) if known else None
