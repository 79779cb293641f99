"""Market forces factors from an official file: what they replace, what they leave alone, and who may load them."""

from decimal import Decimal

import pandas as pd
import pytest

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import reference_version
from planning.actions import load_market_forces_factors
from planning.models import Provider, ProviderMarketForcesFactor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def factor(provider: str, year: str) -> ProviderMarketForcesFactor:
    return ProviderMarketForcesFactor.objects.get(provider_id=provider, year=year)


def load(by, *rows: tuple[str, str, float]) -> dict[str, int]:
    frame = pd.DataFrame(rows, columns=["provider", "year", "value"])
    return load_market_forces_factors(by=by, rows=frame, source="NHS Payment Scheme, a made-up edition")


def test_a_factor_replaces_the_one_of_its_year_and_is_assumed_no_longer(programme_team):
    before = factor("RJ1", "2022/23")
    assert before.assumed
    assert load(programme_team, ("RJ1", "2022/23", 1.234567)) == {"taken": 1, "providers_not_loaded": 0}
    after = factor("RJ1", "2022/23")
    assert (after.pk, after.value, after.assumed) == (before.pk, Decimal("1.234567"), False)
    assert after.source == "NHS Payment Scheme, a made-up edition"


def test_other_years_and_other_providers_stay_as_they_are(programme_team):
    others = ProviderMarketForcesFactor.objects.exclude(provider="RJ1", year="2022/23").order_by("pk")
    before = list(others.values())
    load(programme_team, ("RJ1", "2022/23", 1.2))
    assert list(others.values()) == before


def test_a_year_without_a_factor_gets_one(programme_team):
    assert not ProviderMarketForcesFactor.objects.filter(provider="RJ1", year="2031/32").exists()
    load(programme_team, ("RJ1", "2031/32", 1.1))
    assert factor("RJ1", "2031/32").value == Decimal("1.1")


def test_providers_that_are_not_loaded_are_counted_and_not_made(programme_team):
    number = Provider.objects.count()
    assert load(programme_team, ("XXX", "2025/26", 1.0), ("RJ1", "2025/26", 1.2)) == {"taken": 1, "providers_not_loaded": 1}
    assert Provider.objects.count() == number
    assert not ProviderMarketForcesFactor.objects.filter(source__startswith="NHS Payment Scheme, a", provider="XXX").exists()


def test_it_is_written_down_and_ends_what_is_kept_of_reference_data(programme_team):
    before = reference_version()
    load(programme_team, ("RJ1", "2025/26", 1.2))
    event = AuditEvent.objects.get(action="loaded market forces factors")
    assert (event.by, event.about) == (programme_team, "NHS Payment Scheme, a made-up edition")
    assert event.detail == {"taken": 1, "providers_not_loaded": 0}
    assert reference_version() != before


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE_LEAD, "RJ1"), (Role.BOARD_MEMBER, "")])
def test_others_may_not(person, role, organisation):
    before = factor("RJ1", "2022/23").value
    with pytest.raises(NotAllowed, match="programme team and administrators"):
        load(person(role, organisation), ("RJ1", "2022/23", 1.9))
    assert factor("RJ1", "2022/23").value == before
