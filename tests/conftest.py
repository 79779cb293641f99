"""What every test may ask for: people of each role, and reference data loaded once for each module that wants it."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import Membership, Role, User

pytest_plugins = ["tests.illustrative"]
# A busy machine must not fail an invariant by the clock.
hypothesis_settings.register_profile("house", deadline=None, max_examples=50)
hypothesis_settings.load_profile("house")


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Leave out tests that open no database.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What opens no database gives the same answer whichever is configured."""
    if not config.getoption("--database-only"):
        return
    kept, left_out = [], []
    for item in items:
        opens = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        opens = opens and not item.get_closest_marker("any_database")
        (kept if opens else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


@pytest.fixture
def person(db) -> Callable[..., User]:
    """Make a person: `person(Role.FINANCE_LEAD, "RJ1")`. Each call makes another one."""
    made = iter(range(1, 1000))

    def make(role: Role, organisation: str = "", **fields) -> User:
        number = next(made)
        fields = {"email": f"{role}{number}@example.nhs.uk", "name": f"{role.label} {number}", **fields}
        user = User.objects.create_user(password="a long enough password", **fields)
        Membership.objects.create(user=user, role=role, organisation=organisation)
        return user

    return make


@pytest.fixture
def programme_team(person) -> User:
    return person(Role.PROGRAMME_TEAM)


@pytest.fixture
def board_member(person) -> User:
    return person(Role.BOARD_MEMBER)


@pytest.fixture
def administrator(person) -> User:
    return person(Role.ADMINISTRATOR, is_staff=True)


@pytest.fixture
def finance_lead(person) -> User:
    """Finance lead of a provider, Guy's and St Thomas'."""
    return person(Role.FINANCE_LEAD, "RJ1")


@pytest.fixture
def system_lead(person) -> User:
    """Finance lead of a system, South East London."""
    return person(Role.FINANCE_LEAD, "QKK")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client signed in as a person: `signed_in(board_member).get("/")`."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture(scope="module")
def _module_transaction(django_db_setup, django_db_blocker) -> Iterator[None]:
    """What is loaded for a module is there for each of its tests and gone after the last; tests nest inside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def loaded_reference(_module_transaction) -> None:
    """The product's own reference data, once for the module. Not for tests with `transaction=True`."""
    call_command("load_reference", verbosity=0)


@pytest.fixture
def reference(loaded_reference, db) -> None:
    """The product's own reference data: services, systems, places, providers, rates, networks."""
