"""Official files that have a row for each area, which is a system or a local authority: need, its measures, and people."""

from planning.calculations.reference_tables import AGE_BANDS

from .official_columns import (
    AREA_CODE,
    MEASURES,
    MOST_PEOPLE,
    NEED,
    REGISTERED,
    SYSTEM_HEADINGS,
    YEAR,
    Kind,
    OfficialLayout,
    layout_column,
)

# No measure of an area is larger: money a head, people a bed, kilometres.
MOST_VALUE = 1_000_000_000
AREA = layout_column(
    "area",
    Kind.CODE,
    f"area areacode orgcode ladcode ltlacode {SYSTEM_HEADINGS}",
    "Code of a system or of a local authority",
    "QKK",
    required=True,
    pattern=AREA_CODE,
    key=True,
)
AREA_NAME = layout_column("area_name", Kind.TEXT, "areaname icbname ladname systemname", "Its name", "South East London")
AREA_LAYOUTS: tuple[OfficialLayout, ...] = (
    OfficialLayout(
        kind=NEED,
        title="Need index",
        holds="Need of each area beside the average, of all specialised services or of one programme of care.",
        columns=(
            AREA,
            AREA_NAME,
            YEAR,
            layout_column(
                "programme_of_care",
                Kind.CODE,
                "programmeofcare programme programmeofcarecode npoc npoccode",
                "Letter of the programme of care; blank is all of them",
                "B",
                pattern=r"[A-Z0-9]{1,5}",
                key=True,
            ),
            layout_column(
                "need_index",
                Kind.NUMBER,
                "needindex overallneedindex needsindex index",
                "Need: 1 is the average",
                "0.9534",
                required=True,
                least=0.000001,
                most=10,
            ),
            layout_column(
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
        kind=MEASURES,
        title="Measures of need and supply",
        holds="What a model of need knows of each area: one row for each area and measure, such as age, illness or beds.",
        columns=(
            AREA,
            AREA_NAME,
            YEAR,
            layout_column(
                "measure",
                Kind.TEXT,
                "measure measurename indicator indicatorname variable",
                "Name of the measure, in 100 characters at most",
                "People aged 65 and over",
                required=True,
                pattern=r".{1,100}",
                key=True,
            ),
            layout_column(
                "unit", Kind.TEXT, "unit units", "Unit, the same in every row of a measure", "% of people", pattern=r".{1,60}"
            ),
            layout_column(
                "value",
                Kind.NUMBER,
                "value measurevalue indicatorvalue",
                "Its value, in its own unit",
                "16.2",
                required=True,
                least=-MOST_VALUE,
                most=MOST_VALUE,
            ),
        ),
    ),
    OfficialLayout(
        kind=REGISTERED,
        title="Registered population by age and sex",
        holds="People registered with practices of each area, by sex and age band.",
        columns=(
            AREA,
            AREA_NAME,
            YEAR,
            layout_column("sex", Kind.TEXT, "sex gender", "f or m", "f", required=True, choices=("f", "m"), key=True),
            layout_column(
                "age_band", Kind.TEXT, "ageband agegroup age", "Age band", "45-54", required=True, choices=AGE_BANDS, key=True
            ),
            layout_column(
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
