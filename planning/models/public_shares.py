"""Public files of shares beside our own flows: where residents of areas go, and where trusts' patients come from."""

from django.db import models


class SharesKind(models.TextChoices):
    AREA_PROPORTIONS = "areas", "Of each area's patients, the share at each trust"
    ORIGINS_BY_SYSTEM = "origins_system", "Of each trust's admissions, the share from each system"
    ORIGINS_BY_PLACE = "origins_place", "Of each trust's admissions, the share from each place"


class PublicShares(models.Model):
    """One edition of a public file of shares. All are of all admissions, never of specialised care alone."""

    kind = models.CharField(max_length=14, choices=SharesKind)
    edition = models.CharField(max_length=40, help_text="As the publisher names it, for example April 2026.")
    source = models.TextField(help_text="Who published it, and where.")
    dated = models.DateField(null=True, blank=True, help_text="When it was published, where known.")
    year = models.CharField(max_length=20, blank=True, help_text="The catchment year in the file, where it names one.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, help_text="Rows that are not taken, by why; areas that are not known.")
    loaded_at = models.DateTimeField(help_text="The edition loaded last is the one shown.")

    class Meta:
        ordering = ["-loaded_at", "-id"]
        verbose_name_plural = "public shares"
        constraints = [models.UniqueConstraint(fields=["kind", "edition"], name="public_shares_edition_once")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.edition}"


class AreaProportion(models.Model):
    """Of the patients of one area, the share at one trust. `population` is of the area: the file's, else that of the place."""

    shares = models.ForeignKey(PublicShares, on_delete=models.CASCADE, related_name="proportions")
    area = models.CharField(max_length=9, help_text="A local authority or an MSOA, by its ONS code.")
    provider = models.CharField(max_length=6)
    proportion = models.DecimalField(max_digits=9, decimal_places=8)
    population = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shares", "area", "provider"], name="area_proportion_once")]

    def __str__(self):
        return f"{self.provider} in {self.area}"


class AllAdmissionsCatchment(models.Model):
    """The catchment of one trust for all admissions, by the three methods, as worked out when its edition was loaded."""

    shares = models.ForeignKey(PublicShares, on_delete=models.CASCADE, related_name="catchments")
    provider = models.CharField(max_length=6)
    areas = models.PositiveIntegerField(help_text="Areas with any share at the trust.")
    proportional = models.FloatField()
    first_past_the_post = models.FloatField()
    at_least_30 = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shares", "provider"], name="all_admissions_catchment_once")]

    def __str__(self):
        return f"{self.provider}: {self.proportional:,.0f}"


class OriginShare(models.Model):
    """Of the admissions of one trust, the share from one home. No population follows from it."""

    shares = models.ForeignKey(PublicShares, on_delete=models.CASCADE, related_name="origins")
    provider = models.CharField(max_length=6)
    home = models.CharField(max_length=9, help_text="A system or a place by its code; others of England by the file's own.")
    home_name = models.CharField(max_length=120, blank=True)
    share = models.DecimalField(max_digits=9, decimal_places=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shares", "provider", "home"], name="origin_share_once")]

    def __str__(self):
        return f"{self.provider} from {self.home_name or self.home}"
