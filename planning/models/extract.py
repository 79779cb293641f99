"""Uploaded files, what was wrong with them, and the facts that came out of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Layout(models.TextChoices):
    ACM = "acm", "Aggregate Contract Monitoring"
    IAP = "iap", "Indicative Activity Plan"
    PLCM = "plcm", "Patient Level Contract Monitoring"
    DRPLCM = "drplcm", "Drugs Patient Level Contract Monitoring"
    DEPLCM = "deplcm", "Devices Patient Level Contract Monitoring"


class ReportingPoint(models.TextChoices):
    FLEX = "flex", "Flex"
    FREEZE = "freeze", "Freeze"


class ExtractState(models.TextChoices):
    WAITING = "waiting", "Waiting for you"
    RECEIVED = "received", "Received"
    CHECKING = "checking", "Checking"
    CHECKED = "checked", "Checked"
    PUBLISHED = "published", "Published"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CheckingPhase(models.TextChoices):
    READING = "reading", "Reading the file"
    CHECKING = "checking", "Checking every row"
    WRITING = "writing", "Writing what was accepted"


# The same bytes lead back to an extract in one of these states, rather than being received anew.
STANDING = [ExtractState.WAITING, ExtractState.RECEIVED, ExtractState.CHECKING, ExtractState.CHECKED, ExtractState.PUBLISHED]


class ExtractQuerySet(models.QuerySet):
    def of_bytes(self, sha256, layout):
        return self.filter(sha256=sha256, layout=layout)

    def standing(self):
        return self.filter(state__in=STANDING)

    def in_force(self):
        """Published and not withdrawn, in the order of publication."""
        return self.filter(state=ExtractState.PUBLISHED).order_by("publication")


class Extract(models.Model):
    """One uploaded file. Money totals are whole ten-thousandths of a pound."""

    layout = models.CharField(max_length=6, choices=Layout)
    provider = models.CharField(max_length=5, blank=True, db_index=True, help_text="ODS code read from the file.")
    organisation = models.CharField(max_length=9, blank=True, db_index=True, help_text="Organisation of the uploader.")
    year = models.CharField(max_length=7, blank=True)
    first_month = models.PositiveSmallIntegerField(null=True)
    last_month = models.PositiveSmallIntegerField(null=True)
    covered_months = models.JSONField(default=list)
    commissioners = models.JSONField(default=list, help_text="Commissioners in the file, counted before rejection.")
    covered_commissioners = models.JSONField(
        null=True, help_text="Commissioners whose slices it replaces; null for all of the provider's."
    )
    slices = models.JSONField(
        default=list, help_text="Its slices: month, commissioner, planned and actual price in stored units."
    )
    reporting_point = models.CharField(max_length=6, choices=ReportingPoint, default=ReportingPoint.FLEX)
    illustrative = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ExtractState, default=ExtractState.RECEIVED, db_index=True)
    reason = models.TextField(blank=True, help_text="Why it was refused, failed, cancelled or withdrawn.")

    file_name = models.CharField(max_length=255)
    stored_name = models.CharField(max_length=100, blank=True, help_text="Name of the received file under the media folder.")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(default=0)
    reading = models.JSONField(
        default=dict, help_text="How it is read: sheet, sheets kept while waiting, what was said of headings, what is asked."
    )
    read_notes = models.JSONField(default=list, help_text="What was read and cleaned, in sentences.")

    cleaned = models.JSONField(default=list, help_text="What was cleaned: field, number of cells, first row, words.")
    outcomes = models.JSONField(default=list, help_text="Rows by what became of them, with their money in stored units.")
    broken = models.JSONField(default=list, help_text="Rules that rows broke, with number, example and money in stored units.")

    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    excluded = models.BigIntegerField(default=0)
    problem_count = models.BigIntegerField(default=0)
    planned_price = models.BigIntegerField(default=0)
    actual_price = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict, help_text="Sums of accepted rows in stored units, by provider and month.")

    line_store = models.CharField(max_length=100, blank=True, help_text="Name of the Parquet of rows as received.")
    read_copy = models.CharField(max_length=100, blank=True, help_text="Name of the Parquet of facts.")

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    heartbeat = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(null=True, help_text="Estimated from the size of the file; null where it cannot be.")
    phase = models.CharField(max_length=8, choices=CheckingPhase, blank=True)
    started_at = models.DateTimeField(null=True, help_text="When the check that is under way began.")
    phase_started_at = models.DateTimeField(null=True)
    reference_version = models.CharField(max_length=32, blank=True, help_text="Reference data that it was checked against.")
    publication = models.PositiveIntegerField(
        null=True, unique=True, help_text="Order of publication, which decides between extracts."
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    objects = ExtractQuerySet.as_manager()

    # Whether its bytes came in again just now, and led to what is there already.
    came_again = False

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="extract_rows_add_up", condition=Q(rows=F("accepted") + F("rejected") + F("excluded"))),
            models.CheckConstraint(
                name="extract_published_pair",
                condition=Q(published_at=None, published_by=None) | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["sha256", "layout", "organisation"], condition=Q(state__in=STANDING), name="extract_same_bytes_once"
            ),
        ]

    def __str__(self):
        return f"Extract {self.pk}: {self.file_name}"


class Severity(models.TextChoices):
    ERROR = "error", "Error: row not accepted"
    WARNING = "warning", "Warning: row accepted"


class ExtractProblem(models.Model):
    """One thing wrong with one row. `row` is the spreadsheet's own number; `value` stays blank for identifying columns."""

    extract = models.ForeignKey(Extract, on_delete=models.CASCADE, related_name="problems")
    row = models.BigIntegerField(null=True)
    column = models.CharField(max_length=100, blank=True)
    value = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=7, choices=Severity)
    message = models.CharField(max_length=500)

    class Meta:
        ordering = ["extract", "row", "id"]
        indexes = [models.Index(fields=["extract", "rule"], name="extract_problem_by_rule")]


class PatientFlow(models.Model):
    """Activity and price of one extract at the planner's grain.

    Money is whole ten-thousandths of a pound and activity whole thousandths of its unit; blank is missing, never 0.
    Organisations are codes, not keys: a fact keeps what its row stated, and reference rows have dates of their own.
    `home` is a commissioner code or blank; `home_system` a system code or a home group of `calculations/homes.py`.
    """

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="facts")
    year = models.CharField(max_length=7)
    month = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=5)
    site = models.CharField(max_length=9, blank=True)
    service_code = models.CharField(max_length=12)
    service_category = models.CharField(max_length=2)
    point_of_delivery = models.CharField(max_length=10)
    commissioner = models.CharField(max_length=5)
    home = models.CharField(max_length=5, blank=True)
    home_system = models.CharField(max_length=10)
    home_place = models.CharField(max_length=9, blank=True)
    planned_activity = models.BigIntegerField(null=True)
    planned_price = models.BigIntegerField(null=True)
    planned_mff = models.BigIntegerField(null=True)
    actual_activity = models.BigIntegerField(null=True)
    actual_price = models.BigIntegerField(null=True)
    actual_mff = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="patient_flow_month", condition=Q(month__gte=1, month__lte=13)),
        ]
