"""Ranked lists of allocation: a page has the rows that its chart draws, and the table of programmes is whole."""

import pytest

from finance.charts import service_targets as target_charts
from finance.charts import variation as variation_charts
from finance.tables.service_targets import ProgrammeTargetsTable, ServiceTargetsTable
from finance.tables.variation import DifferencesTable, VariationTable


@pytest.mark.parametrize(("table", "chart"), [(DifferencesTable, variation_charts), (ServiceTargetsTable, target_charts)])
def test_the_first_page_has_the_rows_that_are_drawn(table, chart):
    assert table._meta.rows_on_a_page == chart.SHOWN


@pytest.mark.parametrize("table", [VariationTable, ProgrammeTargetsTable])
def test_tables_that_are_compared_across_stay_whole(table):
    assert table._meta.rows_on_a_page == 50
