"""The rules of starting: what each environment gives, and what refuses to start."""

import os
import runpy
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.source import ROOT

NAMES = (
    "ALLOWED_HOSTS", "BEHIND_PROXY", "DATABASE_URL", "DATA_DIR", "DEBUG", "EXTRACT_MAX_BYTES", "MEDIA_ROOT", "NHS_IDENTITY",
    "PRODUCTION", "PROGRAMME_NAME", "RELEASE", "SECRET_KEY", "STATIC_ROOT", "WAITING_DAYS",
)  # fmt: skip
PRODUCTION = {"PRODUCTION": "1", "SECRET_KEY": "known to this installation alone", "ALLOWED_HOSTS": "planner.example.nhs.uk"}


@pytest.fixture
def start(monkeypatch, tmp_path):
    """The settings as a fresh process reads them in this environment, in a folder of its own."""

    def read(**environment):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path / "var"), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return read


def test_with_nothing_set_the_demo_keeps_everything_in_its_folder(start, tmp_path):
    made = start()
    folder = tmp_path / "var"
    assert folder.is_dir()
    assert made["DATABASES"]["default"]["NAME"] == str(folder / "planner.sqlite3")
    assert made["MEDIA_ROOT"] == folder / "media"
    assert made["STATIC_ROOT"] == folder / "static"
    assert made["FILE_UPLOAD_TEMP_DIR"] == str(folder)


def test_the_demo_answers_on_this_machine_only(start):
    made = start()
    assert set(made["ALLOWED_HOSTS"]) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}
    assert made["DEBUG"] is False
    assert made["CSRF_TRUSTED_ORIGINS"] == []


def test_explicit_places_win_over_the_folder(start, tmp_path):
    made = start(MEDIA_ROOT=str(tmp_path / "elsewhere"), DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
    assert made["MEDIA_ROOT"] == tmp_path / "elsewhere"
    assert made["DATABASES"]["default"]["NAME"] == str(tmp_path / "other.sqlite3")


@pytest.mark.parametrize("name", ["DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT", "SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_variable_that_is_set_to_nothing_is_as_one_not_set(start, name):
    """Container files and make variables hand on empty ones."""
    key = {"DATABASE_URL": "DATABASES"}.get(name, name)
    assert start(**{name: ""})[key] == start()[key]


def test_the_demo_makes_its_secret_once_and_keeps_it_to_itself(start, tmp_path):
    first, second = start()["SECRET_KEY"], start()["SECRET_KEY"]
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_another_folder_has_another_secret(start, tmp_path):
    assert start()["SECRET_KEY"] != start(DATA_DIR=str(tmp_path / "second"))["SECRET_KEY"]


def test_a_secret_is_never_seen_half_written_or_by_others(start, tmp_path, monkeypatch):
    """Web and worker start at the same moment: whoever finds the file must find it whole, and readable by its owner only."""
    kept = tmp_path / "var" / "secret_key"
    seen = []
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: seen.append(kept.exists()) or "x" * size)
    before = os.umask(0)
    try:
        start()
    finally:
        os.umask(before)
    assert seen == [False]
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_whoever_comes_second_takes_the_secret_of_the_first(start, tmp_path, monkeypatch):
    """The other process has written its secret between the look and the writing."""
    kept = tmp_path / "var" / "secret_key"
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: kept.write_text("of the first") and "of the second")
    assert start()["SECRET_KEY"] == "of the first"
    assert kept.read_text() == "of the first"


def test_a_secret_of_the_environment_is_not_written_down(start, tmp_path):
    assert start(SECRET_KEY="from outside")["SECRET_KEY"] == "from outside"
    assert not (tmp_path / "var" / "secret_key").exists()


@pytest.mark.parametrize(
    ("without", "also", "named"),
    [
        ("SECRET_KEY", {}, "SECRET_KEY"),
        ("ALLOWED_HOSTS", {}, "ALLOWED_HOSTS"),
        (None, {"DEBUG": "1"}, "DEBUG"),
        (None, {"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_half_configured_and_says_what_is_wrong(start, without, also, named):
    environment = {name: value for name, value in PRODUCTION.items() if name != without}
    with pytest.raises(ImproperlyConfigured, match=named):
        start(**environment, **also) if not set(also) & set(environment) else start(**{**environment, **also})


def test_production_does_not_fall_back_on_the_secret_of_a_demo(start):
    start()
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        start(PRODUCTION="1", ALLOWED_HOSTS="planner.example.nhs.uk")


@pytest.mark.parametrize("said", ["true", "yes", "on", "True", "production"])
def test_a_production_that_is_said_otherwise_is_not_taken_for_a_demo(start, said):
    with pytest.raises(ImproperlyConfigured, match="PRODUCTION"):
        start(**{**PRODUCTION, "PRODUCTION": said})


def test_nought_is_no_production(start):
    assert start(PRODUCTION="0")["PRODUCTION"] is False


def test_production_speaks_over_https_only(start):
    made = start(**PRODUCTION)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY"):
        assert made[name] is True, name
    assert made["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert made["CSRF_TRUSTED_ORIGINS"] == ["https://planner.example.nhs.uk"]


def test_the_demo_has_no_certificate_to_insist_on(start):
    made = start()
    assert made["SECURE_SSL_REDIRECT"] is False
    assert made["SESSION_COOKIE_SECURE"] is False


def test_hosts_may_be_written_with_blanks_between_them(start):
    made = start(**{**PRODUCTION, "ALLOWED_HOSTS": "a.example.nhs.uk, b.example.nhs.uk ,"})
    assert made["ALLOWED_HOSTS"] == ["a.example.nhs.uk", "b.example.nhs.uk"]


def test_a_domain_with_all_its_hosts_is_trusted_as_django_writes_it(start):
    made = start(**{**PRODUCTION, "ALLOWED_HOSTS": ".planner.example.nhs.uk"})
    assert made["CSRF_TRUSTED_ORIGINS"] == ["https://*.planner.example.nhs.uk", "https://planner.example.nhs.uk"]


def test_a_proxy_is_believed_only_where_there_is_one(start):
    assert start(**PRODUCTION)["SECURE_PROXY_SSL_HEADER"] is None
    assert start(**PRODUCTION, BEHIND_PROXY="1")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_the_embedded_database_waits_for_its_lock_and_keeps_its_references(start):
    options = start()["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 5
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        assert pragma in options["init_command"]


def test_a_database_server_gets_none_of_the_embedded_ones_options(start):
    made = start(DATABASE_URL="postgres://planner:secret@db.example.nhs.uk:5433/planner")["DATABASES"]["default"]
    assert made["ENGINE"].endswith("postgresql")
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example.nhs.uk", 5433, "planner")
    assert "init_command" not in made.get("OPTIONS", {})
    assert made["CONN_MAX_AGE"] > 0


def test_the_identity_of_the_nhs_must_be_asked_for(start):
    assert start()["NHS_IDENTITY"] is False
    assert start(NHS_IDENTITY="1")["NHS_IDENTITY"] is True


def test_the_largest_extract_can_be_set(start):
    assert start(EXTRACT_MAX_BYTES="1048576")["EXTRACT_MAX_BYTES"] == 1_048_576
    assert start(EXTRACT_MAX_BYTES="")["EXTRACT_MAX_BYTES"] == start()["EXTRACT_MAX_BYTES"]


def test_the_days_that_an_extract_waits_can_be_set(start):
    assert start()["WAITING_DAYS"] == 14
    assert start(WAITING_DAYS="3")["WAITING_DAYS"] == 3


def test_the_programme_can_be_renamed(start):
    assert start(PROGRAMME_NAME="Kent Planner")["PROGRAMME_NAME"] == "Kent Planner"
    assert start()["PROGRAMME_NAME"]


def test_no_page_may_run_what_stands_in_it(start):
    directives = start()["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    scripts = directives.get("script-src", directives["default-src"])
    assert scripts == ["'self'"]
    assert directives["object-src"] == directives["frame-ancestors"] == ["'none'"]


def test_entries_of_the_navigation_name_pages_and_permissions_that_exist(start):
    from django.urls import reverse
    from django.utils.module_loading import import_string

    for label, url_name, may_open in start()["NAVIGATION"]:
        assert label
        assert reverse(url_name).startswith("/")
        assert callable(import_string(may_open))


def test_entries_of_sections_are_said_once_and_their_permissions_exist(start):
    from django.utils.module_loading import import_string

    for name, entries in start()["SECTIONS"]:
        assert name
        labels, url_names, may_open = zip(*entries, strict=True)
        assert len(set(labels)) == len(set(url_names)) == len(entries) > 1
        assert all(callable(import_string(one)) for one in may_open)


def test_names_of_queries_in_the_settings_can_be_imported(start):
    from django.utils.module_loading import import_string

    made = start()
    for name in (
        made["ORGANISATION_NAME"],
        made["REPORTING_POSITION"],
        made["LATEST_POSITION"],
        *made["SLICE_NOTES"],
        *made["BEFORE_PUBLISH"],
        *made["AFTER_PUBLISH"],
    ):
        assert callable(import_string(name)), name


def test_a_refusal_reaches_whoever_starts_the_product(tmp_path):
    """The same in a process of its own, as a server starts it."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES and name != "DJANGO_SETTINGS_MODULE"}
    made = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env={**environment, "DATA_DIR": str(tmp_path), "PRODUCTION": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert made.returncode != 0
    assert "PRODUCTION=1 needs SECRET_KEY" in made.stderr
    assert not (tmp_path / "secret_key").exists()


def test_what_few_processes_need_is_not_held_by_every_one():
    """Matplotlib and SciPy take as much memory as the rest of the product's own code."""
    started = "import django; django.setup(); from django.urls import reverse; reverse('planning:extracts')"
    found = subprocess.run(
        [sys.executable, "-c", f"{started}; import sys; print({{'matplotlib', 'scipy'}} & set(sys.modules))"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert found.stdout.splitlines()[-1] == "set()"
