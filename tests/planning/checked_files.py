"""Checks a small file of activity against a few codes, without a database."""

from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from planning.extracts.aggregating import FACT_COLUMNS, GRAIN
from planning.extracts.checking import Reference
from planning.extracts.intake import check_file
from tests.planning.acm_files import acm_bytes

PARENTS = [
    ("72Q", "QKK", "2020-04-01", None),
    ("36L", "QWE", "2020-04-01", None),
    ("92A", "QXU", "2020-04-01", "2026-03-31"),
    ("92A", "S9B9J", "2026-04-01", None),
    ("07N", "QKK", "2013-04-01", "2020-03-31"),
    ("00L", "QHM", "2013-04-01", None),
]
KINDS = {
    "72Q": "sub_icb",
    "36L": "sub_icb",
    "92A": "sub_icb",
    "00L": "sub_icb",
    "07N": "ccg",
    "13R": "hub",
    "13Q": "national",
    "VPP00": "private",
    "7A1": "devolved",
    "TDH00": "overseas",
    "X98": "not_known",
}
SYSTEMS = frozenset({"QKK", "QWE", "QXU", "S9B9J"})
PRACTICES = [("G85001", "QKK", "E09000028"), ("H81001", "QXU", "E07000207")]


def commissioners() -> pd.DataFrame:
    places = {"07N": "E09000004"}
    return pd.DataFrame([(code, kind, places.get(code, "")) for code, kind in KINDS.items()], columns=["code", "kind", "place"])


def parents() -> pd.DataFrame:
    frame = pd.DataFrame(PARENTS, columns=["commissioner", "system_code", "valid_from", "valid_to"])
    return frame.assign(valid_from=pd.to_datetime(frame["valid_from"]), valid_to=pd.to_datetime(frame["valid_to"]))


def practices() -> pd.DataFrame:
    return pd.DataFrame(PRACTICES, columns=["code", "system_code", "place_code"])


def small_reference() -> Reference:
    codes = {
        "providers": frozenset({"RJ1", "RJZ", "RV3", "NT123"}),
        "service_codes": frozenset({"NCBPS13B", "NCBPS01C", "99999999"}),
        "service_categories": frozenset({"12", "21", "25"}),
        "points_of_delivery": frozenset({"EL", "DC", "OPFASPCL", "DRUG", "DEVICE", "BLOCK"}),
        "commissioners": frozenset(KINDS),
        "systems": SYSTEMS,
        "practices": frozenset(code for code, *_ in PRACTICES),
    }
    names = {"RJ1": "Guy's and St Thomas'", "RJZ": "King's"}
    return Reference(codes=codes, provider_names=names, commissioners=commissioners(), parents=parents(), practices=practices())


@contextmanager
def checked_file(folder: Path, rows=None, *, content: bytes | None = None, layout="acm", **options):
    """A file of the rows, or with the given bytes, checked; `options` are those of `acm_bytes`."""
    path, work = folder / "received.csv", folder / "work"
    path.write_bytes(acm_bytes(rows, **options) if content is None else content)
    work.mkdir(exist_ok=True)
    with check_file(path, layout, small_reference(), work, 7, lambda rows: None, lambda scan: None) as checked:
        yield checked


def problems_in(checked) -> list[tuple]:
    """(row, heading, value, rule, severity) of every problem."""
    return [problem[:5] for batch in checked.problems() for problem in batch]


def facts_in(checked) -> list[dict]:
    """Facts in the order of their grain: the intake keeps none."""
    found = [dict(zip(FACT_COLUMNS, fact, strict=True)) for batch in checked.facts() for fact in batch]
    return sorted(found, key=lambda fact: [str(fact[name]) for name in GRAIN])
