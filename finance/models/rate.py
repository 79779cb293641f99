"""Rates that allocation and affordability rest on: rows with a source and an owner, never literals."""

from django.db import models


class Rate(models.Model):
    """One figure of an assumption, in force from a financial year until another row follows.

    `kind` says what it is for: `age_cost` (relative cost per head by age band and sex), `need` (change in the need index per
    unit of an area measure), `growth` (a year, as a fraction), `pace` (floor and cap of growth, and `knot D`: change of
    growth at a distance D from target; all fractions), `monitoring` (the overspend against budget that is still green, or
    still amber, as a fraction).
    """

    class Kind(models.TextChoices):
        AGE_COST = "age_cost", "Cost per head by age and sex"
        NEED = "need", "Additional need"
        GROWTH = "growth", "Growth a year"
        PACE = "pace", "Pace of change"
        MONITORING = "monitoring", "Band of overspend"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40, help_text="Age band, area measure, or driver.")
    sex = models.CharField(max_length=1, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=6)
    unit = models.CharField(max_length=150)
    from_year = models.CharField(max_length=7, default="2019/20")
    illustrative = models.BooleanField(default=False)
    owner = models.CharField(max_length=120, blank=True)
    source = models.TextField()

    class Meta:
        ordering = ["kind", "key", "sex", "from_year"]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "sex", "from_year"], name="rate_once")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.key} {self.sex}".strip()
