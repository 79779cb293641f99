"""The illustrative extracts, made and taken through the whole intake once for each module that asks for them: a fixture."""

from pathlib import Path

import pytest
from django.test import override_settings

from planning.illustrative import make_extracts, read_reference, read_weights
from tests.planning import received_extracts

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
YEARS = ["2019/20", "2022/23", "2025/26"]


@pytest.fixture(scope="module")
def illustrative(loaded_reference, tmp_path_factory) -> int:
    """A position of three years of every provider; its number."""
    folder = tmp_path_factory.mktemp("extracts")
    weights, reference = read_weights(FIXTURES / "illustrative"), read_reference(FIXTURES / "reference")
    files = [Path(made["file"]) for made in make_extracts(weights, reference, YEARS, 2021, folder, 24_000)]
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        contents = [path if path.is_absolute() else folder / path for path in files]
        extracts = [received_extracts.check(content=path.read_bytes(), name=path.name) for path in contents]
        received_extracts.publish_extracts(
            by=received_extracts.command_line_user(), extracts=extracts, reason="Illustrative extracts"
        )
        yield 1
