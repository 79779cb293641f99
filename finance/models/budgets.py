"""Indicative budgets of populations, as people recorded them: added, never changed."""

from django.conf import settings
from django.db import models


class BudgetSet(models.Model):
    """Budgets of one financial year that were recorded together. The newest set that holds an area counts for it."""

    year = models.CharField(max_length=7)
    owner = models.CharField(max_length=120, help_text="Who decided them and answers for them.")
    source = models.TextField(help_text="Where they come from, for example a paper and its date.")
    file_name = models.CharField(max_length=255, blank=True, help_text="Blank where they were typed.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"Budgets of {self.year}, set {self.pk}"


class PopulationBudget(models.Model):
    """What is meant to be spent on one population in the year, of all programmes of care or of one."""

    budget_set = models.ForeignKey(BudgetSet, on_delete=models.CASCADE, related_name="budgets")
    area = models.CharField(max_length=9, help_text="Code of a system or a place.")
    programme_of_care = models.ForeignKey(
        "planning.ProgrammeOfCare", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = models.BigIntegerField(null=True, help_text="Ten-thousandths of a pound; none where the plan is to count again.")
    months = models.JSONField(default=list, blank=True, help_text="Twelve amounts that add up to it, or none.")

    class Meta:
        ordering = ["budget_set", "area", "programme_of_care"]
        constraints = [
            models.UniqueConstraint(fields=["budget_set", "area", "programme_of_care"], name="programme_budget_once"),
            models.UniqueConstraint(
                fields=["budget_set", "area"], condition=models.Q(programme_of_care=None), name="population_budget_once"
            ),
        ]

    def __str__(self):
        return f"{self.area} {self.programme_of_care_id or ''}".strip()
