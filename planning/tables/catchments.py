"""Tables of catchment populations, and of public shares beside our own."""

from presentation.amounts import NOT_KNOWN
from presentation.residents import PopulationColumn
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    NumberColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
)

NOT_PUBLISHED = "Not in the file"
CAUTIONS = {
    "Fewer than 1,000 spells": "yellow",
    "One programme of care": "yellow",
    "Few spells, one programme": "orange",
}


class CatchmentsTable(FigureTable):
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    spells = ActivityColumn("Specialised spells", summed=False)
    proportional = PopulationColumn("Proportional", count="spells", empty=NOT_KNOWN)
    first_past_the_post = PopulationColumn("First past the post", count="spells", empty=NOT_KNOWN)
    at_least_30 = PopulationColumn("30% rule", count="spells", empty=NOT_KNOWN)
    all_ages = PopulationColumn("Proportional, all ages together", count="spells", empty=NOT_KNOWN, on_page=False)
    basis = TextColumn("Proportional by")
    covered = ShareColumn("Spells in patient-level extracts with age and sex", count="spells", on_page=False)
    elsewhere = ActivityColumn("Spells of people from areas not counted", summed=False, on_page=False)
    elsewhere_share = ShareColumn("Spells from areas not counted", numerator="elsewhere", denominator="spells")
    caution = TagColumn("Caution", tags=CAUTIONS, quiet="None")

    class Meta:
        caption = "Catchment population of each provider by three methods"


class CatchmentAreasTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    population = PopulationColumn("Residents")
    spells = ActivityColumn("Specialised spells", summed=False)
    leader_name = TextColumn("Most spells at", empty="Nobody")
    leader = TextColumn("Provider code", on_page=False, empty="")
    leader_spells = ActivityColumn("Spells there", summed=False, visible=False)
    leader_share = ShareColumn("Share of the spells", numerator="leader_spells", denominator="spells")
    providers = NumberColumn("Providers with any")
    unassigned = PopulationColumn("In nobody's catchment", count="spells")
    score = NumberColumn("Deprivation (IMD score)", decimals=1, on_page=False)

    class Meta:
        caption = "Residents of each area and where most of them are treated"


class CatchmentProfilesTable(FigureTable):
    provider_name = TextColumn("Catchment of")
    provider = TextColumn("Provider code", on_page=False)
    spells = ActivityColumn("Specialised spells", summed=False, visible=False)
    population = PopulationColumn("Population", count="spells")
    score = NumberColumn("Deprivation (IMD score)", decimals=1, count="spells")
    score_difference = NumberColumn("Against the own area", decimals=1, count="spells", signed=True)
    female = ShareColumn("Female", count="spells")
    age_0_14 = ShareColumn("Aged 0 to 14", count="spells")
    age_15_44 = ShareColumn("15 to 44", count="spells")
    age_45_64 = ShareColumn("45 to 64", count="spells")
    age_65_84 = ShareColumn("65 to 84", count="spells")
    age_85 = ShareColumn("85 and over", count="spells")

    class Meta:
        caption = "Age and deprivation of each catchment"


class ProviderCatchmentTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    population = PopulationColumn("Residents")
    spells = ActivityColumn("Spells here", summed=False)
    area_spells = ActivityColumn("The area's spells anywhere", summed=False, on_page=False)
    share = ShareColumn("Of the area's spells", numerator="spells", denominator="area_spells")
    proportional = PopulationColumn("Proportional", count="spells")
    first_past_the_post = PopulationColumn("First past the post", count="spells")
    at_least_30 = PopulationColumn("30% rule", count="spells")
    score = NumberColumn("Deprivation (IMD score)", decimals=1)

    class Meta:
        caption = "Areas that make up the catchment"


class CatchmentAgesTable(FigureTable):
    age_band = TextColumn("Age")
    female = PopulationColumn("Female", count=("spells", "provider_spells"))
    male = PopulationColumn("Male", count=("spells", "provider_spells"))
    population = PopulationColumn("Together", count=("spells", "provider_spells"))
    share = ShareColumn("Share of the catchment", count=("spells", "provider_spells"))
    own_share = ShareColumn("Share of the own area")
    spells = ActivityColumn("Spells with age and sex", summed=False, visible=False)
    provider_spells = ActivityColumn("All spells of the provider", summed=False, visible=False)

    class Meta:
        caption = "Residents of the catchment by age and sex"


class AllAdmissionsTable(FigureTable):
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    spells = ActivityColumn("Specialised spells", summed=False, on_page=False)
    proportional = PopulationColumn("Specialised: proportional", count="spells", empty=NOT_KNOWN)
    first_past_the_post = PopulationColumn("Specialised: first past the post", count="spells", on_page=False)
    at_least_30 = PopulationColumn("Specialised: 30% rule", count="spells", on_page=False)
    all_proportional = PopulationColumn("All admissions: proportional", empty=NOT_PUBLISHED)
    all_first_past_the_post = PopulationColumn("All admissions: first past the post", empty=NOT_PUBLISHED)
    all_at_least_30 = PopulationColumn("All admissions: 30% rule", empty=NOT_PUBLISHED)
    all_areas = NumberColumn("All admissions: areas", empty=NOT_PUBLISHED, on_page=False)

    class Meta:
        caption = "Specialised catchments beside published ones of all admissions"


class OriginComparisonTable(FigureTable):
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    spells = ActivityColumn("Specialised spells of known homes", summed=False, visible=False)
    outside_spells = ActivityColumn("Specialised spells from outside", summed=False, visible=False)
    own_system_spells = ActivityColumn("Specialised spells from its own system", summed=False, visible=False)
    own_system = ShareColumn("Specialised: own system", numerator="own_system_spells", denominator="spells")
    all_own_system = ShareColumn("All admissions: own system", empty=NOT_PUBLISHED)
    outside_own_area = ShareColumn("Specialised: outside the own area", numerator="outside_spells", denominator="spells")
    all_outside_own_area = ShareColumn("All admissions: outside the own area", empty=NOT_PUBLISHED)
    homes_for_90 = NumberColumn("Specialised: homes for 90%", count="spells")
    all_homes_for_90 = NumberColumn("All admissions: systems for 90%", empty=NOT_PUBLISHED)
    all_origin_hhi = NumberColumn("All admissions: concentration of origins", empty=NOT_PUBLISHED, on_page=False)

    class Meta:
        caption = "Where patients come from: specialised spells beside published shares of all admissions"


class OriginSharesTable(FigureTable):
    home_name = TextColumn("Home of patient")
    home = TextColumn("Home code", on_page=False)
    spells = ActivityColumn("Specialised spells", summed=False)
    provider_spells = ActivityColumn("Specialised spells of known homes", summed=False, visible=False)
    share = ShareColumn("Share of specialised spells", numerator="spells", denominator="provider_spells")
    all_share = ShareColumn("Share of all admissions", empty=NOT_PUBLISHED)
    difference = ShareColumn("Specialised less all admissions", count="spells", signed=True)

    class Meta:
        caption = "Origins of one provider's patients: specialised spells beside published shares of all admissions"
