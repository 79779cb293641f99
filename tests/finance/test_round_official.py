"""What a round takes from official files: need indices, registered people, weighted populations, each with its source."""

import csv
import io

import pytest

from accounts.models import Role
from finance.actions import rounds as acting
from finance.actions.official import load_official_file
from finance.models import AllocationRound
from finance.queries import rounds as reading
from tests.finance.official_files import as_csv, practice_file
from tests.finance.round_area import PARAMETERS
from tests.finance.test_allocation_figures import rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
SOURCE = "Made up for a test"
INDICES = {"QKK": "1.10", "QWE": "0.90", "QKS": "1.00"}


def need_file(indices=INDICES, *, includes_age="no", year="2025/26") -> bytes:
    return as_csv(
        [{"ICB code": area, "Need index": index, "Includes age": includes_age, "Year": year} for area, index in indices.items()]
    )


def registered_file(numbers) -> bytes:
    """People by sex, of one age."""
    return as_csv(
        [
            {"Area": area, "Sex": sex, "Age band": band, "Population": str(number), "Year": "2025/26"}
            for (area, sex, band), number in numbers.items()
        ]
    )


@pytest.fixture
def load(person):
    by = person(Role.PROGRAMME_TEAM)

    def loading(kind: str, content: bytes, edition="2025/26"):
        return load_official_file(
            by=by, kind=kind, content=content, file_name=f"{kind}.csv", edition=edition, source=SOURCE, dated=None, replace=False
        )

    return loading


@pytest.fixture
def calculated(programme_team):
    def calculate(**asked) -> AllocationRound:
        about = {"name": "Official", "position": publish(rows()), "baseline_year": "2025/26", "first_year": "2026/27", "years": 1}
        made = acting.make_round(by=programme_team, asked={**about, "parameters": PARAMETERS, **asked})
        return acting.calculate(by=programme_team, found=made)

    return calculate


def shares_of(found):
    return reading.tables_of(found.pk, "results")["shares"].set_index("area")


def sources_of(found) -> str:
    return " ".join(" ".join(source) for source in found.inputs["sources"])


def test_a_need_index_is_that_of_the_file_brought_to_the_mean_of_the_area(load, calculated):
    load("need", need_file())
    found = calculated(need="imported")
    assert found.missing == []
    shares = shares_of(found)
    assert shares["measure"].to_dict() == {"QKK": 1.1, "QWE": 0.9}
    assert shares["need_index"].to_dict() == pytest.approx({"QKK": 1.1, "QWE": 0.9})
    assert SOURCE in sources_of(found)


def test_without_a_file_a_need_index_is_missed_for_every_area(calculated):
    found = calculated(need="imported")
    assert {(m["area"], m["input"]) for m in found.missing} == {("QKK", "Additional need"), ("QWE", "Additional need")}
    assert found.results == {}


def test_an_area_that_the_file_leaves_out_is_named(load, calculated):
    load("need", need_file({"QKK": "1.1"}))
    [fault] = calculated(need="imported").missing
    assert fault["area"] == "QWE"
    assert "has no need index for it" in fault["problem"]


def test_age_is_not_weighed_twice(load, calculated):
    load("need", need_file(includes_age="yes"))
    [fault] = calculated(need="imported").missing
    assert "holds age already" in fault["problem"]
    found = calculated(need="imported", need_includes_age=True)
    assert found.missing == []
    shares = shares_of(found)
    expected = shares["population"] * shares["need_index"] * shares["mff_index"]
    assert shares["weighted_population_raw"].tolist() == pytest.approx(expected.tolist())


def test_weighted_populations_are_those_of_the_official_file_where_one_is_loaded(load, calculated):
    before = shares_of(calculated(method="published"))
    assert before["target_share"].to_dict() == pytest.approx({"QKK": 0.65, "QWE": 0.35})
    load("practices", practice_file())
    found = calculated(method="published")
    shares = shares_of(found)
    weighted = {"QKK": 6000 * 1.1 + 4000 * 0.8, "QWE": 5000 * 0.9}
    whole = sum(weighted.values())
    assert shares["target_share"].to_dict() == pytest.approx({area: w / whole for area, w in weighted.items()})
    assert shares["population"].to_dict() == {"QKK": 10_000, "QWE": 5_000}
    assert SOURCE in sources_of(found)


def test_registered_people_have_ages_of_their_own_where_the_file_states_them(load, calculated):
    bands = next(csv.reader(io.StringIO("0-4,5-14,15-24,25-34,35-44,45-54,55-64,65-74,75-84,85+")))
    numbers = {(a, s, b): n for a, n in (("QKK", 70), ("QWE", 30)) for s in "fm" for b in bands}
    load("registered", registered_file(numbers))
    found = calculated(people="registered")
    people = reading.tables_of(found.pk, "inputs")
    # The weights of this small area know one age alone, so every other is named and nothing is computed.
    assert people == {}
    [fault] = [m for m in found.missing if m["input"] == "Cost weights"]
    assert "do not cover all ages: none for 0-4 f" in fault["problem"]


def test_an_edition_loaded_later_changes_no_round_that_is_calculated(load, calculated, programme_team):
    load("need", need_file())
    found = calculated(need="imported")
    load("need", need_file({"QKK": "2", "QWE": "1"}, year="2026/27"), edition="2026/27")
    kept = AllocationRound.objects.get(pk=found.pk)
    assert shares_of(kept)["measure"].to_dict() == {"QKK": 1.1, "QWE": 0.9}
    again = acting.calculate(by=programme_team, found=kept)
    assert shares_of(again)["measure"].to_dict() == {"QKK": 2.0, "QWE": 1.0}
    assert again.sha256 != found.sha256
