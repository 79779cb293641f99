"""Writes of networks: the clinical networks and pilots, their members, systems and scope."""

from pathlib import Path

from django.db import models, transaction

from accounts.actions import record
from networks.models import Network, NetworkScope
from planning.actions.reference import ReferenceRefused, changed, read_tables, write_table
from planning.calculations.reference_rows import Column, Table, check_tables, problem
from planning.calculations.reference_tables import SOURCE, code, name, refers, yes_no
from planning.models import Footprint, NationalProgramme, Provider, ServiceCode, System

DOCUMENTED = Column("source", required=True, stored=False)
NETWORK_TABLES = (
    Table(
        "networks",
        ("code",),
        (
            code(40),
            name(200),
            Column("kind", required=True, length=60),
            Column("programme_of_care", length=60),
            Column("host", length=150),
            refers("host_provider", "providers", required=False),
            Column("leads"),
            refers("footprint", "footprints", required=False),
            Column("footprint_text"),
            Column("documented_systems", "whole", least=1),
            yes_no("documented_at_least"),
            Column("documented_regions", "whole", least=1),
            yes_no("is_pilot"),
            Column("url", length=200),
            Column("confidence"),
            SOURCE,
        ),
    ),
    Table(
        "network_members", ("network", "provider"), (refers("network", "networks"), refers("provider", "providers"), DOCUMENTED)
    ),
    Table("network_systems", ("network", "system"), (refers("network", "networks"), refers("system", "systems"), DOCUMENTED)),
    Table(
        "network_scope",
        ("network", "national_programme", "service_code"),
        (
            refers("network", "networks"),
            refers("national_programme", "national_programmes", required=False),
            refers("service_code", "service_codes", required=False),
            yes_no("inferred"),
            SOURCE,
        ),
    ),
)
MODELS: dict[str, type[models.Model]] = {
    "networks": Network,
    "network_members": Network.members.through,
    "network_systems": Network.systems.through,
    "network_scope": NetworkScope,
}
REFERRED: dict[str, type[models.Model]] = {
    "providers": Provider,
    "footprints": Footprint,
    "systems": System,
    "national_programmes": NationalProgramme,
    "service_codes": ServiceCode,
}


def load_networks(*, by, folder: Path) -> dict[str, dict]:
    """Brings networks, their members, systems and scope in line with the files of a folder; returns counts by table.

    Raises:
        ReferenceRefused: some row may not be loaded; nothing was written.
    """
    frames, unreadable = read_tables(folder, NETWORK_TABLES)
    known = {table: frozenset(model._default_manager.values_list("pk", flat=True)) for table, model in REFERRED.items()}
    shaped, problems = check_tables(NETWORK_TABLES, frames, known)
    if "network_scope" in shaped:
        problems += _scope_without_one_subject(shaped["network_scope"])
    if unreadable or problems:
        raise ReferenceRefused([*unreadable, *problems])
    with transaction.atomic():
        counts = {table.name: write_table(MODELS[table.name], table, shaped[table.name]) for table in NETWORK_TABLES}
        record(by=by, action="loaded reference data", about="networks", counts=changed(counts))
    return counts


def _scope_without_one_subject(scope) -> list[dict[str, object]]:
    """Rows that name both or neither of a national programme and a service code."""
    return [
        problem(
            "network_scope.csv", row, "service_code", code_ or "", "Fill in either national_programme or service_code, not both."
        )
        for row, programme, code_ in zip(scope.index, scope["national_programme"], scope["service_code"], strict=True)
        if bool(programme) == bool(code_)
    ]
