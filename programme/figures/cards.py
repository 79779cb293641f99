"""What the Overview says first: four numbers with how they moved, and the sentence, both from disclosed results."""

import pandas as pd

from planning.queries.positions import position_before
from presentation.amounts import is_missing, money, percent
from presentation.disclosure import HIDDEN, numeric
from programme import queries
from programme.charts import overview as charts
from programme.figures.overview import period_words


def headline_cards(results) -> list[dict[str, str]]:
    """Four cards: what it is, the number, a tag, what stands behind it and how it moved, and the page it leads to."""
    result = results["headlines"]
    rows = {row["key"]: row for row in result.frame.to_dict("records")}
    before = position_before(result.position)
    return [card(rows, before) for card in (_spend_card, _inflow_card, _distance_card, _gap_card)]


def _spend_card(rows, before):
    row = rows["spend"]
    amount = _known(row["amount"])
    tag, words = "", "Plan not known"
    if amount is not None:
        tag = "Over plan" if amount > 0 else "Under plan" if amount < 0 else "On plan"
        words = _said(difference_words(amount, _known(row["share"])), moved(amount, _known(row["amount_before"]), before))
    label = f"Paid for specialised services, {row['about']}" if row["about"] else "Paid for specialised services"
    return _card(label, money(_known(row["whole"])), words, "finance:affordability", tag)


def _inflow_card(rows, before):
    row, cost = rows["inflow_spells"], rows["inflow_cost"]
    share = _known(row["share"])
    label = f"Admitted spells from outside {queries.own_name()}"
    label = f"{label}, {row['about']}" if row["about"] else label
    if share is None:
        return _card(label, "No data", "No admitted spells of people whose home is known", "planning:flow_dashboard")
    moves = moved_points(share, _known(row["share_before"]), before)
    return _card(
        label, percent(share, 0), _said(f"{percent(_known(cost['share']), 0)} of cost", moves), "planning:flow_dashboard"
    )


def _distance_card(rows, before):
    row = rows["distance"]
    share, amount = _known(row["share"]), _known(row["amount"])
    if share is None:
        note = "Not known: fewer than two systems have all of their own trusts loaded"
        return _card("Distance from target", "Not known", note, "finance:allocation")
    side = "above" if share > 0 else "below"
    size = f"{money(abs(amount))} {side}" if amount else "at"
    moves = moved_points(share, _known(row["share_before"]), before)
    note = _said(f"{row['about']}, {size} its weighted share", moves)
    return _card(f"Furthest {side} target", percent(share, signed=True), note, "finance:allocation")


def _gap_card(rows, before):
    row = rows["gap"]
    amount = _known(row["amount"])
    if amount is None:
        note = "Not known: no spend and plan are loaded for the opening year"
        return _card("Gap if nothing is done", "Not known", note, "finance:affordability")
    label = f"{'Surplus' if amount < 0 else 'Gap'} in {row['about']} if nothing is done"
    share = _known(row["share"])
    of_revenue = f"{percent(abs(share))} of that year's revenue" if share is not None else "at the growth rates in use"
    words = _said(of_revenue[:1].upper() + of_revenue[1:], moved(amount, _known(row["amount_before"]), before))
    return _card(label, money(abs(amount)), words, "finance:affordability")


def _card(label: str, value: str, note: str, url_name: str, tag: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note, "url_name": url_name, "tag": tag}


def _said(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _known(value):
    return None if value is HIDDEN or is_missing(value) else value


def difference_words(amount: int, share: float | None) -> str:
    """ "£48.0m (2.2%) more than planned", "as planned"."""
    if amount == 0:
        return "as planned"
    size = f"{money(abs(amount))} ({percent(abs(share))})" if share is not None else money(abs(amount))
    return f"{size} {'more' if amount > 0 else 'less'} than planned"


def moved(now: int | None, was: int | None, before: int | None) -> str:
    if before is None:
        return ""
    if now is None or was is None:
        return f"no figure for it at position {before}"
    change = now - was
    moves = f"{'up' if change > 0 else 'down'} {money(abs(change))}" if change else "unchanged"
    return f"{moves} since position {before}"


def moved_points(now: float | None, was: float | None, before: int | None) -> str:
    if before is None:
        return ""
    if now is None or was is None:
        return f"no figure for it at position {before}"
    points = percent(abs(now - was)).rstrip("%")
    if points == "0.0":
        return f"unchanged since position {before}"
    return f"{'up' if now > was else 'down'} {points} points since position {before}"


def overview_sentence(results) -> str:
    """What the area's own trusts were paid, against plan, and how much of it was for people from elsewhere."""
    spend, origins = results["spend_by_provider"], results["patient_origins"]
    area, when = queries.own_name(), period_words(spend.filters)
    rows = spend.frame[spend.frame["code"].isin(queries.own_providers())] if len(spend.frame) else spend.frame
    paid = _sum(rows, "actual_price")
    if paid is None:
        return f"Nothing is loaded of {possessive(area)} trusts for {when or 'any year'}."
    difference, planned = _sum(rows, "difference"), _sum(rows, "planned_price")
    share = difference / planned if planned and difference is not None else None
    against = f", {difference_words(int(difference), share)}" if difference is not None else ""
    said = f"{possessive(area)} trusts were paid {money(int(paid))} for specialised services in {when}{against}."
    return f"{said} {_outside_words(origins.frame, area)}".strip()


def _outside_words(frame, area) -> str:
    shares = {}
    for what in ("activity", "price"):
        known = frame[frame["group"] != charts.NOT_KNOWN_GROUP]
        whole, outside = _sum(known, f"actual_{what}"), _sum(known[known["is_outside"].astype(bool)], f"actual_{what}")
        shares[what] = percent((outside or 0) / whole, 0) if whole else None
    if shares["activity"] is None and shares["price"] is None:
        return ""
    if shares["activity"] is None or shares["price"] is None:
        what = f"{shares['price']} of the cost" if shares["price"] else f"{shares['activity']} of admitted spells"
    else:
        what = f"{shares['activity']} of admitted spells, and {shares['price']} of the cost,"
    verb = "was" if shares["activity"] is None else "were"
    return f"{what} {verb} for people who live outside {area}, of those whose home is known."


def _sum(frame, column) -> float | None:
    values = numeric(frame[column]).dropna() if len(frame) else pd.Series(dtype=float)
    return float(values.sum()) if len(values) else None


def possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
