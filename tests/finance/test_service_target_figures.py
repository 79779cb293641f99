"""Figures of targets by service: the money of the Allocation page by service, need indices as imported, and true titles."""

import re

import pandas as pd
import pytest
from django.urls import reverse

from finance.charts import service_targets as charts
from finance.figures import service_targets as figures
from finance.models import OfficialFile, OfficialFileKind, OfficialNeed
from finance.queries import service_targets as reads
from planning.models import ServiceCode
from presentation.disclosure import HIDDEN
from presentation.figure import Mode
from tests.finance.test_allocation_figures import SPEND, rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
NAMES = ["service_targets", "service_targets_by_programme"]


@pytest.fixture
def loaded():
    return publish(rows())


def import_needs(by, needs: dict, *, programme: str, year="2025/26", **values) -> OfficialFile:
    """A need index of the systems of one programme of care, as an edition of its own or added to it."""
    file, _ = OfficialFile.objects.get_or_create(
        kind=OfficialFileKind.NEED, edition="Made up 2025/26", year="2025/26", source="For a test", sha256="0" * 64,
        defaults={"loaded_by": by, "file_name": "need.csv"},
    )  # fmt: skip
    for area, index in needs.items():
        OfficialNeed.objects.create(file=file, area=area, year=year, programme_of_care=programme, need_index=index, **values)
    return file


def of_programme(run, programme: str, **data) -> pd.DataFrame:
    frame = run("service_targets_by_programme", data).frame
    return frame[frame["group"] == programme].set_index("area")


@pytest.mark.parametrize("name", NAMES)
def test_services_add_up_to_the_money_of_the_allocation_page(run, loaded, name):
    frame = run(name).frame
    whole = run("allocation").frame.set_index("system")
    assert frame.groupby("area")["baseline"].sum().to_dict() == {s: whole.loc[s, "baseline"] for s in ("QKK", "QWE")}
    assert (frame.groupby("group")["target"].sum() == frame.groupby("group")["baseline"].sum()).all()


def test_without_a_need_index_the_share_of_all_services_stands_in_and_is_named(run, loaded):
    result = run("service_targets_by_programme")
    chain = run("allocation").frame.set_index("system")["chain_share"]
    assert result.frame.set_index(["group", "area"])["target_share"].to_dict() == pytest.approx(
        {(g, s): chain[s] for g in ("A", "B") for s in ("QKK", "QWE")}
    )
    assert set(result.frame["basis_words"]) == {"Fallback: full chain, all services alike"}
    assert any("mix of care differs, not that need does" in note for note in result.notes)


def test_the_other_way_can_be_asked_for(run, loaded):
    own = of_programme(run, "A", way="core").loc["QKK"]
    assert own["target_share"] == pytest.approx(0.65)
    assert own["basis_words"] == "Fallback: core index, all services alike"


def test_a_need_index_of_a_programme_is_used_for_it_alone(run, loaded, programme_team):
    import_needs(programme_team, {"QKK": 1.2, "QWE": 0.8}, programme="A")
    steps = run("allocation_chain").frame.set_index("system")
    raw = {s: steps.loc[s, "population"] * steps.loc[s, "age_index"] * steps.loc[s, "mff_index"] * n for s, n in
           (("QKK", 1.2), ("QWE", 0.8))}  # fmt: skip
    own = of_programme(run, "A")
    assert own.loc["QKK", "target_share"] == pytest.approx(raw["QKK"] / sum(raw.values()))
    assert own.loc["QKK", "basis_words"] == "Need index of its programme of care, Made up 2025/26"
    assert of_programme(run, "B").loc["QKK", "basis_words"].startswith("Fallback")
    assert "One of 2 groups rest on a need index" in run("service_targets_by_programme").notes[0]


def test_a_need_index_that_includes_age_leaves_the_age_index_out(run, loaded, programme_team):
    import_needs(programme_team, {"QKK": 1.0, "QWE": 1.0}, programme="A", includes_age=True)
    steps = run("allocation_chain").frame.set_index("system")
    raw = steps["population"] * steps["mff_index"]
    assert of_programme(run, "A").loc["QKK", "target_share"] == pytest.approx(raw["QKK"] / raw.sum())


def test_one_that_lacks_a_system_is_not_used(run, loaded, programme_team):
    import_needs(programme_team, {"QKK": 1.2}, programme="A")
    assert of_programme(run, "A").loc["QKK", "basis_words"].startswith("Fallback")


def test_the_year_shown_or_the_nearest_is_taken(loaded, programme_team):
    import_needs(programme_team, {"QKK": 9.0, "QWE": 9.0}, programme="A", year="2019/20")
    import_needs(programme_team, {"QKK": 1.5, "QWE": 0.5}, programme="A", year="2024/25")
    found = reads.needs_of_year({"position": loaded, "year": "2025/26"})
    assert found.set_index("area")["need_index"].to_dict() == {"QKK": 1.5, "QWE": 0.5}
    assert found.attrs["edition"] == "Made up 2025/26"


def test_loading_a_need_index_changes_the_stamp_and_is_among_the_sources(loaded, programme_team):
    before = figures.SERVICE_TARGETS.stamp({"position": loaded})
    import_needs(programme_team, {"QKK": 1.2, "QWE": 0.8}, programme="A")
    assert figures.SERVICE_TARGETS.stamp({"position": loaded}) != before
    assert any("Made up 2025/26" in what for what, _, _ in figures.SERVICE_TARGETS.sources({"position": loaded}))


def test_a_service_stands_under_the_programme_of_most_of_its_codes():
    for code, programme in (("N1", "A"), ("N2", "A"), ("N3", "B")):
        ServiceCode.objects.create(code=code, description=code, display_name=code, programme_of_care_id=programme)
    groups = reads.groups_of_codes("programme_of_care").set_index("service_code")
    assert groups.loc["N3", "group"] == groups.loc["N3", "programme"] == "B"
    unnamed = reads.groups_of_codes("service").set_index("service_code")
    assert set(unnamed["programme"]) == {"A"}  # none has a service here, and most are of A


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_computed_of_a_part(run, name):
    publish([row for row in rows() if row["provider"] == "RJ1"])
    result = run(name)
    assert result.frame.empty
    assert result.title == charts.NOTHING


@pytest.mark.parametrize("name", NAMES)
def test_a_board_member_takes_away_nothing_of_few_people(run, name):
    publish([{**row, "actual_activity": 3_000} for row in rows()])
    frame = run(name, {"grouping": "programme_of_care"}, mode=Mode.OUTSIDE).frame
    assert set(frame["distance_money"]) == set(frame["target"]) == {HIDDEN}


def test_the_system_looked_at_stands_first_with_its_largest_distance(run, loaded):
    result = run("service_targets", {"area": "QWE", "grouping": "programme_of_care"})
    own = result.frame[result.frame["area"] == "QWE"]
    assert list(result.frame["area"][: len(own)]) == ["QWE"] * len(own)
    assert list(own["distance_money"].abs()) == sorted(own["distance_money"].abs(), reverse=True)
    first = own.iloc[0]
    side = "above" if first["distance_money"] > 0 else "below"
    assert re.fullmatch(rf"South West London is £\d+ \(\d+\.\d%\) {side} target on {first['group_name']}", result.title)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (1_200_000, "A is £1.2m (10.0%) above target on Heart"),
        (-900_000, "A is £900k (10.0%) below target on Heart"),
        (0, "A is at its target on every service"),
        (HIDDEN, None),
        (None, None),
    ],
)
def test_a_distance_is_put_in_words(gap, said):
    stored = gap if gap is HIDDEN or gap is None else gap * 10_000
    row = {"system_name": "A", "group_name": "Heart", "distance_money": stored, "distance": 0.1}
    assert charts.furthest_words(pd.DataFrame([row]).astype(object)) == said


def test_the_page_says_what_its_targets_rest_on(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    address = reverse("finance:service_targets")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address, {"year": "2025/26"}).content.decode()))
    assert "every target rests on the fallback" in said
    assert "for population shares, not for provider or site funding" in said
    assert f"£{sum(a for h, _, c, a in SPEND if h == 'QKK' and c == 'GREEN1') + 60}" in said
    import_needs(programme_team, {"QKK": 1.2, "QWE": 0.8}, programme="A")
    assert "1 of 2 have a need index of their own" in client.get(address, {"year": "2025/26"}).content.decode()


@pytest.mark.parametrize(("field", "value"), [("area", "QQQ"), ("way", "guess"), ("grouping", "x")])
def test_wrong_filters_are_named(loaded, field, value):
    form = figures.ServiceTargetsForm({field: value})
    assert f"“{value}” is not on the list" in form.errors[field][0]


def test_a_need_index_stated_by_place_makes_the_target_of_its_system_and_says_so(run, loaded, programme_team):
    import_needs(programme_team, {"QKK": 1.2, "QWE": 0.8}, programme="A")
    stated = of_programme(run, "A")["target_share"].to_dict()
    OfficialNeed.objects.all().delete()
    import_needs(programme_team, {"PQKK": 1.2, "PQWE": 0.8}, programme="A")
    by_place = of_programme(run, "A")
    assert by_place["target_share"].to_dict() == pytest.approx(stated)
    assert all(words.endswith("by the people of its places") for words in by_place["basis_words"])
    OfficialNeed.objects.filter(area="PQWE").delete()
    assert set(of_programme(run, "A")["basis_words"]) == {"Fallback: full chain, all services alike"}
