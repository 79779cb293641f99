"""What scenarios assume: what may be recorded, by whom, what counts, and what pages and files say of it."""

import io
from decimal import Decimal as D

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent, Role, User
from accounts.permissions import NotAllowed
from planning import actions
from planning.calculations.assumptions import rows_in_force
from planning.figures.assumptions import assumptions_sentence, scope_words, what_words
from planning.forms.assumptions import KEYS, AssumptionForm, ProjectionForm
from planning.models import Assumption, PopulationProjection, ProjectedPeople
from planning.queries.assumptions import assumption_rows, assumptions_version, projected_people, projections
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.workbook_files import workbook_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PAGE = "/flows/scenarios/assumptions/"
MAKERS = "Scenarios are made by the programme team and finance leads"
CARDIAC = "4"
SAID = {
    "key": "variable_share",
    "value": "0.35",
    "service": "",
    "provider": "RJ1",
    "from_year": "2025/26",
    "owner": "Costing group",
    "source": "Service-line costs of 2024/25",
}
MANY = "Value must have at most 10 digits before the point and 6 after it"
NO_YEAR = "Enter a financial year, such as 2025/26"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"key": ""}, "key", "Select what is assumed"),
        ({"key": "colour"}, "key", "Select what is assumed from the list"),
        ({"value": ""}, "value", "Value must be a number, such as 0.35"),
        ({"value": "lots"}, "value", "Value must be a number, such as 0.35"),
        ({"value": "NaN"}, "value", "Value must be a number, such as 0.35"),
        ({"value": "Infinity"}, "value", "Value must be a number, such as 0.35"),
        ({"value": "1.01"}, "value", "Variable share of unit cost must be between 0 and 1"),
        ({"value": "-0.1"}, "value", "Variable share of unit cost must be between 0 and 1"),
        ({"value": "0.1234567"}, "value", MANY),
        ({"value": "12345678901"}, "value", MANY),
        ({"value": "1e300"}, "value", MANY),
        ({"key": "step", "value": "0"}, "value", "Step of semi-fixed cost must be between 1 and 1000000"),
        ({"key": "occupancy", "value": "0"}, "value", "Bed occupancy must be between 0.01 and 1"),
        ({"key": "demographic", "provider": "", "value": "0.21"}, "value", "Demographic growth must be between −0.2 and 0.2"),
        ({"key": "length_of_stay", "value": "366"}, "value", "Length of stay must be between 0 and 365"),
        ({"provider": "XXX"}, "provider", "Of which provider: “XXX” is not on the list"),
        ({"service": "heart"}, "service", "Of which service: “heart” is not on the list"),
        ({"home": "72Q"}, "home", "Of people of which home: “72Q” is not on the list"),
        ({"unit": "MILES"}, "unit", "Of which kind of activity: “MILES” is not on the list"),
        ({"home": "QKK"}, "home", "Variable share of unit cost is not said of one home: leave it at Everything"),
        (
            {"point_of_delivery": "EL"},
            "point_of_delivery",
            "Variable share of unit cost is not said of one point of delivery: leave it at Everything",
        ),
        (
            {"key": "occupancy", "unit": "SPELL"},
            "unit",
            "Bed occupancy is not said of one kind of activity: leave it at Everything",
        ),
        (
            {"key": "demographic", "value": "0"},
            "provider",
            "Demographic growth is not said of one provider: leave it at Everything",
        ),
        ({"from_year": ""}, "from_year", NO_YEAR),
        ({"from_year": "soon"}, "from_year", NO_YEAR),
        ({"from_year": "2025/27"}, "from_year", NO_YEAR),
        ({"from_year": "April 2025"}, "from_year", NO_YEAR),
        ({"owner": " "}, "owner", "Enter who owns it"),
        ({"owner": "x" * 121}, "owner", "The owner must be 120 characters or fewer"),
        ({"source": ""}, "source", "Enter where it comes from"),
        ({"source": "x" * 501}, "source", "The source must be 500 characters or fewer"),
    ],
)
def test_what_may_not_be_recorded_is_said_with_its_field(changes, field, says):
    form = AssumptionForm({**SAID, **changes})
    assert not form.is_valid()
    assert form.errors == {field: [says]}


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({}, {"kind": "cost", "measured_in": "share of unit cost", "provider": "RJ1", "value": D("0.35")}),
        ({"from_year": "202526"}, {"from_year": "2025/26"}),
        ({"from_year": "2025-26"}, {"from_year": "2025/26"}),
        ({"value": "0"}, {"value": D(0)}),
        ({"value": "1"}, {"value": D(1)}),
        (
            {"key": "demographic", "provider": "", "home": "QKK", "value": "-0.2"},
            {"kind": "growth", "key": "demographic", "home": "QKK", "measured_in": "a year"},
        ),
        ({"key": "low_volume_threshold", "provider": "", "value": "1500000"}, {"kind": "payment", "provider": ""}),
        ({"key": "fixed_release_3"}, {"measured_in": "share given up by year 3"}),
        ({"key": "semi_fixed_release_5"}, {"measured_in": "share given up by year 5"}),
    ],
)
def test_what_may_be_recorded_is_as_it_will_be_stored(changes, row):
    form = AssumptionForm({**SAID, **changes})
    assert form.is_valid(), form.errors
    assert row.items() <= form.row().items()


def test_every_key_that_came_with_the_product_can_be_recorded_anew():
    """But for the use of care by age and sex, which comes as a table."""
    shipped = set(Assumption.objects.exclude(kind="use").values_list("kind", "key"))
    assert shipped
    assert shipped <= {(kind, key) for key, (kind, *_) in KEYS.items()}


def record(by, **changes):
    said = {"kind": "cost", "key": "variable_share", "value": D("0.35"), "measured_in": "share of unit cost"}
    said |= {"from_year": "2025/26", "owner": "Costing group", "source": "Agreed"}
    return actions.add_assumption(by=by, **{**said, **changes})


def in_force(key="variable_share", year="2025/26", at=None, **scope) -> D:
    """The value that holds of one scope, looked for in plain loops."""
    wanted = {"provider": "", "service": "", "home": "", "point_of_delivery": "", "unit": "", **scope}
    rows = rows_in_force(assumption_rows(), year=year, at=at).to_dict("records")
    [found] = [row["value"] for row in rows if row["key"] == key and all(row[name] == code for name, code in wanted.items())]
    return found


def test_a_recorded_value_takes_the_place_of_the_default_from_its_year_on(programme_team):
    before, version = in_force(), assumptions_version()
    row = record(programme_team)
    assert (before, in_force(), in_force(year="2024/25")) == (D("0.4"), D("0.35"), D("0.4"))
    assert (row.default, row.illustrative, row.recorded_by) == (False, False, programme_team)
    assert assumptions_version() != version
    record(programme_team, value=D("0.3"))
    record(programme_team, value=D("0.1"), provider="RJ1")
    assert (in_force(), in_force(provider="RJ1")) == (D("0.3"), D("0.1"))
    assert in_force(at=row.recorded_at) == D("0.35")


def test_the_audit_trail_says_what_was_recorded_and_of_what(programme_team):
    record(programme_team, provider="RJ1", service="")
    event = AuditEvent.objects.get(action="changed assumption")
    assert (event.by, event.about) == (programme_team, "Cost behaviour: variable share")
    assert event.detail == {"value": "0.35", "from_year": "2025/26", "provider": "RJ1"}


@pytest.mark.parametrize(("role", "organisation"), [(Role.BOARD_MEMBER, ""), (Role.ADMINISTRATOR, "")])
def test_who_reads_does_not_record(person, role, organisation):
    reader = person(role, organisation)
    before = Assumption.objects.count()
    with pytest.raises(NotAllowed, match=MAKERS):
        record(reader)
    people = pd.DataFrame([{"area": "QKK", "year": 2025, "sex": "f", "age_band": "0-4", "people": 1}])
    with pytest.raises(NotAllowed, match=MAKERS):
        actions.add_projection(by=reader, name="N", owner="O", source="S", file_name="f.csv", people=people)
    assert (Assumption.objects.count(), PopulationProjection.objects.count()) == (before, 0)
    assert not AuditEvent.objects.filter(by=reader).exists()


def test_a_row_is_never_changed():
    with pytest.raises(TypeError, match="a later row takes its place"):
        Assumption.objects.filter(kind="cost").update(value=0)


def test_loading_again_adds_nothing_and_keeps_what_was_decided(programme_team, settings, tmp_path):
    record(programme_team)
    before = Assumption.objects.count()
    table = pd.read_csv(settings.BASE_DIR / "fixtures" / "reference" / "assumptions.csv", dtype=str, keep_default_na=False)
    table.to_csv(tmp_path / "assumptions.csv", index=False)
    counts = actions.load_assumptions(by=programme_team, folder=tmp_path)
    assert counts["assumptions"]["created"] == 0
    assert (Assumption.objects.count(), in_force()) == (before, D("0.35"))
    new = table.iloc[[0]].assign(from_year="2030/31", value="0.9")
    pd.concat([table, new]).to_csv(tmp_path / "assumptions.csv", index=False)
    assert actions.load_assumptions(by=programme_team, folder=tmp_path)["assumptions"]["created"] == 1
    assert (in_force(year="2029/30"), in_force(year="2030/31")) == (D("0.35"), D("0.9"))
    assert AuditEvent.objects.filter(action="loaded reference data", about="assumptions").exists()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("kind", "weather", "Use one of: price, cost, payment, stay, growth, use."),
        ("key", "", "Fill in this cell: it may not be blank."),
        ("value", "much", "Write a number without commas or signs other than a minus."),
        ("from_year", "2025", "Write the financial year as 2025/26."),
        ("default", "yes", "Write true or false."),
        ("provider", "RJ1RJ1", "Shorten it to at most 5 characters; it has 6."),
    ],
)
def test_a_row_with_a_fault_refuses_the_whole_file(programme_team, tmp_path, settings, column, value, says):
    table = pd.read_csv(settings.BASE_DIR / "fixtures" / "reference" / "assumptions.csv", dtype=str, keep_default_na=False)
    fresh = table.assign(from_year="2031/32")
    fresh.loc[2, column] = value
    fresh.to_csv(tmp_path / "assumptions.csv", index=False)
    before = Assumption.objects.count()
    with pytest.raises(actions.ReferenceRefused) as refusal:
        actions.load_assumptions(by=programme_team, folder=tmp_path)
    assert refusal.value.problems[["row", "column", "message"]].to_numpy().tolist() == [[4, column, says]]
    assert Assumption.objects.count() == before


def test_a_folder_without_the_file_is_refused(programme_team, tmp_path):
    with pytest.raises(actions.ReferenceRefused) as refusal:
        actions.load_assumptions(by=programme_team, folder=tmp_path)
    assert list(refusal.value.problems["message"]) == ["Add this file: it is missing."]


HEADINGS = "area,year,sex,age_band,people"
ONE = f"{HEADINGS}\nQKK,2025,f,0-4,1000\n"


def read(content: str | bytes) -> pd.DataFrame:
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = "people.csv"
    return actions.read_projections(file, {"places": {"QKK", "QWE", "E09000022"}})


@pytest.mark.parametrize(
    ("content", "row", "column", "says"),
    [
        (b"a\x00b", 1, "", "Save the file as CSV (UTF-8) or as an Excel workbook (.xlsx): this is not text."),
        (f"{HEADINGS}\n", 1, "", "Add rows: there are none under the headings."),
        ("area,year,sex,age_band\nQKK,2025,f,0-4\n", 1, "people", "Add this column: its heading is missing."),
        (
            f"{HEADINGS},note\nQKK,2025,f,0-4,5,x\n",
            1,
            "note",
            "Remove or rename this column; the table has area, year, sex, age_band, people.",
        ),
        (f"{HEADINGS},People \nQKK,2025,f,0-4,5,6\n", 1, "people", "Remove one of the columns of this heading."),
        (ONE.replace("QKK", "ZZZ"), 2, "area", "Use a code of places.csv, or add this one there first."),
        (ONE.replace("QKK", ""), 2, "area", "Fill in this cell: it may not be blank."),
        (ONE.replace("2025", "2009"), 2, "year", "Use a value of at least 2010."),
        (ONE.replace("2025", "2101"), 2, "year", "Use a value of at most 2100."),
        (ONE.replace("2025", "2025/26"), 2, "year", "Write a whole number without commas."),
        (ONE.replace(",f,", ",F,"), 2, "sex", "Use one of: f, m."),
        (ONE.replace(",1000", ",-1"), 2, "people", "Use a value of at least 0."),
        (ONE.replace(",1000", ",1000.5"), 2, "people", "Write a whole number without commas."),
        (ONE.replace(",1000", ',"1,000"'), 2, "people", "Write a whole number without commas."),
        (ONE + "QKK,2025,f,0-4,1001\n", 3, "area, year, sex, age_band", "Remove it: row 2 is the same."),
    ],
)
def test_a_file_of_projected_people_is_refused_with_row_column_and_what_to_do(content, row, column, says):
    with pytest.raises(actions.ReferenceRefused) as refusal:
        read(content)
    found = refusal.value.problems[["row", "column", "message"]].to_numpy().tolist()
    assert [row, column, says] in found, found


def test_a_file_of_projected_people_is_read_as_spreadsheets_write_it():
    rows = read(("\ufeff" + " Area ,YEAR,Sex,age_band,People\r\nQKK, 2025,f,85+,0\r\nE09000022,2026,m,0-4,7\r\n").encode())
    assert rows.to_numpy().tolist() == [["QKK", 2025, "f", "85+", 0], ["E09000022", 2026, "m", "0-4", 7]]


def upload(by, rows, **changes):
    people = pd.DataFrame(rows, columns=HEADINGS.split(","))
    about = {"name": "Projections", "owner": "Planners", "source": "A publisher", "file_name": "people.csv"}
    return actions.add_projection(by=by, people=people, **{**about, **changes})


def test_the_newest_upload_of_an_area_counts_and_the_older_ones_stay(programme_team):
    first = upload(programme_team, [("QKK", 2025, "f", "0-4", 10), ("QWE", 2025, "f", "0-4", 20)], name="Older")
    version = assumptions_version()
    second = upload(programme_team, [("QKK", 2025, "f", "0-4", 11), ("QKK", 2026, "f", "0-4", 12)], name="Newer")
    assert assumptions_version() != version
    now = projected_people(None)
    assert now.to_numpy().tolist() == [
        ["QKK", 2025, "f", "0-4", 11, second.pk],
        ["QKK", 2026, "f", "0-4", 12, second.pk],
        ["QWE", 2025, "f", "0-4", 20, first.pk],
    ]
    then = projected_people(first.recorded_at)
    assert list(zip(then["area"], then["people"], strict=True)) == [("QKK", 10), ("QWE", 20)]
    assert [str(one) for one in projections(None)] == ["Newer", "Older"]
    assert projections(first.recorded_at) == [first]
    assert (first.rows, second.rows) == (2, 2)
    assert str(ProjectedPeople.objects.filter(projection=second).order_by("year").first()) == "QKK 2025, f 0-4"


def test_an_upload_is_in_the_audit_trail(programme_team):
    upload(programme_team, [("QKK", 2025, "f", "0-4", 10)])
    event = AuditEvent.objects.get(action="uploaded population projections")
    assert (event.about, event.detail) == ("Projections", {"rows": 1, "file": "people.csv"})


@pytest.mark.parametrize("content", ["", 'a,"b\n', b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_told_so(content):
    with pytest.raises(actions.ReferenceRefused) as refusal:
        read(content)
    said = list(refusal.value.problems["message"])
    assert any(words.startswith(("Mend the file, it cannot be read as a CSV", "Add this column")) for words in said)


def test_a_workbook_of_projected_people_is_read_as_its_csv():
    rows = [line.split(",") for line in ONE.splitlines()]
    pd.testing.assert_frame_equal(read(workbook_bytes({"People": rows})), read(ONE))


def test_without_an_upload_nobody_is_projected():
    assert projected_people(None).empty


ABOUT = {"name": "GLA 2024", "owner": "GLA", "source": "London Datastore"}


@pytest.mark.parametrize(
    ("about", "file", "field", "says"),
    [
        ({}, None, "file", "Select a file of projected people"),
        ({}, ("people.csv", b""), "file", "The selected file is empty"),
        ({}, ("people.pdf", b"x"), "file", "The selected file must be a CSV or XLSX"),
        ({}, ("people", b"x"), "file", "The selected file must be a CSV or XLSX"),
        ({}, ("people.csv", b"x" * (20 * 1024 * 1024 + 1)), "file", "The selected file must be smaller than 20MB"),
        ({"name": ""}, ("people.csv", b"x"), "name", "Enter a name"),
        ({"name": "x" * 121}, ("people.csv", b"x"), "name", "The name must be 120 characters or fewer"),
        ({"owner": ""}, ("people.csv", b"x"), "owner", "Enter who owns it"),
        ({"owner": "x" * 121}, ("people.csv", b"x"), "owner", "The owner must be 120 characters or fewer"),
        ({"source": ""}, ("people.csv", b"x"), "source", "Enter where it comes from"),
        ({"source": "x" * 501}, ("people.csv", b"x"), "source", "The source must be 500 characters or fewer"),
    ],
)
def test_an_upload_that_lacks_something_says_what(about, file, field, says):
    files = {"file": SimpleUploadedFile(*file)} if file else {}
    form = ProjectionForm({**ABOUT, **about}, files)
    assert not form.is_valid()
    assert form.errors == {field: [says]}


def test_people_are_uploaded_and_listed_on_the_page(signed_in, finance_lead):
    client = signed_in(finance_lead)
    assert "None are uploaded: growth with people takes the assumed rate." in client.get(PAGE).content.decode()
    wrong = SimpleUploadedFile("people.csv", ONE.replace("QKK", "<b>").encode())
    page = client.post(f"{PAGE}projected-people/", {**ABOUT, "file": wrong}).content.decode()
    assert "The file was not kept: 1 problem<" in page
    assert "&lt;b&gt;" in page
    many = HEADINGS + "\n" + "".join(f"ZZ{n},2025,f,0-4,1\n" for n in range(120))
    page = client.post(f"{PAGE}projected-people/", {**ABOUT, "file": SimpleUploadedFile("people.csv", many.encode())})
    assert "The file was not kept: 120 problems, the first 100 shown" in page.content.decode()
    assert not PopulationProjection.objects.exists()
    right = SimpleUploadedFile("PEOPLE.CSV", ONE.encode())
    page = client.post(f"{PAGE}projected-people/", {**ABOUT, "file": right}, follow=True).content.decode()
    assert "Projected people are uploaded: 1 row." in page
    assert "GLA 2024: 1 row from PEOPLE.CSV. Owner: GLA. Source: London Datastore." in page


def test_a_value_is_recorded_from_its_page_and_shown_as_decided(signed_in, finance_lead):
    client = signed_in(finance_lead)
    page = client.post(f"{PAGE}add/", {**SAID, "value": "2"}).content.decode()
    assert "Variable share of unit cost must be between 0 and 1" in page
    before = client.get(PAGE)
    assert client.get(PAGE, headers={"If-None-Match": before["ETag"]}).status_code == 304
    said = client.post(f"{PAGE}add/", SAID, follow=True).content.decode()
    assert "The value is recorded." in said
    assert "Costing group" in client.get(f"{PAGE}?assumptions-sort=state").content.decode()
    assert client.get(PAGE, headers={"If-None-Match": before["ETag"]}).status_code == 200


def test_the_board_reads_what_is_assumed_and_is_offered_no_more(signed_in, board_member):
    page = signed_in(board_member).get(PAGE).content.decode()
    assert "are defaults that nobody has decided" in page
    assert "Record another value" not in page
    assert "Upload projected people" not in page


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        ("cost", "variable_share", "Variable cost"),
        ("cost", "semi_fixed_release_2", "Semi-fixed cost given up by year 2"),
        ("cost", "fixed_release_5", "Fixed cost given up by year 5"),
        ("use", "f_0-4", "Use of care a head, women 0-4"),
        ("use", "m_85+", "Use of care a head, men 85+"),
        ("stay", "turnover_interval", "Turnover interval"),
    ],
)
def test_what_is_assumed_is_said_in_words(kind, key, words):
    assert what_words(kind, key) == words


NOTHING = dict.fromkeys(("provider", "service", "home", "point_of_delivery", "unit"), "")


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({}, "Everything"),
        ({"provider": "RJ1", "home": "QKK"}, "Guy's and St Thomas', South East London"),
        ({"unit": "ATT"}, "attendances"),
        # A point of delivery has its unit already.
        ({"point_of_delivery": "XYZ", "unit": "SPELL"}, "XYZ"),
        ({"provider": "ZZ9"}, "ZZ9"),
    ],
)
def test_what_it_is_of_is_said_in_words(scope, words):
    assert scope_words({**NOTHING, **scope}) == words


class Reader:
    user, roles, organisations = None, frozenset(), frozenset()

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def test_the_figure_marks_defaults_and_made_up_numbers_and_names_each_source(programme_team):
    record(programme_team, provider="RJ1", value=D("0.125"))
    result = run_figure(figure_named("assumptions"), Reader(), {}, page=True)
    mine = result.frame[result.frame["owner"] == "Costing group"].iloc[0]
    assert (mine["what"], mine["scope"], mine["value"]) == ("Variable cost", "Guy's and St Thomas'", 0.125)
    assert (mine["state"], mine["quality"], mine["source"]) == ("Decided", "", "Agreed")
    others = result.frame[result.frame["owner"] != "Costing group"]
    assert set(others["state"]) == {"Default"}
    assert any(note.startswith("Default: it came with the product") for note in result.notes)
    sources = figure_named("assumptions").sources({})
    assert ("Variable cost: Guy's and St Thomas'", "0.125", "Agreed") in sources
    assert len(sources) == len(result.frame)
    shown = run_figure(figure_named("assumptions"), Reader(Mode.OUTSIDE), {}, page=True)
    assert shown.frame["value"].tolist() == result.frame["value"].tolist()
    csv = result.downloads["csv"]().decode("utf-8-sig")
    assert "Costing group" in csv


def test_the_sentence_counts_what_nobody_has_decided(programme_team):
    def sentence() -> str:
        return assumptions_sentence({"assumptions": run_figure(figure_named("assumptions"), Reader(), {}, page=True)})

    rows = Assumption.objects.all()
    count, made_up = rows.count(), rows.filter(illustrative=True).count()
    assert sentence() == (
        f"{count} assumptions in force: {count} are defaults that nobody has decided, and {made_up} are illustrative."
    )
    # Of the same scope and a later year: it takes the place of one default.
    record(programme_team)
    assert f"{count} assumptions in force: {count - 1} are defaults" in sentence()
    Assumption.objects.exclude(owner="Costing group").delete()
    assert sentence() == "1 assumption in force: 0 are defaults that nobody has decided."
    Assumption.objects.all().delete()
    assert sentence() == "Nothing is assumed yet: an administrator loads the reference data."


def test_the_administration_shows_assumptions_and_changes_none(client):
    keeper = User.objects.create_superuser("keeper@example.nhs.uk", "a long enough password")
    client.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
    row = Assumption.objects.first()
    assert client.get(reverse("admin:planning_assumption_changelist")).status_code == 200
    assert client.get(reverse("admin:planning_assumption_change", args=[row.pk])).status_code == 200
    assert client.post(reverse("admin:planning_assumption_change", args=[row.pk]), {"value": "1"}).status_code == 403
    assert client.get(reverse("admin:planning_assumption_add")).status_code == 403
    assert client.post(reverse("admin:planning_assumption_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
