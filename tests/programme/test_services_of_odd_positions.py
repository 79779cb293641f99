"""Services at positions that are odd in one way: credits, systems that used nothing, years before every list."""

import pytest

from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from programme.figures.one_service import services_sentence
from tests.positions import fact, publish
from tests.programme.two_years import NEUROLOGY

pytestmark = pytest.mark.django_db


class Reader:
    user = None
    mode = Mode.INSIDE


def run(name, **filters):
    return run_figure(figure_named(name), Reader(), filters, page=True)


def test_credits_are_taken_from_no_other_service(reference):
    publish([fact(actual=1_000), fact(service_code="NCBPS08O", actual=-900)])
    assert services_sentence({"services": run("services")}).startswith("1 service cost £1k in 2025/26; the largest is ")


def test_a_whole_system_that_spends_nothing_is_a_peer_at_nought(reference):
    """Its trusts are all in and none of its people was treated: that is nought a head, and its people count."""
    rows = [
        fact(provider=p, service_code="NCBPS08O", home_system="QKK", actual=1_000_000)
        for p in ("RJ1", "RJZ", "RJ2", "RPG", "RV5")
    ]
    rows += [fact(provider=p, home_system="QWE", actual=1) for p in ("RJ7", "RVR", "RJ6", "RAX", "RPY", "RQY")]
    publish(rows)
    result = run("service_spend_per_head", service=NEUROLOGY)
    frame = result.frame.set_index("system")
    assert frame["actual_price"].to_dict() == {"QKK": 5_000_000 * 10_000, "QWE": 0}
    assert frame.loc["QWE", "per_head"] == 0
    assert frame.loc["QKK", "peers_per_head"] == 0
    assert result.chart.title.endswith(", South West London £0.00")


def test_a_year_without_a_list_takes_the_nearest_and_says_so(reference):
    publish([fact(year="2010/11", actual=1)])
    words = set(run("service_status", service="7", year="2010/11").frame["list_words"]) - {""}
    assert len(words) == 1
    assert words.pop().endswith(", as if delegated then")
