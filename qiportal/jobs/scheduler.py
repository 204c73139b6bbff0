"""The embedded clock: one daemon thread, started by `serve` and `demo` alone."""

import logging
import threading

from django.db import connections

from qiportal.jobs.runner import trace
from qiportal.jobs.services import tick

log = logging.getLogger(__name__)

INTERVAL_S = 60


class Scheduler(threading.Thread):
    """Ticks at once, then each minute, until it is told to stop."""

    def __init__(self, interval: float = INTERVAL_S) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.interval = interval
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.is_set():
            self.tick_safely()
            self._ending.wait(self.interval)

    def tick_safely(self) -> None:
        """One tick; a failure (a locked or absent database) waits for the next."""
        try:
            tick()
        except Exception as error:  # noqa: BLE001 - the thread must go on
            log.error("the clock could not tick: %s", trace(error))
        finally:
            connections.close_all()

    def stop(self, timeout: float = 5) -> None:
        """Ends the thread after its current tick."""
        self._ending.set()
        if self.is_alive():
            self.join(timeout)
