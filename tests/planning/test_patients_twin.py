"""Distinct patients of random sets against loops and sets, and what a chart may say of few of them."""

import random
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from accounts.queries import command_line_user
from planning.actions import publish_extracts
from planning.charts.patient_sets import coverage_chart, coverage_title, overall, patients_chart, patients_title
from planning.figures.patient_sets import sets_sentence
from planning.models import ServiceCode
from planning.queries import latest_position
from planning.queries.patient_sets import patient_counts, without_patients
from planning.tables import patient_sets as tables
from presentation.disclosure import HIDDEN
from presentation.tables import RatioColumn
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check

CODES = ["NCBPS13B", "NCBPS01C", "NCBPS13A"]


def some_rows(chance: random.Random, layout: str) -> list[dict]:
    rows = []
    for _ in range(chance.randint(5, 60)):
        patient = chance.choice([None, *range(12)])
        cells = {
            "service_code": chance.choice(CODES),
            "practice_responsibility": chance.choice(["72Q", "36L"]),
            "month": chance.randint(1, 3),
            "patient_pseudonym": "" if patient is None else f"{patient:064x}",
        }
        rows.append(layout_row(layout, practice="", **cells))
    return rows


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("seed", range(4))
def test_patients_of_random_sets(seed, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    chance, service_of = random.Random(seed), dict(ServiceCode.objects.values_list("code", "service"))
    people, unknown = defaultdict(set), defaultdict(int)
    for layout in ("plcm", "drplcm", "deplcm"):
        rows = some_rows(chance, layout)
        extract = check(content=layout_bytes(layout, rows), layout=layout)
        publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
        for row in rows:
            if row["month"] in "23":
                system = {"72Q": "QKK", "36L": "QWE"}[row["practice_responsibility"]]
                key = (service_of[row["service_code"]] or "", system)
                people[key] |= {row["patient_pseudonym"]} - {""}
                unknown[key] += not row["patient_pseudonym"]
    filters = {"position": latest_position(), "from_month": 2, "to_month": 3}
    frame = patient_counts(filters, ["service", "home_system"])
    found = {(row["service"], row["home_system"]): (row["patients"], row["unknown_rows"]) for row in frame.to_dict("records")}
    assert found == {key: (len(people[key]), unknown[key]) for key in people}


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_money_without_patients_is_blocks_and_adjustments_and_no_drug():
    assert {"BLOCK", "ADJUSTMENT", "CQUIN", "NAOTHER"} <= without_patients()
    assert without_patients().isdisjoint({"DRUG", "DEVICE", "EL", "OPFASPCL"})


def coverage(*rows) -> pd.DataFrame:
    columns = ["provider_name", "period", "acm_price", "set_price", "ratio"]
    return pd.DataFrame(list(rows), columns=columns).astype({"acm_price": object, "set_price": object, "ratio": object})


def test_the_title_of_coverage_is_true_of_what_is_shown():
    frame = coverage(("King's", "April 2025", 200, 150, 0.75), ("King's", "May 2025", 200, 200, 1.0))
    assert coverage_title(frame) == "Patient-level sets of King's hold 0.88 of their ACM (1.00 is complete)"
    assert coverage_chart(frame, {}).summary == "Of 2 provider months, 1 is less than complete."
    hidden = coverage(("King's", "April 2025", HIDDEN, HIDDEN, HIDDEN), ("King's", "May 2025", 200, 200, 1.0))
    assert overall(hidden) == 1.0
    assert len(coverage_chart(hidden, {}).frame) == 1
    assert coverage_title(coverage()) == "No patient-level set is published for what is chosen"


def test_many_trusts_are_counted_and_few_are_named():
    rows = [(f"Trust {number}", "April 2025", 100, 50, 0.5) for number in range(1, 12)]
    assert coverage_title(coverage(*rows)).startswith("Patient-level sets of 11 providers hold 0.50")
    assert coverage_title(coverage(*rows[:4])).startswith("Patient-level sets of four providers hold 0.50")
    assert coverage_title(coverage(*rows[:3])).startswith("Patient-level sets of Trust 1, Trust 2 and Trust 3 hold 0.50")


def test_the_sentence_names_whose_patients_are_missing_or_stand_twice():
    states = [tables.MISSING] * 4 + [tables.TWICE] * 2
    rows = [(f"Trust {number}", "April 2025", 100, 50, 0.5) for number in range(1, 7)]
    frame = coverage(*rows).assign(state=states)
    said = sets_sentence({"set_coverage": SimpleNamespace(frame=frame)})
    assert said.endswith(
        "Patients are missing in some months of Trust 1, Trust 2 and 2 more. Some stand twice in months of Trust 5 and Trust 6."
    )
    everyone = frame.assign(state=tables.MISSING)
    assert sets_sentence({"set_coverage": SimpleNamespace(frame=everyone)}).endswith("in some months of each of them.")
    alone = sets_sentence({"set_coverage": SimpleNamespace(frame=everyone.head(1))})
    assert alone.endswith("Patients are missing in some months of Trust 1.")


def test_rows_of_patients_say_their_year_only_where_years_differ():
    names = {"provider_name": "King's", "service_name": "Renal", "home_name": "SEL"}
    frame = pd.DataFrame([{**names, "year": "2025/26", "patients": 20}, {**names, "year": "2026/27", "patients": 10}])
    assert patients_chart(frame, {}).frame["label"].tolist() == ["Renal, King's, SEL 2025/26", "Renal, King's, SEL 2026/27"]


def test_hidden_patients_are_neither_drawn_nor_named_as_the_most():
    names = {"provider_name": "King's", "service_name": "Renal", "year": "2025/26"}
    frame = pd.DataFrame([{**names, "home_name": "SEL", "patients": HIDDEN}, {**names, "home_name": "SWL", "patients": 10}])
    chart = patients_chart(frame, {})
    assert chart.title == "Most patients: Renal at King's for SWL, about 10 in 2025/26"
    assert chart.frame["label"].tolist() == ["Renal, King's, SWL"]
    assert patients_title(frame.head(1)) == "No patients can be counted in what is chosen"


def test_a_ratio_is_a_plain_number_with_two_decimals():
    column = RatioColumn("Coverage", numerator="own", denominator="acm")
    assert [column.cell(value) for value in (1.0, 0.996, 2.125, None, HIDDEN)] == ["1.00", "1.00", "2.13", "Not applicable", "*"]
    assert column.in_file(0.5) == 0.5
