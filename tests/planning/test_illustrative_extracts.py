"""Illustrative files: their form, codes valid in their year, the same bytes for the same seed, and what the command says."""

import csv
import json
from collections import Counter
from decimal import Decimal
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from planning.illustrative import UnusableWeights, make_extracts, read_reference, read_weights, row_counts

ROOT = Path(__file__).resolve().parents[2]
REFERENCE, WEIGHTS = ROOT / "fixtures" / "reference", ROOT / "fixtures" / "illustrative"
ONE_OF_EACH = ["2019/20", "2025/26"]
SIX_WITHOUT_ACTIVITY = {"ADJUSTMENT", "BLOCK", "CQUIN", "DRUG", "DEVICE", "NAOTHER"}
PROVIDER = "ORGANISATION IDENTIFIER (CODE OF PROVIDER)"
COMMISSIONER = "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"
BY_PRACTICE = "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)"
BY_RESIDENCE = "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)"
PRACTICE = "GENERAL MEDICAL PRACTICE (PATIENT REGISTRATION)"
SITE = "ORGANISATION SITE IDENTIFIER (OF TREATMENT)"
CATEGORY, POD, TARIFF = "COMMISSIONED SERVICE CATEGORY CODE", "POINT OF DELIVERY CODE", "TARIFF CODE"
FUNCTION = "ACTIVITY TREATMENT FUNCTION CODE"
FIGURES = [
    f"CONTRACT MONITORING {what} {figure}"
    for what in ("PLANNED", "ACTUAL")
    for figure in ("ACTIVITY", "PRICE", "MARKET FORCES FACTOR")
]


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv", dtype=str, keep_default_na=False)


def make(out: Path, years: list[str], seed: int, rows: int | None = None) -> list[dict]:
    return list(make_extracts(read_weights(WEIGHTS), read_reference(REFERENCE), years, seed, out, rows))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, list[dict]]:
    out = tmp_path_factory.mktemp("extracts")
    return out, make(out, ONE_OF_EACH, seed=3, rows=30_000)


@pytest.fixture(scope="module")
def rows(made) -> pd.DataFrame:
    """All rows as text, blanks as ''."""
    frames = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in sorted(made[0].glob("*.csv"))]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def statuses(rows) -> pd.Series:
    """Delegation status of each row's code in 2025/26."""
    table = reference("service_statuses")
    return rows["SERVICE CODE"].map(table[table["year"] == "2025/26"].set_index("service_code")["status"])


def of_year(rows: pd.DataFrame, year: str) -> pd.Series:
    return rows["FINANCIAL YEAR"] == year


def test_one_file_for_each_provider_and_year(made):
    out, summaries = made
    assert len(summaries) == 22
    assert {(one["provider"], one["year"]) for one in summaries} == {(p, y) for p in providers() for y in ONE_OF_EACH}
    assert sorted(Path(one["file"]) for one in summaries) == sorted(out.iterdir())


def providers() -> set[str]:
    """Providers in scope whose own totals are in the weights: community trusts send no specialised activity."""
    table = reference("providers")
    return {code for code in table.loc[table["in_scope"] == "true", "code"] if code != "RY9"}


def test_columns_are_the_national_ones_in_order(made):
    columns = reference("layout_columns")
    acm = columns[columns["layout"] == "acm"].sort_values("position", key=lambda position: position.astype(int))
    assert len(acm) == 43
    for path in made[0].iterdir():
        raw = path.read_bytes()
        assert raw.decode("utf-8").splitlines()[0] == ",".join(acm["name"])
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.endswith(b"\n")


def test_every_row_has_every_cell(made):
    for path in made[0].iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            assert {len(row) for row in csv.reader(file)} == {43}


def test_each_file_is_of_one_provider_and_one_year(made):
    for one in made[1]:
        file = pd.read_csv(one["file"], dtype=str, keep_default_na=False)
        assert set(file[PROVIDER]) == {one["provider"]}
        assert set(file["FINANCIAL YEAR"]) == {one["year"][:4] + one["year"][5:]}
        assert set(file["FINANCIAL MONTH"]) == {str(month) for month in range(1, 13)}


def test_summaries_are_the_sums_of_the_files(made):
    for one in made[1]:
        with Path(one["file"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert one["rows"] == len(rows)
        for what in ("planned", "actual"):
            figures = [row[f"CONTRACT MONITORING {what.upper()} PRICE"] for row in rows]
            assert Decimal(one[f"{what}_price"]) == sum((Decimal(text) for text in figures if text), Decimal(0))
    assert sum(one["rows"] for one in made[1]) == 30_000


def test_figures_are_written_as_the_national_rules_ask(rows):
    for column in FIGURES:
        pattern = r"\d+(\.\d{2})?" if column.endswith("ACTIVITY") else r"-?\d+\.\d{2}"
        filled = rows.loc[rows[column] != "", column]
        assert filled.str.fullmatch(pattern).all(), column
    assert (rows[FIGURES[3:]] != "").all(axis=None)


def test_a_plan_is_blank_in_a_few_rows_and_then_altogether(rows):
    blank = rows[FIGURES[:3]] == ""
    assert 0 < blank.any(axis=1).sum() < len(rows) / 500
    assert (blank.any(axis=1) == blank.all(axis=1)).all()


def test_form_of_codes(rows):
    assert rows.loc[rows[FUNCTION] != "", FUNCTION].str.fullmatch(r"\d{3}").all()
    assert rows.loc[rows[TARIFF] != "", TARIFF].str.fullmatch(r"[A-Z]{2}\d{2}[A-Z]").all()
    listed = read_weights(WEIGHTS).practices["Practice_Code"]
    assert {"", "V81997", "V81999"} < set(rows[PRACTICE]) <= {"", "V81997", "V81999", *listed}
    assert set(rows["NATIONAL TARIFF INDICATOR"]) == {"Y", "N", ""}
    assert rows["DATE AND TIME DATA SET CREATED"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").all()


@pytest.mark.parametrize(
    ("column", "table", "key"),
    [
        (POD, "points_of_delivery", "code"),
        ("SERVICE CODE", "service_codes", "code"),
        (CATEGORY, "service_categories", "code"),
        (COMMISSIONER, "commissioners", "code"),
        (SITE, "sites", "code"),
    ],
)
def test_codes_are_on_the_list(rows, column, table, key):
    assert set(rows[column]) - {""} <= set(reference(table)[key])


def test_organisations_are_those_of_the_year(rows):
    """No sub-ICB in 2019/20 that began later, no Clinical Commissioning Group after they ended."""
    table = reference("commissioners").set_index("code")
    for year, day in (("201920", "2019-04-01"), ("202526", "2025-04-01")):
        part = rows[of_year(rows, year)]
        for code in set(part[COMMISSIONER]) | set(part[BY_PRACTICE]) | set(part[BY_RESIDENCE]) - {""}:
            if code:
                assert table.loc[code, "valid_from"] <= day
                assert table.loc[code, "valid_to"] == "" or table.loc[code, "valid_to"] >= day
    assert {"08K", "07V", "99H"} <= set(rows.loc[of_year(rows, "201920"), BY_PRACTICE])
    assert {"72Q", "36L", "91Q", "92A"} <= set(rows.loc[of_year(rows, "202526"), BY_PRACTICE])


def test_points_of_delivery_without_activity(rows):
    money = rows[rows[POD].isin(SIX_WITHOUT_ACTIVITY)]
    assert (money[[SITE, FUNCTION, TARIFF]] == "").all(axis=None)
    assert set(money[FIGURES[0]]) | set(money[FIGURES[3]]) <= {"0", ""}
    treated = rows[~rows[POD].isin(SIX_WITHOUT_ACTIVITY)]
    assert (treated[FUNCTION] != "").all()
    assert (treated[FIGURES[3]] != "0").mean() > 0.97


def test_before_delegation_the_hub_pays_for_everything_specialised(rows):
    part = rows[of_year(rows, "201920") & ~rows[CATEGORY].isin(["12", "31", "41", "61"])]
    assert set(part[CATEGORY]) == {"21", "22"}
    payers = Counter(part[COMMISSIONER])
    assert payers["13R"] / len(part) > 0.99
    kinds = reference("commissioners").set_index("code")["kind"]
    assert set(part[COMMISSIONER].map(kinds)) <= {"hub", "devolved", "private", "overseas"}


def test_since_delegation_the_population_pays_for_delegated_services(rows, statuses):
    specialised = of_year(rows, "202526") & rows[CATEGORY].isin(["21", "22", "25", "26"])
    green, others = rows[specialised & (statuses == "GREEN")], rows[specialised & statuses.isin(["RED", "BLUE"])]
    assert set(green[CATEGORY]) == {"25", "26"}
    assert set(others[CATEGORY]) == {"21", "22"}
    assert set(others[COMMISSIONER]) == {"13R"}
    stated = green[BY_PRACTICE] != ""
    assert (green.loc[stated, COMMISSIONER] == green.loc[stated, BY_PRACTICE]).all()
    kinds = reference("commissioners").set_index("code")["kind"]
    assert set(green[COMMISSIONER].map(kinds)) == {"sub_icb"}


def test_the_host_pays_for_patients_without_practice_or_residence(rows):
    nobody = rows[of_year(rows, "202526") & (rows[CATEGORY] == "25") & (rows[PRACTICE] == "V81999")]
    assert len(nobody) > 20
    host = nobody[PROVIDER].map(reference("providers").set_index("code")["system"]).map({"QKK": "72Q", "QWE": "36L"})
    assert (nobody[COMMISSIONER] == host).all()


def test_mental_health_has_categories_of_its_own(rows):
    grouping = rows["SERVICE CODE"].map(reference("service_codes").set_index("code")["grouping"].str.lower())
    mental = rows[CATEGORY].isin(["22", "26"])
    assert (grouping[mental] == "mental health").all()
    assert {"21", "25"}.isdisjoint(set(rows.loc[grouping == "mental health", CATEGORY]))


def test_delegated_retained_and_host_funded_services_all_occur(statuses):
    assert {"GREEN", "RED", "BLUE"} <= set(statuses)


def test_other_nations_overseas_and_private_patients_pay_for_themselves(rows):
    kinds = reference("commissioners").set_index("code")["kind"]
    payer = rows[COMMISSIONER].map(kinds)
    others = payer.isin(["devolved", "overseas", "private"])
    assert set(payer[others]) == {"devolved", "overseas", "private"}
    assert set(rows.loc[others & of_year(rows, "202526"), CATEGORY]) == {"98"}
    assert (rows.loc[payer.isin(["overseas", "private"]), [BY_PRACTICE, BY_RESIDENCE]] == "").all(axis=None)


def test_some_patients_have_no_practice_and_some_live_elsewhere(rows):
    unregistered = rows[PRACTICE] == "V81997"
    assert (rows.loc[unregistered, BY_PRACTICE] == "").all()
    assert (rows.loc[unregistered, BY_RESIDENCE] != "").all()
    both = (rows[BY_PRACTICE] != "") & (rows[BY_RESIDENCE] != "")
    assert 0.001 < (rows.loc[both, BY_PRACTICE] != rows.loc[both, BY_RESIDENCE]).mean() < 0.05


def test_a_practice_is_of_the_system_that_is_responsible_for_it(rows):
    system = read_weights(WEIGHTS).practices.set_index("Practice_Code")["ICB"]
    parents = reference("commissioner_systems").groupby("commissioner")["system_code"].agg(set)
    registered = rows[rows[PRACTICE].isin(system.index)]
    pairs = registered.groupby([BY_PRACTICE, PRACTICE]).size().reset_index()
    assert all(system[practice] in parents[body] for body, practice in zip(pairs[BY_PRACTICE], pairs[PRACTICE], strict=True))
    own = rows[BY_PRACTICE].isin(["72Q", "36L"])
    assert rows.loc[own, PRACTICE].isin(system.index).all()


@pytest.mark.parametrize("commissioner", ["72Q", "36L"])
def test_nearly_all_that_is_spent_on_a_systems_patients_has_a_practice(rows, commissioner):
    """Places of a system are compared from 95% on; patients without any home are their host's, who pays for them."""
    stated = rows[BY_PRACTICE].where(rows[BY_PRACTICE] != "", rows[BY_RESIDENCE])
    home = stated.where(stated != "", rows[COMMISSIONER])
    patients = rows[(home == commissioner) & ~rows[POD].isin(["ADJUSTMENT", "BLOCK", "CQUIN", "NAOTHER"])]
    price = pd.to_numeric(patients["CONTRACT MONITORING ACTUAL PRICE"])
    assert price[patients[PRACTICE].str.startswith("X")].sum() / price.sum() > 0.95


def test_the_market_forces_factor_is_a_part_of_national_prices_only(rows):
    price, part = (pd.to_numeric(rows[f"CONTRACT MONITORING ACTUAL {name}"]) for name in ("PRICE", "MARKET FORCES FACTOR"))
    national = (rows["NATIONAL TARIFF INDICATOR"] == "Y") & (price > 1000)
    assert (part[national] / price[national]).between(0.10, 0.14).all()
    assert (part[rows["NATIONAL TARIFF INDICATOR"] != "Y"] == 0).all()


def test_every_row_says_that_it_is_illustrative(rows):
    assert set(rows["CONTRACT MONITORING ADDITIONAL DETAIL (FIRST)"]) == {"ILLUSTRATIVE"}


def test_rows_are_drawn_not_copied(rows):
    assert not rows.duplicated().any()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name, seed in (("one", 5), ("again", 5), ("another", 6)):
        (tmp_path / name).mkdir()
        make(tmp_path / name, ["2026/27"], seed, rows=2_000)
    one, again, another = (contents(tmp_path / name) for name in ("one", "again", "another"))
    assert one == again
    assert all(one[name] != another[name] for name in one)


def test_a_year_does_not_depend_on_the_years_made_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(row_counts, "ROWS_A_MONTH", 200)
    for name, years in (("alone", ["2026/27"]), ("together", ["2025/26", "2026/27"])):
        (tmp_path / name).mkdir()
        make(tmp_path / name, years, seed=5)
    alone, together = contents(tmp_path / "alone"), contents(tmp_path / "together")
    assert alone.items() <= together.items()


@pytest.mark.parametrize("rows", [3_000, 200_000])
def test_money_does_not_depend_on_the_number_of_rows(tmp_path, rows):
    made = make(tmp_path, ["2022/23"], seed=2, rows=rows)
    assert sum(one["rows"] for one in made) == rows
    total = sum(Decimal(one["specialised_actual_price"]) for one in made)
    assert float(total) == pytest.approx(1.81e9, rel=0.01)


def test_too_few_rows_are_refused(tmp_path):
    with pytest.raises(UnusableWeights, match="100 rows are too few for 11 files"):
        make(tmp_path, ["2025/26"], seed=1, rows=100)


def test_weights_that_name_unknown_codes_are_refused(tmp_path):
    weights = read_weights(WEIGHTS)
    wrong = weights.service_codes.assign(service_code=weights.service_codes["service_code"].replace("NCBPS13E", "NCBPS99Q"))
    changed = type(weights)(**{**vars(weights), "service_codes": wrong})
    with pytest.raises(UnusableWeights, match="service code NCBPS99Q is not in the reference data"):
        list(make_extracts(changed, read_reference(REFERENCE), ["2025/26"], 1, tmp_path))
    assert not list(tmp_path.iterdir())


def test_weights_with_a_commissioner_of_another_year_are_refused(tmp_path):
    weights = read_weights(WEIGHTS)
    changed = type(weights)(**{**vars(weights), "commissioners": weights.commissioners.assign(from_year="2019/20", to_year="")})
    with pytest.raises(UnusableWeights, match="commissioner 08K is not in force in 2025/26"):
        list(make_extracts(changed, read_reference(REFERENCE), ["2025/26"], 1, tmp_path))


def run(*arguments, **options) -> tuple[list[dict], str]:
    out, err = StringIO(), StringIO()
    call_command("make_illustrative_extracts", *arguments, stdout=out, stderr=err, **options)
    return json.loads(out.getvalue()), err.getvalue()


def test_the_command_prints_json_and_says_the_rest_on_standard_error(tmp_path):
    made, words = run("--years", "2026/27", "--seed", "1", "--rows", "2000", "--out", str(tmp_path / "new"))
    assert {one["provider"] for one in made} == providers()
    assert all({"file", "provider", "year", "rows", "planned_price", "actual_price"} <= set(one) for one in made)
    assert all(Decimal(one["actual_price"]) == Decimal(one["actual_price"]).quantize(Decimal("0.01")) for one in made)
    assert "2,000 rows in 11 files" in words
    assert "illustrative" in words
    assert all(Path(one["file"]).is_file() for one in made)


def test_spans_of_months_hold_the_rows_of_the_whole_between_them(tmp_path):
    """What a trust sends as freeze and then as flex is the same as what it would send at once."""
    asked = ("--years", "2026/27", "--seed", "1", "--rows", "2000", "--out")
    whole, _ = run(*asked, str(tmp_path / "whole"))
    parts = [run(*asked, str(tmp_path / "parts"), "--months", *span)[0] for span in (("1", "5"), ("6", "6"))]
    for one, early, late in zip(whole, *parts, strict=True):
        assert (early["months"], late["months"]) == (5, 1)
        assert [Path(part["file"]).stem.rsplit("_", 1)[1] for part in (early, late)] == ["M1-M5", "M6"]
        frames = [pd.read_csv(part["file"], dtype=str, keep_default_na=False) for part in (one, early, late)]
        assert set(frames[1]["REPORTING TYPE INDICATOR"]) <= {"FREEZE"}
        together = pd.concat(frames[1:], ignore_index=True).assign(**{"REPORTING TYPE INDICATOR": "FLEX"})
        pd.testing.assert_frame_equal(together, frames[0])
        assert Decimal(early["actual_price"]) + Decimal(late["actual_price"]) == Decimal(one["actual_price"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--years", "2025/26", "--seed", "1", "--months", "6", "5"], "two numbers from 1 to 12"),
        (["--years", "2026/27", "--seed", "1", "--months", "6", "7"], "2026/27 has 6 months: there is no month 7"),
        (["--years", "2025/26", "--seed", "1", "--layouts", "acm", "xlsx"], "There is no layout xlsx"),
        (["--years", "2031/32", "--seed", "1"], "year 2031/32 is not in years.csv"),
        (["--years", "2025/26", "--seed", "-4"], "The seed is a whole number from 0"),
        (["--years", "2025/26", "--seed", "1", "--rows", "0"], "0 rows are too few"),
    ],
    ids=["months", "no such month", "layout", "year", "seed", "rows"],
)
def test_wrong_usage_is_exit_code_2_and_leaves_no_file(tmp_path, arguments, message):
    with pytest.raises(CommandError, match=message) as refusal:
        run(*arguments, "--out", str(tmp_path / "out"))
    assert refusal.value.returncode == 2
    assert not list(tmp_path.rglob("*.csv"))
    assert np.all([path.is_dir() for path in tmp_path.rglob("*")])
