"""Who plans for whom: regions, systems, places, neighbourhoods, practices, commissioners and footprints, by date."""

from django.db import models
from django.db.models import Q


class Region(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=80)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class EffectiveQuerySet(models.QuerySet):
    def on(self, date):
        """Rows in force on a date; a blank end or start is open."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=date), Q(valid_to=None) | Q(valid_to__gte=date))


class System(models.Model):
    """An Integrated Care System (its board, ICB), in force between two dates."""

    code = models.CharField(max_length=5, primary_key=True)
    ons_code = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    board_name = models.CharField(max_length=120, blank=True, help_text="The board by its statutory name.")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="systems")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    source = models.TextField(blank=True)
    objects = EffectiveQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Place(models.Model):
    """A local authority as a place of a system. `system_share` is the share of its residents in that system."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=80)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="places")
    system_share = models.DecimalField(max_digits=7, decimal_places=5, default=1)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    imd_2019 = models.FloatField(null=True, blank=True, help_text="Average score of the Index of Multiple Deprivation 2019.")
    imd_2025 = models.FloatField(null=True, blank=True)
    registered_population = models.FloatField(
        null=True, blank=True, help_text="Registered with practices in the authority, 2025/26."
    )
    general_acute_weighted_population = models.FloatField(null=True, blank=True, help_text="Core General and Acute, 2025/26.")
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class PlaceOverlap(models.Model):
    """Residents of a place who belong to another system than the place does, as a share of all its residents.

    `Place.system_share` and these shares add up to 1, except where the rest lives in a system that is not loaded.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="overlaps")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="overlaps")
    share = models.DecimalField(max_digits=7, decimal_places=5)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "system"], name="place_overlap_once")]

    def __str__(self):
        return f"{self.place_id} in {self.system_id}"


class PlacePopulation(models.Model):
    """Residents of a place by age band and sex in a year."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField(help_text="Mid-year, e.g. 2021.")
    sex = models.CharField(max_length=1, choices=[("f", "Female"), ("m", "Male")])
    age_band = models.CharField(max_length=5)
    population = models.PositiveIntegerField()
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "year", "sex", "age_band"], name="place_population_once")]

    def __str__(self):
        return f"{self.place_id} {self.year} {self.sex} {self.age_band}"


class Neighbourhood(models.Model):
    """A primary care network, the level below place."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=150)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="neighbourhoods")
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class CommissionerKind(models.TextChoices):
    SUB_ICB = "sub_icb", "Sub-ICB location"
    CCG = "ccg", "Clinical Commissioning Group"
    BOROUGH = "borough", "Borough reporting entity"
    HUB = "hub", "NHS England specialised commissioning hub"
    NATIONAL = "national", "NHS England national"
    DEVOLVED = "devolved", "Devolved nation"
    OVERSEAS = "overseas", "Overseas"
    PRIVATE = "private", "Private"
    NOT_KNOWN = "not_known", "Not known"


class Commissioner(models.Model):
    """A body that rows name as commissioner, or as responsible by practice or residence. `place` where it is one borough."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=CommissionerKind)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="commissioners")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    source = models.TextField(blank=True)
    objects = EffectiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.name}"


class CommissionerSystem(models.Model):
    """Which system and specialised hub a commissioner belongs to between two dates.

    `system_code` is text because the national table names systems of the rest of England, which are not loaded one by one.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.CASCADE, related_name="systems")
    system_code = models.CharField(max_length=5)
    hub_code = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    delegated = models.BooleanField(
        null=True, blank=True, help_text="Whether its system holds the delegated services; blank: not known."
    )
    assumed = models.BooleanField(default=False, help_text="Carried to years that the national table does not cover.")
    source = models.TextField(blank=True)
    objects = EffectiveQuerySet.as_manager()

    class Meta:
        ordering = ["commissioner", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["commissioner", "valid_from"], name="commissioner_system_once")]

    def __str__(self):
        return f"{self.commissioner_id} in {self.system_code}"


class Practice(models.Model):
    """A GP practice of the loaded practice list."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=150)
    system_code = models.CharField(max_length=5, help_text="ICB of the list.")
    place_code = models.CharField(max_length=9, help_text="Local authority of the list.")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="practices")
    population = models.FloatField(null=True, blank=True)
    weighted_populations = models.JSONField(default=dict, help_text="Weighted population by component, as published.")
    edition = models.CharField(max_length=20)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.name}"


class Footprint(models.Model):
    """A named group of systems that plans together. One is the programme's own."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    systems = models.ManyToManyField(System, related_name="footprints")
    is_own = models.BooleanField(default=False, help_text="The footprint this installation plans for.")
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["is_own"], condition=Q(is_own=True), name="footprint_one_own")]

    def __str__(self):
        return self.name
