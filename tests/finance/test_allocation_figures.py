"""Figures of the Allocation page: numbers worked by hand, whole areas only, and titles that are true."""

import pandas as pd
import pytest

from finance.models import Rate
from planning.models import PlacePopulation, ProviderMarketForcesFactor, ServiceStatus
from presentation.disclosure import HIDDEN
from presentation.figure import Mode
from tests.finance.twins import money as twin
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
NAMES = ["allocation", "allocation_core", "allocation_chain", "provider_to_population", "provider_ledger_check"]

# home, provider, code, pounds
SPEND = [
    ("QKK", "RJ1", "GREEN1", 600),
    ("QWE", "RJ1", "GREEN1", 200),
    ("QKS", "RJ1", "GREEN1", 200),
    ("NOT-KNOWN", "RJ1", "GREEN1", 100),
    ("DEVOLVED", "RJ1", "GREEN1", 7),
    ("QKK", "RJ1", "RED1", 50),
    ("QWE", "RJ7", "GREEN2", 300),
    ("QKK", "RJ7", "GREEN2", 100),
    ("NOT-KNOWN", "RJ7", "BLUE1", 9),
    ("NOT-KNOWN", "RJ7", "GREEN1", 11),
]


def rows(spend=SPEND, **values):
    return [fact(home_system=h, provider=p, service_code=c, actual=a, planned=a, spells=20, **values) for h, p, c, a in spend]


@pytest.fixture
def loaded():
    return publish(rows())


def pounds(value) -> float:
    return value / 10_000


def test_delegated_spend_is_given_to_populations_and_the_rest_stands_apart(run, loaded):
    frame = run("provider_to_population").frame.set_index(["provider", "population"])
    assert frame["amount"].map(pounds).to_dict() == {
        ("RJ1", "QKK"): 660,
        ("RJ1", "QWE"): 220,
        ("RJ1", "QKS"): 220,
        ("RJ1", "DEVOLVED"): 7,
        ("RJ1", "13R"): 50,
        ("RJ7", "QWE"): 300,
        ("RJ7", "QKK"): 100,
        ("RJ7", "13R"): 9,
        ("RJ7", "UNALLOCATED"): 11,
    }
    assert frame.loc[("RJ1", "QKK"), "pro_rata"] == 60 * 10_000
    assert frame.loc[("RJ1", "13R"), "population_name"] == "London hub"


def test_money_that_nothing_known_can_be_followed_for_is_warned_of(run, loaded):
    assert any(note.startswith("£11 is unallocated") for note in run("provider_to_population").notes)
    publish(rows([r for r in SPEND if r[3] != 11]))
    assert not any("unallocated" in note for note in run("provider_to_population").notes)


def test_populations_add_up_to_the_ledger_to_the_penny_and_the_page_says_so(run, loaded):
    result = run("provider_ledger_check")
    assert (result.frame["difference"] == 0).all()
    assert result.frame.set_index("provider")["ledger"].map(pounds).to_dict() == {"RJ1": 1157, "RJ7": 420}
    assert result.total["mapped"] == sum(a for *_, a in SPEND) * 10_000
    assert result.title == "Sum over populations equals the ledger of 2 providers to the penny"


def test_distance_from_target_by_the_core_index(run, loaded):
    frame = run("allocation").frame.set_index("system")
    assert pounds(frame.loc["QKK", "baseline"]) == 760
    assert pounds(frame.loc["QWE", "baseline"]) == 520
    assert frame.loc["QKK", "core_share"] == pytest.approx(0.65)
    assert pounds(frame.loc["QKK", "core_target"]) == 0.65 * 1280
    assert frame.loc["QKK", "core_distance"] == pytest.approx(760 / 832 - 1)
    assert frame.loc["QWE", "core_distance"] == pytest.approx(520 / 448 - 1)
    assert pounds(frame.loc["QKK", "provider_spend"]) == 660 + 220 + 220
    assert pounds(frame.loc["QWE", "provider_spend"]) == 300 + 100 + 11


def test_the_title_names_who_receives_more_than_their_share(run, loaded):
    result = run("allocation")
    assert result.title == "South West London receives 16.1% (£72) more than its weighted share, by the core index"


def test_the_full_chain_agrees_with_the_slow_twin(run, loaded):
    mean_imd = (30 * 1000 + 15 * 1000) / 2000
    care = {"QKK": {"RJ1": 660 / 1.2, "RJ7": 100 / 1.1}, "QWE": {"RJ1": 220 / 1.2, "RJ7": 300 / 1.1}}
    expected = twin.weighted_shares(
        {"QKK": {"f": 600, "m": 400}, "QWE": {"f": 300, "m": 700}},
        {"f": 200, "m": 300},
        {"QKK": 1 + 0.004 * (30 - mean_imd), "QWE": 1 + 0.004 * (15 - mean_imd)},
        {area: {p: c / sum(by.values()) for p, c in by.items()} for area, by in care.items()},
        {"RJ1": 1.2, "RJ7": 1.1},
    )
    chain = run("allocation_chain").frame.set_index("system")
    assert chain["target_share"].to_dict() == pytest.approx(expected)
    both = run("allocation").frame.set_index("system")
    assert both.loc["QKK", "chain_share"] == pytest.approx(expected["QKK"])
    assert chain["target"].sum() == chain["baseline"].sum() == 1280 * 10_000


def test_systems_whose_own_trusts_have_not_submitted_are_not_known(run, loaded):
    frame = run("allocation").frame.set_index("system")
    kent = frame.loc["QKS"]
    assert kent["own_trusts"] == "Not known: its own trusts have not submitted"
    assert all(pd.isna(kent[c]) for c in ("baseline", "core_share", "core_distance", "chain_target", "provider_spend"))
    assert "QKS" not in set(run("allocation_chain").frame["system"])


def test_the_loaded_area_adds_up(run, loaded):
    frame = run("allocation").frame
    total, parts = frame[frame["is_total"]].iloc[0], frame[~frame["is_total"]]
    assert total["baseline"] == parts["baseline"].sum()
    assert total["core_target"] == total["chain_target"] == total["baseline"]
    assert total["core_share"] == pytest.approx(1)
    assert total["core_distance_money"] == 0
    assert total["core_distance"] == 0


def test_one_system_alone_has_no_share(run):
    publish(rows([r for r in SPEND if r[1] == "RJ1"]))
    result = run("allocation")
    assert result.frame["core_distance"].isna().all()
    assert result.title.startswith("Distance from target is not known")


def test_earlier_years_are_read_on_the_list_of_2025_26_and_labelled(run):
    publish(rows(year="2022/23"))
    result = run("allocation", {"year": "2022/23"})
    assert set(result.frame["services"]) == {"2025/26 list, as if delegated"}
    assert any("as if delegated" in note for note in result.notes)
    words = run("provider_to_population", {"year": "2022/23"}).frame["kind_words"]
    assert words.str.contains("as if delegated").any()


def test_the_year_of_the_list_is_not_as_if(run, loaded):
    assert set(run("allocation", {"year": "2025/26"}).frame["services"]) == {"2025/26 list"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: ProviderMarketForcesFactor.objects.filter(provider="RJ7").delete(), "no market forces factor for: RJ7"),
        (lambda: Rate.objects.filter(kind="need").delete(), "no rate of need"),
        (lambda: Rate.objects.filter(kind="age_cost", sex="m").delete(), "no cost weight for: All m"),
        (lambda: PlacePopulation.objects.filter(place="PQWE").delete(), "no population for: QWE"),
    ],
)
def test_a_missing_input_is_named_and_the_other_way_still_shown(run, loaded, spoil, said):
    spoil()
    result = run("allocation")
    assert result.frame["chain_distance"].isna().all()
    assert result.frame["core_distance"].notna().any()
    assert any(said in note for note in result.notes)


def test_a_code_without_status_stands_by_itself(run):
    ServiceStatus.objects.filter(service_code="GREEN2").delete()
    publish(rows())
    frame = run("provider_to_population").frame
    assert frame.loc[frame["population"] == "WITHOUT-STATUS", "amount"].map(pounds).tolist() == [400]


def test_few_people_hide_their_money_outside(run):
    few = [fact(home_system="QKS", provider="RJ1", service_code="GREEN1", actual=900, spells=3)]
    publish([*rows([r for r in SPEND if r[:3] != ("QKS", "RJ1", "GREEN1")]), *few])
    inside = run("provider_to_population").frame.set_index(["provider", "population"])
    outside = run("provider_to_population", mode=Mode.OUTSIDE).frame.set_index(["provider", "population"])
    assert outside.loc[("RJ1", "QKS"), "amount"] is HIDDEN
    assert inside.loc[("RJ1", "QKS"), "stated"] == 900 * 10_000


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", list(Mode))
def test_every_figure_stands_with_and_without_data(run, name, mode):
    empty = run(name, mode=mode)
    publish(rows())
    full = run(name, mode=mode, page=True)
    for result in (empty, full):
        assert result.chart.title
        assert "nan" not in result.chart.title + result.chart.summary
    assert len(full.frame)


def test_months_can_be_chosen(run):
    publish(rows() + rows(month=2))
    assert pounds(run("provider_ledger_check", {"to_month": "1"}).total["ledger"]) == sum(a for *_, a in SPEND)
