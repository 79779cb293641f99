"""The explorer: homes of every level, sites, patients, this year against last, on pages and in files."""

import re
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from planning.models import Commissioner, System
from planning.queries import choices
from planning.queries.flows import conditions
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from tests.planning import received_extracts
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db
READER = SimpleNamespace(user=None, mode=Mode.INSIDE, roles=frozenset(), organisations=frozenset())
OUTSIDE = SimpleNamespace(user=None, mode=Mode.OUTSIDE, roles=frozenset(), organisations=frozenset())
YEAR, BEFORE = "2025/26", "2024/25"
# Home, system, place, provider, site, spells, pounds.
ROWS = [
    ("72Q", "QKK", "E09000028", "RJ1", "RJ121", 50, 500),
    ("72Q", "QKK", "E09000023", "RJ1", "RJ122", 30, 300),
    ("72Q", "QKK", "", "RJZ", "", 20, 900),
    ("36L", "QWE", "", "RJ1", "RJ121", 10, 100),
    ("91Q", "QKS", "", "RJ1", "", 40, 700),
    ("", "NOT-KNOWN", "", "RJ1", "RJ121", 5, 60),
    ("", "DEVOLVED", "", "RJZ", "", 2, 30),
    ("", "OVERSEAS", "", "RJZ", "", 1, 10),
    ("15N", "REST", "", "RJ1", "", 8, 80),
]


def facts(year=YEAR, months=(1, 2), rows=ROWS, times=1):
    for month in months:
        for home, system, place, provider, site, spells, pounds in rows:
            own = {"home": home, "home_system": system, "home_place": place, "provider": provider, "site": site}
            yield fact(year=year, month=month, spells=spells * times, actual=pounds * times, planned=pounds, **own)


@pytest.fixture
def loaded(reference) -> int:
    return publish(facts())


@pytest.fixture
def two_years(reference) -> int:
    """The year before is half of it, and has a month that this year has not."""
    return publish([*facts(times=2), *facts(BEFORE, months=(1, 2, 3))])


def run(name="flow_dashboard", *, reader=READER, page=True, **filters):
    return run_figure(figure_named(name), reader, {"year": YEAR, **filters}, page=page)


def sums(frame: pd.DataFrame, *keys: str) -> dict:
    found = frame.groupby(list(keys))["actual_activity"].sum()
    return {key: int(value) // 1_000 for key, value in found.items()}


def test_everybody_is_counted_at_every_level(loaded):
    total = sum(spells for *_, spells, _ in ROWS) * 2
    for level in ("region", "system", "place", "code"):
        for destination in ("provider", "site"):
            frame = run(level=level, destination=destination).frame
            assert sum(sums(frame, "home").values()) == total, (level, destination)
            assert {"NOT-KNOWN", "DEVOLVED", "OVERSEAS", "15N" if level == "code" else "REST"} <= set(frame["home"]), level


def test_a_region_is_its_systems(loaded):
    frame = run(level="region").frame
    assert sums(frame, "home") == {
        "Y56": 2 * 110,
        "Y59": 2 * 40,
        "NOT-KNOWN": 10,
        "DEVOLVED": 4,
        "OVERSEAS": 2,
        "REST": 16,
    }
    assert dict(zip(frame["home"], frame["home_name"], strict=True))["Y56"] == "London"


def test_a_place_that_is_not_known_stands_with_its_system(loaded):
    frame = run(level="place").frame
    assert sums(frame, "home")["QKK"] == 40
    assert dict(zip(frame["home"], frame["home_name"], strict=True))["QKK"] == "South East London (place not known)"
    assert sums(frame, "home")["E09000028"] == 100


def test_a_code_of_the_day_is_what_the_row_says(loaded):
    Commissioner.objects.filter(code="36L").update(name=Commissioner.objects.get(code="72Q").name)
    frame = run(level="code").frame
    assert sums(frame, "home")["72Q"] == 200
    assert sums(frame, "home")["15N"] == 16
    names = dict(zip(frame["home"], frame["home_name"], strict=True))
    assert names["72Q"].endswith("(72Q)")
    assert names["36L"].endswith("(36L)")


def test_own_homes_are_own_at_every_level(loaded):
    for level, own in (("system", {"QKK", "QWE"}), ("place", {"E09000028", "E09000023", "QKK", "QWE"}), ("code", {"72Q", "36L"})):
        frame = run(level=level).frame
        assert set(frame.loc[frame["is_own"], "home"]) == own, level


def test_a_site_stands_apart_and_what_has_none_with_its_provider(loaded):
    frame = run(destination="site").frame
    assert sums(frame[frame["provider"] == "RJ1"], "destination_name") == {
        "Guy's Hospital": 130,
        "St Thomas' Hospital (incl. Evelina London Children's Hospital)": 60,
        "Guy's and St Thomas'": 96,
    }
    assert set(frame.loc[frame["site"] == "", "provider"]) == {"RJ1", "RJZ"}
    file = run(destination="site").table
    assert {"Site", "Site code"} <= set(file.headings)
    assert "Site" not in run().table.headings


def test_what_crosses_a_boundary_is_the_same_people_at_every_level(loaded):
    for level in ("region", "system", "place", "code"):
        frame = run("flow_top", level=level).frame
        # All but South East London's people, whom both of its trusts treat.
        assert sum(sums(frame, "home").values()) == 2 * (10 + 40 + 5 + 2 + 1 + 8), level


@pytest.mark.parametrize(
    ("level", "home", "pounds"),
    [
        ("system", "QKK", 1_700),
        ("region", "Y56", 1_800),
        ("region", "OVERSEAS", 10),
        ("place", "E09000028", 500),
        ("place", "QKK", 900),
        ("code", "72Q", 1_700),
        ("code", "NOT-KNOWN", 60),
    ],
)
def test_a_home_of_any_level_can_be_asked_for_alone(loaded, level, home, pounds):
    from planning.queries import flow_frame

    frame = flow_frame(READER, {"position": loaded, "year": YEAR, "level": level, "home": [home]}, [])
    assert int(frame["actual_price"].iloc[0]) == 2 * pounds * 10_000


def test_a_site_can_be_asked_for_alone(loaded):
    from planning.queries import flow_frame

    frame = flow_frame(READER, {"position": loaded, "site": ["RJ121"]}, [])
    assert int(frame["actual_price"].iloc[0]) == 2 * (500 + 100 + 60) * 10_000


def test_a_region_stands_for_its_systems_in_what_is_asked_of_rows(reference):
    where, values = conditions({"home": ["Y56"], "level": "region"}, [YEAR])
    assert "home_group IN" in where
    systems = set(System.objects.filter(region="Y56").values_list("code", flat=True))
    assert systems <= set(values)


def test_the_year_is_held_against_the_same_months_of_the_year_before(two_years):
    result = run(basis="change", measure="cost")
    pounds = sum(pounds for *_, pounds in ROWS) * 10_000
    assert int(result.frame["before_price"].sum()) == 2 * pounds
    assert int(result.frame["price_change"].sum()) == 2 * pounds
    assert result.total["price_change"] == 2 * pounds
    assert any("same months of 2024/25" in note for note in result.notes)
    assert any("Guy's and St Thomas' (June 2024)" in note for note in result.notes)
    assert result.chart.title == "Changed most: South East London to King's College Hospital, £2k more"
    assert {"Cost of the year before", "Cost, this year less last"} <= set(result.table.headings)
    assert "Cost of the year before" not in run().table.headings


def test_the_sentence_says_the_change_of_the_whole(two_years, signed_in, programme_team):
    text = unescape(signed_in(programme_team).get(f"/flows/?year={YEAR}&basis=change").content.decode())
    assert "332 more admitted spells (100.0%) than in the same months of 2024/25" in text
    assert "Not compared, because only one of the two years has them" in text


def test_a_merger_between_the_years_is_no_change(two_years):
    assert run(basis="change", geography="then").filters["geography"] == "today"


def test_every_figure_of_the_page_can_be_drawn_of_a_change(two_years):
    for name in ("flow_dashboard", "flow_matrix", "flow_top", "flow_map"):
        for measure in ("activity", "cost"):
            for reader in (READER, OUTSIDE):
                result = run(name, basis="change", measure=measure, reader=reader)
                assert "nan" not in result.chart.title + result.chart.summary, name
                assert result.chart.signed


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"basis": "change", "year": "all"}, "year"),
        ({"basis": "change", "year": BEFORE}, "basis"),
        ({"measure": "patients"}, "measure"),
        ({"measure": "patients", "basis": "difference"}, "basis"),
        ({"place": ["E09000028"], "system": ["QKS"]}, "place"),
        ({"destination": "bed"}, "destination"),
        ({"level": "street"}, "level"),
    ],
)
def test_what_contradicts_itself_is_said_at_its_field(two_years, filters, field):
    with pytest.raises(FiltersInvalid) as refused:
        run(**filters)
    assert field in refused.value.form.errors


def test_places_of_the_systems_chosen_are_let_through(loaded):
    frame = run(place=["E09000028"], system=["QKK"]).frame
    assert sums(frame, "home") == {"QKK": 100}


@pytest.fixture
def with_sets(reference, settings, tmp_path) -> int:
    """Guy's sends a set of nine patients of South East London and three of Kent; King's sends none."""
    settings.MEDIA_ROOT = tmp_path
    rows = [("72Q", number) for number in range(9)] + [("91Q", number) for number in range(20, 23)]

    def home(code):
        return {"commissioner": code, "residence_responsibility": code, "practice_responsibility": code}

    common = {"month": 1, "site": "", "practice": "", "provider": "RJ1"}
    patients = [layout_row("plcm", patient_pseudonym=f"{who:064x}", **common, **home(code)) for code, who in rows]
    received_extracts.publish(None, content=layout_bytes("plcm", patients), layout="plcm")
    own = {"site": "", "month": 1, "practice": ""}
    acm = [acm_row(provider=p, **own, **home(code)) for p in ("RJ1", "RJZ") for code in ("72Q", "91Q")]
    received_extracts.publish(*([row for row in acm if row["provider"] == provider] for provider in ("RJ1", "RJZ")))
    return 2


def test_patients_are_counted_hidden_and_said_with_their_coverage(with_sets):
    result = run(measure="patients")
    rows = result.frame.set_index(["home", "provider"])
    assert rows.loc[("QKK", "RJ1"), "patients"] == 10
    assert rows.loc[("QKS", "RJ1"), "patients"] is HIDDEN
    assert pd.isna(rows.loc[("QKK", "RJZ"), "patients"])
    assert rows.loc[("QKK", "RJ1"), "coverage"] > 0
    assert any("No patient-level set in what is chosen" in note and "King's" in note for note in result.notes)
    assert any("not added up" in note for note in result.notes)
    assert {"Patients", "Coverage of the provider's sets"} <= set(result.table.headings)


def test_a_board_member_takes_no_money_of_few_patients_away(with_sets):
    rows = run(measure="patients", reader=OUTSIDE).frame.set_index(["home", "provider"])
    assert rows.loc[("QKS", "RJ1"), "patients"] is HIDDEN
    assert rows.loc[("QKS", "RJ1"), "actual_price"] is HIDDEN


def test_every_figure_of_the_page_stands_on_patients(with_sets, signed_in, programme_team):
    for level in ("region", "system", "place", "code"):
        response = signed_in(programme_team).get(f"/flows/?measure=patients&level={level}")
        assert response.status_code == 200
        assert "Patients at 1 provider" in unescape(response.content.decode())
        assert response.context["results"]["flow_dashboard"].chart.measure == "patients"


def test_the_map_places_who_can_be_placed_and_lists_the_others(loaded):
    result = run("flow_map")
    beside = dict(result.chart.options["beside"])
    assert beside == {
        "Not known": 10_000,
        "Rest of England": 16_000,
        "Wales, Scotland and Northern Ireland": 4_000,
        "Overseas": 2_000,
    }
    drawn = int(pd.to_numeric(result.chart.frame["value"]).sum())
    assert drawn + sum(beside.values()) == int(result.frame["actual_activity"].sum())
    assert result.chart.title.startswith("Half of admitted spells are within ")
    assert "has no position and is listed beside the map" in result.chart.summary


@pytest.mark.parametrize("level", ["region", "system", "place", "code"])
@pytest.mark.parametrize("destination", ["provider", "site"])
def test_homes_of_every_level_have_their_place_on_the_map(loaded, level, destination):
    frame = run("flow_map", level=level, destination=destination).chart.frame
    assert set(frame["home"]) & {"Y56", "QKK", "E09000028", "72Q"}
    assert frame["home_latitude"].astype(float).between(50, 54).all()
    assert (frame["km"].astype(float) < 150).all()


def test_a_dot_leads_to_the_page_of_its_home_or_provider_alone(loaded, signed_in, programme_team):
    links = run("flow_map", measure="cost").chart.options["links"]
    client = signed_in(programme_team)
    for (role, _), address in links.items():
        response = client.get(f"/flows/{address}")
        frame = response.context["results"]["flow_dashboard"].frame
        assert len(set(frame["home" if role == "label" else "provider"])) == 1


def test_the_page_of_measures_has_each_on_cost_and_on_activity(loaded, signed_in, programme_team):
    client = signed_in(programme_team)
    for measure, ending in (("cost", ""), ("activity", "_activity")):
        results = client.get(f"/flows/measures/?year={YEAR}&measure={measure}").context["results"]
        names = ["footprint_measures", "system_measures", "provider_measures", "service_measures"]
        assert list(results) == [f"{name}{ending}" for name in names]
        rows = results[f"provider_measures{ending}"].frame.set_index("provider")
        assert rows.loc["RJ1", "top_home_name"] == "South East London"
        assert rows.loc["RJ1", "mean_km"] > 0


def test_a_provider_depends_on_its_largest_home(loaded):
    rows = run("provider_measures_activity").frame.set_index("provider")
    known = 50 + 30 + 10 + 40 + 8
    assert rows.loc["RJ1", "top_share"] == pytest.approx(80 / known)
    assert rows.loc["RJ1", "import_share"] == pytest.approx(58 / known)
    assert rows.loc["RJ1", "not_known_share"] == pytest.approx(5 / (known + 5))
    assert run("provider_measures_activity").chart.title.startswith("King's College Hospital depends most on one system")


def test_names_of_codes_are_told_apart_where_they_are_shared(reference):
    names = choices.code_names()
    assert len(set(names.values())) >= len(names) - 2
    assert names["NOT-KNOWN"] == "Not known"


def test_words_of_a_level_stand_beside_the_numbers(loaded, signed_in, programme_team):
    client = signed_in(programme_team)
    for query, said in (
        ("level=code", "Homes are named by the code that the row states"),
        ("destination=site", "Where the site is not stated"),
        ("level=region&shown_as=map", "A region stands at the middle of those of its systems"),
    ):
        assert said in client.get(f"/flows/?{query}").content.decode()


def test_every_mark_of_a_flow_leads_to_its_page(loaded):
    for name in ("flow_dashboard", "flow_matrix", "flow_top"):
        addresses = set(run(name).chart.frame["address"])
        # Several small homes that are drawn as one have no page together.
        assert addresses - {""}
        assert all(re.match(r"/flows/flow/\?.*&home=[A-Z-]+&provider=RJ[1Z]$", one) for one in addresses - {""}), name
