"""What official files say as figures: true titles, the numbers as published, and words where nothing is loaded."""

import pytest

from finance.actions.official import load_official_file
from finance.figures.official import FIGURES, distance_words
from presentation.figure import Mode, RestsOn
from tests.finance import official_files as files

pytestmark = pytest.mark.django_db
ADDRESS = "/allocation/official-files/published/"
NAMES = [figure.name for figure in FIGURES]
BANDS = ["0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+"]


def registered_file() -> bytes:
    rows = [
        {"Area": "QKK", "Sex": sex, "Age band": band, "People": "30" if band == "85+" else "10"} for sex in "fm" for band in BANDS
    ]
    return files.as_csv(rows)


FILES = {
    "allocations": files.allocation_file,
    "convergence": files.convergence_file,
    "need": files.need_file,
    "measures": files.measure_file,
    "market_forces": files.factor_file,
    "registered": registered_file,
}


@pytest.fixture
def load(programme_team):
    def load_it(kind, content=None, edition="2025/26"):
        about = {"file_name": "official.csv", "edition": edition, "source": "A publisher"}
        return load_official_file(by=programme_team, kind=kind, content=content or FILES[kind](), **about)

    return load_it


@pytest.mark.parametrize(
    ("kind", "name", "title"),
    [
        ("allocations", "official_allocations", "South East London is furthest from its published target: 1.2% above it"),
        ("convergence", "official_convergence", "5.0% below target: growth is 1.50% higher. 10.0% above target: 1.00% lower"),
        ("need", "official_need", "Need is highest in South East London: 1.05 where 1.00 is the average (all services)"),
        ("market_forces", "official_factors", "GSTT has the highest market forces factor here, 1.2034"),
        ("registered", "registered_people", "240 people are registered in the 1 area of the file"),
    ],
)
def test_each_file_says_one_true_thing_and_names_its_edition(area, run, load, kind, name, title):
    file = load(kind).file
    result = run(name)
    assert result.title == title
    assert result.source.endswith(": A publisher, 2025/26")
    assert (result.position, result.illustrative) == (None, False)
    assert result.stamp == (f"{kind} 2025/26 {file.sha256[:12]}",)
    assert next(iter(result.figure.sources(result.filters)))[2].startswith("A publisher, 2025/26 (file ")
    assert len(result.downloads["csv"]()) > 100


@pytest.mark.parametrize("name", NAMES)
def test_without_a_file_a_figure_says_so(area, run, name):
    result = run(name)
    assert result.frame.empty
    assert "loaded" in result.title
    assert result.figure.rests_on == RestsOn.REFERENCE
    assert any("can load one" in note for note in result.notes)


def test_money_is_as_published_and_distance_that_is_not_there_is_not_drawn(area, run, load):
    load("allocations", files.as_csv([{"ICB": "QKK", "Allocation": "1000000.55"}, {"ICB": "QWE", "Allocation": "2000000"}]))
    result = run("official_allocations")
    assert result.frame["allocation"].tolist() == [10_000_005_500, 20_000_000_000]
    assert result.title == "£3.0m is allocated to the 2 systems in the file in 2025/26"
    assert result.chart.units == "£ allocated"
    assert b"1000000.55" in result.downloads["csv"]()


def test_of_several_years_the_last_is_drawn_and_all_are_in_the_table(area, run, load):
    rows = [{"ICB": "QKK", "Year": year, "Allocation": "5"} for year in ("2025/26", "2026/27")]
    load("allocations", files.as_csv(rows), edition="2025/26 to 2026/27")
    result = run("official_allocations")
    assert len(result.frame) == 2
    assert result.chart.frame["year"].tolist() == ["2026/27"]


def test_everybody_at_target_is_said_so(area, run, load):
    load("allocations", files.as_csv([{"ICB": "QKK", "Allocation": "5", "Distance from target": "0%"}]))
    assert run("official_allocations").title == "Every system is at its published target in 2025/26"


def test_convergence_by_system_is_called_by_the_system(area, run, load):
    rows = [{"ICB": c, "DfT": d, "Convergence": g} for c, d, g in (("QKK", "1%", "-0.1%"), ("QWE", "-2%", "0.2%"))]
    load("convergence", files.as_csv(rows))
    result = run("official_convergence")
    assert result.title == "South West London: growth is 0.20% higher. South East London: 0.10% lower"
    assert result.frame["what"].tolist() == ["South East London", "South West London"]


@pytest.mark.parametrize(
    ("distance", "words"), [(0.025, "2.5% above target"), (-0.1, "10.0% below target"), (0.0, "At target"), (-0.0, "At target")]
)
def test_distances_in_words(distance, words):
    assert distance_words(distance) == words


def test_a_need_of_one_programme_is_shown_where_there_is_no_other(area, run, load):
    load("need", files.as_csv([{"Area": "QKK", "Programme of care": "B", "Need index": "1.2"}]))
    result = run("official_need")
    assert "(cancer)" in result.title
    assert result.frame["age"].tolist() == ["Weighed apart"]


def test_factors_of_providers_elsewhere_are_in_the_files_alone(area, run, load):
    load("market_forces")
    result = run("official_factors")
    assert result.frame.set_index("provider")["shown"].to_dict() == {"RJ1": True, "RJ7": True, "ZZZ": False}
    assert result.chart.frame["provider"].tolist() == ["RJ1", "RJ7"]


def test_registered_people_by_age(area, run, load):
    load("registered")
    row = run("registered_people").frame.iloc[0]
    assert row[["population", "under_15", "over_75"]].tolist() == pytest.approx([240, 40 / 240, 80 / 240])


def test_what_was_published_is_the_same_outside(area, run, load):
    load("allocations")
    outside = run("official_allocations", mode=Mode.OUTSIDE).frame
    assert outside["distance"].tolist() == run("official_allocations").frame["distance"].tolist()


def test_the_page_shows_what_is_loaded_names_what_is_not_and_takes_an_edition(
    area, signed_in, programme_team, board_member, load
):
    client = signed_in(programme_team)
    assert "No official file of allocations" in client.get(ADDRESS).content.decode()
    load("convergence")
    load("convergence", files.convergence_file([("0%", "0.3%")]), edition="2026/27")
    page = client.get(ADDRESS).content.decode()
    assert "At target: growth is 0.30% higher." in page
    assert "Published allocations" in page
    assert "not for provider or site funding" in page
    older = client.get(ADDRESS, {"convergence_edition": "2025/26"}).content.decode()
    assert "5.0% below target: growth is 1.50% higher" in older
    assert "Need index: “1” is not loaded" in client.get(ADDRESS, {"need_edition": "1"}).content.decode()
    assert "are loaded by the programme team" in signed_in(board_member).get(ADDRESS).content.decode()
