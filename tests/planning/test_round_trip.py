"""Any frame of valid rows survives write → upload → publish → export with equal sums, however its cells are written."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.actions import check_extract, publish_extracts
from planning.models import Extract
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.received_extracts import command_line_user, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
# As prices arrive: plain, with separators, with a pound sign, in brackets, with blanks.
WRITTEN = (str, "{:,}".format, "£{}".format, " {}\u00a0".format)


@st.composite
def prices(draw) -> tuple[str, Decimal]:
    """A price as it is written, and what it is."""
    amount = draw(st.decimals(0, 900_000_000, places=draw(st.integers(0, 4)), allow_nan=False, allow_infinity=False))
    if draw(st.booleans()) and amount:
        return f"({amount:,})", -amount
    return draw(st.sampled_from(WRITTEN))(amount), amount


@st.composite
def rows(draw) -> tuple[dict, Decimal, Decimal]:
    (planned_text, planned), (actual_text, actual) = draw(prices()), draw(prices())
    commissioner = draw(st.sampled_from(["72Q", "36L", "92A", "91Q"]))
    cells = {
        "month": draw(st.sampled_from(["1", "02", "3.0", "12", "13"])),
        "commissioner": draw(st.sampled_from([commissioner, commissioner.lower(), f" {commissioner}"])),
        "practice_responsibility": commissioner,
        "service_code": draw(st.sampled_from(["NCBPS13B", "NCBPS01C", "ncbps13b"])),
        "point_of_delivery": draw(st.sampled_from(["EL", "DC", "OPFASPCL"])),
        "planned_activity": "0",
        "actual_activity": "0",
        "planned_price": planned_text,
        "actual_price": actual_text,
        "local_point_of_delivery_description": draw(st.text("ab,;\"'é\n ", max_size=8)),
    }
    return acm_row(**cells), planned, actual


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def exported() -> list[dict]:
    out = io.StringIO()
    call_command("export", "flow_dashboard", "--format", "json", stdout=out)
    return json.loads(out.getvalue())["rows"]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(rows(), min_size=1, max_size=12),
    st.sampled_from([("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|")]),
)
def test_sums_of_what_is_exported_are_those_of_what_was_written(made, form):
    encoding, delimiter = form
    content = acm_bytes([row for row, *_ in made], encoding=encoding, delimiter=delimiter)
    with transaction.atomic():
        extract = check_extract(extract=receive(content=content))
        assert (extract.state, extract.accepted, extract.rejected, extract.excluded) == ("checked", len(made), 0, 0), (
            extract.broken
        )
        publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
        found = exported()
        for name, position in (("planned_price", 1), ("actual_price", 2)):
            written = sum((row[position] for row in made), Decimal(0))
            assert sum((Decimal(row[name]) for row in found), Decimal(0)) == written
            assert Decimal(getattr(Extract.objects.get(pk=extract.pk), name)) / 10_000 == written
        transaction.set_rollback(True)
