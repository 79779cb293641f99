"""The repository keeps its own promises: what the pages of documentation name is there, locks name no place, fixtures load."""

import re
import subprocess
import tomllib

import pytest
from django.core.management import get_commands

from presentation.figure import all_figures
from tests.source import APPS, ROOT, committed_files

FILES = committed_files()
TEXTS = {".py", ".md", ".toml", ".txt", ".html", ".js", ".mjs", ".css", ".scss", ".json", ".yaml", ".csv", ".sh", ""}
DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("decisions", "methods", "operations"))]


def _where(faults):
    return "\n" + "\n".join(sorted(faults))


def _lines(path):
    if path.suffix in TEXTS:
        yield from enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1)


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_commands_in_the_documents_exist(document):
    text = document.read_text(encoding="utf-8")
    unknown = [f"make {name}" for name in re.findall(r"`make ([a-z]+)", text) if name not in _make_targets()]
    unknown += [f"manage.py {name}" for name in re.findall(r"manage\.py ([a-z_]+)", text) if name not in get_commands()]
    assert not unknown, _where(unknown)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_files_in_the_documents_exist(document):
    text = document.read_text(encoding="utf-8")
    roots = "|".join([*APPS, "config", "tests", "docs", "fixtures", "templates", "static", "benchmarks", "requirements"])
    named = re.findall(rf"[`(]((?:{roots})/[\w./*-]*)[`)]", text)
    missing = [name for name in named if not list(ROOT.glob(name.rstrip("/")))]
    assert not missing, _where(missing)


def test_the_readme_fits_one_screen_and_shows_the_product():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_folder_of_the_house_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = {path.parts[0] for path in FILES if len(path.parts) > 1 and not path.parts[0].startswith(".")}
    missing = [folder for folder in folders if f"`{folder}/`" not in text]
    assert not missing, _where(missing)


def test_every_figure_is_explained_in_the_methods():
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    missing = [figure.name for figure in all_figures() if f"`{figure.name}`" not in text]
    assert not missing, _where(missing)


def test_decisions_are_numbered_and_dated():
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings
    numbers = [re.fullmatch(r"(\d+)\. .+ \(\d{4}-\d{2}-\d{2}\)", heading) for heading in headings]
    assert all(numbers), headings
    assert [int(found[1]) for found in numbers] == list(range(1, len(headings) + 1))


def test_every_dependency_says_what_it_is_for():
    lines = re.findall(r'^ {4}"[A-Za-z][^"]*",.*$', (ROOT / "pyproject.toml").read_text().split("[tool.")[0], re.MULTILINE)
    assert len(lines) > 20
    missing = [line for line in lines if not re.search(r"# \w+", line)]
    assert not missing, _where(missing)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", name)[0]).lower()


@pytest.mark.parametrize(
    ("lock", "group"), [("runtime", None), ("development", "dev"), ("installer", "installer"), ("node", "node")]
)
def test_locks_hold_what_the_project_asks_for_with_hashes_and_without_places(lock, group):
    project = _project()
    wanted = [] if lock in ("installer", "node") else list(project["project"]["dependencies"])
    wanted += project["dependency-groups"][group] if group else []
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    locked = {_canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)}
    assert {_canonical(name) for name in wanted} <= locked
    assert text.count("--hash=sha256:") >= len(locked)
    assert "://" not in text
    assert "--index-url" not in text


def test_the_lock_of_front_end_packages_names_no_place():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_no_committed_file_names_a_machine_or_a_package_index():
    # Written in pieces, so that this file passes its own test.
    roots = "|".join(["wor" + "k", "far" + "m", "roo" + "t", "hom" + "e/[a-z]+"])
    places = re.compile(
        rf"(?<![\w.*])/(?:{roots})/|/tm" + r"p/[a-z]|py" + r"pi\.[a-z]+|python" + "hosted|npm" + r"js\.|deb\." + "debian"
    )
    faults = [f"{path}:{number} {line.strip()[:100]}" for path in FILES for number, line in _lines(path) if places.search(line)]
    assert not faults, _where(faults)


def test_the_version_of_python_is_said_once():
    """`pyproject.toml` says it; every other mention agrees with it."""
    required = re.fullmatch(r">=(\d+\.\d+)", _project()["project"]["requires-python"])[1]
    mention = re.compile(r"\bpython ?(3\.\d+)", re.IGNORECASE)
    elsewhere = [ROOT / "Makefile", ROOT / ".ci" / "run", *DOCUMENTS]
    wrong = [
        f"{path.name}: {found}"
        for path in elsewhere
        for found in mention.findall(path.read_text(encoding="utf-8"))
        if found != required
    ]
    assert not wrong, _where(wrong)
    major, minor = required.split(".")
    assert f"({major}, {minor})" in (ROOT / "Makefile").read_text()


def test_there_are_as_many_lines_of_test_as_of_source():
    def count(paths):
        return sum(len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in paths)

    python = [path for path in FILES if path.suffix == ".py"]
    source = [path for path in python if path.parts[0] in APPS and "migrations" not in path.parts]
    assert count(path for path in python if path.parts[0] == "tests") >= count(source)


def test_nothing_that_is_built_or_private_is_committed():
    command = ["git", "-C", str(ROOT), "ls-files", "var", "assets", "node_modules", ".venv", "*.sqlite3", "*.pyc", "*.parquet"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


def test_checks_before_a_commit_are_those_of_make():
    assert "entry: make check" in (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.search(r"^exec make test$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
