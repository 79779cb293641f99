"""What the workbench says first: both messages, and one that both charts have only once."""

from types import SimpleNamespace

import pytest

from finance.charts.policies import NONE
from finance.figures.policies import policy_sentence


@pytest.mark.parametrize(
    ("gains", "distance", "said"),
    [("A gains £1m", "A comes nearer", "A gains £1m. A comes nearer."), (NONE, NONE, f"{NONE}.")],
)
def test_the_sentence_says_each_message_once(gains, distance, said):
    titles = {"policy_gains": gains, "policy_workbench": distance}
    assert policy_sentence({name: SimpleNamespace(title=title) for name, title in titles.items()}) == said
