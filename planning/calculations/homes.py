"""Where people live, as far as a row says: a system, or one of the groups that are no system."""

from collections.abc import Collection
from datetime import date

import pandas as pd

NOT_KNOWN = "NOT-KNOWN"
REST_OF_ENGLAND = "REST"
DEVOLVED = "DEVOLVED"
OVERSEAS = "OVERSEAS"
PRIVATE = "PRIVATE"

HOME_GROUPS = {
    REST_OF_ENGLAND: "Rest of England",
    DEVOLVED: "Wales, Scotland and Northern Ireland",
    OVERSEAS: "Overseas",
    PRIVATE: "Private",
    NOT_KNOWN: "Not known",
}

# Kinds of code that say where people live, and the group that they are counted in.
RESIDENT_KINDS = frozenset({"sub_icb", "ccg", "borough"})
GROUP_OF_KIND = {"devolved": DEVOLVED, "overseas": OVERSEAS, "private": PRIVATE}
_WELL_FORMED = r"[A-Z0-9]{3,5}"


def home_systems(commissioners: pd.DataFrame, parents: pd.DataFrame, systems: Collection[str], on: date) -> pd.DataFrame:
    """Home system of every code that can stand for a home.

    Args:
        commissioners: code, kind, place ("" where it is not one borough).
        parents: commissioner, system_code, valid_from, valid_to (NaT where open): the system of a code between two dates.
        systems: Codes of the systems that are loaded; others are the rest of England.
        on: The date whose systems count. A code with no system on it keeps the one nearest in time.

    Returns:
        Indexed by code: kind, home_system, place, and systems_ever (every system that the code has belonged to).
    """
    day = pd.Timestamp(on)
    parents = parents.assign(
        late=(parents["valid_from"] - day).dt.days.clip(lower=0).fillna(0),
        early=(day - parents["valid_to"]).dt.days.clip(lower=0).fillna(0),
    )
    nearest = parents.assign(away=parents["late"] + parents["early"]).sort_values("away", kind="stable")
    parent = nearest.drop_duplicates("commissioner").set_index("commissioner")["system_code"]
    ever = parents.groupby("commissioner")["system_code"].agg(frozenset)
    known = commissioners.set_index("code")[["kind", "place"]].astype(object)
    known["home_system"] = pd.Series(parent.reindex(known.index)).astype(object)
    known["home_system"] = known["home_system"].where(known["home_system"].isin(list(systems)), REST_OF_ENGLAND)
    known["home_system"] = known["kind"].map(GROUP_OF_KIND).fillna(known["home_system"])
    known["systems_ever"] = pd.Series(ever.reindex(known.index)).astype(object)
    boards = pd.DataFrame(
        {"kind": "system", "place": "", "home_system": list(systems), "systems_ever": [frozenset([s]) for s in systems]},
        index=list(systems),
    )
    return pd.concat([known, boards[~boards.index.isin(known.index)]])


def resolve_homes(rows: pd.DataFrame, homes: pd.DataFrame, practices: pd.DataFrame) -> pd.DataFrame:
    """Where the people of each row live: the practice's responsibility, else the residence, else the commissioner.

    The commissioner counts only where it is the body of a population, not a hub that pays for many; a practice gives the place
    only where its system is one that the home has belonged to. Source: commissioner assignment method 2025/26, order of
    precedence (practice, residence, host).

    Args:
        rows: practice_responsibility, residence_responsibility, commissioner, practice; codes in capitals, "" where blank.
        homes: What `home_systems` returns.
        practices: code, system_code, place_code of the loaded practice list.

    Returns:
        `rows` with home, home_system and home_place; home and home_place are "" where not known.
    """
    usable = RESIDENT_KINDS | set(GROUP_OF_KIND) | {"system"}
    home = pd.Series("", index=rows.index, dtype=object)
    for name in ("practice_responsibility", "residence_responsibility", "commissioner"):
        kind = rows[name].map(homes["kind"])
        if name == "commissioner":
            # A board without its sub-ICB location cannot be resolved, and an unlisted payer says nothing about the patient.
            stands = kind.isin(usable - {"system"})
        else:
            stands = kind.isin(usable) | (kind.isna() & rows[name].str.fullmatch(_WELL_FORMED))
        home = home.where(home != "", rows[name].where(stands, ""))
    system = home.map(homes["home_system"]).astype(object).fillna(REST_OF_ENGLAND).where(home != "", NOT_KNOWN)
    practice = practices.set_index("code")
    of_practice = rows["practice"].map(practice["system_code"]).astype(object)
    ever = home.map(homes["systems_ever"])
    agrees = [isinstance(e, frozenset) and s in e for e, s in zip(ever, of_practice, strict=True)]
    place = rows["practice"].map(practice["place_code"]).astype(object).where(pd.Series(agrees, index=rows.index, dtype=bool))
    place = place.fillna(home.map(homes["place"]).astype(object)).fillna("")
    return rows.assign(home=home.astype(object), home_system=system.astype(object), home_place=place.astype(object))
