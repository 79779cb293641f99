"""What the Overview says is true of the numbers under it: against loops over the rows that were published."""

import re

import pandas as pd
import pytest
from django.conf import settings
from django.core.cache import caches
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from presentation.amounts import money, percent
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from programme.calculations.overview import ELSEWHERE, changes_between, origins, specialised_and_other
from programme.charts.overview import origins_title
from programme.figures import headlines
from programme.figures.cards import headline_cards, moved, moved_points, overview_sentence
from tests.positions import fact, publish
from tests.readers import Reader

OWN = {"RJ1": "QKK", "RJZ": "QKK", "RJ7": "QWE"}
YEAR = "2025/26"


def run(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


def sentence(**filters):
    return overview_sentence({name: run(name, **filters) for name in ("spend_by_provider", "patient_origins")})


def cards():
    return headline_cards({"headlines": run("headlines")})


def full_year(provider="RJ1", **values):
    """The same row in every month of a year, so that the page opens on it."""
    return [fact(**{"year": YEAR, "provider": provider, "month": month, **values}) for month in range(1, 13)]


def pounds(rows, column="actual_price"):
    return sum(row[column] or 0 for row in rows)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestSentence:
    @pytest.mark.parametrize(
        ("actual", "planned", "words"),
        [(110, 100, "more than planned"), (90, 100, "less than planned"), (100, 100, "as planned")],
    )
    def test_over_under_and_on_plan(self, actual, planned, words):
        publish(full_year(actual=actual, planned=planned, spells=10))
        assert words in sentence()
        tag = {"more than planned": "Over plan", "less than planned": "Under plan", "as planned": "On plan"}[words]
        assert cards()[0]["tag"] == tag

    def test_the_amounts_are_those_of_the_own_trusts_alone(self):
        own = full_year("RJ1", actual=300, planned=250) + full_year("RJ7", actual=200, planned=270)
        publish([*own, *full_year("RWF", actual=9_999, planned=1)])
        said = sentence()
        assert money(pounds(own)) in said
        off = pounds(own) - pounds(own, "planned_price")
        assert f"{money(abs(off))} ({percent(abs(off) / pounds(own, 'planned_price'))}) less than planned" in said

    def test_one_provider_is_a_whole_page(self):
        rows = full_year(actual=10, planned=10, spells=1)
        publish(rows)
        assert money(pounds(rows)) in sentence()
        assert len(run("spend_by_provider").frame) == 1
        assert run("patient_origins").frame["provider"].unique().tolist() == ["RJ1"]

    def test_a_plan_of_nothing_has_no_percentage(self):
        publish(full_year(actual=10, planned=0, spells=1))
        said = sentence()
        assert "%)" not in said
        assert "inf" not in said
        assert "nan" not in said.lower()

    def test_homes_that_are_not_known_count_as_neither_inside_nor_outside(self):
        rows = full_year(home_system="QKK", actual=30, spells=3) + full_year(home_system="QKS", actual=10, spells=1)
        publish([*rows, *full_year(home_system="NOT-KNOWN", home="", actual=960, spells=96)])
        assert "25% of admitted spells, and 25% of the cost" in sentence()
        assert cards()[1]["value"] == "25%"

    def test_nobody_from_elsewhere_is_nought_per_cent_and_not_unknown(self):
        publish(full_year(home_system="QKK", actual=30, spells=3))
        assert "0% of admitted spells" in sentence()
        assert cards()[1]["value"] == "0%"

    def test_devolved_nations_and_overseas_live_outside(self):
        rows = full_year(home_system="QWE", actual=10, spells=1)
        for home in ("DEVOLVED", "OVERSEAS", "REST"):
            rows += full_year(home_system=home, home="", actual=10, spells=1)
        publish(rows)
        assert "75% of admitted spells" in sentence()

    def test_other_care_is_not_in_what_was_paid_for_specialised_services(self):
        other = full_year(service_category="12", service_code="99999999", actual=7_777, spells=70)
        rows = full_year(actual=10, planned=10, spells=1)
        publish([*rows, *other])
        assert money(pounds(rows)) in sentence()
        assert money(pounds(rows)) == cards()[0]["value"]

    def test_nothing_published_says_so_and_claims_no_number(self):
        said = sentence()
        assert not re.search(r"£|%", said)
        for card in cards():
            assert not re.search(r"£\d", card["value"] + card["note"]), card
            assert not card["tag"]

    def test_another_year_than_the_opened_one_can_be_asked_for(self):
        publish([*full_year(actual=10, planned=10), *full_year(year="2024/25", actual=70, planned=70)])
        assert money(12 * 10 * 10_000) in sentence()
        assert money(12 * 70 * 10_000) in sentence(year="2024/25")


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestHeadlines:
    def test_what_changed_since_the_last_position_is_the_difference_of_the_two(self):
        publish(full_year(actual=100, planned=100, spells=10))
        publish(full_year(actual=130, planned=100, spells=10))
        assert f"up {money(12 * 30 * 10_000)} since position 1" in cards()[0]["note"]
        row = run("headlines").frame.set_index("key").loc["spend"]
        assert row["amount"] - row["amount_before"] == 12 * 30 * 10_000

    def test_an_older_position_is_compared_with_the_one_before_it_and_not_with_the_newest(self):
        for actual in (100, 130, 500):
            publish(full_year(actual=actual, planned=100, spells=10))
        row = run("headlines", position="2").frame.set_index("key").loc["spend"]
        assert (row["whole"], row["amount_before"]) == (12 * 130 * 10_000, 0)

    def test_a_position_of_another_period_is_not_compared(self):
        publish(full_year(actual=100, planned=100, spells=10))
        publish([fact(year="2026/27", month=1, provider="RJ1", actual=10, planned=10, spells=1)])
        row = run("headlines").frame.set_index("key").loc["spend"]
        assert row["about"].startswith("2026/27")
        assert pd.isna(row["amount_before"])
        assert "since position" not in cards()[0]["note"]

    def test_the_position_before_is_not_worked_out_anew_when_another_is_published(self, monkeypatch):
        publish(full_year(actual=100, planned=100, spells=10))
        run("headlines")
        publish(full_year(actual=130, planned=100, spells=10))
        worked_out, real = [], headlines._computed
        monkeypatch.setattr(
            headlines, "_computed", lambda reader, position: worked_out.append(position) or real(reader, position)
        )
        run("headlines")
        assert worked_out == [2]

    def test_what_one_process_worked_out_another_reads(self, monkeypatch):
        publish(full_year(actual=130, planned=100, spells=10))
        first = run("headlines").frame
        caches["default"].clear()
        monkeypatch.setattr(headlines, "_computed", lambda reader, position: pytest.fail("it was worked out again"))
        pd.testing.assert_frame_equal(run("headlines").frame, first)
        assert list((settings.MEDIA_ROOT / "headlines").glob("*"))

    def test_a_full_disk_makes_readers_wait_and_no_more(self, monkeypatch):
        def full(*args, **named):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(type(caches["headlines"]), "set", full)
        rows = full_year(actual=130, planned=100, spells=10)
        publish(rows)
        assert run("headlines").frame.set_index("key").loc["spend", "whole"] == pounds(rows)

    def test_each_card_leads_to_a_page(self):
        from django.urls import reverse

        publish(full_year(actual=1, planned=1, spells=1))
        for card in cards():
            assert reverse(card["url_name"])
            assert card["label"]
            assert card["value"]
            assert card["note"]

    def test_a_gap_and_the_spend_are_of_the_same_position(self):
        publish(full_year(actual=100, planned=100, spells=10))
        publish(full_year(actual=999, planned=100, spells=10))
        first = run("headlines", position="1").frame.set_index("key")
        assert first.loc["spend", "whole"] == 12 * 100 * 10_000
        assert pd.isna(first.loc["spend", "amount_before"])


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestFigures:
    def test_specialised_and_other_are_all_to_the_ten_thousandth_of_a_pound(self):
        special = full_year(actual="0.0001", planned="33.3333")
        other = full_year(service_category="12", service_code="99999999", actual="99.9999", planned="0.0001")
        publish([*special, *other])
        total = run("specialised_and_other").total
        assert total["actual_price_specialised"] == pounds(special)
        assert total["actual_price_other"] == pounds(other)
        assert total["actual_price_all"] == pounds(special) + pounds(other)
        assert total["planned_price_all"] == pounds(special, "planned_price") + pounds(other, "planned_price")

    def test_pence_on_the_page_add_up_row_by_row(self):
        rows = [fact(month=m, year=y, actual="0.005", planned="0.005") for y in ("2024/25", YEAR) for m in range(1, 4)]
        publish(rows)
        table = run("specialised_and_other").table
        shown = [[cell for _, cell in cells] for _, cells in table.shown_rows()]
        column = table.headings.index("Specialised, actual")
        parts = sum(float(row[column].removeprefix("£")) for row in shown)
        total = next(text for bound, text, _ in table.total_cells if bound.header == "Specialised, actual")
        assert f"£{parts:.2f}" == total

    def test_what_was_withdrawn_or_restated_is_named_with_its_difference(self):
        publish([*full_year("RJ1", actual=10), *full_year("RJZ", actual=20)])
        publish([*full_year("RJZ", actual=25), *full_year("RJ7", actual=7)])
        rows = run("position_changes").frame.set_index("provider")
        assert rows["what"].to_dict() == {"RJZ": "Restated", "RJ7": "New"}
        assert rows["change"].to_dict() == {"RJZ": 12 * 5 * 10_000, "RJ7": 12 * 7 * 10_000}

    def test_every_part_of_the_page_is_tagged_where_data_are_made_up(self, signed_in, programme_team):
        publish(full_year(actual=10, planned=9, spells=3), illustrative=True)
        response = signed_in(programme_team).get("/")
        _, *figures = re.split(r'class="app-figure[ "]', response.content.decode())
        assert len(figures) >= 5
        assert all("app-illustrative" in figure for figure in figures)
        assert all(result.illustrative for result in response.context["results"].values())

    def test_nothing_is_tagged_where_data_are_real(self, signed_in, programme_team):
        publish(full_year(actual=10, planned=9, spells=3))
        assert "app-illustrative" not in signed_in(programme_team).get("/").content.decode()

    @pytest.mark.parametrize("mode", list(Mode))
    def test_each_figure_of_the_page_is_the_same_at_its_position_whatever_is_published_later(self, mode):
        publish(full_year(actual=100, planned=90, spells=50))
        names = ("spend_by_provider", "patient_origins", "specialised_and_other", "coverage")
        before = {name: list(run(name, mode, position="1").table.file_rows()) for name in names}
        publish(full_year(actual=777, planned=1, spells=9))
        after = {name: list(run(name, mode, position="1").table.file_rows()) for name in names}
        assert after == before

    def test_few_people_are_hidden_outside_in_every_figure_about_them(self):
        rows = [fact(month=1, home_system="QKS", actual=5_000_000, spells=3)]
        publish([*rows, *full_year(home_system="QKK", actual=100_000, spells=900)])
        frame = run("patient_origins", Mode.OUTSIDE).frame.set_index("group")
        cell = frame.loc["NHS Kent and Medway"] if "NHS Kent and Medway" in frame.index else frame[frame["is_outside"]].iloc[0]
        assert {str(cell[name]) for name in ("actual_activity", "actual_price", "activity_share", "price_share")} == {"*"}


HOMES = {
    "QKK": "South East",
    "QWE": "South West",
    "QKS": "Kent",
    "QXU": "Surrey",
    "QNX": "Sussex",
    "QNQ": "Frimley",
    "QRV": "Wessex",
}
HOMES |= {"REST": "Rest of England", "NOT-KNOWN": "Not known", "OVERSEAS": "Overseas"}
OF_A_FLOW = st.tuples(st.sampled_from(sorted(HOMES)), st.sampled_from(["RJ1", "RJZ"]), st.integers(0, 50), st.integers(-20, 500))


def flows(rows):
    frame = pd.DataFrame(rows, columns=["home_system", "provider", "actual_activity", "actual_price"])
    frame = frame.drop_duplicates(["home_system", "provider"]).astype({"actual_activity": "Int64", "actual_price": "Int64"})
    return frame.assign(people=frame["actual_activity"])


@hypothesis_settings(max_examples=12)
@given(st.lists(OF_A_FLOW, min_size=1, max_size=14))
def test_groups_of_homes_are_what_a_loop_makes_of_them(rows):
    frame = flows(rows)
    made = origins(frame, homes=HOMES, providers={}, own=["QKK", "QWE"], own_name="Own")
    sums: dict[str, int] = {}
    for row in frame.itertuples():
        if row.home_system in HOMES and row.home_system.startswith("Q") and row.home_system not in ("QKK", "QWE"):
            sums[row.home_system] = sums.get(row.home_system, 0) + row.actual_price
    largest = sorted(sums.values(), reverse=True)[:4]
    for provider in frame["provider"].unique():
        own = frame[(frame["provider"] == provider) & frame["home_system"].isin(["QKK", "QWE"])]
        shown = made[(made["provider"] == provider) & (made["group"] == "Own")]
        assert shown["actual_price"].sum() == own["actual_price"].sum()
        assert not shown["is_outside"].any()
    named = set(made["group"]) - {"Own", ELSEWHERE, "Not known"}
    codes = {name: code for code, name in HOMES.items()}
    assert all(sums[codes[name]] >= min(largest) for name in named)
    assert len(named) <= 4
    assert made["actual_price"].sum() == frame["actual_price"].sum()


@hypothesis_settings(max_examples=12)
@given(st.lists(OF_A_FLOW, min_size=1, max_size=14))
def test_shares_of_a_provider_make_one(rows):
    made = origins(flows(rows), homes=HOMES, providers={}, own=["QKK"], own_name="Own")
    for _, part in made.groupby("provider"):
        known = part["activity_share"].dropna()
        assert known.empty or known.sum() == pytest.approx(1)
        assert set(part["provider_activity"].dropna()) <= {part["actual_activity"].sum()}


def drawn(*rows):
    frame = pd.DataFrame(rows, columns=["provider_name", "value", "is_outside"])
    return frame.assign(own_name="Own")


@pytest.mark.parametrize(
    ("rows", "named", "not_named"),
    [
        ([("A", 0.6, True), ("B", 0.4, True)], ["A", "60%"], ["B"]),
        ([("A", 0.5, True), ("B", 0.5, True)], ["A", "B", "50%"], []),
        # Two groups of the same provider count together.
        ([("A", 0.3, True), ("A", 0.3, True), ("B", 0.5, True)], ["A", "60%"], ["B"]),
        # What comes from the own area does not count, nor do homes that are not known.
        ([("A", 0.9, False), ("B", 0.1, True)], ["B", "10%"], ["A"]),
    ],
)
def test_the_title_names_whoever_draws_most_from_elsewhere(rows, named, not_named):
    words = re.findall(r"[\w%]+", origins_title(drawn(*rows)))
    assert set(named) <= set(words)
    assert not set(not_named) & set(words)


def test_the_title_names_no_leader_where_nobody_comes_from_elsewhere():
    assert not re.search(r"\d", origins_title(drawn(("A", 1.0, False))))
    assert not re.search(r"\d", origins_title(drawn()))


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_move_has_the_direction_and_size_of_the_difference(now, was):
    said = moved(now, was, 3)
    assert ("up" in said, "down" in said) == (now > was, now < was)
    assert "3" in said
    if now != was:
        assert money(abs(now - was)) in said


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_move_of_a_share_is_in_points_and_none_where_it_does_not_show(now, was):
    said = moved_points(now, was, 3)
    shows = percent(abs(now - was)) != "0.0%"
    assert ("up" in said or "down" in said) == shows
    assert not shows or ("up" in said) == (now > was)


STATES = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["2024/25", YEAR])),
    st.tuples(st.sampled_from("12"), st.one_of(st.none(), st.integers(-99, 99))),
)


def states(found):
    rows = [(provider, year, extracts, price) for (provider, year), (extracts, price) in found.items()]
    frame = pd.DataFrame(rows, columns=["provider", "year", "extracts", "actual_price"], dtype=object)
    return frame.astype({"actual_price": "Int64"})


@given(STATES, STATES)
def test_changes_are_what_a_loop_over_both_positions_finds(before, after):
    expected = {}
    for key in {*before, *after}:
        was, now = before.get(key, ("", None)), after.get(key, ("", None))
        if was[0] != now[0]:
            what = "New" if key not in before else "Withdrawn" if key not in after else "Restated"
            expected[key] = (what, (now[1] or 0) - (was[1] or 0))
    made = changes_between(states(before), states(after), providers={})
    assert {(row.provider, row.year): (row.what, row.change) for row in made.itertuples()} == expected


YEARLY = st.dictionaries(
    st.sampled_from(["2023/24", "2024/25", YEAR]), st.tuples(*[st.one_of(st.none(), st.integers(-99, 99))] * 2)
)


@given(YEARLY, YEARLY)
def test_all_care_is_specialised_and_other_together(only, other):
    def frame(found):
        rows = [(year, *sums) for year, sums in found.items()]
        made = pd.DataFrame(rows, columns=["year", "planned_price", "actual_price"], dtype=object)
        return made.astype({"planned_price": "Int64", "actual_price": "Int64"})

    made = specialised_and_other(frame(only), frame(other)).set_index("year")
    assert list(made.index) == sorted({*only, *other})
    for year in made.index:
        for place, name in enumerate(("planned_price", "actual_price")):
            parts = [found[year][place] for found in (only, other) if year in found and found[year][place] is not None]
            said = made.loc[year, f"{name}_all"]
            assert pd.isna(said) if not parts else said == sum(parts)
