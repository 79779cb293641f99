"""What is planned: programmes of care, services, their line codes, and the codes that describe activity."""

from django.db import models


class ProgrammeOfCare(models.Model):
    """A national programme of care (`code` A–G) that services belong to."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=100)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "programmes of care"

    def __str__(self):
        return self.name


class NationalProgramme(models.Model):
    """A clinical programme within a programme of care, such as A05 cardiothoracic services."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=150)
    programme_of_care = models.ForeignKey(ProgrammeOfCare, on_delete=models.PROTECT, related_name="national_programmes")
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name


class Service(models.Model):
    """A service definition: one entry of the national manual, or "No manual entry" of a national programme."""

    code = models.SlugField(max_length=20, primary_key=True, help_text="Manual number, or none- and the national programme.")
    name = models.CharField(max_length=250)
    programme_of_care = models.ForeignKey(
        ProgrammeOfCare, null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    in_manual = models.BooleanField(default=True)
    highly_specialised = models.BooleanField(null=True, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ServiceCode(models.Model):
    """A service line code of the national code list, as activity extracts carry it."""

    code = models.CharField(max_length=12, primary_key=True)
    description = models.CharField(max_length=250)
    display_name = models.CharField(max_length=250)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="codes")
    national_programme = models.ForeignKey(
        NationalProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="codes"
    )
    programme_of_care = models.ForeignKey(ProgrammeOfCare, null=True, blank=True, on_delete=models.PROTECT, related_name="codes")
    highly_specialised = models.BooleanField(null=True, blank=True)
    identified_by_rules = models.CharField(max_length=60, blank=True)
    grouping = models.CharField(max_length=40, blank=True)
    top_up = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.display_name}"


class Delegation(models.TextChoices):
    GREEN = "GREEN", "Delegated"
    RED = "RED", "Retained"
    BLUE = "BLUE", "Host-funded"
    NOT_APPLICABLE = "NOT APPLICABLE", "Not applicable"


class ServiceStatus(models.Model):
    """Delegation status of a line code in a financial year."""

    service_code = models.ForeignKey(ServiceCode, on_delete=models.CASCADE, related_name="statuses")
    year = models.CharField(max_length=7, help_text="2025/26")
    status = models.CharField(max_length=14, choices=Delegation)
    source = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "service statuses"
        constraints = [models.UniqueConstraint(fields=["service_code", "year"], name="service_status_once")]

    def __str__(self):
        return f"{self.service_code_id} {self.year} {self.status}"


class PointOfDelivery(models.Model):
    """A national point of delivery. Activity of two points of delivery is only ever added where `unit` is the same."""

    code = models.CharField(max_length=10, primary_key=True)
    description = models.CharField(max_length=150)
    domain = models.CharField(max_length=60)
    sub_category = models.CharField(max_length=60)
    unit = models.CharField(max_length=10, help_text="SPELL, ATT, OBD, GBP …")
    non_activity = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["domain", "code"]
        verbose_name_plural = "points of delivery"

    def __str__(self):
        return f"{self.code} {self.description}"


class ServiceCategory(models.Model):
    """Commissioned service category: who commissions, under what arrangement."""

    code = models.CharField(max_length=2, primary_key=True)
    description = models.CharField(max_length=200)
    specialised = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "service categories"

    def __str__(self):
        return f"{self.code} {self.description}"
