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
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from city.errors import BadInput, Fault, StadsrondeError
from city.store import Store, jobs, open_store
from city.store.jobs import JobRecord, JobState
from operations.settings import Settings

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Told how many of how many steps are done, and what comes next."""

PlanVerb = Callable[[Settings, date, str | None, Progress], str]
"""Makes a plan for a day and a fleet, returns its id; must be importable by a worker."""

Work = Callable[[Settings, Mapping[str, Any], Progress], str]
"""Does what was asked and returns what came of it; must be importable by a worker."""


@dataclass(frozen=True)
class Verb:
    """One kind of job.

    Parameters
    ----------
    may_be_repeated : whether doing it twice does no more than doing it once, so that a job that
        was interrupted is begun again.
    """

    work: Work
    may_be_repeated: bool


def planning(plan_verb: PlanVerb) -> Verb:
    """Return the kind of job that plans a day; the same evidence gives the same plan."""
    return Verb(partial(_plan, plan_verb), may_be_repeated=True)


def _plan(plan_verb: PlanVerb, settings: Settings, asked: Mapping[str, Any], tell: Progress) -> str:
    return plan_verb(settings, date.fromisoformat(asked["day"]), asked.get("fleetId"), tell)


MOST_STARTS = 3
"""A job that was begun so often and never ended may be what stops the server."""

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
        verbs: Mapping[str, Verb],
        executor: Callable[[], Executor] = worker_processes,
    ) -> None:
        self._settings = settings
        self._verbs = verbs
        self._make = executor
        self._executor: Executor | None = None
        self._handed_in: set[Future[None]] = set()
        self._lock = threading.Lock()

    def ask(self, store: Store, verb: str, asked: dict[str, Any]) -> JobRecord:
        """Ask for a piece of work for a municipality, and return the job."""
        now = datetime.now(UTC)
        record = JobRecord(secrets.token_hex(8), verb, asked, JobState.QUEUED, now, now)
        jobs.add(store, record)
        self._submit(store, record)
        return record

    def go_on(self, store: Store) -> None:
        """Go on with what an earlier server left, in every municipality of the database."""
        for municipality_id, record in jobs.left_open(store):
            place, now = Store(store.engine, municipality_id), datetime.now(UTC)
            verb = self._verbs.get(record.verb)
            begun = record.state is JobState.RUNNING
            if verb is None or (begun and not verb.may_be_repeated):
                jobs.finish(place, record.id, now, faults=(_INTERRUPTED,))
            elif record.starts >= MOST_STARTS:
                jobs.finish(place, record.id, now, faults=(_NEVER_ENDS,))
            else:
                jobs.queue_again(place, record.id, now)
                self._submit(place, record)

    def close(self) -> None:
        """Let no further job begin, end what waits, and wait for the one that runs."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            if any(future.running() for future in tuple(self._handed_in)):
                log.warning("Waiting for the plan that is being made.")
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, store: Store, record: JobRecord) -> None:
        with self._lock:
            if self._executor is None:
                self._executor = self._make()
            try:
                future = self._start(self._executor, store, record)
            except BrokenProcessPool:
                self._executor = self._make()
                future = self._start(self._executor, store, record)
            self._handed_in.add(future)
        future.add_done_callback(self._handed_in.discard)
        future.add_done_callback(lambda done: _note_a_dead_worker(store, record.id, done))

    def _start(self, executor: Executor, store: Store, record: JobRecord) -> Future[None]:
        settings = self._settings.replace(municipality=store.municipality_id)
        work = self._verbs[record.verb].work
        return executor.submit(do_in_worker, settings, record.id, work, record.asked)


def _note_a_dead_worker(store: Store, job_id: str, future: Future[None]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        jobs.finish(store, job_id, datetime.now(UTC), faults=(_DIED,))


def do_in_worker(settings: Settings, job_id: str, work: Work, asked: Mapping[str, Any]) -> None:
    """Do a job; whatever goes wrong becomes the job's faults."""
    store = open_store(settings.database, settings.municipality)

    def tell(done: int, steps: int, doing: str) -> None:
        jobs.progress(store, job_id, datetime.now(UTC), done, steps, doing)

    try:
        jobs.begin(store, job_id, datetime.now(UTC))
        result_id = work(settings, asked, tell)
        jobs.finish(store, job_id, datetime.now(UTC), result_id=result_id)
    except BadInput as error:
        jobs.finish(store, job_id, datetime.now(UTC), faults=error.faults)
    except StadsrondeError as error:
        found = Fault("job-failed", f"job {job_id}", str(error), "See the server's log.")
        jobs.finish(store, job_id, datetime.now(UTC), faults=(found,))
    finally:
        store.close()


_AGAIN = "Ask for it again."
_DIED = Fault("job-died", "job", "The worker stopped before the job was done.", _AGAIN)
_NEVER_ENDS = Fault(
    "job-never-ends",
    "job",
    f"The server stopped {MOST_STARTS} times while it was done.",
    "See the server's log, then ask for it again.",
)
_INTERRUPTED = Fault(
    "job-interrupted", "job", "The server was stopped before the job was done.", _AGAIN
)
