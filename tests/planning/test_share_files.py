"""Public files of shares: many spellings of their headings, every fault with what to do, and nothing guessed."""

import io
from decimal import Decimal

import pandas as pd
import pytest

from planning.calculations.origins import origins_by_provider
from planning.calculations.share_files import area_proportion_rows, origin_share_rows, read_share
from planning.extracts.public_files import read_public_bytes
from tests.planning.workbook_files import workbook_bytes

OHID = """CatchmentYear,msoa,TrustCode,TrustName,patients,total_patients,proportion,msoa_total_catchment,trust_total_catchment
2022,E02000001,RJ1,A,10,40,0.25,1000,9
2023,E02000001,RJ1,A,30,40,0.75,6000,9
2023,E02000001,RJZ,B,8,40,0.2,1600,9
2023,E02000002,RJ1,A,*,40,*,,9
"""


def text(content: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False)


def areas(content: str):
    return area_proportion_rows(text(content), file="file.csv")


def test_the_published_file_is_read_with_its_own_headings_and_the_latest_year():
    read = areas(OHID)
    assert read.problems == []
    rows = [tuple(row) for row in read.rows.itertuples(index=False)]
    assert rows == [("E02000001", "RJ1", Decimal("0.75"), 8000.0), ("E02000001", "RJZ", Decimal("0.2"), 8000.0)]
    assert (read.year, read.left_out) == ("2023", {"earlier_years": 1, "suppressed": 1})


@pytest.mark.parametrize(
    "content",
    [
        "LAD22CD,Provider Code,Share\nE09000022,rj1,50%\n",
        "local authority code,ODS code,Proportion of patients\nE09000022,RJ1,0.5\n",
        "Area,Trust,proportion\n e09000022 ,RJ1, 0.50 \n",
        "ltla_code,TrustCode,patients,total patients\nE09000022,RJ1,10,20\n",
    ],
)
def test_headings_are_known_by_many_spellings(content):
    read = areas(content)
    assert read.problems == []
    [row] = read.rows.to_dict("records")
    assert (row["area"], row["provider"], row["proportion"]) == ("E09000022", "RJ1", Decimal("0.5"))
    assert pd.isna(row["population"])


def test_only_all_admissions_are_taken():
    content = "msoa,trust,proportion,population,AdmissionType\n" + "".join(
        f"E02000001,RJ1,0.{n},900,{kind}\n" for n, kind in enumerate(["All Admissions", "Emergency", "Elective"], start=1)
    )
    read = areas(content)
    assert read.rows.to_dict("records") == [
        {"area": "E02000001", "provider": "RJ1", "proportion": Decimal("0.1"), "population": 900.0}
    ]
    assert read.left_out["other_admissions"] == 2


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        ("E09000022,RJ1,half", "Share", "half", "from 0 to 1"),
        ("E09000022,RJ1,1.5", "Share", "1.5", "from 0 to 1"),
        ("E09000022,RJ1,-0.1", "Share", "-0.1", "from 0 to 1"),
        ("E09000022,RJ1,NaN", "Share", "NaN", "from 0 to 1"),
        ("Lambeth,RJ1,0.5", "LAD code", "Lambeth", "E09000022"),
        ("E09000022,Guy's,0.5", "Trust code", "Guy's", "RJ1"),
        ("E09000001,RJZ,0.5", "LAD code", "E09000001 RJZ", "Remove it"),
        ("E09000001,RJ7,0.6", "Share", "1.1", "more than 1"),
    ],
)
def test_each_fault_names_its_row_and_column_and_what_to_do(row, column, value, words):
    read = areas(f"LAD code,Trust code,Share\nE09000001,RJZ,0.5\n{row}\n")
    [found] = read.problems
    assert (found["file"], found["column"]) == ("file.csv", column)
    assert found["row"] == (2 if words == "more than 1" else 3)
    assert str(Decimal(found["value"]) if words == "more than 1" else found["value"]).startswith(value)
    assert words in found["message"]


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("trust,share\nRJ1,0.5\n", "area"),
        ("msoa,share\nE02000001,0.5\n", "provider"),
        ("msoa,trust\nE02000001,RJ1\n", "proportion"),
    ],
)
def test_a_missing_column_is_named_with_a_heading_that_would_do(content, column):
    [found] = areas(content).problems
    assert (found["row"], found["column"]) == (1, column)
    assert "heading such as" in found["message"]


def test_a_file_without_rows_says_so():
    assert "no rows" in areas("msoa,trust,share\n").problems[0]["message"]


def test_more_patients_than_there_are_is_a_fault():
    [found] = areas("msoa,trust,patients,total_patients\nE02000001,RJ1,9,8\n").problems
    assert (found["column"], found["value"]) == ("patients", "9")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("0.5", Decimal("0.5")), ("50%", Decimal("0.5")), ("1e-05", Decimal("0.00001")), ("", None), ("*", None), ("c", None)],
)
def test_shares_as_files_write_them(cell, value):
    assert read_share(cell) == value


ORIGINS = """trust_code,trust_short,icb_code,icb_ons_code,icb_name,share_of_trust_admissions,source
RJ1,GSTT,QKK,E54000030,South East London,0.5,Published 2022 by somebody
RJ1,GSTT,QNX,E54000053,Sussex,0.3,Published 2022 by somebody
RJ1,GSTT,,E54000063,Surrey Heartlands,0.1,Published 2022 by somebody
RJ1,GSTT,QYG,E54000008,Cheshire and Merseyside,0,Published 2022 by somebody
"""
SYSTEMS = {"E54000030": "QKK", "E54000053": "QNX", "E54000052": "QXU"}


def test_origins_are_known_by_todays_codes_whichever_code_the_file_has():
    read = origin_share_rows(text(ORIGINS), file="file.csv", systems=SYSTEMS)
    assert read.problems == []
    assert (read.level, read.source, read.year) == ("system", "Published 2022 by somebody", "2022")
    assert read.rows["home"].tolist() == ["QKK", "QNX", "QXU", "QYG"]
    assert read.rows["share"].tolist() == [Decimal("0.5"), Decimal("0.3"), Decimal("0.1"), Decimal(0)]


def test_origins_by_place_are_told_by_their_codes():
    content = "trust_code,lad_code,lad_name,proportion_trust_came_from_ltla\nRJ1,E09000022,Lambeth,0.25\n"
    read = origin_share_rows(text(content), file="file.csv", systems=SYSTEMS)
    assert (read.level, read.rows["home"].tolist(), read.rows["home_name"].tolist()) == ("place", ["E09000022"], ["Lambeth"])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("RJ1,QKK,2", "from 0 to 1"),
        (",QKK,0.2", "Fill in the code"),
        ("RJ1,,0.05", "Fill in the code"),
        ("RJ1,QWE,0.1", "Remove it"),
        ("RJ1,QKK,0.8", "all admissions of the trust"),
    ],
)
def test_faults_of_origins_say_what_to_do(row, words):
    content = f"trust_code,icb_code,share\nRJ1,QWE,0.9\n{row}\n"
    problems = origin_share_rows(text(content), file="file.csv", systems=SYSTEMS).problems
    assert [words in one["message"] for one in problems] == [True]


def test_origins_need_a_home():
    assert origin_share_rows(text("trust_code,share\nRJ1,1\n"), file="f", systems={}).problems[0]["column"] == "system"


def test_a_provider_without_a_host_has_no_own_system():
    shares = pd.DataFrame({"home_system": ["QKK", "QWE"], "provider": ["RJ1", "RHM"], "share": [1.0, 1.0]})
    hosts = pd.DataFrame({"provider": ["RJ1"], "system": ["QKK"]})
    found = origins_by_provider(shares, own={"QKK"}, hosts=hosts).set_index("provider")
    assert found.loc["RJ1", ["own_system", "outside_own_area", "homes_for_90"]].tolist() == [1.0, 0.0, 1]
    assert pd.isna(found.loc["RHM", "own_system"])
    assert found.loc["RHM", "outside_own_area"] == 1.0


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"\xef\xbb\xbfa,b\n1,2\n", ["a", "b"]),
        ("a;b\nÉ;2\n".encode("cp1252"), ["a", "b"]),
        (b"a\tb\r\n1\t2\r\n", ["a", "b"]),
        (b'a|b\n"1"|2\n', ["a", "b"]),
    ],
)
def test_a_public_file_is_read_in_any_encoding_and_separator(content, columns):
    frame = read_public_bytes(content)
    assert (list(frame.columns), len(frame)) == (columns, 1)


def test_the_one_sheet_of_a_workbook_is_read_as_far_as_it_is_filled():
    """Hidden sheets and blank rows at its end are passed over; a blank row between others keeps its place."""
    rows = [["code", "share"], ["E09000022", 0.25], [], ["E09000028", "x"], [""], []]
    content = workbook_bytes({"Shares": rows, "Lists": [["a"]]}, hidden=["Lists"])
    frame = read_public_bytes(content)
    assert frame.to_numpy().tolist() == [["E09000022", "0.25"], ["", ""], ["E09000028", "x"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04...", "broken"),
        (workbook_bytes({"One": [["a", "b"], [1, 2]], "Two": [["a"], [3]]}), "alone in its workbook.*“One”, “Two”"),
        (b"a\x00b", "not text"),
        (b"", "cannot be read"),
        (b"a,b\n1,2,3\n", "more cells than its heading"),
        (b"a,b\n1,2\n1,2,3\n", "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(ValueError, match=words):
        read_public_bytes(content)
