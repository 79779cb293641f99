"""What scenarios assume: which row counts, what may be recorded, projected people, and that saved versions keep theirs."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent
from planning.calculations.assumptions import SCOPES, Assumptions, rows_in_force
from planning.calculations.growth import demographic_factors, growth_factors, people_by_home
from planning.models import Assumption, PopulationProjection, ProjectedPeople
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.scenario_area import make_scenario, publish_area, repatriation, services_of

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
PAGE = "/flows/scenarios/assumptions/"
BANDS = ["0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+"]


def row(key="step", value=1, *, from_year="2019/20", at=EARLY, default=False, **scope) -> dict:
    own = {"kind": "cost", "key": key, "value": D(str(value)), "from_year": from_year, "recorded_at": at, "default": default}
    return {**own, **dict.fromkeys(SCOPES, ""), **scope}


def frame(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(pk=range(1, len(rows) + 1))


def in_force(*rows, year="2025/26", at=None) -> Assumptions:
    return Assumptions(rows_in_force(frame(*rows), year=year, at=at))


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        ({}, 1),
        ({"unit": "ATT"}, 2),
        ({"service": "7", "unit": "ATT"}, 3),
        ({"service": "8", "unit": "ATT"}, 2),
        ({"provider": "RJ1", "service": "7", "unit": "ATT"}, 4),
        ({"provider": "RJZ", "service": "7"}, 3),
    ],
)
def test_the_most_particular_row_counts(scope, value):
    rows = [row(value=1), row(value=2, unit="ATT"), row(value=3, service="7"), row(value=4, provider="RJ1")]
    assert in_force(*rows).value("cost", "step", **scope) == value


def test_the_latest_year_that_has_begun_counts_and_then_the_row_recorded_last():
    rows = [
        row(value=1),
        row(value=2, from_year="2024/25"),
        row(value=3, from_year="2026/27"),
        row(value=4, from_year="2024/25", at=LATE),
    ]
    assert in_force(*rows).value("cost", "step") == 4
    assert in_force(*rows, year="2023/24").value("cost", "step") == 1
    assert in_force(*rows, year="2026/27").value("cost", "step") == 3


def test_what_was_recorded_later_is_left_out_unless_nobody_decided_it():
    rows = [row(value=1), row(value=2, at=LATE), row("length", 5, at=LATE, default=True)]
    known = in_force(*rows, at=datetime(2026, 3, 1, tzinfo=UTC))
    assert known.value("cost", "step") == 1
    assert known.value("cost", "length") == 5


def test_series_end_where_nothing_more_is_said():
    rows = [row("release_1", 0), row("release_2", "0.5"), row("release_4", 1)]
    assert in_force(*rows).series("cost", "release") == (0, D("0.5"))
    assert in_force(*rows).series("cost", "another") == ()


def test_it_is_remembered_what_was_used():
    known = in_force(row(value=1), row("unused", 2))
    known.value("cost", "step", unit="ATT")
    assert list(known.used) == [1]
    with pytest.raises(LookupError, match="occupancy"):
        known.value("stay", "occupancy")


PEOPLE = pd.DataFrame(
    [("P1", 2025, "f", "0-4", 100), ("P1", 2026, "f", "0-4", 110), ("P2", 2025, "f", "0-4", 300), ("P2", 2026, "f", "0-4", 270)],
    columns=["area", "year", "sex", "age_band", "people"],
)
SHARES = pd.DataFrame([("P1", "SEL", 1.0), ("P2", "SEL", 0.5), ("P2", "SWL", 0.5)], columns=["place", "system", "share"])
USE = pd.DataFrame([("f", "0-4", 2.0)], columns=["sex", "age_band", "use"])


def test_a_place_is_divided_between_systems_by_where_people_live():
    people = people_by_home(PEOPLE, SHARES).set_index(["home", "year"])["people"]
    assert people.to_dict() == {("SEL", 2025): 250, ("SEL", 2026): 245, ("SWL", 2025): 150, ("SWL", 2026): 135}


def test_a_system_that_is_projected_itself_does_not_take_its_places():
    own = pd.DataFrame([("SWL", 2025, "f", "0-4", 1000)], columns=PEOPLE.columns)
    people = people_by_home(pd.concat([PEOPLE, own]), SHARES)
    assert list(people.loc[people["home"] == "SWL", "people"]) == [1000]


def test_growth_is_of_people_by_their_use():
    people = people_by_home(PEOPLE, SHARES)
    factors = demographic_factors(people, USE, base_year="2025/26", years=["2026/27", "2027/28"])
    assert factors.set_index("home")["factor"].to_dict() == pytest.approx({"SEL": 0.98, "SWL": 0.9})
    assert set(factors["year"]) == {"2026/27"}


def test_without_the_opening_year_or_an_age_there_is_no_factor():
    people = people_by_home(PEOPLE, SHARES)
    assert demographic_factors(people, USE, base_year="2030/31", years=["2031/32"]).empty
    both = pd.concat([USE, pd.DataFrame([("m", "0-4", 1.0)], columns=USE.columns)])
    assert demographic_factors(people, both, base_year="2025/26", years=["2026/27"]).empty


def test_factors_are_of_each_home_and_service():
    cells = pd.DataFrame([("SEL", "a"), ("SEL", "a"), ("SWL", "b")], columns=["home", "service"])
    got = growth_factors(
        cells, move=3, years={1: 1, 2: 2}, demographic=lambda home, year: 1.1, non_demographic=lambda home, service: D("0.5")
    )
    assert list(got["factor"]) == pytest.approx([1.65, 1.65, 2.475, 2.475])
    assert set(got["move"]) == {3}


pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, programme_team, reference):
    return signed_in(programme_team)


def value_of(**changes) -> dict:
    given = {"key": "length_of_stay", "value": "6.5", "service": services_of("NCBPS13B")[0], "provider": "", "home": ""}
    given |= {
        "point_of_delivery": "EL",
        "unit": "",
        "from_year": "2025/26",
        "owner": "Finance leads",
        "source": "Trust costs 2024/25",
    }
    return {**given, **changes}


def test_what_came_with_the_product_is_marked_as_default(client):
    page = client.get(PAGE).content.decode()
    assert "are defaults that nobody has decided" in page
    for words in ("Default", "Illustrative", "Programme team", "Low-volume relationship, below", "1,500,000"):
        assert words in page


def test_another_value_is_recorded_with_owner_source_and_date(client, programme_team):
    assert client.post(f"{PAGE}add/", value_of()).url == PAGE
    row = Assumption.objects.get(recorded_by=programme_team)
    assert (row.kind, row.key, row.value, row.measured_in) == ("stay", "length_of_stay", D("6.5"), "days of stay of a spell")
    assert (row.default, row.illustrative, row.owner) == (False, False, "Finance leads")
    assert "Decided" in client.get(PAGE).content.decode()
    assert AuditEvent.objects.filter(action="changed assumption", by=programme_team).exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key": ""}, "Select what is assumed"),
        ({"value": "x"}, "Value must be a number, such as 0.35"),
        ({"value": "-1"}, "Length of stay must be between 0 and 365"),
        (
            {"key": "variable_share", "value": "1.2", "point_of_delivery": ""},
            "Variable share of unit cost must be between 0 and 1",
        ),
        ({"key": "demographic", "value": "0.5", "service": "", "point_of_delivery": ""}, "must be between −0.2 and 0.2"),
        ({"key": "occupancy", "value": "0.9"}, "Bed occupancy is not said of one point of delivery: leave it at Everything"),
        ({"from_year": "2025"}, ""),
        ({"from_year": "soon"}, "Enter a financial year, such as 2025/26"),
        ({"owner": ""}, "Enter who owns it"),
        ({"source": ""}, "Enter where it comes from"),
        ({"provider": "XXX"}, "is not on the list"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_field(client, changes, says):
    response = client.post(f"{PAGE}add/", value_of(**changes))
    if not says:
        assert response.status_code == 302
        return
    assert response.status_code == 200
    assert says in response.content.decode().replace("&#x27;", "'")
    assert not Assumption.objects.exclude(recorded_by=None).exists()


def test_rows_are_added_and_never_changed(reference):
    with pytest.raises(TypeError, match="not changed"):
        Assumption.objects.update(value=1)


def test_a_saved_version_keeps_what_was_assumed_then(client, programme_team):
    made = make_scenario(programme_team, position=publish_area())
    address = f"/flows/scenarios/{made.pk}/"
    before = client.get(address).content.decode()
    assert "Earlier assumptions" not in before
    client.post(f"{PAGE}add/", value_of(key="variable_share", value="0.9", service="", point_of_delivery=""))
    after = client.get(address).content.decode()
    assert "Earlier assumptions" in after
    released = [run("scenario_years", programme_team, made.pk).frame["cost_released"].iloc[0] for _ in range(2)]
    client.post(f"/flows/scenarios/{made.pk}/moves/1/", {
        "homes": ["QWE"], "services": repatriation()["services"], "senders": ["RJ1"], "receiver": "RJ7", "share": "50",
        "first_year": "1", "payment": "rules",
    })  # fmt: skip
    client.post(f"/flows/scenarios/{made.pk}/save/")
    assert run("scenario_years", programme_team, made.pk).frame["cost_released"].iloc[0] == released[0], "of spells 0.4 is said"


def run(name, user, scenario, mode=Mode.INSIDE, **filters):
    from types import SimpleNamespace

    return run_figure(figure_named(name), SimpleNamespace(user=user, mode=mode), {"scenario": scenario, **filters}, page=True)


def test_assumptions_of_a_scenario_say_where_each_comes_from(client, programme_team):
    growing = {"kind": "growth", "non_demographic": "0.05"}
    made = make_scenario(programme_team, repatriation(payment="fixed", one_off=400_000), growing, position=publish_area())
    rows = run("scenario_assumptions", programme_team, made.pk).frame.to_dict("records")
    by_state = {state: [r["what"] for r in rows if r["state"] == state] for state in ("Of this move", "Computed", "Default")}
    assert by_state["Of this move"] == ["Payment that follows the patient", "One-off cost", "Non-demographic growth"]
    assert "Market forces factor" in by_state["Computed"]
    assert {"Variable cost", "Length of stay", "Demographic growth"} <= set(by_state["Default"])
    assert all(r["source"] and r["owner"] for r in rows)
    assert "are defaults that nobody has decided" in run("scenario_assumptions", programme_team, made.pk).title


def projection(rows) -> SimpleUploadedFile:
    text = "area,year,sex,age_band,people\n" + "".join(",".join(map(str, r)) + "\n" for r in rows)
    return SimpleUploadedFile("projections.csv", text.encode("utf-8-sig"))


def projected(area="QWE", growth=0.05) -> list[tuple]:
    return [
        (area, year, sex, band, round(10_000 * (1 + growth) ** (year - 2025)))
        for year in range(2025, 2031)
        for sex in "fm"
        for band in BANDS
    ]


def upload(client, file, **changes):
    return client.post(f"{PAGE}projected-people/", {"file": file, "name": "GLA 2024", "owner": "GLA", "source": "GLA", **changes})


def test_projected_people_are_uploaded_and_growth_rests_on_them(client, programme_team):
    growing = {"kind": "growth", "homes": ["QWE"], "non_demographic": "0"}
    made = make_scenario(programme_team, growing, position=publish_area())
    assert upload(client, projection(projected())).url == PAGE
    assert PopulationProjection.objects.get().rows == ProjectedPeople.objects.count() == 120
    assert "GLA 2024" in client.get(PAGE).content.decode()
    spells = [run("scenario_flows", programme_team, made.pk).frame["activity"].sum()]
    client.post(f"/flows/scenarios/{made.pk}/moves/1/", {"homes": ["QWE"], "non_demographic": "0", "payment": "rules"})
    client.post(f"/flows/scenarios/{made.pk}/save/")
    spells.append(run("scenario_flows", programme_team, made.pk).frame["activity"].sum())
    whole = 12 * 150 * 1_000
    assert spells[0] == pytest.approx(whole * (1.01**5 - 1), rel=1e-3)
    assert spells[1] == pytest.approx(whole * (1.05**5 - 1), rel=1e-3)
    sources = run("scenario_assumptions", programme_team, made.pk).frame
    assert "GLA (GLA 2024)" in set(sources["source"])


def test_the_newest_upload_that_holds_an_area_counts(client, programme_team):
    from planning.queries.assumptions import projected_people

    upload(client, projection(projected("QWE") + projected("QKK")))
    upload(client, projection(projected("QWE", growth=0.1)), name="Newer")
    people = projected_people(None)
    by_area = people[people["year"] == 2026].groupby("area")["people"].first().to_dict()
    assert by_area == {"QKK": 10_500, "QWE": 11_000}


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (projection([("NOWHERE", 2025, "f", "0-4", 1)]), ("NOWHERE", "Use a code of places.csv")),
        (projection([("QWE", 2025, "x", "0-4", 1)]), ("2", "Use one of: f, m.")),
        (projection([("QWE", 2025, "f", "0-5", 1)]), ("age_band", "Use one of: 0-4")),
        (projection([("QWE", 2025, "f", "0-4", "many")]), ("people", "Write a whole number without commas.")),
        (projection([("QWE", 2025, "f", "0-4", -1)]), ("-1", "Use a value of at least 0.")),
        (projection([("QWE", 2025, "f", "0-4", 1)] * 2), ("3", "Remove it: row 2 is the same.")),
        (projection([]), ("Add rows", "The file was not kept")),
        (SimpleUploadedFile("p.csv", b"area,year\nQWE,2025\n"), ("age_band", "Add this column: its heading is missing.")),
        (SimpleUploadedFile("p.csv", b"\xff\xfe\x00"), ("The file was not kept", "Add this column: its heading is missing.")),
        (SimpleUploadedFile("p.ods", b"PK"), ("There is a problem", "The selected file must be a CSV or XLSX")),
        ("", ("There is a problem", "Select a file of projected people")),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_row_by_row(client, file, says):
    page = upload(client, file).content.decode()
    for words in says:
        assert words in page
    assert not PopulationProjection.objects.exists()
