"""What a layout of official files is made of: kinds of file, columns, and the columns that several of them share."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PRACTICES, ALLOCATIONS, CONVERGENCE = "practices", "allocations", "convergence"
MARKET_FORCES, NEED, MEASURES, REGISTERED = "market_forces", "need", "measures", "registered"
SYSTEM_CODE = r"[A-Z0-9]{3,5}"
AREA_CODE = r"[A-Z0-9]{3,9}"
# No area of England has more people, and no factor or index of an area lies beyond these.
MOST_PEOPLE = 100_000_000


class Kind(StrEnum):
    """What a cell holds. Money is stored as whole ten-thousandths of a pound; a share is 0.034, or 3.4% with its sign."""

    CODE = "code"
    TEXT = "text"
    YEAR = "year"
    YES_NO = "yes_no"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"


@dataclass(frozen=True, kw_only=True)
class OfficialColumn:
    """One column. `headings` are accepted spellings without case, blanks and signs, the publisher's own first."""

    name: str
    headings: tuple[str, ...]
    kind: Kind
    meaning: str
    example: str
    required: bool = False
    least: float | None = None
    most: float | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    key: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers, of whatever unit."""
        return self.kind in (Kind.NUMBER, Kind.SHARE, Kind.MONEY)


@dataclass(frozen=True, kw_only=True)
class OfficialLayout:
    """One kind of file. `title` is what people call it, `holds` says what it is for."""

    kind: str
    title: str
    holds: str
    columns: tuple[OfficialColumn, ...]

    @property
    def key(self) -> list[str]:
        """Columns that identify a row."""
        return [column.name for column in self.columns if column.key]


def layout_column(name: str, kind: Kind, headings: str, meaning: str, example: str, **more: Any) -> OfficialColumn:
    """A column; `headings` are its spellings between blanks, `more` are the other fields of `OfficialColumn`."""
    return OfficialColumn(name=name, kind=kind, headings=tuple(headings.split()), meaning=meaning, example=example, **more)


SYSTEM_HEADINGS = "icb icbcode icb23cdh icscode systemcode system stpcode"
SYSTEM = layout_column(
    "system",
    Kind.CODE,
    SYSTEM_HEADINGS,
    "Code of the Integrated Care Board",
    "QKK",
    required=True,
    pattern=SYSTEM_CODE,
    key=True,
)
SYSTEM_NAME = layout_column("system_name", Kind.TEXT, "icbname icsname systemname", "Its name", "NHS South East London ICB")
YEAR = layout_column(
    "year", Kind.YEAR, "year financialyear", "Financial year; the edition’s own where it is left out", "2025/26", key=True
)
