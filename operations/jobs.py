"""Verb: hand long work to a process of its own, and keep how far it is.

OR-Tools holds the interpreter's lock while it solves, so a solve inside the server would stop it.
The seam is the standard `concurrent.futures.Executor`: processes on one machine here, a cluster's
executor elsewhere. Workers write their progress to the job table themselves.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, date, datetime

from city.errors import BadInput, Fault, StadsrondeError
from city.store import Store, jobs, open_store
from city.store.jobs import JobRecord, JobState
from operations.settings import Settings

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Told how many of how many steps are done, and what comes next."""

PlanVerb = Callable[[Settings, date, Progress], str]
"""Makes a plan for a day and returns its id; must be importable by a worker."""

LOWER_PRIORITY = 5


def worker_processes() -> ProcessPoolExecutor:
    """Return the executor of one machine: one process, started afresh, that yields to the pages."""
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_settle_in,
    )


def _settle_in() -> None:
    os.nice(LOWER_PRIORITY)
    # Ctrl+C in the server's terminal reaches its workers too; a job that runs is finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Jobs:
    """The desk where work is handed in.

    Parameters
    ----------
    executor : makes the executor, now and whenever a worker has died.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        plan_verb: PlanVerb,
        executor: Callable[[], Executor] = worker_processes,
    ) -> None:
        self._settings = settings
        self._store = store
        self._plan_verb = plan_verb
        self._make = executor
        self._executor: Executor | None = None
        self._handed_in: set[Future[None]] = set()
        self._lock = threading.Lock()

    def plan(self, day: date) -> JobRecord:
        """Ask for a plan for a day, and return the job."""
        now = datetime.now(UTC)
        asked = {"day": day.isoformat()}
        record = JobRecord(secrets.token_hex(8), "plan", asked, JobState.QUEUED, now, now)
        jobs.add(self._store, record)
        self._submit(record.id, day)
        return record

    def close(self) -> None:
        """Let no further job begin, end what waits, and wait for the one that runs."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            if any(future.running() for future in tuple(self._handed_in)):
                log.warning("Waiting for the plan that is being made.")
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job_id: str, day: date) -> None:
        with self._lock:
            if self._executor is None:
                self._executor = self._make()
            try:
                future = self._start(self._executor, job_id, day)
            except BrokenProcessPool:
                self._executor = self._make()
                future = self._start(self._executor, job_id, day)
            self._handed_in.add(future)
        future.add_done_callback(self._handed_in.discard)
        future.add_done_callback(lambda done: self._note_a_dead_worker(job_id, done))

    def _start(self, executor: Executor, job_id: str, day: date) -> Future[None]:
        return executor.submit(plan_in_worker, self._settings, job_id, day, self._plan_verb)

    def _note_a_dead_worker(self, job_id: str, future: Future[None]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            jobs.finish(self._store, job_id, datetime.now(UTC), faults=(_DIED,))


def fail_interrupted(store: Store) -> int:
    """Mark jobs of a server that is gone as failed, and return how many those were."""
    return jobs.fail_open(store, datetime.now(UTC), _INTERRUPTED)


def plan_in_worker(settings: Settings, job_id: str, day: date, plan_verb: PlanVerb) -> None:
    """Do a planning job; whatever goes wrong becomes the job's faults."""
    store = open_store(settings.database, settings.municipality)

    def tell(done: int, steps: int, doing: str) -> None:
        jobs.progress(store, job_id, datetime.now(UTC), done, steps, doing)

    try:
        tell(0, 0, "")
        plan_id = plan_verb(settings, day, tell)
        jobs.finish(store, job_id, datetime.now(UTC), result_id=plan_id)
    except BadInput as error:
        jobs.finish(store, job_id, datetime.now(UTC), faults=error.faults)
    except StadsrondeError as error:
        found = Fault("job-failed", f"job {job_id}", str(error), "See the server's log.")
        jobs.finish(store, job_id, datetime.now(UTC), faults=(found,))
    finally:
        store.close()


_AGAIN = "Ask for it again."
_DIED = Fault("job-died", "job", "The worker stopped before the job was done.", _AGAIN)
_INTERRUPTED = Fault(
    "job-interrupted", "job", "The server was stopped before the job was done.", _AGAIN
)
