"""What people have said of how their organisation's files are to be read, kept for the next file."""

from django.conf import settings
from django.db import models

from .extract import Layout


class ReadingQuerySet(models.QuerySet):
    def of(self, organisation, layout):
        return self.filter(organisation=organisation, layout=layout)


class ColumnMapping(models.Model):
    """A heading of an organisation's files that stands for one of our columns. `heading` is normal, `shown` as written."""

    organisation = models.CharField(max_length=9, db_index=True)
    layout = models.CharField(max_length=6, choices=Layout)
    heading = models.CharField(max_length=200)
    shown = models.CharField(max_length=200)
    field = models.CharField(max_length=80, help_text="Field of the column of the layout.")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now=True)
    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "layout", "field", "heading"]
        constraints = [models.UniqueConstraint(fields=["organisation", "layout", "heading"], name="column_mapping_once")]

    def __str__(self):
        return f"{self.shown} of {self.organisation}"


class SheetChoice(models.Model):
    """The sheet of an organisation's workbooks that holds the data of a layout."""

    organisation = models.CharField(max_length=9, db_index=True)
    layout = models.CharField(max_length=6, choices=Layout)
    sheet = models.CharField(max_length=200)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now=True)
    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "layout"]
        constraints = [models.UniqueConstraint(fields=["organisation", "layout"], name="sheet_choice_once")]

    def __str__(self):
        return f"{self.sheet} of {self.organisation}"
