"""Reads of what scenarios assume: every row with its owner, source and date, and projected people."""

from datetime import datetime

import pandas as pd

from planning.models import Assumption, PopulationProjection, ProjectedPeople
from presentation.shared_reads import shared

SCOPES = ["provider", "service", "home", "point_of_delivery", "unit"]
COLUMNS = ["pk", "kind", "key", *SCOPES, "from_year", "value", "recorded_at"]
ABOUT = ["measured_in", "illustrative", "default", "owner", "source"]
# In words, for whoever makes a file of projected people.
AGE_BANDS = "0-4, 5-14, 15-24, 25-34, 35-44, 45-54, 55-64, 65-74, 75-84 or 85+"
PEOPLE = ["area", "year", "sex", "age_band", "people"]


@shared
def assumption_rows() -> pd.DataFrame:
    """Every row ever recorded: `COLUMNS` and `ABOUT`."""
    rows = list(Assumption.objects.order_by("pk").values_list(*COLUMNS, *ABOUT))
    return pd.DataFrame(rows, columns=[*COLUMNS, *ABOUT])


@shared
def assumptions_version() -> str:
    """A short name for what is assumed as it is now: it changes when a row or a projection is added."""
    last = Assumption.objects.order_by("-pk").values_list("pk", flat=True).first()
    projected = PopulationProjection.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{last or 0}.{projected or 0}"


def projections(at: datetime | None) -> list[PopulationProjection]:
    """Uploads of projected people, the newest first, as they were at a time."""
    uploads = PopulationProjection.objects.select_related("recorded_by")
    return list(uploads if at is None else uploads.filter(recorded_at__lte=at))


@shared
def projected_people(at: datetime | None) -> pd.DataFrame:
    """People of each area by the newest upload that holds it: area, year, sex, age_band, people, and `upload` (its key)."""
    newest: dict[str, int] = {}
    held = ProjectedPeople.objects.order_by().values_list("projection_id", "area").distinct()
    areas: dict[int, list[str]] = {}
    for upload, area in held:
        areas.setdefault(upload, []).append(area)
    for upload in projections(at):
        for area in areas.get(upload.pk, []):
            newest.setdefault(area, upload.pk)
    rows = ProjectedPeople.objects.filter(projection__in=set(newest.values())).order_by("area", "year", "sex", "pk")
    frame = pd.DataFrame(list(rows.values_list(*PEOPLE, "projection_id")), columns=[*PEOPLE, "upload"])
    return frame[frame["upload"] == frame["area"].map(newest)].reset_index(drop=True)
