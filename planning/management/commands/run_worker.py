"""The worker: checks extracts in the background, takes up those whose worker died, and ends those that wait in vain."""

import gc
import logging
import threading

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from planning.tasks import copy_latest_position_task, expire, sweep, take_up_again

EVERY_SECONDS = 60
SWEEP_MINUTES = 60
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Works on what is queued until it is stopped; --batch stops when the queue is empty."

    def add_arguments(self, parser):
        parser.add_argument("--batch", action="store_true", help="Stop when nothing is queued.")
        parser.add_argument("--interval", type=float, default=0.5, help="Seconds between looks at the queue.")

    def handle(self, *, batch, interval, **options):
        # What is loaded stays: looking through it for what may go would cost each file a tenth of a second.
        gc.collect()
        gc.freeze()
        take_up_again()
        expire()
        sweep()
        # Whatever was published while no worker ran, or was deleted since.
        copy_latest_position_task.enqueue()
        stopped = threading.Event()
        if not batch:
            threading.Thread(target=self.keep_taking_up, args=[stopped], daemon=True).start()
        try:
            call_command("db_worker", batch=batch, interval=interval, startup_delay=False, verbosity=options["verbosity"])
        finally:
            stopped.set()

    def keep_taking_up(self, stopped):
        minutes = 0
        while not stopped.wait(EVERY_SECONDS):
            minutes += 1
            close_old_connections()
            try:
                take_up_again()
                expire()
                if minutes % SWEEP_MINUTES == 0:
                    sweep()
            except DatabaseError:
                logger.exception("Extracts could not be put back; the next minute tries again.")
            finally:
                connection.close()
