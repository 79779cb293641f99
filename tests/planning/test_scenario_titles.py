"""Titles of scenarios: each says what is drawn, in money and in words, and a hidden number is never said to be nought."""

import pandas as pd
import pytest

from planning.charts import scenarios as charts
from presentation.disclosure import HIDDEN

MILLION = 10_000 * 1_000_000
THOUSAND = 10_000 * 1_000


def years(*system, payments=0, one_off=0) -> pd.DataFrame:
    """Effects from 2026/27 on, in millions of pounds; the one-off cost is of the first year."""
    return pd.DataFrame(
        {
            "year": [f"{2026 + n}/{27 + n}" for n in range(len(system))],
            "system": pd.Series([s if s is HIDDEN else int(s * MILLION) for s in system], dtype=object),
            "payments": pd.Series([payments] * len(system), dtype=object),
            "one_off": [one_off * MILLION, *[0] * (len(system) - 1)][: len(system)],
        }
    )


YEARS = [
    ("no year at all", years(), "Nothing moves in this scenario"),
    ("nothing paid and nothing saved", years(0, 0), "Nothing moves in this scenario"),
    (
        "payments move and cancel out",
        years(0, 0, payments=5),
        "This costs the NHS no more and no less by 2027/28",
    ),
    ("alike in every year", years(-2, -2), "This costs the NHS £2.0m more a year by 2027/28"),
    ("a saving alike in every year", years(1.5, 1.5), "This costs the NHS £1.5m less a year by 2027/28"),
    (
        "a cost at first and a saving at last",
        years(-3, 1),
        "This costs the NHS £1.0m less a year by 2027/28, and £3.0m more in 2026/27",
    ),
    (
        "a one-off cost in the first year",
        years(-3, 0, 1, one_off=2),
        "This costs the NHS £1.0m less a year by 2028/29, and £3.0m more in 2026/27, one-off cost included",
    ),
    (
        "hidden in the first year",
        years(HIDDEN, 1),
        "This costs the NHS £1.0m less a year by 2027/28",
    ),
    ("hidden in every year", years(HIDDEN, HIDDEN), "The effect on the whole NHS is not shown: too few people move"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in YEARS], ids=[case[0] for case in YEARS])
def test_the_effect_on_the_whole_is_said_of_the_last_year_and_the_first(frame, title):
    assert charts.years_title(frame) == title


def organisations(*margins, year="2030/31") -> pd.DataFrame:
    names = [f"Trust {letter}" for letter in "ABCDE"][: len(margins)]
    margin = pd.Series([m if m is HIDDEN else m * THOUSAND for m in margins], dtype=object)
    return pd.DataFrame({"provider_name": names, "year": [year] * len(names), "margin": margin})


ORGANISATIONS = [
    ("no organisation", organisations(), "Nothing moves in this scenario"),
    ("no margin changes", organisations(0, 0), "No organisation's margin changes by the last year"),
    ("one loses and one gains", organisations(-400, 250), "Trust A loses most: £400k a year by 2030/31; Trust B gains £250k"),
    ("all lose", organisations(-20, -700, -30), "Trust B loses most: £700k a year by 2030/31"),
    ("all gain", organisations(20, 30), "Trust B gains most: £30k a year by 2030/31"),
    ("who does not change is not the one who loses", organisations(0, 30), "Trust B gains most: £30k a year by 2030/31"),
    ("all hidden", organisations(HIDDEN, HIDDEN), "Changes of margins are not shown: too few people move"),
    ("hidden and nought", organisations(HIDDEN, 0), "Changes of margins are not shown: too few people move"),
    (
        "some hidden",
        organisations(HIDDEN, -50, 20),
        "Of those shown, Trust B loses most: £50k a year by 2030/31; Trust C gains £20k",
    ),
    ("some hidden and none loses", organisations(HIDDEN, 20), "Of those shown, Trust B gains most: £20k a year by 2030/31"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in ORGANISATIONS], ids=[case[0] for case in ORGANISATIONS])
def test_who_loses_most_is_named(frame, title):
    assert charts.organisations_title(frame) == title


def test_organisations_are_told_by_the_last_year_though_an_earlier_one_is_worse():
    frame = pd.concat([organisations(-900, 0, year="2026/27"), organisations(-10, 40)], ignore_index=True)
    assert charts.organisations_title(frame) == "Trust A loses most: £10k a year by 2030/31; Trust B gains £40k"


def test_the_drawing_of_organisations_has_the_first_and_the_last_year_alone():
    frame = pd.concat([organisations(-n, year=f"20{26 + n}/{27 + n}") for n in range(5)], ignore_index=True)
    chart = charts.organisations_chart(frame, {})
    assert list(chart.frame["year"]) == ["2026/27", "2030/31"]
    assert list(chart.frame["value"]) == [0.0, -4.0 * THOUSAND]
    assert charts.organisations_chart(organisations(), {}).title == "Nothing moves in this scenario"


def commissioners(*payments) -> pd.DataFrame:
    names = ["South East London", "South West London", "NHS England, retained services"][: len(payments)]
    paid = pd.Series([p if p is HIDDEN else p * THOUSAND for p in payments], dtype=object)
    return pd.DataFrame({"payer_name": names, "year": ["2030/31"] * len(names), "payments": paid})


COMMISSIONERS = [
    ("none", commissioners(), "No commissioner pays more or less"),
    ("no change", commissioners(0, 0), "No commissioner pays more or less"),
    ("most is less", commissioners(90, -120), "South West London pays £120k a year less"),
    ("most is more", commissioners(90, -20, 30), "South East London pays £90k a year more"),
    ("hidden", commissioners(HIDDEN, HIDDEN), "Changes of payments are not shown: too few people move"),
    ("hidden and nought", commissioners(0, HIDDEN), "Changes of payments are not shown: too few people move"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in COMMISSIONERS], ids=[case[0] for case in COMMISSIONERS])
def test_the_commissioner_whose_payments_change_most_is_named(frame, title):
    chart = charts.commissioners_chart(frame, {})
    assert chart.title == title
    assert chart.signed


def moved(*rows) -> pd.DataFrame:
    """Rows of sender, receiver, unit and activity in whole units."""
    columns = ["sender", "receiver", "unit", "activity"]
    frame = pd.DataFrame(list(rows), columns=columns, dtype=object)
    activity = pd.Series([a if a is HIDDEN else a * 1000 for a in frame["activity"]], index=frame.index, dtype=object)
    names = {"A": "Guy's", "B": "King's", "C": "St George's", "": ""}
    return frame.assign(activity=activity, sender_name=frame["sender"].map(names), receiver_name=frame["receiver"].map(names))


SPELLS, VISITS = "Admitted spells", "Attendances"
FLOWS = [
    ("nobody", moved(), "No one moves from one provider to another"),
    ("growth alone goes to nobody from nobody", moved(("", "A", SPELLS, 30)), "No one moves from one provider to another"),
    ("to one", moved(("A", "C", SPELLS, 1_200)), "1,200 admitted spells a year move to St George's"),
    (
        "from two to one",
        moved(("A", "C", SPELLS, 30), ("B", "C", SPELLS, 12)),
        "42 admitted spells a year move to St George's",
    ),
    (
        "to two",
        moved(("A", "C", SPELLS, 30), ("A", "B", SPELLS, 12), ("C", "B", SPELLS, 9)),
        "51 admitted spells a year move to 2 providers, most to St George's",
    ),
    (
        "spells first, whatever else moves more",
        moved(("A", "C", VISITS, 900), ("A", "C", SPELLS, 9)),
        "9 admitted spells a year move to St George's",
    ),
    ("no spells", moved(("A", "C", VISITS, 900)), "900 attendances a year move to St George's"),
    ("growth is not added", moved(("A", "C", SPELLS, 9), ("", "C", SPELLS, 5)), "9 admitted spells a year move to St George's"),
    ("hidden", moved(("A", "C", SPELLS, HIDDEN)), "What moves is not shown: too few people move"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in FLOWS], ids=[case[0] for case in FLOWS])
def test_what_moves_is_said_in_one_unit(frame, title):
    assert charts.flows_chart(frame, {}).title == title


def test_flows_are_drawn_from_who_treats_them_now_and_rows_of_one_pair_are_one_band():
    frame = moved(("A", "C", SPELLS, 30), ("A", "C", SPELLS, 5), ("B", "C", SPELLS, 0), ("", "C", SPELLS, 4))
    chart = charts.flows_chart(frame, {})
    assert chart.frame[["source", "receiver_name", "value"]].to_numpy().tolist() == [["Guy's now", "St George's", 35_000.0]]
    assert chart.units == "Admitted spells a year"


def compared(**system) -> pd.DataFrame:
    values = pd.Series([v if v is HIDDEN else v * MILLION for v in system.values()], dtype=object)
    return pd.DataFrame({"name": list(system), "system_last": values})


COMPARED = [
    ("none chosen", compared(), "No scenario is chosen"),
    ("one alone", compared(Hearts=-2), "Hearts costs the NHS £2.0m more a year"),
    ("best of two", compared(Hearts=-2, Kidneys=1), "Kidneys does best for the whole: it costs the NHS £1.0m less a year"),
    ("the least bad", compared(Hearts=-2, Kidneys=-1), "Kidneys does best for the whole: it costs the NHS £1.0m more a year"),
    ("equal", compared(Hearts=0, Kidneys=0), "Every one of them costs the NHS no more and no less"),
    ("hidden", compared(Hearts=HIDDEN, Kidneys=HIDDEN), "Effects on the whole NHS are not shown: too few people move"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in COMPARED], ids=[case[0] for case in COMPARED])
def test_the_best_of_several_is_named(frame, title):
    chart = charts.compared_chart(frame, {})
    assert chart.title == title
    assert f"{len(frame) or 'no'} scenario" in chart.summary


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "an amount that is not shown"),
        (float("nan"), "an amount that is not shown"),
        (0, "no more and no less"),
        (-25 * THOUSAND, "£25k more a year"),
        (25 * THOUSAND, "£25k less a year"),
    ],
)
def test_a_saving_is_less_and_a_cost_is_more(value, words):
    assert charts.system_words(value) == words
