"""Photos: what is kept of them and what was seen in them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.documents.document import Document, Link, Point, example
from api.documents.problems import FaultDocument
from city.photo import PhotoRecord
from operations.receive_photo import Outcome


class SeenDocument(Document):
    """One detection; the box is left, top, width and height in pixels."""

    category: str
    bbox: tuple[float, float, float, float]
    score: float
    container_id: str | None


class PhotoDocument(Document):
    """A photo whose blurred copy is kept."""

    id: str
    file_name: str
    taken_at: datetime
    received_at: datetime
    geometry: Point
    heading_deg: float | None
    width_px: int
    height_px: int
    blurred_share: float
    model_version_id: str
    seen: tuple[SeenDocument, ...]
    links: tuple[Link, ...]

    @classmethod
    def of(cls, noun: PhotoRecord) -> PhotoDocument:
        """Return the document of one photo."""
        return cls(
            id=noun.id,
            file_name=noun.file_name,
            taken_at=noun.taken_at,
            received_at=noun.received_at,
            geometry=Point.at(noun.position),
            heading_deg=noun.heading_deg,
            width_px=noun.width_px,
            height_px=noun.height_px,
            blurred_share=noun.blurred_share,
            model_version_id=noun.model_version_id,
            seen=tuple(
                SeenDocument(
                    category=each.category,
                    bbox=each.bbox,
                    score=each.score,
                    container_id=each.container_id,
                )
                for each in noun.seen
            ),
            links=(
                Link(rel="self", href=f"/v1/photos/{noun.id}"),
                Link(rel="image", href=f"/v1/photos/{noun.id}/image", type="image/jpeg"),
            ),
        )


class OutcomeDocument(Document):
    """What became of one file of a zip."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            name="street.jpg", outcome="stored", photoId="9f86d081884c7d65", faults=[]
        )
    }

    name: str = Field(description="As the zip has it; empty where the zip itself is broken.")
    outcome: Literal["stored", "known", "refused"]
    photo_id: str | None
    faults: tuple[FaultDocument, ...]

    @classmethod
    def of(cls, noun: Outcome) -> OutcomeDocument:
        """Return the document of one outcome."""
        return cls(
            name=noun.name,
            outcome="refused" if noun.faults else "stored" if noun.is_new else "known",
            photo_id=noun.photo_id,
            faults=tuple(FaultDocument.of(fault) for fault in noun.faults),
        )


class PhotoList(Document):
    """Photos, the newest first."""

    photos: tuple[PhotoDocument, ...]
    links: tuple[Link, ...]
