"""Who treats: providers, their sites and the market forces factor they are paid."""

from django.db import models
from django.db.models import Q

from .system import EffectiveQuerySet, System


class Provider(models.Model):
    """A provider by ODS code. `in_scope` marks the providers whose extracts the programme expects."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=150)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, blank=True)
    system = models.ForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="providers")
    in_scope = models.BooleanField(default=False)
    tertiary = models.BooleanField(default=False)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    source = models.TextField(blank=True)
    objects = EffectiveQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Site(models.Model):
    """A hospital site; `code` is blank where no ODS code was found."""

    code = models.CharField(max_length=9, blank=True, db_index=True)
    name = models.CharField(max_length=150)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="sites")
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    code_confidence = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["provider", "name"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "name"], name="site_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="site_code_once"),
        ]

    def __str__(self):
        return self.name


class ProviderMarketForcesFactor(models.Model):
    """Payment index of a provider in a year. `assumed` where the value of another year stands in."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="market_forces_factors")
    year = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=8, decimal_places=6)
    assumed = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "year"], name="market_forces_factor_once")]

    def __str__(self):
        return f"{self.provider_id} {self.year}"
