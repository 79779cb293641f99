"""Policies that somebody tried and kept by name."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PolicyOption(models.Model):
    """A policy as it was saved: what it says and the position it starts from. It is never changed; another is saved instead.

    One that is deleted stays for the audit trail.
    """

    name = models.CharField(max_length=100)
    note = models.TextField(max_length=1000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="policy_options")
    position = models.PositiveIntegerField()
    settings = models.JSONField(help_text="What the policy says, by the names of the workbench's fields.")
    rates = models.CharField(max_length=12, help_text="The version of the rates when it was saved.")
    made_at = models.DateTimeField(auto_now_add=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(deleted_at=None), name="policy_option_name_once"),
        ]

    def __str__(self):
        return self.name
