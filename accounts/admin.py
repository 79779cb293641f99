"""Administration pages; every change made there is in the audit trail."""

from django.contrib import admin

from .actions import record


class AuditedAdmin(admin.ModelAdmin):
    """Base of every administration page: saving and deleting write an audit event."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        action = f"{'changed' if change else 'added'} {obj._meta.verbose_name}"
        record(by=request.user, action=action, about=str(obj), fields=form.changed_data)

    def delete_model(self, request, obj):
        about = str(obj)
        super().delete_model(request, obj)
        record(by=request.user, action=f"deleted {obj._meta.verbose_name}", about=about)

    def delete_queryset(self, request, queryset):
        abouts = [str(obj) for obj in queryset]
        super().delete_queryset(request, queryset)
        for about in abouts:
            record(by=request.user, action=f"deleted {queryset.model._meta.verbose_name}", about=about)
