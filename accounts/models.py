"""People, what they belong to, what they did, and what they are told."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person signs in with an e-mail address."""

    username = None
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    role_version = models.PositiveIntegerField(default=1, help_text="Goes up when memberships change, so that cached pages end.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    def __str__(self):
        return self.name or self.email


class Role(models.TextChoices):
    PROGRAMME_TEAM = "programme_team", "Programme team"
    FINANCE_LEAD = "finance_lead", "Finance lead"
    BOARD_MEMBER = "board_member", "Board member"
    ADMINISTRATOR = "administrator", "Administrator"


class Membership(models.Model):
    """A person's role, and for a finance lead the organisation by its ODS or ICB code."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.CharField(max_length=9, blank=True, help_text="ODS code of a provider or code of an ICB; blank for the whole programme.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="membership_once"),
            models.CheckConstraint(
                name="membership_finance_lead_has_organisation",
                condition=~models.Q(role=Role.FINANCE_LEAD, organisation=""),
                violation_error_message="A finance lead belongs to a provider or an ICB: enter its code.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.organisation}".strip()


class AuditEvent(models.Model):
    """One thing that one person saw or did. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60, db_index=True, help_text="Verb and noun: viewed page, published extract.")
    about = models.CharField(max_length=200, blank=True, help_text="What it was done to.")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.by} {self.action} {self.about}"


class Notice(models.Model):
    """What the product tells one person."""

    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=500)
    link = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
