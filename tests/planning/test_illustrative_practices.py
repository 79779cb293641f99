"""Illustrative practices: in places that are loaded, chosen by nearness and service, and taken for homes by the intake."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command

from planning.illustrative import make_extracts, read_reference, read_weights
from planning.illustrative.practices import PATTERNS, in_pattern, pattern_of, practice_weights
from planning.models import PatientFlow, Practice
from planning.queries.reference import practice_lookup
from tests.planning import received_extracts

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LIST = FIXTURES / "illustrative" / "practices.csv"


@pytest.fixture(scope="module")
def weights():
    return read_weights(FIXTURES / "illustrative")


@pytest.fixture(scope="module")
def listed():
    return read_reference(FIXTURES / "reference")


def places() -> pd.DataFrame:
    return pd.read_csv(FIXTURES / "reference" / "places.csv", dtype=str, keep_default_na=False).set_index("code")


def shares(weights, listed, provider: str, commissioner: str, year: str = "2025/26") -> pd.Series:
    """Share of each place, by name."""
    chosen = practice_weights(weights, listed, provider, year)[commissioner]
    of_place = chosen.groupby(chosen["place"].map(places()["name"]))["weight"].sum()
    return of_place / of_place.sum()


def test_every_place_has_practices_and_its_registered_people(weights):
    practices, known = weights.practices, places()
    assert set(practices["LAD"]) == set(known.index)
    assert practices["Practice_Code"].is_unique
    # No practice of England has a code that begins with X.
    assert practices["Practice_Code"].str.fullmatch(r"X\d{5}").all()
    assert (practices["ICB"].to_numpy() == known.loc[practices["LAD"], "system"].to_numpy()).all()
    assert practices["source"].str.startswith("illustrative: no such practice").all()
    people = practices.groupby("LAD")["Population"].sum()
    assert people.to_dict() == pytest.approx(known["registered_population"].astype(float).to_dict(), abs=1)


def test_patients_of_a_system_live_in_all_its_places_and_more_often_nearby(weights, listed):
    found = shares(weights, listed, "RJZ", "72Q")
    assert set(found.index) == {"Bexley", "Bromley", "Greenwich", "Lambeth", "Lewisham", "Southwark"}
    people = places().set_index("name")["registered_population"].astype(float)[found.index]
    need = places().set_index("name")["general_acute_weighted_population"].astype(float)[found.index]
    far_and_near = found / need
    assert far_and_near["Lambeth"] > far_and_near["Bromley"] > far_and_near["Bexley"]
    assert (found - people / people.sum()).abs().max() < 0.1


def test_a_group_that_was_one_borough_has_its_practices_only(weights, listed):
    found = practice_weights(weights, listed, "RJ1", "2019/20")
    assert shares(weights, listed, "RJ1", "08K", "2019/20").to_dict() == {"Lambeth": 1.0}
    own = listed.commissioners.set_index("code")["place"]
    for code, practices in found.items():
        if own[code]:
            assert set(practices["place"]) == {own[code]}
        else:
            assert not set(practices["place"]) & (set(own[list(found)]) - {""})


def test_people_of_no_loaded_place_have_no_practice(weights, listed):
    found = practice_weights(weights, listed, "RJ1", "2025/26")
    assert found["06N"].empty
    assert in_pattern(found["06N"], 0) == [("", 1.0)]
    assert "TDH00" not in found or found["TDH00"].empty


def test_a_trust_without_a_position_has_patients_from_everywhere_alike(weights, listed):
    nowhere = type(listed)(**{**vars(listed), "positions": listed.positions * np.nan})
    found = practice_weights(weights, nowhere, "RJ1", "2025/26")["72Q"]
    expected = weights.practices.set_index("Practice_Code")["Population"][found["practice"]].to_numpy()
    assert found["weight"].to_numpy() == pytest.approx(expected * listed.places.loc[found["place"], "need"].to_numpy())


def test_services_differ_between_places_always_in_the_same_way(weights, listed):
    near = practice_weights(weights, listed, "RJ1", "2025/26")["72Q"]
    patterns = [dict(in_pattern(near, pattern)) for pattern in range(PATTERNS)]
    assert patterns[0] == dict(in_pattern(near, 0))
    assert len({tuple(one.values()) for one in patterns}) == PATTERNS
    by_place = near.assign(ratio=[patterns[0][p] for p in near["practice"]] / near["weight"]).groupby("place")["ratio"]
    # Practices of one place stray together, and none by more than a third.
    assert (by_place.max() - by_place.min()).max() < 1e-9
    assert by_place.mean().between(0.7, 1.4).all()
    families = weights.service_families["family"]
    assert set(pattern_of(families)) == set(range(PATTERNS))


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_the_list_is_loaded_as_the_public_one_is_and_homes_are_known_by_place(weights, listed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    said = StringIO()
    options = {"edition": "Illustrative", "source": "Illustrative: no such practices"}
    call_command("load_practices", str(LIST), **options, stdout=said, stderr=StringIO())
    assert json.loads(said.getvalue())["tables"]["practices"]["rows"] == len(weights.practices)
    assert set(Practice.objects.values_list("source", "edition")) == {("Illustrative: no such practices", "Illustrative")}
    assert len(practice_lookup()) == len(weights.practices)
    made = next(m for m in make_extracts(weights, listed, ["2026/27"], 5, tmp_path, 2_000) if m["provider"] == "RPY")
    extract = received_extracts.check(content=Path(made["file"]).read_bytes(), name=Path(made["file"]).name)
    assert extract.state == "checked", extract.reason
    facts = pd.DataFrame(PatientFlow.objects.filter(extract=extract).values("home_system", "home_place"))
    own = facts[facts["home_system"].isin(["QKK", "QWE"])].fillna("")
    assert (own["home_place"] != "").mean() > 0.85
    placed = own[own["home_place"] != ""]
    assert (placed["home_place"].map(places()["system"]) == placed["home_system"]).all()
