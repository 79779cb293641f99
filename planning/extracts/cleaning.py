"""How cells are read: what exporting programs put around values is taken off, what is left must be the value itself.

The macros are SQL, because they run over every cell of a file.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# Texts that stand for a blank cell.
MISSING = ("#N/A", "#REF!", "#VALUE!", "N/A", "NULL", "(NULL)", "(BLANK)", "NONE", "NOT KNOWN")
_MISSING = "|".join(map(re.escape, MISSING))
# A pound sign, also as it comes out of one wrong decoding or two.
_CURRENCY = r"(?:£|Â£|Ã‚Â£|\x{FFFD}+|┬ú|ú|œ|GBP)?"
_AMOUNT = (
    r"^([(\-\x{2212}]?)\s*" + _CURRENCY + r"\s*([(\-\x{2212}]?)\s*"
    r"(\d{1,3}(?:[, \x{2009}\x{202F}]\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)\s*(?:GBP)?\s*([)\-]?)$"
)
# Each macro names its argument once where it can: DuckDB works every mention out anew.
MACROS = (
    # Without the blanks that keyboards and web pages put at the ends of a cell.
    """CREATE OR REPLACE MACRO tidy(t) AS coalesce(trim(
        replace(replace(replace(t, chr(160), ' '), chr(8203), ''), chr(65279), ''), ' ' || chr(9)), '')""",
    """CREATE OR REPLACE MACRO is_missing(t) AS
        nullif(upper(tidy(t)), '') IS NULL OR try_cast(upper(tidy(t)) AS missing_list) IS NOT NULL""",
    # Codes in capitals: one of digits without the `.0` that a spreadsheet adds, and blank where a word says that there is none.
    # Single functions and no CASE: DuckDB then works them out once for each entry of a column's dictionary.
    "CREATE OR REPLACE MACRO whole(t) AS regexp_replace(t, '^(\\d+)\\.0+$', '\\1')",
    f"CREATE OR REPLACE MACRO unless_missing(t) AS regexp_replace(t, '^(?:{_MISSING})$', '')",
    "CREATE OR REPLACE MACRO code(t) AS unless_missing(upper(tidy(t)))",
    # The digits of a figure with currency, separators of thousands, or brackets for a negative; '' where it is anything else.
    f"""CREATE OR REPLACE MACRO amount(t) AS regexp_replace(regexp_extract(regexp_replace(
        regexp_replace(tidy(t), '{_AMOUNT}', '=\\1\\2\\4=\\3'),
        '^=(?:\\(\\)|-|\\x{{2212}})=', '==-'), '^==(.*)$', 1), '[, \\x{{2009}}\\x{{202F}}]', '', 'g')""",
    # A total says so where a code should be, or lacks what every row of activity has.
    """CREATE OR REPLACE MACRO is_total(month, year, provider, service, point, commissioner, everything) AS
        (month = '' AND year = '' AND provider = '')
        OR regexp_matches(concat_ws('|', month, year, provider, service, point, commissioner), '(?i)\\b(sub|grand)?[ -]?total')
        OR ((month = '')::INT + (year = '')::INT + (provider = '')::INT + (service = '')::INT + (point = '')::INT >= 2
            AND regexp_matches(everything, '(?i)\\btotals?\\b'))""",
)


def clean_provider(text: str, known: Collection[str]) -> str | None:
    """A provider's code, also where the code of a site or an ending 00 stands behind it; None where it is not on the list."""
    if text in known:
        return text
    return text[:3] if len(text) in (5, 6) and text[:3] in known else None


@dataclass(frozen=True)
class Cleaning:
    """Something taken off or put right in a cell. `condition` is SQL over {got}, the cell as received, and {tidied}."""

    words: str
    condition: str


# Of a figure that is no plain number; of two kinds of pound sign one is told.
FIGURE_CLEANINGS = (
    Cleaning("had separators of thousands, which were taken out", "regexp_matches({tidied}, '[0-9][, \u2009\u202f][0-9]')"),
    Cleaning(
        "had a currency sign, which was taken off",
        "(contains({got}, '£') OR contains(upper({got}), 'GBP')) AND NOT contains({got}, 'Â')",
    ),
    Cleaning(
        "had a pound sign that was spoilt on the way, which was taken off",
        "contains({got}, 'Â') OR regexp_matches({got}, '[\ufffdúœ]')",
    ),
    Cleaning("stood in brackets and were read as negative", "contains({got}, '(')"),
    Cleaning(
        "had a minus sign of another form, and were read as negative", "ends_with({tidied}, '-') OR contains({got}, '\u2212')"
    ),
    Cleaning("had blanks that cannot be seen, which were taken off", "{tidied} <> trim({got}, ' ')"),
)
STOOD_FOR_BLANK = Cleaning("held words that stand for a blank, and count as missing", "is_missing({got})")
CODE_CLEANINGS = (
    Cleaning("were in small letters and were read in capitals", "upper({tidied}) <> {tidied}"),
    Cleaning("had blanks around them, which were taken off", "{tidied} <> {got}"),
    Cleaning("had .0 taken off", "whole(upper({tidied})) <> upper({tidied})"),
    Cleaning("held words that stand for a blank", "unless_missing(upper({tidied})) = '' AND {tidied} <> ''"),
)
SITE_ENDING = Cleaning("had the code of a site or an ending 00, which was taken off", "")
LEADING_ZERO = Cleaning("had a leading zero, which was taken off", "")
MONTH_IN_WORDS = Cleaning("were in words or dates and were read as numbers from 1 (April)", "")
# What cells of a column are called in a sentence, where that is not the field's own name and an s.
CALLED = {
    "practice_responsibility": "practice responsibilities",
    "residence_responsibility": "residence responsibilities",
    "service_category": "service categories",
    "point_of_delivery": "points of delivery",
    "planned_activity": "planned activities",
    "actual_activity": "actual activities",
    "planned_mff": "planned market forces factors",
    "actual_mff": "actual market forces factors",
}


def figure_cleanings(figures: Sequence[str]) -> list[tuple[str, Cleaning]]:
    """Every cleaning that a figure can have had, in the order of the bits of `cleaned`."""
    return [(figure, cleaning) for figure in figures for cleaning in (*FIGURE_CLEANINGS, STOOD_FOR_BLANK)]


def code_cleanings(fields: Sequence[str]) -> list[tuple[str, Cleaning]]:
    """Every cleaning that a code can have had, in the order of the bits of `cleaned_codes`."""
    common = [(name, cleaning) for name in fields for cleaning in CODE_CLEANINGS]
    return [*common, ("provider", SITE_ENDING), ("month", LEADING_ZERO), ("month", MONTH_IN_WORDS)]


def cleaned_figures_sql(figures: Sequence[str]) -> str:
    """Bits of the cleanings of figures; `digits_NAME` are those that were read, `raw_NAME` the cells as received."""
    parts, bit = [], 0
    for name in figures:
        got, tidied = f"raw_{name}", f"tidy(raw_{name})"
        bits = []
        for cleaning in FIGURE_CLEANINGS:
            bits.append(_bit(f"digits_{name} <> '' AND ({cleaning.condition.format(got=got, tidied=tidied)})", bit))
            bit += 1
        bits.append(_bit(STOOD_FOR_BLANK.condition.format(got=got), bit))
        bit += 1
        # Plain numbers and blanks are not looked at.
        parts.append(f"CASE WHEN digits_{name} IS NOT NULL THEN {' + '.join(bits)} ELSE 0 END")
    return " + ".join(parts)


def cleaned_codes_sql(final: dict[str, str]) -> str:
    """Bits of the cleanings of codes; `final` gives the column of the code as read, `got_NAME` is the cell as received."""
    parts, bit, number = [], 0, "try_cast(raw_month AS TINYINT)"
    for name, value in final.items():
        got, tidied = f"got_{name}", f"tidy(got_{name})"
        bits = []
        for cleaning in CODE_CLEANINGS:
            bits.append(_bit(cleaning.condition.format(got=got, tidied=tidied), bit))
            bit += 1
        # Of a month in words no more is told than that it was.
        told = f"{got} <> {value}" + (f" AND {number} IS NOT NULL" if name == "month" else "")
        parts.append(f"CASE WHEN {told} THEN {' + '.join(bits)} ELSE 0 END")
    parts.append(_bit("raw_provider <> provider", bit))
    parts.append(_bit(f"starts_with(raw_month, '0') AND {number} = month", bit + 1))
    parts.append(_bit(f"month IS NOT NULL AND {number} IS NULL", bit + 2))
    return " + ".join(parts)


def _bit(condition: str, bit: int) -> str:
    return f"CASE WHEN {condition} THEN {1 << bit}::BIGINT ELSE 0 END"


def in_words(field: str, cleaning: Cleaning, number: int) -> str:
    """1,204 actual prices had separators of thousands, which were taken out."""
    called = CALLED.get(field, field.replace("_", " ") + "s")
    return f"{number:,} of the {called} {cleaning.words}" if number == 1 else f"{number:,} {called} {cleaning.words}"
