from django.contrib import admin

from accounts.admin import AuditedAdmin
from finance.models import Rate


@admin.register(Rate)
class RateAdmin(AuditedAdmin):
    list_display = ["kind", "key", "sex", "value", "unit", "from_year", "illustrative", "owner"]
    list_filter = ["kind", "from_year", "illustrative"]
    search_fields = ["key", "source"]
