"""Official files, each edition kept with its rows, and what was wrong with those that were refused."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class OfficialFileKind(models.TextChoices):
    PRACTICES = "practices", "Practice weighted populations"
    ALLOCATIONS = "allocations", "Allocations of specialised services"
    CONVERGENCE = "convergence", "Convergence (pace of change)"
    MARKET_FORCES = "market_forces", "Market forces factors of providers"
    NEED = "need", "Need index"
    MEASURES = "measures", "Measures of need and supply"
    REGISTERED = "registered", "Registered population by age and sex"


class OfficialFileQuerySet(models.QuerySet):
    def loaded(self):
        """Editions in force, the latest year first; one that was replaced or refused is not among them."""
        return self.filter(state=OfficialFile.State.LOADED)


class OfficialFile(models.Model):
    """One official file as it was sent. Its rows never change: the same edition with other numbers is another row here."""

    class State(models.TextChoices):
        LOADED = "loaded", "Loaded"
        REPLACED = "replaced", "Replaced by another file of this edition"
        REFUSED = "refused", "Refused"

    kind = models.CharField(max_length=13, choices=OfficialFileKind)
    edition = models.CharField(max_length=40, help_text="As the publisher names it; it names a financial year.")
    year = models.CharField(max_length=7, blank=True, help_text="The financial year of the edition.")
    source = models.TextField(help_text="Who published it, and where.")
    dated = models.DateField(null=True, blank=True, help_text="When it was published, where known.")
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=100, blank=True, help_text="The sheet that was read, of a workbook.")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.LOADED)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    objects = OfficialFileQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-year", "-loaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "edition"], condition=Q(state="loaded"), name="official_edition_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.edition}"


class OfficialFileProblem(models.Model):
    """One fault of a refused file: where it is, what stands there, and what to do."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=300)
    value = models.TextField(blank=True)
    message = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"Row {self.row}: {self.message}"


class WeightedPractice(models.Model):
    """Registered and weighted people of one practice. Core services, not specialised."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="practices")
    practice = models.CharField(max_length=8)
    practice_name = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=5)
    system_name = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=9)
    place_name = models.CharField(max_length=150, blank=True)
    population = models.FloatField()
    general_acute = models.FloatField()
    community = models.FloatField()
    mental_health = models.FloatField()
    maternity = models.FloatField()
    prescribing = models.FloatField()
    health_inequalities = models.FloatField()
    overall_core = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "practice"], name="weighted_practice_once")]

    def __str__(self):
        return self.practice


class OfficialAllocation(models.Model):
    """What one board is allocated in a year. Money in ten-thousandths of a pound."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="allocations")
    system = models.CharField(max_length=5)
    system_name = models.CharField(max_length=150, blank=True)
    year = models.CharField(max_length=7)
    population = models.FloatField(null=True, blank=True)
    weighted_population = models.FloatField(null=True, blank=True)
    target_share = models.FloatField(null=True, blank=True)
    baseline = models.BigIntegerField(null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)
    distance = models.FloatField(null=True, blank=True, help_text="A fraction; above 0 is above target.")
    allocation = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "system", "year"], name="official_allocation_once")]

    def __str__(self):
        return f"{self.system} {self.year}"


class OfficialConvergence(models.Model):
    """One knot of the convergence table, or what one board converges by where the file goes by board."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="convergence")
    system = models.CharField(max_length=5, blank=True)
    system_name = models.CharField(max_length=150, blank=True)
    year = models.CharField(max_length=7)
    distance = models.FloatField()
    convergence = models.FloatField()
    floor = models.FloatField(null=True, blank=True)
    cap = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "system", "year", "distance"], name="official_convergence_once"),
        ]

    def __str__(self):
        return f"{self.year} {self.system} {self.distance:g}".strip()


class OfficialFactor(models.Model):
    """The market forces factor of one provider as published; those of loaded providers are also among their own."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="factors")
    provider = models.CharField(max_length=5)
    provider_name = models.CharField(max_length=200, blank=True)
    year = models.CharField(max_length=7)
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "provider", "year"], name="official_factor_once")]

    def __str__(self):
        return f"{self.provider} {self.year}"


class OfficialNeed(models.Model):
    """The need index of one area, of all specialised services (no programme of care) or of one programme of care."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="needs")
    area = models.CharField(max_length=9)
    area_name = models.CharField(max_length=150, blank=True)
    year = models.CharField(max_length=7)
    programme_of_care = models.CharField(max_length=5, blank=True)
    need_index = models.FloatField()
    includes_age = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "area", "year", "programme_of_care"], name="official_need_once"),
        ]

    def __str__(self):
        return f"{self.area} {self.programme_of_care}".strip()


class OfficialMeasure(models.Model):
    """One measure of one area, of need or of supply: which of the two, whoever makes a model of need says."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="measures")
    area = models.CharField(max_length=9)
    area_name = models.CharField(max_length=150, blank=True)
    year = models.CharField(max_length=7)
    measure = models.CharField(max_length=100)
    unit = models.CharField(max_length=60, blank=True)
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "area", "year", "measure"], name="official_measure_once")]

    def __str__(self):
        return f"{self.area} {self.measure}"


class RegisteredPeople(models.Model):
    """People registered in one area, of one sex and age band."""

    file = models.ForeignKey(OfficialFile, on_delete=models.CASCADE, related_name="registered")
    area = models.CharField(max_length=9)
    area_name = models.CharField(max_length=150, blank=True)
    year = models.CharField(max_length=7)
    sex = models.CharField(max_length=1)
    age_band = models.CharField(max_length=5)
    people = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "area", "year", "sex", "age_band"], name="registered_people_once"),
        ]

    def __str__(self):
        return f"{self.area} {self.sex} {self.age_band}"
