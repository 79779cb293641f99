"""Files of measures of need and supply: read, kept, one edition over another, and as figures."""

import pytest

from finance.actions.official import OfficialFileRefused, load_official_file
from finance.calculations.measure_names import DEPRIVATION, folded
from finance.calculations.official_measures import measure_faults
from finance.calculations.official_rows import official_rows
from finance.charts.official import measures_chart
from finance.queries import measures as measuring
from planning.extracts.public_files import read_public_bytes
from tests.finance import official_files as files

BEDS, OLD = "Beds per 1,000 people", "People aged 65 and over"


def read(content: bytes):
    return official_rows(read_public_bytes(content), kind="measures", file="measures.csv", year="2025/26")


@pytest.fixture
def load(programme_team):
    def loading(content=None, edition="2025/26", kind="measures", **more):
        about = {"file_name": "measures.csv", "edition": edition, "source": "A publisher", **more}
        return load_official_file(by=programme_team, kind=kind, content=content or files.measure_file(), **about)

    return loading


def test_a_row_is_one_measure_of_one_area_in_its_unit():
    found = read(files.measure_file())
    assert found.problems == []
    first = found.rows.iloc[0]
    assert first[["area", "year", "measure", "unit", "value"]].tolist() == ["QKK", "2025/26", OLD, "% of people", 12.0]
    assert read(files.measure_file({("QKK", "Distance"): "-0.5"})).rows["value"].tolist()[-1] == -0.5


@pytest.mark.django_db
def test_areas_that_are_not_known_are_loaded_and_named(area, load):
    away = [{"Area": f"QZ{letter}", "Measure": OLD, "Value": "1"} for letter in "ABCDEFGHIJKL"]
    told = load(files.as_csv([{"Area": "PQKK", "Measure": OLD, "Value": "1"}, *away])).words
    assert told.endswith("stay unused: QZA, QZB, QZC, QZD, QZE, QZF, QZG, QZH, QZI, QZJ and 2 more.")
    assert "not known here" not in load(edition="2026/27").words
    need = [{"Area": area, "Need index": "1.1"} for area in ("QKK", "QZA")]
    assert load(files.as_csv(need), kind="need").told == ("Areas that are not known here, and stay unused: QZA.",)


@pytest.mark.parametrize(
    ("cells", "row", "column", "said"),
    [
        ({"Value": ""}, 2, "Value", "may not be blank"),
        ({"Value": "*"}, 2, "Value", "suppressed"),
        ({"Value": "many"}, 2, "Value", "a number without words"),
        ({"Value": "9999999999"}, 2, "Value", "at most 1,000,000,000"),
        ({"Measure": ""}, 2, "Measure", "may not be blank"),
        ({"Measure": "x" * 101}, 2, "Measure", "100 characters at most"),
        ({"Area code": "South London"}, 2, "Area code", "such as QKK"),
        ({"Measure": "people aged 65  AND over"}, 3, "Measure", "as in row 2: a measure goes by one name"),
        ({"Unit": "people"}, 3, "Unit", "Write “people” as in row 2: a measure goes by one unit"),
        ({"Unit": ""}, 3, "Unit", "Leave it blank as in row 2"),
        ({"Measure": "const"}, 2, "Measure", "the constant is no measure"),
        ({"Measure": DEPRIVATION.upper()}, 2, "Measure", "Give it another name"),
    ],
)
def test_what_is_wrong_is_said_of_its_cell(cells, row, column, said):
    found = read(files.measure_file(**cells)).problems
    assert (found[0]["row"], found[0]["column"]) == (row, column)
    assert said in found[0]["message"]


def test_the_same_measure_of_an_area_twice_is_named():
    rows = files.measure_rows()
    [one] = read(files.as_csv([*rows, rows[0]])).problems
    assert (one["row"], one["message"]) == (len(rows) + 2, "Remove it: row 2 is the same one.")


def test_a_name_is_the_same_whatever_its_case_and_blanks():
    assert folded(" Beds  per 1,000 PEOPLE ") == folded(BEDS)
    assert measure_faults(read(files.measure_file()).rows) == []


@pytest.mark.django_db
def test_a_file_is_kept_and_says_which_measures_can_be_used_now(area, load):
    loaded = load()
    assert loaded.file.rows == len(files.measure_rows())
    assert loaded.told == ("Measures that a model of need can use now: 2.",)
    frame = measuring.official_measures()
    assert frame.attrs == {"edition": "2025/26", "source": "A publisher, 2025/26"}
    assert frame.loc[frame["measure"] == BEDS, "value"].tolist() == [4.0, 3.0]
    with pytest.raises(OfficialFileRefused) as caught:
        load(files.measure_file(Value="x"), edition="2026/27")
    assert caught.value.problems["column"].tolist() == ["Value"]


@pytest.mark.django_db
def test_each_measure_is_that_of_the_latest_edition_that_has_it(area, load):
    load()
    load(files.measure_file({("QKK", BEDS): "5", ("QWE", BEDS): "6"}, only=BEDS), edition="2026/27")
    load(files.as_csv([{"Area": "QKK", "Measure": "New", "Value": "1", "Year": y} for y in ("2024/25", "2025/26")]), "2025/26 b")
    known = measuring.measures_in_force()
    values = {(m, a): v for m, a, v in zip(known["measure"], known["area"], known["value"], strict=True)}
    assert (values[BEDS, "QKK"], values[BEDS, "QWE"], values[OLD, "QKK"]) == (5.0, 6.0, 12.0)
    assert known.loc[known["measure"] == "New", "year"].tolist() == ["2025/26"]
    assert measuring.measure_choices() == [(DEPRIVATION, "score"), (BEDS, "beds"), ("New", ""), (OLD, "% of people")]


@pytest.mark.django_db
def test_the_deprivation_of_places_is_a_measure_without_any_file(area):
    known = measuring.measures_in_force()
    assert dict(zip(known["area"], known["value"], strict=True)) == {"PQKK": 30.0, "PQWE": 15.0, "PQKS": 20.0}
    assert set(known["measure"]) == {DEPRIVATION}


@pytest.mark.django_db
def test_sources_are_those_of_the_measures_that_are_used(area, load):
    load()
    [beds] = measuring.sources_of_measures([BEDS])
    assert beds[0] == "Measures of need and supply, 2025/26"
    assert "A publisher, 2025/26 (file " in beds[2]
    assert all("A publisher" not in source for _, _, source in measuring.sources_of_measures([DEPRIVATION]))
    assert measuring.sources_of_measures(["Not there"]) == []


@pytest.mark.django_db
def test_the_figure_says_which_measure_differs_most(area, run, load):
    load()
    result = run("official_measures")
    assert result.title == f"{BEDS} differs most between areas: 4.00 in South East London, 3.00 in South West London"
    assert result.chart.units == "beds"
    assert result.frame["area_name"].tolist() == ["South East London", "South West London"] * 2
    empty = measures_chart(result.frame.iloc[:0], {})
    assert empty.title == "No measures of need and supply are loaded"
    assert measures_chart(result.frame.iloc[:1], {}).title == f"{BEDS}: 4.00 in South East London"
