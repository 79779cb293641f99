"""Public shares beside our own: whose edition is shown, what is said of it, what is hidden outside and where it comes from."""

import pytest

from accounts.models import AuditEvent
from accounts.queries import command_line_user
from planning.actions import load_catchment_proportions, load_origin_shares
from planning.actions.public_shares import Loaded
from planning.figures.public_shares import APART, left_out_words
from planning.models import AllAdmissionsCatchment, AreaProportion, OriginShare, PublicShares
from planning.queries import catchments
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from tests.planning.test_catchment_figures import figure, publish_whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
AREAS = """lad_code,trust_code,proportion
E09000022,RJ1,0.6
E09000022,RJZ,*
E09000028,RJZ,0.25
E02000001,RJ1,0.5
"""
ORIGINS = """trust_code,icb_code,icb_name,share,source
RJ1,QKK,South East London,0.5,Made up 2022
RJ1,QWE,South West London,0.25,Made up 2022
RJ1,QYG,Cheshire and Merseyside,0.25,Made up 2022
"""
PLACES = "trust_code,lad_code,share\nRJ1,E09000022,0.75\nRJ1,E09000028,0.25\n"
NONE_OF_AREAS = "No public file of area proportions is loaded. An administrator or the programme team can load one."
NONE_OF_ORIGINS = "No public file of origin shares is loaded. An administrator or the programme team can load one."


def load_areas(content=AREAS, edition="April 2026", source="OHID", **changed):
    about = {"by": command_line_user(), "file_name": "areas.csv", "edition": edition, "source": source, **changed}
    return load_catchment_proportions(content=content.encode(), **about)


def load_origins(content=ORIGINS, **changed):
    return load_origin_shares(by=command_line_user(), content=content.encode(), file_name="origins.csv", **changed)


@pytest.fixture
def whole(settings, tmp_path):
    publish_whole(settings, tmp_path, {"RJ1": {"72Q": 60, "36L": 5, "91Q": 20}, "RJZ": {"72Q": 40}})


def test_without_a_file_each_figure_says_so_and_has_nothing_published(whole):
    assert NONE_OF_AREAS in figure("all_admissions_catchments").notes
    for name in ("origin_comparison", "origin_shares"):
        assert NONE_OF_ORIGINS in figure(name, catchment_of="RJ1").notes, name
    assert figure("all_admissions_catchments").frame["all_proportional"].isna().all()
    assert figure("origin_comparison").frame["all_own_system"].isna().all()
    assert figure("origin_shares", catchment_of="RJ1").frame["all_share"].isna().all()
    assert left_out_words() == ""


def test_the_edition_shown_and_what_was_left_out_are_named(whole):
    load_areas()
    result = figure("all_admissions_catchments")
    assert APART in result.notes
    assert "All admissions: Of each area's patients, the share at each trust, April 2026; OHID." in result.notes
    assert left_out_words() == "Not taken from the file: areas not known and left out: 1; rows suppressed in it: 1."
    assert left_out_words() in result.notes
    sources = figure_named("all_admissions_catchments").sources(result.filters)
    assert ("Of each area's patients, the share at each trust, April 2026", "2 rows", "OHID") in sources


def test_a_later_edition_is_shown_alone_until_the_earlier_one_is_loaded_anew(whole):
    load_areas()
    load_areas(AREAS.replace("0.6", "0.3"), edition="April 2027")
    rows = figure("all_admissions_catchments").frame.set_index("provider")
    later = rows.loc["RJ1", "all_proportional"]
    load_areas(AREAS + "E09000028,RJ1,0.1\n")
    assert catchments.shown_proportions().edition == "April 2026"
    again = figure("all_admissions_catchments").frame.set_index("provider")
    assert again.loc["RJ1", "all_proportional"] > later * 2 * 0.99
    assert (again.loc["RJ1", "all_areas"], again.loc["RJZ", "all_areas"]) == (2, 1)
    assert [one.edition for one in catchments.editions_loaded()] == ["April 2026", "April 2027"]


def test_a_source_that_was_mistyped_is_put_right_by_the_same_file(whole):
    load_areas(source="OHDI")
    loaded = load_areas(source="OHID")
    assert (loaded.state, PublicShares.objects.get().source) == ("replaced", "OHID")
    assert AreaProportion.objects.count() == 2
    assert load_areas(source=" OHID ").state == "unchanged"
    events = AuditEvent.objects.filter(action__endswith="public shares").order_by("pk")
    assert [event.action for event in events] == ["loaded public shares", "replaced public shares"]


def test_what_was_loaded_is_said_for_programs_and_for_people():
    loaded = load_areas()
    assert loaded.facts == {
        "state": "loaded",
        "kind": "areas",
        "edition": "April 2026",
        "rows": 2,
        "left_out": {"suppressed": 1, "areas_not_known": 1, "rows_of_areas_not_known": 1},
        "other_editions": [],
    }
    said = Loaded(loaded.shares, "loaded", ("2024", "2025")).words
    assert said.startswith("Of each area's patients, the share at each trust, April 2026: 2 rows, loaded.")
    assert said.endswith("Editions loaded before, which stay and are not shown: 2024, 2025.")
    assert "Rows suppressed in it: 1." in said


def test_rows_name_themselves_for_people():
    load_areas()
    load_origins()
    assert str(AreaProportion.objects.get(provider="RJZ")) == "RJZ in E09000028"
    assert str(AllAdmissionsCatchment.objects.get(provider="RJ1")).startswith("RJ1: ")
    assert str(OriginShare.objects.get(home="QYG")) == "RJ1 from Cheshire and Merseyside"


def test_origins_are_compared_home_by_home_with_the_rest_of_england_as_one(whole):
    load_origins()
    result = figure("origin_shares", catchment_of="RJ1")
    rows = result.frame.set_index("home")
    # 60 of 85 spells; in the file a half, and a quarter of the rest of England.
    assert rows.loc["QKK", "share"] == pytest.approx(60 / 85)
    assert rows.loc["QKK", "difference"] == pytest.approx(60 / 85 - 0.5)
    assert (rows.loc["REST", "spells"], rows.loc["REST", "share"], rows.loc["REST", "all_share"]) == (0, 0, 0.25)
    assert rows["all_share"].sum() == pytest.approx(1)
    assert list(rows["spells"]) == sorted(rows["spells"], reverse=True)
    assert "All admissions: Of each trust's admissions, the share from each system, 2022; Made up 2022." in result.notes
    assert "Those are shares of each trust's own admissions: no population follows from them." in result.notes
    names = [source[0] for source in figure_named("origin_shares").sources(result.filters)]
    assert names == ["Of each trust's admissions, the share from each system, 2022"]


def test_outside_a_home_of_few_spells_is_hidden_and_what_is_public_stays(whole):
    load_origins()
    rows = figure("origin_shares", Mode.OUTSIDE, catchment_of="RJ1").frame.set_index("home")
    assert rows.loc["QWE", ["spells", "share", "difference"]].tolist() == [HIDDEN] * 3
    assert rows.loc["QWE", "all_share"] == 0.25
    assert rows.loc["QKK", "spells"] == 60_000


def test_editions_by_place_and_by_system_stand_apart():
    load_origins()
    load_origins(PLACES, edition="2023", source="A publisher")
    assert set(catchments.origin_shares("place")["home"]) == {"E09000022", "E09000028"}
    assert set(catchments.origin_shares()["home"]) == {"QKK", "QWE", "QYG"}
    assert catchments.sources_of_origins("place")[0][1:] == ("2 rows", "A publisher")


def test_the_comparison_counts_every_provider_with_spells_and_no_other(whole):
    load_origins()
    rows = figure("origin_comparison").frame.set_index("provider")
    assert set(rows.index) == {"RJ1", "RJZ"}
    assert rows.loc["RJ1", "own_system"] == pytest.approx(60 / 85)
    assert rows.loc["RJ1", "outside_own_area"] == pytest.approx(20 / 85)
    assert (rows.loc["RJ1", "all_own_system"], rows.loc["RJ1", "all_outside_own_area"]) == (0.5, 0.25)
    assert (rows.loc["RJZ", "own_system"], rows.loc["RJZ", "outside_own_area"]) == (1, 0)
    title = figure("origin_comparison").title
    assert title == "At no provider do more specialised than other patients come from outside the own area"


def test_pages_end_what_was_kept_when_another_edition_is_loaded(whole, signed_in, board_member):
    client = signed_in(board_member)
    for address in ("/flows/catchments/", "/flows/catchments/RJ1/"):
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        load_origins(ORIGINS.replace("0.25", "0.2"), edition=f"For {len(address)}")
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
