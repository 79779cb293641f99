"""Cells of public files of shares: what each spelling says, what is left out, and the sentence that each fault gets."""

import re
from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.share_files import (
    AREA_HEADINGS,
    ORIGIN_HEADINGS,
    area_proportion_rows,
    named_columns,
    normal,
    origin_share_rows,
    read_share,
)

NO_SHARE = "Write the share as a number from 0 to 1, or in per cent with its sign."
NO_NUMBER = "Write a number of 0 or more, or leave the cell blank."
NO_AREA = "Use the code of the area, such as E09000022 or E02000618."
NO_TRUST = "Use the code of the trust, such as RJ1."
TWICE = "Remove it: the same pair stands above. A file of several kinds of admission needs a column that tells them apart."
SYSTEMS = {"E54000030": "QKK", "E54000052": "QXU", "E54000053": "QNX"}


def table(headings: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split("|") for row in rows], columns=headings.split("|"), dtype=object)


def areas(headings: str, *rows: str):
    return area_proportion_rows(table(headings, *rows), file="f.csv")


def origins(headings: str, *rows: str, systems=SYSTEMS):
    return origin_share_rows(table(headings, *rows), file="f.csv", systems=systems)


def said(read) -> list[tuple]:
    return [(p["row"], p["column"], str(p["value"]), p["message"]) for p in read.problems]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", D(0)),
        ("1", D(1)),
        ("100%", D(1)),
        ("0%", D(0)),
        ("12.5%", D("0.125")),
        (" 12.5 % ", D("0.125")),
        (".25", D("0.25")),
        ("2.5e-1", D("0.25")),
        ("+0.5", D("0.5")),
        # Eight places are kept, the half to the even one.
        ("0.123456789", D("0.12345679")),
        ("0.000000005", D(0)),
        ("0.000000015", D("0.00000002")),
        ("33.3333333333%", D("0.33333333")),
    ],
)
def test_a_share_is_a_number_from_nought_to_one(cell, value):
    assert read_share(cell) == value
    assert read_share(cell).as_tuple().exponent == -8


@pytest.mark.parametrize("cell", ["", " ", "*", "C", "c", "-", "suppressed", "Suppressed", "null", "NA", "n/a"])
def test_a_share_that_was_suppressed_is_none_and_not_nought(cell):
    assert read_share(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "1.01", "-0.01", "101%", "-1%", "half", "%", "50%%", "NaN", "sNaN", "Infinity", "-inf", "0.5 of all", "1e9", "1/2",
        # With the comma taken out the first would be 1, the second 15%, the third 1 again.
        "0,1", "1,5%", "0,001", "1,000", "0,5",
    ],
)  # fmt: skip
def test_what_is_no_share_is_refused_and_never_guessed(cell):
    with pytest.raises(ValueError, match=f"^{re.escape(NO_SHARE)}$"):
        read_share(cell)


@given(st.decimals(0, 1, places=8))
def test_a_share_reads_the_same_as_a_fraction_and_in_per_cent(share):
    assert read_share(f"{share:f}") == share
    assert read_share(f"{share * 100:f}%") == share


@given(st.decimals(allow_nan=True, allow_infinity=True).filter(lambda n: not (n.is_finite() and 0 <= n <= 1)))
def test_no_number_beyond_the_whole_is_read_as_a_share(number):
    with pytest.raises(ValueError, match="from 0 to 1"):
        read_share(str(number))


@pytest.mark.parametrize(
    ("heading", "plain"),
    [("LAD22CD", "lad22cd"), ("  Trust Code ", "trustcode"), ("share_of-patients (%)", "shareofpatients"), ("", ""), ("%", "")],
)
def test_headings_are_compared_without_case_blanks_and_signs(heading, plain):
    assert normal(heading) == plain


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        # The likelier spelling wins, wherever it stands.
        ("Share|Proportion", {"proportion": "Proportion"}),
        ("Proportion|Share", {"proportion": "Proportion"}),
        ("Trust name|Trust code", {"provider": "Trust code"}),
        ("MSOA21CD|Area code", {"area": "Area code"}),
        # Of two columns of one spelling the first counts.
        ("Trust code|trust_code", {"provider": "Trust code"}),
        ("Something|else", {}),
    ],
)
def test_for_each_name_the_likeliest_heading(headings, found):
    assert named_columns(table(headings), AREA_HEADINGS) == found


def test_no_spelling_stands_for_two_things():
    for headings in (AREA_HEADINGS, ORIGIN_HEADINGS):
        spellings = [spelling for of_name in headings.values() for spelling in of_name]
        assert len(spellings) == len(set(spellings))
        assert all(spelling == normal(spelling) for spelling in spellings)


@pytest.mark.parametrize(
    ("patients", "total", "share"),
    [
        ("10", "40", D("0.25")),
        ("1", "3", D("0.33333333")),
        ("1,200", "4,800", D("0.25")),
        ("0", "7", D(0)),
        ("7", "7", D(1)),
        ("2.5", "10", D("0.25")),
    ],
)
def test_a_share_that_is_not_given_is_patients_of_all_patients(patients, total, share):
    read = areas("msoa|trust|patients|total_patients", f"E02000001|RJ1|{patients}|{total}")
    assert read.problems == []
    assert read.rows["proportion"].tolist() == [share]


@pytest.mark.parametrize(("patients", "total"), [("*", "40"), ("10", "*"), ("", ""), ("0", "0"), ("10", "0")])
def test_patients_of_nobody_or_of_a_suppressed_number_have_no_share(patients, total):
    read = areas("msoa|trust|patients|total_patients", f"E02000001|RJ1|{patients}|{total}")
    assert (len(read.rows), read.problems, read.left_out) == (0, [], {"suppressed": 1})


@pytest.mark.parametrize(
    ("patients", "total", "column", "value", "words"),
    [
        ("many", "40", "Patients", "many", NO_NUMBER),
        ("10", "many", "Total patients", "many", NO_NUMBER),
        ("-1", "40", "Patients", "-1", NO_NUMBER),
        ("10", "-40", "Total patients", "-40", NO_NUMBER),
        ("10", "inf", "Total patients", "inf", NO_NUMBER),
        ("12,5", "40", "Patients", "12,5", NO_NUMBER),
        ("41", "40", "Patients", "41", "Use at most the area's total patients."),
        ("10", "1e400", "Total patients", "1e400", NO_NUMBER),
    ],
)
def test_a_count_that_cannot_be_is_named_by_its_own_column(patients, total, column, value, words):
    read = areas("msoa|trust|Patients|Total patients", f"E02000001|RJ1|{patients}|{total}")
    assert said(read) == [(2, column, value, words)]
    assert read.rows.empty
    assert read.left_out == {"suppressed": 0}


@pytest.mark.parametrize(
    ("headings", "rows", "population"),
    [
        # As the file says it, whatever its catchments.
        ("msoa|trust|share|population|catchment", ["E02000001|RJ1|0.5|900|400"], 900),
        # Without it, or where it is suppressed, catchment ÷ share.
        ("msoa|trust|share|catchment", ["E02000001|RJ1|0.5|400"], 800),
        ("msoa|trust|share|population|catchment", ["E02000001|RJ1|0.5|*|400"], 800),
        # Of the largest share, which rounding has changed least.
        ("msoa|trust|share|catchment", ["E02000001|RJ1|0.1|99", "E02000001|RJZ|0.9|810"], 900),
        # Where the share itself follows from patients.
        ("msoa|trust|patients|total_patients|catchment", ["E02000001|RJ1|10|40|250"], 1000),
        ("msoa|trust|share|population", ["E02000001|RJ1|0.5|1,234"], 1234),
        ("msoa|trust|share|population", ["E02000001|RJ1|0.5|0"], 0),
        ("msoa|trust|share|population", ["E02000001|RJ1|0.5|"], None),
        # Nothing can be divided by a share of nothing.
        ("msoa|trust|share|catchment", ["E02000001|RJ1|0|400"], None),
        ("msoa|trust|share|catchment", ["E02000001|RJ1|0.5|C"], None),
    ],
)
def test_the_population_of_an_area(headings, rows, population):
    read = areas(headings, *rows)
    assert read.problems == []
    found = set(read.rows["population"].astype(object).where(read.rows["population"].notna(), None))
    assert found == {population}


def test_every_area_has_its_own_population_and_all_its_rows_the_same():
    read = areas(
        "msoa|trust|share|population",
        "E02000001|RJ1|0.4|100",
        "E02000002|RJ1|1|70",
        "E02000001|RJZ|0.6|",
        "E02000003|RJZ|1|",
    )
    assert read.rows["population"].fillna(-1).tolist() == [100, 70, 100, -1]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("E09000022|RJ1|many|1", [(2, "Share", "many", NO_SHARE)]),
        ("E09000022|RJ1|0.5|many", [(2, "Population", "many", NO_NUMBER)]),
        ("E09000022|RJ1|0.5|-3", [(2, "Population", "-3", NO_NUMBER)]),
        ("E09000022|RJ1|0.5|99999999999", [(2, "Population", "99999999999", NO_NUMBER)]),
        ("|RJ1|0.5|1", [(2, "LAD code", "", NO_AREA)]),
        ("E0900002|RJ1|0.5|1", [(2, "LAD code", "E0900002", NO_AREA)]),
        ("X09000022|RJ1|0.5|1", [(2, "LAD code", "X09000022", NO_AREA)]),
        ("E09000022||0.5|1", [(2, "Trust code", "", NO_TRUST)]),
        ("E09000022|RJ|0.5|1", [(2, "Trust code", "RJ", NO_TRUST)]),
        ("E09000022|RJ1 |0.5|1", []),
        # Everything that is wrong with a row at once.
        (
            "Lambeth|Guy's|2|few",
            [
                (2, "LAD code", "Lambeth", NO_AREA),
                (2, "Trust code", "Guy's", NO_TRUST),
                (2, "Share", "2", NO_SHARE),
                (2, "Population", "few", NO_NUMBER),
            ],
        ),
    ],
)
def test_each_cell_that_is_wrong_is_said_with_its_column_value_and_what_to_do(row, problems):
    read = areas("LAD code|Trust code|Share|Population", row)
    assert said(read) == problems
    assert len(read.rows) == (0 if problems else 1)
    assert read.left_out == {"suppressed": 0}


@pytest.mark.parametrize("area", ["E09000022", "w06000015", "S12000033", "N09000003", "E02000618"])
def test_areas_of_the_whole_kingdom_are_known_by_their_codes(area):
    read = areas("area|trust|share", f"{area}|rj1|1")
    assert read.rows[["area", "provider"]].iloc[0].tolist() == [area.upper(), "RJ1"]


def test_a_pair_that_stands_twice_is_said_where_it_stands_again():
    read = areas("Area|Trust|Share", "E09000022|RJ1|0.1", "E09000022|RJZ|0.1", "E09000022|rj1|0.2", "e09000022|RJ1|0.1")
    assert said(read) == [(4, "Area", "E09000022 RJ1", TWICE), (5, "Area", "E09000022 RJ1", TWICE)]


@pytest.mark.parametrize(
    ("shares", "too_much"),
    [
        (["0.5", "0.5"], None),
        # Rounding is let pass, 101% and no more.
        (["0.505", "0.505"], None),
        (["0.51", "0.50000001"], "1.01000001"),
        (["1", "1"], "2.00000000"),
        (["0.9", "*"], None),
    ],
)
def test_shares_of_an_area_are_of_all_its_patients(shares, too_much):
    read = areas("Area|Trust|Share", "E09000001|RJ1|1", *(f"E09000022|RJ{n}|{share}" for n, share in enumerate(shares)))
    words = "Use shares of all patients of the area: those of E09000022 add up to more than 1."
    assert said(read) == ([(3, "Share", too_much, words)] if too_much else [])


@pytest.mark.parametrize("word", ["All", "all admissions", "All-Admissions", "ALL ADMISSION", "Total", ""])
def test_all_admissions_by_any_name_are_taken(word):
    read = areas("msoa|trust|share|admission type", f"E02000001|RJ1|0.5|{word}", "E02000001|RJ1|0.7|Elective")
    assert read.rows["proportion"].tolist() == [D("0.5")]
    assert read.left_out == {"other_admissions": 1, "suppressed": 0}


def test_a_file_of_other_admissions_alone_has_no_rows_and_says_how_many_it_left_out():
    read = areas("msoa|trust|share|admission type", "E02000001|RJ1|0.5|Elective", "E02000001|RJ1|0.7|Emergency")
    assert (len(read.rows), read.problems, read.year) == (0, [], "")
    assert read.left_out == {"other_admissions": 2, "suppressed": 0}


def test_faults_of_years_that_are_not_taken_do_not_matter():
    read = areas("msoa|trust|share|year", "E02000001|RJ1|lots|2021", "E02000001|RJ1|0.5|2022", "E02000001|RJ1|0.5|2021")
    assert (read.problems, read.year, read.left_out) == ([], "2022", {"earlier_years": 2, "suppressed": 0})


def test_rows_are_numbered_as_in_the_file_though_others_were_left_out():
    read = areas("msoa|trust|share|year", "E02000001|RJ1|0.1|2021", "E02000001|RJ1|0.5|2022", "E02000002|RJ1|lots|2022")
    assert said(read) == [(4, "share", "lots", NO_SHARE)]


@pytest.mark.parametrize(
    ("headings", "lacking"),
    [
        ("trust|share", ["area"]),
        ("share", ["area", "provider"]),
        ("nothing|known", ["area", "provider", "proportion"]),
        # Patients alone make no share.
        ("msoa|trust|patients", ["proportion"]),
        ("msoa|trust|total_patients", ["proportion"]),
    ],
)
def test_every_column_that_is_missing_is_said_at_once(headings, lacking):
    read = areas(headings, "|".join("1" for _ in headings.split("|")))
    assert [p["column"] for p in read.problems] == lacking
    for found in read.problems:
        first = ", ".join(AREA_HEADINGS[found["column"]][:3])
        assert (found["row"], found["message"]) == (1, f"Add a column of it, under a heading such as {first}.")


def test_a_file_of_origins_without_rows_says_so():
    assert said(origins("trust|icb code|share")) == [(1, "", "", "Use the published file: this one has no rows.")]


@pytest.mark.parametrize(
    ("code", "ons", "home"),
    [
        ("QKK", "", "QKK"),
        ("qkk", "", "QKK"),
        # By today's code, whichever code is given, and in whichever column.
        ("", "E54000030", "QKK"),
        ("E54000030", "", "QKK"),
        ("", "E54000063", "QXU"),
        ("E54000064", "", "QNX"),
        # The product's own code before any other.
        ("QKK", "E54000053", "QKK"),
        ("QZZ", "E54000053", "QNX"),
        # What is not known stays as the file has it.
        ("QZZ", "", "QZZ"),
        ("QZZ", "E54999999", "QZZ"),
        ("", "E54999999", "E54999999"),
    ],
)
def test_the_system_of_an_origin(code, ons, home):
    read = origins("trust|icb code|icb ons code|share", f"RJ1|{code}|{ons}|0.5")
    assert (read.problems, read.rows["home"].tolist()) == ([], [home])


def test_a_renewed_code_that_is_loaded_itself_is_no_longer_the_old_one():
    read = origins("trust|icb ons code|share", "RJ1|E54000063|0.5", systems={"E54000063": "QNEW", "E54000052": "QXU"})
    assert read.rows["home"].tolist() == ["QNEW"]


def test_two_codes_of_one_system_are_the_same_pair():
    read = origins("trust|icb ons code|share", "RJ1|E54000052|0.5", "RJ1|E54000063|0.1")
    assert said(read) == [(3, "trust", "RJ1 QXU", TWICE)]


def test_places_come_before_systems_where_a_file_names_both():
    read = origins("trust|icb code|icb name|lad code|lad name|share", "rj1|QKK|South East London|e09000022|Lambeth|25%")
    row = {"provider": "RJ1", "name": "", "home": "E09000022", "home_name": "Lambeth", "share": D("0.25")}
    assert (read.level, read.rows.to_dict("records")) == ("place", [row])


@pytest.mark.parametrize(
    ("sources", "source", "year"),
    [
        (["", ""], "", ""),
        (["OHID 2022", "OHID 2022"], "OHID 2022", "2022"),
        (["OHID 2022", ""], "OHID 2022", "2022"),
        (["One, of 2021", "Another, 2023"], "One, of 2021; Another, 2023", "2021"),
        (["Edition 120223", "Edition 120223"], "Edition 120223", ""),
    ],
)
def test_the_source_of_origins_is_what_the_file_names_and_its_year_the_first_in_it(sources, source, year):
    read = origins("trust|icb code|share|source", f"RJ1|QKK|0.5|{sources[0]}", f"RJ1|QNX|0.5|{sources[1]}")
    assert (read.source, read.year) == (source, year)


def test_origins_of_nought_stay_and_suppressed_ones_go():
    read = origins("trust|icb code|share", "RJ1|QKK|0", "RJ1|QNX|*", "RJ1|QXU|1")
    assert dict(zip(read.rows["home"], read.rows["share"], strict=True)) == {"QKK": D(0), "QXU": D(1)}
    assert read.left_out == {"suppressed": 1}


def test_a_share_that_cannot_be_read_is_not_counted_as_suppressed():
    read = origins("trust|icb code|share", "RJ1|QKK|most", "RJ1|QNX|*")
    assert said(read) == [(2, "share", "most", NO_SHARE)]
    assert read.left_out == {"suppressed": 1}


def test_origins_that_are_more_than_all_admissions_are_said_at_the_trusts_first_row():
    read = origins("trust|icb code|share", "RJZ|QKK|1", "RJ1|QKK|0.8", "RJ1|QNX|0.3")
    words = "Use shares of all admissions of the trust: those of RJ1 add up to more than 1."
    assert said(read) == [(3, "share", "1.10000000", words)]


cells = st.sampled_from(["0", "0.25", "50%", "*", "", "lots", "2", "-1", "0,1"])
codes = st.sampled_from(["E09000001", "e09000002", "W06000015", "Lambeth", ""])


@given(st.lists(st.tuples(codes, st.sampled_from(["RJ1", "rjz", "R J"]), cells, st.sampled_from(["1", "", "x"])), max_size=12))
def test_every_row_is_kept_suppressed_or_at_fault(rows):
    read = areas("Area|Trust|Share|Population", *("|".join(row) for row in rows))
    if not rows:
        assert said(read) == [(1, "", "", "Use the published file: this one has no rows.")]
        return
    whole = {"Remove it", "Use shares"}
    of_cells = {p["row"] for p in read.problems if p["message"].split(":")[0] not in whole and "add up" not in p["message"]}
    again = {p["row"] for p in read.problems if p["message"] == TWICE}
    assert len(read.rows) + read.left_out["suppressed"] + len(of_cells) == len(rows)
    # What is said twice was read.
    assert not again & of_cells
    assert all(0 <= share <= 1 for share in read.rows["proportion"])
