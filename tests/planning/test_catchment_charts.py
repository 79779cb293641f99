"""What charts, titles and sentences of catchments say is true of the frame that is drawn, also of hidden and missing parts."""

from types import SimpleNamespace

import pandas as pd
import pytest

from planning.charts import catchments as charts
from planning.figures.catchments import age_notes, catchment_sentence, catchments_sentence, method_words
from planning.tables.catchments import CatchmentsTable
from presentation.chart import ChartKind, Measure
from presentation.disclosure import HIDDEN, disclose
from presentation.drawing_svg import draw_svg
from presentation.figure import Mode
from presentation.residents import PopulationColumn

YEAR = {"year": "2025/26"}


def providers(*rows) -> pd.DataFrame:
    names = ["provider_name", "proportional", "first_past_the_post", "at_least_30"]
    return pd.DataFrame(list(rows), columns=names).astype(dict.fromkeys(names[1:], object))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (149, "100"), (150, "200"), (9_949, "9,900"), (12_345, "12,000"), (999_499, "999,000"), (999_500, "1.00 million"),
     (1_789_309, "1.79 million")],
)  # fmt: skip
def test_populations_in_sentences_are_as_exact_as_estimates_can_be(number, words):
    assert charts.people(number) == words


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No catchment follows from what is chosen"),
        ([("A", None, None, None)], "No catchment follows from what is chosen"),
        ([("A", HIDDEN, HIDDEN, HIDDEN)], charts.TOO_FEW),
        (
            [("A", 5_000.0, 5_000.0, 5_000.0), ("B", 5_000.0, 0.0, 0.0)],
            "2 providers have the largest catchment, 5,000 residents each",
        ),
        (
            [("A", 20_000.0, 0.0, 60_000.0), ("B", HIDDEN, HIDDEN, HIDDEN)],
            "A has the largest proportional catchment, 20,000 residents: nobody by first past the post, 60,000 by the 30% rule",
        ),
    ],
)
def test_the_title_names_the_largest_catchment_by_every_method(rows, title):
    assert charts.catchments_title(providers(*rows)) == title


def test_the_chart_has_a_dot_for_each_method_and_says_what_it_leaves_out():
    rows = [(f"Trust {n}", float(n), 0.0, float(2 * n)) for n in range(20, 0, -1)]
    chart = charts.catchments_chart(providers(*rows, ("None", 0.0, 0.0, 0.0)), YEAR)
    assert (chart.kind, chart.measure) == (ChartKind.DOT_PLOT, Measure.POPULATION)
    assert chart.frame["series"].unique().tolist() == ["Proportional", "First past the post", "30% rule"]
    assert chart.frame["label"].nunique() == charts.SHOWN_PROVIDERS
    assert chart.summary == "Residents in the catchments of 15 providers by three methods, 2025/26; the table has 5 more."
    assert "Trust 20" in draw_svg(chart)


def profiles(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["provider_name", "score", "is_own"])
    return frame.assign(age_0_14=0.2, age_15_44=0.4, age_45_64=0.2, age_65_84=0.15, age_85=0.05)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("South London", 18.0, True)], charts.NOTHING),
        (
            [("A", 21.0, False), ("B", 15.5, False)],
            "Most deprived is the catchment of A (IMD score 21.0), least that of B (15.5)",
        ),
        ([("A", 21.0, False), ("B", 20.98, False)], "The catchments are alike in deprivation: an average IMD score of 21.0"),
        ([("A", HIDDEN, False)], charts.TOO_FEW),
        (
            [("A", 21.0, False), ("B", 15.5, False), ("C", 15.5, False)],
            "Most deprived is the catchment of A (IMD score 21.0), least that of B and C (15.5)",
        ),
    ],
)
def test_deprivation_is_compared_between_catchments_and_not_with_the_area(rows, title):
    assert charts.profiles_title(profiles(*rows)) == title


def test_ages_stack_up_to_everybody():
    chart = charts.profiles_chart(profiles(("South London", 18.0, True), ("A", 21.0, False)), YEAR)
    assert chart.frame.groupby("label")["value"].sum().round(9).tolist() == [1.0, 1.0]
    assert chart.frame["series"].unique().tolist() == list(charts.AGES.values())


def areas(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["area_name", "population", "unassigned"]).astype(object)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No residents of areas are loaded"),
        ([("A", 100.0, 0.0)], "Every one of 1 area has spells: nobody is left out of a catchment"),
        ([("A", 60_000.0, 0.0), ("B", 40_000.0, 40_000.0)], "40,000 residents of 1 area (40.0%) are in nobody's catchment"),
    ],
)
def test_who_is_in_nobodys_catchment_is_said(rows, title):
    assert charts.areas_title(areas(*rows), YEAR) == title


def places(*rows) -> pd.DataFrame:
    names = ["area_name", "proportional", "share", "first_past_the_post", "at_least_30", "score"]
    return pd.DataFrame(list(rows), columns=names).astype(object)


def test_the_places_of_a_catchment_carry_their_share_unless_it_is_hidden():
    frame = places(
        ("Lambeth", 750.0, 0.5, 0.0, 0.0, 20.0), ("Bexley", 250.0, HIDDEN, 0.0, 0.0, 10.0), ("X", HIDDEN, HIDDEN, 0, 0, 1)
    )
    chart = charts.provider_catchment_chart(frame, YEAR)
    assert chart.title == "75% of the catchment lives in Lambeth"
    assert chart.frame["note"].tolist() == ["(50% of its spells)", ""]
    even = places(("A", 5.0, 0.1, 0, 0, 1.0), ("B", 5.0, 0.1, 0, 0, 1.0))
    assert charts.provider_catchment_title(even) == "The catchment is spread evenly over 2 areas"
    assert charts.provider_catchment_title(places()) == charts.NOTHING


def ages(older: float | object, own: float = 0.13) -> pd.DataFrame:
    frame = pd.DataFrame({"age_band": ["0-4", "65-74", "85+"], "own_share": [1 - own, own, 0.0], "own_name": "South London"})
    shares = [HIDDEN] * 3 if older is HIDDEN else [1 - older, older, 0.0]
    return frame.assign(share=pd.Series(shares, dtype=object), spells=pd.Series([1, 2, 3], dtype="Int64"))


@pytest.mark.parametrize(
    ("older", "title"),
    [
        (0.2, "20% of the catchment is 65 or over, against 13% of South London"),
        (0.131, "13% of the catchment is 65 or over, as in South London"),
        (HIDDEN, "The ages of this catchment are not shown or not known"),
    ],
)
def test_age_is_compared_with_the_own_area(older, title):
    assert charts.ages_title(ages(older)) == title


def test_the_oldest_stand_at_the_top_as_in_a_pyramid():
    chart = charts.ages_chart(ages(0.2), YEAR)
    assert chart.frame["label"].tolist()[:3] == ["85+", "65-74", "0-4"]
    assert chart.frame["series"].unique().tolist() == ["Residents of South London", "Catchment"]


def test_the_ages_say_where_they_are_from():
    by_patients, by_areas = ages(0.2), ages(0.2).assign(spells=pd.Series([pd.NA] * 3, dtype="Int64"))
    assert "By age and sex of its patients" in next(iter(age_notes(by_patients, YEAR)))
    assert "those of the areas" in next(iter(age_notes(by_areas, YEAR)))


def both(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["provider_name", "ours", "theirs"]).assign(proportional=lambda f: f["ours"])


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No published catchments of all admissions are loaded for these providers"),
        (
            [("A", 200.0, 100.0), ("B", 150.0, 100.0)],
            "A: the specialised catchment is 2.0 times the published one of all admissions",
        ),
        ([("A", 50.0, 100.0)], "No provider's specialised catchment is larger than its published one of all admissions"),
        ([("A", 50.0, 0.0)], "No published catchments of all admissions are loaded for these providers"),
    ],
)
def test_both_catchments_are_compared_in_words(rows, title):
    assert charts.all_admissions_title(both(*rows)) == title


def origins(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["provider_name", "outside_own_area", "all_outside_own_area"])
    return frame.astype({"outside_own_area": object, "all_outside_own_area": object})


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("A", 0.4, None)], "No published origins of all admissions are loaded for these providers"),
        (
            [("A", 0.43, 0.15), ("B", 0.5, 0.4)],
            "A: 43% of specialised spells are from outside the own area, 15% of all admissions",
        ),
        ([("A", 0.1, 0.2)], "At no provider do more specialised than other patients come from outside the own area"),
        ([("A", HIDDEN, 0.2)], charts.TOO_FEW),
    ],
)
def test_origins_are_compared_in_words(rows, title):
    assert charts.origin_comparison_title(origins(*rows), YEAR) == title


def homes(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["home_name", "share", "all_share"]).astype({"share": object, "all_share": object})
    known = [
        None if None in pair or HIDDEN in pair else pair[0] - pair[1]
        for pair in zip(frame["share"], frame["all_share"], strict=True)
    ]
    return frame.assign(difference=pd.Series(known, dtype=object))


def test_the_home_that_differs_most_is_named_and_missing_shares_are_not_drawn():
    chart = charts.origins_chart(homes(("SEL", 0.57, 0.8), ("Kent", 0.23, 0.07), ("Rest", 0.05, None)), YEAR)
    assert chart.title == "SEL: 57% of specialised spells, 80% of all admissions"
    assert len(chart.frame) == 5
    none = charts.origins_chart(homes(("SEL", 0.57, None)), YEAR)
    assert none.title == "No published shares of all admissions are loaded for this provider"


@pytest.mark.parametrize(
    ("bases", "words"),
    [
        (["All ages", "All ages"], "by all ages together"),
        (["Age and sex", "Age and sex"], "of every provider"),
        (["Age and sex", "All ages"], "by age and sex for A,"),
    ],
)
def test_what_the_proportional_method_went_by_is_said(bases, words):
    assert words in method_words(pd.DataFrame({"provider_name": ["A", "B"], "basis": bases}))


def results(frame, area_frame=None, age_frame=None, **filters) -> dict:
    def one(frame):
        return SimpleNamespace(frame=frame, filters={**YEAR, **filters})

    return {
        "catchments": one(frame),
        "catchment_areas": one(area_frame),
        "catchment": one(frame),
        "catchment_ages": one(age_frame),
    }


def test_the_first_sentence_of_the_page_says_who_looks_where():
    frame = providers(("A", 60_000.0, 0.0, 0.0), ("B", 30_000.0, 0.0, 0.0)).assign(spells=5_000)
    whole = areas(("SEL", 100_000.0, 10_000.0))
    assert catchments_sentence(results(frame, whole)) == (
        "Of 100,000 residents in SEL, most look to A (60,000) and B (30,000) for specialised admitted care in 2025/26, by the "
        "proportional method; and 10,000 are in nobody's."
    )
    many = areas(*((f"Area {n}", 25_000.0, 0.0) for n in range(4)))
    said = catchments_sentence(results(frame, many, reach="all"))
    assert said.startswith("As an upper limit: Of 100,000 residents in 4 areas")
    assert said.endswith("and nobody is left out.")


def test_without_spells_or_whole_systems_the_first_sentence_says_so():
    empty = providers().assign(spells=pd.Series(dtype="Int64"))
    assert "No specialised spells" in catchments_sentence(results(empty, areas()))
    unknown = providers(("A", None, None, None)).assign(spells=5_000)
    assert catchments_sentence(results(unknown, areas())) == charts.NOT_WHOLE


def test_the_sentence_of_one_catchment_has_every_method_and_who_lives_there():
    frame = places(("Lambeth", 7_500.0, 0.5, 9_000.0, 9_000.0, 20.0), ("Bexley", 2_500.0, 0.2, 0.0, 8_000.0, 10.0))
    assert catchment_sentence(results(frame, age_frame=ages(0.2))) == (
        "Residents in the catchment: 10,000 (proportional), 9,000 (first past the post) and 17,000 (30% rule). "
        "20% are 65 or over, and the average IMD score is 17.5."
    )


def test_populations_are_whole_people_in_files_and_rounded_to_a_hundred_outside():
    column = PopulationColumn("People")
    assert [column.cell(value) for value in (1234.5, 0.0, None, HIDDEN)] == ["1,235", "0", "No data", "*"]
    assert [column.in_file(value) for value in (1234.5, None, HIDDEN)] == [1235, None, "*"]
    frame = pd.DataFrame(
        {"provider_name": ["A", "B", "C"], "spells": [8_000, 7_000, 0], "proportional": [1_250.0, 9_999.0, 49.0]}
    )
    inside, outside = (disclose(frame, CatchmentsTable, mode) for mode in (Mode.INSIDE, Mode.OUTSIDE))
    assert inside["proportional"].tolist() == [1_250.0, 9_999.0, 49.0]
    assert outside["proportional"].tolist() == [1_300, HIDDEN, 0]
    assert outside["spells"].tolist() == [10_000, HIDDEN, 0]
