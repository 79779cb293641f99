"""By when activity is to be sent: the flex and the freeze date of each month."""

from django.db import models
from django.db.models import Q

from .extract import ReportingPoint


class SubmissionDate(models.Model):
    """The last day on which a month counts as sent in time, for one reporting point."""

    year = models.CharField(max_length=7, help_text="2025/26")
    month = models.PositiveSmallIntegerField(help_text="1 is April, 12 March, 13 the year end.")
    reporting_point = models.CharField(max_length=6, choices=ReportingPoint)
    due = models.DateField(help_text="The last day on which it is in time.")
    assumed = models.BooleanField(default=False, help_text="Worked out by a rule, not taken from a published timetable.")
    source = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["year", "month", "reporting_point"]
        constraints = [
            models.UniqueConstraint(fields=["year", "month", "reporting_point"], name="submission_date_once"),
            models.CheckConstraint(name="submission_date_month", condition=Q(month__gte=1, month__lte=13)),
        ]

    def __str__(self):
        return f"{self.year} month {self.month}, {self.reporting_point}: {self.due}"
