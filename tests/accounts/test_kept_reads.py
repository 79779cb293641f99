"""Reads of reference data are kept by the process until they change, whoever changes them."""

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from accounts.actions import reference_changed
from accounts.middleware import SharedReadsMiddleware
from accounts.models import ReferenceVersion, User
from accounts.queries import reference_version
from accounts.reading import kept
from presentation.shared_reads import shared, sharing_reads

kept_tests = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read():
    """A read that gives another number each time that it is really made."""
    numbers = iter(range(100))

    @kept
    def read(*names):
        return [next(numbers), *names]

    return read


@kept_tests
def test_the_same_read_is_made_once(read):
    reference_changed()
    assert read("a") == read("a") == [0, "a"]
    assert read("b") == [1, "b"]
    assert read(["a", "b"]) == read(("a", "b"))


@kept_tests
def test_a_change_shows_at_once(read):
    reference_changed()
    read()
    reference_changed()
    assert read() == [1]


@kept_tests
def test_a_change_by_another_process_shows_at_once(read):
    """Another process shares nothing but the row."""
    reference_changed()
    read()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_referenceversion SET token = %s", ["0" * 31 + "1"])
    assert read() == [1]


@kept_tests
def test_nothing_is_kept_before_reference_data_are_loaded(read):
    assert reference_version() == ""
    assert read() != read()


@kept_tests
def test_what_was_rolled_back_is_forgotten(read):
    reference_changed()
    before = reference_version()
    with transaction.atomic():
        reference_changed()
        inside = reference_version()
        assert read() == [0]
        transaction.set_rollback(True)
    assert reference_version() == before != inside
    assert read() == [1]
    reference_changed()
    assert reference_version() not in {before, inside}


@kept_tests
def test_inside_a_transaction_everything_is_read_anew(read):
    reference_changed()
    read()
    with transaction.atomic():
        assert [read(), read()] == [[1], [2]]
    assert read() == [0]


@kept_tests
def test_a_reader_cannot_change_what_is_kept(read):
    reference_changed()
    read("a").clear()
    assert read("a") == [0, "a"]


@pytest.mark.django_db
def test_one_answer_asks_for_the_version_once(read, django_assert_num_queries):
    with sharing_reads(), django_assert_num_queries(1):
        reference_version()
        reference_version()


@pytest.mark.django_db
def test_there_is_one_version():
    for _ in range(3):
        reference_changed()
    assert ReferenceVersion.objects.count() == 1


@pytest.mark.django_db
def test_adding_changing_and_deleting_in_administration_are_changes(client):
    client.force_login(User.objects.create_superuser("keeper@example.nhs.uk", "a long enough password"))
    versions = {reference_version()}
    row = {"code": "Y99", "name": "Elsewhere", "source": "made up"}
    change, delete = (reverse(f"admin:planning_region_{what}", args=["Y99"]) for what in ("change", "delete"))
    chosen = {"action": "delete_selected", "_selected_action": "Y99", "post": "yes"}
    for address, data in (
        (reverse("admin:planning_region_add"), row),
        (change, row | {"name": "Nowhere"}),
        (delete, {"post": "yes"}),
        (reverse("admin:planning_region_add"), row),
        (reverse("admin:planning_region_changelist"), chosen),
    ):
        assert client.post(address, data).status_code == 302
        versions.add(reference_version())
    assert len(versions) == 6


@pytest.mark.parametrize(("method", "reads"), [("get", 1), ("head", 1), ("post", 2)])
def test_only_what_is_only_read_shares_its_reads(method, reads):
    made = []

    @shared
    def look():
        made.append(1)

    def view(request):
        look()
        look()

    SharedReadsMiddleware(view)(getattr(RequestFactory(), method)("/"))
    assert len(made) == reads
