"""Where homes and providers are, and the table of travel times where one is loaded."""

import pandas as pd

from accounts.reading import kept
from planning.models import Commissioner, TravelTime
from planning.queries import geography, reference

POSITION = ["code", "latitude", "longitude"]


@kept
def positions_of_homes() -> pd.DataFrame:
    """Columns code, latitude, longitude of places and systems, each the middle of where its people live."""
    frames = [reference.place_lookup()[POSITION], reference.system_lookup()[POSITION]]
    return pd.concat(frames, ignore_index=True).drop_duplicates("code", ignore_index=True)


@kept
def positions_of_codes() -> pd.DataFrame:
    """Columns code, latitude, longitude of CCGs and sub-ICB locations: of the place that one is, else of its latest system."""
    known = positions_of_homes().set_index("code")
    systems = reference.commissioner_systems().drop_duplicates("commissioner", keep="last")
    stands = dict(zip(systems["commissioner"], systems["system_code"], strict=True))
    places = dict(Commissioner.objects.exclude(place=None).values_list("code", "place"))
    rows = pd.DataFrame([*{**stands, **places}.items()], columns=["code", "stands_for"])
    found = rows.merge(known, left_on="stands_for", right_index=True, how="inner")[POSITION]
    return pd.concat([found, positions_of_homes()], ignore_index=True).drop_duplicates("code", ignore_index=True)


@kept
def positions_of_regions() -> pd.DataFrame:
    """Columns code, latitude, longitude of regions: the middle of their systems that are loaded."""
    systems = reference.system_lookup().assign(code=lambda frame: frame["code"].map(geography.regions_of_systems()))
    return systems.groupby("code", as_index=False)[["latitude", "longitude"]].mean()


@kept
def positions_of_destinations() -> pd.DataFrame:
    """Columns code, latitude, longitude of sites and providers."""
    frames = [reference.site_lookup()[POSITION], reference.provider_lookup()[POSITION]]
    return pd.concat(frames, ignore_index=True).drop_duplicates("code", ignore_index=True)


@kept
def travel_times() -> pd.DataFrame:
    """Columns home, destination, minutes (one way), source, dated; no rows where no table is loaded."""
    columns = ["home", "destination", "minutes", "source", "dated"]
    rows = list(TravelTime.objects.order_by("home", "destination").values_list(*columns))
    return pd.DataFrame(rows, columns=columns).astype({"minutes": "float64"})
