"""Footprints of networks: the fewest homes by trying all of them, the pages against the rows that were published."""

import itertools
import re
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import charts
from networks.calculations.footprints import compared_footprints, flows_of_networks, homes_of_networks
from networks.figures.networks import networks_sentence, scope_words
from networks.models import Network, NetworkScope
from networks.queries import network_facts, network_scope, regions_of_systems, stated_systems
from planning.models import System
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.positions import fact, publish
from tests.readers import Reader

REGIONS = {"A": "London", "B": "London", "C": "South East", "D": "South East", "E": "East", "F": "West"}
THRESHOLDS = {"50": Fraction(1, 2), "80": Fraction(4, 5), "90": Fraction(9, 10), "95": Fraction(19, 20)}


def fewest(activity, threshold):
    """How many homes are needed at least, by trying every set of them."""
    total = sum(activity.values())
    if total <= 0:
        return 0
    for size in range(1, len(activity) + 1):
        if any(sum(chosen) >= threshold * total for chosen in itertools.combinations(activity.values(), size)):
            return size
    return len(activity)


def frame_of(activity, service_code="a"):
    rows = [(service_code, home, n, n, n) for home, n in activity.items()]
    frame = pd.DataFrame(rows, columns=["service_code", "home_system", "actual_price", "actual_activity", "people"])
    return frame.astype(dict.fromkeys(["actual_price", "actual_activity", "people"], "Int64"))


def homes(activity, *, stated=(), measure="actual_activity", not_known=("NOT-KNOWN",)):
    scope = pd.DataFrame({"network": ["n"], "service_code": ["a"]})
    named = pd.DataFrame([("n", system) for system in stated], columns=["network", "system"])
    flows = flows_of_networks(frame_of(activity), scope)
    return homes_of_networks(flows, measure=measure, not_known=not_known, stated=named, regions=REGIONS)


ACTIVITY = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 40), min_size=1)


@settings(max_examples=8)
@given(ACTIVITY)
def test_no_smaller_set_of_homes_reaches_a_threshold(activity):
    compared = compared_footprints(homes(activity))
    for name, threshold in THRESHOLDS.items():
        said = int(compared.iloc[0][f"homes_{name}"])
        assert said == fewest(activity, threshold), (name, activity)


@settings(max_examples=8)
@given(ACTIVITY)
def test_more_of_the_flow_never_needs_fewer_homes(activity):
    row = compared_footprints(homes(activity)).iloc[0]
    needed = [row[f"homes_{name}"] for name in THRESHOLDS]
    assert needed == sorted(needed)
    assert row["regions_90"] <= row["homes_90"]


@settings(max_examples=8)
@given(ACTIVITY, st.sets(st.sampled_from("ABCDEF")))
def test_the_stated_footprint_and_the_rest_are_the_whole(activity, stated):
    row = compared_footprints(homes(activity, stated=stated)).iloc[0]
    inside = sum(n for home, n in activity.items() if home in stated)
    assert row["actual_price"] == sum(activity.values())
    assert row["stated_price"] == inside
    whole = sum(activity.values())
    assert row["stated_price_share"] == pytest.approx(inside / whole) if whole else pd.isna(row["stated_price_share"])


@settings(max_examples=8)
@given(ACTIVITY)
def test_homes_stand_by_size_and_what_they_cover_grows_to_the_whole(activity):
    rows = homes(activity)
    ranked = rows.dropna(subset=["rank"])
    assert ranked["actual_activity"].is_monotonic_decreasing
    assert ranked["covered"].is_monotonic_increasing
    assert ranked["share"].sum() == pytest.approx(1 if sum(activity.values()) else 0)
    assert rows["home_system"].tolist()[: len(ranked)] == ranked["home_system"].tolist()


@settings(max_examples=8)
@given(ACTIVITY, st.integers(0, 1000))
def test_homes_that_are_not_known_change_nothing(activity, unknown):
    with_unknown, without = homes({**activity, "NOT-KNOWN": unknown}), homes(activity)
    pd.testing.assert_frame_equal(with_unknown, without)


def test_credits_larger_than_charges_are_no_footprint():
    rows = homes({"A": 5, "B": -9})
    assert rows["rank"].isna().all()
    row = compared_footprints(rows).iloc[0]
    assert [row[f"homes_{name}"] for name in THRESHOLDS] == [0, 0, 0, 0]
    assert pd.isna(row["stated_price_share"])


def test_a_home_without_any_number_is_listed_last_and_without_a_rank():
    rows = homes({"A": None, "B": 1})
    assert rows["home_system"].tolist() == ["B", "A"]
    assert rows["rank"].isna().tolist() == [False, True]


def test_what_has_no_region_is_in_no_region():
    row = compared_footprints(homes({"REST": 95, "A": 5})).iloc[0]
    assert (row["homes_90"], row["regions_90"]) == (1, 0)


def test_a_code_that_stands_twice_in_a_scope_is_refused():
    twice = pd.DataFrame({"network": ["n", "n"], "service_code": ["a", "a"]})
    with pytest.raises(ValueError, match="more than one row"):
        flows_of_networks(frame_of({"A": 1}), twice)


def test_flows_without_people_are_refused():
    with pytest.raises(ValueError, match="people"):
        flows_of_networks(frame_of({"A": 1}).drop(columns="people"), pd.DataFrame({"network": ["n"], "service_code": ["a"]}))


def shown(*needed_and_stated):
    rows = [(f"h{i}", needed, stated, "London") for i, (needed, stated) in enumerate(needed_and_stated)]
    return pd.DataFrame(rows, columns=["home_name", "needed", "stated", "region"])


@pytest.mark.parametrize(
    ("rows", "homes_in_words", "inside_in_words"),
    [
        ([("50%", "Stated"), ("90%", "Stated"), ("95%", "Not stated")], "Two homes", "all"),
        ([("50%", "Stated"), ("80%", "Not stated"), ("90%", "Not stated")], "Three homes", "one of them"),
        ([("50%", "Not stated"), ("90%", "Not stated")], "Two homes", "none"),
        ([("50%", "Stated")], "One home ", "it is in"),
        ([("50%", "Not stated")], "One home ", "it is not in"),
    ],
)
def test_the_title_counts_the_homes_of_nine_tenths(rows, homes_in_words, inside_in_words):
    title = charts.footprint_title(shown(*rows))
    assert title.startswith(homes_in_words)
    assert inside_in_words in title.removeprefix(homes_in_words)


def test_homes_beyond_nine_tenths_are_not_counted_in_the_title():
    few = charts.needed_for_nine_tenths(shown(("90%", "Stated"), ("95%", "Stated"), ("", "Stated")))
    assert len(few) == 1


@pytest.mark.parametrize(
    ("values", "said"), [([], []), ([0.5], ["50%"]), ([0.501, 0.499], ["50%"]), ([0.9, 0.2, 0.5], ["90%", "20%"])]
)
def test_the_title_of_all_networks_names_the_least_and_the_most(values, said):
    drawn = pd.DataFrame({"network_name": [f"n{i}" for i in range(len(values))], "value": values})
    assert re.findall(r"\d+%", charts.networks_title(drawn)) == said


def run(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


FLOW = {"QKK": 50, "QWE": 20, "QKS": 15, "QXU": 9, "QRV": 4, "REST": 2}


def published(activity=FLOW, network="cardiac", **values):
    code = network_scope(network)["service_code"].iloc[0]
    months = [fact(month=m, service_code=code, home_system=h, **{"actual": n, "spells": n, **values})
              for h, n in activity.items() for m in range(1, 13)]  # fmt: skip
    return publish(months)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestPages:
    def test_the_data_driven_footprint_is_the_fewest_homes(self):
        published()
        frame = run("network_footprint", network="cardiac").frame
        for name, threshold in THRESHOLDS.items():
            needed = frame[frame["needed"].isin([f"{n}%" for n in (50, 80, 90, 95) if n <= int(name)])]
            assert len(needed) == fewest(FLOW, threshold), name
            assert run("networks").frame.set_index("network").loc["cardiac", f"homes_{name}"] == len(needed)

    def test_the_shares_of_homes_make_one_and_stand_beside_their_money(self):
        published()
        frame = run("network_footprint", network="cardiac").frame.set_index("home_system")
        assert frame["price_share"].dropna().sum() == pytest.approx(1)
        for home, n in FLOW.items():
            assert frame.loc[home, "actual_price"] == n * 12 * 10_000
            assert frame.loc[home, "price_share"] == pytest.approx(n / sum(FLOW.values()))

    def test_stated_systems_without_flows_are_shown_without_a_number(self):
        published({"QKK": 10})
        frame = run("network_footprint", network="cardiac").frame.set_index("home_system")
        stated = stated_systems()
        silent = set(stated.loc[(stated["network"] == "cardiac") & ~stated["followed"], "system"]) - {"QKK"}
        assert silent <= set(frame.index)
        assert frame.loc[sorted(silent), "actual_price"].isna().all()
        assert (frame.loc[sorted(silent), "stated"] == "Stated").all()

    def test_care_of_another_network_is_not_counted(self):
        published({"QKK": 10})
        publish([fact(provider="RJZ", service_code=network_scope("hiv")["service_code"].iloc[0], actual=999, spells=9)])
        frame = run("networks").frame.set_index("network")
        assert frame.loc["cardiac", "actual_price"] == 10 * 12 * 10_000
        assert frame.loc["hiv", "actual_price"] == 999 * 10_000

    def test_one_service_of_two_networks_counts_in_both(self):
        code = network_scope("cardiac")["service_code"].iloc[0]
        NetworkScope.objects.create(network_id="hiv", service_code_id=code, source="A test")
        published({"QKK": 10})
        frame = run("networks").frame.set_index("network")
        assert frame.loc["cardiac", "actual_price"] == frame.loc["hiv", "actual_price"] == 10 * 12 * 10_000
        assert run("networks").table.total is None

    def test_a_programme_and_its_own_code_count_once(self):
        """A network may name a national programme and, beside it, a code that is in it."""
        code = network_scope("cardiac")["service_code"].iloc[0]
        NetworkScope.objects.create(network_id="cardiac", service_code_id=code, inferred=True, source="A test")
        scope = network_scope("cardiac")
        assert scope["service_code"].is_unique
        # What a document states is not made uncertain by what was inferred beside it.
        assert not scope.set_index("service_code").loc[code, "inferred"]
        published({"QKK": 10})
        assert run("networks").frame.set_index("network").loc["cardiac", "actual_price"] == 10 * 12 * 10_000

    def test_measuring_by_activity_or_cost_can_give_different_footprints(self):
        code = network_scope("cardiac")["service_code"].iloc[0]
        publish([
            *[fact(month=m, service_code=code, home_system="QKK", actual=99, spells=1) for m in range(1, 13)],
            *[fact(month=m, service_code=code, home_system="QKS", actual=1, spells=99) for m in range(1, 13)],
        ])  # fmt: skip
        for measure, largest in (("cost", "QKK"), ("activity", "QKS")):
            frame = run("network_footprint", network="cardiac", measure=measure).frame
            assert frame[frame["needed"] == "50%"]["home_system"].tolist() == [largest]

    def test_an_empty_network_stands_with_no_flows_on_every_figure(self):
        Network.objects.create(code="bare", name="Bare", kind="Network")
        published()
        assert run("network_footprint", network="bare").frame.empty
        assert run("network_flows", network="bare").frame.empty
        row = run("networks").frame.set_index("network").loc["bare"]
        assert pd.isna(row["actual_price"])
        assert row["scope"] == "Not stated"

    def test_the_page_of_an_empty_network_opens(self, signed_in, programme_team):
        Network.objects.create(code="bare", name="Bare & <b>bold</b>", kind="Network")
        response = signed_in(programme_team).get("/networks/bare/")
        assert response.status_code == 200
        assert b"<b>bold</b>" not in response.content

    def test_the_sentence_counts_the_networks_whose_stated_footprint_holds_nine_tenths(self):
        published({"QKK": 95, "QRV": 5})
        publish([fact(provider="RJZ", service_code=network_scope("hiv")["service_code"].iloc[0], home_system="QRV", actual=9)])
        result = run("networks")
        shares = result.frame["stated_price_share"].dropna()
        said = networks_sentence({"networks": result})
        assert f"{len(shares)} networks with flows" in said
        assert f"{(shares >= 0.9).sum()} has" in said or f"{(shares >= 0.9).sum()} have" in said

    def test_what_was_inferred_is_said_for_that_network_and_no_other(self):
        published()
        words = run("networks").frame.set_index("network")["scope"].to_dict()
        inferred = set(NetworkScope.objects.filter(inferred=True).values_list("network", flat=True))
        stated = set(NetworkScope.objects.filter(inferred=False).values_list("network", flat=True)) - inferred
        assert {code for code, word in words.items() if word == "Inferred"} <= inferred
        assert stated <= {code for code, word in words.items() if word == "Stated"}

    def test_few_people_are_hidden_where_a_board_member_takes_the_figure_away(self, signed_in, board_member):
        published({"QKK": 1})
        publish([fact(month=m, provider="RJZ", service_code=network_scope("cardiac")["service_code"].iloc[0], home_system="QKS",
                      actual=500_000, spells=3) for m in (1, 2)])  # fmt: skip
        inside = run("network_footprint", network="cardiac").frame.set_index("home_system")
        outside = run("network_footprint", Mode.OUTSIDE, network="cardiac").frame.set_index("home_system")
        assert inside.loc["QKS", "actual_price"] == 2 * 500_000 * 10_000
        assert outside.loc["QKS", "actual_price"] is HIDDEN
        assert outside.loc["QKS", "price_share"] is HIDDEN
        made = signed_in(board_member).get("/figure/network_footprint.json?network=cardiac").json()
        assert made["mode"] == "outside"
        assert next(row for row in made["rows"] if row["home_system"] == "QKS")["actual_price"] == "*"

    def test_a_board_member_sees_on_the_page_what_others_inside_see(self, signed_in, board_member, programme_team):
        published()
        pages = [signed_in(who).get("/networks/cardiac/").context["sentence"] for who in (board_member, programme_team)]
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("network", ["cardiac", "renal", "neurosciences", "hiv"])
    def test_the_facts_of_a_pilot_say_where_they_come_from(self, network):
        facts = dict(network_facts(Network.objects.get(code=network)))
        assert facts["Source"]
        assert facts["How sure this is"]
        names = {system.name for system in Network.objects.get(code=network).footprint.systems.all()}
        assert all(name in facts["Stated footprint"] for name in names)

    def test_a_named_footprint_wins_over_systems_listed_one_by_one(self):
        pilot = Network.objects.get(code="hiv")
        pilot.systems.add(System.objects.get(code="QKS"))
        stated = stated_systems()
        assert "QKS" not in set(stated.loc[stated["network"] == "hiv", "system"])

    def test_a_network_without_a_named_footprint_has_the_systems_that_are_listed(self):
        bare = Network.objects.create(code="bare", name="Bare", kind="Network")
        bare.systems.add(System.objects.get(code="QKS"), System.objects.get(code="QKK"))
        stated = stated_systems()
        assert set(stated.loc[(stated["network"] == "bare") & ~stated["followed"], "system"]) == {"QKS", "QKK"}

    def test_every_system_of_a_footprint_has_a_region(self):
        regions = regions_of_systems()
        assert all(regions.get(system) for system in stated_systems()["system"])


def test_scope_words_of_networks_that_plan_nothing_known():
    scope = pd.DataFrame({"network": ["a", "a", "b"], "service_code": ["x", "y", "x"], "inferred": [False, True, False]})
    assert scope_words(scope, ["a", "b", "c"]) == {"a": "Inferred", "b": "Stated", "c": "Not stated"}
