"""What if care were given elsewhere: scenarios, their saved versions, and the moves of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ScenarioQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(deleted_at=None)

    def shared(self):
        """Those that everybody who sees figures may read: shared, and saved at least once."""
        return self.standing().exclude(shared_at=None).filter(versions__saved_at__isnull=False).distinct()


class Scenario(models.Model):
    """One question, owned by a person. What it says is in its versions; one that is deleted stays for the audit trail."""

    name = models.CharField(max_length=100)
    note = models.TextField(max_length=1000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scenarios")
    copied_from = models.ForeignKey("ScenarioVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(deleted_at=None), name="scenario_name_once"),
        ]

    def __str__(self):
        return self.name


class ScenarioVersion(models.Model):
    """A scenario as it was saved: its position, its opening year, its moves. One that is not saved yet is the draft."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    year = models.CharField(max_length=7, help_text="The financial year whose flows it starts from.")
    selection = models.JSONField(default=dict, help_text="What was chosen on the Flows page that it was started from.")
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["scenario", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_version_once"),
            models.UniqueConstraint(fields=["scenario"], condition=Q(saved_at=None), name="scenario_one_draft"),
            models.CheckConstraint(
                name="scenario_version_saved_pair",
                condition=Q(saved_at=None, saved_by=None) | Q(saved_at__isnull=False, saved_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.scenario}, version {self.number}"


class ScenarioMove(models.Model):
    """One move of a version, applied after those of a lower number. Money is whole pounds; shares are fractions."""

    class Kind(models.TextChoices):
        REPATRIATE = "repatriate", "Repatriate"
        CONSOLIDATE = "consolidate", "Consolidate on one provider"
        OPEN = "open", "Open a new site"
        LOSE = "lose", "Lose a service"
        REFERRAL = "referral", "Change of referral share from an area"
        GROWTH = "growth", "Growth"

    class Payment(models.TextChoices):
        RULES = "rules", "By the rules of the payment scheme, as assumed"
        FOLLOWS = "follows", "All of it follows the patient"
        FIXED = "fixed", "None of it: block or other fixed payment"

    version = models.ForeignKey(ScenarioVersion, on_delete=models.CASCADE, related_name="moves")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    homes = models.JSONField(default=list)
    services = models.JSONField(default=list)
    senders = models.JSONField(default=list)
    receiver = models.CharField(max_length=5, blank=True)
    site = models.CharField(max_length=9, blank=True, help_text="Where a new site is: the code of a place or of a site.")
    share = models.DecimalField(max_digits=7, decimal_places=6, default=1)
    demographic = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    non_demographic = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(default=1)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.RULES)
    one_off = models.PositiveBigIntegerField(default=0, help_text="Whole pounds, in the first year.")
    new_fixed = models.PositiveBigIntegerField(default=0, help_text="Whole pounds a year.")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="scenario_move_once"),
            models.CheckConstraint(name="scenario_move_share", condition=Q(share__gte=-1, share__lte=1)),
        ]

    def __str__(self):
        return f"{self.number}. {self.get_kind_display()}"
