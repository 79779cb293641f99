"""What each official file must hold: its columns, the headings that stand for them, and what may be in their cells.

This is the one definition: the reader of files, what it says is wrong, the blank file to fill in and the page's own words all
come from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planning.calculations.reference_tables import AGE_BANDS

PRACTICES, ALLOCATIONS, CONVERGENCE = "practices", "allocations", "convergence"
MARKET_FORCES, NEED, REGISTERED = "market_forces", "need", "registered"
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


def _column(name: str, kind: Kind, headings: str, meaning: str, example: str, **more: Any) -> OfficialColumn:
    return OfficialColumn(name=name, kind=kind, headings=tuple(headings.split()), meaning=meaning, example=example, **more)


def _weighted(name: str, headings: str, words: str) -> OfficialColumn:
    meaning = f"Weighted people: {words}"
    return _column(name, Kind.NUMBER, headings, meaning, "4903.20", required=True, least=0, most=MOST_PEOPLE)


_SYSTEM_HEADINGS = "icb icbcode icb23cdh icscode systemcode system stpcode"
_SYSTEM = _column(
    "system",
    Kind.CODE,
    _SYSTEM_HEADINGS,
    "Code of the Integrated Care Board",
    "QKK",
    required=True,
    pattern=SYSTEM_CODE,
    key=True,
)
_SYSTEM_NAME = _column("system_name", Kind.TEXT, "icbname icsname systemname", "Its name", "NHS South East London ICB")
_YEAR = _column(
    "year", Kind.YEAR, "year financialyear", "Financial year; the edition’s own where it is left out", "2025/26", key=True
)
_WEIGHTED = (
    _weighted("general_acute", "gawp generalandacutewp generalacutewp", "General and Acute"),
    _weighted("community", "cswp communitywp communityserviceswp", "community services"),
    _weighted("mental_health", "mhwp mentalhealthwp", "mental health"),
    _weighted("maternity", "matwp maternitywp", "maternity"),
    _weighted("prescribing", "prescrwp prescribingwp", "prescribing"),
    _weighted("health_inequalities", "healthineqwp healthinequalitieswp", "health inequalities and avoidable mortality"),
    _weighted("overall_core", "finalwp overallcorewp overallwp", "core services overall"),
)
LAYOUTS: dict[str, OfficialLayout] = {
    layout.kind: layout
    for layout in (
        OfficialLayout(
            kind=PRACTICES,
            title="Practice weighted populations",
            holds="Registered and weighted people of every GP practice of England. Core services, not specialised.",
            columns=(
                _column(
                    "practice",
                    Kind.CODE,
                    "practicecode gppracticecode",
                    "Code of the GP practice",
                    "G82651",
                    required=True,
                    pattern=r"[A-Z0-9]{3,8}",
                    key=True,
                ),
                _column("practice_name", Kind.TEXT, "gppracticename practicename", "Its name", "THE SURGERY"),
                OfficialColumn(**{**vars(_SYSTEM), "key": False}),
                _SYSTEM_NAME,
                _column(
                    "place",
                    Kind.CODE,
                    "lad ladcode ltlacode lad23cd lad24cd",
                    "Code of the local authority that the practice is in",
                    "E09000004",
                    required=True,
                    pattern=r"[EWSN]\d{8}",
                ),
                _column("place_name", Kind.TEXT, "ltla ltlaname ladname", "Its name", "Bexley"),
                _column(
                    "population",
                    Kind.NUMBER,
                    "population registeredpopulation",
                    "Registered people",
                    "4821.60",
                    required=True,
                    least=0,
                    most=MOST_PEOPLE,
                ),
                *_WEIGHTED,
            ),
        ),
        OfficialLayout(
            kind=ALLOCATIONS,
            title="Allocations of specialised services",
            holds="What each Integrated Care Board is allocated, and its target where it is published.",
            columns=(
                _SYSTEM,
                _SYSTEM_NAME,
                _YEAR,
                _column(
                    "population", Kind.NUMBER, "population registeredpopulation", "People", "2126421", least=0, most=MOST_PEOPLE
                ),
                _column(
                    "weighted_population",
                    Kind.NUMBER,
                    "weightedpopulation wp normalisedweightedpopulation",
                    "Weighted people",
                    "2072910",
                    least=0,
                    most=MOST_PEOPLE,
                ),
                _column(
                    "target_share",
                    Kind.SHARE,
                    "targetshare shareoftarget shareofweightedpopulation",
                    "Share of England’s weighted people",
                    "3.2466%",
                    least=0,
                    most=1,
                ),
                _column(
                    "baseline",
                    Kind.MONEY,
                    "baseline openingbaseline recurrentbaseline",
                    "Recurrent money before growth",
                    "1021400000",
                    least=0,
                ),
                _column("target", Kind.MONEY, "target targetallocation", "Target in money", "1032000000", least=0),
                _column(
                    "distance",
                    Kind.SHARE,
                    "distancefromtarget openingdistancefromtarget dft openingdft distance closingdft closingdistancefromtarget",
                    "Distance from target (+ is above it)",
                    "1.25%",
                    least=-0.6,
                    most=0.6,
                ),
                _column(
                    "allocation",
                    Kind.MONEY,
                    "allocation recurrentallocation finalallocation totalallocation icballocation",
                    "What is allocated",
                    "1053200000",
                    required=True,
                    least=0,
                ),
            ),
        ),
        OfficialLayout(
            kind=CONVERGENCE,
            title="Convergence (pace of change)",
            holds="How much faster or slower money grows by distance from target: one row for each knot, or one for each board.",
            columns=(
                _column(
                    "system",
                    Kind.CODE,
                    _SYSTEM_HEADINGS,
                    "Code of the board, where the file goes by board and not by knots",
                    "QKK",
                    pattern=SYSTEM_CODE,
                    key=True,
                ),
                _SYSTEM_NAME,
                _YEAR,
                _column(
                    "distance",
                    Kind.SHARE,
                    "distancefromtarget openingdistancefromtarget dft openingdft distance",
                    "Opening distance from target (+ is above it)",
                    "2.5%",
                    required=True,
                    least=-0.6,
                    most=0.6,
                    key=True,
                ),
                _column(
                    "convergence",
                    Kind.SHARE,
                    "convergence convergenceadjustment growthadjustment adjustment",
                    "What it adds to growth, or takes off",
                    "0.5%",
                    required=True,
                    least=-0.25,
                    most=0.25,
                ),
                _column(
                    "floor",
                    Kind.SHARE,
                    "floor minimumgrowth leastgrowth",
                    "Least growth that anybody gets; the same in every row of a year",
                    "3.6%",
                    least=-0.6,
                    most=0.6,
                ),
                _column(
                    "cap",
                    Kind.SHARE,
                    "cap maximumgrowth mostgrowth",
                    "Most growth that anybody gets; the same in every row of a year",
                    "8%",
                    least=-0.6,
                    most=0.6,
                ),
            ),
        ),
        OfficialLayout(
            kind=MARKET_FORCES,
            title="Market forces factors of providers",
            holds="What unavoidable costs make care dearer at each provider: payment index, 1 is the cheapest or the mean.",
            columns=(
                _column(
                    "provider",
                    Kind.CODE,
                    "providercode provider orgcode organisationcode trustcode odscode",
                    "Code of the provider",
                    "RJ1",
                    required=True,
                    pattern=r"[A-Z0-9]{3,5}",
                    key=True,
                ),
                _column(
                    "provider_name", Kind.TEXT, "providername organisationname trustname name", "Its name", "Guy’s and St Thomas’"
                ),
                _YEAR,
                _column(
                    "value",
                    Kind.NUMBER,
                    "paymentindex mff mffvalue paymentmff marketforcesfactor mffpaymentindex value",
                    "Payment index",
                    "1.185263",
                    required=True,
                    least=0.5,
                    most=2,
                ),
            ),
        ),
        OfficialLayout(
            kind=NEED,
            title="Need index",
            holds="Need of each area beside the average, of all specialised services or of one programme of care.",
            columns=(
                _column(
                    "area",
                    Kind.CODE,
                    f"area areacode ladcode ltlacode {_SYSTEM_HEADINGS}",
                    "Code of a system or of a local authority",
                    "QKK",
                    required=True,
                    pattern=AREA_CODE,
                    key=True,
                ),
                _column("area_name", Kind.TEXT, "areaname icbname ladname systemname", "Its name", "South East London"),
                _YEAR,
                _column(
                    "programme_of_care",
                    Kind.CODE,
                    "programmeofcare programme programmeofcarecode npoc npoccode",
                    "Letter of the programme of care; blank is all of them",
                    "B",
                    pattern=r"[A-Z0-9]{1,5}",
                    key=True,
                ),
                _column(
                    "need_index",
                    Kind.NUMBER,
                    "needindex overallneedindex needsindex index",
                    "Need: 1 is the average",
                    "0.9534",
                    required=True,
                    least=0.000001,
                    most=10,
                ),
                _column(
                    "includes_age",
                    Kind.YES_NO,
                    "includesage needincludesage",
                    "yes where the index already weighs age and sex",
                    "yes",
                    choices=("yes", "no"),
                ),
            ),
        ),
        OfficialLayout(
            kind=REGISTERED,
            title="Registered population by age and sex",
            holds="People registered with practices of each area, by sex and age band.",
            columns=(
                _column(
                    "area",
                    Kind.CODE,
                    f"area areacode orgcode ladcode ltlacode {_SYSTEM_HEADINGS}",
                    "Code of a system or of a local authority",
                    "QKK",
                    required=True,
                    pattern=AREA_CODE,
                    key=True,
                ),
                _column("area_name", Kind.TEXT, "areaname icbname ladname systemname", "Its name", "South East London"),
                _YEAR,
                _column("sex", Kind.TEXT, "sex gender", "f or m", "f", required=True, choices=("f", "m"), key=True),
                _column(
                    "age_band", Kind.TEXT, "ageband agegroup age", "Age band", "45-54", required=True, choices=AGE_BANDS, key=True
                ),
                _column(
                    "people",
                    Kind.NUMBER,
                    "people numberofpatients population patients registeredpopulation",
                    "People",
                    "14210",
                    required=True,
                    least=0,
                    most=MOST_PEOPLE,
                ),
            ),
        ),
    )
}
