"""The sentence that the Flows page opens with, written from the numbers under it."""

from planning.calculations.financial_years import preceding
from planning.calculations.flows import fewest_homes
from planning.calculations.homes import NOT_KNOWN
from planning.charts import flow_words as words
from planning.charts import flows as charts
from planning.queries import choices, reference
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.wording import listed, number_at_start, number_of


def flow_sentence(results) -> str:
    """What the page says first: how much, for whom, how many of them from outside, and who makes up nine tenths."""
    result = results["flow_dashboard"]
    frame, filters = result.frame, result.filters
    if filters.get("measure") == "patients":
        return _of_patients(frame, filters)
    of_what = words.without_difference(filters)
    values = numeric(frame[words.value_column(of_what)])
    if not values.sum() > 0:
        return f"Nothing matches what is chosen, in {words.period(filters)}."
    known = frame["home"] != NOT_KNOWN
    first = f"{words.in_words(values.sum(), of_what)} {_chosen(filters)}in {words.period(filters)}{_change(frame, filters)}"
    parts = [first]
    if values[known].sum() > 0 and filters.get("level") != "region":
        outside = values[known & ~frame["is_own"]].sum() / values[known].sum()
        area = reference.own_footprint_name() or "the programme's own area"
        parts.append(f"{percent(outside, 0)} for people who live outside {area}, of those whose home is known")
    them = "it" if filters.get("measure") == "cost" else "them"
    return f"{': '.join(parts)}. {_reach(frame[known].assign(value=values[known]), them)}".strip()


def _change(frame, filters) -> str:
    """How the whole compares with the same months of the year before."""
    if filters.get("basis") != "change":
        return ""
    what = "price" if filters.get("measure") == "cost" else "activity"
    before, change = numeric(frame[f"before_{what}"]).sum(), numeric(frame[f"{what}_change"]).sum()
    size = f" ({percent(abs(change) / before)})" if before > 0 and change else ""
    than = "" if not change else f" than in the same months of {preceding(filters['year'])}"
    return f", {words.in_words(change, filters)}{size}{than}"


def _of_patients(frame, filters) -> str:
    """Patients are not added up, so the sentence is of the largest flow and of how many flows are known."""
    values = numeric(frame["patients"])
    if not values.sum() > 0:
        return f"No patients are known of what is chosen, in {words.period(filters)}: no patient-level set holds them."
    of_providers = values.groupby(frame["destination_name"]).sum().sort_values(ascending=False, kind="stable")
    where = charts.ends_of(filters) if len(of_providers) > 1 else charts.ends_of(filters)[:-1]
    found = f"Patients {_chosen(filters)}at {len(of_providers[of_providers > 0])} {where} in {words.period(filters)}"
    return f"{found}. {charts.flow_title(frame, filters)}."


def _chosen(filters) -> str:
    """The care chosen, in words, where one or two names say it."""
    for key, names in (("service", choices.service_choices), ("programme_of_care", choices.programme_choices)):
        if chosen := filters.get(key):
            named = [name.lower() if key == "programme_of_care" else name for code, name in names() if code in chosen]
            return f"of {listed(named)} " if len(named) <= 2 else f"of {number_of(len(named), key.replace('_', ' '))} "
    return ""


def _reach(known, them: str) -> str:
    """The fewest homes that make up nine tenths."""
    names_of = dict(zip(known["home"], known["home_name"], strict=True))
    names = [names_of[code] for code in fewest_homes(known.groupby("home")["value"].sum())]
    if not names:
        return ""
    if len(names) <= 3:
        return f"{listed(names)} {'make' if len(names) > 1 else 'makes'} up 90% of {them}."
    return f"{number_at_start(len(names))} homes make up 90% of {them}, most of all {names[0]}."
