"""Allocation rounds: what was asked, what it was computed from, what came out, and who approved it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class RoundState(models.TextChoices):
    DRAFT = "draft", "Draft"
    CALCULATED = "calculated", "Calculated"
    UNDER_REVIEW = "under_review", "Under review"
    APPROVED = "approved", "Approved"
    SUPERSEDED = "superseded", "Superseded"


class RoundStep(models.TextChoices):
    """The steps from people to closing distance, in their order, as addresses name them."""

    POPULATION = "population", "Population"
    AGE = "age", "Age and sex"
    NEED = "need", "Additional need"
    MARKET_FORCES = "market-forces", "Market forces"
    WEIGHTED_POPULATION = "weighted-population", "Weighted population"
    TARGET = "target", "Target share and target"
    BASELINE = "baseline", "Baseline"
    OPENING_DISTANCE = "opening-distance", "Opening distance"
    CONVERGENCE = "convergence", "Convergence"
    ALLOCATION = "allocation", "Allocation"
    CLOSING_DISTANCE = "closing-distance", "Closing distance"


SEALED = (RoundState.APPROVED, RoundState.SUPERSEDED)


class AllocationRound(models.Model):
    """One answer to who should receive what, of one area over one to ten years.

    What it was computed from and what came out are kept in it, so that it never changes under a reader; once approved it is
    sealed by the hash of all that it says. Money is whole ten-thousandths of a pound; rates are fractions.
    """

    class Method(models.TextChoices):
        CHAIN = "chain", "Full chain: people, age and sex, additional need, market forces"
        PUBLISHED = "published", "Published core weighted populations, finished (core services, not specialised)"

    class People(models.TextChoices):
        RESIDENT = "resident", "Residents, mid-year estimate"
        REGISTERED = "registered", "Registered with practices"
        PROJECTED = "projected", "Projected residents of each year"

    class Need(models.TextChoices):
        MEASURE = "measure", "From deprivation, by a coefficient"
        IMPORTED = "imported", "Imported need index of an official file"
        MODEL = "model", "A model of need, with supply held at its mean"

    name = models.CharField(max_length=100)
    note = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=RoundState, default=RoundState.DRAFT)
    position = models.PositiveIntegerField()
    baseline_year = models.CharField(max_length=7, help_text="The financial year whose spend is the baseline.")
    first_year = models.CharField(max_length=7, help_text="The first financial year that is allocated.")
    years = models.PositiveSmallIntegerField(default=3)
    footprint = models.ForeignKey(
        "planning.Footprint",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Its systems are the area; blank: every system whose own trusts are all loaded.",
    )
    method = models.CharField(max_length=10, choices=Method, default=Method.CHAIN)
    people = models.CharField(max_length=10, choices=People, default=People.RESIDENT)
    need = models.CharField(max_length=10, choices=Need, default=Need.MEASURE)
    need_includes_age = models.BooleanField(default=False)
    quantum = models.BigIntegerField(null=True, blank=True, help_text="Of the first year; blank: baselines and their growth.")
    parameters = models.JSONField(default=dict, help_text="Growth, floor, cap, knots, need for a point, model of need, errors.")
    inputs = models.JSONField(default=dict, help_text="Every table that it was computed from.")
    results = models.JSONField(default=dict, help_text="Every table that came out.")
    missing = models.JSONField(default=list, help_text="What stood in the way when it was last to be calculated.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of all that it says, from when it was calculated.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="allocation_round_years", condition=Q(years__gte=1, years__lte=10)),
            models.CheckConstraint(
                name="allocation_round_calculated_has_hash", condition=Q(state=RoundState.DRAFT) | ~Q(sha256="")
            ),
            models.UniqueConstraint(
                fields=["first_year", "footprint"],
                condition=Q(state=RoundState.APPROVED, footprint__isnull=False),
                name="allocation_round_one_approved",
            ),
            models.UniqueConstraint(
                fields=["first_year"],
                condition=Q(state=RoundState.APPROVED, footprint=None),
                name="allocation_round_one_of_loaded",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_sealed(self) -> bool:
        return self.state in SEALED


class RoundEvent(models.Model):
    """One thing that was done with a round. Rows are only ever added."""

    class What(models.TextChoices):
        MADE = "made", "Made"
        CHANGED = "changed", "Changed"
        CALCULATED = "calculated", "Calculated"
        NOT_CALCULATED = "not_calculated", "Not calculated"
        SUBMITTED = "submitted", "Sent for review"
        RETURNED = "returned", "Sent back"
        APPROVED = "approved", "Approved"
        SUPERSEDED = "superseded", "Superseded by another round"

    round = models.ForeignKey(AllocationRound, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=14, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_what_display()} by {self.by}"
