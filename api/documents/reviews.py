"""What people say is in a photo."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.documents.document import Document, example
from city.review import Label
from operations.review_photo import ToReview

Pixels = Annotated[float, Field(ge=-1, le=1_000_000, allow_inf_nan=False)]


class LabelDocument(Document):
    """One thing; the box is left, top, width and height in pixels."""

    category: str = Field(max_length=40)
    bbox: tuple[Pixels, Pixels, Pixels, Pixels]


class LabelsRequest(Document):
    """All that is in a photo."""

    model_config = Document.model_config | {
        "json_schema_extra": example(labels=[{"category": "bag", "bbox": [10, 20, 60, 80]}])
    }

    labels: tuple[LabelDocument, ...] = Field(max_length=500)

    def nouns(self) -> tuple[Label, ...]:
        """Return the city's noun of each."""
        return tuple(Label(each.category, each.bbox) for each in self.labels)


class LabelsDocument(Document):
    """What holds for a photo: a person's labels, until then the detector's."""

    photo_id: str
    labels: tuple[LabelDocument, ...]
    reviewed_at: datetime | None
    reviewed_by: str | None

    @classmethod
    def of(cls, noun: ToReview) -> LabelsDocument:
        """Return the document of one photo's labels."""
        return cls(
            photo_id=noun.photo.id,
            labels=tuple(LabelDocument(category=e.category, bbox=e.bbox) for e in noun.labels),
            reviewed_at=noun.review.at if noun.review else None,
            reviewed_by=noun.review.by if noun.review else None,
        )
