"""The runner of worked files: what passes, what it says, and what it cannot be fooled by."""

import inspect
import json
from pathlib import Path

import pytest

from tests.worked.__main__ import main
from tests.worked.adapters import ADAPTERS
from tests.worked.comparing import mismatches

CASES = Path(__file__).parent / "cases"
SUPPORTED = [
    "01c_weighted_capitation.json",
    "01d_distance_from_target_convergence.json",
    "02a_flow_metrics.json",
    "02b_catchment_population.json",
    "02d_repatriation_scenario.json",
    "01g_access_intensity.json",
    "01e_provider_to_population_mapping.json",
    "01f_shadow_monitoring.json",
    "01b_supply_neutral_need_index.json",
]
# Of public files, which are not kept here.
NEEDS_DATA = ["01a_target_shares_real.json", "02c_trust_catchment_by_icb_real.json"]


def run(capsys, *arguments) -> tuple[int, list[str]]:
    code = main([str(a) for a in arguments])
    return code, capsys.readouterr().out.splitlines()


def test_supported_files_pass(capsys):
    assert run(capsys, *(CASES / name for name in SUPPORTED)) == (0, [f"{len(SUPPORTED)} passed, 0 failed"])


def test_every_other_file_is_said_to_be_unsupported(capsys):
    others = sorted(file for file in CASES.glob("*.json") if file.name not in [*SUPPORTED, *NEEDS_DATA])
    code, lines = run(capsys, *others)
    assert code == 1
    assert lines == [*(f"unsupported {file}" for file in others), "0 passed, 0 failed"]


def spoiled(case: dict, path: tuple):
    *way, last = path
    place = case["expected"]
    for key in way:
        place = place[key]
    place[last] = place[last] * 1.001 if isinstance(place[last], float) else "another"
    return case


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (SUPPORTED[0], ("target_share", "B")),
        (SUPPORTED[0], ("normalising_factor",)),
        (SUPPORTED[1], ("year2", "closing_dft", "C")),
        (SUPPORTED[1], ("year1", "allocation", "D")),
        (SUPPORTED[2], ("icb", "SWL", "hhi")),
        (SUPPORTED[2], ("provider", "GSTT", "dependency", "KM")),
        (SUPPORTED[2], ("provider", "LOC", "top_origin")),
        (SUPPORTED[2], ("travel", "SX", "mean_minutes")),
        (SUPPORTED[2], ("footprint_90", "KCH", "covered")),
        (SUPPORTED[2], ("net_flow_closed_system",)),
        (SUPPORTED[3], ("catchment_stratified", "T1")),
        (SUPPORTED[3], ("catchment_all_ages", "T3")),
        (SUPPORTED[3], ("proportion_by_area", "m2", "T2")),
        (SUPPORTED[4], ("travel_minutes_saved",)),
        (SUPPORTED[4], ("if_fixed_payment_year1", "to_margin_change")),
        ("01g_access_intensity.json", ("gap_due_to_access",)),
    ],
)
def test_one_wrong_number_fails_the_file_in_one_line(capsys, tmp_path, name, path):
    file = tmp_path / name
    file.write_text(json.dumps(spoiled(json.loads((CASES / name).read_text()), path)))
    code, lines = run(capsys, file)
    assert code == 1
    assert lines[-1] == "0 passed, 1 failed"
    assert [" › ".join(path) in line for line in lines[:-1]] == [True]


def test_one_file_that_cannot_be_read_does_not_hide_the_others(capsys, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    code, lines = run(capsys, broken, tmp_path / "absent.json", CASES / SUPPORTED[0])
    assert code == 1
    assert lines[-1] == "1 passed, 2 failed"


def test_a_fault_in_the_numbers_is_a_failure_with_its_reason(capsys, tmp_path):
    case = json.loads((CASES / SUPPORTED[0]).read_text())
    del case["inputs"]["provider_mff"]["P1"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))
    code, lines = run(capsys, file)
    assert (code, lines[-1]) == (1, "0 passed, 1 failed")
    assert "no market forces factor for: P1" in lines[0]


def test_a_case_of_public_files_without_the_folder_is_not_counted(capsys, tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"adapter": "01c", "inputs": {"file": "public.csv"}, "expected": {}}))
    assert run(capsys, file) == (0, [f"{file}: needs --data, the folder of public files: not run", "0 passed, 0 failed"])


PUBLIC = """trust_code,trust_short,icb_code,icb_name,share_of_trust_admissions,source
RJ1,A,QKK,South East London,0.6,Made up
RJ1,A,QWE,South West London,0.3,Made up
RJ1,A,QKS,Kent and Medway,0.1,Made up
RF4,B,QMF,North East London,1,Made up
"""


def origins(**changed) -> dict:
    trust = {"name": "Guy's and St Thomas'", "origins": 3, "sum": 1.0, "share": {"SEL": 0.6, "NE London": 0.0}}
    trust |= {"outside_own_icb": 0.4, "outside_south_london": 0.1, "origin_hhi": 4600.0, "icbs_for_90pc": 2, "covered": 0.9}
    tolerance = {"shares": 1e-5, "outside": 2e-5, "origin_hhi": 0.1, "covered": 1e-4, "counts": "exact", "sum": 1e-4}
    inputs = {"file": "flows.csv", "trusts": ["RJ1"]}
    return {"adapter": "02c", "inputs": inputs, "expected": {"RJ1": {**trust, **changed}}, "tolerance": tolerance}


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, 0),
        ({"origin_hhi": 4600.05}, 0),
        ({"origin_hhi": 4600.2}, 1),
        ({"outside_south_london": 0.1001}, 1),
        ({"icbs_for_90pc": 3}, 1),
        ({"share": {"SEL": 0.61}}, 1),
    ],
)
def test_a_case_of_public_files_is_read_by_the_products_own_reader(capsys, tmp_path, changed, faults):
    (tmp_path / "flows.csv").write_text(PUBLIC)
    case = tmp_path / "case.json"
    case.write_text(json.dumps(origins(**changed)))
    code, lines = run(capsys, "--data", tmp_path, case)
    assert (code, len(lines) - 1) == (min(faults, 1), faults)


@pytest.mark.parametrize(
    ("expected", "got", "tolerance", "agree"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, {}, True),
        ({"a": 1}, {}, {}, False),
        ({"a": None}, {"a": None}, {}, True),
        ({"a": None}, {"a": 0}, {}, False),
        ({"a": 0}, {"a": None}, {}, False),
        ({"a": [1, 2]}, {"a": [1]}, {}, False),
        ({"a": 5}, {"a": 6}, {"abs": 2, "activity": "exact"}, False),
        ({"a": 5.0}, {"a": 6}, {"abs": 2, "activity": "exact"}, True),
        ({"target_share": {"A": 0.1}}, {"target_share": {"A": 0.1000001}}, {"abs": 1e-6, "shares": 1e-8}, False),
        ({"index": {"A": 0.1}}, {"index": {"A": 0.1000001}}, {"abs": 1e-6, "shares": 1e-8}, True),
        ({"growth": {"A": 0.04}}, {"growth": {"A": 0.0400001}}, {"pounds": 1.0, "rates": 1e-8}, False),
        ({"target": {"A": 40.0}}, {"target": {"A": 40.9}}, {"pounds": 1.0, "rates": 1e-8}, True),
        ({"a": True}, {"a": 1}, {"abs": 1}, False),
        ({"a": {"need_index": 0.5}}, {"a": {"need_index": 0.5000009}}, {"indices": 1e-6}, True),
        ({"need_index": {"a": 0.5}}, {"need_index": {"a": 0.500002}}, {"indices": 1e-6}, False),
        ({"population": 5.0}, {"population": 5.004}, {"populations and weighted populations": 0.005}, True),
        ({"weighted": {"a": 5.0}}, {"weighted": {"a": 5.006}}, {"populations and weighted populations": 0.005}, False),
    ],
)
def test_comparing(expected, got, tolerance, agree):
    assert (not list(mismatches(expected, got, tolerance))) == agree


def test_adapters_are_short():
    for adapter in ADAPTERS.values():
        assert len(inspect.getsource(adapter).splitlines()) <= 16, adapter.__name__  # 15 lines and the name
