"""Coverage of ACM by the patient-level sets: by hand, against a slow twin, and what it refuses."""

import random

import pandas as pd
import pytest

from planning.calculations.set_coverage import KEYS, coverage_by, reconcile, with_coverage, with_ratio
from tests.planning.twins.set_coverage import reconciled

FINANCIAL = {"BLOCK", "ADJUSTMENT"}


def line(price, *, service="NCBPS13B", point="EL", month=1, provider="RJ1", year="2025/26") -> dict:
    return {
        "provider": provider,
        "year": year,
        "month": month,
        "service_code": service,
        "point_of_delivery": point,
        "price": price,
    }


def acm_frame(*rows) -> pd.DataFrame:
    frame = pd.DataFrame([*rows], columns=[*KEYS, "price"]).rename(columns={"price": "acm_price"})
    return frame.assign(people=pd.array([None] * len(frame), dtype="Int64")).astype({"acm_price": "Int64"})


def sets_frame(*rows) -> pd.DataFrame:
    return pd.DataFrame([*rows], columns=[*KEYS, "price"]).rename(columns={"price": "set_price"}).astype({"set_price": "Int64"})


def covered(acm, sets, by=("provider",)) -> dict:
    frame = coverage_by(reconcile(acm_frame(*acm), sets_frame(*sets), without_patients=FINANCIAL), list(by))
    return {row[by[0]]: row for row in frame.to_dict("records")}


def test_complete_missing_and_twice():
    found = covered(
        [line(100), line(100, month=2), line(100, month=3), line(100, month=4)],
        [line(100), line(75, month=2), line(200, month=3)],
        by=["month"],
    )
    assert {month: row["ratio"] for month, row in found.items()} == {1: 1.0, 2: 0.75, 3: 2.0, 4: 0.0}
    assert {month: row["difference"] for month, row in found.items()} == {1: 0, 2: -25, 3: 100, 4: -100}


def test_money_without_patients_is_in_no_ratio_unless_a_set_has_it():
    assert covered([line(100), line(900, point="BLOCK")], [line(100)])["RJ1"]["ratio"] == 1
    assert covered([line(100), line(900, point="BLOCK")], [line(100), line(450, point="BLOCK")])["RJ1"]["ratio"] == 0.55
    frame = reconcile(acm_frame(line(100), line(9, point="BLOCK")), sets_frame(line(100)), without_patients=FINANCIAL)
    assert dict(zip(frame["point_of_delivery"], frame["is_expected"], strict=True)) == {"EL": True, "BLOCK": False}


def test_only_providers_and_years_that_sent_a_set():
    acm = [line(100), line(100, provider="RJZ"), line(100, year="2024/25")]
    assert list(covered(acm, [line(50)])) == ["RJ1"]
    assert covered(acm, [line(50)])["RJ1"]["acm_price"] == 100


def test_what_only_a_set_has_is_a_difference_and_counts_in_the_ratio():
    found = covered([line(100)], [line(100), line(20, service="NCBPS01C")])["RJ1"]
    assert (found["difference"], found["ratio"]) == (20, 1.2)


@pytest.mark.parametrize("price", [0, -100, None])
def test_there_is_no_ratio_of_nothing_or_less(price):
    assert pd.isna(covered([line(price)], [line(50)])["RJ1"]["ratio"])


def test_nothing_gives_nothing():
    frame = coverage_by(reconcile(acm_frame(), sets_frame(), without_patients=FINANCIAL), ["provider", "year"])
    assert frame.empty
    assert {"provider", "year", "acm_price", "set_price", "difference", "ratio", "people"} <= set(frame.columns)


def test_a_key_that_stands_twice_or_a_column_that_is_missing_is_refused():
    with pytest.raises(ValueError, match="more than one row"):
        reconcile(acm_frame(line(1), line(2)), sets_frame(line(1)), without_patients=FINANCIAL)
    with pytest.raises(ValueError, match="no column: set_price"):
        reconcile(acm_frame(line(1)), sets_frame(line(1)).drop(columns="set_price"), without_patients=FINANCIAL)


def test_coverage_stands_beside_counts_and_is_missing_where_there_is_none():
    counts = pd.DataFrame({"provider": ["RJ1", "RJZ"], "patients": [12, 9]})
    coverage = with_ratio(pd.DataFrame({"provider": ["RJ1"], "set_price": [98], "acm_price": [100]}))
    found = with_coverage(counts, coverage, ["provider"])
    assert found["patients"].tolist() == [12, 9]
    assert found["ratio"].iloc[0] == 0.98
    assert pd.isna(found["ratio"].iloc[1])


def some_lines(chance: random.Random, name: str) -> list[dict]:
    rows = {}
    for _ in range(chance.randint(0, 40)):
        row = line(
            chance.choice([None, 0, chance.randint(-50, 1_000)]),
            service=chance.choice("AB"),
            point=chance.choice(["EL", "BLOCK", "DRUG"]),
            month=chance.choice([1, 2, 13]),
            provider=chance.choice(["RJ1", "RJZ"]),
            year=chance.choice(["2024/25", "2025/26"]),
        )
        row[name] = row.pop("price")
        rows[tuple(row[k] for k in KEYS)] = row
    return list(rows.values())


@pytest.mark.parametrize("by", [["provider"], ["month", "service_code"], KEYS], ids=len)
@pytest.mark.parametrize("seed", range(12))
def test_against_the_slow_twin(seed, by):
    chance = random.Random(seed)
    acm, sets = some_lines(chance, "acm_price"), some_lines(chance, "set_price")
    frames = (
        pd.DataFrame(acm, columns=[*KEYS, "acm_price"]).assign(people=pd.NA).astype({"acm_price": "Int64"}),
        pd.DataFrame(sets, columns=[*KEYS, "set_price"]).astype({"set_price": "Int64"}),
    )
    frame = coverage_by(reconcile(*frames, without_patients=FINANCIAL), by)
    slow = reconciled(acm, sets, FINANCIAL, by)
    assert {tuple(row[b] for b in by) for row in frame.to_dict("records")} == set(slow)
    for row in frame.to_dict("records"):
        own = slow[tuple(row[b] for b in by)]
        names = {"acm": "acm_price", "own": "set_price", "difference": "difference"}
        assert {name: None if pd.isna(row[of]) else row[of] for name, of in names.items()} | {"ratio": own["ratio"]} == own
        assert pd.isna(row["ratio"]) if own["ratio"] is None else row["ratio"] == pytest.approx(own["ratio"])
