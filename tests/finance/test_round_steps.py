"""The words of each step: its formula, what it is made of, and a working whose numbers come out as it says."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from finance.figures import round_steps
from finance.figures.round_steps import BY_SLUG, STEPS, about_step, steps_of, told_of, workings
from tests.finance.round_area import PARAMETERS, POLICY, stored_round

pytestmark = pytest.mark.django_db
ORDER = [
    "population",
    "age",
    "need",
    "market-forces",
    "weighted-population",
    "target",
    "baseline",
    "opening-distance",
    "convergence",
    "allocation",
    "closing-distance",
]
MADE_OF = {
    "population": [],
    "age": ["population"],
    "need": ["population"],
    "market-forces": ["population"],
    "weighted-population": ["population", "age", "need", "market-forces"],
    "target": ["weighted-population"],
    "baseline": [],
    "opening-distance": ["baseline", "target"],
    "convergence": ["opening-distance"],
    "allocation": ["baseline", "convergence"],
    "closing-distance": ["allocation", "target"],
}
# The workings of two areas of the worked files, in their first year.
WORKED = {
    ("population", "A"): "1,000,000 of 3,300,000 = 30.30%",
    ("population", "D"): "600,000 of 3,300,000 = 18.18%",
    ("age", "A"): "222.46 ÷",
    ("need", "A"): "Imported index 1.0600 ÷ 0.9997",
    ("market-forces", "A"): "1.1785 ÷ 1.1358 = 1.0376",
    ("market-forces", "D"): "1.0911 ÷ 1.1358 = 0.9606",
    ("weighted-population", "A"): "= 974,613.1",
    ("weighted-population", "D"): "= 573,788.9",
    ("target", "A"): "974,613.1 ÷ 3,300,000.0 = 29.5337%; 29.5337% × £1,382,256,000.00 = £408,231,761.55",
    ("target", "D"): "573,788.9 ÷ 3,300,000.0 = 17.3875%; 17.3875% × £1,382,256,000.00 = £240,340,328.62",
    ("baseline", "A"): "£420,000,000.00 of £1,324,000,000.00",
    ("baseline", "D"): "£214,000,000.00 of £1,324,000,000.00",
    ("opening-distance", "A"): "£420,000,000.00 ÷ (29.5337% × £1,324,000,000.00) − 1 = +7.41% (7.4% above target)",
    ("opening-distance", "D"): "£214,000,000.00 ÷ (17.3875% × £1,324,000,000.00) − 1 = −7.04% (7.0% below target)",
    ("convergence", "A"): "4.1374% − 0.7410% = 3.3964%, held at the floor of 3.60%: growth 3.6000%",
    ("convergence", "D"): "4.1374% + 1.2042% = 5.3415%: growth 5.3415%",
    ("allocation", "A"): "£420,000,000.00 × (1 + 3.6000%) = £435,120,000.00",
    ("allocation", "D"): "£214,000,000.00 × (1 + 5.3415%) = £225,430,890.44",
    ("closing-distance", "A"): "£435,120,000.00 ÷ (29.5337% × £1,382,256,000.00) − 1 = +6.59% (6.6% above target)",
    ("closing-distance", "D"): "£225,430,890.44 ÷ (17.3875% × £1,382,256,000.00) − 1 = −6.20% (6.2% below target)",
}
NUMBER = re.compile(r"−?£?[\d,]+(?:\.\d+)?%?")


@pytest.fixture
def found(programme_team):
    return stored_round(programme_team)


def value(words: str) -> float:
    plain = words.replace("£", "").replace(",", "").replace("−", "-")
    return float(plain.rstrip("%")) / (100 if plain.endswith("%") else 1)


def test_the_steps_stand_in_their_order_and_say_what_they_are_made_of():
    assert [step.slug for step in STEPS] == ORDER
    assert {step.slug: list(step.made_of) for step in STEPS} == MADE_OF
    for step in STEPS:
        assert set(step.made_of) <= set(ORDER[: ORDER.index(step.slug)])
        assert step.formula.endswith(".")


@pytest.mark.parametrize(("slug", "area"), list(WORKED))
def test_a_working_holds_the_numbers_of_the_worked_files(found, slug, area):
    words = dict(workings(found, slug, "2026/27"))[area]
    wanted = WORKED[slug, area]
    if slug == "age":
        assert re.fullmatch(r"[\d.]+ ÷ [\d.]+ = 0\.8802", words)
    else:
        assert wanted in words


@pytest.mark.parametrize("area", list("ABCD"))
def test_a_reader_who_does_the_sum_of_the_allocation_comes_to_the_same(found, area):
    """Growth is said to four places, so by hand it comes to within that."""
    for year in ("2026/27", "2027/28"):
        start, _, growth, result = (value(v) for v in NUMBER.findall(dict(workings(found, "allocation", year))[area]))
        assert start * (1 + growth) == pytest.approx(result, rel=1e-6)


@pytest.mark.parametrize("area", list("ABCD"))
def test_a_reader_who_divides_the_indices_comes_to_the_same(found, area):
    for step in ("age", "market-forces"):
        own, mean, index = (value(v) for v in NUMBER.findall(dict(workings(found, step, "2026/27"))[area]))
        assert own / mean == pytest.approx(index, abs=2e-4)


def test_the_second_year_starts_from_the_first(found):
    first, second = (dict(workings(found, step, year)) for step, year in (("allocation", "2026/27"), ("baseline", "2027/28")))
    for area in "ABCD":
        assert first[area].split(" = ")[1] == second[area].split(" of ")[0]


def test_a_round_of_published_weights_has_no_steps_before_them(programme_team):
    found = stored_round(programme_team, method="published")
    slugs = [step.slug for step in steps_of(found)]
    assert slugs == [slug for slug in ORDER if slug not in ("age", "need", "market-forces")]
    told = about_step(found, BY_SLUG["weighted-population"])
    assert [step.slug for step in told["made_of"]] == ["population"]
    assert (told["before"].slug, told["after"].slug, told["number"], told["count"]) == ("population", "target", 2, 8)


def test_the_first_step_has_none_before_it_and_the_last_none_behind(found):
    assert about_step(found, STEPS[0])["before"] is None
    assert about_step(found, STEPS[-1])["after"] is None


def test_a_round_that_is_not_calculated_has_no_workings():
    found = SimpleNamespace(pk=0, parameters={})
    original = round_steps.reading.tables_of
    round_steps.reading.tables_of = lambda pk, kept: {}
    try:
        assert workings(found, "allocation", "2026/27") == []
    finally:
        round_steps.reading.tables_of = original


def test_what_was_asked_is_said_in_words(found):
    told = dict(told_of(found))
    assert told["Years"] == "2026/27 to 2027/28, from the spend of 2025/26, position 1"
    assert told["Additional need"] == "Imported need index of an official file"
    assert told["Floor and cap"] == "3.60% and 5.50% a year"
    assert told["Quantum of the first year"] == "Baselines, grown"
    assert told["Growth"] == "4.4% a year"
    assert "Recurrent transfers" not in told
    assert told["Convergence by distance"].startswith("−10.0%: +1.50%; −5.0%: +1.00%")


@pytest.mark.parametrize(
    ("changes", "label", "said"),
    [
        ({"years": 1}, "Years", "2026/27, from the spend of 2025/26, position 1"),
        ({"need": "measure"}, "Additional need", "From deprivation, by a coefficient (0.004 for one point)"),
        ({"need_includes_age": True}, "Additional need", "Imported need index of an official file, which holds age already"),
        ({"quantum": 10_000}, "Quantum of the first year", "£1.00"),
        ({"people": "projected"}, "Whose population", "Projected residents of each year"),
    ],
)
def test_what_was_asked_otherwise_is_said_otherwise(programme_team, changes, label, said):
    assert dict(told_of(stored_round(programme_team, **changes)))[label] == said


def test_what_is_moved_is_said_in_the_baseline_of_its_year(programme_team):
    moved = {"A": -20_000_000_000, "B": 15_000_000_000}
    policy = replace(POLICY, growth=(0.044, 0.0405), transfers={"2027/28": moved})
    told = [["2027/28", area, amount] for area, amount in moved.items()]
    parameters = {**PARAMETERS, "growth": list(policy.growth), "transfers": told}
    found = stored_round(programme_team, policy=policy, parameters=parameters)
    said = dict(told_of(found))
    assert said["Growth"] == "2026/27: 4.4%; 2027/28: 4.05%"
    assert said["Recurrent transfers"] == "2027/28: A −£2,000,000.00; 2027/28: B +£1,500,000.00"
    first, later = (dict(workings(found, "baseline", year)) for year in ("2026/27", "2027/28"))
    assert "transferred" not in first["A"] + later["C"]
    start, moved_in, after, _ = (value(v) for v in NUMBER.findall(later["B"]))
    assert (moved_in, after) == (1_500_000, pytest.approx(start + 1_500_000))
    assert "− £2,000,000.00 transferred = £" in later["A"]


def test_a_published_round_says_nothing_of_people_and_need(programme_team):
    told = dict(told_of(stored_round(programme_team, method="published")))
    assert "Whose population" not in told
    assert "Additional need" not in told
