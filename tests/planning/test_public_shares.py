"""Loading public files of shares: once for each edition, checked first, audited, and never mixed with our own."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user, reference_version
from planning.actions import ReferenceRefused, load_catchment_proportions, load_origin_shares
from planning.models import AllAdmissionsCatchment, AreaProportion, OriginShare, PublicShares
from planning.queries import catchments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
# Lambeth and Southwark; an MSOA without and one with a population of its own.
AREAS = """lad_code,trust_code,proportion,population
E09000022,RJ1,0.6,
E09000022,RJZ,0.3,
E09000028,RJZ,0.5,
E09000028,RJ1,0.5,
E02000618,RJ1,1,8000
E02000619,RJ1,0.9,
"""
ORIGINS = """trust_code,icb_code,icb_name,share,source
RJ1,QKK,South East London,0.7,Made up in 2021
RJ1,QYG,Cheshire and Merseyside,0.3,Made up in 2021
"""
LAMBETH, SOUTHWARK = 317_498, 306_374


def load(content=AREAS, edition="April 2026", **changed):
    about = {"by": command_line_user(), "file_name": "areas.csv", "edition": edition, "source": "A publisher", **changed}
    return load_catchment_proportions(content=content.encode(), **about)


def run(command, *arguments):
    out, err, status = StringIO(), StringIO(), 0
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(out.getvalue()), err.getvalue()


def test_catchments_of_all_admissions_follow_by_the_three_methods():
    loaded = load()
    assert (loaded.state, loaded.others, loaded.shares.rows) == ("loaded", (), 5)
    assert loaded.shares.left_out == {"areas_not_known": 1, "rows_of_areas_not_known": 1}
    ours = {c.provider: c for c in AllAdmissionsCatchment.objects.all()}
    assert ours["RJ1"].proportional == pytest.approx(0.6 * LAMBETH + 0.5 * SOUTHWARK + 8000)
    assert ours["RJZ"].proportional == pytest.approx(0.3 * LAMBETH + 0.5 * SOUTHWARK)
    # Of equals the first by code; Lambeth's 30% count.
    assert (ours["RJ1"].first_past_the_post, ours["RJZ"].first_past_the_post) == (LAMBETH + SOUTHWARK + 8000, 0)
    assert (ours["RJ1"].at_least_30, ours["RJZ"].at_least_30) == (LAMBETH + SOUTHWARK + 8000, LAMBETH + SOUTHWARK)
    assert [c.areas for c in ours.values()] == [3, 2]


def test_the_same_bytes_again_change_nothing():
    load()
    before = list(PublicShares.objects.values()), AuditEvent.objects.count(), reference_version()
    assert load().state == "unchanged"
    assert before == (list(PublicShares.objects.values()), AuditEvent.objects.count(), reference_version())


def test_the_same_edition_with_other_numbers_replaces_it():
    load()
    assert load(AREAS.replace("0.6", "0.5")).state == "replaced"
    assert PublicShares.objects.count() == 1
    assert AreaProportion.objects.count() == 5


def test_another_edition_is_told_and_shown_and_the_first_stays():
    load()
    loaded = load(edition="April 2027")
    assert (loaded.state, loaded.others) == ("loaded", ("April 2026",))
    assert catchments.shown_proportions().edition == "April 2027"
    assert [one.edition for one in catchments.editions_loaded()] == ["April 2027", "April 2026"]


def test_what_was_loaded_is_in_the_audit_trail_and_ends_what_is_kept():
    before = reference_version()
    load()
    event = AuditEvent.objects.get(action="loaded public shares")
    assert event.by == command_line_user()
    assert (event.detail["rows"], event.detail["source"]) == (5, "A publisher")
    assert reference_version() != before


@pytest.mark.parametrize(
    ("content", "changed", "words"),
    [
        (AREAS.replace("0.6", "lots"), {}, "from 0 to 1"),
        ("msoa,trust,share\nE02000618,RJ1,0.5\n", {}, "no area of this file is known"),
        (AREAS, {"source": " "}, "Say its source"),
        (AREAS, {"edition": ""}, "Say its edition"),
        (AREAS, {"edition": "x" * 41}, "40 characters"),
        ("", {}, "cannot be read"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(content, changed, words):
    with pytest.raises(ReferenceRefused) as refusal:
        load(content, **changed)
    assert refusal.value.problems["message"].str.contains(words).any()
    assert not PublicShares.objects.exists()
    assert not AreaProportion.objects.exists()


def test_who_may_load(person):
    for role, organisation in ((Role.FINANCE_LEAD, "RJ1"), (Role.BOARD_MEMBER, "")):
        with pytest.raises(NotAllowed):
            load(by=person(role, organisation))
        with pytest.raises(NotAllowed):
            load_origin_shares(by=person(role, organisation), content=ORIGINS.encode(), file_name="f.csv")
    assert load(by=person(Role.PROGRAMME_TEAM)).state == "loaded"
    assert load(by=person(Role.ADMINISTRATOR), edition="another").state == "loaded"


def test_the_command_says_what_it_loaded_and_what_it_left_out(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREAS)
    status, printed, said = run(
        "load_catchment_proportions", str(path), "--edition", "2026", "--source", "A", "--dated", "2026-04-09"
    )
    assert (status, printed["state"], printed["rows"]) == (0, "loaded", 5)
    assert printed["left_out"] == {"areas_not_known": 1, "rows_of_areas_not_known": 1}
    assert "5 rows, loaded." in said
    _, printed, said = run("load_catchment_proportions", str(path), "--edition", "2027", "--source", "A")
    assert printed["other_editions"] == ["2026"]
    assert "which stay and are not shown: 2026" in said


def test_the_command_refuses_with_every_problem(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREAS.replace("E09000028,RJ1,0.5", "Southwark,RJ1,1.5"))
    status, printed, said = run("load_catchment_proportions", str(path), "--edition", "2026", "--source", "A")
    assert (status, printed["state"]) == (1, "refused")
    assert [(one["row"], one["column"]) for one in printed["problems"]] == [(5, "lad_code"), (5, "proportion")]
    assert 'areas.csv row 5, lad_code: "Southwark"' in said


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_origin_shares", str(tmp_path / "absent.csv"))


def test_origin_shares_take_edition_and_source_from_the_file(tmp_path):
    path = tmp_path / "origins.csv"
    path.write_text(ORIGINS)
    status, printed, _ = run("load_origin_shares", str(path))
    assert (status, printed["kind"], printed["edition"], printed["rows"]) == (0, "origins_system", "2021", 2)
    assert OriginShare.objects.get(home="QYG").home_name == "Cheshire and Merseyside"
    frame = catchments.origin_shares("system")
    assert frame[["provider", "home", "share"]].to_numpy().tolist() == [["RJ1", "QKK", 0.7], ["RJ1", "QYG", 0.3]]
    assert catchments.origin_shares("place").empty
    # No population follows from them.
    assert not AllAdmissionsCatchment.objects.exists()
    assert run("load_origin_shares", str(path))[1]["state"] == "unchanged"


def test_origin_shares_without_a_year_need_an_edition():
    content = "trust_code,lad_code,share\nRJ1,E09000022,1\n"
    with pytest.raises(ReferenceRefused) as refusal:
        load_origin_shares(by=command_line_user(), content=content.encode(), file_name="f.csv")
    assert set(refusal.value.problems["column"]) == {"edition", "source"}
    named = {"edition": "2024", "source": "A"}
    loaded = load_origin_shares(by=command_line_user(), content=content.encode(), file_name="f.csv", **named)
    assert loaded.shares.kind == "origins_place"
