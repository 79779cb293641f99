"""Administration pages; every change made there is in the audit trail."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from .actions import memberships_changed, record, reference_changed
from .forms import NewPersonForm, PersonForm
from .models import AuditEvent, Membership, User

admin.site.site_header = "People and reference data"
admin.site.site_title = "Administration"
admin.site.index_title = "What do you want to keep up to date?"
# What a person may do follows from their memberships alone.
admin.site.unregister(Group)


class AuditedAdmin(admin.ModelAdmin):
    """Base of every administration page: saving and deleting write an audit event and end what is kept of the data before."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        action = f"{'changed' if change else 'added'} {obj._meta.verbose_name}"
        record(by=request.user, action=action, about=str(obj), fields=form.changed_data)
        reference_changed()

    def save_formset(self, request, form, formset, change):
        """Rows edited within another's page are recorded one by one."""
        super().save_formset(request, form, formset, change)
        changed = [row for row, _ in formset.changed_objects]
        for verb, rows in (("added", formset.new_objects), ("changed", changed), ("deleted", formset.deleted_objects)):
            for row in rows:
                record(by=request.user, action=f"{verb} {row._meta.verbose_name}", about=str(row), of=str(form.instance))
        reference_changed()

    def delete_model(self, request, obj):
        about = str(obj)
        super().delete_model(request, obj)
        record(by=request.user, action=f"deleted {obj._meta.verbose_name}", about=about)
        reference_changed()

    def delete_queryset(self, request, queryset):
        abouts = [str(obj) for obj in queryset]
        super().delete_queryset(request, queryset)
        for about in abouts:
            record(by=request.user, action=f"deleted {queryset.model._meta.verbose_name}", about=about)
        reference_changed()


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    """People are added, given memberships and made inactive; they are not deleted, because the audit trail names them."""

    form = PersonForm
    add_form = NewPersonForm
    fieldsets = [(None, {"fields": ["email", "password", "name", "is_active"]})]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]})]
    inlines = [MembershipInline]
    list_display = ["email", "name", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            memberships_changed(user=form.instance)

    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            record(by=request.user, action="set password", about=str(self.get_object(request, id)))
        return response

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """Read only, for administrators; the programme team reads it on a page of the product."""

    list_display = ["at", "by", "action", "about"]
    list_filter = ["action"]
    list_select_related = ["by"]
    search_fields = ["about", "by__email", "by__name"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
