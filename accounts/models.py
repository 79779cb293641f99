"""People, what they belong to, what they did, and what they are told."""

from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person signs in with an email address."""

    username = None
    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    role_version = models.PositiveIntegerField(default=1, help_text="Goes up when memberships change, so that cached pages end.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(name="user_email_lower_case", condition=models.Q(email=Lower("email")))]

    def __str__(self):
        return self.name or self.email

    def has_perm(self, perm, obj=None):
        """Administration pages ask this: administrators keep the product's own tables, nobody keeps those of packages."""
        return super().has_perm(perm, obj) or self.has_module_perms(perm.partition(".")[0])

    def has_module_perms(self, app_label):
        administers = self.is_active and self.memberships.filter(role=Role.ADMINISTRATOR).exists()
        own = apps.is_installed(app_label) and Path(apps.get_app_config(app_label).path).parent == settings.BASE_DIR
        return (administers and own) or super().has_module_perms(app_label)


class Role(models.TextChoices):
    PROGRAMME_TEAM = "programme_team", "Programme team"
    FINANCE_LEAD = "finance_lead", "Finance lead"
    BOARD_MEMBER = "board_member", "Board member"
    ADMINISTRATOR = "administrator", "Administrator"


class Membership(models.Model):
    """A person's role, and for a finance lead the organisation by its ODS or ICB code."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.CharField(
        max_length=9, blank=True, help_text="ODS code of a provider or code of an ICB; blank for the whole programme."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="membership_once"),
            models.CheckConstraint(
                name="membership_finance_lead_has_organisation",
                condition=~models.Q(role=Role.FINANCE_LEAD, organisation=""),
                violation_error_message="A finance lead belongs to a provider or an ICB: enter its code.",
            ),
            models.CheckConstraint(
                name="membership_others_have_none",
                condition=models.Q(role=Role.FINANCE_LEAD) | models.Q(organisation=""),
                violation_error_message="Only a finance lead belongs to one organisation: leave the code blank.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.organisation}".strip()


class AuditEventQuerySet(models.QuerySet):
    """Rows can be added and read."""

    def update(self, **fields):
        raise TypeError("The audit trail is not changed.")

    def delete(self):
        raise TypeError("The audit trail is not deleted from.")


class AuditEvent(models.Model):
    """One thing that one person saw or did. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60, db_index=True, help_text="Verb and noun: viewed page, published extract.")
    about = models.CharField(max_length=200, blank=True, help_text="What it was done to.")
    detail = models.JSONField(default=dict)
    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.by} {self.action} {self.about}"


class ReferenceVersion(models.Model):
    """One row, whose token is another after every change of reference data: whatever was kept under the last one ends.

    A token is drawn anew and never counted up, so that one that was rolled back does not come again with other data.
    """

    token = models.UUIDField(default=uuid4)

    def __str__(self):
        return str(self.token)


class Notice(models.Model):
    """What the product tells one person."""

    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=500)
    link = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
