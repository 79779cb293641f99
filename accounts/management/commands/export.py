"""Any figure by its name, to standard output: JSON, CSV or XLSX."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from accounts.actions import record
from accounts.queries import command_line_user
from accounts.reading import Reader
from presentation.downloads import DOWNLOADS
from presentation.figure import Figure, Mode, all_figures, figure_named
from presentation.run import FiltersInvalid, run_figure

USAGE = 2


class Command(BaseCommand):
    help = "Print a figure. Without filters it covers the whole position."

    def add_arguments(self, parser):
        parser.add_argument("figure", help="Name of the figure, such as flow_dashboard.")
        parser.add_argument("--filter", nargs="+", action="extend", default=[], metavar="NAME=VALUE", dest="filters")
        parser.add_argument("--position", type=int)
        parser.add_argument("--mode", choices=[m.value for m in Mode], default=Mode.INSIDE.value)
        parser.add_argument("--format", choices=sorted(DOWNLOADS), default="json")

    def handle(self, *args, **options):
        figure, user = _figure(options["figure"]), command_line_user()
        data = _filters(figure, options["filters"], options["position"])
        reader = Reader(user, Mode(options["mode"]))
        try:
            result = run_figure(figure, reader, data, page=False)
        except FiltersInvalid as invalid:
            raise CommandError(_faults(invalid.form), returncode=USAGE) from invalid
        written = result.downloads[options["format"]]()
        record(by=user, action="exported figure", about=figure.name, position=result.position, mode=str(result.mode))
        self._print(written)

    def _print(self, written: bytes):
        """Bytes as they are; a workbook is no text."""
        out = getattr(self.stdout, "_out", sys.stdout)
        if hasattr(out, "buffer"):
            out.flush()
            out.buffer.write(written)
            out.buffer.flush()
        else:
            out.write(written.decode("utf-8", errors="surrogateescape"))


def _figure(name: str) -> Figure:
    try:
        return figure_named(name)
    except KeyError:
        known = ", ".join(sorted(f.name for f in all_figures()))
        raise CommandError(f"There is no figure named {name}. There are: {known}.", returncode=USAGE) from None


def _filters(figure: Figure, pairs: list[str], position: int | None) -> QueryDict:
    data = QueryDict(mutable=True)
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"Write a filter as NAME=VALUE, not {pair}.", returncode=USAGE)
        data.appendlist(name, value)
    if position is not None:
        data["position"] = str(position)
    known = set(figure.form(QueryDict(), reader=None, page=False).fields)
    if strange := sorted(set(data) - known):
        has = f"It has: {', '.join(sorted(known))}."
        raise CommandError(f"{figure.name} has no filter {', '.join(strange)}. {has}", returncode=USAGE)
    return data


def _faults(form) -> str:
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in form.errors.items())
