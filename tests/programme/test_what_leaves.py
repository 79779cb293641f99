"""What leaves the pages of services, providers and footprints: nothing of a handful of people, no links, only to some roles."""

import json
import re

import pytest

from accounts.models import AuditEvent, Role
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import draw_svg
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.positions import fact, publish
from tests.programme.two_years import CARDIAC, NEUROLOGY

pytestmark = pytest.mark.django_db

# Three people of Kent cost this at Guy's, in one month, on a code that nobody else has.
SECRET = 777_777
SAID = re.compile(r"77[78][,.]?\d|£78\dk|£780,000|£0\.78m|£0\.8m")
FIGURES = {
    "services": {"search": "neurology"},
    "service_providers": {"service": NEUROLOGY},
    "service_lines": {"service": NEUROLOGY},
    "service_status": {"service": NEUROLOGY},
    "service_spend_per_head": {"service": NEUROLOGY},
    "service_footprint": {"service": NEUROLOGY},
    "service_footprint_years": {"service": NEUROLOGY},
    "spend_by_year": {"service": NEUROLOGY},
    "spend_by_month": {"service": NEUROLOGY},
    "provider_services": {"provider": "RJ1"},
    "provider_homes": {"provider": "RJ1"},
    "provider_sites": {"provider": "RJ1"},
    "footprints": {},
    "footprint_levels": {},
    "networks": {},
    "network_footprint": {"network": "neurosciences"},
    "network_comparison": {"network": "neurosciences"},
    "network_delivery": {"network": "neurosciences"},
    "network_flows": {"network": "neurosciences"},
    "flow_dashboard": {"service": NEUROLOGY, "measure": "cost"},
}


class Reader:
    user = None

    def __init__(self, mode):
        self.mode = mode


def run(name, mode, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


@pytest.fixture(scope="module")
def published(loaded_reference):
    handful = fact(
        service_code="NCBPS08O", home_system="QKS", commissioner="91Q", home="91Q", spells=3, actual=SECRET, site="RJ122"
    )
    many = [fact(month=month, spells=400, actual=50_000, planned=50_000) for month in range(1, 13)]
    return publish([handful, *many])


@pytest.fixture
def loaded(published, db):
    return published


def files(result):
    return {"csv": result.downloads["csv"]().decode("utf-8-sig"), "json": result.downloads["json"]().decode()}


def drawings(result):
    return [draw_svg(result.chart), json.dumps(plotly_spec(result.chart))] if result.chart else []


def words(result):
    chart = [result.chart.title, result.chart.summary] if result.chart else []
    return [*chart, *result.notes]


@pytest.mark.parametrize("name", FIGURES)
def test_the_money_of_three_people_is_in_no_file_picture_or_sentence_outside(loaded, name):
    result = run(name, Mode.OUTSIDE, **FIGURES[name])
    for text in [*files(result).values(), *drawings(result), *words(result)]:
        # What a file says of itself has the time of day in it.
        assert not SAID.search(re.sub(r"\d\d:\d\d:\d\d\S*", "", text)), (name, SAID.search(text))


@pytest.mark.parametrize("name", FIGURES)
def test_inside_the_same_figures_hide_nothing(loaded, name):
    frame = run(name, Mode.INSIDE, **FIGURES[name]).frame
    assert not any(value is HIDDEN for column in frame for value in frame[column])


@pytest.mark.parametrize("name", ["service_providers", "spend_by_month", "provider_services", "service_footprint"])
def test_inside_the_money_is_there_to_be_hidden(loaded, name):
    """Otherwise hiding it would prove nothing."""
    assert "777777" in files(run(name, Mode.INSIDE, **FIGURES[name]))["csv"].replace(",", "")


LEADING = {"services": "/services/7/", "service_providers": "/providers/RJ1/", "provider_services": "/services/7/"}


@pytest.mark.parametrize(("name", "address"), LEADING.items())
def test_names_are_words_in_files_and_links_on_pages(signed_in, programme_team, loaded, name, address):
    client = signed_in(programme_team)
    query = {**FIGURES[name], "service": CARDIAC} if name == "service_providers" else {"provider": "RJ1"}
    for extension in ("csv", "json"):
        response = client.get(f"/figure/{name}.{extension}", query if name != "services" else {})
        assert response.status_code == 200
        assert b"href" not in response.content
        assert address.encode() not in response.content
    page = {"services": "/services/", "service_providers": "/services/7/", "provider_services": "/providers/RJ1/"}[name]
    assert f'href="{address}"' in client.get(page).content.decode()


def test_codes_of_no_service_lead_nowhere(signed_in, programme_team, loaded):
    publish([fact(provider="RJZ", service_code="NOTLISTED", actual=5)])
    text = signed_in(programme_team).get("/services/").content.decode()
    assert "Codes of no listed service" in text
    assert 'href="/services//"' not in text


def test_links_of_an_older_position_stay_in_it(signed_in, programme_team, loaded):
    later = publish([fact(provider="RJZ", actual=5)])
    assert later > loaded
    client = signed_in(programme_team)
    assert f'href="/services/7/?position={loaded}"' in client.get(f"/services/?position={loaded}").content.decode()
    assert 'href="/services/7/"' in client.get("/services/").content.decode()


PAGES = ["/services/", "/services/7/", "/providers/", "/providers/RJ1/", "/networks/footprints/"]


@pytest.mark.parametrize("path", [*PAGES, "/services/nowhere/", "/providers/nowhere/"])
def test_nobody_is_shown_a_page_before_signing_in(client, loaded, path):
    response = client.get(path)
    assert response.status_code == 302
    assert "/sign-in/" in response["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_everyone_who_sees_figures_sees_them_and_an_administrator_does_not(signed_in, person, loaded, path):
    for role, organisation in [(Role.PROGRAMME_TEAM, ""), (Role.FINANCE_LEAD, "RJZ"), (Role.BOARD_MEMBER, "")]:
        assert signed_in(person(role, organisation)).get(path).status_code == 200, role
    assert signed_in(person(Role.ADMINISTRATOR)).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_only_read(signed_in, programme_team, loaded, path):
    assert signed_in(programme_team).post(path).status_code == 405


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/providers/rj1/", "/providers/RJ1/"),
        ("/providers/rj1/?year=2025/26&position=1", "/providers/RJ1/?year=2025%2F26&position=1"),
        ("/services/NONE-A01/?measure=activity", "/services/none-a01/?measure=activity"),
    ],
)
def test_a_code_written_otherwise_leads_to_its_page_with_what_was_asked(signed_in, programme_team, loaded, path, to):
    response = signed_in(programme_team).get(path)
    assert (response.status_code, response["Location"]) == (302, to)


@pytest.mark.parametrize("path", ["/services/1e9/", "/providers/XXX/", "/providers/7/", "/services/RJ1/", "/networks/footprint/"])
def test_codes_of_nothing_are_not_found(signed_in, programme_team, loaded, path):
    assert signed_in(programme_team).get(path).status_code == 404


def test_who_took_what_away_is_in_the_audit_trail(signed_in, board_member, loaded):
    signed_in(board_member).get("/figure/service_providers.csv", {"service": NEUROLOGY})
    event = AuditEvent.objects.get(by=board_member, action="exported figure")
    assert event.about == "service_providers"
    assert (event.detail["format"], event.detail["mode"], event.detail["status"]) == ("csv", "outside", 200)


def test_a_board_member_takes_away_what_is_for_outside(signed_in, board_member, programme_team, loaded):
    query = {"service": NEUROLOGY}
    taken = {person: signed_in(person).get("/figure/service_providers.csv", query) for person in (board_member, programme_team)}
    assert "*" in taken[board_member].content.decode()
    assert "777777" in taken[programme_team].content.decode().replace(",", "")
    assert taken[board_member]["ETag"] != taken[programme_team]["ETag"]


def test_a_picture_of_a_figure_without_a_chart_is_not_there(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    assert client.get("/figure/service_lines.svg", {"service": NEUROLOGY}).status_code == 404
    assert client.get("/figure/service_providers.svg", {"service": NEUROLOGY}).status_code == 200


def test_a_file_of_a_service_that_is_not_named_says_so(signed_in, programme_team, loaded):
    response = signed_in(programme_team).get("/figure/service_lines.csv")
    assert response.status_code == 400
    assert "Choose a service" in response.content.decode()


def test_a_later_position_changes_the_kept_copy_and_nothing_else_does(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    tags = [client.get("/figure/services.csv")["ETag"] for _ in range(2)]
    assert tags[0] == tags[1]
    assert client.get("/figure/services.csv", headers={"If-None-Match": tags[0]}).status_code == 304
    assert client.get("/figure/services.csv", {"search": "cardiac"})["ETag"] != tags[0]
    publish([fact(provider="RJZ", actual=5)])
    assert client.get("/figure/services.csv", headers={"If-None-Match": tags[0]}).status_code == 200
