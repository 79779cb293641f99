"""Loading public files of shares: each edition once, its rows checked first, then written in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions import record, reference_changed
from accounts.permissions import check_load_public_files
from planning.calculations import catchments
from planning.calculations.reference_rows import problem
from planning.calculations.share_files import PLACES, SharesRead, area_proportion_rows, origin_share_rows
from planning.extracts.public_files import PublicSheet, read_public_bytes, read_public_sheets
from planning.models import AllAdmissionsCatchment, AreaProportion, OriginShare, PlacePopulation, PublicShares, SharesKind, System

from .reference import ReferenceRefused

BATCH = 1_000
ONE = int(1 / PLACES)
# What of a file was not taken, in words.
LEFT_OUT = {
    "areas_not_known": "Areas not known and left out: {number}",
    "rows_of_areas_not_known": "Rows of such areas: {number}",
    "suppressed": "Rows suppressed in it: {number}",
    "other_admissions": "Rows of other kinds of admission: {number}",
    "earlier_years": "Rows of earlier years: {number}",
}


@dataclass(frozen=True)
class Loaded:
    """An edition as it stands now. `state` is loaded, replaced or unchanged; `others` are editions of the kind besides it."""

    shares: PublicShares
    state: str
    others: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        shares = self.shares
        said = {"state": self.state, "kind": shares.kind, "edition": shares.edition, "rows": shares.rows}
        return {**said, "left_out": shares.left_out, "other_editions": list(self.others)}

    @property
    def words(self) -> str:
        """For people."""
        others = f" Editions loaded before, which stay and are not shown: {', '.join(self.others)}." if self.others else ""
        left_out = "".join(f" {LEFT_OUT[name].format(number=f'{n:,}')}." for name, n in self.shares.left_out.items())
        return f"{self.shares}: {self.shares.rows:,} rows, {self.state}.{left_out}{others}"


def load_catchment_proportions(
    *, by, content: bytes, file_name: str, edition: str, source: str, dated: date | None = None
) -> Loaded:
    """Load a public file of area proportions: of the patients of each area, the share at each trust.

    Raises:
        ReferenceRefused: the file cannot be read or some row may not be loaded; nothing was written.
    """
    check_load_public_files(by)
    about = {"edition": edition.strip(), "source": source.strip(), "dated": dated}
    if same := _the_same(SharesKind.AREA_PROPORTIONS, content, about):
        return same
    read = area_proportion_rows(public_text(content, file_name), file=file_name)
    read.problems += _unnamed(file_name, about)
    if read.problems:
        raise ReferenceRefused(read.problems)
    rows = _known_areas(read)
    if rows.empty:
        raise ReferenceRefused([problem(file_name, 1, "area", "", _NO_AREA)])
    with transaction.atomic():
        loaded = _edition(by, SharesKind.AREA_PROPORTIONS, content, file_name, read, about, len(rows))
        columns = rows[["area", "provider", "proportion", "population"]].itertuples(index=False, name=None)
        made = (AreaProportion(shares=loaded.shares, area=a, provider=p, proportion=s, population=n) for a, p, s, n in columns)
        AreaProportion.objects.bulk_create(made, BATCH)
        AllAdmissionsCatchment.objects.bulk_create(_catchments(loaded.shares, rows), BATCH)
    return loaded


_NO_AREA = (
    "Use a file of local authorities that are loaded as places, or of MSOAs with a column of their population or catchment: "
    "no area of this file is known."
)


def load_origin_shares(
    *, by, content: bytes, file_name: str, edition: str = "", source: str = "", dated: date | None = None
) -> Loaded:
    """Load a public file of origin shares: of the admissions of each trust, the share from each system or place.

    Edition and source are those of the file where they are not given.

    Raises:
        ReferenceRefused: the file cannot be read or some row may not be loaded; nothing was written.
    """
    check_load_public_files(by)
    systems = dict(System.objects.exclude(ons_code="").values_list("ons_code", "code"))
    read = origin_share_rows(public_text(content, file_name), file=file_name, systems=systems)
    about = {"edition": edition.strip() or read.year, "source": source.strip() or read.source, "dated": dated}
    read.problems += [] if read.problems else _unnamed(file_name, about)
    if read.problems:
        raise ReferenceRefused(read.problems)
    kind = SharesKind.ORIGINS_BY_PLACE if read.level == "place" else SharesKind.ORIGINS_BY_SYSTEM
    if same := _the_same(kind, content, about):
        return same
    with transaction.atomic():
        loaded = _edition(by, kind, content, file_name, read, about, len(read.rows))
        columns = read.rows[["provider", "home", "home_name", "share"]].itertuples(index=False, name=None)
        made = (OriginShare(shares=loaded.shares, provider=p, home=h, home_name=n, share=s) for p, h, n, s in columns)
        OriginShare.objects.bulk_create(made, BATCH)
    return loaded


def public_text(content: bytes, file_name: str) -> pd.DataFrame:
    """Columns of text of a public file. Raises: ReferenceRefused: it cannot be read; says what to do."""
    try:
        return read_public_bytes(content, settings.EXTRACT_MAX_BYTES)
    except ValueError as fault:
        raise ReferenceRefused([problem(file_name, 1, "", "", str(fault))]) from None


def public_sheets(content: bytes, file_name: str) -> list[PublicSheet]:
    """Each sheet of a public workbook, or the table of a CSV. Raises: ReferenceRefused: it cannot be read; says what to do."""
    try:
        return read_public_sheets(content, settings.EXTRACT_MAX_BYTES)
    except ValueError as fault:
        raise ReferenceRefused([problem(file_name, 1, "", "", str(fault))]) from None


def _unnamed(file_name: str, about: dict) -> list[dict[str, object]]:
    """An edition without a name or a source could not be told from another."""
    lacking = [name for name in ("edition", "source") if not about[name]]
    found = [problem(file_name, 1, name, "", f"Say its {name}: the file does not.") for name in lacking]
    if len(about["edition"]) > 40:
        found.append(problem(file_name, 1, "edition", about["edition"], "Shorten the edition to at most 40 characters."))
    return found


def _the_same(kind: str, content: bytes, about: dict) -> Loaded | None:
    """The edition where the same bytes are loaded under its name already, and the same is said of them."""
    held = PublicShares.objects.filter(kind=kind, **about, sha256=hashlib.sha256(content).hexdigest()).first()
    return Loaded(held, "unchanged", _others(held)) if held else None


def _others(shares: PublicShares) -> tuple[str, ...]:
    return tuple(PublicShares.objects.filter(kind=shares.kind).exclude(pk=shares.pk).values_list("edition", flat=True))


def _edition(by, kind: str, content: bytes, file_name: str, read: SharesRead, about: dict, rows: int) -> Loaded:
    """The edition's own row, anew; what was loaded under its name before goes."""
    removed, _ = PublicShares.objects.filter(kind=kind, edition=about["edition"]).delete()
    shares = PublicShares.objects.create(
        kind=kind, **about, year=read.year[:20], file_name=file_name[:255], sha256=hashlib.sha256(content).hexdigest(),
        rows=rows, left_out={name: number for name, number in read.left_out.items() if number}, loaded_at=timezone.now(),
    )  # fmt: skip
    state = "replaced" if removed else "loaded"
    record(by=by, action=f"{state} public shares", about=str(shares), rows=rows, source=shares.source[:300], file=shares.sha256)
    reference_changed()
    return Loaded(shares, state, _others(shares))


def _known_areas(read: SharesRead) -> pd.DataFrame:
    """Rows of areas whose population is known, from the file or as places; the others are counted."""
    people = pd.DataFrame(
        list(PlacePopulation.objects.values_list("place_id", "year", "population")), columns=["area", "year", "n"]
    )
    latest = people[people["year"] == people["year"].max()].groupby("area")["n"].sum() if len(people) else pd.Series(dtype=float)
    rows = read.rows.assign(population=read.rows["population"].fillna(read.rows["area"].map(latest).astype("float64")))
    known = rows["population"].notna()
    read.left_out |= {"areas_not_known": int(rows.loc[~known, "area"].nunique()), "rows_of_areas_not_known": int((~known).sum())}
    return rows[known].reset_index(drop=True)


def _catchments(shares: PublicShares, rows: pd.DataFrame) -> list[AllAdmissionsCatchment]:
    """Each trust's catchment for all admissions by the three methods."""
    counted = rows.assign(
        admissions=[int(share * ONE) for share in rows["proportion"]], area_admissions=ONE, share=rows["proportion"].astype(float)
    )
    people = rows.drop_duplicates("area")[["area", "population"]].assign(stratum="")
    parts = catchments.proportional(counted, people)
    methods = {
        "proportional": parts,
        "first_past_the_post": catchments.first_past_the_post(counted, people),
        "at_least_30": catchments.at_least(counted, people),
    }
    sums = {name: found.groupby("provider")["population"].sum() for name, found in methods.items()}
    areas = parts.groupby("provider")["area"].nunique()
    return [
        AllAdmissionsCatchment(
            shares=shares, provider=code, areas=number, **{name: float(found.get(code, 0.0)) for name, found in sums.items()}
        )
        for code, number in areas.items()
    ]
