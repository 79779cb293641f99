"""The Overview: its numbers are the position's, its words are true of them, and it stands whatever it is asked."""

import pytest

from planning.models import PatientFlow
from presentation.figure import figure_named
from presentation.run import run_figure
from programme.figures.cards import difference_words, headline_cards, moved, moved_points, overview_sentence, possessive
from programme.figures.overview import change_words
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = pytest.mark.django_db
OWN = ["RJ1", "RJZ", "RJ2", "RPG", "RV5", "RJ7", "RVR", "RJ6", "RAX", "RPY", "RQY"]


def run(name, **filters):
    return run_figure(figure_named(name), Reader(), filters, page=True)


def a_year(year="2025/26", months=range(1, 13), *, actual=1_000, planned=900, providers=OWN):
    """Every own trust in every month: a resident of its own system, one from Kent, one not known, and other care."""
    rows = []
    for provider in providers:
        system = "QKK" if provider in OWN[:5] else "QWE"
        for month in months:
            common = {"year": year, "month": month, "provider": provider, "spells": 10}
            rows.append(fact(**common, home_system=system, actual=actual, planned=planned))
            rows.append(fact(**common, home_system="QKS", home="91Q", commissioner="91Q", actual=actual, planned=planned))
            rows.append(fact(**common, home_system="NOT-KNOWN", home="", commissioner="13R", actual=actual, planned=planned))
            other = {"service_category": "12", "service_code": "99999999", "commissioner": "36L"}
            rows.append(fact(**{**common, **other}, home_system="QWE", actual="0.01", planned="0.02"))
    return rows


@pytest.fixture
def loaded(reference):
    """A full year, then the next to month 3, then one trust restated."""
    publish(a_year(), reason="The full year")
    publish(a_year("2026/27", range(1, 4)), reporting_point="flex", reason="To June")
    return publish(a_year("2026/27", range(1, 4), actual=1_100, providers=["RJZ"]), reporting_point="flex", reason="King's again")


def stored(**filters):
    """What the facts of the database say, over the extracts that hold slices of the last position."""
    held = PatientFlow.objects.filter(extract__position_slices__until_position=None).distinct()
    return held.filter(**filters)


def total(rows, column="actual_price"):
    return sum(getattr(row, column) or 0 for row in rows)


def test_specialised_and_other_care_are_the_facts_to_the_penny(loaded):
    result = run("specialised_and_other")
    other = total(stored(service_category="12"))
    assert result.total["actual_price_other"] == other
    assert result.total["actual_price_all"] == total(stored())
    assert result.total["actual_price_specialised"] == total(stored()) - other
    assert result.table.total_cells[1][1] == "£" + f"{(total(stored()) - other) / 10_000:,.2f}"


def test_every_figure_of_the_page_has_the_same_total(loaded):
    specialised = total(stored(year="2025/26").exclude(service_category="12"))
    for name in ("spend_by_provider", "spend_by_system", "patient_origins"):
        assert run(name, year="2025/26").total["actual_price"] == specialised, name
    assert run("flow_dashboard", year="2025/26").total["actual_price"] == specialised


def test_the_page_opens_with_what_the_own_trusts_were_paid(signed_in, programme_team, loaded):
    response = signed_in(programme_team).get("/")
    assert response.status_code == 200
    assert response.context["sentence"] == (
        "South London's trusts were paid £396k for specialised services in 2025/26, £40k (11.1%) more than planned. "
        "50% of admitted spells, and 50% of the cost, were for people who live outside South London, "
        "of those whose home is known."
    )


def test_the_four_numbers_say_how_they_moved_and_lead_on(signed_in, programme_team, loaded):
    cards = signed_in(programme_team).get("/").context["cards"]
    assert [card["url_name"] for card in cards] == [
        "finance:affordability",
        "planning:flow_dashboard",
        "finance:allocation",
        "finance:affordability",
    ]
    assert cards[0]["label"] == "Paid for specialised services, 2026/27 to June"
    assert cards[0]["tag"] == "Over plan"
    assert cards[0]["note"].endswith("up £900 since position 2")
    assert cards[1]["note"] == "50% of cost, unchanged since position 2"


def test_the_first_position_has_nothing_to_be_compared_with(reference):
    publish(a_year())
    notes = [card["note"] for card in headline_cards({"headlines": run("headlines")})]
    assert not [note for note in notes if "position" in note]
    assert notes[1] == "50% of cost"


def test_what_changed_names_the_position_and_who_published_it(loaded):
    result = run("position_changes")
    assert result.frame["provider"].tolist() == ["RJZ"]
    assert result.frame["what"].tolist() == ["Restated"]
    assert result.frame["change"].tolist() == [9 * 100 * 10_000]
    assert "by A Publisher: King's again" in result.notes[0]


def test_the_title_of_what_changed_says_how_much_more_there_is(loaded):
    assert run("position_changes").title == "Since the position before, £900 more: 1 restated"
    assert run("position_changes", position=1).title.startswith("Since the position before, £")


def test_nothing_published_still_makes_a_page(signed_in, programme_team, reference):
    response = signed_in(programme_team).get("/")
    assert response.status_code == 200
    assert "Nothing is loaded of South London's trusts" in response.context["sentence"]
    assert "Not known" in [card["value"] for card in response.context["cards"]]


@pytest.mark.parametrize("query", ["year=1066", "year=all", "position=99", "position=x", "year=2025/26&position=99"])
def test_wrong_parameters_are_said_and_never_break_the_page(signed_in, programme_team, loaded, query):
    response = signed_in(programme_team).get(f"/?{query}")
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def test_an_older_position_keeps_its_page(signed_in, programme_team, loaded):
    response = signed_in(programme_team).get("/?position=1")
    assert "Position 1" in response.content.decode()
    assert response.context["cards"][0]["label"] == "Paid for specialised services, 2025/26"


def test_questions_of_the_database_are_bounded(signed_in, programme_team, loaded, django_assert_max_num_queries):
    client = signed_in(programme_team)
    client.get("/")
    with django_assert_max_num_queries(40):
        client.get("/")


def test_whoever_sees_no_figures_is_refused(signed_in, administrator, loaded):
    assert signed_in(administrator).get("/").status_code == 403


@pytest.mark.parametrize(
    ("amount", "share", "words"),
    [
        (480_000_000_000, 0.022, "£48.0m (2.2%) more than planned"),
        (-480_000_000_000, -0.022, "£48.0m (2.2%) less than planned"),
        (0, 0.0, "as planned"),
        (5_000_000, None, "£500 more than planned"),
    ],
)
def test_a_difference_from_plan_in_words(amount, share, words):
    assert difference_words(amount, share) == words


@pytest.mark.parametrize(
    ("now", "was", "before", "words"),
    [
        (20_000, 10_000, 4, "up £1 since position 4"),
        (10_000, 20_000, 4, "down £1 since position 4"),
        (10_000, 10_000, 4, "unchanged since position 4"),
        (10_000, None, 4, "no figure for it at position 4"),
        (10_000, None, None, ""),
    ],
)
def test_how_an_amount_moved(now, was, before, words):
    assert moved(now, was, before) == words


@pytest.mark.parametrize(
    ("now", "was", "words"),
    [
        (0.46, 0.452, "up 0.8 points since position 4"),
        (-0.02, -0.01, "down 1.0 points since position 4"),
        (0.46001, 0.46, "unchanged since position 4"),
        (None, 0.4, "no figure for it at position 4"),
    ],
)
def test_how_a_share_moved(now, was, words):
    assert moved_points(now, was, 4) == words


def test_possessives():
    assert possessive("South London") == "South London's"
    assert possessive("The Shires") == "The Shires'"


def test_without_plan_or_activity_the_sentence_leaves_them_out(reference):
    publish([fact(actual=100, home_system="QKS")])
    sentence = overview_sentence({name: run(name) for name in ("spend_by_provider", "patient_origins")})
    assert "planned" not in sentence
    assert "100% of the cost was for people" in sentence


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ([], "Nothing changed since the position before."),
        (["New"], "1 year of a provider changed: 1 new."),
        (["New", "Restated", "New", "Withdrawn"], "4 years of providers changed: 2 new, 1 restated and 1 withdrawn."),
    ],
)
def test_what_changed_in_words(what, words):
    assert change_words(what) == words
