from datetime import date

import pandas as pd
import pytest

from planning.calculations.homes import home_systems, resolve_homes
from tests.planning.checked_files import SYSTEMS, commissioners, parents, practices


def home(year=2025, listed=None, **cells) -> tuple[str, str, str]:
    columns = ("practice_responsibility", "residence_responsibility", "commissioner", "practice")
    rows = pd.DataFrame([{**dict.fromkeys(columns, ""), **cells}], dtype=object)
    known = home_systems(commissioners(), parents(), sorted(SYSTEMS), date(year, 4, 1))
    found = resolve_homes(rows, known, practices() if listed is None else listed).iloc[0]
    return found["home"], found["home_system"], found["home_place"]


def test_the_practice_decides_then_the_residence_then_the_commissioner():
    cells = {"practice_responsibility": "72Q", "residence_responsibility": "36L", "commissioner": "92A"}
    assert home(**cells)[:2] == ("72Q", "QKK")
    assert home(**{**cells, "practice_responsibility": ""})[:2] == ("36L", "QWE")
    assert home(commissioner="92A")[:2] == ("92A", "QXU")


@pytest.mark.parametrize("commissioner", ["13R", "13Q", ""])
def test_a_hub_says_nothing_about_where_people_live(commissioner):
    assert home(commissioner=commissioner) == ("", "NOT-KNOWN", "")
    assert home(commissioner=commissioner, residence_responsibility="36L")[:2] == ("36L", "QWE")


def test_default_codes_and_hubs_in_place_of_a_home_are_passed_over():
    assert home(practice_responsibility="X98", residence_responsibility="13R", commissioner="72Q")[:2] == ("72Q", "QKK")


@pytest.mark.parametrize(("code", "group"), [("7A1", "DEVOLVED"), ("TDH00", "OVERSEAS"), ("VPP00", "PRIVATE")])
def test_groups_that_are_no_part_of_england_are_their_own(code, group):
    assert home(practice_responsibility=code)[:2] == (code, group)
    assert home(commissioner=code)[:2] == (code, group)


def test_codes_beyond_those_loaded_are_the_rest_of_england():
    assert home(practice_responsibility="00L")[:2] == ("00L", "REST")
    assert home(residence_responsibility="99C")[:2] == ("99C", "REST")


def test_an_unlisted_commissioner_says_nothing_about_where_people_live():
    assert home(commissioner="99C") == ("", "NOT-KNOWN", "")


def test_what_is_no_code_is_passed_over():
    assert home(practice_responsibility="NOT SAID", residence_responsibility="36L")[:2] == ("36L", "QWE")


def test_the_system_is_that_of_the_year():
    assert home(2025, practice_responsibility="92A")[1] == "QXU"
    assert home(2026, practice_responsibility="92A")[1] == "S9B9J"


def test_a_code_used_after_its_end_keeps_the_system_nearest_in_time():
    assert home(2025, practice_responsibility="07N")[1] == "QKK"
    assert home(2012, practice_responsibility="72Q")[1] == "QKK"


def test_a_system_may_stand_for_a_home():
    assert home(practice_responsibility="QKK")[:2] == ("QKK", "QKK")
    assert home(commissioner="QKK") == ("", "NOT-KNOWN", "")


def test_the_place_is_the_practices():
    assert home(practice_responsibility="72Q", practice="G85001")[2] == "E09000028"
    assert home(practice_responsibility="92A", practice="H81001")[2] == "E07000207"


def test_the_place_stays_the_practices_when_its_system_has_become_another():
    assert home(2026, practice_responsibility="92A", practice="H81001") == ("92A", "S9B9J", "E07000207")


def test_a_practice_of_another_system_gives_no_place():
    assert home(practice_responsibility="36L", practice="G85001")[2] == ""


def test_a_group_of_one_borough_gives_the_place():
    assert home(2019, practice_responsibility="07N") == ("07N", "QKK", "E09000004")


def test_homes_are_known_without_a_practice_list():
    assert home(listed=practices()[:0], practice_responsibility="72Q", practice="G85001") == ("72Q", "QKK", "")


def test_no_rows_give_no_homes():
    rows = pd.DataFrame(columns=["practice_responsibility", "residence_responsibility", "commissioner", "practice"], dtype=object)
    known = home_systems(commissioners(), parents(), sorted(SYSTEMS), date(2025, 4, 1))
    assert resolve_homes(rows, known, practices()).empty
