"""The pages of official files and of core shares: who may load, what a refused file shows, and what the numbers say."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from accounts.models import Role
from finance.actions.official import load_official_file
from finance.calculations.official_layouts import LAYOUTS
from finance.calculations.official_rows import official_rows
from finance.models import OfficialFile, OfficialFileKind
from planning.extracts.public_files import read_public_bytes
from presentation.figure import Mode
from tests.finance import official_files as files

pytestmark = pytest.mark.django_db
ADDRESS = "/allocation/official-files/"
SHARES = f"{ADDRESS}core-shares/"
SENTENCE = "not for provider or site funding"


def post(client, content: bytes | None = None, **changed):
    file = SimpleUploadedFile("wp.csv", files.practice_file() if content is None else content, content_type="text/csv")
    sent = {"kind": "practices", "edition": "2025/26", "source": "A publisher", "file": file, **changed}
    return client.post(ADDRESS, sent, follow=True)


@pytest.fixture
def loaded(programme_team):
    """A made-up list in the format of the published one, of which South East and South West London are loaded."""
    about = {"kind": "practices", "file_name": "wp.csv", "edition": "2025/26", "source": "A publisher"}
    return load_official_file(by=programme_team, content=files.practice_file(), **about).file


@pytest.mark.parametrize("role", [Role.PROGRAMME_TEAM, Role.ADMINISTRATOR])
def test_the_programme_team_and_administrators_load_a_file(signed_in, person, role):
    response = post(signed_in(person(role)), dated_day="30", dated_month="1", dated_year="2025")
    page = response.content.decode()
    assert "Practice weighted populations, 2025/26: 4 rows, loaded." in page
    assert "1 edition of official files is loaded" in page
    assert SENTENCE in page
    assert OfficialFile.objects.get().sha256[:12] in page


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE_LEAD, "RJ1"), (Role.BOARD_MEMBER, "")])
def test_others_see_what_is_loaded_and_may_not_load(signed_in, person, loaded, role, organisation):
    client = signed_in(person(role, organisation))
    page = client.get(ADDRESS).content.decode()
    assert "A publisher" in page
    assert "Check and load" not in page
    assert post(client).status_code in (400, 403)


def test_a_refused_file_leads_to_every_problem_and_to_files_of_them(signed_in, programme_team):
    client = signed_in(programme_team)
    rows = files.practice_rows(Population="<script>", **{"MH WP": "*"})
    response = post(client, files.practice_file(rows))
    [(address, _)] = response.redirect_chain
    page = response.content.decode()
    for words in (
        "wp.csv was not loaded.",
        "2 problems. Nothing of this file was loaded.",
        "MH WP",
        "&lt;script&gt;",
        "suppressed",
    ):
        assert words in page
    assert "<script>" not in page.replace('<script src="', "")
    lines = list(csv.reader(io.StringIO(b"".join(client.get(f"{address[:-1]}.csv")).decode("utf-8-sig"))))
    assert lines[0] == ["File", "Row", "Column", "Value", "What to do"]
    assert lines[1][:4] == ["wp.csv", "2", "MH WP", "*"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get(f"{address[:-1]}.xlsx")))).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 3
    assert client.get(f"{address[:-1]}.exe").status_code == 404
    assert "what is wrong" in client.get(ADDRESS).content.decode()


def test_another_edition_is_told_before_and_after(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    assert "This very file is loaded as the edition 2025/26" in post(client, edition="2026/27").content.decode()
    other = files.practice_file(Population="6100")
    assert "Ask for it to be replaced" in post(client, other).content.decode()
    assert "4 rows, replaced." in post(client, other, replace="on").content.decode()
    page = post(client, edition="2026/27").content.decode()
    assert "Other editions of it are loaded and stay: 2025/26." in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Select what is in the file"),
        ({"kind": "gossip"}, "Select what is in the file"),
        ({"edition": ""}, "Enter the edition"),
        ({"source": ""}, "Enter the source"),
        ({"file": ""}, "Select a file"),
        ({"dated_day": "31", "dated_month": "2", "dated_year": "2025"}, "Enter a real date"),
    ],
)
def test_what_is_missing_is_asked_for(signed_in, programme_team, changed, words):
    page = post(signed_in(programme_team), **changed).content.decode()
    assert words in page
    assert "There is a problem" in page
    assert not OfficialFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_in_words(signed_in, programme_team, settings):
    settings.PUBLIC_FILE_MAX_BYTES = 10
    assert "must be smaller than" in post(signed_in(programme_team)).content.decode()


def test_problems_of_a_loaded_file_and_of_none_are_not_found(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    assert client.get(f"{ADDRESS}{loaded.pk}/problems/").status_code == 404
    assert client.get(f"{ADDRESS}999/problems.csv").status_code == 404


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_blank_file_is_read_by_its_own_reader(signed_in, programme_team, kind):
    content = b"".join(signed_in(programme_team).get(f"{ADDRESS}blank/{kind}.csv"))
    found = official_rows(read_public_bytes(content), kind=kind, file="blank.csv")
    assert [one for one in found.problems if "covered" not in one["message"]] == []
    assert len(found.rows) == 1


def test_every_kind_has_a_layout_and_no_other_has_a_blank_file(signed_in, programme_team):
    assert {kind: layout.title for kind, layout in LAYOUTS.items()} == dict(OfficialFileKind.choices)
    assert signed_in(programme_team).get(f"{ADDRESS}blank/gossip.csv").status_code == 404


def test_the_command_loads_and_refuses_as_the_page_does(tmp_path, capsys):
    path = tmp_path / "wp_2025_26.csv"
    path.write_bytes(files.practice_file())
    call_command("load_official_file", "practices", path, edition="2025/26", source="A publisher")
    assert '"state": "loaded"' in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("load_official_file", "practices", path, edition="2026/27", source="A publisher")
    out, err = capsys.readouterr()
    assert '"state": "refused", "reason": "wp_2025_26.csv has 2 problems; nothing was loaded."' in out
    assert "The file’s name says 2025/26: this is another edition" in err


def test_core_shares_are_of_all_england_where_weights_add_up_to_people(area, run, loaded):
    result = run("core_shares")
    rows = result.frame.set_index("system_name")
    assert rows.loc["South East London", ["population_share", "target_share"]].tolist() == pytest.approx([0.5, 0.49])
    assert rows.loc["South East London", "need_overall_core"] == pytest.approx(0.98)
    assert result.title == "South West London has 25.00% of England’s people and a core target share of 22.50%"
    assert rows.loc["England", ["target_share", "practices", "need_maternity"]].tolist() == [1, 4, 1]
    assert result.position is None
    assert not result.illustrative
    assert "core services (not specialised)" in result.source


def test_a_list_of_a_part_of_england_says_so(area, run, programme_team):
    rows = files.practice_rows()[:2]
    load_official_file(
        by=programme_team, kind="practices", content=files.practice_file(rows), file_name="x", edition="2025/26", source="x"
    )
    result = run("core_shares")
    assert "of the areas in the file’s people" in result.title
    assert any("does not hold all of England" in note for note in result.notes)
    assert result.frame["system_name"].tolist() == ["South East London", "The areas in the file"]


def test_places_are_held_against_their_system_to_two_decimals(area, run, loaded):
    result = run("core_place_indices")
    rows = result.frame.set_index("place_name")
    assert rows.loc["Bexley", "place_overall_core"] == 1.12
    assert rows.loc["Southwark", "place_mental_health"] == 1.15
    assert rows["shown"].to_dict() == {"Ashford": False, "Bexley": True, "Southwark": True, "Kingston upon Thames": True}
    assert result.title.endswith("in Southwark, where 1.00 is South East London")


def test_a_board_member_takes_away_the_same_public_numbers(area, run, loaded):
    inside, outside = run("core_shares"), run("core_shares", mode=Mode.OUTSIDE)
    assert inside.frame["target_share"].tolist() == outside.frame["target_share"].tolist()


def test_the_page_says_what_it_is_and_without_a_file_what_to_do(area, signed_in, programme_team):
    client = signed_in(programme_team)
    page = client.get(SHARES).content.decode()
    assert "No practice weighted populations are loaded" in page
    assert "load one on the page of official files" in page
    post(client)
    page = client.get(SHARES).content.decode()
    assert "South London has 75.00% of the people of England and 71.50% of its weighted people" in page
    assert SENTENCE in page
    assert "Core services, not specialised" in page
    assert "Edition: “1999/00” is not loaded" in client.get(SHARES, {"edition": "1999/00"}).content.decode()


def test_an_older_edition_may_be_asked_for(area, run, loaded, programme_team):
    later = {"content": files.practice_file(Population="3000"), "file_name": "x", "edition": "2026/27", "source": "x"}
    load_official_file(by=programme_team, kind="practices", **later)
    assert run("core_shares").frame["population"].iloc[-1] == 17_000
    older = run("core_shares", {"edition": "2025/26"})
    assert older.frame["population"].iloc[-1] == 20_000
    assert older.query_string == "edition=2025%2F26"


def test_what_changed_since_the_edition_before_is_said(area, run, loaded, programme_team):
    assert "change" not in run("core_shares").frame
    rows = files.practice_rows(**{"Final WP": "4600"})
    later = {"content": files.practice_file(rows), "file_name": "x", "edition": "2026/27", "source": "x"}
    load_official_file(by=programme_team, kind="practices", **later)
    result = run("core_shares")
    row = result.frame.set_index("system").loc["QKK"]
    assert row[["before_share", "target_share"]].tolist() == pytest.approx([0.49, 7_800 / 18_000])
    assert row["change"] == pytest.approx(7_800 / 18_000 - 0.49)
    said = "Since the edition 2025/26 the target share of South East London has changed the most, from 49.000% to 43.333%."
    assert said in result.notes
    assert "Core target share, edition before" in result.table.headings
    assert "change" not in run("core_shares", {"edition": "2025/26"}).frame
    assert [one.split()[1] for one in result.stamp] == ["2026/27", "2025/26"]
    assert len(result.figure.sources(result.filters)) == 2
