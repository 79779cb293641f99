"""What stands on the page of one provider, and what it says first."""

from finance.figures.affordability import SPEND_BY_PROGRAMME
from planning.charts.flows import period
from presentation.amounts import money, percent
from presentation.disclosure import numeric
from presentation.wording import number_of
from programme.charts.service import paid_words
from programme.figures.provider import PROVIDER_COVERAGE, PROVIDER_HOMES, PROVIDER_SERVICES, PROVIDER_SITES
from programme.figures.spend_over_time import SPEND_BY_MONTH, SPEND_BY_YEAR

ONE_PROVIDER = (
    SPEND_BY_MONTH,
    SPEND_BY_YEAR,
    SPEND_BY_PROGRAMME,
    PROVIDER_SERVICES,
    PROVIDER_HOMES,
    PROVIDER_SITES,
    PROVIDER_COVERAGE,
)


def providers_sentence(results) -> str:
    """How many providers have extracts, and what they were paid."""
    result = results["providers"]
    frame, when = result.frame, period(result.filters)
    cost = numeric(frame["actual_price"])
    paid = frame[cost > 0]
    if paid.empty:
        return f"{number_of(len(frame), 'provider').capitalize()}{', none' if len(frame) else ''} with any cost in {when}."
    top, whole = paid.iloc[0], cost[cost > 0].sum()
    share = numeric(paid["actual_price"]).iloc[0] / whole
    said = f"{number_of(len(paid), 'provider').capitalize()} {'was' if len(paid) == 1 else 'were'} paid {money(int(whole))}"
    return f"{said} for specialised services in {when}, {top['provider_name']} {percent(share, 0)} of it."


def provider_sentence(results) -> str:
    """What the provider was paid against plan, for how many services, and on whom it depends most."""
    result = results["provider_services"]
    frame, when = result.frame, period(result.filters)
    paid = numeric(frame["actual_price"]).dropna() if len(frame) else []
    if not len(paid) or not paid.sum() > 0:
        return f"Nothing of this provider is loaded for {when}."
    difference = numeric(frame["difference"]).dropna()
    against = float(difference.sum()) if len(difference) else None
    cost = paid_words(paid.sum(), against, numeric(frame["planned_price"]).loc[difference.index].sum())
    services = number_of(int((frame["service"] != "").sum()), "service")
    return f"This provider was paid {cost}, for {services} in {when}. {_depends(results)}".strip()


def _depends(results) -> str:
    frame = results["provider_homes"].frame
    shares = numeric(frame["price_share"]).dropna() if len(frame) else []
    if not len(shares):
        return ""
    top = shares.idxmax()
    return f"{percent(shares[top], 0)} of that was for people of {frame.loc[top, 'home_name']}."
