"""What must hold between rows of planning's reference tables, and that the tables are those of the models."""

from decimal import Decimal

import pandas as pd
import pytest
from django.db.models import AutoField, BigAutoField

from finance.actions import RATES
from finance.models import Rate
from networks.actions import MODELS as NETWORK_MODELS
from networks.actions import NETWORK_TABLES
from planning.actions.reference import MODELS
from planning.calculations.reference_tables import (
    AGE_BANDS,
    COMMISSIONER_KINDS,
    DELEGATIONS,
    PLANNING_TABLES,
    check_planning,
    missing_populations,
    own_footprints,
    shares_beyond_one,
)
from planning.models import CommissionerKind, Delegation

ALL = [(table, MODELS[table.name]) for table in PLANNING_TABLES]
ALL += [(table, NETWORK_MODELS[table.name]) for table in NETWORK_TABLES] + [(RATES, Rate)]


@pytest.mark.parametrize(("table", "model"), ALL, ids=[table.name for table, _ in ALL])
def test_columns_are_the_fields_of_the_model(table, model):
    fields = {field.name for field in model._meta.concrete_fields if not isinstance(field, AutoField | BigAutoField)}
    assert {column.name for column in table.columns if column.stored} == fields


@pytest.mark.parametrize(("table", "model"), ALL, ids=[table.name for table, _ in ALL])
def test_text_that_passes_fits_the_field(table, model):
    """SQLite keeps text of any length; PostgreSQL would refuse it half-way through."""
    for column in (one for one in table.columns if one.stored):
        field = model._meta.get_field(column.name)
        limit = getattr(field, "max_length", None)
        if column.kind == "text" and limit and not column.choices and not field.is_relation:
            assert column.length == limit, f"{table.name}.{column.name}"


def test_choices_are_those_of_the_models():
    assert set(COMMISSIONER_KINDS) == set(CommissionerKind.values)
    assert set(DELEGATIONS) == set(Delegation.values)


def test_a_place_cannot_be_more_than_whole():
    places = pd.DataFrame({"code": ["a", "b"], "system_share": [Decimal("0.9"), Decimal("0.9")]}, index=[2, 3], dtype=object)
    overlaps = pd.DataFrame({"place": ["a", "b"], "share": [Decimal("0.1"), Decimal("0.10001")]}, dtype=object)
    assert [one["row"] for one in shares_beyond_one(places, overlaps)] == [3]


def test_places_without_overlaps_are_whole():
    places = pd.DataFrame({"code": ["a"], "system_share": [Decimal("1")]}, index=[2], dtype=object)
    assert shares_beyond_one(places, pd.DataFrame(columns=["place", "share"])) == []


def test_a_place_without_one_of_its_twenty_cells_is_named():
    rows = [(place, 2021, sex, band) for place in ("a", "b") for sex in "fm" for band in AGE_BANDS]
    frame = pd.DataFrame(rows[:-1], columns=["place", "year", "sex", "age_band"])
    (one,) = missing_populations(frame)
    assert one["value"] == "b 2021"
    assert "19 of 20" in one["message"]


@pytest.mark.parametrize(("own", "rows"), [([False, False], [1]), ([True, False], []), ([True, True], [3])])
def test_exactly_one_footprint_is_the_programmes_own(own, rows):
    frame = pd.DataFrame({"is_own": own}, index=[2, 3], dtype=object)
    assert [one["row"] for one in own_footprints(frame)] == rows


def test_a_fault_in_one_table_leaves_checks_of_the_others_standing():
    footprints = pd.DataFrame({"code": ["x"], "name": ["X"], "is_own": ["false"], "source": ["made up"]})
    regions = pd.DataFrame({"code": ["TOO LONG"], "name": ["X"], "source": ["made up"]})
    _, problems = check_planning({"footprints": footprints, "regions": regions})
    assert {one["file"] for one in problems} == {"footprints.csv", "regions.csv"}
