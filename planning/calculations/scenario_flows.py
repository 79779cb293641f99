"""Who is treated where once the moves of a scenario are made, in the order in which they stand.

Activity is whole millionths of its unit, so that what leaves one provider is exactly what reaches others. Worth is price with
the sender's market forces factor taken out, in ten-thousandths of a pound: it moves with the activity, and whoever receives it
is paid it × their own factor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
import pandas as pd

from .contract import floats, require_columns

# Stored activity is whole thousandths; a share of it needs finer parts.
PARTS = 1_000
WHOLE_SHARE = 1_000_000
KEYS = ["home", "service", "payer", "point_of_delivery"]
CELLS = [*KEYS, "provider", "activity", "worth"]
TRANSFERS = ["move", "kind", "year", *KEYS, "sender", "receiver", "activity", "worth"]
NOBODY = ""


class Kind(StrEnum):
    """What a move is. A referral move may be of more than 0 (towards its receiver) or less (away from it)."""

    REPATRIATE = "repatriate"
    CONSOLIDATE = "consolidate"
    OPEN = "open"
    LOSE = "lose"
    REFERRAL = "referral"
    GROWTH = "growth"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One move of a scenario.

    Blank `homes`, `services` and `senders` stand for all of them. Without a `receiver` people go where others of the same home
    go for the same service. `share` is of the flows chosen; of a referral move it is the change in the receiver's share of the
    homes' whole. It works from `first_year` (1 is the first) on.
    """

    number: int
    kind: Kind
    homes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    receiver: str = ""
    share: Decimal = Decimal(1)
    first_year: int = 1


def opening_cells(flows: pd.DataFrame, factors: Mapping[str, float], *, pass_through: Sequence[str]) -> pd.DataFrame:
    """The flows that a scenario starts from.

    Args:
        flows: `home`, `service`, `payer`, `point_of_delivery`, `provider`, `activity` (whole thousandths, may be missing),
            `price` (ten-thousandths of a pound, may be missing).
        factors: market forces factor by provider; one that is not there counts as 1.
        pass_through: points of delivery that are paid at cost, to which no factor applies.

    Returns:
        Columns `CELLS`, one row for each of `flows`.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, [*KEYS, "provider", "activity", "price"], of="flows")
    activity = flows["activity"].fillna(0).astype("int64") * PARTS
    worth = floats(flows["price"]).fillna(0.0) / factor_of(flows, factors, "provider", pass_through)
    return flows[[*KEYS, "provider"]].assign(activity=activity, worth=worth).reset_index(drop=True)[CELLS]


def factor_of(frame: pd.DataFrame, factors: Mapping[str, float], column: str, pass_through: Sequence[str]) -> np.ndarray:
    """The market forces factor of each row's provider, 1 where it does not apply or is not known."""
    of_provider = frame[column].map(lambda code: factors.get(code, 1.0)).to_numpy(dtype="float64")
    return np.where(frame["point_of_delivery"].isin(list(pass_through)), 1.0, of_provider)


def transfers(cells: pd.DataFrame, moves: Sequence[Move], *, years: int, growth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Everything that moves, year by year.

    Each year begins from the same flows; every move takes its share of what the moves before it have left.

    Args:
        cells: What `opening_cells` gives, of what can move at all.
        moves: In the order in which they are applied.
        years: How many years are looked at; 1 is the first.
        growth: `move`, `year`, `home`, `service`, `factor` (of the opening flow) for moves of the kind growth.

    Returns:
        Columns `TRANSFERS`. What grows comes from nobody (sender ""), what shrinks goes to nobody (receiver "").

    Raises:
        ValueError: a column is not there.
    """
    require_columns(cells, CELLS, of="cells")
    made = [pd.DataFrame({name: pd.Series(dtype=cells[name].dtype if name in cells else object) for name in TRANSFERS})]
    for year in range(1, years + 1):
        state = cells.copy()
        for move in (m for m in moves if m.first_year <= year):
            state, moved = _after(state, move, year, growth)
            made.append(moved.assign(move=move.number, kind=str(move.kind), year=year)[TRANSFERS])
    return pd.concat([frame for frame in made if len(frame)] or made, ignore_index=True)


def state_after(cells: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """The flows after some transfers of one year: `CELLS`, one row for each key and provider.

    Args:
        cells: The flows before.
        moved: Transfers of one year.
    """
    left = moved[moved["sender"] != NOBODY].rename(columns={"sender": "provider"})
    came = moved[moved["receiver"] != NOBODY].rename(columns={"receiver": "provider"})
    left = left.assign(activity=-left["activity"], worth=-left["worth"])
    together = pd.concat([cells[CELLS], left[CELLS], came[CELLS]], ignore_index=True)
    return together.groupby([*KEYS, "provider"], as_index=False, sort=True)[["activity", "worth"]].sum()[CELLS]


def chosen(cells: pd.DataFrame, move: Move) -> pd.Series:
    """Which cells a move takes from: its homes, services and senders, never its receiver."""
    mask = cells["provider"] != move.receiver
    for column, wanted in (("home", move.homes), ("service", move.services), ("provider", move.senders)):
        if wanted:
            mask &= cells[column].isin(wanted)
    return mask


def _after(state: pd.DataFrame, move: Move, year: int, growth: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    if move.kind == Kind.GROWTH:
        return _grown(state, move, year, growth)
    if move.kind == Kind.REFERRAL:
        taken = _referred(state, move)
    else:
        mask = chosen(state, move)
        share = int(move.share * WHOLE_SHARE)
        activity = np.where(mask, _rounded_share(state["activity"].to_numpy(), share), 0)
        worth = np.where(mask, state["worth"].to_numpy() * float(move.share), 0.0)
        taken = state.assign(activity=activity, worth=worth)[mask & ((activity != 0) | (worth != 0))]
    taken = taken.rename(columns={"provider": "sender"})
    away = move.kind == Kind.REFERRAL and move.share < 0
    if move.receiver and not away:
        moved = taken.assign(receiver=move.receiver)
    else:
        moved = _spread(taken, state, gone=set(() if away else move.senders) or set(taken["sender"]))
    return _applied(state, taken, moved), moved


def _rounded_share(activity: np.ndarray, share: int) -> np.ndarray:
    """Activity × a share in millionths, exactly: 9 million units are still within 64 bits."""
    return np.asarray((activity * share + WHOLE_SHARE // 2) // WHOLE_SHARE)


def _applied(state: pd.DataFrame, taken: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """The state without what was taken and with what came; what found no receiver stays where it was."""
    gone = moved.groupby(level=0)[["activity", "worth"]].sum()
    state = state.copy()
    for name in ("activity", "worth"):
        state.loc[gone.index, name] -= gone[name]
    came = moved.rename(columns={"receiver": "provider"})[CELLS]
    return pd.concat([state, came], ignore_index=True)


def _referred(state: pd.DataFrame, move: Move) -> pd.DataFrame:
    """What a change of the receiver's share of its homes' whole takes, from each provider in proportion to its own part."""
    mask = pd.Series(True, index=state.index)
    for column, wanted in (("home", move.homes), ("service", move.services)):
        if wanted:
            mask &= state[column].isin(wanted)
    of_homes = state[mask]
    towards = move.share > 0
    giving = of_homes["provider"] != move.receiver if towards else of_homes["provider"] == move.receiver
    if towards and move.senders:
        giving &= of_homes["provider"].isin(move.senders)
    given = of_homes["activity"].where(giving, 0).clip(lower=0)
    by = [of_homes[k] for k in KEYS]
    whole = of_homes["activity"].groupby(by).transform("sum")
    # What is counted in money alone, as drugs at cost often are, goes by its money.
    measured = of_homes["activity"].where(whole > 0, of_homes["worth"]).astype("float64")
    whole = measured.groupby(by).transform("sum")
    available = measured.where(giving, 0.0).clip(lower=0.0).groupby(by).transform("sum")
    ratio = (abs(float(move.share)) * whole / available.where(available > 0)).clip(lower=0.0, upper=1.0).fillna(0.0)
    activity = np.minimum(np.rint(given * ratio).astype("int64"), given)
    worth = of_homes["worth"].where(giving, 0.0) * ratio
    return of_homes.assign(activity=activity, worth=worth)[(activity != 0) | (worth != 0)]


def _spread(taken: pd.DataFrame, state: pd.DataFrame, *, gone: set[str]) -> pd.DataFrame:
    """What was taken, shared between the providers where others of the same home go, else where others of any home go.

    Parts are rounded cumulatively, so that they add up to what was taken.
    """
    others = state[~state["provider"].isin(gone)]
    by_home = _weights(others, KEYS)
    anywhere = _weights(others, ["service", "point_of_delivery"])
    rows = taken.assign(source=taken.index)
    near = rows.merge(by_home, on=KEYS, how="inner")
    far = rows[~rows["source"].isin(near["source"])].merge(anywhere, on=["service", "point_of_delivery"], how="inner")
    parts = pd.concat([near, far], ignore_index=True).sort_values(["source", "receiver"], ignore_index=True)
    reached = parts.groupby("source")["weight"].cumsum() / parts.groupby("source")["weight"].transform("sum")
    for name in ("activity", "worth"):
        upto = parts[name] * reached
        upto = np.rint(upto).astype("int64") if name == "activity" else upto
        before = upto.groupby(parts["source"]).shift(fill_value=0)
        parts[name] = upto - before
    return parts[(parts["activity"] != 0) | (parts["worth"] != 0)].set_index("source")


def _weights(others: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How much of each group every provider has: by activity, or by worth where a group has no activity."""
    sums = others.groupby([*by, "provider"], as_index=False)[["activity", "worth"]].sum()
    active = sums.groupby(by)["activity"].transform("sum") > 0
    weight = sums["activity"].where(active, sums["worth"]).clip(lower=0).astype("float64")
    return sums.assign(weight=weight)[weight > 0].rename(columns={"provider": "receiver"})[[*by, "receiver", "weight"]]


def _grown(state: pd.DataFrame, move: Move, year: int, growth: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    if growth is None:
        raise ValueError("A move of the kind growth needs the factors of growth.")
    own = growth[(growth["move"] == move.number) & (growth["year"] == year)]
    factors = own.set_index(["home", "service"])["factor"]
    keys = pd.MultiIndex.from_frame(state[["home", "service"]])
    factor = factors.reindex(keys).fillna(1.0).to_numpy(dtype="float64")
    activity = np.rint(state["activity"].to_numpy() * (factor - 1)).astype("int64")
    worth = state["worth"].to_numpy() * (factor - 1)
    grown = state.assign(activity=state["activity"] + activity, worth=state["worth"] + worth)
    changed = state.assign(activity=activity, worth=worth)[(activity != 0) | (worth != 0)]
    less = (changed["activity"] < 0) | ((changed["activity"] == 0) & (changed["worth"] < 0))
    moved = changed.assign(
        sender=changed["provider"].where(less, NOBODY),
        receiver=changed["provider"].where(~less, NOBODY),
        activity=changed["activity"].abs(),
        worth=changed["worth"].where(~less, -changed["worth"]),
    )
    return grown, moved
