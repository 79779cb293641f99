"""Filters that nobody should send: said in words by every page, file, picture and the command, and never a fault of ours."""

import io
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from finance.forms import AffordabilityForm, AllocationForm
from networks.forms import NetworksForm
from planning.forms.flows import FlowFilterForm, MeasuresForm
from planning.models import Extract
from presentation.figure import all_figures, figure_named
from programme.forms import OverviewForm
from tests.figures_of_one import needed
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = pytest.mark.django_db
PAGES = {
    "programme:overview": OverviewForm,
    "planning:flow_dashboard": FlowFilterForm,
    "planning:flow_measures": MeasuresForm,
    "finance:allocation": AllocationForm,
    "finance:affordability": AffordabilityForm,
    "networks:networks": NetworksForm,
}
FORMATS = ["svg", "csv", "xlsx", "json"]
NAMES = sorted(f.name for f in all_figures())
# A scenario stays on the position that it began from, and so do a policy option and a round.
OF_A_POSITION = [name for name in NAMES if not name.startswith(("scenario", "policy_options", "round_", "allocation_round"))]

# Field at fault, and what was sent.
HOSTILE = [
    ("position", [("position", "0")]),
    ("position", [("position", "-1")]),
    ("position", [("position", "999999")]),
    ("position", [("position", "abc")]),
    ("position", [("position", "1.5")]),
    ("position", [("position", "9" * 5_000)]),
    ("position", [("position", "\u00b2")]),
    ("position", [("position", "1"), ("position", "-3")]),
    ("year", [("year", "1066/67")]),
    ("year", [("year", "2025/26' OR '1'='1")]),
    ("year", [("year", "2025/26\x00")]),
    ("year", [("year", "2025/26"), ("year", "2099/00")]),
    ("to_month", [("from_month", "9"), ("to_month", "2")]),
    ("from_month", [("from_month", "0")]),
    ("from_month", [("from_month", "14")]),
    ("from_month", [("from_month", "1e3")]),
    ("to_month", [("to_month", "99999999999999999999999999")]),
    ("provider", [("provider", "'; DROP TABLE planning_patientflow; --")]),
    ("provider", [("provider", "RJ1"), ("provider", "NOBODY")]),
    ("system", [("system", "<script>alert(1)</script>")]),
    ("programme_of_care", [("programme_of_care", "\U0001f600" * 300)]),
    ("service", [("service", "1 UNION SELECT 1")]),
    ("service", [("service", "1"), ("programme_of_care", "D")]),
    ("service_code", [("service_code", "%00")]),
    ("national_programme", [("national_programme", "Z99")]),
    ("point_of_delivery", [("point_of_delivery", "EL"), ("point_of_delivery", "../../etc/passwd")]),
    ("unit", [("unit", "BANANA")]),
    ("measure", [("measure", "patients")]),
    ("basis", [("basis", "guess")]),
    ("basis", [("basis", "change"), ("year", "2025/26")]),
    ("destination", [("destination", "the moon")]),
    ("place", [("place", "E09000028' --")]),
    ("place", [("place", "E09000028"), ("system", "QKS")]),
    ("home", [("home", "<i>QKK</i>")]),
    ("geography", [("geography", "tomorrow")]),
    ("level", [("level", "street")]),
    ("demographic", [("demographic", "-20.1")]),
    ("non_demographic", [("non_demographic", "NaN")]),
    ("price", [("price", "1e400")]),
    ("price", [("price", "Infinity")]),
    ("efficiency", [("efficiency", "-0.001")]),
    ("efficiency", [("efficiency", "20.001")]),
    ("revenue", [("revenue", "4,4")]),
]
IDS = [f"{field}={sent[-1][1][:12]!r}" for field, sent in HOSTILE]


@pytest.fixture(scope="module")
def published(loaded_reference) -> int:
    rows = [fact(month=m, home_system=h, actual=100, planned=90, spells=20) for m in range(1, 13) for h in ("QKK", "QKS")]
    return publish([*rows, *(fact(provider="RJ7", month=m, home_system="QWE", actual=50, spells=9) for m in range(1, 13))])


@pytest.fixture
def client(published, signed_in, programme_team):
    return signed_in(programme_team)


def fields_of(name: str) -> set[str]:
    form = figure_named(name).form(needed(name, 1), reader=Reader(), page=True)
    return set(form.fields)


def told(name: str, sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the figure must be told, but for what is sent."""
    others = {key: value for key, value in needed(name, 1).items() if key not in dict(sent)}
    return [(key, value[0] if isinstance(value, list) else value) for key, value in others.items()]


@pytest.mark.parametrize(("field", "sent"), HOSTILE, ids=IDS)
def test_every_page_with_the_filter_says_what_is_wrong(client, field, sent):
    forms = {page: form for page, form in PAGES.items() if field in form(None, reader=Reader()).fields}
    # A home is named by figures of one flow alone.
    assert forms or field == "home"
    for page in forms:
        response = client.get(reverse(page), sent)
        html = response.content.decode()
        assert response.status_code == 200
        assert field in response.context["form"].errors, page
        assert not response.context["results"]
        assert "There is a problem" in html
        assert "<script>alert" not in html


@pytest.mark.parametrize("address", PAGES)
def test_a_page_without_a_filter_takes_no_harm_from_it(client, address):
    # Figures of a page may have filters that its own form has not, and its address may carry them.
    results = client.get(reverse(address)).context["results"]
    known = {field for result in results.values() for field in result.form.fields} | set(
        PAGES[address](None, reader=Reader()).fields
    )
    strange = {field: sent[-1][1] for field, sent in HOSTILE if field not in known}
    response = client.get(reverse(address), strange)
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert response.context["results"]


@pytest.mark.parametrize(("field", "sent"), HOSTILE, ids=IDS)
def test_every_file_and_picture_is_refused_in_words(client, field, sent):
    """Of each form one figure in every format."""
    asked = {field, *(name for name, _ in sent)}
    by_form = {figure_named(name).form: name for name in NAMES if asked <= fields_of(name)}
    assert by_form
    for name in by_form.values():
        # What has no chart has no picture, whatever is asked of it.
        for extension in FORMATS if figure_named(name).chart else FORMATS[1:]:
            address = reverse(f"accounts:figure_{extension}", args=[name])
            response = client.get(address, [*told(name, sent), *sent])
            assert response.status_code == 400, (name, extension)
            assert response["Content-Type"].startswith("text/plain")
            assert field in response.content.decode()


@pytest.mark.parametrize("name", OF_A_POSITION)
def test_every_figure_refuses_a_position_that_is_not_there_in_every_format(client, published, name):
    for extension in FORMATS:
        response = client.get(
            reverse(f"accounts:figure_{extension}", args=[name]), {**needed(name, published), "position": "999999"}
        )
        assert response.status_code == 400


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_gives_every_format_for_the_position_that_is(client, published, name):
    begins = {"svg": b"<svg", "csv": b"\xef\xbb\xbf", "xlsx": b"PK", "json": b"{"}
    for extension in FORMATS:
        response = client.get(
            reverse(f"accounts:figure_{extension}", args=[name]), {**needed(name, published), "position": published}
        )
        if extension == "svg" and figure_named(name).chart is None:
            assert response.status_code == 404
        else:
            assert response.status_code == 200
            assert begins[extension] in response.content[:200]


@pytest.mark.parametrize(
    ("field", "sent"), [pair for pair in HOSTILE if "\x00" not in pair[1][0][1] and pair[0] != "position"][::3]
)
def test_the_command_ends_with_two_and_names_the_filter(published, field, sent):
    name = next(n for n in ("flow_dashboard", "affordability", "flow_trend") if field in fields_of(n))
    pairs = [f"{key}={value}" for key, value in sent]
    with pytest.raises(CommandError, match=field) as refused:
        call_command("export", name, "--filter", *pairs, stdout=io.StringIO())
    assert refused.value.returncode == 2


@pytest.mark.parametrize("position", ["0", "-1", "999999"])
def test_the_command_refuses_positions_that_are_not_there(published, position):
    with pytest.raises(CommandError, match="position") as refused:
        call_command("export", "flow_dashboard", f"--position={position}", stdout=io.StringIO())
    assert refused.value.returncode == 2


@pytest.mark.parametrize("value", ["0", "-1", "abc", "9" * 5_000, "\u00b2", "1.5", "' OR 1=1", "", "\u0661"])
def test_the_bar_of_every_page_stands_whatever_position_is_asked(client, value):
    """Pages without figures have the bar too."""
    for path in ("/positions/", "/extracts/", "/your-account/"):
        assert client.get(f"{path}?{urlencode({'position': value})}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"page": "9" * 5_000},
        {"page": "0"},
        {"page": "-2"},
        {"page": "\u00b2"},
        {"flow_dashboard-sort": "no_such_column"},
        {"flow_dashboard-sort": "-"},
        {"flow_dashboard-page": "9" * 5_000},
        {"flow_dashboard-page": "x"},
        {"year": "2025/26", "nothing": "known"},
        {"provider": ["RJ1"] * 400},
    ],
)
def test_what_no_form_checks_does_no_harm(client, query):
    for path in ("/flows/", "/figure/flow_dashboard/rows/", "/extracts/", "/figure/flow_dashboard.csv"):
        assert client.get(path, query).status_code == 200, path


@pytest.mark.parametrize("query", [{"page": "9" * 5_000}, {"page": "\u00b2"}, {"position": "1", "page": "7"}, {"position": "x"}])
def test_rows_of_an_extract_stand_whatever_page_is_asked(client, query):
    number = Extract.objects.earliest("pk").pk
    assert client.get(f"/extracts/{number}/rows/", query).status_code == 200
