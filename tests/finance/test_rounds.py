"""The life of a round: who may do what in which state, what is sealed, and that nothing that is missing is passed over."""

import pytest

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from finance.actions import rounds as acting
from finance.models import AllocationRound, Rate, RoundState
from finance.queries import rounds as reading
from planning.models import Footprint, Place, PlacePopulation, ProviderMarketForcesFactor, System
from tests.finance.round_area import PARAMETERS, stored_round
from tests.finance.test_allocation_figures import rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
ASKED = {"name": "First", "baseline_year": "2025/26", "first_year": "2026/27", "years": 3, "parameters": PARAMETERS}


@pytest.fixture
def position() -> int:
    return publish(rows())


@pytest.fixture
def reviewer(person):
    return person(Role.PROGRAMME_TEAM)


@pytest.fixture
def made(programme_team, position) -> AllocationRound:
    return acting.make_round(by=programme_team, asked={**ASKED, "position": position})


def under_review(by, found):
    return acting.submit_round(by=by, found=acting.calculate(by=by, found=found))


def test_a_round_goes_from_draft_to_approved_and_says_who_did_what(made, programme_team, reviewer):
    found = acting.approve_round(by=reviewer, found=under_review(programme_team, made), note="Checked by hand")
    assert found.state == RoundState.APPROVED
    assert [(e.what, e.by, e.note) for e in reading.events_of(found)] == [
        ("made", programme_team, ""),
        ("calculated", programme_team, ""),
        ("submitted", programme_team, ""),
        ("approved", reviewer, "Checked by hand"),
    ]
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [f"{did} allocation round" for did in ("made", "calculated", "sent for review", "approved")]


def test_what_it_allocates_adds_up_to_the_quantum_to_the_penny(made, programme_team):
    found = acting.calculate(by=programme_team, found=made)
    years = reading.tables_of(found.pk, "results")["years"]
    baselines = reading.tables_of(found.pk, "inputs")["baselines"].set_index("area")["baseline"]
    assert baselines.to_dict() == {"QKK": 760 * 10_000, "QWE": 520 * 10_000}
    sums = years.groupby("year")["allocation"].sum()
    assert sums["2026/27"] == round(1280 * 1.044 * 100) * 100
    assert (sums % 100 == 0).all()
    assert len(sums) == 3


def test_the_baselines_are_those_of_the_allocation_page(made, programme_team, run):
    acting.calculate(by=programme_team, found=made)
    chain = run("allocation_chain").frame.set_index("system")
    tables = reading.tables_of(made.pk, "results")
    first = tables["shares"].query("year == '2026/27'").set_index("area")
    assert first["target_share"].to_dict() == pytest.approx(chain["target_share"].to_dict())
    assert tables["years"].query("year == '2026/27'").set_index("area")["baseline"].to_dict() == chain["baseline"].to_dict()


def test_a_round_never_changes_under_a_reader(made, programme_team):
    found = acting.calculate(by=programme_team, found=made)
    before = reading.fingerprint(found)
    Rate.objects.filter(kind="age_cost", sex="m").update(value=999)
    PlacePopulation.objects.update(population=1)
    publish(rows())
    kept = AllocationRound.objects.get(pk=found.pk)
    assert reading.fingerprint(kept) == kept.sha256 == before
    again = acting.calculate(by=programme_team, found=kept)
    assert again.sha256 != before


def test_what_was_approved_is_sealed(made, programme_team, reviewer):
    found = acting.approve_round(by=reviewer, found=under_review(programme_team, made))
    for change in (
        lambda: acting.change_round(by=programme_team, found=found, asked={"name": "Other"}),
        lambda: acting.calculate(by=programme_team, found=found),
        lambda: acting.submit_round(by=programme_team, found=found),
        lambda: acting.return_round(by=reviewer, found=found, note="No"),
        lambda: acting.approve_round(by=reviewer, found=found),
    ):
        with pytest.raises(acting.RoundRefused, match="It is approved: to be"):
            change()
    assert reading.about_round(found, programme_team)["intact"]
    AllocationRound.objects.filter(pk=found.pk).update(quantum=1)
    assert not reading.about_round(AllocationRound.objects.get(pk=found.pk), programme_team)["intact"]


def test_nobody_approves_what_they_worked_on(made, programme_team, reviewer):
    found = under_review(programme_team, made)
    with pytest.raises(NotAllowed, match="made or worked on"):
        acting.approve_round(by=programme_team, found=found)
    back = acting.return_round(by=reviewer, found=found, note="Which quantum?")
    assert back.state == RoundState.CALCULATED
    again = under_review(reviewer, back)
    with pytest.raises(NotAllowed):
        acting.approve_round(by=reviewer, found=again)
    assert again.state == RoundState.UNDER_REVIEW


def test_it_is_sent_back_only_with_a_reason(made, programme_team, reviewer):
    with pytest.raises(acting.RoundRefused, match="Say why"):
        acting.return_round(by=reviewer, found=under_review(programme_team, made), note="  ")


def test_what_was_changed_behind_the_product_is_not_approved(made, programme_team, reviewer):
    found = under_review(programme_team, made)
    AllocationRound.objects.filter(pk=found.pk).update(results={"tables": {}})
    with pytest.raises(acting.RoundRefused, match="not as it was when it was calculated"):
        acting.approve_round(by=reviewer, found=found)


def test_the_next_approved_round_of_the_same_area_and_year_takes_its_place(made, programme_team, reviewer, position):
    first = acting.approve_round(by=reviewer, found=under_review(programme_team, made))
    other = acting.make_round(by=programme_team, asked={**ASKED, "position": position, "first_year": "2027/28"})
    acting.approve_round(by=reviewer, found=under_review(programme_team, other))
    first.refresh_from_db()
    assert first.state == RoundState.APPROVED
    second = acting.make_round(by=programme_team, asked={**ASKED, "position": position, "name": "Second"})
    acting.approve_round(by=reviewer, found=under_review(programme_team, second))
    first.refresh_from_db()
    assert first.state == RoundState.SUPERSEDED
    assert reading.events_of(first)[-1].note == "By Second"
    assert reading.about_round(first, programme_team)["intact"]


def test_a_change_throws_away_what_was_calculated(made, programme_team):
    found = acting.calculate(by=programme_team, found=made)
    changed = acting.change_round(by=programme_team, found=found, asked={"name": "Renamed", "years": 1})
    assert (changed.state, changed.results, changed.sha256, changed.years) == (RoundState.DRAFT, {}, "", 1)


@pytest.mark.parametrize(
    ("spoil", "whose", "of"),
    [
        (lambda: ProviderMarketForcesFactor.objects.filter(provider="RJ7").delete(), "QKK", "Market forces"),
        (lambda: PlacePopulation.objects.filter(place="PQWE").delete(), "QWE", "Population"),
        (lambda: Rate.objects.filter(kind="age_cost", sex="m").delete(), "", "Cost weights"),
        (lambda: Place.objects.filter(pk="PQKK").update(imd_2019=None), "QKK", "Additional need"),
    ],
)
def test_a_round_without_an_input_names_it_and_computes_nothing(made, programme_team, spoil, whose, of):
    spoil()
    found = acting.calculate(by=programme_team, found=made)
    assert found.state == RoundState.DRAFT
    assert found.results == {}
    assert (whose, of) in [(m["area"], m["input"]) for m in found.missing]
    assert reading.events_of(found)[-1].what == "not_calculated"


def test_an_impossible_policy_is_said_and_nothing_is_computed(made, programme_team):
    acting.change_round(by=programme_team, found=made, asked={"parameters": {**PARAMETERS, "growth": 0.01}})
    [fault] = acting.calculate(by=programme_team, found=made).missing
    assert "The floor of 3.6% cannot hold" in fault["problem"]
    assert "would hold" in fault["problem"]


BY_YEAR = {**PARAMETERS, "growth": [0.044, 0.05, 0.04], "transfers": [["2027/28", "QKK", -400_000], ["2027/28", "QWE", 500_000]]}


def test_growth_and_transfers_of_each_year_reach_what_is_allocated(made, programme_team):
    acting.change_round(by=programme_team, found=made, asked={"parameters": BY_YEAR})
    found = acting.calculate(by=programme_team, found=made)
    assert found.missing == []
    years = reading.tables_of(found.pk, "results")["years"].set_index(["year", "area"])
    totals = years.groupby("year")["allocation"].sum()
    assert totals["2026/27"] == round(1280 * 1.044 * 100) * 100
    assert totals["2027/28"] == pytest.approx((totals["2026/27"] + 100_000) * 1.05, abs=50)
    assert totals["2028/29"] == pytest.approx(totals["2027/28"] * 1.04, abs=50)
    before, after = years.loc[("2026/27", "QKK")], years.loc[("2027/28", "QKK")]
    assert after["baseline"] == before["allocation"] - 400_000
    assert after["transfer"] == -400_000
    assert years.loc[("2028/29", "QKK"), "baseline"] == after["allocation"]


def test_what_grows_and_moves_by_year_is_under_the_hash(made, programme_team):
    acting.change_round(by=programme_team, found=made, asked={"parameters": BY_YEAR})
    found = acting.calculate(by=programme_team, found=made)
    assert reading.fingerprint(found) == found.sha256
    found.parameters["transfers"][0][2] += 1
    assert reading.fingerprint(found) != found.sha256


@pytest.mark.parametrize(
    ("transfers", "whose", "said"),
    [
        ([["2026/27", "QKS", 10_000]], "QKS", "it is no area of this round"),
        ([["2027/28", "QWE", -6_000_000]], "", "In 2027/28 the transfers leave nothing to: QWE"),
    ],
)
def test_a_transfer_that_cannot_be_made_is_said_and_nothing_is_computed(made, programme_team, transfers, whose, said):
    parameters = {**BY_YEAR, "growth": 0.044, "floor": -0.2, "cap": 0.3, "transfers": transfers}
    acting.change_round(by=programme_team, found=made, asked={"parameters": parameters})
    missing = acting.calculate(by=programme_team, found=made).missing
    assert len(missing) == 1, missing
    [fault] = missing
    assert (fault["area"], said in fault["problem"]) == (whose, True), fault


def test_a_footprint_with_a_system_that_has_not_submitted_is_refused_by_name(programme_team, position):
    kent = Footprint.objects.create(code="kent", name="With Kent")
    kent.systems.set(System.objects.all())
    made = acting.make_round(by=programme_team, asked={**ASKED, "position": position, "footprint_id": "kent"})
    [fault] = [m for m in acting.calculate(by=programme_team, found=made).missing if m["input"] == "Baseline"]
    assert fault["area"] == "QKS"
    assert reading.area_name(made) == "With Kent"


@pytest.mark.parametrize("people", ["registered", "projected"])
def test_other_people_are_read_or_missed(made, programme_team, people):
    acting.change_round(by=programme_team, found=made, asked={"people": people})
    found = acting.calculate(by=programme_team, found=made)
    if people == "registered":
        shares = reading.tables_of(found.pk, "results")["shares"]
        assert shares.query("year == '2026/27'").set_index("area")["population"].to_dict() == {"QKK": 1100, "QWE": 900}
    else:
        assert {m["input"] for m in found.missing} == {"Population"}


def test_only_the_programme_team_makes_rounds_and_readers_see_what_is_put_forward(
    made, programme_team, finance_lead, board_member, position
):
    for user in (finance_lead, board_member):
        with pytest.raises(NotAllowed):
            acting.make_round(by=user, asked={**ASKED, "position": position})
        with pytest.raises(NotAllowed):
            acting.calculate(by=user, found=made)
    assert list(reading.readable_rounds(finance_lead)) == [made]
    assert not reading.readable_rounds(board_member).exists()
    under_review(programme_team, made)
    assert list(reading.readable_rounds(board_member)) == [made]


def test_a_stored_round_reads_back_what_was_computed(programme_team):
    found = stored_round(programme_team)
    tables = reading.tables_of(found.pk, "results")
    assert tables["years"]["allocation"].dtype == "int64"
    assert tables["shares"]["target_share"].sum() == pytest.approx(2)
    assert reading.fingerprint(AllocationRound.objects.get(pk=found.pk)) == found.sha256
