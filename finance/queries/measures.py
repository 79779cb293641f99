"""Measures of need and supply that a model of need can use: those of official files, and what is known of places."""

import pandas as pd

from accounts.reading import kept
from finance.calculations.measure_names import DEPRIVATION, KILOMETRES, NEAREST, OF_PLACES, folded
from finance.models import OfficialFile, OfficialFileKind, OfficialMeasure
from finance.queries.official import of_one_year, official_rows_of, source_words
from planning.queries import reference, sources

COLUMNS = ["area", "measure", "unit", "value", "year"]


def official_measures(edition: str | None = None) -> pd.DataFrame:
    """Measures as one edition has them: area (a system or a place), measure, unit, value, year."""
    return official_rows_of(OfficialMeasure, OfficialFileKind.MEASURES, edition, COLUMNS, "measure", "area", "year")


@kept
def measures_in_force() -> pd.DataFrame:
    """Every measure by the latest edition that has it, of that edition's own year: area (a system or a place), measure, unit,
    value, year, file. The deprivation of places is among them."""
    frames = [_deprivation()]
    taken: set[str] = set()
    for file in OfficialFile.objects.loaded().filter(kind=OfficialFileKind.MEASURES):
        rows = official_measures(file.edition)
        rows = rows[~rows["measure"].map(folded).isin(taken)]
        own = [of_one_year(of_measure, file.edition) for _, of_measure in rows.groupby("measure")]
        frames += [frame.assign(file=file.pk) for frame in own]
        taken |= {folded(measure) for measure in rows["measure"]}
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _deprivation() -> pd.DataFrame:
    places = reference.place_lookup().rename(columns={"code": "area", "imd_2019": "value"}).dropna(subset=["value"])
    rows = places[["area", "value"]].astype({"value": "float64"})
    return rows.assign(measure=DEPRIVATION, unit="score", year="2019", file=0)[[*COLUMNS, "file"]]


def tertiary_positions() -> pd.DataFrame:
    """Columns code, latitude, longitude of tertiary trusts that are in force, without those whose position is not known."""
    providers = reference.provider_lookup()
    in_force = providers[providers["tertiary"].astype(bool) & providers["valid_to"].isna()]
    return in_force[["code", "latitude", "longitude"]].dropna().reset_index(drop=True)


def measure_choices() -> list[tuple[str, str]]:
    """Every measure in force with its unit, those of places first and the others by name."""
    known = measures_in_force().drop_duplicates("measure")
    named = [(str(measure), str(unit)) for measure, unit in zip(known["measure"], known["unit"], strict=True)]
    if len(tertiary_positions()):
        named.append((NEAREST, KILOMETRES))
    return sorted(named, key=lambda one: (one[0] not in OF_PLACES, folded(one[0])))


def sources_of_measures(measures: list[str]) -> list[tuple[str, str, str]]:
    """Where the measures named come from: what, how much of it, and source."""
    used = measures_in_force()
    used = used[used["measure"].isin(measures)]
    found = [
        (str(file), f"{file.rows:,} rows", f"{source_words(file)} (file {file.sha256[:12]})")
        for file in OfficialFile.objects.loaded().filter(pk__in=set(used["file"]) - {0})
    ]
    tables = {"places": bool({*measures} & {*OF_PLACES}), "providers": NEAREST in measures}
    return [*found, *sources.sources_of(*(table for table, is_used in tables.items() if is_used))]
