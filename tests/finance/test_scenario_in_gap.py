"""A saved scenario in the gap: what commissioners pay more or less, by year, in the gap, the waterfall and the words."""

import re

import pytest

from accounts.models import Role
from planning.models import Extract, ExtractState
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from tests.planning.scenario_area import GEORGES, make_scenario, publish_area, repatriation

pytestmark = pytest.mark.django_db
PAGE = "/affordability/?year=2025/26"


class Reader:
    def __init__(self, user, mode=Mode.INSIDE):
        self.user, self.mode = user, mode


@pytest.fixture(scope="module")
def position(loaded_reference) -> int:
    return publish_area()


@pytest.fixture
def scenario(programme_team, position):
    return make_scenario(programme_team, repatriation(payment="follows"), position=position, shared=True)


def run(name, user, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(user, mode), {"year": "2025/26", **filters}, page=True)


def years(user, **filters) -> list[dict]:
    return run("affordability", user, **filters).frame.to_dict("records")


def test_without_a_scenario_nothing_is_said_of_one(programme_team, position, signed_in):
    rows = years(programme_team)
    assert all(row["scenario_payments"] is None or row["scenario_payments"] != row["scenario_payments"] for row in rows)
    page = signed_in(programme_team).get(PAGE).content.decode()
    assert "Gap with the scenario" not in page


def test_the_change_in_payments_is_added_year_by_year(programme_team, scenario):
    rows = years(programme_team, scenario=scenario.pk)
    payments = run("scenario_commissioners", programme_team, scenario=scenario.pk).frame
    by_year = payments.groupby("year")["payments"].sum().to_dict()
    assert by_year["2026/27"] < 0, "St George's has the lower factor"
    assert [row["scenario_payments"] for row in rows] == [0, *by_year.values()]
    assert all(row["gap_with"] == row["gap"] + row["scenario_payments"] for row in rows)


def test_what_it_does_to_the_whole_stands_beside_and_is_not_added(programme_team, scenario):
    rows = years(programme_team, scenario=scenario.pk)
    own = run("scenario_years", programme_team, scenario=scenario.pk).frame
    assert [row["scenario_system"] for row in rows[1:]] == list(own["system"])


def test_the_waterfall_ends_with_it(programme_team, scenario):
    plain, steps = (run("gap_drivers", programme_team, **f).frame for f in ({}, {"scenario": scenario.pk}))
    assert list(steps["step_name"])[-2:] == ["Scenario: Hearts nearer home", "Gap in 2030/31 with the scenario"]
    amounts = [int(a) for a in steps["amount"]]
    assert amounts[-1] == int(plain["amount"].iloc[-1]) + amounts[-2]
    assert sum(amounts[:-1]) == amounts[-1]


def test_growth_of_the_scenario_is_left_out_and_that_is_said(programme_team, position):
    growing = {"kind": "growth", "non_demographic": "0.05", "demographic": "0.02"}
    both = make_scenario(programme_team, repatriation(payment="follows"), growing, position=position, name="Both")
    alone = make_scenario(programme_team, repatriation(payment="follows"), position=position, name="Alone")
    with_growth, without = years(programme_team, scenario=both.pk), years(programme_team, scenario=alone.pk)
    assert [r["scenario_payments"] for r in with_growth] == [r["scenario_payments"] for r in without]
    assert any("growth are left out" in note for note in run("affordability", programme_team, scenario=both.pk).notes)


def test_filters_of_the_page_narrow_it(programme_team, scenario):
    rows = years(programme_team, scenario=scenario.pk, provider=[GEORGES])
    assert rows[-1]["scenario_payments"] > 0, "what St George's is paid more"
    assert rows[-1]["scenario_system"] is None or rows[-1]["scenario_system"] != rows[-1]["scenario_system"]
    elsewhere = years(programme_team, scenario=scenario.pk, system=["QKK"])
    assert {row["scenario_payments"] for row in elsewhere} == {0}


def test_an_earlier_opening_year_waits_and_a_later_one_goes_on(programme_team, scenario):
    publish_area(year="2027/28")
    later = years(programme_team, scenario=scenario.pk, year="2027/28")
    own = years(programme_team, scenario=scenario.pk)
    assert [r["scenario_payments"] for r in later][:4] == [r["scenario_payments"] for r in own][2:6]
    assert later[-1]["scenario_payments"] == own[-1]["scenario_payments"]


def test_the_page_says_which_scenario_and_what_it_does(signed_in, programme_team, scenario):
    page = re.sub(r"\s+", " ", signed_in(programme_team).get(f"{PAGE}&scenario={scenario.pk}").content.decode())
    assert re.search(r"The scenario “Hearts nearer home” makes it £[\d.]+[mk] smaller", page)
    assert "version 1" in page
    assert "Gap with the scenario" in page


def test_a_new_version_ends_the_page_that_was_kept(signed_in, programme_team, scenario):
    from planning.actions import scenarios as acting

    client, address = signed_in(programme_team), f"{PAGE}&scenario={scenario.pk}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    acting.put_move(by=programme_team, scenario=scenario, fields=repatriation(share="0.1", payment="follows"), number=1)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304, "a draft is not what the page shows"
    acting.save_scenario(by=programme_team, scenario=scenario)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_withdrawn_data_and_another_position_are_said(programme_team, scenario, position):
    newer = publish_area(scale=2)
    Extract.objects.filter(provider=GEORGES).update(state=ExtractState.WITHDRAWN)
    notes = run("affordability", programme_team, scenario=scenario.pk).notes
    assert "Extracts that the scenario rests on were withdrawn since it was saved." in notes
    assert f"The scenario rests on position {position}, the rest of this page on {newer}." in notes


def test_only_scenarios_that_may_be_read_can_be_chosen(programme_team, person, board_member, position, signed_in, scenario):
    own = make_scenario(person(Role.FINANCE_LEAD, "RJ1"), position=position, name="Not shared")
    with pytest.raises(FiltersInvalid, match="not shared with you"):
        years(board_member, scenario=own.pk)
    page = signed_in(board_member).get(PAGE).content.decode()
    assert "Not shared" not in page
    assert "Hearts nearer home" in page
    refused = signed_in(board_member).get(f"/figure/affordability.csv?year=2025/26&scenario={own.pk}")
    assert refused.status_code == 400


def test_few_people_are_hidden_outside(programme_team, position):
    few = make_scenario(
        programme_team, repatriation(share="0.005", payment="follows"), position=position, name="Few", shared=True
    )
    frame = run("affordability", programme_team, Mode.OUTSIDE, scenario=few.pk).frame
    assert str(frame["scenario_payments"].iloc[-1]) == "*"
    assert str(frame["gap_with"].iloc[-1]) == "*"
    steps = run("gap_drivers", programme_team, Mode.OUTSIDE, scenario=few.pk).frame
    assert [str(v) for v in steps["amount"]][-2:] == ["*", "*"]
