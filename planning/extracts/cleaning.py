"""How cells are read: what exporting programs put around values is taken off, what is left must be the value itself.

The macros are SQL, because they run over every cell of a file.
"""

import re
from collections.abc import Collection

# Texts that stand for a blank cell.
MISSING = ("#N/A", "#REF!", "#VALUE!", "N/A", "NULL", "(NULL)", "(BLANK)", "NONE", "NOT KNOWN")
_MISSING = "|".join(map(re.escape, MISSING))
# A pound sign, also as it comes out of one wrong decoding or two.
_CURRENCY = r"(?:£|Â£|Ã‚Â£|\x{FFFD}+|┬ú|ú|œ|GBP)?"
_AMOUNT = (
    r"^([(\-\x{2212}]?)\s*" + _CURRENCY + r"\s*([(\-\x{2212}]?)\s*"
    r"(\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)\s*(?:GBP)?\s*([)\-]?)$"
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
    f"""CREATE OR REPLACE MACRO amount(t) AS replace(replace(regexp_extract(regexp_replace(
        regexp_replace(tidy(t), '{_AMOUNT}', '=\\1\\2\\4=\\3'),
        '^=(?:\\(\\)|-|\\x{{2212}})=', '==-'), '^==(.*)$', 1), ',', ''), ' ', '')""",
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
