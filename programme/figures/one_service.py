"""What stands on the page of one service, and what it says first."""

from networks.charts import LEVEL_WORDS, needed_for
from networks.figures import SERVICE_FOOTPRINT, SERVICE_FOOTPRINT_YEARS
from planning.charts.flows import period
from planning.figures.flows import FLOWS
from presentation.amounts import money, percent
from presentation.disclosure import numeric
from presentation.wording import listed, listed_at_most, number_of
from programme.charts.service import paid_words
from programme.figures.service import SERVICE_LINES, SERVICE_PROVIDERS, SERVICE_SPEND_PER_HEAD, SERVICE_STATUS
from programme.figures.spend_over_time import SPEND_BY_MONTH, SPEND_BY_YEAR

ONE_SERVICE = (
    SERVICE_PROVIDERS,
    SPEND_BY_YEAR,
    SPEND_BY_MONTH,
    FLOWS,
    SERVICE_FOOTPRINT,
    SERVICE_FOOTPRINT_YEARS,
    SERVICE_SPEND_PER_HEAD,
    SERVICE_STATUS,
    SERVICE_LINES,
)


def services_sentence(results) -> str:
    """How many services are listed, what they cost, and which are the largest."""
    result = results["services"]
    frame = result.frame
    cost = numeric(frame["actual_price"])
    with_cost = frame[cost > 0]
    when = period(result.filters)
    if with_cost.empty:
        return f"{number_of(len(frame), 'service').capitalize()}{', none' if len(frame) else ''} with any cost in {when}."
    names = listed(with_cost["service_name"].head(3).tolist())
    said = f"{number_of(len(with_cost), 'service').capitalize()} cost {money(int(cost[cost > 0].sum()))} in {when}"
    return f"{said}; the largest {'is' if len(with_cost) == 1 else 'are'} {names}."


def service_sentence(results) -> str:
    """What the service cost against plan, who provides it, and whose people it is for."""
    result = results["service_providers"]
    frame, when = result.frame, period(result.filters)
    paid = numeric(frame["actual_price"]).dropna() if len(frame) else []
    if not len(paid) or not paid.sum() > 0:
        return f"No cost of this service is loaded for {when}."
    difference = numeric(frame["difference"]).dropna()
    against = float(difference.sum()) if len(difference) else None
    cost = paid_words(paid.sum(), against, numeric(frame["planned_price"]).loc[difference.index].sum())
    names = listed_at_most(frame.loc[paid.index, "provider_name"].tolist(), 4)
    return f"This service cost {cost}, in {when}. It is provided by {names}. {_reach(results)}".strip()


def _reach(results) -> str:
    """Whose people nine tenths (or the share chosen) are."""
    result = results["service_footprint"]
    homes = needed_for(result.frame, result.filters["threshold"])
    if homes.empty:
        return ""
    share = numeric(homes["covered"]).max()
    names = listed_at_most(homes["home_name"].tolist(), 4)
    said = percent(share, 0) if share == share else f"{result.filters['threshold']}%"
    return f"{said} of it is for people of {names}."


def level_words(results) -> str:
    """The natural level of the service, and of what it is taken."""
    result = results["service_footprint"]
    levels = result.frame["natural_level"].dropna() if "natural_level" in result.frame and len(result.frame) else []
    if not len(levels):
        return "No flow of people whose home is known"
    what = "cost" if result.filters.get("measure") == "cost" else "activity"
    level = LEVEL_WORDS.get(levels.iloc[0], "")
    return f"{level}, for {result.filters['threshold']}% of its {what} in {period(result.filters)}" if level else ""
