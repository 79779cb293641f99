"""Reporting positions: which extract each slice is taken from, at each publication."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .extract import Extract, Layout, ReportingPoint


class PositionLock(models.Model):
    """One row, locked while a position is made, so that positions are made one at a time."""

    last_number = models.PositiveIntegerField(default=0)


class ReportingPosition(models.Model):
    """An immutable manifest of slices; `fingerprint` is the hash of its (slice, extract) pairs."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    illustrative = models.BooleanField(default=False)
    extracts = models.ManyToManyField(Extract, related_name="made_positions", help_text="Extracts published or withdrawn by it.")

    class Meta:
        ordering = ["-number"]

    def __str__(self):
        return f"Position {self.number}"


class SliceQuerySet(models.QuerySet):
    def at(self, position: int):
        return self.filter(Q(until_position=None) | Q(until_position__gt=position), from_position__lte=position)


class PositionSlice(models.Model):
    """A month of one commissioner's money at one provider, the extract it is taken from, and at which point it counts.

    A row holds from one position until (not including) another; so position N is the rows that hold at N,
    and a publication writes only what it changes.
    """

    layout = models.CharField(max_length=6, choices=Layout)
    provider = models.CharField(max_length=5)
    year = models.CharField(max_length=7)
    month = models.PositiveSmallIntegerField()
    commissioner = models.CharField(max_length=5)
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="position_slices")
    reporting_point = models.CharField(max_length=6, choices=ReportingPoint, default=ReportingPoint.FLEX)
    from_position = models.PositiveIntegerField()
    until_position = models.PositiveIntegerField(null=True)
    objects = SliceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["layout", "provider", "year", "month", "commissioner"],
                condition=Q(until_position=None),
                name="position_slice_one_current",
            ),
            models.CheckConstraint(
                name="position_slice_holds", condition=Q(until_position=None) | Q(until_position__gt=models.F("from_position"))
            ),
        ]
        indexes = [models.Index(fields=["provider", "year", "layout"], name="position_slice_by_provider")]
