"""Peers: groups of systems or of places that what is spent on a population is held against, kept by people."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PeerGroupQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(deleted_at=None)


class PeerGroup(models.Model):
    """Areas that somebody holds to be alike. Everybody who sees figures may use it; one that is deleted stays for the audit."""

    class Level(models.TextChoices):
        SYSTEM = "system", "Systems"
        PLACE = "place", "Places"

    name = models.CharField(max_length=80)
    level = models.CharField(max_length=6, choices=Level)
    members = models.JSONField(default=list, help_text="Codes of its systems or places, in order.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why they are alike.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="peer_groups")
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = PeerGroupQuerySet.as_manager()

    class Meta:
        ordering = ["level", "name"]
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(deleted_at=None), name="peer_group_name_once")]

    def __str__(self):
        return self.name
