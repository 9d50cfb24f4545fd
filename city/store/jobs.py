"""Jobs that workers do outside the server, kept so that they survive its restart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from city.errors import Fault, NotFound
from city.store.database import Store
from city.store.rows import from_json, insert_new, to_json
from city.store.tables import job


class JobState(StrEnum):
    """How far a job is; the last two are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})
_OPEN = sorted(state.value for state in OPEN)


@dataclass(frozen=True)
class JobRecord:
    """One piece of work that was asked for.

    Parameters
    ----------
    asked : what it was asked to do, as plain JSON.
    done, steps : progress; 0 of 0 while that is not known.
    doing : what it is at, in words.
    result_id : what came of it, such as a plan's id.
    faults : what was wrong, when it failed.
    starts : how often it was begun; more than once where a server stopped meanwhile.
    """

    id: str
    verb: str
    asked: dict[str, Any]
    state: JobState
    created_at: datetime
    changed_at: datetime
    done: int = 0
    steps: int = 0
    doing: str = ""
    result_id: str | None = None
    faults: tuple[Fault, ...] = ()
    starts: int = 0


def add(store: Store, noun: JobRecord) -> None:
    """Keep a new job."""
    row = {
        "municipality_id": store.municipality_id,
        "id": noun.id,
        "verb": noun.verb,
        "asked": noun.asked,
        "state": noun.state.value,
        "created_at": noun.created_at,
        "changed_at": noun.changed_at,
        "done": noun.done,
        "steps": noun.steps,
        "doing": noun.doing,
        "result_id": noun.result_id,
        "faults": to_json(tuple[Fault, ...], noun.faults),
        "starts": noun.starts,
    }
    with store.engine.begin() as connection:
        insert_new(connection, job, [row])


def begin(store: Store, job_id: str, when: datetime) -> None:
    """Note that a worker begins with a job."""
    _change(
        store,
        _open(store).where(job.c.id == job_id),
        state=JobState.RUNNING.value,
        changed_at=when,
        starts=job.c.starts + 1,
    )


def queue_again(store: Store, job_id: str, when: datetime) -> None:
    """Note that a job waits once more, from its first step."""
    _change(
        store,
        _open(store).where(job.c.id == job_id),
        state=JobState.QUEUED.value,
        changed_at=when,
        done=0,
        steps=0,
        doing="",
    )


def progress(store: Store, job_id: str, when: datetime, done: int, steps: int, doing: str) -> None:
    """Note how far a job is, which also says that it runs; a finished one stays as it is."""
    _change(
        store,
        _open(store).where(job.c.id == job_id),
        state=JobState.RUNNING.value,
        changed_at=when,
        done=done,
        steps=steps,
        doing=doing[:200],
    )


def finish(
    store: Store,
    job_id: str,
    when: datetime,
    result_id: str | None = None,
    faults: Iterable[Fault] = (),
) -> None:
    """Note that a job is over: done, or failed where there are faults."""
    found = tuple(faults)
    _change(
        store,
        _open(store).where(job.c.id == job_id),
        state=(JobState.FAILED if found else JobState.DONE).value,
        changed_at=when,
        result_id=result_id,
        faults=to_json(tuple[Fault, ...], found),
    )


def left_open(store: Store) -> tuple[tuple[str, JobRecord], ...]:
    """Return the jobs of every municipality that are not over, each with its own, oldest first."""
    query = sa.select(job).where(job.c.state.in_(_OPEN)).order_by(job.c.created_at, job.c.id)
    with store.engine.connect() as connection:
        return tuple((row.municipality_id, _noun(row)) for row in connection.execute(query))


def get(store: Store, job_id: str) -> JobRecord:
    """Return one job.

    Raises
    ------
    NotFound
        None with this id is kept.
    """
    query = sa.select(job).where(job.c.municipality_id == store.municipality_id, job.c.id == job_id)
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"No job '{job_id}' is kept.")
    return _noun(row)


def _open(store: Store) -> sa.Update:
    return sa.update(job).where(
        job.c.municipality_id == store.municipality_id,
        job.c.state.in_(_OPEN),
    )


def _change(store: Store, statement: sa.Update, **values: Any) -> int:
    with store.engine.begin() as connection:
        return connection.execute(statement.values(**values)).rowcount


def _noun(row: sa.Row[Any]) -> JobRecord:
    return JobRecord(
        id=row.id,
        verb=row.verb,
        asked=row.asked,
        state=JobState(row.state),
        created_at=row.created_at,
        changed_at=row.changed_at,
        done=row.done,
        steps=row.steps,
        doing=row.doing,
        result_id=row.result_id,
        faults=from_json(tuple[Fault, ...], row.faults),
        starts=row.starts,
    )
