"""A small loaded area: two systems with a trust each, a third whose trust nobody expects, and what finance needs of them."""

import pytest

from finance.models import Rate
from planning.models import (
    Commissioner,
    CommissionerKind,
    CommissionerSystem,
    Footprint,
    Place,
    PlacePopulation,
    PointOfDelivery,
    ProgrammeOfCare,
    Provider,
    ProviderMarketForcesFactor,
    Region,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
    System,
)
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.readers import Reader

SYSTEMS = [
    ("QKK", "South East London", "72Q", [("RJ1", "GSTT", True, "1.20")]),
    ("QWE", "South West London", "36L", [("RJ7", "St George's", True, "1.10")]),
    ("QKS", "Kent and Medway", "91Q", [("RVV", "East Kent", False, "1.02")]),
]
CODES = [("GREEN1", "GREEN", "A"), ("GREEN2", "GREEN", "B"), ("RED1", "RED", "A"), ("BLUE1", "BLUE", "B")]
PEOPLE = {("QKK", "f"): 600, ("QKK", "m"): 400, ("QWE", "f"): 300, ("QWE", "m"): 700, ("QKS", "f"): 500, ("QKS", "m"): 500}
PLACES = {"QKK": (30.0, 1100, 1300), "QWE": (15.0, 900, 700), "QKS": (20.0, 1000, 1000)}
GROWTH = {"demographic": "0.010", "non_demographic": "0.015", "price": "0.0415", "efficiency": "0.020", "revenue": "0.044"}
PACE = {"floor": "0.036", "cap": "0.055", "knot -0.1": "0.015", "knot 0": "0", "knot 0.1": "-0.01"}


@pytest.fixture
def area(db):
    region = Region.objects.create(code="Y56", name="London")
    footprint = Footprint.objects.create(code="own", name="South London", is_own=True)
    Commissioner.objects.create(code="13R", name="London hub", kind=CommissionerKind.HUB)
    for code, name, sub_icb, trusts in SYSTEMS:
        system = System.objects.create(code=code, name=name, short_name=name, region=region)
        if code != "QKS":
            footprint.systems.add(system)
        commissioner = Commissioner.objects.create(code=sub_icb, name=name, kind=CommissionerKind.SUB_ICB)
        CommissionerSystem.objects.create(commissioner=commissioner, system_code=code, hub_code="13R")
        imd, registered, weighted = PLACES[code]
        place = Place.objects.create(
            code=f"P{code}", name=name, system=system, imd_2019=imd,
            registered_population=registered, general_acute_weighted_population=weighted,
        )  # fmt: skip
        for sex in "fm":
            PlacePopulation.objects.create(place=place, year=2021, sex=sex, age_band="All", population=PEOPLE[code, sex])
        for trust, short_name, expected, factor in trusts:
            provider = Provider.objects.create(
                code=trust, name=short_name, short_name=short_name, system=system, in_scope=expected
            )
            ProviderMarketForcesFactor.objects.create(provider=provider, year="2025/26", value=factor)
    _services()
    _rates()


def _services():
    ServiceCategory.objects.create(code="25", description="x", specialised=True)
    PointOfDelivery.objects.create(code="EL", description="Elective", domain="x", sub_category="x", unit="SPELL")
    for letter, name in (("A", "Internal medicine"), ("B", "Cancer")):
        ProgrammeOfCare.objects.create(code=letter, name=name)
    for code, status, programme in CODES:
        service_code = ServiceCode.objects.create(code=code, description=code, display_name=code, programme_of_care_id=programme)
        ServiceStatus.objects.create(service_code=service_code, year="2025/26", status=status)


def _rates():
    rates = [("age_cost", "All", "f", "200"), ("age_cost", "All", "m", "300"), ("need", "imd2019_avg_score", "", "0.004")]
    rates += [("growth", name, "", value) for name, value in GROWTH.items()]
    rates += [("pace", key, "", value) for key, value in PACE.items()]
    for kind, key, sex, value in rates:
        Rate.objects.create(kind=kind, key=key, sex=sex, value=value, unit="a year", illustrative=True, source=f"Source of {key}")


@pytest.fixture
def run():
    def run_it(name, data=None, *, mode=Mode.INSIDE, page=False):
        return run_figure(figure_named(name), Reader(mode), data or {}, page=page)

    return run_it
