"""What can be wrong with a row: each rule once, with its condition and what to do about it.

A row that breaks an error rule is not accepted; one that breaks a warning rule is, as it stands. Conditions are SQL over
the columns of `checking.TYPED`; `raw_NAME` is the cell as tidied text, `bad_NAME` a figure that is there and unreadable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"
FIGURES = ("planned_activity", "planned_price", "planned_mff", "actual_activity", "actual_price", "actual_mff")
MOST_MONEY, MOST_ACTIVITY = 1_000_000_000, 100_000_000
# The code of no organisation, but where totals are told by their commissioner it says so.
FORMED = "(regexp_full_match(commissioner, '[A-Z0-9]{3,5}') AND commissioner <> 'TOTAL')"
SHORTENED = "The figure is written as a power of ten, as spreadsheets shorten long numbers. Format the column as a number."
# Points of delivery that carry money and no activity; with OTHER they need no tariff.
NON_ACTIVITY = ("ADJUSTMENT", "BLOCK", "CQUIN", "DRUG", "DEVICE", "NAOTHER", "OTHER")


@dataclass(frozen=True)
class Rule:
    """`name` is how problems are grouped; `field` is the column that the row must be mended in."""

    name: str
    severity: str
    field: str
    condition: str
    message: str


def _figure_rules(figures: Sequence[str]) -> list[Rule]:
    rules = []
    for figure in figures:
        money = not figure.endswith("activity")
        most, words = (MOST_MONEY, "£1 billion") if money else (MOST_ACTIVITY, "100 million units")
        what = "an amount in pounds such as 1234.56" if money else "a number of units such as 12"
        # CR is money back in one ledger and income in another; a dash is 0 to some and not known to others.
        signs = ", with a minus for money back: CR, DR, %, k and a dash are not read" if money else ""
        readable = f"Enter {what}{signs}. Leave the cell blank if it is not known."
        # DuckDB takes 1_000 for a number; in a file it is a slip of the pen.
        rules.append(Rule("figure cannot be read", ERROR, figure, f"bad_{figure} OR contains(raw_{figure}, '_')", readable))
        # The text is numeric beyond what the figure's type holds, or the figure is beyond the limit.
        beyond = f"abs({figure}) > {most} OR huge_{figure}"
        rules.append(Rule("figure is too large", ERROR, figure, beyond, f"Check the figure: it is beyond {words}."))
    return rules


def rules(provider_name: str, year: str, figures: Sequence[str] = FIGURES) -> tuple[Rule, ...]:
    """Rules of every layout that holds these figures, in the order in which problems of a row are listed."""
    return (
        *_period_rules(provider_name, year),
        *_code_rules(),
        *_figure_rules(figures),
        *_form_warnings(year, figures),
        *_price_warnings(figures),
    )


def _period_rules(provider_name: str, year: str) -> list[Rule]:
    month = "Enter the month as 1 (April) to 12 (March), or 13 for year end. A date must be of the row's financial year."
    another = f"The file is of {year}. Send rows of another year in a file of their own."
    provider = f"The file is of {provider_name}. Enter the provider's ODS code, or send the row in the file of its own provider."
    return [
        Rule("row is broken", ERROR, "", "ragged", "The row has fewer or more cells than the heading row. Export it again."),
        Rule("month cannot be read", ERROR, "month", "month IS NULL", month),
        Rule("year cannot be read", ERROR, "year", "year IS NULL", "Enter the financial year as 202526 or 2025/26."),
        Rule("year is another", ERROR, "year", f"year <> '{year}'", another),
        Rule("provider is not known", ERROR, "provider", "provider IS NULL", provider),
    ]


def _code_rules() -> list[Rule]:
    listed = "Check the code against the national list, and enter it alone without its name."
    service = f"{listed} 99999999 is care that NHS England does not commission."
    commissioner = "Enter the code of the organisation that pays: a sub-ICB location, a hub such as 13R, 13Q or VPP00."
    return [
        Rule("service category is not known", ERROR, "service_category", "NOT known_service_category", listed),
        Rule("service code is not known", ERROR, "service_code", "NOT known_service_code", service),
        Rule("point of delivery is not known", ERROR, "point_of_delivery", "NOT known_point_of_delivery", listed),
        Rule("commissioner is missing", ERROR, "commissioner", f"NOT {FORMED}", commissioner),
    ]


def _powers_of_ten(figure: str) -> str:
    return f"{figure} IS NOT NULL AND (contains(raw_{figure}, 'E') OR contains(raw_{figure}, 'e'))"


def _form_warnings(year: str, figures: Sequence[str]) -> list[Rule]:
    unlisted = "The code is kept as it stands. Check it against the list of sub-ICB locations and hubs."
    bare = f"Read as {year}. Enter the year as 202526 or 2025/26."
    forms = {
        "site": ("[A-Z0-9]{5,9}", "Enter the site's ODS code of 5 to 9 letters and digits."),
        "treatment_function": ("[0-9A-Z]{3}", "Enter the treatment function code of 3 characters."),
        "practice": ("[A-Z][0-9]{5}", "Enter the practice code of a letter and 5 digits."),
    }
    return [
        Rule("commissioner is not listed", WARNING, "commissioner", f"{FORMED} AND NOT known_commissioner", unlisted),
        Rule("year has no second year", WARNING, "year", "bare_year", bare),
        *(Rule("figure may have lost digits", WARNING, figure, _powers_of_ten(figure), SHORTENED) for figure in figures),
        *(
            Rule(
                f"{field.replace('_', ' ')} has another form",
                WARNING,
                field,
                f"{field} <> '' AND NOT regexp_full_match({field}, '{form}')",
                message,
            )
            for field, (form, message) in forms.items()
        ),
        Rule(
            "tariff has another form",
            WARNING,
            "tariff",
            "tariff <> '' AND NOT regexp_matches(tariff, '^[A-Z]{2}[0-9]{2}[A-Z]') "
            "AND try_cast(point_of_delivery AS non_activity_list) IS NULL",
            "Begin the tariff code with an HRG such as EY02A, or leave it blank.",
        ),
    ]


def _price_warnings(figures: Sequence[str]) -> list[Rule]:
    """A price is missed where its activity is there, or where neither plan nor actual has one."""
    message = "The price counts as missing, not as 0. Enter the price if there is one."
    blank = "{0}_price IS NULL AND NOT bad_{0}_price AND NOT huge_{0}_price"
    missed = "({0}_activity IS NOT NULL OR (planned_price IS NULL AND actual_price IS NULL))"
    prices = [figure for figure in figures if figure.endswith("_price")]
    return [
        Rule("price is blank", WARNING, price, f"{blank} AND {missed}".format(price.removesuffix("_price")), message)
        for price in prices
    ]
