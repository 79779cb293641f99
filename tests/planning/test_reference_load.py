"""Loading reference data: all or nothing, again without change, and in words that say what to do."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import AuditEvent
from accounts.queries import command_line_user
from finance.models import Rate
from networks.models import Network
from planning.actions import ReferenceRefused, load_practices, load_reference
from planning.models import Commissioner, Footprint, Neighbourhood, Place, Practice, Region, ServiceCode, System
from planning.queries.reference import practice_lookup

pytestmark = pytest.mark.django_db
OWN = settings.BASE_DIR / "fixtures" / "reference"
PRACTICE_FILE = Path(__file__).parent / "files" / "practices.csv"


@pytest.fixture
def folder(tmp_path):
    """A copy of the product's own files, to be changed."""
    return Path(shutil.copytree(OWN, tmp_path / "reference"))


def edit(path, change):
    """Rewrites a CSV: `change` gets its rows as dictionaries and returns the rows to keep."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def set_cell(path, code, column, value):
    edit(path, lambda rows: [row | ({column: value} if row["code"] == code else {}) for row in rows])


def run(*arguments, **options):
    """Exit status, what was printed and what was said."""
    out, said = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=said, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue()), said.getvalue()


def totals(printed):
    return {
        what: sum(count[what] for count in printed["tables"].values()) for what in ("rows", "created", "updated", "unchanged")
    }


def test_a_second_load_changes_nothing():
    status, first, _ = run("load_reference")
    assert (status, first["state"]) == (0, "loaded")
    assert totals(first)["created"] == totals(first)["rows"] > 4000
    _, second, said = run("load_reference")
    assert totals(second) == {"rows": totals(first)["rows"], "created": 0, "updated": 0, "unchanged": totals(first)["rows"]}
    assert "0 new, 0 changed" in said


def test_counts_are_those_of_the_database():
    _, printed, _ = run("load_reference")
    assert printed["tables"]["service_codes"]["rows"] == ServiceCode.objects.count()
    assert printed["tables"]["networks"]["rows"] == Network.objects.count()
    assert printed["tables"]["rates"]["rows"] == Rate.objects.count()


def test_a_dry_run_counts_and_writes_nothing():
    status, printed, said = run("load_reference", dry_run=True)
    assert (status, printed["state"]) == (0, "checked")
    assert totals(printed)["created"] > 4000
    assert "checked" in said
    assert not Region.objects.exists()
    assert not Network.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_changed_cell_is_the_only_thing_written(folder):
    run("load_reference")
    set_cell(folder / "systems.csv", "QKK", "short_name", "South East")
    _, printed, _ = run("load_reference", folder=folder)
    assert printed["tables"]["systems"]["updated"] == 1
    assert totals(printed)["updated"] == 1
    assert System.objects.get(code="QKK").short_name == "South East"


def test_a_blank_cell_clears_what_was_there(folder):
    run("load_reference")
    set_cell(folder / "commissioners.csv", "08K", "place", "")
    run("load_reference", folder=folder)
    assert Commissioner.objects.get(code="08K").place is None


def test_a_row_that_left_the_file_is_reported_and_stays(folder):
    run("load_reference")
    edit(folder / "sites.csv", lambda rows: [row for row in rows if row["name"] != "Harefield Hospital"])
    status, printed, said = run("load_reference", folder=folder)
    assert status == 0
    assert printed["tables"]["sites"]["not_in_files"] == ["RJ1 Harefield Hospital"]
    assert "sites: 1 rows are in no file and were left" in said


def test_the_own_footprint_can_move_to_another(folder):
    run("load_reference")
    set_cell(folder / "footprints.csv", "south-london", "is_own", "false")
    set_cell(folder / "footprints.csv", "swl-surrey-heartlands", "is_own", "true")
    assert run("load_reference", folder=folder)[0] == 0
    assert Footprint.objects.get(is_own=True).code == "swl-surrey-heartlands"


FAULTS = {
    "unknown code": ("places.csv", "E09000022", "system", "QQQ", "systems.csv"),
    "bad date": ("systems.csv", "QXU", "valid_to", "31/03/2026", "YYYY-MM-DD"),
    "negative": ("places.csv", "E09000022", "registered_population", "-1", "at least 0"),
    "word for number": ("places.csv", "E09000022", "imd_2019", "high", "number"),
    "unknown choice": ("commissioners.csv", "72Q", "kind", "icb", "sub_icb, ccg"),
    "too long": ("regions.csv", "Y56", "name", "x" * 81, "at most 80"),
    "no name": ("providers.csv", "RJ1", "name", "", "may not be blank"),
    "follows itself": ("providers.csv", "RJ1", "successor", "RT3", "follow itself"),
    "two own areas": ("footprints.csv", "south-london-kss", "is_own", "true", "only one"),
    "unknown host": ("networks.csv", "burns", "host_provider", "RZZ", "providers.csv"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_faulty_cell_refuses_the_whole(folder, fault):
    file, code, column, value, advice = FAULTS[fault]
    set_cell(folder / file, code, column, value)
    status, printed, said = run("load_reference", folder=folder)
    assert (status, printed["state"]) == (1, "refused")
    assert (printed["problems"][0]["file"], printed["problems"][0]["column"]) == (file, column)
    assert advice in printed["problems"][0]["message"]
    assert file in said
    assert not Region.objects.exists()
    assert not Rate.objects.exists()
    assert not AuditEvent.objects.exists()


def test_faults_of_several_files_are_told_at_once(folder):
    set_cell(folder / "regions.csv", "Y56", "name", "")
    edit(folder / "rates.csv", lambda rows: [row | {"value": "much"} for row in rows[:1]] + rows[1:])
    set_cell(folder / "systems.csv", "QKK", "latitude", "north")
    _, printed, said = run("load_reference", folder=folder)
    assert "networks' files were not checked" in said
    assert [one["file"] for one in printed["problems"]] == ["rates.csv", "regions.csv", "systems.csv"]


def test_a_missing_file_is_asked_for(folder):
    (folder / "places.csv").unlink()
    _, printed, _ = run("load_reference", folder=folder)
    assert ("places.csv", "Add this file: it is missing.") in [(one["file"], one["message"]) for one in printed["problems"]]


@pytest.mark.parametrize(("content", "advice"), [(b"code,name\xff,source\n", "UTF-8"), (b"", "CSV"), (b"code\na,b,c\n", "")])
def test_a_file_that_is_no_table_is_refused_in_words(folder, content, advice):
    (folder / "regions.csv").write_bytes(content)
    with pytest.raises(ReferenceRefused) as refusal:
        load_reference(by=command_line_user(), folder=folder)
    messages = refusal.value.problems.query("file == 'regions.csv'")["message"]
    assert len(messages)
    assert messages.str.contains(advice).any()


def test_a_later_fault_undoes_what_was_written_before_it(folder):
    edit(folder / "network_scope.csv", lambda rows: [rows[0] | {"service_code": "NCBPS01C"}, *rows[1:]])
    status, printed, _ = run("load_reference", folder=folder)
    assert status == 1
    assert printed["problems"][0]["file"] == "network_scope.csv"
    assert not Place.objects.exists()


def test_who_loaded_is_in_the_audit_trail():
    run("load_reference")
    event = AuditEvent.objects.get(about="planning")
    assert event.by == command_line_user()
    assert event.detail["counts"]["regions"]["created"] == 7


def test_practices_come_from_the_published_list():
    status, printed, said = run("load_practices", str(PRACTICE_FILE))
    assert (status, printed["state"]) == (0, "loaded")
    assert "3 practices" in said
    first = Practice.objects.get(code="Z00001")
    assert (first.system_code, first.place_code, first.population, first.edition) == ("QKK", "E09000022", 10000.5, "2025/26")
    assert first.weighted_populations["general_acute"] == 9000.25
    assert first.weighted_populations["health_inequalities"] == 11000


def test_a_blank_component_is_left_out_and_not_zero():
    run("load_practices", str(PRACTICE_FILE))
    assert "community_services" not in Practice.objects.get(code="Z00003").weighted_populations


def test_neighbourhoods_are_made_where_the_list_names_them():
    run("load_practices", str(PRACTICE_FILE))
    assert Neighbourhood.objects.get().name == "MADE-UP NORTH PCN"
    assert Practice.objects.get(code="Z00002").neighbourhood_id == "U99901"
    assert Practice.objects.get(code="Z00003").neighbourhood is None


def test_the_same_list_again_changes_nothing():
    run("load_practices", str(PRACTICE_FILE))
    _, printed, _ = run("load_practices", str(PRACTICE_FILE))
    assert printed["tables"]["practices"] == {"rows": 3, "created": 0, "updated": 0, "unchanged": 3, "kept": 0, "not_in_files": 0}


def test_practice_lookup_gives_system_and_place():
    run("load_practices", str(PRACTICE_FILE))
    assert practice_lookup().iloc[2].to_dict() == {"code": "Z00003", "system_code": "QWE", "place_code": "E09000008"}


def test_a_list_with_a_fault_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(PRACTICE_FILE.read_text(encoding="utf-8").replace(",10000.5,", ",many,"), encoding="utf-8")
    status, printed, said = run("load_practices", str(path))
    assert (status, printed["state"]) == (1, "refused")
    assert [(one["file"], one["row"], one["column"]) for one in printed["problems"]] == [("list.csv", 2, "Population")]
    assert "many" in said
    assert not Practice.objects.exists()


@pytest.mark.parametrize(
    "content", ["", "Practice_Code,Population\nZ1,5\n", PRACTICE_FILE.read_text(encoding="utf-8").split("\n")[0] + "\n"]
)
def test_another_file_is_refused_in_words(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReferenceRefused) as refusal:
        load_practices(by=command_line_user(), path=path, edition="2025/26")
    assert refusal.value.problems["message"].str.len().min() > 10
