"""Jobs: how far a piece of work is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.documents.document import Document, Link, example
from api.documents.problems import FaultDocument
from city.store.jobs import OPEN, JobRecord, JobState


class JobDocument(Document):
    """A piece of work done outside the server."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            id="9f86d081884c7d65",
            verb="plan",
            asked={"day": "2026-11-24"},
            state="running",
            done=3,
            steps=8,
            doing="solve",
        )
    }

    id: str
    verb: str
    asked: dict[str, Any]
    state: JobState
    created_at: datetime
    changed_at: datetime
    done: int
    steps: int
    doing: str
    faults: tuple[FaultDocument, ...]
    links: tuple[Link, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing of it will change any more."""
        return self.state not in OPEN

    @classmethod
    def of(cls, noun: JobRecord) -> JobDocument:
        """Return the document of one job, with a link to what came of it."""
        links = [
            Link(rel="self", href=f"/v1/jobs/{noun.id}"),
            Link(rel="events", href=f"/v1/jobs/{noun.id}/events", type="text/event-stream"),
        ]
        if noun.result_id:
            links.append(Link(rel="result", href=_result(noun)))
        return cls(
            id=noun.id,
            verb=noun.verb,
            asked=noun.asked,
            state=noun.state,
            created_at=noun.created_at,
            changed_at=noun.changed_at,
            done=noun.done,
            steps=noun.steps,
            doing=noun.doing,
            faults=tuple(FaultDocument.of(fault) for fault in noun.faults),
            links=tuple(links),
        )


def _result(noun: JobRecord) -> str:
    if noun.verb == "what-if":
        return f"/v1/plans/{noun.result_id}/what-ifs"
    return f"/v1/plans/{noun.result_id}"
