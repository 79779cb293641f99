"""Monthly spend as finance reads it, on the small area."""

import pytest

from finance import queries
from presentation.figure import Mode
from tests.finance.conftest import Reader
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]


def test_counts_are_read_only_for_readers_outside():
    position = publish([fact(provider="RJ1", service_code="GREEN1", spells=3, actual=9)])
    inside, outside = (
        queries.monthly_spend(Reader(mode), {"position": position}, "provider")["people"] for mode in (Mode.INSIDE, Mode.OUTSIDE)
    )
    assert inside.empty
    assert outside.to_dict("records") == [{"provider": "RJ1", "people": 3_000}]


def test_phasing_comes_from_everything_the_provider_did_whatever_is_chosen():
    position = publish([fact(service_code=c, month=m, actual=1, planned=1) for c in ("GREEN1", "GREEN2") for m in (1, 2)])
    read = queries.monthly_spend(Reader(), {"position": position, "programme_of_care": ["A"]}, "home_system")
    assert int(read["monthly"]["planned_price"].sum()) == 2 * 10_000
    assert int(read["providers"]["planned_price"].sum()) == 4 * 10_000


@pytest.mark.parametrize(
    ("by", "codes"),
    [("provider", {"RJ1", "RJ7"}), ("home_system", {"QKK", "NOT-KNOWN", "DEVOLVED"}), ("programme_of_care", {"A", "B", ""})],
)
def test_everything_spend_can_be_shown_by_has_names(by, codes):
    names = queries.monthly_spend(Reader(), {"position": None}, by)["names"]
    assert codes <= set(names)
    assert all(names[code] for code in codes)
