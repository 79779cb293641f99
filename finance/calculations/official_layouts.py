"""What each official file must hold: its columns, the headings that stand for them, and what may be in their cells.

This is the one definition: the reader of files, what it says is wrong, the blank file to fill in and the page's own words all
come from it.
"""

from .official_area_layouts import AREA_LAYOUTS
from .official_columns import (
    ALLOCATIONS,
    CONVERGENCE,
    MARKET_FORCES,
    MOST_PEOPLE,
    PRACTICES,
    SYSTEM,
    SYSTEM_CODE,
    SYSTEM_HEADINGS,
    SYSTEM_NAME,
    YEAR,
    Kind,
    OfficialColumn,
    OfficialLayout,
    layout_column,
)


def _weighted(name: str, headings: str, words: str) -> OfficialColumn:
    meaning = f"Weighted people: {words}"
    return layout_column(name, Kind.NUMBER, headings, meaning, "4903.20", required=True, least=0, most=MOST_PEOPLE)


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
                layout_column(
                    "practice",
                    Kind.CODE,
                    "practicecode gppracticecode",
                    "Code of the GP practice",
                    "G82651",
                    required=True,
                    pattern=r"[A-Z0-9]{3,8}",
                    key=True,
                ),
                layout_column("practice_name", Kind.TEXT, "gppracticename practicename", "Its name", "THE SURGERY"),
                OfficialColumn(**{**vars(SYSTEM), "key": False}),
                SYSTEM_NAME,
                layout_column(
                    "place",
                    Kind.CODE,
                    "lad ladcode ltlacode lad23cd lad24cd",
                    "Code of the local authority that the practice is in",
                    "E09000004",
                    required=True,
                    pattern=r"[EWSN]\d{8}",
                ),
                layout_column("place_name", Kind.TEXT, "ltla ltlaname ladname", "Its name", "Bexley"),
                layout_column(
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
                SYSTEM,
                SYSTEM_NAME,
                YEAR,
                layout_column(
                    "population", Kind.NUMBER, "population registeredpopulation", "People", "2126421", least=0, most=MOST_PEOPLE
                ),
                layout_column(
                    "weighted_population",
                    Kind.NUMBER,
                    "weightedpopulation wp normalisedweightedpopulation",
                    "Weighted people",
                    "2072910",
                    least=0,
                    most=MOST_PEOPLE,
                ),
                layout_column(
                    "target_share",
                    Kind.SHARE,
                    "targetshare shareoftarget shareofweightedpopulation",
                    "Share of England’s weighted people",
                    "3.2466%",
                    least=0,
                    most=1,
                ),
                layout_column(
                    "baseline",
                    Kind.MONEY,
                    "baseline openingbaseline recurrentbaseline",
                    "Recurrent money before growth",
                    "1021400000",
                    least=0,
                ),
                layout_column("target", Kind.MONEY, "target targetallocation", "Target in money", "1032000000", least=0),
                layout_column(
                    "distance",
                    Kind.SHARE,
                    "distancefromtarget openingdistancefromtarget dft openingdft distance closingdft closingdistancefromtarget",
                    "Distance from target (+ is above it)",
                    "1.25%",
                    least=-0.6,
                    most=0.6,
                ),
                layout_column(
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
                layout_column(
                    "system",
                    Kind.CODE,
                    SYSTEM_HEADINGS,
                    "Code of the board, where the file goes by board and not by knots",
                    "QKK",
                    pattern=SYSTEM_CODE,
                    key=True,
                ),
                SYSTEM_NAME,
                YEAR,
                layout_column(
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
                layout_column(
                    "convergence",
                    Kind.SHARE,
                    "convergence convergenceadjustment growthadjustment adjustment",
                    "What it adds to growth, or takes off",
                    "0.5%",
                    required=True,
                    least=-0.25,
                    most=0.25,
                ),
                layout_column(
                    "floor",
                    Kind.SHARE,
                    "floor minimumgrowth leastgrowth",
                    "Least growth that anybody gets; the same in every row of a year",
                    "3.6%",
                    least=-0.6,
                    most=0.6,
                ),
                layout_column(
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
                layout_column(
                    "provider",
                    Kind.CODE,
                    "providercode provider orgcode organisationcode trustcode odscode",
                    "Code of the provider",
                    "RJ1",
                    required=True,
                    pattern=r"[A-Z0-9]{3,5}",
                    key=True,
                ),
                layout_column(
                    "provider_name", Kind.TEXT, "providername organisationname trustname name", "Its name", "Guy’s and St Thomas’"
                ),
                YEAR,
                layout_column(
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
        *AREA_LAYOUTS,
    )
}
