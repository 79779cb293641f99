"""The files beside an illustrative ACM: by the rules of their layouts, and adding up to it but for the gaps they state."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command

from planning.models import Extract, ExtractProblem

FINANCE = ["ADJUSTMENT", "BLOCK", "CQUIN", "NAOTHER"]
POINT, SERVICE = "POINT OF DELIVERY CODE", "SERVICE CODE"
PRACTICE = "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)"
PLAN, ACTUAL, COST = "CONTRACT MONITORING PLANNED PRICE", "CONTRACT MONITORING ACTUAL PRICE", "TOTAL COST"
OTHERS = ["iap", "plcm", "drplcm", "deplcm"]


def make(out: Path, *layouts: str, seed: str = "5") -> list[dict]:
    said = StringIO()
    arguments = ["--years", "2025/26", "--seed", seed, "--rows", "6000", "--out", str(out), "--others-of", "RJZ"]
    call_command("make_illustrative_extracts", *arguments, "--layouts", *layouts, stdout=said, stderr=StringIO())
    return json.loads(said.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("layouts")


@pytest.fixture(scope="module")
def made(folder) -> dict[str, dict]:
    return {one["layout"]: one for one in make(folder, "acm", *OTHERS) if "layout" in one}


def read(path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def money(column: pd.Series) -> Decimal:
    return sum(map(Decimal, filter(None, column)), Decimal(0))


@pytest.fixture(scope="module")
def acm(folder, made) -> pd.DataFrame:
    return read(folder / "ACM_2526_RJZ.csv")


def test_a_file_of_each_layout_stands_beside_the_acm_of_the_providers_asked_for(folder, made):
    assert sorted(made) == sorted(OTHERS)
    assert sorted(p.name for p in folder.glob("*RJZ*")) == [
        f"{x}_2526_RJZ.csv" for x in ("ACM", "DEPLCM", "DRPLCM", "IAP", "PLCM")
    ]
    assert [p.name for p in folder.glob("PLCM*")] == ["PLCM_2526_RJZ.csv"]


def test_the_plan_return_plans_what_the_acm_plans(made, acm):
    assert money(read(made["iap"]["file"])[PLAN]) == money(acm[PLAN]) == Decimal(made["iap"]["planned_price"])


@pytest.mark.parametrize("layout", ["plcm", "drplcm", "deplcm"])
def test_patients_add_up_to_the_acm_but_for_what_is_left_out(made, acm, layout):
    own = {"drplcm": acm[POINT] == "DRUG", "deplcm": acm[POINT] == "DEVICE"}
    of_set = own.get(layout, ~acm[POINT].isin([*FINANCE, "DRUG", "DEVICE"]))
    one = made[layout]
    assert money(read(one["file"])[COST]) == Decimal(one["actual_price"])
    assert Decimal(one["actual_price"]) + Decimal(one["left_out_price"]) == money(acm.loc[of_set, ACTUAL])


def test_some_rows_and_one_service_of_one_month_are_missing(made, acm):
    plcm = read(made["plcm"]["file"])
    care = acm[~acm[POINT].isin([*FINANCE, "DRUG", "DEVICE"])]
    assert made["plcm"]["left_out_rows"] > 0
    june = care[care["FINANCIAL MONTH"] == "6"][SERVICE].mode()[0]
    assert june not in set(plcm.loc[plcm["FINANCIAL MONTH"] == "6", SERVICE])
    assert june in set(plcm[SERVICE])


def test_nobody_is_in_it_and_patients_are_in_more_than_one_set(made):
    frames = {layout: read(made[layout]["file"]) for layout in ("plcm", "drplcm")}
    for frame in frames.values():
        assert {"NHS NUMBER", "PERSON BIRTH DATE", "POSTCODE OF USUAL ADDRESS"}.isdisjoint(frame.columns)
        assert frame["PATIENT PSEUDONYM"].str.fullmatch("|[0-9a-f]{64}").all()
    patients = {layout: set(frame["PATIENT PSEUDONYM"]) - {""} for layout, frame in frames.items()}
    assert patients["plcm"] & patients["drplcm"]
    assert len(patients["plcm"]) < len(frames["plcm"])
    known = frames["plcm"][frames["plcm"]["PATIENT PSEUDONYM"] != ""]
    assert len(known[["PATIENT PSEUDONYM", PRACTICE]].drop_duplicates()) == known["PATIENT PSEUDONYM"].nunique()
    assert known["AGE BAND AT ACTIVITY DATE"].nunique() == 18


def test_the_same_seed_gives_the_same_bytes_and_another_others(folder, made, tmp_path):
    make(tmp_path / "again", "plcm", "iap")
    assert [p.name for p in sorted((tmp_path / "again").iterdir())] == ["IAP_2526_RJZ.csv", "PLCM_2526_RJZ.csv"]
    assert (tmp_path / "again" / "PLCM_2526_RJZ.csv").read_bytes() == (folder / "PLCM_2526_RJZ.csv").read_bytes()
    make(tmp_path / "other", "plcm", seed="6")
    assert (tmp_path / "other" / "PLCM_2526_RJZ.csv").read_bytes() != (folder / "PLCM_2526_RJZ.csv").read_bytes()


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_every_layout_is_recognised_and_accepted_without_a_problem(made, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    files = [made[layout]["file"] for layout in OTHERS]
    call_command(
        "load_extract", *files, "--layout", "recognised", "--publish", "--illustrative", stdout=StringIO(), stderr=StringIO()
    )
    extracts = {e.layout: e for e in Extract.objects.all()}
    assert {layout: e.state for layout, e in extracts.items()} == dict.fromkeys(OTHERS, "published")
    assert {layout: e.accepted for layout, e in extracts.items()} == {layout: made[layout]["rows"] for layout in OTHERS}
    assert not ExtractProblem.objects.exists()
