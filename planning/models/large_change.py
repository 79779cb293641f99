"""From when on, how large a change may be before whoever publishes it has to say why."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

# In force until the programme sets its own.
DEFAULT_POUNDS, DEFAULT_PERCENT, DEFAULT_LEAST_POUNDS = 1_000_000, 5, 100_000


class LargeChange(models.Model):
    """A change of published money beyond the amount or the share asks for a reason of its own. The latest day counts.

    A share of little money says nothing: up to `least_pounds` no change is large.
    """

    valid_from = models.DateField(unique=True, help_text="The day from which it counts.")
    pounds = models.PositiveBigIntegerField(
        default=DEFAULT_POUNDS, help_text="Whole pounds of actual price, more or less, in one publication."
    )
    percent = models.DecimalField(
        default=DEFAULT_PERCENT,
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Per cent of the actual price that is replaced.",
    )
    least_pounds = models.PositiveBigIntegerField(
        default=DEFAULT_LEAST_POUNDS, help_text="Whole pounds up to which a change needs no reason, whatever its share."
    )
    owner = models.CharField(max_length=120, blank=True, help_text="Who answers for it.")
    source = models.TextField(help_text="Where it was agreed, and when.")

    class Meta:
        ordering = ["-valid_from"]

    def __str__(self):
        return f"From {self.valid_from}: £{self.pounds:,} or {self.percent:g}%"
