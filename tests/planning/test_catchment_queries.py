"""What catchments read: which spells, whose residents, in whose boundaries, and which public file."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from planning.actions import load_origin_shares
from planning.figures.public_shares import left_out_words, one_providers_origins, read_origins
from planning.forms.catchments import CatchmentForm, ProviderCatchmentForm
from planning.models import Place, Provider, ReportingPosition
from planning.queries import catchments, latest_position
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
EXPECTED = ("RJ1", "RJZ", "RJ7", "RPY")


@pytest.fixture
def position():
    """Four trusts of South London with a month each of two years, either side of the mergers."""
    Provider.objects.exclude(code__in=EXPECTED).update(in_scope=False)
    homes = [("2025/26", "QXU"), ("2026/27", "S9B9J"), ("2025/26", "QKK"), ("2026/27", "QKK")]
    rows = [fact(provider=p, year=year, spells=3, home_system=home, home="92A" if home != "QKK" else "72Q") for p in EXPECTED
            for year, home in homes]  # fmt: skip
    rows += [fact(provider="RJ1", spells=2, home_place="E09000022"), fact(provider="RJ1", spells=1, service_code="99999999")]
    number = publish(rows)
    ReportingPosition.objects.filter(number=number).update(made_at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    return number


def asked(position, **filters) -> dict:
    return {"position": position, "year": "2025/26", "geography": "then", "level": "system", "reach": "whole", **filters}


def cells(frame: pd.DataFrame) -> dict:
    return {(a, p): int(n) for a, p, n in frame[["area", "provider", "admissions"]].itertuples(index=False, name=None)}


def test_spells_are_specialised_admitted_ones_of_every_provider(position):
    found = cells(catchments.spells_by_area(asked(position, provider=["RJZ"])))
    assert found == {("QKK", "RJ1"): 5_000, ("QXU", "RJ1"): 3_000} | {
        (home, p): 3_000 for p in EXPECTED[1:] for home in ("QKK", "QXU")
    }


def test_a_place_that_is_known_is_an_area_of_its_own(position):
    found = cells(catchments.spells_by_area(asked(position, level="place")))
    assert found["E09000022", "RJ1"] == 2_000
    assert found["QKK", "RJ1"] == 3_000


def test_several_years_are_seen_in_todays_systems(position):
    found = cells(catchments.spells_by_area(asked(position, year="all")))
    assert found["S9B9J", "RJZ"] == 6_000
    assert not [home for home, _ in found if home == "QXU"]
    assert catchments.which_spells(asked(position, year="all"))["geography"] == "today"


def test_what_is_chosen_narrows_spells_and_not_the_work_of_a_provider(position):
    chosen = asked(position, service_code=["NCBPS01C"])
    assert catchments.spells_by_area(chosen).empty
    assert catchments.spells_by_programme(chosen)["admissions"].sum() > 0


def test_systems_count_where_all_their_own_trusts_are_in(position):
    assert catchments.counted_systems(asked(position)) == {"QKK", "QWE"}
    everybody = catchments.counted_systems(asked(position, reach="all"))
    assert {"QKK", "QXU", "QNX", "QKS"} <= everybody
    assert "S9B9J" in catchments.counted_systems(asked(position, geography="today", reach="all"))


def test_a_merged_system_counts_only_where_all_that_it_was_made_of_does(position):
    Provider.objects.filter(code__in=("RA2", "RTK", "RTP")).update(system="QKK")
    Provider.objects.filter(system="QXU").update(system="QKK")
    Provider.objects.filter(code="RPY").update(system="QXU")
    assert "QXU" in catchments.counted_systems(asked(position))
    assert "S9B9J" not in catchments.counted_systems(asked(position, geography="today"))


def test_residents_of_a_place_in_two_systems_are_divided_between_them(position):
    pieces = catchments.resident_pieces(asked(position))
    guildford = pieces[pieces["place"] == "E07000209"].groupby("system")["population"].sum()
    place = Place.objects.get(code="E07000209")
    whole = sum(place.populations.values_list("population", flat=True))
    assert guildford["QXU"] == pytest.approx(float(place.system_share) * whole)
    assert not pieces.loc[pieces["place"] == "E07000209", "is_counted"].any()
    assert pieces["imd"].notna().all()
    assert set(pieces["year"]) == {2021}


def test_without_a_position_there_are_residents_and_no_spells():
    filters = asked(None, year="all")
    assert latest_position() is None
    assert catchments.spells_by_area(filters).empty
    assert catchments.spells_by_age_and_sex(filters).empty
    assert catchments.counted_systems(filters) == set()


def form(form_class, **data):
    return form_class(data, reader=Reader(), page=True)


def test_the_form_says_which_areas_by_default(position):
    made = form(CatchmentForm)
    assert made.is_valid()
    assert {name: made.cleaned_data[name] for name in ("reach", "level", "geography")} == {
        "reach": "whole",
        "level": "system",
        "geography": "then",
    }
    assert [field.name for field in made.further_fields] == ["geography", "reach"]
    assert not made.further_chosen
    assert form(CatchmentForm, reach="all").further_chosen


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reach": "few"}, "Areas counted: “few” is not on the list"),
        ({"catchment_of": "XXX"}, "Catchment of: “XXX” is not on the list"),
        ({}, "Choose a provider"),
    ],
)
def test_the_form_names_the_field_that_is_wrong(position, data, words):
    made = form(ProviderCatchmentForm, **data)
    assert words in made.errors.as_text()


def read_of(published: pd.DataFrame, level="system") -> dict:
    spells = pd.DataFrame([("QKK", "RJ1", 6_000), ("S9B9J", "RJ1", 2_000)], columns=["area", "provider", "admissions"])
    homes = {"QKK": "South East London", "S9B9J": "Surrey and Sussex", "REST": "Rest of England"}
    return {"level": level, "spells": spells, "published": published, "homes": homes}


def test_published_homes_that_are_not_loaded_are_the_rest_of_england():
    rows = [
        ("RJ1", "QKK", "SEL", 0.6),
        ("RJ1", "QYG", "Cheshire", 0.3),
        ("RJ1", "QE1", "Lancashire", 0.1),
        ("RJZ", "QKK", "", 1.0),
    ]
    published = pd.DataFrame(rows, columns=["provider", "home", "home_name", "share"])
    frame = one_providers_origins(read_of(published), {"catchment_of": "RJ1"}).set_index("home")
    assert frame["all_share"].dropna().to_dict() == pytest.approx({"QKK": 0.6, "REST": 0.4})
    assert frame["share"].to_dict() == {"QKK": 0.75, "S9B9J": 0.25, "REST": 0.0}
    assert frame.loc["REST", "home_name"] == "Rest of England"
    assert pd.isna(frame.loc["S9B9J", "difference"])


ORIGINS = "trust_code,icb_code,icb_name,share,source\nRJ1,QXU,Surrey,0.2,Made up 2022\nRJ1,QNX,Sussex,0.3,Made up 2022\n"


def test_published_origins_follow_the_systems_that_merged(position, programme_team):

    load_origin_shares(by=programme_team, content=ORIGINS.encode(), file_name="origins.csv")
    then = read_origins(None, asked(position))["published"]
    assert dict(zip(then["home"], then["share"], strict=True)) == pytest.approx({"QXU": 0.2, "QNX": 0.3})
    today = read_origins(None, asked(position, geography="today"))["published"]
    assert dict(zip(today["home"], today["share"], strict=True)) == pytest.approx({"S9B9J": 0.5})


def test_nothing_is_said_to_be_left_out_where_nothing_is_loaded():
    assert left_out_words() == ""
    assert catchments.shown_proportions() is None
    assert catchments.sources_of_proportions() == []
    assert catchments.sources_of_origins("place") == []
    assert catchments.all_admissions_catchments().empty
    assert catchments.editions_loaded() == []
