"""Clinical networks and pilots: who hosts them, who belongs, what they plan, and how sure each fact is."""

from django.db import models

from planning.models import Footprint, NationalProgramme, Provider, ServiceCode, System


class Network(models.Model):
    """A clinical network. `is_pilot` marks the pilots of the 2021 programme; `confidence` is the source's own words.

    What its document says of its planning footprint in numbers stands beside the systems listed: blank where it says none.
    """

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    programme_of_care = models.CharField(max_length=60, blank=True)
    host = models.CharField(max_length=150, blank=True)
    host_provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="hosted_networks")
    leads = models.TextField(blank=True)
    members = models.ManyToManyField(Provider, related_name="networks", blank=True)
    systems = models.ManyToManyField(System, related_name="networks", blank=True, help_text="Stated footprint.")
    footprint = models.ForeignKey(Footprint, null=True, blank=True, on_delete=models.PROTECT, related_name="networks")
    footprint_text = models.TextField(blank=True)
    documented_systems = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many systems its document says.")
    documented_at_least = models.BooleanField(default=False, help_text="Its document says “at least”.")
    documented_regions = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many regions its document says.")
    is_pilot = models.BooleanField(default=False)
    url = models.URLField(blank=True)
    confidence = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["-is_pilot", "name"]

    def __str__(self):
        return self.name


class NetworkScope(models.Model):
    """What a network plans: a national programme or a service line code. `inferred` where no document says so."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="scope")
    national_programme = models.ForeignKey(NationalProgramme, null=True, blank=True, on_delete=models.PROTECT)
    service_code = models.ForeignKey(ServiceCode, null=True, blank=True, on_delete=models.PROTECT)
    inferred = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="network_scope_one_of",
                condition=models.Q(national_programme=None, service_code__isnull=False)
                | models.Q(national_programme__isnull=False, service_code=None),
            ),
            models.UniqueConstraint(fields=["network", "national_programme"], name="network_scope_programme_once"),
            models.UniqueConstraint(fields=["network", "service_code"], name="network_scope_service_code_once"),
        ]

    def __str__(self):
        return f"{self.network_id}: {self.national_programme_id or self.service_code_id}"
