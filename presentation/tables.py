"""Tables of figures. The table class alone says what each column is called, how it looks, and what it counts.

Pages, CSV, XLSX and JSON all walk the same columns; disclosure reads from them which count stands behind which money.
A column's cells hold stored values (see `amounts`), HIDDEN, or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import django_tables2
import pandas as pd
from django_tables2.data import TableListData
from django_tables2.tables import TableOptions

from .amounts import NOT_APPLICABLE, is_missing
from .columns import (
    ActivityColumn,
    AddedColumn,
    FigureColumn,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    RatioColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
)
from .disclosure import HIDDEN

__all__ = [
    "ActivityColumn",
    "AddedColumn",
    "FigureColumn",
    "FigureRows",
    "FigureTable",
    "FigureTableOptions",
    "MoneyColumn",
    "NumberColumn",
    "PatientsColumn",
    "RatioColumn",
    "ShareColumn",
    "TagColumn",
    "TextColumn",
    "total_of",
]

# More make a page heavy to load and no easier to read; sorting and filters bring up what is looked for.
ROWS_ON_A_PAGE = 50


class FigureTableOptions(TableOptions):
    def __init__(self, options: Any, class_name: str):
        super().__init__(options, class_name)
        self.caption = getattr(options, "caption", "")
        self.total_row = getattr(options, "total_row", False)
        self.total_rows = getattr(options, "total_rows", None)
        self.page_rows = getattr(options, "page_rows", None)
        self.rows_on_a_page = getattr(options, "rows_on_a_page", ROWS_ON_A_PAGE)


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
    rows that a page shows, where it says in words what the others are; `Meta.rows_on_a_page` is how many are shown at a time,
    as many as its chart draws where rows are ranked."""

    _meta: FigureTableOptions

    class Meta:
        template_name = "presentation/table.html"

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls._meta = FigureTableOptions(getattr(cls, "Meta", None), cls.__name__)

    def __init__(self, data: Any, *, total: Mapping[str, Any] | None = None, caption: str = "", **options: Any):
        records = _records(data) if isinstance(data, pd.DataFrame) else [dict(r) for r in data]
        self.total = total
        self.caption = caption or self._meta.caption
        super().__init__(FigureRows(records), **options)
        self._round()

    def _round(self) -> None:
        """Round column by column, so that rounded parts add up to the rounded total, whichever rows a page shows."""
        records = self.data.data
        for record in records:
            record["rounded"] = {}
        for bound in self.columns.iterall():
            key = str(bound.accessor)
            values = [r.get(key) for r in records]
            rounded = bound.column.rounded(values, adds_up=self.total is not None and self.total.get(key) is not HIDDEN)
            if rounded is not values:
                for record, value in zip(records, rounded, strict=True):
                    record["rounded"][bound.name] = value

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
        number_shown = self._meta.rows_on_a_page
        last = max(1, -(-self.row_count // number_shown))
        asked = int(number) if number and number.isdecimal() and len(number) < 10 else 1
        self.paginate(page=min(max(asked, 1), last), per_page=number_shown)

    def lead_on(self, carried: str) -> None:
        """Let names that have pages of their own be links to them, with the query that every link of the page carries."""
        for bound in self.columns:
            if isinstance(bound.column, TextColumn):
                bound.column.carried = carried

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
        if column.parts and set(column.parts) <= set(frame.columns):
            numerator, whole = (_sum(frame[part]) for part in column.parts)
            if column.of_whole and len(frame):
                whole = total[column.parts[1]] = frame[column.parts[1]].iloc[0]
            total[column.parts[0]] = numerator
            total.setdefault(column.parts[1], whole)
            total[name] = None if is_missing(numerator) or is_missing(whole) or not whole else int(numerator) / int(whole)
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in total.items()}, index=[0])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What `to_dict("records")` gives, column by column, in a third of the time."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name].tolist() for name in frame.columns), strict=True)]


def _sum(series: pd.Series) -> int | None:
    if isinstance(series.dtype, pd.Int64Dtype):
        known = series.dropna()
        return int(known.sum()) if len(known) else None
    known = [int(v) for v in series if not is_missing(v)]
    return sum(known) if known else None
