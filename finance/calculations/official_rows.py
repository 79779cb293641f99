"""Rows of an official file, typed, with every fault in its own cell: file, row, column, value and what to do.

Missing, zero and suppressed are three things: a blank cell that may be blank stays missing, 0 is 0, and a cell that the
publisher suppressed is said to be so. Nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from planning.calculations.reference_rows import AGAIN, FIRST_DATA_ROW, NO_HEADING, heading_names, problem
from planning.calculations.share_files import SUPPRESSED

from .official_columns import CONVERGENCE, MEASURES, REGISTERED, Kind, OfficialColumn, OfficialLayout
from .official_layouts import LAYOUTS
from .official_measures import measure_faults

NUMBER = r"[-−+]?£?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?%?"
PENCE_PARTS = 10_000
# What the row of a total is called; none of them is the code of an area.
TOTALS = frozenset({"total", "totals", "all", "sum", "england", "england total", "total england", "grand total", "national"})
# More than all care of England costs; beyond it money would not be whole ten-thousandths of a pound.
MOST_POUNDS = 100_000_000_000
# Published tables have no more rows of titles and notes above their headings.
TITLE_ROWS = 30
YEAR_IN_TEXT = re.compile(r"(?<!\d)(20\d\d)\s*(?:[/_\-– ]|to)\s*(20)?(\d\d)(?!\d)")
# Money may be in thousands or millions, which only its heading says.
SCALES = (("000", 1_000), ("000s", 1_000), ("k", 1_000), ("m", 1_000_000), ("million", 1_000_000), ("", 1))


@dataclass
class OfficialRead:
    """What was read of a file.

    `rows` have the columns of the layout (text "", numbers NaN where blank; money in whole ten-thousandths of a pound) and
    the row number of a spreadsheet as index. `headings` are those of the file by column and stand in `heading_row`;
    `named_years` is what the file says of its own edition, by where it says so; `passed_over` counts rows of totals and notes.
    """

    layout: OfficialLayout
    rows: pd.DataFrame
    headings: Mapping[str, str] = field(default_factory=dict)
    named_years: Mapping[str, list[str]] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)
    heading_row: int = 1
    passed_over: int = 0


def official_rows(text: pd.DataFrame, *, kind: str, file: str, year: str = "") -> OfficialRead:
    """Rows of an official file of one kind.

    Args:
        text: text columns as read from the file, in its order; blank is "". Columns that are not of the layout are ignored.
        kind: one of `LAYOUTS`.
        file: name of the file, for messages.
        year: financial year of the edition, which a row without a year of its own is of.

    Returns:
        What was read, with its problems as records of `PROBLEM_COLUMNS`. Where a required column is missing or there is no row,
        `rows` is empty.

    Source:
        The published files of NHS England's allocations (2025/26) where one was at hand; else this product's own headings.
    """
    layout = LAYOUTS[kind]
    text, first_row = under_titles(text, layout, year)
    headings = heading_of_columns(text, layout, year)
    found = _unusable(text, layout, headings, file) + _headed_twice(text, headings, file, first_row - 1)
    if found:
        return OfficialRead(
            layout, pd.DataFrame(columns=[c.name for c in layout.columns]), headings, _named_years(file), found, first_row - 1
        )
    index = pd.RangeIndex(first_row, first_row + len(text))
    cells = text.set_axis(index).map(str.strip)
    # Rows that are blank all over stand between blocks of published tables and under them.
    cells = cells[(cells != "").any(axis="columns")]
    number = len(cells)
    cells = without_notes(cells, layout, headings)
    typed: dict[str, pd.Series] = {}
    problems: list[dict[str, object]] = []
    for column in layout.columns:
        heading = headings.get(column.name)
        given = cells[heading] if heading else pd.Series("", index=cells.index, dtype=object)
        values, faults = _typed(given, column, heading or "")
        typed[column.name] = values
        problems += [problem(file, row, heading or column.name, given[row], words) for row, words in faults if heading]
    problems += [problem(file, row, heading, given, _BEYOND) for row, heading, given in _beyond(cells)]
    rows = pd.DataFrame(typed)
    years = {**_named_years(file), **_years_of_headings(layout, headings), **_years_of_rows(rows)}
    if "year" in rows:
        rows = rows.assign(year=rows["year"].where(rows["year"] != "", year))
    wrong = {one["row"] for one in problems}
    sound = rows[~rows.index.isin(wrong)]
    for row, name, words in [*_repeated(sound, layout, headings), *(FAULTS[kind](sound) if kind in FAULTS else ())]:
        problems.append(problem(file, row, headings.get(name, name), cells.loc[row, headings[name]], words))
    problems.sort(key=lambda one: (one["row"], str(one["column"])))
    return OfficialRead(layout, rows, headings, years, problems, first_row - 1, number - len(cells))


def without_notes(cells: pd.DataFrame, layout: OfficialLayout, headings: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a published table without those that are of no one area: its totals, and the notes under it.

    Args:
        cells: text columns under the headings, without rows that are blank all over.
        layout: what the file holds.
        headings: of the file, by column of the layout.

    Returns:
        The rows left. A total is named as one, where its code or name stands; a note is one cell of words alone behind the last
        row of the table, and no code. Whatever else is not sound stays, and is a fault.
    """
    code = next((column for column in layout.columns if column.kind is Kind.CODE and column.name in headings), None)
    if code is None:
        return cells
    codes, first = cells[headings[code.name]], list(cells.columns).index(headings[code.name])
    # A code stands in its column, or the column is blank and the name beside it says that it is a total.
    named = codes.where(codes != "", cells.iloc[:, first : first + 2].iloc[:, -1])
    left = cells[~named.str.casefold().isin(TOTALS)]
    words = [filled[0] if len(filled := [c for c in row if c]) == 1 else "" for row in left.to_numpy().tolist()]
    alone = pd.Series([any(c.isalpha() for c in word) for word in words], index=left.index, dtype=bool)
    note = alone & ~left[headings[code.name]].str.upper().str.fullmatch(code.pattern).astype(bool)
    behind = note[::-1].cummin()[::-1]
    return left[~behind.to_numpy(dtype=bool)]


def under_titles(text: pd.DataFrame, layout: OfficialLayout, year: str = "") -> tuple[pd.DataFrame, int]:
    """The rows under the headings, where a published sheet has its title and notes above them, and the number of the first.

    Args:
        text: text columns as read from the file, under whatever its first row holds.
        layout: what the file should hold; its required columns tell the row of headings.
        year: financial year of the edition.

    Returns:
        The same frame where its first row has the headings, else the rows below the first row that has them. Where no row has
        them all, the likeliest one is taken, so that what is missing can be said of it.
    """
    needed = {column.name for column in layout.columns if column.required}
    likeliest, most = (text, FIRST_DATA_ROW), _found(text, layout, year)
    for number in range(min(TITLE_ROWS, len(text))):
        if needed <= most:
            break
        below = text.iloc[number + 1 :].set_axis(heading_names(text.iloc[number]), axis="columns")
        if len(found := _found(below, layout, year)) > len(most):
            likeliest, most = (below, FIRST_DATA_ROW + number + 1), found
    return likeliest


def _found(text: pd.DataFrame, layout: OfficialLayout, year: str) -> set[str]:
    return set(heading_of_columns(text, layout, year))


def heading_of_columns(text: pd.DataFrame, layout: OfficialLayout, year: str = "") -> dict[str, str]:
    """For each column of a layout the heading of the file that stands for it; those without one are left out.

    A year before or behind a heading says nothing of what it holds, nor does the unit of money. Where several headings could
    stand for a column, one of the edition's own year goes before one of no year, and that before one of another year.
    """
    spelled: dict[str, list[str]] = {}
    for heading in text.columns:
        spelled.setdefault(_plain(heading), []).append(heading)
    result = {}
    for column in layout.columns:
        endings = [ending for ending, _ in SCALES] if column.kind is Kind.MONEY else [""]
        spellings = [f"{spelling}{ending}" for spelling in (*column.headings, column.name.replace("_", "")) for ending in endings]
        if found := [heading for spelling in spellings for heading in spelled.get(spelling, [])]:
            result[column.name] = min(found, key=lambda heading: _of_another_year(heading, year))
    return result


def _of_another_year(heading: str, year: str) -> int:
    """0 for a heading of this financial year, 1 for one of none, 2 for one of another."""
    named = financial_year(heading)
    return 1 if not named else 0 if named == year else 2


def _plain(heading: str) -> str:
    """A heading without case, blanks, signs and the financial years that it names."""
    without = YEAR_IN_TEXT.sub("", str(heading))
    return re.sub(r"[^a-z0-9]", "", without.lower())


def _scale(column: OfficialColumn, heading: str) -> int:
    plain = _plain(heading)
    stems = (*column.headings, column.name.replace("_", ""))
    return next((scale for ending, scale in SCALES if any(plain == f"{stem}{ending}" for stem in stems)), 1)


def _headed_twice(text: pd.DataFrame, headings: Mapping[str, str], file: str, row: int) -> list[dict[str, object]]:
    """Headings that stand over two columns, as where the year of each stands in merged cells above them."""
    words = "Keep one of the columns headed so, or write the financial year into each heading: which one is meant cannot be told."
    again = [str(name) for name in text.columns if f" ({AGAIN}, column " in str(name)]
    return [problem(file, row, h, "", words) for h in headings.values() if any(one.startswith(f"{h} ({AGAIN},") for one in again)]


_BEYOND = "Put quotes around a cell that holds a comma, or give this column a heading: the cell lies beyond the last heading."


def _beyond(cells: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Cells right behind the last heading: what an unquoted comma has moved there. Row, column and what stands there."""
    named = [n for n, name in enumerate(cells.columns) if not str(name).endswith(NO_HEADING)]
    behind = named[-1] + 1 if named else 0
    if behind >= cells.shape[1]:
        return []
    heading, stray = str(cells.columns[behind]), cells.iloc[:, behind]
    return [(row, heading, given) for row, given in zip(cells.index, stray, strict=True) if given]


def _unusable(text: pd.DataFrame, layout: OfficialLayout, headings: Mapping[str, str], file: str) -> list[dict[str, object]]:
    missing = [column for column in layout.columns if column.required and column.name not in headings]
    named = [str(heading) for heading in text.columns if heading and not str(heading).endswith(NO_HEADING)]
    held = ", ".join(named[:12]) or "no headings"
    found = [
        problem(
            file, 1, column.name, "",
            f"Add a column of {column.meaning[0].lower()}{column.meaning[1:]}, headed {' or '.join(column.headings[:3])}; "
            f"the file has {held}. Another edition may call it by another name: rename its heading.",
        )
        for column in missing
    ]  # fmt: skip
    if not found and text.empty:
        found = [problem(file, 1, "", "", f"Use the published file of {layout.title.lower()}: this one has no rows.")]
    return found


def _typed(cells: pd.Series, column: OfficialColumn, heading: str) -> tuple[pd.Series, list[tuple[int, str]]]:
    """Values of one column, and (row, what to do) for each cell that may not be taken."""
    if column.is_number:
        return _numbers(cells, column, heading)
    values = cells.str.upper() if column.kind is Kind.CODE else cells
    if column.choices:
        values = values.str.lower().replace({"female": "f", "male": "m", "y": "yes", "n": "no", "true": "yes", "false": "no"})
        values = values.str.replace(r"^(\d+) ?[-–to]+ ?(\d+)$", r"\1-\2", regex=True)
    blank = values == ""
    wrong = pd.Series(False, index=cells.index)
    words = ""
    if column.choices:
        wrong, words = ~blank & ~values.isin(column.choices), f"Use one of: {', '.join(column.choices)}."
    elif column.pattern:
        wrong = ~blank & ~values.str.fullmatch(column.pattern)
        words = f"Use the {column.meaning[0].lower()}{column.meaning[1:]}, such as {column.example}."
    elif column.kind is Kind.YEAR:
        values = values.map(financial_year)
        wrong, words = ~blank & (values == ""), "Write the financial year as 2025/26."
    faults = [(row, words) for row in cells.index[wrong.to_numpy(dtype=bool)]]
    if column.required:
        faults += [(row, _BLANK) for row in cells.index[blank.to_numpy(dtype=bool)]]
    return values, faults


_BLANK = "Fill in this cell: it may not be blank."
_TOO_MUCH = f"Use a value of at most £{MOST_POUNDS:,}, in the unit that its heading says."
_HIDDEN = "Use an edition in which this number is published: here it is suppressed, which is neither 0 nor missing."


def _numbers(cells: pd.Series, column: OfficialColumn, heading: str) -> tuple[pd.Series, list[tuple[int, str]]]:
    blank = cells == ""
    hidden = ~blank & cells.str.upper().isin(SUPPRESSED)
    written = cells.str.replace(" ", "").str.fullmatch(NUMBER).to_numpy(dtype=bool) & ~blank & ~hidden
    per_cent = cells.str.endswith("%")
    bare = cells.str.replace(r"[£,%\s+]", "", regex=True).str.replace("−", "-")
    # 3.6% is read as 3.6e-2: divided by 100 it would be a little more than the 0.036 that it stands for.
    bare = bare.where(~per_cent, bare + "e-2")
    values = pd.to_numeric(bare.where(written, ""), errors="coerce").astype("float64")
    wrong = (~blank & ~hidden & ~written) | (per_cent & (column.kind is not Kind.SHARE))
    low = pd.Series(False, index=cells.index) if column.least is None else values < column.least
    high = pd.Series(False, index=cells.index) if column.most is None else values > column.most
    faults = [(row, _number_words(column)) for row in cells.index[wrong.to_numpy(dtype=bool)]]
    faults += [(row, f"Use a value of at least {_said(column.least, column)}.") for row in cells.index[(low & ~wrong).to_numpy()]]
    faults += [(row, f"Use a value of at most {_said(column.most, column)}.") for row in cells.index[(high & ~wrong).to_numpy()]]
    faults += [(row, _HIDDEN) for row in cells.index[hidden.to_numpy(dtype=bool)]]
    if column.required:
        faults += [(row, _BLANK) for row in cells.index[blank.to_numpy(dtype=bool)]]
    if column.kind is Kind.MONEY:
        pounds = values * _scale(column, heading)
        faults += [(row, _TOO_MUCH) for row in cells.index[((pounds > MOST_POUNDS) & ~wrong).to_numpy()]]
        values = (pounds * PENCE_PARTS).round()
    return values, faults


def _number_words(column: OfficialColumn) -> str:
    if column.kind is Kind.SHARE:
        return f"Write it as a fraction or in per cent with its sign, such as {column.example}."
    return "Write a number without words or other signs."


def _said(limit: float | None, column: OfficialColumn) -> str:
    return f"{limit:.0%}; put a % sign behind a number in per cent" if column.kind is Kind.SHARE else f"{limit:,.10g}"


def financial_year(text: str) -> str:
    """The first financial year that a text names ("2025_26", "2025-2026", "202526" as well), as 2025/26; "" for none."""
    given = re.sub(r"(?<!\d)(20\d\d)(\d\d)(?!\d)", r"\1/\2", str(text))
    for found in YEAR_IN_TEXT.finditer(given):
        if (int(found[1]) + 1) % 100 == int(found[3]):
            return f"{found[1]}/{found[3]}"
    return ""


def _named_years(file: str) -> dict[str, list[str]]:
    year = financial_year(file)
    return {"The file’s name": [year]} if year else {}


def _years_of_headings(layout: OfficialLayout, headings: Mapping[str, str]) -> dict[str, list[str]]:
    """A baseline may be that of the year before; what a file must hold is of its own year."""
    must = [headings[column.name] for column in layout.columns if column.required and column.name in headings]
    return {f"The heading {heading}": [year] for heading in must if (year := financial_year(heading))}


def _years_of_rows(rows: pd.DataFrame) -> dict[str, list[str]]:
    years = sorted({year for year in rows.get("year", pd.Series(dtype=object)) if year})
    return {"The column of years": years} if years else {}


def edition_problems(read: OfficialRead, *, file: str, edition: str) -> list[dict[str, object]]:
    """What is wrong with the edition that somebody gave, held against what the file says of itself.

    Args:
        read: the file as read.
        file: its name.
        edition: what the person calls it; it must name a financial year.

    Returns:
        Problems, each saying what the file says and what to do. A file of several years agrees with any of them.
    """
    year = financial_year(edition)
    if not year:
        return [problem(file, 1, "edition", edition, "Name the financial year in the edition, for example 2025/26.")]
    others = [(where, years) for where, years in read.named_years.items() if year not in years]
    return [
        problem(
            file, 1, "edition", edition,
            f"{where} says {' and '.join(years)}: this is another edition. Give that edition, or select the file of {year}.",
        )
        for where, years in others
    ]  # fmt: skip


# A fault of whole rows: the row, the column that it is said of, and what to do.
Fault = tuple[int, str, str]


def _repeated(rows: pd.DataFrame, layout: OfficialLayout, headings: Mapping[str, str]) -> list[Fault]:
    first = {key: row for row, key in reversed(list(zip(rows.index, _keys(rows, layout.key), strict=True)))}
    again = rows[rows.duplicated(layout.key)]
    pairs = zip(again.index, _keys(again, layout.key), strict=True)
    name = next(column for column in layout.key if column in headings)
    return [(row, name, f"Remove it: row {first[key]} is the same one.") for row, key in pairs]


def _keys(rows: pd.DataFrame, key: list[str]) -> list[tuple]:
    return list(rows[key].astype(object).where(rows[key].notna(), None).itertuples(index=False, name=None))


def _convergence_faults(rows: pd.DataFrame) -> list[Fault]:
    """Knots that fall with distance, and one floor and one cap a year, the floor not above the cap."""
    found: list[Fault] = []
    for year, of_year in rows[rows["system"] == ""].sort_values("distance").groupby("year"):
        rising = of_year["convergence"] > of_year["convergence"].shift()
        found += [(row, "convergence", _RISING) for row in of_year.index[rising.to_numpy(dtype=bool)]]
        for name in ("floor", "cap"):
            given = of_year[name].dropna()
            words = f"Use the same {name} in every row of {str(year) or 'the file'}: there is one."
            found += [(row, name, words) for row in given.index[(given != given.head(1).sum()).to_numpy(dtype=bool)]]
    above = rows.index[(rows["floor"] > rows["cap"]).to_numpy(dtype=bool)]
    return found + [(row, "floor", "Use a floor no higher than the cap: nobody could grow by both.") for row in above]


_RISING = "Use a value no higher than that of the distance below it: who is further above target may not grow faster."


def _registered_faults(rows: pd.DataFrame) -> list[Fault]:
    """Every area has every sex and age band: a band left out would read as nobody."""
    bands = next(column.choices for column in LAYOUTS[REGISTERED].columns if column.name == "age_band")
    found: list[Fault] = []
    for (area, _), of_area in rows.groupby(["area", "year"]):
        held = set(zip(of_area["sex"], of_area["age_band"], strict=True))
        if absent := [f"{sex} {band}" for sex in ("f", "m") for band in bands if (sex, band) not in held]:
            more = f" and {len(absent) - 4} others" if len(absent) > 4 else ""
            words = f"Add the rows of {area} for {', '.join(absent[:4])}{more}: every age must be covered, 0 where nobody is."
            found.append((of_area.index[0], "age_band", words))
    return found


FAULTS: Mapping[str, Callable[[pd.DataFrame], list[Fault]]] = {
    CONVERGENCE: _convergence_faults,
    MEASURES: measure_faults,
    REGISTERED: _registered_faults,
}
