"""Age and sex as populations of places have them: bands of five years added up, national codes of sex as letters."""

import re

import pandas as pd

from .contract import floats, require_columns

BANDS = ("0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
GROUPS = {"0-4": "0_14", "5-14": "0_14", "15-24": "15_44", "25-34": "15_44", "35-44": "15_44", "45-54": "45_64",
          "55-64": "45_64", "65-74": "65_84", "75-84": "65_84", "85+": "85"}  # fmt: skip
# PERSON STATED GENDER CODE of the NHS Data Dictionary; 9 and X say nothing of a stratum.
SEXES = {"1": "m", "2": "f"}
LEAST_COVERED = 0.8


def stratum_of(sex: str, band: str) -> str:
    """The stratum of residents of a sex (f, m) and one of `BANDS`; "" where either is not known."""
    return f"{sex} {band}" if sex in ("f", "m") and band in BANDS else ""


def band_of(text: str) -> str:
    """The band of populations that an age band of five years, or a single age, is in; "" where it is none."""
    found = re.fullmatch(r"(\d{1,3})(?:-\d{1,3}|\+)?", text.strip())
    if not found:
        return ""
    age = int(found[1])
    return next((band for band in BANDS if age <= int(band.rstrip("+").split("-")[-1])), BANDS[-1]) if age < 85 else BANDS[-1]


def with_strata(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the stratum of residents that their age band and sex are in.

    Args:
        rows: `age_band` (as minimised extracts have it), `sex` (national code) and any other columns.

    Returns:
        The rows with `stratum`, "" where age or sex is not known.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(rows, ["age_band", "sex"], of="rows")
    bands = {text: band_of(text) for text in rows["age_band"].unique()}
    pairs = zip(rows["sex"], rows["age_band"], strict=True)
    return rows.assign(stratum=pd.Series([stratum_of(SEXES.get(s, ""), bands[b]) for s, b in pairs], rows.index, dtype=object))


def covered_providers(admissions: pd.DataFrame, strata: pd.DataFrame, *, least: float = LEAST_COVERED) -> pd.DataFrame:
    """How much of each provider's admissions patient-level extracts hold with age and sex.

    Args:
        admissions: `provider`, `admissions`: all of them.
        strata: `provider`, `stratum` ("" where not known), `admissions` in the same unit.
        least: share that is enough for a provider to be known by age and sex, inclusive.

    Returns:
        One row for each provider of `admissions` in code order: `provider`, `covered` (0 and more) and `by_strata`.
    """
    whole = floats(admissions["admissions"]).groupby(admissions["provider"]).sum()
    known = strata[strata["stratum"] != ""]
    held = floats(known["admissions"]).groupby(known["provider"]).sum().reindex(whole.index, fill_value=0.0)
    covered = (held / whole.where(whole > 0)).fillna(0.0)
    return pd.DataFrame({"covered": covered, "by_strata": covered >= least}).rename_axis("provider").reset_index()
