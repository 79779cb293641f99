"""Pages and files keep much and never show what is over: prices, rates, names, positions and roles show at once."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.actions import end_membership, reference_changed
from accounts.models import AuditEvent, Membership, Role, User
from finance.models import Rate
from planning.models import Provider
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/",
    "/flows/",
    "/allocation/",
    "/affordability/",
    "/networks/",
    "/figure/spend_by_provider.csv",
    "/figure/allocation.svg",
)


def a_year(actual=1_000):
    return [fact(month=m, provider=p, actual=actual, planned=900, spells=10) for m in range(1, 13) for p in ("RJ1", "RJZ")]


@pytest.fixture
def client(signed_in, programme_team):
    """Reference data and a position as every process finds them, outside a test's transaction: here reads are kept."""
    call_command("load_reference", verbosity=0)
    publish(a_year())
    return signed_in(programme_team)


@pytest.fixture
def keeper(signed_in):
    return signed_in(User.objects.create_superuser("keeper@example.nhs.uk", "a long enough password"))


def seen(client):
    """Every page, twice, so that all that is kept is kept; its tags."""
    for path in PAGES:
        assert client.get(path).status_code == 200, path
    return {path: client.get(path)["ETag"] for path in PAGES}


def ended(client, tags):
    """The pages whose kept copy is over."""
    return {path for path, tag in tags.items() if client.get(path, headers={"if-none-match": tag}).status_code == 200}


def words(client, path):
    return client.get(path).content.decode()


def test_nothing_ends_while_nothing_changes_and_every_look_is_audited(client):
    tags = seen(client)
    events = AuditEvent.objects.count()
    assert ended(client, tags) == set()
    assert AuditEvent.objects.count() == events + len(PAGES)
    assert set(AuditEvent.objects.order_by("-id").values_list("detail__status", flat=True)[: len(PAGES)]) == {304}


def test_prices_and_positions_show_at_once(client):
    tags = seen(client)
    assert "£24k" in words(client, "/affordability/")
    publish(a_year(actual=2_000))
    assert ended(client, tags) == set(PAGES)
    assert "£48k" in words(client, "/affordability/")
    assert "position 2" in words(client, "/").lower()
    older = client.get("/flows/?position=1")
    assert "£24,000" in older.content.decode()


def test_a_position_says_when_it_is_no_longer_the_latest(client):
    tag = client.get("/flows/?position=1")["ETag"]
    publish(a_year(actual=2_000))
    assert client.get("/flows/?position=1", headers={"if-none-match": tag}).status_code == 200


def test_rates_changed_in_administration_show_at_once(client, keeper):
    tags = seen(client)
    rate = Rate.objects.get(kind=Rate.Kind.GROWTH, key="price")
    assert "7.77" not in words(client, "/affordability/")
    fields = ("kind", "key", "sex", "unit", "from_year", "owner", "source")
    data = {name: getattr(rate, name) for name in fields} | {"value": Decimal("0.0777")}
    assert keeper.post(reverse("admin:finance_rate_change", args=[rate.pk]), data).status_code == 302
    assert {"/", "/allocation/", "/affordability/"} <= ended(client, tags)
    assert "7.77" in words(client, "/affordability/")


def test_names_show_at_once(client):
    tags = seen(client)
    Provider.objects.filter(code="RJZ").update(short_name="The Renamed")
    reference_changed()
    assert ended(client, tags) == set(PAGES)
    for path in ("/", "/flows/", "/affordability/", "/figure/spend_by_provider.csv"):
        assert "The Renamed" in words(client, path), path


def test_roles_show_at_once(client, programme_team):
    tags = seen(client)
    Membership.objects.create(user=programme_team, role=Role.BOARD_MEMBER)
    end_membership(by=programme_team, membership=Membership.objects.get(user=programme_team, role=Role.PROGRAMME_TEAM))
    assert ended(client, tags) == set(PAGES)
    assert client.get("/figure/spend_by_provider.json").json()["mode"] == "outside"
    end_membership(by=programme_team, membership=Membership.objects.get(user=programme_team))
    assert {client.get(path, headers={"if-none-match": tag}).status_code for path, tag in tags.items()} == {403}


def test_pages_seen_before_ask_the_database_little(client, django_assert_max_num_queries):
    seen(client)
    for path, most in (("/", 14), ("/flows/", 11), ("/allocation/", 11), ("/affordability/", 11), ("/networks/", 18)):
        with django_assert_max_num_queries(most, info=path):
            client.get(path)


def test_unchanged_copies_cost_next_to_nothing(client, django_assert_max_num_queries):
    for path, tag in seen(client).items():
        with django_assert_max_num_queries(11, info=path):
            assert client.get(path, headers={"if-none-match": tag}).status_code == 304
