"""Where reference data come from, for figures that rest on them."""

from django.apps import apps
from django.db.models import Count

# Table of the reference files → model and what it is called.
TABLES = {
    "places": ("Place", "Places"),
    "place_populations": ("PlacePopulation", "Populations of places by age and sex"),
    "provider_market_forces_factors": ("ProviderMarketForcesFactor", "Market forces factors of providers"),
    "service_statuses": ("ServiceStatus", "Delegation status of services"),
    "commissioner_systems": ("CommissionerSystem", "Systems that commissioners plan for"),
    "systems": ("System", "Systems"),
    "providers": ("Provider", "Providers and the systems that host them"),
    "sites": ("Site", "Sites of providers"),
    "submission_dates": ("SubmissionDate", "Flex and freeze dates"),
}


def sources_of(*tables: str) -> list[tuple[str, str, str]]:
    """What some reference tables hold and where it comes from: what, how many rows, source; one for each source of a table."""
    found = []
    for table in tables:
        model, words = TABLES[table]
        rows = apps.get_model("planning", model).objects.order_by("source").values_list("source").annotate(Count("pk"))
        found += [(words, f"{number:,} {'row' if number == 1 else 'rows'}", source or "Not known") for source, number in rows]
    return found
