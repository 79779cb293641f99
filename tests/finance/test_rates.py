"""Rates: loaded once, marked where they are illustrative, and never taken back from the people who changed them."""

import csv
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.queries import command_line_user
from finance.actions import load_rates
from finance.calculations.convergence import Pace
from finance.models import Rate
from finance.queries import pace_in_force
from planning.actions import ReferenceRefused

pytestmark = pytest.mark.django_db
OWN = settings.BASE_DIR / "fixtures" / "reference"


def load(folder=OWN):
    return load_rates(by=command_line_user(), folder=folder)["rates"]


def write(folder, *rows):
    names = ["kind", "key", "sex", "value", "unit", "from_year", "illustrative", "owner", "source"]
    with (folder / "rates.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([names, *rows])


def own_rates() -> int:
    with (OWN / "rates.csv").open(encoding="utf-8") as file:
        return len(list(csv.DictReader(file)))


def test_cost_by_age_has_ten_bands_of_both_sexes():
    load()
    cells = set(Rate.objects.filter(kind=Rate.Kind.AGE_COST).values_list("key", "sex"))
    assert len(cells) == 20
    assert {("0-4", "f"), ("85+", "m")} <= cells


def test_growth_has_its_five_drivers():
    load()
    growth = dict(Rate.objects.filter(kind=Rate.Kind.GROWTH).values_list("key", "value"))
    assert growth == {
        "demographic": Decimal("0.010"),
        "non_demographic": Decimal("0.015"),
        "price": Decimal("0.0415"),
        "efficiency": Decimal("0.020"),
        "revenue": Decimal("0.044"),
    }


def test_the_pace_of_change_is_one_that_the_calculation_takes():
    load()
    pace = pace_in_force("2025/26")
    assert (pace.floor, pace.cap, pace.illustrative) == (Decimal("0.036"), Decimal("0.055"), True)
    assert pace.knots[0] == (Decimal("-0.1"), Decimal("0.015"))
    assert len(Pace(pace.knots, float(pace.floor), float(pace.cap)).knots) == 7


def test_without_rates_there_is_no_pace():
    pace = pace_in_force("2025/26")
    assert (pace.floor, pace.cap, pace.knots, pace.illustrative) == (None, None, (), False)


def test_what_no_one_published_is_marked_illustrative():
    load()
    marked = set(Rate.objects.filter(illustrative=True).values_list("kind", flat=True))
    assert marked == set(Rate.Kind)
    published = set(Rate.objects.filter(illustrative=False).values_list("key", flat=True))
    assert published == {"price", "efficiency", "revenue"}
    assert all(rate.source.startswith("Illustrative") for rate in Rate.objects.filter(illustrative=True))


def test_a_rate_that_people_changed_is_kept_and_said():
    load()
    Rate.objects.filter(key="efficiency").update(value=Decimal("0.011"))
    counts = load()
    assert (counts["kept"], counts["updated"], counts["unchanged"]) == (1, 0, own_rates() - 1)
    assert Rate.objects.get(key="efficiency").value == Decimal("0.011")


def test_a_later_year_is_a_row_of_its_own(tmp_path):
    load()
    write(tmp_path, ["growth", "efficiency", "", "0.015", "a year", "2027/28", "false", "Finance", "A later publication"])
    counts = load(tmp_path)
    assert counts["created"] == 1
    assert len(counts["not_in_files"]) == own_rates()
    assert set(Rate.objects.filter(key="efficiency").values_list("from_year", flat=True)) == {"2019/20", "2027/28"}


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, "inflation", "kind"),
        (2, "x", "sex"),
        (3, "2%", "value"),
        (3, "", "value"),
        (5, "2027", "from_year"),
        (8, "", "source"),
    ],
)
def test_a_faulty_rate_is_refused(tmp_path, place, value, column):
    row = ["growth", "efficiency", "", "0.015", "a year", "2027/28", "false", "Finance", "A later publication"]
    row[place] = value
    write(tmp_path, row)
    with pytest.raises(ReferenceRefused) as refusal:
        load(tmp_path)
    assert refusal.value.problems["column"].tolist() == [column]
    assert not Rate.objects.exists()


def test_a_rate_stands_once_for_its_year():
    load()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.create(kind="growth", key="price", value=1, unit="a year", source="again")
