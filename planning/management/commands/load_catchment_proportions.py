from datetime import date
from pathlib import Path

from accounts.queries import command_line_user
from planning.actions import load_catchment_proportions

from .load_origin_shares import Command as PublicFileCommand


class Command(PublicFileCommand):
    help = (
        "Loads a public CSV of area proportions: of the patients of each area, the share at each trust. Areas are local "
        "authorities that are loaded as places, or MSOAs where the file gives their population or catchment."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True, help="As the publisher names it, such as April 2026.")
        parser.add_argument("--source", required=True, help="Who published it, and where.")
        parser.add_argument("--dated", type=date.fromisoformat, help="When it was published, as YYYY-MM-DD.")

    def load(self, content, **options):
        return load_catchment_proportions(by=command_line_user(), content=content, **options)
