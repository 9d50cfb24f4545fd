"""How the system is."""

from __future__ import annotations

from typing import Literal

from api.documents.document import Document, example
from operations.health import Health


class PartDocument(Document):
    """One part of the system."""

    name: str
    status: Literal["ok", "failing"]
    detail: str


class HealthDocument(Document):
    """All parts and versions."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            status="ok",
            parts=[{"name": "store", "status": "ok", "detail": "Helsinki"}],
            versions={"stadsronde": "0.1.0"},
        )
    }

    status: Literal["ok", "failing"]
    parts: tuple[PartDocument, ...]
    versions: dict[str, str]

    def in_short(self) -> HealthDocument:
        """Return what anybody may know: whether all is well."""
        return HealthDocument(status=self.status, parts=(), versions={})

    @classmethod
    def of(cls, noun: Health) -> HealthDocument:
        """Return the document of a system's health."""
        return cls(
            status="ok" if noun.well else "failing",
            parts=tuple(
                PartDocument(
                    name=part.name, status="ok" if part.well else "failing", detail=part.detail
                )
                for part in noun.parts
            ),
            versions=dict(noun.versions),
        )
