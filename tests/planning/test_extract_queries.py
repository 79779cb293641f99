"""What may be seen of extracts, and what they are checked against."""

from pathlib import Path

import pytest
from django.http import Http404

from accounts.models import Role
from planning.actions.bulk_insert import insert_rows
from planning.extracts.cleaning import clean_provider
from planning.models import Extract, ExtractProblem
from planning.queries import extracts as queries
from planning.queries.problems import problems_by_rule
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def test_extracts_are_checked_against_the_loaded_lists():
    reference = queries.checking_reference()
    assert {"RJ1", "RJZ"} <= reference.codes["providers"]
    assert "NCBPS13B" in reference.codes["service_codes"]
    assert reference.provider_names["RJ1"].startswith("Guy's")
    assert {"72Q", "13R", "VPP00", "7A1"} <= set(reference.commissioners["code"])
    assert {"commissioner", "system_code", "valid_from", "valid_to"} <= set(reference.parents)


def test_points_of_delivery_have_units():
    assert queries.units()["EL"] == "SPELL"


def test_a_commissioner_plans_for_a_system_in_a_year():
    codes = ["72Q", "92A", "13R", "VPP00", "00L", "ZZZ"]
    assert queries.system_of_commissioners(codes, "2025/26") == {
        "72Q": "QKK", "92A": "QXU", "13R": None, "VPP00": None, "00L": None, "ZZZ": None,
    }  # fmt: skip
    assert queries.system_of_commissioners(["92A"], "2026/27") == {"92A": "S9B9J"}


def test_commissioners_of_a_system():
    assert "72Q" in queries.commissioners_of("QKK", "2025/26")
    assert "36L" not in queries.commissioners_of("QKK", "2025/26")


def test_systems_in_a_file_are_known_once_it_was_read():
    assert queries.systems_in(receive()) == []
    extract = check([acm_row(), acm_row(commissioner="13R"), acm_row(commissioner="36L")])
    assert sorted(queries.systems_in(extract), key=str) == [None, "QKK", "QWE"]


@pytest.fixture
def three(person) -> dict[str, Extract]:
    """Extracts of two providers, and one that a system's lead sent."""
    return {
        "RJ1": check([acm_row(), acm_row(commissioner="36L")]),
        "RJZ": check([acm_row(provider="RJZ"), acm_row(provider="RJZ", commissioner="36L")]),
        "QKK": check([acm_row(actual_price="7")], by=person(Role.FINANCE_LEAD, "QKK")),
    }


@pytest.mark.parametrize(
    ("role", "organisation", "sees"),
    [
        (Role.PROGRAMME_TEAM, "", {"RJ1", "RJZ", "QKK"}),
        (Role.FINANCE_LEAD, "RJ1", {"RJ1", "QKK"}),
        (Role.FINANCE_LEAD, "RJZ", {"RJZ"}),
        (Role.FINANCE_LEAD, "QKK", {"QKK"}),
        (Role.FINANCE_LEAD, "QWE", set()),
    ],
)
def test_people_see_their_own_extracts(three, person, role, organisation, sees):
    someone = person(role, organisation)
    assert set(queries.extracts_for(someone)) == {three[name] for name in sees}
    for name, extract in three.items():
        if name in sees:
            assert queries.extract_for(someone, extract.pk) == extract
        else:
            with pytest.raises(Http404):
                queries.extract_for(someone, extract.pk)


def test_an_extract_that_is_not_there_is_not_found(programme_team):
    with pytest.raises(Http404):
        queries.extract_for(programme_team, 999_999)
    assert queries.extract_by_id(999_999) is None


def test_board_members_see_no_extracts(three, board_member):
    with pytest.raises(Http404):
        queries.extracts_for(board_member)


def test_problems_are_grouped_by_rule_with_errors_first():
    extract = check([acm_row(), acm_row(site="x"), acm_row(site="y"), acm_row(month="x")])
    groups = [(g["rule"], g["severity"], g["number"], g["first_row"]) for g in problems_by_rule(extract)]
    assert groups == [("month cannot be read", "error", 1, 5), ("site has another form", "warning", 2, 3)]


def test_the_position_of_an_extract_is_the_one_its_publication_made():
    extract = check()
    assert queries.position_of(extract) is None
    [published] = publish([acm_row(month=2)])
    assert queries.position_of(published) == 1


def test_rows_are_inserted_as_they_are():
    extract = receive()
    columns = ("extract_id", "row", "column", "value", "rule", "severity", "message")
    values = ["plain", "", 'a "quote", and a comma', "two\nlines", "\\N", "£ é 漢", " blanks ", "NULL"]
    insert_rows(
        ExtractProblem, columns, [(extract.pk, n or None, "", value, "r", "error", "m") for n, value in enumerate(values)]
    )
    assert list(extract.problems.order_by("id").values_list("value", flat=True)) == values
    assert extract.problems.order_by("id").first().row is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RJ1", "RJ1"),
        ("RJ100", "RJ1"),
        ("RJ122", "RJ1"),
        ("RJ1223", "RJ1"),
        ("NT123", "NT123"),
        ("NT1", None),
        ("RJ1 GUYS", None),
        ("", None),
    ],
)
def test_a_provider_may_have_the_code_of_a_site_behind_it(text, code):
    assert clean_provider(text, {"RJ1", "NT123"}) == code
