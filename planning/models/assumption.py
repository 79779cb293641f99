"""What scenarios assume: prices, cost behaviour, payment, stay, growth, projected people. Each row with an owner and a source."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AssumptionQuerySet(models.QuerySet):
    def update(self, **fields):
        raise TypeError("An assumption is not changed: a later row takes its place.")


class Assumption(models.Model):
    """One number that scenarios rest on, in force from a financial year until a later row of the same scope.

    Rows are only ever added, so that a scenario saved before still gives the same numbers. A blank scope stands for everything;
    the most particular scope wins. `default` marks what came with the product and nobody has decided yet.
    """

    class Kind(models.TextChoices):
        PRICE = "price", "Unit price"
        COST = "cost", "Cost behaviour"
        PAYMENT = "payment", "Payment"
        STAY = "stay", "Beds"
        GROWTH = "growth", "Growth a year"
        USE = "use", "Use of care by age and sex"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40, help_text="What it is: variable_share, step, length_of_stay, non_demographic…")
    provider = models.CharField(max_length=5, blank=True)
    service = models.CharField(max_length=20, blank=True)
    home = models.CharField(max_length=10, blank=True, help_text="Home system of patients.")
    point_of_delivery = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=6)
    measured_in = models.CharField(max_length=100)
    from_year = models.CharField(max_length=7, default="2019/20")
    illustrative = models.BooleanField(default=False)
    default = models.BooleanField(default=False)
    owner = models.CharField(max_length=120)
    source = models.TextField()
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    objects = AssumptionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "key", "provider", "service", "home", "point_of_delivery", "unit", "from_year", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.key.replace('_', ' ')}"


class PopulationProjection(models.Model):
    """One upload of projected people by area, calendar year, sex and age band."""

    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=120)
    source = models.TextField()
    file_name = models.CharField(max_length=255)
    rows = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-pk"]

    def __str__(self):
        return self.name


class ProjectedPeople(models.Model):
    """People of one sex and age band in one area and calendar year; the area is a place or a system by its code."""

    projection = models.ForeignKey(PopulationProjection, on_delete=models.CASCADE, related_name="people")
    area = models.CharField(max_length=9)
    year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=1)
    age_band = models.CharField(max_length=5)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["projection", "area", "year", "sex", "age_band"], name="projected_people_once"),
        ]

    def __str__(self):
        return f"{self.area} {self.year}, {self.sex} {self.age_band}"
