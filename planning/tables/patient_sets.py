"""Tables of the patient-level sets: how much of ACM they hold, and how many patients."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import FigureTable, MoneyColumn, PatientsColumn, RatioColumn, TagColumn, TextColumn

COMPLETE, MISSING, TWICE, NOT_EXPECTED = "Complete", "Patients missing", "More than ACM", "No patients behind it"
SPECIALISED, OTHER_CARE = "Specialised care", "Other care"
STATES = {COMPLETE: "green", MISSING: "red", TWICE: "orange", NOT_EXPECTED: "grey"}


class SetCoverageTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    period = TextColumn("Month")
    acm_price = MoneyColumn("ACM, where patients are expected", count="people")
    set_price = MoneyColumn("Patient-level sets", count="people")
    difference = MoneyColumn("Sets less ACM", count="people", signed=True)
    ratio = RatioColumn("Coverage (1.00 is complete)", numerator="set_price", denominator="acm_price")
    state = TagColumn("State", tags=STATES)

    class Meta:
        caption = "Patient-level sets against ACM, by provider and month"
        total_row = True


class SetReconciliationTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    care = TextColumn("Care", on_page=False)
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service_code = TextColumn("Service code", on_page=False)
    point_name = TextColumn("Point of delivery")
    point_of_delivery = TextColumn("Point of delivery code", on_page=False)
    period = TextColumn("Month")
    acm_price = MoneyColumn("ACM, where patients are expected", count="people", empty=NOT_APPLICABLE)
    set_price = MoneyColumn("Patient-level sets", count="people", empty=NOT_APPLICABLE)
    difference = MoneyColumn("Sets less ACM", count="people", signed=True, empty=NOT_APPLICABLE)
    ratio = RatioColumn("Coverage (1.00 is complete)", numerator="set_price", denominator="acm_price")
    other_price = MoneyColumn("ACM without patients", count="people", empty=NOT_APPLICABLE, on_page=False)
    state = TagColumn("State", tags=STATES)

    class Meta:
        caption = "Patient-level sets against ACM, by provider, service, point of delivery and month"
        total_row = True


class PatientsTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service = TextColumn("Service code", on_page=False)
    home_name = TextColumn("Home of patient")
    home_system = TextColumn("Home code", on_page=False)
    year = TextColumn("Year")
    patients = PatientsColumn("Patients")
    unknown_rows = PatientsColumn("Rows whose patient is not known", on_page=False)
    ratio = RatioColumn("Coverage of the service (1.00 is complete)")

    class Meta:
        caption = "Distinct patients across PLCM, DrPLCM and DePLCM"
