"""Catchments from published extracts: against loops over the same rows, whole areas alone, and pages that say so."""

import random
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from planning.actions import load_catchment_proportions, load_origin_shares
from planning.models import PlacePopulation, Provider
from planning.queries import latest_position
from planning.queries.catchments import counted_systems, resident_pieces, spells_by_age_and_sex
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.acm_files import acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import publish
from tests.planning.twins import catchments as twin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SYSTEM_OF = {"72Q": "QKK", "36L": "QWE", "91Q": "QKS"}
EXPECTED = ("RJ1", "RJZ", "RJ7", "RPY")
BANDS = {"0-4": "0-4", "5-9": "5-14", "40-44": "35-44", "85+": "85+"}
SEXES = {"1": "m", "2": "f"}


def rows_of(provider: str, spells: dict[str, int]) -> list[dict]:
    """One row of spells for each home, of two programmes of care."""
    rows = []
    for number, (home, activity) in enumerate(spells.items()):
        own = {
            "provider": provider,
            "site": "",
            "commissioner": home,
            "actual_activity": activity,
            "practice_responsibility": home,
        }
        code = ("NCBPS13B", "NCBPS01C")[number % 2]
        rows.append(acm_row(**own, residence_responsibility=home, service_code=code))
    return rows


def patients_of(provider: str, cells: dict[tuple[str, str, str], int]) -> bytes:
    """A patient-level file: rows of one spell each by home, age band and sex."""
    rows = []
    for (home, band, sex), number in cells.items():
        own = {"provider": provider, "site": "", "commissioner": home, "practice_responsibility": home, "practice": ""}
        own |= {"residence_responsibility": home, "age_band": band, "person_stated_gender_code": sex}
        rows += [layout_row("plcm", **own)] * number
    return layout_bytes("plcm", rows)


def figure(name, mode=Mode.INSIDE, **data):
    reader = SimpleNamespace(user=None, mode=mode, roles=frozenset(), organisations=frozenset())
    return run_figure(figure_named(name), reader, data, page=True)


def publish_whole(settings, folder, spells=None) -> dict[str, dict[str, int]]:
    """Four trusts of South London, the only ones that are expected, so that both of its systems are whole."""
    settings.MEDIA_ROOT = folder / "media"
    Provider.objects.exclude(code__in=EXPECTED).update(in_scope=False)
    spells = {trust: (spells or {}).get(trust, {"72Q": 0, "36L": 0}) for trust in EXPECTED}
    publish(*(rows_of(trust, own) for trust, own in spells.items()))
    return spells


def people_of(systems) -> dict:
    """Residents of systems by age and sex, place by place, with each place's share in the system."""
    people: dict = {}
    for row in PlacePopulation.objects.select_related("place").prefetch_related("place__overlaps"):
        shares = [(row.place.system_id, row.place.system_share), *((o.system_id, o.share) for o in row.place.overlaps.all())]
        for system, share in shares:
            if system in systems:
                key = (system, f"{row.sex} {row.age_band}")
                people[key] = people.get(key, 0) + row.population * Fraction(str(share))
    return people


@pytest.mark.parametrize("seed", range(3))
def test_every_method_agrees_with_loops_over_the_same_rows(settings, tmp_path, seed):
    chance = random.Random(seed)
    spells = publish_whole(settings, tmp_path, {t: {h: chance.randint(0, 60) for h in SYSTEM_OF} for t in EXPECTED})
    strata: dict = {}
    for trust in EXPECTED[:2]:
        cells: dict = {}
        for home, number in spells[trust].items():
            for _ in range(number):
                key = (home, chance.choice(list(BANDS)), chance.choice(list(SEXES)))
                cells[key] = cells.get(key, 0) + 1
                stratum = (SYSTEM_OF[home], f"{SEXES[key[2]]} {BANDS[key[1]]}", trust)
                strata[stratum] = strata.get(stratum, 0) + 1
        if cells:
            publish(None, content=patients_of(trust, cells), layout="plcm")
    people = people_of({"QKK", "QWE"})
    admissions = {(SYSTEM_OF[h], t): n for t, own in spells.items() for h, n in own.items() if SYSTEM_OF[h] != "QKS"}
    known = {trust for trust in EXPECTED[:2] if sum(spells[trust].values())}
    expected = {
        "proportional": twin.proportional(admissions, people, strata, known),
        "all_ages": twin.proportional(admissions, people, {}, set()),
        "first_past_the_post": twin.first_past_the_post(admissions, people),
        "at_least_30": twin.at_least_30(admissions, people),
    }
    rows = figure("catchments").frame.set_index("provider")
    for method, parts in expected.items():
        for trust in rows.index:
            total = float(sum(n for key, n in parts.items() if key[-1] == trust))
            assert rows.loc[trust, method] == pytest.approx(total, abs=1e-3), (method, trust)
    assert dict(rows["basis"]) == {t: "Age and sex" if t in known else "All ages" for t in rows.index}
    scores = dict(zip(*(figure("catchment_areas").frame[c] for c in ("area", "score")), strict=True))
    profiles = figure("catchment_profiles").frame.set_index("provider")["score"]
    for trust, score in twin.average_score(expected["proportional"], scores).items():
        assert profiles[trust] == pytest.approx(score, abs=1e-6)


def test_catchments_and_nobodys_make_up_the_residents(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 3, "91Q": 4}, "RJZ": {"72Q": 1}})
    areas = figure("catchment_areas").frame.set_index("area")
    found = figure("catchments").frame
    assert found["proportional"].sum() + areas["unassigned"].sum() == pytest.approx(areas["population"].sum())
    # Nobody of South West London was admitted anywhere.
    assert areas.loc["QWE", "unassigned"] == areas.loc["QWE", "population"] > 1_000_000
    assert areas.loc["QKK", ["leader", "leader_share", "providers"]].tolist() == ["RJ1", 0.75, 2]
    assert "in nobody's catchment" in figure("catchment_areas").title


def test_areas_whose_own_trusts_are_missing_are_not_counted_unless_as_an_upper_limit(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 3, "91Q": 4}})
    result = figure("catchments")
    assert counted_systems(result.filters) == {"QKK", "QWE"}
    row = result.frame.set_index("provider").loc["RJ1"]
    assert row["elsewhere_share"] == pytest.approx(4 / 7)
    assert any("Not counted: residents of" in note and "Kent and Medway" in note for note in result.notes)
    limit = figure("catchments", reach="all")
    assert limit.frame.set_index("provider").loc["RJ1", "proportional"] > row["proportional"] + 1_500_000
    assert any("upper limit" in note for note in limit.notes)


def test_with_one_trust_no_catchment_is_known_and_none_is_nought(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    publish(rows_of("RJ1", {"72Q": 3}))
    frame = figure("catchments").frame
    assert frame["proportional"].isna().all()
    table = figure("catchments").table
    table.show_page(None)
    [(_, cells)] = table.shown_rows()
    assert {column.name: cell for column, cell in cells}["proportional"] == "Not known"
    assert figure("catchment_areas").frame.empty


def test_an_older_geography_and_the_merged_one_hold_the_same_people(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 3}})
    filters = {"position": latest_position(), "year": "2025/26", "geography": "then", "reach": "all"}
    before, today = resident_pieces(filters), resident_pieces({**filters, "geography": "today"})
    assert before["population"].sum() == pytest.approx(today["population"].sum())
    assert {"QXU", "QNX"} <= set(before["system"])
    assert "S9B9J" in set(today["system"])
    assert not {"QXU", "QNX"} & set(today["system"])


def test_places_are_known_from_the_extract_or_spread_over_the_system(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 10}, "RJZ": {"72Q": 10}})
    frame = figure("catchment", level="place", catchment_of="RJ1").frame
    assert set(frame["area_name"]) == {"Bexley", "Bromley", "Greenwich", "Lambeth", "Lewisham", "Southwark"}
    assert frame["share"].tolist() == pytest.approx([0.5] * 6, abs=0.01)
    assert frame["proportional"].sum() == pytest.approx(figure("catchment", catchment_of="RJ1").frame["proportional"].sum())


def test_age_and_sex_come_from_the_patient_level_extracts_with_the_authority_of_residence(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    home = {"provider": "RJ1", "site": "", "practice": ""}
    rows = [
        layout_row("plcm", **home, age_band="5-9", person_stated_gender_code="2", local_authority="E09000022"),
        layout_row("plcm", **home, age_band="85+", person_stated_gender_code="1", local_authority="E99999999"),
        layout_row("plcm", **home, age_band="", person_stated_gender_code=""),
    ]
    publish(None, content=layout_bytes("plcm", rows), layout="plcm")
    filters = {"position": latest_position(), "year": "2025/26", "level": "place"}
    found = spells_by_age_and_sex(filters)
    cells = {tuple(row[:-1]): int(row[-1]) for row in found.itertuples(index=False, name=None)}
    assert cells == {
        ("E09000022", "RJ1", "5-9", "2"): 1_000,
        ("QKK", "RJ1", "85+", "1"): 1_000,
        ("QKK", "RJ1", "", ""): 1_000,
    }


def test_outside_few_spells_hide_the_population_made_of_them(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 5, "36L": 40}, "RJZ": {"72Q": 3}})
    inside = figure("catchments").frame.set_index("provider")
    outside = figure("catchments", Mode.OUTSIDE).frame.set_index("provider")
    assert outside.loc["RJZ", ["spells", "proportional", "at_least_30"]].tolist() == [HIDDEN] * 3
    assert outside.loc["RJ1", "proportional"] == round(inside.loc["RJ1", "proportional"], -2)
    places = figure("catchment", Mode.OUTSIDE, catchment_of="RJ1").frame.set_index("area")
    assert places.loc["QKK", "proportional"] is HIDDEN
    assert places.loc["QWE", "proportional"] is not HIDDEN


AREAS = "lad_code,trust_code,proportion\nE09000022,RJ1,0.6\nE09000022,RJZ,0.4\n"
ORIGINS = "trust_code,icb_code,icb_name,share,source\nRJ1,QKK,SEL,0.5,Made up 2022\nRJ1,QYG,Cheshire,0.5,Made up 2022\n"


def test_public_shares_stand_beside_ours_and_change_none_of_them(settings, tmp_path, programme_team):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 6, "91Q": 2}, "RJZ": {"72Q": 4}})
    before = figure("catchments").frame
    assert any("No public file" in note for note in figure("all_admissions_catchments").notes)
    about = {"by": programme_team, "edition": "April 2026", "source": "A publisher"}
    load_catchment_proportions(content=AREAS.encode(), file_name="areas.csv", **about)
    load_origin_shares(content=ORIGINS.encode(), file_name="origins.csv", by=programme_team)
    pd.testing.assert_frame_equal(before, figure("catchments").frame)
    result = figure("all_admissions_catchments")
    row = result.frame.set_index("provider").loc["RJ1"]
    assert (row["all_areas"], row["all_first_past_the_post"]) == (1, 317_498)
    assert any("A publisher" in note for note in result.notes)
    origins = figure("origin_shares", catchment_of="RJ1").frame.set_index("home")
    assert origins["share"].to_dict() == pytest.approx({"QKK": 0.75, "QKS": 0.25, "REST": 0.0})
    assert origins.loc["REST", "all_share"] == 0.5
    assert origins.loc["QKK", "difference"] == pytest.approx(0.25)
    compared = figure("origin_comparison").frame.set_index("provider").loc["RJ1"]
    assert compared[["own_system", "all_own_system", "outside_own_area", "all_outside_own_area"]].tolist() == [
        0.75,
        0.5,
        0.25,
        0.5,
    ]
    assert compared[["homes_for_90", "all_homes_for_90"]].tolist() == [2, 2]


def test_the_page_leads_to_loading_for_those_who_may(settings, tmp_path, signed_in, board_member, programme_team):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 6}})
    for user, shown in ((programme_team, True), (board_member, False)):
        assert ("/flows/catchments/load/" in signed_in(user).get("/flows/catchments/").content.decode()) == shown


def test_pages_say_first_what_they_show(settings, tmp_path, signed_in, board_member):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 6, "36L": 1}, "RJZ": {"72Q": 4}})
    client = signed_in(board_member)
    page = client.get("/flows/catchments/").content.decode()
    assert "most look to Guy&#x27;s and St Thomas&#x27;" in page
    assert "Fewer than 1,000 spells" in page or "Few spells, one programme" in page
    assert "/flows/catchments/RJ1/?" in page
    own = client.get("/flows/catchments/RJ1/").content.decode()
    assert "Catchment of Guy&#x27;s and St Thomas&#x27;" in own
    assert "65 or over" in own
    assert client.get("/flows/catchments/XXX/").status_code == 404
    assert client.get("/flows/catchments/QKK/").status_code == 404


@pytest.mark.parametrize("query", ["year=1066", "reach=everything", "level=galaxy", "service=nothing", "position=99"])
def test_wrong_filters_are_explained(settings, tmp_path, signed_in, board_member, query):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 6}})
    for address in ("/flows/catchments/", "/flows/catchments/RJ1/"):
        response = signed_in(board_member).get(f"{address}?{query}")
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()


def test_filters_that_select_nothing_say_so(settings, tmp_path, signed_in, board_member):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 6}})
    for address in ("/flows/catchments/?service_code=NCBPS01A", "/flows/catchments/RVR/"):
        page = signed_in(board_member).get(address).content.decode()
        assert "Nothing matches these filters" in page


def test_without_anything_published_the_page_stands(signed_in, board_member):
    page = signed_in(board_member).get("/flows/catchments/")
    assert page.status_code == 200
