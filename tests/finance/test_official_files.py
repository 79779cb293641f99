"""Official files as they are loaded and kept: once, each edition beside the others, a refused one with its problems."""

import pandas as pd
import pytest

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from finance.actions.official import OfficialFileRefused, load_official_file
from finance.calculations.core_need import COMPONENTS
from finance.models import OfficialFile, OfficialFileProblem, WeightedPractice
from finance.queries import official
from planning.models import PopulationProjection, ProjectedPeople, Provider, ProviderMarketForcesFactor, Region, System
from planning.queries.reference import market_forces_factors
from tests.finance import official_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(programme_team):
    def load_it(kind="practices", content=None, *, by=programme_team, **changed):
        about = {"file_name": "official.csv", "edition": "2025/26", "source": "A publisher"}
        return load_official_file(by=by, kind=kind, content=content or files.practice_file(), **{**about, **changed})

    return load_it


def refused(load, *args, **changed) -> OfficialFileRefused:
    with pytest.raises(OfficialFileRefused) as caught:
        load(*args, **changed)
    return caught.value


def test_an_edition_is_kept_with_its_rows_its_source_and_who_loaded_it(load, programme_team):
    loaded = load(source=" NHS England ")
    assert (loaded.state, loaded.file.rows, loaded.file.year, loaded.file.source) == ("loaded", 4, "2025/26", "NHS England")
    assert loaded.words.startswith("Practice weighted populations, 2025/26: 4 rows, loaded.")
    frame = official.weighted_practices()
    assert frame.attrs == {"edition": "2025/26", "source": "NHS England, 2025/26"}
    assert frame.loc[0, ["practice", "system", "place_name", "population"]].tolist() == ["A00001", "QKK", "Bexley", 6000]
    event = AuditEvent.objects.get(action="loaded official file")
    assert (event.by, event.detail["rows"]) == (programme_team, 4)


def test_the_same_bytes_again_change_nothing(load):
    first = load()
    assert load().state == "unchanged"
    assert load().file == first.file
    assert WeightedPractice.objects.count() == 4


def test_the_same_bytes_under_another_edition_are_detected(load):
    load()
    found = refused(load, edition="2026/27")
    assert "is loaded as the edition 2025/26" in found.problems["message"].tolist()[0]
    assert official.shown_edition("practices").edition == "2025/26"


def test_another_edition_stands_beside_the_first_and_the_latest_year_is_shown(load):
    load(edition="2026/27", content=files.practice_file(Population="6100"))
    later = load(edition="2025/26")
    assert later.others == ("2026/27",)
    assert "Other editions of it are loaded and stay: 2026/27." in later.words
    assert official.weighted_practices().loc[0, "population"] == 6100
    assert official.weighted_practices("2025/26").loc[0, "population"] == 6000
    assert official.edition_choices("practices") == [("2026/27", "2026/27"), ("2025/26", "2025/26")]


def test_other_numbers_of_the_same_edition_need_to_be_asked_for_and_the_first_are_kept(load):
    first = load().file
    other = files.practice_file(Population="6100")
    found = refused(load, content=other)
    assert "is loaded already, from official.csv with 4 rows" in found.problems["message"].tolist()[0]
    assert load(content=other, replace=True).state == "replaced"
    first.refresh_from_db()
    assert first.state == OfficialFile.State.REPLACED
    assert first.practices.count() == 4
    assert official.weighted_practices().loc[0, "population"] == 6100


def test_a_refused_file_writes_its_problems_and_nothing_else(load):
    found = refused(load, content=files.practice_file(Population="-1", **{"MH WP": "x"}), edition="2024/25")
    assert found.file.state == OfficialFile.State.REFUSED
    problems = official.problems_of(found.file)
    assert problems[["row", "column", "value"]].to_numpy().tolist() == [[2, "MH WP", "x"], [2, "Population", "-1"]]
    assert not WeightedPractice.objects.exists()
    assert official.shown_edition("practices") is None
    assert AuditEvent.objects.filter(action="refused official file").count() == 1
    assert official.refused_files() == [found.file]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"edition": "latest"}, "Name the financial year"),
        ({"edition": "2025/26 " + "x" * 40}, "at most 40"),
        ({"source": " "}, "Say who published it"),
        ({"file_name": "wp_2023_24.csv"}, "The file’s name says 2023/24"),
        ({"content": b"PK\x03\x04 a workbook"}, "The selected file is broken"),
        ({"content": b"\x00\x01"}, "not text"),
        ({"content": b'"a'}, "Mend the file"),
    ],
)
def test_what_is_not_the_edition_or_no_file_is_refused_in_words(load, changed, words):
    found = refused(load, **changed)
    assert words in " ".join(found.problems["message"])
    assert OfficialFileProblem.objects.filter(file=found.file, message__contains=words).exists()


def test_a_value_with_a_nul_is_kept_on_every_database(load):
    found = refused(load, content=files.practice_file(**{"ICB": "QK\ufffd"}))
    assert found.file.problems.get().value == "QK\ufffd"


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE_LEAD, "QKK"), (Role.BOARD_MEMBER, "")])
def test_others_may_not_load(load, person, role, organisation):
    with pytest.raises(NotAllowed):
        load(by=person(role, organisation))
    assert not OfficialFile.objects.exists()


def test_allocations_are_kept_as_money_in_units_and_what_is_not_there_stays_missing(load):
    load("allocations", files.allocation_file())
    frame = official.official_allocations()
    assert frame["allocation"].tolist() == [10_505_000_000, 9_502_500_000]
    assert frame["target_share"].tolist() == [0.525, 0.475]
    assert frame["distance"].tolist() == pytest.approx([0.012, -0.008])
    assert set(frame["year"]) == {"2025/26"}
    assert frame["target"].isna().all()
    assert pd.api.types.is_integer_dtype(frame["target"])


def test_knots_come_lowest_first_with_floor_and_cap(load):
    load("convergence", files.convergence_file([("5%", "-0.5%"), ("-5%", "1.5%")]))
    knots = official.convergence_knots()
    assert knots[["distance", "convergence"]].to_numpy().tolist() == [[-0.05, 0.015], [0.05, -0.005]]
    assert (knots["floor"].unique().tolist(), knots["cap"].unique().tolist()) == ([0.036], [0.08])
    assert official.convergence_of_systems().empty


def test_need_is_of_all_services_or_of_one_programme(load):
    load("need", files.need_file())
    overall = official.need_indices(programme_of_care="")
    assert overall[["area", "need_index", "includes_age"]].to_numpy().tolist() == [["QKK", 1.05, True], ["QWE", 0.94, True]]
    assert official.need_indices(programme_of_care="B")["need_index"].tolist() == [1.11]
    assert len(official.need_indices()) == 3


def test_of_several_years_of_need_those_of_the_edition_are_taken_else_the_latest(load):
    rows = [{"Area": "QKK", "Year": year, "Need index": index} for year, index in (("2024/25", "1.1"), ("2025/26", "1.2"))]
    load("need", files.as_csv(rows), edition="2024/25 and 2025/26")
    assert official.need_indices()["need_index"].tolist() == [1.2]
    assert len(official.need_of_every_year()) == 2
    load("need", files.as_csv([{**rows[0], "Need index": "1.3"}]), edition="2024/25")
    assert official.need_indices("2024/25")["need_index"].tolist() == [1.3]


def test_the_edition_before_is_of_an_earlier_year(load):
    for number, edition in enumerate(["2023/24", "2025/26", "2026/27"]):
        load(edition=edition, content=files.practice_file(Population=str(6000 + number)))
    assert official.edition_before("practices", "2026/27") == "2025/26"
    assert official.edition_before("practices", "2025/26") == "2023/24"
    assert official.edition_before("practices", "2023/24") is None
    assert official.edition_before("need", "") is None


def test_factors_go_to_the_providers_own_and_others_are_counted(load):
    region = Region.objects.create(code="Y56", name="London")
    system = System.objects.create(code="QKK", name="x", short_name="x", region=region)
    guys = Provider.objects.create(code="RJ1", name="x", short_name="x", system=system)
    ProviderMarketForcesFactor.objects.create(provider=guys, year="2025/26", value="1.1", assumed=True, source="before")
    loaded = load("market_forces", files.factor_file())
    assert "Providers that have this factor now: 1. Of providers that are not loaded here, and left out: 2." in loaded.words
    [row] = market_forces_factors().to_dict("records")
    assert row == {"provider": "RJ1", "year": "2025/26", "value": 1.2034, "assumed": False}
    assert ProviderMarketForcesFactor.objects.get().source.startswith("A publisher; Market forces factors")
    assert AuditEvent.objects.get(action="loaded market forces factors").detail["taken"] == 1


def test_populations_that_a_round_may_start_from(load, programme_team):
    bands = ["0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+"]
    rows = [{"Area": "QKK", "Sex": s, "Age band": b, "People": "7"} for s in "fm" for b in bands]
    load("registered", files.as_csv(rows))
    people = official.registered_populations()
    assert (len(people), people["population"].sum(), people.columns.tolist()[:4]) == (
        20, 140, ["area", "sex", "age_band", "population"],
    )  # fmt: skip
    upload = PopulationProjection.objects.create(
        name="x", owner="x", source="x", file_name="x", rows=1, recorded_by=programme_team
    )
    ProjectedPeople.objects.create(projection=upload, area="E09000004", year=2030, sex="f", age_band="0-4", people=9)
    assert official.projected_populations(2030)["population"].tolist() == [9]
    assert official.projected_populations(2031).empty


def test_without_a_file_every_frame_is_empty_and_the_source_says_so():
    for frame in (official.weighted_practices(), official.official_allocations(), official.need_indices()):
        assert frame.empty
        assert frame.attrs["edition"] == ""
    assert official.convergence_knots().columns.tolist() == ["year", "distance", "convergence", "floor", "cap"]
    assert official.sources_of_official("need")[0][:2] == ("Need index", "No edition loaded")
    assert official.official_version("need") == "need none"


def test_the_source_of_an_edition_names_its_file(load):
    file = load(dated=pd.Timestamp("2025-01-30").date()).file
    [(what, amount, source)] = official.sources_of_official("practices")
    assert (what, amount) == ("Practice weighted populations, 2025/26", "4 rows")
    assert source == f"A publisher, 2025/26, published 30 January 2025 (file {file.sha256[:12]})"
    assert file.sha256[:12] in official.official_version("practices")


def test_what_a_practice_is_weighted_for_has_one_name_everywhere():
    assert set(official.WEIGHTS) == set(COMPONENTS)
