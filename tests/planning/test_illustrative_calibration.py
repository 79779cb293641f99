"""Illustrative files add up to what they are calibrated to: read back as anyone would read them, by rules written out here."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from planning.illustrative import make_extracts, read_reference, read_weights

ROOT = Path(__file__).resolve().parents[2]
REFERENCE, WEIGHTS = ROOT / "fixtures" / "reference", ROOT / "fixtures" / "illustrative"
YEARS = ["2019/20", "2022/23", "2025/26", "2026/27"]
FULL_YEARS = YEARS[:3]
OWN = {"QKK", "QWE"}
SHARES = {
    "RJ1": 0.315,
    "RJZ": 0.24,
    "RJ7": 0.17,
    "RPY": 0.125,
    "RVR": 0.045,
    "RJ2": 0.033,
    "RV5": 0.032,
    "RPG": 0.014,
    "RJ6": 0.012,
    "RAX": 0.008,
    "RQY": 0.006,
}
CARDIAC = ["NCBPS13A", "NCBPS13B", "NCBPS13C", "NCBPS13E", "NCBPS13F", "NCBPS13H", "NCBPS13N", "NCBPS13T", "NCBPS13V", "NCBPS13Z"]
CARDIAC_SURGERY = ["NCBPS13E", "NCBPS13T", "NCBPS13Z"]
CHILDRENS_NEUROSURGERY = ["NCBPS23M", "NCBPS08J", "NCBPS73M"]
RENAL = ["NCBPS11B", "NCBPS11C", "NCBPS11T", "NCBPS23S", "NCBPS73D", "NCBPS73S"]

READ = """
SELECT "FINANCIAL YEAR" AS year, "FINANCIAL MONTH"::INT AS month, "ORGANISATION IDENTIFIER (CODE OF PROVIDER)" AS provider,
    "COMMISSIONED SERVICE CATEGORY CODE" AS category, "SERVICE CODE" AS service_code, "POINT OF DELIVERY CODE" AS pod,
    "ORGANISATION SITE IDENTIFIER (OF TREATMENT)" AS site, "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)" AS commissioner,
    "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)" AS practice,
    "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)" AS residence,
    "CONTRACT MONITORING PLANNED PRICE"::DECIMAL(18,2) AS plan,
    "CONTRACT MONITORING ACTUAL ACTIVITY"::DOUBLE AS activity, "CONTRACT MONITORING ACTUAL PRICE"::DECIMAL(18,2) AS actual
FROM read_csv('{folder}/*.csv', all_varchar = true, header = true)
"""


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv", dtype=str, keep_default_na=False)


def home_systems() -> dict[str, str]:
    """System or group of every commissioner code, as organised before April 2026."""
    systems = reference("commissioner_systems")
    systems = systems[systems["valid_from"] < "2026-04-01"].drop_duplicates("commissioner", keep="last")
    near = set(reference("systems")["code"])
    found = {row.commissioner: row.system_code if row.system_code in near else "REST" for row in systems.itertuples()}
    groups = {"devolved": "DEVOLVED", "private": "PRIVATE", "overseas": "OVERSEAS"}
    return found | {row.code: groups[row.kind] for row in reference("commissioners").itertuples() if row.kind in groups}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("extracts")
    for _ in make_extracts(read_weights(WEIGHTS), read_reference(REFERENCE), YEARS, 7, out):
        pass
    return out


@pytest.fixture(scope="module")
def rows(folder) -> pd.DataFrame:
    """All rows of all files, with what a reader works out: home, whether specialised, the unit of the point of delivery."""
    frame = duckdb.sql(READ.format(folder=folder)).df()
    frame["year"] = frame["year"].str[:4] + "/" + frame["year"].str[4:]
    frame["actual"], frame["plan"] = frame["actual"].astype(float), frame["plan"].astype(float)
    kinds = reference("commissioners").set_index("code")["kind"]
    payer = frame["commissioner"].where(
        frame["commissioner"].map(kinds).isin(["sub_icb", "ccg", "devolved", "private", "overseas"])
    )
    code = frame["practice"].fillna(frame["residence"]).fillna(payer)
    frame["home"] = code.map(home_systems()).fillna("NOT-KNOWN")
    statuses = reference("service_statuses").set_index(["service_code", "year"])["status"]
    status = statuses.reindex(pd.MultiIndex.from_frame(frame[["service_code", "year"]])).fillna("").to_numpy()
    frame["status"] = status
    by_category = frame["category"].isin(["21", "22", "25", "26"]) & (frame["service_code"] != "99999999")
    frame["specialised"] = by_category | frame["status"].isin(["GREEN", "RED", "BLUE"])
    frame["unit"] = frame["pod"].map(reference("points_of_delivery").set_index("code")["unit"])
    return frame


@pytest.fixture(scope="module")
def specialised(rows) -> pd.DataFrame:
    return rows[rows["specialised"]]


@pytest.fixture(scope="module")
def known(specialised) -> pd.DataFrame:
    return specialised[specialised["home"] != "NOT-KNOWN"]


def outside(frame: pd.DataFrame, column: str) -> float:
    return frame.loc[~frame["home"].isin(OWN), column].sum() / frame[column].sum()


def by_home(frame: pd.DataFrame) -> pd.Series:
    """Share of cost by home, largest first."""
    cost = frame.groupby("home")["actual"].sum().sort_values(ascending=False)
    return cost / cost.sum()


def footprint(frame: pd.DataFrame) -> set[str]:
    """The fewest homes, largest first, that reach 90% of cost."""
    shares = by_home(frame)
    return set(shares.index[: (shares.cumsum() < 0.9).sum() + 1])


@pytest.mark.parametrize(("year", "total"), [("2019/20", 1.59e9), ("2022/23", 1.81e9), ("2025/26", 2.17e9)])
def test_specialised_totals(specialised, year, total):
    assert specialised.loc[specialised["year"] == year, "actual"].sum() == pytest.approx(total, rel=0.01)


def test_the_running_year_is_half_a_year_of_five_per_cent_more(specialised):
    running = specialised[specialised["year"] == "2026/27"]
    before = specialised[(specialised["year"] == "2025/26") & (specialised["month"] <= 6)]
    assert sorted(running["month"].unique()) == [1, 2, 3, 4, 5, 6]
    assert running["actual"].sum() / before["actual"].sum() == pytest.approx(1.05, abs=0.01)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("provider", SHARES)
def test_split_by_provider(specialised, provider, year):
    of_year = specialised[specialised["year"] == year]
    share = of_year.loc[of_year["provider"] == provider, "actual"].sum() / of_year["actual"].sum()
    assert share == pytest.approx(SHARES[provider], abs=0.002)


@pytest.mark.parametrize("year", FULL_YEARS)
def test_shares_from_outside(known, year):
    of_year = known[known["year"] == year]
    spells = of_year[of_year["unit"] == "SPELL"]
    assert 0.45 <= outside(spells, "activity") <= 0.47
    assert 0.40 <= outside(of_year, "actual") <= 0.42


@pytest.mark.parametrize("year", FULL_YEARS)
def test_shares_from_outside_hold_among_residents_of_england_too(known, year):
    english = known[(known["year"] == year) & ~known["home"].isin(["DEVOLVED", "OVERSEAS", "PRIVATE"])]
    assert 0.45 <= outside(english[english["unit"] == "SPELL"], "activity") <= 0.47
    assert 0.40 <= outside(english, "actual") <= 0.42


@pytest.mark.parametrize("year", YEARS)
def test_some_homes_are_not_known(specialised, year):
    of_year = specialised[specialised["year"] == year]
    unknown = of_year.loc[of_year["home"] == "NOT-KNOWN", "actual"].sum() / of_year["actual"].sum()
    assert 0.005 < unknown <= 0.10


@pytest.mark.parametrize(
    "codes", [CARDIAC_SURGERY, CHILDRENS_NEUROSURGERY, RENAL], ids=["cardiac surgery", "neurosurgery", "renal"]
)
def test_most_imports_come_from_kent_surrey_and_sussex(known, codes):
    imports = known[known["service_code"].isin(codes) & ~known["home"].isin(OWN)]
    assert set(by_home(imports).index[:3]) == {"QKS", "QXU", "QNX"}
    assert by_home(imports).iloc[:3].sum() > 0.6
    assert outside(known[known["service_code"].isin(codes)], "actual") > outside(known, "actual")


def test_cardiac_footprint_spans_six_systems(known):
    """South London, Kent and Medway, Surrey Heartlands, Sussex and Frimley."""
    assert footprint(known[known["service_code"].isin(CARDIAC)]) == {"QKK", "QWE", "QKS", "QXU", "QNX", "QNQ"}


def test_neurology_is_contained(known):
    neurology = known[known["service_code"] == "NCBPS08O"]
    assert footprint(neurology[neurology["provider"] == "RJ7"]) == {"QWE", "QXU"}
    assert footprint(neurology[neurology["provider"] == "RJZ"]) == {"QKK"}
    assert footprint(neurology) == {"QKK", "QWE", "QXU"}


def test_renal_footprint_spans_south_london_and_surrey_and_two_regions(known):
    systems = footprint(known[known["service_code"].isin(RENAL)])
    assert {"QKK", "QWE", "QXU"} <= systems
    assert len(systems) <= 5


def test_dialysis_is_near_home_and_transplants_are_pan_london(known):
    rest_of_london = {"QRV", "QMF", "QMJ"}
    dialysis = by_home(known[known["service_code"] == "NCBPS11B"])
    transplants = by_home(known[known["service_code"] == "NCBPS11T"])
    assert dialysis.reindex(rest_of_london).sum() < 0.03
    assert transplants.reindex(rest_of_london).min() > 0.02
    assert transplants.reindex(rest_of_london).sum() > 0.12


@pytest.mark.parametrize(("provider", "home"), [("RJ1", "QKS"), ("RJZ", "QKS"), ("RVR", "QXU"), ("RJ7", "QXU")])
def test_kent_and_surrey_residents_dialyse_at_satellite_units(known, provider, home):
    sites = reference("sites").set_index("code")["provider"]
    sessions = known[(known["pod"] == "ARD") & (known["provider"] == provider)]
    main = sessions.loc[sessions["home"].isin(OWN), "site"].mode()[0]
    away = sessions[sessions["home"] == home]
    assert (away["site"] != main).mean() > 0.4
    assert set(away["site"]) <= set(sites.index)


def test_hiv_is_open_to_all_and_mainly_south_london(known):
    homes = by_home(known[known["service_code"] == "NCBPS14A"])
    assert 0.70 < homes[list(OWN)].sum() < 0.90
    assert (homes > 0.005).sum() >= 8


@pytest.mark.parametrize("year", FULL_YEARS)
def test_over_plan_in_drugs_and_devices(specialised, year):
    of_year = specialised[specialised["year"] == year]
    at_cost = of_year[of_year["pod"].isin(["DRUG", "DEVICE"])]
    over = at_cost["actual"].sum() - at_cost["plan"].sum()
    everything = of_year["actual"].sum() - of_year["plan"].sum()
    assert over / everything > 0.6
    assert at_cost["actual"].sum() / of_year["actual"].sum() < 0.35
    assert at_cost["actual"].sum() / at_cost["plan"].sum() > 1.02


@pytest.mark.parametrize("year", YEARS)
def test_most_providers_end_near_their_plan(specialised, year):
    sums = specialised[specialised["year"] == year].groupby("provider")[["actual", "plan"]].sum()
    away = (sums["actual"] / sums["plan"] - 1).abs()
    assert (away <= 0.03).sum() >= 9
    assert away.max() < 0.06


@pytest.mark.parametrize("year", YEARS)
def test_months_run_smoothly(specialised, year):
    months = specialised[specialised["year"] == year].groupby("month")["actual"].sum()
    assert (months / months.mean() - 1).abs().max() < 0.08
    assert months.is_unique


def test_other_care_is_there_and_is_not_specialised(rows):
    other = rows[~rows["specialised"]]
    assert set(other["provider"]) == set(SHARES)
    assert {"12", "31", "41", "61"} == set(other["category"])
    assert (other.loc[other["category"] == "12", "service_code"] == "99999999").all()


def test_adjustments_go_both_ways_and_nothing_else_is_negative(rows):
    assert set(rows.loc[rows["actual"] < 0, "pod"]) == {"ADJUSTMENT"}
    assert (rows.loc[rows["pod"] == "ADJUSTMENT", "actual"] > 0).any()


def test_unit_prices_are_plausible(specialised):
    """A spell of heart surgery costs thousands, a session of dialysis hundreds."""
    spells = specialised[(specialised["service_code"] == "NCBPS13E") & (specialised["pod"] == "EL")]
    sessions = specialised[specialised["pod"] == "ARD"]
    assert 8_000 < spells["actual"].sum() / spells["activity"].sum() < 18_000
    assert 120 < sessions["actual"].sum() / sessions["activity"].sum() < 260
