"""Administration of reference data: what is planned, for whom and by whom. Facts and extracts are not edited by hand."""

from django.contrib import admin

from accounts.admin import AuditedAdmin
from planning.models import (
    Assumption,
    Commissioner,
    CommissionerSystem,
    Footprint,
    LargeChange,
    NationalProgramme,
    Neighbourhood,
    Place,
    PlaceOverlap,
    PlacePopulation,
    PointOfDelivery,
    Practice,
    ProgrammeOfCare,
    Provider,
    ProviderMarketForcesFactor,
    Region,
    Service,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
    Site,
    SubmissionDate,
    System,
)


@admin.register(ProgrammeOfCare, Region)
class CodeAdmin(AuditedAdmin):
    list_display = ["code", "name", "source"]
    search_fields = ["code", "name"]


@admin.register(NationalProgramme)
class NationalProgrammeAdmin(AuditedAdmin):
    list_display = ["code", "name", "programme_of_care"]
    list_filter = ["programme_of_care"]
    search_fields = ["code", "name"]


@admin.register(Service)
class ServiceAdmin(AuditedAdmin):
    list_display = ["code", "name", "programme_of_care", "in_manual", "highly_specialised"]
    list_filter = ["programme_of_care", "in_manual", "highly_specialised"]
    search_fields = ["code", "name"]


@admin.register(ServiceCode)
class ServiceCodeAdmin(AuditedAdmin):
    list_display = ["code", "display_name", "service", "national_programme", "top_up"]
    list_filter = ["programme_of_care", "top_up", "grouping"]
    list_select_related = ["service", "national_programme"]
    search_fields = ["code", "display_name", "description"]
    autocomplete_fields = ["service", "national_programme"]


@admin.register(ServiceStatus)
class ServiceStatusAdmin(AuditedAdmin):
    list_display = ["service_code", "year", "status"]
    list_filter = ["year", "status"]
    list_select_related = ["service_code"]
    search_fields = ["service_code__code", "service_code__display_name"]
    autocomplete_fields = ["service_code"]


@admin.register(PointOfDelivery)
class PointOfDeliveryAdmin(AuditedAdmin):
    list_display = ["code", "description", "domain", "unit", "non_activity"]
    list_filter = ["domain", "unit", "non_activity"]
    search_fields = ["code", "description"]


@admin.register(ServiceCategory)
class ServiceCategoryAdmin(AuditedAdmin):
    list_display = ["code", "description", "specialised"]
    list_filter = ["specialised"]


@admin.register(System)
class SystemAdmin(AuditedAdmin):
    list_display = ["code", "name", "short_name", "region", "valid_from", "valid_to", "successor"]
    list_filter = ["region"]
    list_select_related = ["region", "successor"]
    search_fields = ["code", "name", "short_name"]


class PlaceOverlapInline(admin.TabularInline):
    model = PlaceOverlap
    extra = 0


@admin.register(Place)
class PlaceAdmin(AuditedAdmin):
    list_display = ["code", "name", "system", "system_share", "imd_2019", "imd_2025", "registered_population"]
    list_filter = ["system"]
    list_select_related = ["system"]
    search_fields = ["code", "name"]
    inlines = [PlaceOverlapInline]


@admin.register(PlacePopulation)
class PlacePopulationAdmin(AuditedAdmin):
    list_display = ["place", "year", "sex", "age_band", "population"]
    list_filter = ["year", "sex", "age_band"]
    list_select_related = ["place"]
    search_fields = ["place__name"]
    autocomplete_fields = ["place"]


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(AuditedAdmin):
    list_display = ["code", "name", "place"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["place"]


@admin.register(Practice)
class PracticeAdmin(AuditedAdmin):
    list_display = ["code", "name", "system_code", "place_code", "population", "edition"]
    list_filter = ["edition", "system_code"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["neighbourhood"]


class CommissionerSystemInline(admin.TabularInline):
    model = CommissionerSystem
    extra = 0


@admin.register(Commissioner)
class CommissionerAdmin(AuditedAdmin):
    list_display = ["code", "name", "kind", "place", "valid_from", "valid_to", "successor"]
    list_filter = ["kind"]
    list_select_related = ["place", "successor"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["place", "successor"]
    inlines = [CommissionerSystemInline]


@admin.register(Provider)
class ProviderAdmin(AuditedAdmin):
    list_display = ["code", "name", "short_name", "system", "in_scope", "valid_to", "successor"]
    list_filter = ["in_scope", "system", "tertiary"]
    list_select_related = ["system", "successor"]
    search_fields = ["code", "name", "short_name"]
    autocomplete_fields = ["successor"]


@admin.register(ProviderMarketForcesFactor)
class ProviderMarketForcesFactorAdmin(AuditedAdmin):
    list_display = ["provider", "year", "value", "assumed"]
    list_filter = ["year", "assumed"]
    list_select_related = ["provider"]
    search_fields = ["provider__code", "provider__name"]
    autocomplete_fields = ["provider"]


@admin.register(Site)
class SiteAdmin(AuditedAdmin):
    list_display = ["code", "name", "provider", "postcode", "code_confidence"]
    list_filter = ["code_confidence"]
    list_select_related = ["provider"]
    search_fields = ["code", "name", "postcode"]
    autocomplete_fields = ["provider"]


@admin.register(Footprint)
class FootprintAdmin(AuditedAdmin):
    list_display = ["name", "code", "is_own"]
    filter_horizontal = ["systems"]


@admin.register(SubmissionDate)
class SubmissionDateAdmin(AuditedAdmin):
    list_display = ["year", "month", "reporting_point", "due", "assumed", "note"]
    list_filter = ["year", "reporting_point", "assumed"]
    search_fields = ["year", "note"]


@admin.register(LargeChange)
class LargeChangeAdmin(AuditedAdmin):
    """Rows are added from a day on; until there is one, the defaults of the model count. The programme team has a page for it."""

    list_display = ["valid_from", "pounds", "percent", "least_pounds", "owner", "source"]


@admin.register(Assumption)
class AssumptionAdmin(AuditedAdmin):
    """Read only: on the page of assumptions another value is added, and the one before stays for what was saved with it."""

    list_display = ["kind", "key", "service", "provider", "value", "measured_in", "from_year", "owner", "default", "illustrative"]
    list_filter = ["kind", "default", "illustrative"]
    search_fields = ["key", "source", "owner"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
