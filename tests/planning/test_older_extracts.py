"""Extracts from before rules and outcomes were kept with them: what the database knows of these is filled in, and stays."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("planning", "0004_waiting_extracts")], [("planning", "0005_large_changes")]
pytestmark = pytest.mark.django_db(transaction=True)


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return executor.loader.project_state(to).apps


@pytest.fixture
def before():
    """The tables as they were, and at the end as they are now."""
    yield migrate(BEFORE)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def make(apps, **values):
    by, _ = apps.get_model("accounts", "User").objects.get_or_create(email="lead@example.nhs.uk")
    extract = apps.get_model("planning", "Extract")
    number = extract.objects.count()
    return extract.objects.create(layout="acm", file_name="june.csv", sha256=f"{number:064d}", uploaded_by=by, **values)


def filled(pk: int):
    return migrate(AFTER).get_model("planning", "Extract").objects.get(pk=pk)


def outcome(kind, rows, planned=None, actual=None):
    return {"outcome": kind, "rows": rows, "first_rows": [], "planned_price": planned, "actual_price": actual}


def test_what_became_of_rows_is_filled_from_the_counts(before):
    counts = {"rows": 10, "accepted": 6, "rejected": 3, "excluded": 1, "planned_price": 70_000, "actual_price": 80_000}
    extract = make(before, state="checked", **counts)
    assert filled(extract.pk).outcomes == [
        outcome("accepted", 6, 70_000, 80_000),
        outcome("rejected", 3),
        outcome("total", 1),
    ]


def test_what_no_row_became_is_not_there(before):
    extract = make(before, state="published", rows=2, accepted=2, planned_price=1, actual_price=2)
    extract_now = filled(extract.pk)
    assert extract_now.outcomes == [outcome("accepted", 2, 1, 2)]
    assert extract_now.broken == []


def test_rules_are_filled_from_the_problems_by_rule_and_column_with_how_often(before):
    extract = make(before, state="checked", rows=5, accepted=2, rejected=3)
    problem = before.get_model("planning", "ExtractProblem")
    said = {"extract": extract, "severity": "error", "message": "Enter the month."}
    for row in (9, 4):
        problem.objects.create(**said, row=row, rule="month cannot be read", column="FINANCIAL MONTH", value="x")
    problem.objects.create(**said | {"severity": "warning"}, row=3, rule="price is blank", column="PRICE")
    first, second = filled(extract.pk).broken
    assert (first["rule"], first["number"], first["first_row"], first["severity"]) == ("month cannot be read", 2, 4, "error")
    assert (second["rule"], second["number"], second["severity"], second["message"]) == (
        "price is blank", 1, "warning", "Enter the month.",
    )  # fmt: skip
    assert [group["bit"] for group in (first, second)] == [0, 1]
    assert (first["example"], first["planned_price"], first["shown"]) == ("", None, True)


def test_extracts_without_rows_and_those_that_know_already_stay_as_they_are(before):
    empty = make(before, state="refused")
    known = make(before, state="checked", rows=1, accepted=1, outcomes=[outcome("accepted", 1, 5, 5)])
    extract = migrate(AFTER).get_model("planning", "Extract")
    assert extract.objects.get(pk=empty.pk).outcomes == []
    assert extract.objects.get(pk=known.pk).outcomes == [outcome("accepted", 1, 5, 5)]


def test_back_and_forth_leaves_the_same(before):
    extract = make(before, state="checked", rows=3, accepted=2, rejected=1, planned_price=1, actual_price=2)
    once = filled(extract.pk)
    apps = migrate(BEFORE)
    again = apps.get_model("planning", "Extract").objects.get(pk=extract.pk)
    assert (again.outcomes, again.rows, again.state) == (once.outcomes, 3, "checked")
    assert filled(extract.pk).outcomes == once.outcomes


def test_thresholds_of_large_changes_are_there_with_their_defaults_after_every_step(before):
    apps = migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    threshold = apps.get_model("planning", "LargeChange").objects.create(valid_from="2026-06-01", source="Board")
    assert (threshold.pounds, threshold.percent, threshold.least_pounds, threshold.owner) == (1_000_000, 5, 100_000, "")
