import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import command_line_user
from planning.actions import ReferenceRefused, load_origin_shares


class Command(BaseCommand):
    help = (
        "Loads a public CSV of origin shares: of the admissions of each trust, the share from each system or place. They are "
        "shown beside our own for comparison; no population follows from them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", default="", help="As the publisher names it; the year in the file's source if left out.")
        parser.add_argument("--source", default="", help="Who published it; the file's own column if left out.")
        parser.add_argument("--dated", type=date.fromisoformat, help="When it was published, as YYYY-MM-DD.")

    def load(self, content, **options):
        return load_origin_shares(by=command_line_user(), content=content, **options)

    def handle(self, *, file, edition, source, dated, **options):
        try:
            content = file.read_bytes()
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
        try:
            loaded = self.load(content, file_name=file.name, edition=edition, source=source, dated=dated)
        except ReferenceRefused as refusal:
            problems = refusal.problems.to_dict("records")
            for one in problems[:20]:
                self.stderr.write(f'{one["file"]} row {one["row"]}, {one["column"]}: "{one["value"]}". {one["message"]}')
            self.stdout.write(json.dumps({"state": "refused", "reason": str(refusal), "problems": problems}, ensure_ascii=False))
            sys.exit(1)
        shares = loaded.shares
        said = {"state": loaded.state, "kind": shares.kind, "edition": shares.edition, "rows": shares.rows}
        self.stdout.write(json.dumps({**said, "left_out": shares.left_out, "other_editions": list(loaded.others)}))
        others = f" Editions loaded before, which stay and are not shown: {', '.join(loaded.others)}." if loaded.others else ""
        self.stderr.write(f"{shares}: {shares.rows:,} rows, {loaded.state}.{others}")
