"""An official list of practices makes homes known by place: on the page that loads it, and in extracts sent from then on."""

import pytest

from accounts.models import AuditEvent
from accounts.permissions import NotAllowed
from finance.actions.official import load_official_file
from finance.calculations.official_rows import official_rows
from planning.actions import public_text, take_practices
from planning.models import PatientFlow, Practice
from tests.finance import official_files as files
from tests.planning import received_extracts
from tests.planning.acm_files import acm_row

pytestmark = pytest.mark.django_db


def load(by, content: bytes | None = None, edition: str = "2025/26"):
    about = {"file_name": "practices.csv", "edition": edition, "source": "A publisher"}
    return load_official_file(by=by, kind="practices", content=content or files.practice_file(), **about)


def kept() -> dict[str, tuple]:
    return {p.code: (p.name, p.system_code, p.place_code, p.population, p.edition) for p in Practice.objects.all()}


def test_practices_are_where_the_list_says(programme_team):
    loaded = load(programme_team)
    assert kept() == {
        "A00001": ("Surgery 1", "QKK", "E09000004", 6000, "2025/26"),
        "A00002": ("Surgery 2", "QKK", "E09000028", 4000, "2025/26"),
        "A00003": ("Surgery 3", "QWE", "E09000021", 5000, "2025/26"),
        "A00004": ("Surgery 4", "QKS", "E07000105", 5000, "2025/26"),
    }
    assert "Practices that tell the place of a patient’s home now: 4." in loaded.words
    assert "withdraw one and send it again" in loaded.words
    assert Practice.objects.get(code="A00001").source.startswith("A publisher; Practice weighted populations")
    assert AuditEvent.objects.get(action="took practices").detail["practices"] == 4


def test_a_later_list_moves_a_practice_and_an_earlier_one_does_not(programme_team):
    Practice.objects.create(code="A99999", name="Closed", system_code="QKK", place_code="E09000004", edition="2020/21")
    Practice.objects.create(
        code="A00001", name="Old", system_code="QWE", place_code="E09000021", edition="2020/21", weighted_populations={"x": 1}
    )
    load(programme_team)
    assert kept()["A00001"][:3] == ("Surgery 1", "QKK", "E09000004")
    assert Practice.objects.get(code="A00001").weighted_populations == {"x": 1}
    assert kept()["A99999"][0] == "Closed"
    earlier = load(programme_team, files.practice_file(LAD="E09000028", GP_Practice_Name="Before"), "2024/25")
    assert kept()["A00001"][:3] == ("Surgery 1", "QKK", "E09000004")
    assert "A later year’s list is loaded" in earlier.words


def test_a_list_without_names_and_with_codes_of_nobody_is_taken(programme_team):
    rows = [{k: v for k, v in row.items() if k != "GP_Practice_Name"} for row in files.practice_rows()]
    rows[3]["Practice_Code"] = "A0000499"
    loaded = load(programme_team, files.as_csv(rows))
    assert "home now: 3." in loaded.words
    assert {code: name for code, (name, *_) in kept().items()} == {code: code for code in ("A00001", "A00002", "A00003")}


def test_only_those_who_may_load_public_files_take_practices(board_member):
    rows = official_rows(public_text(files.practice_file(), "p.csv"), kind="practices", file="p.csv", year="2025/26").rows
    with pytest.raises(NotAllowed):
        take_practices(by=board_member, rows=rows, edition="2025/26", source="A publisher")
    assert not Practice.objects.exists()


@pytest.mark.usefixtures("reference")
def test_an_extract_sent_after_the_list_has_homes_by_place(programme_team, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    row = acm_row(practice="A00002", practice_responsibility="72Q", residence_responsibility="72Q", commissioner="72Q")
    before = received_extracts.check([row], name="before.csv")
    load(programme_team)
    after = received_extracts.check([{**row, "actual_price": "12.00"}], name="after.csv")
    places = {
        e.file_name: set(PatientFlow.objects.filter(extract=e).values_list("home_place", flat=True)) for e in (before, after)
    }
    assert places == {"before.csv": {""}, "after.csv": {"E09000028"}}
