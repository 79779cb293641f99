"""The intake beside django-import-export, which takes a row at a time through a model: both load the same 100,000 rows.

As its pages do, it goes over the file twice: once for the preview, which is rolled back, and once when that is confirmed.
"""

import sys
import time
from pathlib import Path

from benchmarks.files import make_file, rewritten
from benchmarks.processes import answer, first_rows, in_a_process, in_turns, settle, start_product, through_the_intake

ROWS, AT_LEAST = 100_000, 50
MEASURE = "CONTRACT MONITORING"
# Of django-import-export only the facts' own columns are asked: it checks no code and keeps no line.
FIELDS = {
    "month": "FINANCIAL MONTH",
    "year": "FINANCIAL YEAR",
    "provider": "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "site": "ORGANISATION SITE IDENTIFIER (OF TREATMENT)",
    "commissioner": "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
    "service_category": "COMMISSIONED SERVICE CATEGORY CODE",
    "service_code": "SERVICE CODE",
    "point_of_delivery": "POINT OF DELIVERY CODE",
    "planned_activity": "CONTRACT MONITORING PLANNED ACTIVITY",
    "planned_price": "CONTRACT MONITORING PLANNED PRICE",
    "planned_mff": "CONTRACT MONITORING PLANNED MARKET FORCES FACTOR",
    "actual_activity": "CONTRACT MONITORING ACTUAL ACTIVITY",
    "actual_price": "CONTRACT MONITORING ACTUAL PRICE",
    "actual_mff": "CONTRACT MONITORING ACTUAL MARKET FORCES FACTOR",
}


def row_by_row(path: Path, folder: Path) -> dict:
    start_product(folder)
    import tablib
    from import_export import fields, resources, widgets

    from accounts.queries import command_line_user
    from planning.models import Extract, PatientFlow

    class Figure(widgets.DecimalWidget):
        """In the units that are stored."""

        def clean(self, value, row=None, **kwargs):
            read = super().clean(value, row, **kwargs)
            return None if read is None else round(read * 10_000)

    columns = {
        name: fields.Field(attribute=name, column_name=heading, **({"widget": Figure()} if heading.startswith(MEASURE) else {}))
        for name, heading in FIELDS.items()
    }

    class PatientFlowResource(resources.ModelResource):
        class Meta:
            model = PatientFlow
            fields = tuple(FIELDS)
            import_id_fields = ()
            force_init_instance = True
            use_transactions = True

        def before_save_instance(self, instance, row, **kwargs):
            instance.extract = extract

    PatientFlowResource.fields |= columns
    extract = Extract.objects.create(layout="acm", file_name=path.name, sha256="0" * 64, uploaded_by=command_line_user())

    def load(file: Path, preview: bool):
        data = tablib.Dataset().load(file.read_text(encoding="utf-8"), format="csv")
        return PatientFlowResource().import_data(data, dry_run=preview, raise_errors=True)

    load(first_rows(path, folder), True)
    settle()
    started = time.monotonic()
    load(path, True)
    result = load(path, False)
    return {"seconds": time.monotonic() - started, "rows": result.totals["new"]}


def report(folder: Path, rows: int = ROWS) -> list[str]:
    """Lines about one file through both."""
    whole = make_file(round(rows * 1.1), folder)
    path = rewritten(whole, folder / "same.csv", rows=rows)
    ours = in_turns({"intake": ("benchmarks.import_export", "intake", path)}, folder, by="seconds")["intake"]
    theirs = in_a_process("benchmarks.import_export", "row_by_row", path, folder / "row-by-row")
    return [
        f"{ours['rows']:,} rows x 43 columns beside django-import-export ({theirs['rows']:,} rows into the same table)",
        f"  django-import-export                {theirs['seconds']:7.2f} s  peak {theirs['peak']:.0f} MB",
        f"  upload until published              {ours['seconds']:7.2f} s  peak {ours['peak']:.0f} MB"
        f"  {theirs['seconds'] / ours['seconds']:.0f} x as fast (at least {AT_LEAST})",
    ]


if __name__ == "__main__":
    answer({"row_by_row": row_by_row, "intake": through_the_intake}, sys.argv[1:])
