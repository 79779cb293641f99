"""How long it takes to get from where people live to where they are treated, as a loaded table says."""

from django.db import models
from django.db.models import Q


class TravelTime(models.Model):
    """Minutes one way from a place or system to a site or provider, by codes.

    A table that is loaded replaces the whole of the one before, so all rows have one source and one date.
    """

    home = models.CharField(max_length=9, help_text="Code of a place or of a system.")
    destination = models.CharField(max_length=9, help_text="Code of a site or of a provider.")
    minutes = models.DecimalField(max_digits=5, decimal_places=1)
    source = models.TextField()
    dated = models.DateField(help_text="When the times were worked out.")

    class Meta:
        ordering = ["home", "destination"]
        constraints = [
            models.UniqueConstraint(fields=["home", "destination"], name="travel_time_once"),
            models.CheckConstraint(name="travel_time_minutes", condition=Q(minutes__gte=0, minutes__lte=600)),
        ]

    def __str__(self):
        return f"{self.home} to {self.destination}: {self.minutes} minutes"
