"""Illustrative files of every year are as files should be: no error, and no codes that contradict each other."""

from pathlib import Path

import pytest

from planning.extracts.intake import check_file
from planning.illustrative import make_extracts, read_reference, read_weights
from planning.queries.extracts import checking_reference

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
YEARS = ["2019/20", "2022/23", "2025/26", "2026/27"]
# What the files have on purpose: plans that nobody made.
MADE_ON_PURPOSE = {"price is blank"}

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.usefixtures("reference")]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[dict]:
    weights, reference = read_weights(FIXTURES / "illustrative"), read_reference(FIXTURES / "reference")
    return list(make_extracts(weights, reference, YEARS, 7, tmp_path_factory.mktemp("illustrative"), 24_000))


def test_every_year_and_provider_is_without_errors_and_contradictions(files, tmp_path):
    reference, told = checking_reference(), {}
    assert len({str(file["file"]) for file in files}) >= 4 * len(YEARS)
    for number, file in enumerate(files):
        folder = tmp_path / str(number)
        folder.mkdir()
        with check_file(Path(file["file"]), "acm", reference, folder, 1, lambda rows: None, lambda scan: None) as checked:
            assert (checked.result.rejected, checked.result.excluded) == (0, 0), file
            for broken in checked.result.broken:
                if broken.rule not in MADE_ON_PURPOSE:
                    told[(Path(file["file"]).name, broken.rule)] = (broken.number, broken.example)
    assert told == {}
