"""What a copy of a whole position gives for any filters, against the slow twin and against the read copies."""

import random

import pytest

from planning.actions import make_position_copy
from planning.models import ReportingPosition
from planning.queries import flow_frame, read_copies
from tests.planning.test_flow_twin import AFTER_MERGERS, BY, as_dict, as_it_is, random_filters
from tests.planning.twins.positions import Facts
from tests.planning.varied_positions import publish_varied

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def copied(loaded_reference) -> list[int]:
    """Positions that each have a copy."""
    made = publish_varied()
    ReportingPosition.objects.update(made_at=AFTER_MERGERS)
    for number in made:
        assert make_position_copy(number=number).is_file()
    return made


@pytest.fixture(scope="module")
def twins(copied) -> dict[int, Facts]:
    return {number: Facts(number) for number in copied}


@pytest.fixture
def no_read_copies(monkeypatch) -> None:
    def read(*args, **named):
        raise AssertionError("The read copies were read.")

    monkeypatch.setattr(read_copies, "run", read)


@pytest.mark.parametrize("seed", range(60, 140))
def test_any_filters_and_groups_give_the_sums_of_the_twin(copied, twins, no_read_copies, seed):
    chance = random.Random(seed)
    filters, by = random_filters(chance), chance.sample(BY, chance.randint(0, 3))
    position = chance.choice(copied)
    frame = flow_frame(None, {"position": position, **filters}, by)
    expected = twins[position].sums(filters, by)
    if frame.empty:
        assert not expected
    else:
        assert as_dict(frame, by) == as_it_is(expected, by)


@pytest.mark.parametrize("filters", [{}, {"year": "2026/27"}, {"specialised": "all", "geography": "today"}], ids=str)
def test_people_are_counted_as_the_read_copies_count_them(copied, filters, monkeypatch):
    class Outside:
        mode = "outside"

    asked, by = {"position": copied[-1], **filters}, ["home_system", "provider"]
    found = flow_frame(Outside(), asked, by)
    monkeypatch.setattr("planning.queries.position_copies.sums_at", lambda *asked: None)
    # Asked in another order, so that what was kept of the first answer is not the second.
    read = flow_frame(Outside(), asked, by[::-1]).sort_values(by, ignore_index=True)[list(found)]
    assert found.equals(read)
    assert found["people"].notna().any()
