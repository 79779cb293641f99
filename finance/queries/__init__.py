from .populations import (
    NEED_MEASURE,
    allocation_inputs,
    hub_names,
    kept_programmes,
    monthly_spend,
    people_of_providers,
    people_of_systems,
    programmes_of_services,
    provider_hubs,
    spend_by_population,
    years_of,
)
from .rates import DRIVERS, growth_rates, pace_in_force, rate_sources, rates_in_force, rates_version

__all__ = [
    "DRIVERS",
    "NEED_MEASURE",
    "allocation_inputs",
    "growth_rates",
    "hub_names",
    "kept_programmes",
    "monthly_spend",
    "pace_in_force",
    "people_of_providers",
    "people_of_systems",
    "programmes_of_services",
    "provider_hubs",
    "rate_sources",
    "rates_in_force",
    "rates_version",
    "spend_by_population",
    "years_of",
]
