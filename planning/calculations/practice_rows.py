"""Shapes the public list of practices with weighted populations that accompanies the national allocations."""

import pandas as pd

from .reference_rows import Column, Table, check_table, problem

COMPONENTS = {
    "G&A WP": "general_acute",
    "CS WP": "community_services",
    "MH WP": "mental_health",
    "Mat WP": "maternity",
    "Health Ineq WP": "health_inequalities",
    "Prescr WP": "prescribing",
    "Final WP": "overall_core",
    "Primary Medical Care WP": "primary_medical_care",
    "Final PMC WP": "overall_primary_medical_care",
}
"""Heading of the file → component, as kept with a practice."""

_LIST = Table(
    "practices",
    ("Practice_Code",),
    (
        Column("Practice_Code", required=True, length=6),
        Column("GP_Practice_Name", required=True, length=150),
        Column("ICB", required=True, length=5),
        Column("LAD", required=True, length=9),
        Column("PCN_Code", length=10),
        Column("PCN_Name", length=150),
        Column("Population", "number", required=True, least=0),
        *(Column(heading, "number", least=0) for heading in COMPONENTS),
    ),
)
PRACTICES = Table(
    "practices",
    ("code",),
    tuple(
        Column(name)
        for name in (
            "code",
            "name",
            "system_code",
            "place_code",
            "neighbourhood",
            "population",
            "weighted_populations",
            "edition",
            "source",
        )
    ),
)
NEIGHBOURHOODS = Table("neighbourhoods", ("code",), (Column("code"), Column("name"), Column("source")))


def practice_rows(
    text: pd.DataFrame, *, file: str, edition: str, source: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, object]]]:
    """Practices and their neighbourhoods (primary care networks) from the rows of the published file.

    Args:
        text: Text columns as read from the file; columns other than those needed are ignored.
        file: Name of the file, for messages.
        edition: Year of the allocations the list belongs to, e.g. "2025/26".
        source: Who published it; NHS England's allocations of the edition if left out.

    Returns:
        Practices with the columns of `PRACTICES` (population and weighted populations in persons, by component; a blank
        component is left out), neighbourhoods with the columns of `NEIGHBOURHOODS`, and problems. A neighbourhood is made
        only where the file fills its code.

    Source:
        NHS England, ICB allocations 2025/26: practice weighted populations.
    """
    needed = text[[heading for heading in _LIST.headings if heading in text.columns]]
    rows, problems = check_table(_LIST, needed)
    problems = [one | {"file": file} for one in problems]
    if not problems and rows.empty:
        problems.append(problem(file, 1, "", "", "Use the published list: this file has no rows."))
    if problems:
        return pd.DataFrame(columns=PRACTICES.headings), pd.DataFrame(columns=NEIGHBOURHOODS.headings), problems
    source = source or f"NHS England allocations {edition}, practice weighted populations"
    named = rows[list(COMPONENTS)].rename(columns=COMPONENTS)
    components = [{name: value for name, value in one.items() if value is not None} for one in named.to_dict("records")]
    practices = pd.DataFrame(
        {
            "code": rows["Practice_Code"],
            "name": rows["GP_Practice_Name"],
            "system_code": rows["ICB"],
            "place_code": rows["LAD"],
            "neighbourhood": rows["PCN_Code"],
            "population": rows["Population"],
            "weighted_populations": pd.Series(components, index=rows.index, dtype=object),
            "edition": edition,
            "source": source,
        }
    )
    networks = rows.loc[rows["PCN_Code"] != "", ["PCN_Code", "PCN_Name"]].drop_duplicates("PCN_Code")
    neighbourhoods = networks.set_axis(["code", "name"], axis=1).assign(source=source)
    return practices, neighbourhoods, []
