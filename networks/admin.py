from django.contrib import admin
from django.db import models

from accounts.admin import AuditedAdmin
from networks.models import Network, NetworkScope


class NetworkScopeInline(admin.TabularInline):
    model = NetworkScope
    extra = 0
    autocomplete_fields = ["service_code", "national_programme"]


@admin.register(Network)
class NetworkAdmin(AuditedAdmin):
    list_display = ["name", "kind", "programme_of_care", "is_pilot", "footprint", "confidence"]
    list_filter = ["is_pilot", "kind", "programme_of_care"]
    list_select_related = ["footprint"]
    search_fields = ["code", "name"]
    filter_horizontal = ["members", "systems"]
    autocomplete_fields = ["host_provider"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [NetworkScopeInline]
