"""What finance reads: rates in force, hubs of providers, the years asked for, and the counts that disclosure needs."""

from datetime import date

import pytest

from finance import queries
from finance.models import Rate
from planning.models import Commissioner, Provider
from tests.finance.conftest import Reader
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


def rate(value, from_year, *, kind="growth", key="price", sex="", source="A source"):
    return Rate.objects.create(
        kind=kind, key=key, sex=sex, value=value, unit="a year", from_year=from_year, illustrative=True, source=source
    )


@pytest.mark.parametrize(
    ("year", "value"),
    [("2024/25", None), ("2025/26", "0.04"), ("2026/27", "0.04"), ("2027/28", "0.03"), ("2040/41", "0.03")],
)
def test_a_rate_holds_from_its_year_until_a_later_one_takes_over(year, value):
    rate("0.04", "2025/26")
    rate("0.03", "2027/28")
    found = queries.growth_rates(year)
    assert (f"{found['price']['value']:.2f}" if "price" in found else None) == value


def test_rates_of_other_kinds_and_unknown_drivers_are_no_growth_rates():
    rate("1", "2019/20", kind="need", key="price")
    rate("1", "2019/20", key="luck")
    assert queries.growth_rates("2026/27") == {}


def test_women_and_men_have_rates_of_their_own():
    for sex, value in (("f", "10"), ("m", "20"), ("f", "11")):
        rate(value, "2019/20" if value != "11" else "2025/26", kind="age_cost", key="0-4", sex=sex)
    found = queries.rates_in_force("age_cost", "2025/26")
    assert {row["sex"]: int(row["value"]) for row in found.to_dict("records")} == {"f": 11, "m": 20}


def test_the_version_of_the_rates_changes_with_any_of_them_and_with_nothing_else():
    first = rate("0.04", "2025/26")
    before = queries.rates_version()
    assert queries.rates_version() == before
    versions = {before}
    for change in ({"value": "0.05"}, {"source": "Another"}, {"from_year": "2026/27"}):
        Rate.objects.filter(pk=first.pk).update(**change)
        versions.add(queries.rates_version())
    rate("0.01", "2025/26", key="revenue")
    assert len(versions | {queries.rates_version()}) == 5


@pytest.mark.parametrize(
    ("asked", "years"),
    [(None, ["2025/26", "2026/27"]), ("all", ["2025/26", "2026/27"]), ("2026/27", ["2026/27"]), ("2019/20", [])],
)
def test_the_years_of_the_filters_are_those_of_the_position(asked, years):
    position = publish([fact(actual=1), fact(year="2026/27", actual=1)])
    assert queries.years_of({"position": position, "year": asked}) == years


def test_before_anything_is_published_there_is_no_year_and_no_spend():
    read = queries.spend_by_population(Reader(), {"position": None})
    assert queries.years_of({"position": None}) == []
    assert read["flows"].empty
    assert read["statuses"].empty


@pytest.mark.usefixtures("reference")
class TestHubs:
    def hubs(self, on):
        frame = queries.provider_hubs(on)
        assert not frame["provider"].duplicated().any()
        return frame.set_index("provider")["hub"]

    @pytest.mark.parametrize("year", [2019, 2022, 2025, 2026])
    def test_every_provider_has_the_hub_of_its_system_in_every_year(self, year):
        hubs = self.hubs(date(year, 4, 1))
        assert set(hubs[["RJ1", "RJ7", "RJZ", "RV5"]]) == {"13R"}
        assert set(hubs[["RVV", "RA2", "RYR"]]) == {"14G"}

    def test_every_hub_is_a_hub_with_a_name(self):
        hubs = set(self.hubs(date(2026, 4, 1))) - {""}
        assert hubs <= set(Commissioner.objects.filter(kind="hub").values_list("code", flat=True))
        assert hubs <= set(queries.hub_names())

    def test_a_provider_without_a_system_is_no_ones(self):
        Provider.objects.filter(code="RJ1").update(system=None)
        assert "RJ1" not in self.hubs(date(2025, 4, 1))


@pytest.mark.usefixtures("reference")
class TestAllocationInputs:
    def read(self, year="2025/26"):
        position = publish([fact(actual=1, year=year)])
        return queries.allocation_inputs({"position": position, "year": year})

    def test_there_is_one_market_forces_factor_for_each_provider(self):
        factors = self.read()["market_forces"]
        assert not factors["provider"].duplicated().any()
        assert factors["mff"].between(0.9, 1.4).all()

    def test_populations_are_of_one_year(self):
        assert self.read()["populations"]["year"].nunique() == 1

    def test_nobody_lives_in_more_than_one_place_and_system(self):
        shares = self.read()["place_systems"].groupby("place")["share"].sum()
        assert (shares <= 1 + 1e-9).all()

    def test_need_is_the_rate_in_force(self):
        assert self.read()["need_per_imd_point"] == float(Rate.objects.get(kind="need", key=queries.NEED_MEASURE).value)
        Rate.objects.filter(kind="need").delete()
        assert self.read()["need_per_imd_point"] is None
