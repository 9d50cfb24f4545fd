"""Which plan of a day is driven."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from api.documents.document import Document, example
from city.publication import PlanState, Publication


class PublicationDocument(Document):
    """Whether a plan is driven, and who published it."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            planId="20261124-1f0c9a2b",
            day="2026-11-24",
            state="published",
            publishedAt="2026-11-23T16:20:00Z",
            publishedBy="j.jansen@example.nl",
        )
    }

    plan_id: str
    day: date
    state: PlanState = Field(description="`replaced`: it was published, and is no longer.")
    published_at: datetime | None
    published_by: str | None

    @classmethod
    def of(
        cls, plan_id: str, day: date, state: PlanState, noun: Publication | None
    ) -> PublicationDocument:
        """Return the document of a plan's state."""
        return cls(
            plan_id=plan_id,
            day=day,
            state=state,
            published_at=noun.at if noun else None,
            published_by=noun.by if noun else None,
        )


class PublishRequest(Document):
    """Publish a plan."""

    model_config = Document.model_config | {"json_schema_extra": example(despiteViolations=False)}

    despite_violations: bool = Field(
        default=False, description="Although it was edited by hand so that it breaks rules."
    )
