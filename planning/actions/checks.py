"""Checking a received extract: claimed, beaten, written in batches that nobody sees, and finished in one transaction."""

import logging
import math
import shutil
import time
from functools import partial
from pathlib import Path

import pandas as pd
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions import record
from accounts.queries import is_command_line, organisations_of, reference_version
from planning.extracts.aggregating import FACT_COLUMNS
from planning.extracts.checking import Scan
from planning.extracts.intake import BATCH, CheckedFile, check_file
from planning.extracts.line_store import keep, keep_rows
from planning.extracts.outcomes import refuse_without_rows, stored
from planning.extracts.pace import estimated_rows
from planning.extracts.reading import Refused
from planning.extracts.slices import covered_months
from planning.extracts.totals import totals, totals_by, with_month
from planning.extracts.whole_file_warnings import warnings_of_outliers, warnings_of_repeats
from planning.models import CheckingPhase, Extract, ExtractProblem, ExtractState, PatientFlow
from planning.queries import extracts as queries
from planning.queries.organisations import organisation_name
from planning.queries.published_sums import published_sums

from .bulk_insert import give_way, insert_rows
from .extracts import STALLED_AFTER, clear_attempt, fault_of_store, media, working_folder
from .looking import stored_texts
from .notices import tell_of_check

logger = logging.getLogger(__name__)
BEAT_SECONDS = 2.0
MARKS = ("reporting_point", "illustrative")
FACT_FIELDS = ("extract_id", *FACT_COLUMNS[1:])
PROBLEM_FIELDS = ("extract_id", "row", "column", "value", "rule", "severity", "message")
NOT_CHECKED = "The file could not be checked because of a fault in the planner. Nothing was changed; the fault was recorded."


class Superseded(Exception):
    """The extract was cancelled, or another worker has taken it up."""


class Attempt:
    """One claim on an extract: what it writes counts only as long as the claim holds."""

    def __init__(self, extract: Extract):
        self.extract, self.number, self.beaten = extract, extract.attempt, time.monotonic()
        self.wrote = -math.inf

    def claim(self):
        return Extract.objects.filter(pk=self.extract.pk, state=ExtractState.CHECKING, attempt=self.number)

    def hold(self, **values) -> None:
        """Set values and the heartbeat where the claim still holds."""
        if not self.claim().update(heartbeat=timezone.now(), **values):
            raise Superseded

    def enter(self, phase: str) -> None:
        """Say which part of the check begins."""
        self.hold(phase=phase, phase_started_at=timezone.now())

    def beat(self, rows: int) -> None:
        if time.monotonic() - self.beaten >= BEAT_SECONDS:
            self.hold(rows_read=rows)
            self.beaten = time.monotonic()


def check_extract(*, extract: Extract, by=None) -> Extract:
    """Check an extract that was received; one that is in any other state is left as it is.

    `by` is the person who waits for it, if anyone does; the check itself is done for whoever uploaded the file.
    """
    if not _take(extract):
        return extract
    attempt, by, folder = Attempt(extract), by or extract.uploaded_by, working_folder(extract)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        clear_attempt(extract, problems=True)
        _check(attempt, by, folder / "spill")
    except Refused as refused:
        _end(attempt, by, ExtractState.REFUSED, str(refused))
    except Superseded:
        logger.info("Extract %s was cancelled or taken up again.", extract.pk)
    except Exception as fault:
        logger.exception("Extract %s could not be checked.", extract.pk)
        extract.refresh_from_db()
        _end(attempt, by, ExtractState.FAILED, fault_of_store(fault) or NOT_CHECKED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    extract.refresh_from_db()
    return extract


def _take(extract: Extract) -> bool:
    """Claim an extract that was received, and say what is known of the work before it begins."""
    now = timezone.now()
    taken = Extract.objects.filter(pk=extract.pk, state=ExtractState.RECEIVED).update(
        state=ExtractState.CHECKING,
        attempt=F("attempt") + 1,
        heartbeat=now,
        started_at=now,
        phase=CheckingPhase.READING,
        phase_started_at=now,
        rows_read=0,
        rows_expected=estimated_rows(media("received", extract.stored_name)),
        reference_version=reference_version(),
    )
    extract.refresh_from_db()
    return bool(taken)


def check_extract_by_id(pk: int) -> list[int]:
    """Check an extract in its turn, where there is one of this number: what was queued may be gone.

    Files of one organisation and layout are checked one after the other; the numbers of those whose turn is next are returned.
    """
    extract = Extract.objects.filter(pk=pk).first()
    if extract is None or queries.others_under_way(extract, STALLED_AFTER).exists():
        return []
    check_extract(extract=extract)
    return queries.next_in_turn(extract)


def _check(attempt: Attempt, by, folder: Path) -> None:
    extract = attempt.extract
    folder.mkdir()

    def allow(scan: Scan) -> None:
        _check_sender(extract, scan)
        attempt.enter(CheckingPhase.CHECKING)

    checking = check_file(
        media("received", extract.stored_name),
        extract.layout,
        queries.checking_reference(),
        folder,
        extract.pk,
        attempt.beat,
        allow,
        # What is made up may be of any month.
        None if extract.illustrative else timezone.localdate(extract.uploaded_at),
        mapping=extract.reading.get("mapping"),
        heading_row=extract.reading.get("heading_rows", {}).get(extract.reading.get("sheet", "")),
        source=extract.reading.get("source", ""),
    )
    with checking as checked:
        attempt.enter(CheckingPhase.WRITING)
        for problems in checked.problems():
            _insert(attempt, ExtractProblem, PROBLEM_FIELDS, [(extract.pk, *problem) for problem in problems])
        _count(attempt, checked)
        refuse_without_rows(checked.result)
        _add_warnings(attempt, checked)
        for facts in checked.facts():
            _insert(attempt, PatientFlow, FACT_FIELDS, facts)
        _finish(attempt, by, checked)


def _check_sender(extract: Extract, scan: Scan) -> None:
    """A provider's file is of that provider; an ICB's is of its own commissioners, and covers no others."""
    systems = queries.system_of_commissioners(scan.commissioners, scan.year)
    own = organisations_of(extract.uploaded_by)
    covered = [scan.commissioners[0]] if len(scan.commissioners) == 1 else None
    if not is_command_line(extract.uploaded_by):
        if scan.provider in own:
            extract.organisation = scan.provider
        elif systems and set(systems.values()) <= own and len(set(systems.values())) == 1:
            extract.organisation = next(iter(systems.values()))
            if covered is None:
                covered = queries.commissioners_of(extract.organisation, scan.year)
        else:
            raise Refused(_not_own(extract, scan, systems))
    extract.provider, extract.year = scan.provider, scan.year
    extract.commissioners, extract.covered_commissioners = list(scan.commissioners), covered


def _not_own(extract: Extract, scan: Scan, systems: dict[str, str | None]) -> str:
    name = organisation_name(extract.organisation) or extract.organisation
    others = sorted(code for code, system in systems.items() if system != extract.organisation)
    if extract.organisation in queries.system_codes():
        listed = ", ".join(others[:5]) + (" and others" if len(others) > 5 else "")
        return f"You can upload files of commissioners of {name}. The selected file also holds {listed}."
    provider = organisation_name(scan.provider) or scan.provider
    return f"You can upload files of {name}. The selected file is of {provider}."


def _insert(attempt: Attempt, model, columns, rows) -> None:
    """A batch in a transaction of its own, only where the claim holds."""
    give_way(attempt.wrote)
    with transaction.atomic():
        attempt.hold()
        insert_rows(model, columns, rows)
    if len(rows) == BATCH:
        attempt.wrote = time.monotonic()


def _count(attempt: Attempt, checked: CheckedFile) -> None:
    result, extract = checked.result, attempt.extract
    extract.rows, extract.accepted, extract.rejected, extract.excluded = (
        result.rows,
        result.accepted,
        result.rejected,
        result.excluded,
    )
    of_the_file = extract.problems.filter(row=None).count()
    extract.problem_count = of_the_file + sum(broken.number for broken in result.broken)
    extract.rows_read, extract.read_notes = result.rows, checked.notes
    extract.outcomes, extract.broken, extract.cleaned = map(stored, (result.outcomes, result.broken, result.cleaned))


def _add_warnings(attempt: Attempt, checked: CheckedFile) -> None:
    """Warn of rows that are there twice, and of sums that are far from what is published of the same care."""
    extract = attempt.extract
    published = published_sums(extract.layout, extract.provider, extract.year, commissioners=extract.covered_commissioners)
    outliers = warnings_of_outliers(extract.layout, extract.year, checked.outliers(published))
    for found in (warnings_of_repeats(checked.repeats(partial(attempt.beat, checked.result.rows))), outliers):
        if found.problems:
            _insert(attempt, ExtractProblem, PROBLEM_FIELDS, [(extract.pk, *problem) for problem in found.problems])
        extract.broken = [*extract.broken, *found.groups]
        extract.problem_count += sum(group["number"] for group in found.groups)


def _finish(attempt: Attempt, by, checked: CheckedFile) -> None:
    """Keep the files under the names of their hashes, then let one transaction name them and say that it is checked."""
    extract = attempt.extract
    sums = pd.DataFrame(checked.totals)
    extract.totals = _totals(sums)
    by_slice = sums.groupby(["month", "commissioner"], sort=True)[["planned_price", "actual_price"]].sum(min_count=1)
    extract.slices = [[int(m), c, _whole(p), _whole(a)] for (m, c), p, a in by_slice.itertuples(name=None)]
    extract.covered_months = covered_months(checked.result.months)
    extract.first_month, extract.last_month = checked.result.months[0], checked.result.months[-1]
    extract.planned_price = extract.totals["planned_price"] or 0
    extract.actual_price = extract.totals["actual_price"] or 0
    extract.line_store = keep_rows(checked.lines, checked.values, media("line_store"))
    extract.read_copy = keep(checked.read_copy, media("read_copies"))
    _end(attempt, by, ExtractState.CHECKED, "")


def _totals(sums: pd.DataFrame) -> dict:
    frame = with_month(sums.assign(unit=sums["point_of_delivery"].map(queries.units()).fillna("")))
    return {**totals(frame), "by_provider": totals_by(frame, "provider"), "by_month": totals_by(frame, "year_month")}


def _whole(value) -> int | None:
    return None if pd.isna(value) else int(value)


def _end(attempt: Attempt, by, state: str, reason: str) -> None:
    """Leave the state of checking, where the claim still holds. The received file stays as long as it can be checked again."""
    extract, texts = attempt.extract, stored_texts(attempt.extract)
    extract.state, extract.reason, extract.phase = state, reason, ""
    if state == ExtractState.REFUSED:
        extract.stored_name = ""
    with transaction.atomic():
        if not attempt.claim().update(heartbeat=timezone.now()):
            return
        if state != ExtractState.CHECKED:
            clear_attempt(extract, problems=state == ExtractState.FAILED)
        extract.heartbeat = timezone.now()
        # Whoever sent it may have marked it anew meanwhile.
        extract.save(update_fields=[f.name for f in Extract._meta.concrete_fields if f.name not in {"id", *MARKS}])
        action = {ExtractState.CHECKED: "checked", ExtractState.REFUSED: "refused"}.get(state, "failed")
        record(by=by, action=f"{action} extract", about=f"Extract {extract.pk}", accepted=extract.accepted, reason=reason)
        tell_of_check(extract)
    if state == ExtractState.REFUSED:
        for path in texts:
            path.unlink(missing_ok=True)
