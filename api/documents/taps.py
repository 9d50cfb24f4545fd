"""Drivers' taps: as they are sent, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from api.documents.document import Document, example
from api.documents.problems import FaultDocument
from city.errors import BadInput
from city.tap import Remark, StopException, Tap, TapKind
from operations.record_taps import Recorded

MOST_AT_ONCE = 500
Key = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$", description="Made on the device.")]
Name = Annotated[str, Field(max_length=100)]


class SentTap(Document):
    """One tap, as the device made it."""

    key: Key
    kind: TapKind
    at: AwareDatetime = Field(description="On the device's own clock.")
    ref: Name = Field(default="", description="The stop or disposal site.")
    fill: float | None = Field(default=None, description="At the lift; 1 is full.")
    weight_kg: float | None = None
    exception: StopException | None = None
    note: str = Field(default="", max_length=1000)
    undoes: Key | None = Field(default=None, description="The key of the tap that is taken back.")


class TapBatch(Document):
    """Taps in the order in which they were made."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            vehicleId="KW-1",
            planId="20261124-1f0c9a2b",
            sentAt="2026-11-24T08:31:05Z",
            taps=[
                {
                    "key": "5b0e1a52-8c6f-4f0e-9a55-1d2a7c3f9e10",
                    "kind": "emptied",
                    "at": "2026-11-24T08:12:44Z",
                    "ref": "B-00",
                    "fill": 0.75,
                }
            ],
        )
    }

    vehicle_id: Name
    plan_id: Annotated[str, Field(max_length=64)]
    sent_at: AwareDatetime = Field(
        description="On the device's own clock; each tap is dated by how long before it was made."
    )
    taps: tuple[SentTap, ...] = Field(max_length=MOST_AT_ONCE)

    def noun(self, sent: SentTap) -> Tap:
        """Return one of the taps.

        Raises
        ------
        BadInput
            It lacks something, or says what cannot be.
        """
        return Tap(
            key=sent.key,
            kind=sent.kind,
            at=sent.at,
            vehicle_id=self.vehicle_id,
            plan_id=self.plan_id,
            ref=sent.ref,
            fill=sent.fill,
            weight_kg=sent.weight_kg,
            exception=sent.exception,
            note=sent.note,
            undoes=sent.undoes,
        )


class TapDocument(Document):
    """A tap that is kept."""

    key: str
    kind: TapKind
    at: datetime = Field(description="On the city's clock.")
    received_at: datetime | None
    day: date = Field(description="That the plan is for.")
    vehicle_id: str
    plan_id: str
    ref: str
    fill: float | None
    weight_kg: float | None
    exception: StopException | None
    note: str
    undoes: str | None
    remark: Remark | None
    photo_id: str | None

    @classmethod
    def of(cls, noun: Tap) -> TapDocument:
        """Return the document of one tap; who was logged in is not told."""
        return cls(**{name: getattr(noun, name) for name in cls.model_fields})


class OtherTruck(Document):
    """The truck that was there too."""

    vehicle_id: str
    at: datetime


class RecordedDocument(Document):
    """What became of one tap that was sent."""

    key: str
    outcome: Literal["stored", "known", "refused"]
    remark: Remark | None = Field(default=None, description="What the crew should know of it.")
    other: OtherTruck | None = Field(default=None, description="Who emptied it too, and when.")
    faults: tuple[FaultDocument, ...] = ()

    @classmethod
    def of(cls, noun: Recorded) -> RecordedDocument:
        """Return the document of a tap that is kept."""
        other = noun.other
        return cls(
            key=noun.tap.key,
            outcome="stored" if noun.is_new else "known",
            remark=noun.tap.remark,
            other=OtherTruck(vehicle_id=other.vehicle_id, at=other.at) if other else None,
        )

    @classmethod
    def refused(cls, key: str, error: BadInput) -> RecordedDocument:
        """Return the document of a tap that nothing is kept of."""
        faults = tuple(FaultDocument.of(fault) for fault in error.faults)
        return cls(key=key, outcome="refused", faults=faults)


class RecordedList(Document):
    """What became of each tap, in their order."""

    recorded: tuple[RecordedDocument, ...]


class TapList(Document):
    """Taps, oldest first."""

    taps: tuple[TapDocument, ...]

    @classmethod
    def of(cls, nouns: Iterable[Tap]) -> TapList:
        """Return the document of some taps."""
        return cls(taps=tuple(TapDocument.of(noun) for noun in nouns))
