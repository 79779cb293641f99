"""As much reference data as a file of `acm_files` needs, for tests that cannot share the whole of it."""

from planning.models import (
    Commissioner,
    CommissionerSystem,
    PointOfDelivery,
    Provider,
    Region,
    ServiceCategory,
    ServiceCode,
    System,
)


def make_few_codes() -> None:
    region = Region.objects.create(code="Y56", name="London")
    system = System.objects.create(code="QKK", name="South East London", short_name="SEL", region=region)
    Provider.objects.create(code="RJ1", name="Guy's and St Thomas'", short_name="GSTT", system=system)
    ServiceCode.objects.create(code="NCBPS13B", description="Electrophysiology", display_name="Electrophysiology")
    ServiceCategory.objects.create(code="25", description="Delegated", specialised=True)
    PointOfDelivery.objects.create(code="EL", description="Elective", domain="Admitted", sub_category="Elective", unit="SPELL")
    for code in ("72Q", "36L"):
        commissioner = Commissioner.objects.create(code=code, name=code, kind="sub_icb")
        CommissionerSystem.objects.create(commissioner=commissioner, system_code="QKK")
