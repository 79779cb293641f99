"""Load files of activity in the foreground; the same intake as the upload page."""

import json
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils import timezone

from accounts.queries import command_line_user, user_named
from planning.actions import (
    NotPublishable,
    check_extract,
    mark_extract,
    publish_extracts,
    put_back_stalled_extracts,
    receive_extract,
)
from planning.extracts.layouts import LAYOUT_NAMES
from planning.extracts.minimising import likeliest, recognise
from planning.extracts.reading import Refused
from planning.extracts.unpacking import texts_of
from planning.figures.comparisons import large_change_of
from planning.queries.extracts import overlaps, position_of
from planning.queries.problems import problems_of
from presentation.statements import stated

RECOGNISED = "recognised"
NO_TOTALS = {"planned_price": None, "actual_price": None, "activity": {}, "by_provider": {}, "by_month": {}}


class Command(BaseCommand):
    help = "Receives and checks files of activity, and publishes them as one position with --publish. Prints JSON."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--layout", required=True, choices=[*LAYOUT_NAMES, RECOGNISED], help="recognised: as headings say.")
        parser.add_argument("--point", choices=["flex", "freeze"], default="flex", help="Reporting point; flex if left out.")
        parser.add_argument("--as", dest="user", metavar="USER", help="E-mail address of the person who loads them.")
        parser.add_argument("--sheet", default="", help="Sheet of a workbook, where more than one could be read.")
        parser.add_argument("--illustrative", action="store_true", help="Mark as illustrative data.")
        parser.add_argument("--publish", action="store_true", help="Publish, confirming the accepted rows.")
        parser.add_argument("--reason", default="", help="Why, for the position; a large change is not published without.")
        parser.add_argument("--json", action="store_true", help="Print JSON, as is done anyway.")

    def handle(self, *, files, layout, point, user, sheet, illustrative, publish, reason, **options):
        for path in files:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.", returncode=2)
        by = self.person(user)
        put_back_stalled_extracts()
        try:
            how = {"layout": layout, "reporting_point": point, "illustrative": illustrative, "sheet": sheet}
            extracts = [self.load(path, by, publish, **how) for path in files]
            reasons = self.publish(by, extracts, reason) if publish else {}
        except (PermissionDenied, Http404) as refusal:
            raise CommandError(str(refusal)) from refusal
        statements = [statement(extract, reasons.get(extract.pk, "")) for extract in extracts]
        self.stdout.write(json.dumps(statements[0] if len(statements) == 1 else statements, ensure_ascii=False))
        if reasons or any(e.state not in ("checked", "published") for e in extracts):
            raise SystemExit(1)

    def person(self, email):
        if email is None:
            return command_line_user()
        person = user_named(email)
        if person is None:
            raise CommandError(f"There is no person with the e-mail address {email}.", returncode=2)
        return person

    def load(self, path, by, publish, **how):
        how |= {"layout": layout_of(path)} if how["layout"] == RECOGNISED else {}
        with path.open("rb") as file:
            extract = receive_extract(by=by, file=file, file_name=path.name, **how)
        if extract.came_again:
            self.mark(extract, by, how["reporting_point"], how["illustrative"], publish)
        extract = check_extract(extract=extract, by=by)
        self.stderr.write(f"{path.name}: extract {extract.pk} {extract.get_state_display().lower()}. {extract.reason}".strip())
        return extract

    def mark(self, extract, by, point, illustrative, publish):
        """The same bytes, marked otherwise: a published extract is marked anew only where publishing was asked for."""
        if (extract.reporting_point, extract.illustrative) == (point, illustrative):
            return
        if extract.state == "published" and not publish:
            said = f"is published as {extract.reporting_point} and stays so; add --publish to mark it as {point}"
        else:
            position = mark_extract(by=by, extract=extract, reporting_point=point, illustrative=illustrative)
            said = f"is marked as {point} now" + (f", position {position.number}" if position else "")
        self.stderr.write(f"{extract.file_name}: the same file is here already. Extract {extract.pk} {said}.")
        extract.refresh_from_db()

    def publish(self, by, extracts, reason):
        """Publish all or none; what could not be, with why."""
        unfit = [e for e in extracts if e.state not in ("checked", "published")]
        if unfit:
            for extract in unfit:
                self.stderr.write(
                    f"Nothing was published, because extract {extract.pk} is {extract.get_state_display().lower()}."
                )
            return {}
        new = list({e.pk: e for e in extracts if e.state == "checked"}.values())
        for sentence in overlaps(new):
            self.stderr.write(sentence)
        if not new:
            return {}
        if not reason and (large := {e.pk: large_change_of(e, timezone.localdate()) for e in new}) and any(large.values()):
            return self.ask_why(new, large)
        try:
            position = publish_extracts(by=by, extracts=new, reason=reason or "Loaded from the command line")
        except NotPublishable as refusal:
            self.stderr.write(str(refusal))
            return {e.pk: str(refusal) for e in new}
        self.stderr.write(f"Published as position {position.number}.")
        for extract in extracts:
            extract.refresh_from_db()
        return {}

    def ask_why(self, extracts, large):
        """Nothing is published: what each extract would change, or that it waits for the others."""
        said = {pk: f"{change} Nothing was published: say why with --reason TEXT." for pk, change in large.items() if change}
        for sentence in said.values():
            self.stderr.write(sentence)
        return {e.pk: said.get(e.pk, "Nothing was published: another file of the same call asks for a reason.") for e in extracts}


def layout_of(path: Path) -> str:
    """The layout that a file is of by its headings; one of none is refused as ACM, in words."""
    try:
        with texts_of(path, settings.EXTRACT_MAX_BYTES) as texts:
            return recognise(likeliest(texts))[0]
    except Refused:
        return "acm"


def statement(extract, reason: str) -> dict:
    """An extract as it is printed."""
    copied = (
        "state",
        "file_name",
        "reporting_point",
        "illustrative",
        "provider",
        "year",
        "rows",
        "accepted",
        "rejected",
        "excluded",
        "problem_count",
    )
    said = {
        "extract": extract.pk,
        **{name: getattr(extract, name) for name in copied},
        "problems": problems_of(extract),
        "notes": extract.read_notes,
        "cleaned": [f"{cleaned['words']}." for cleaned in extract.cleaned],
        "totals": stated(extract.totals or NO_TOTALS),
        "position": position_of(extract),
    }
    if reason or extract.reason:
        said["reason"] = reason or extract.reason
    return said
