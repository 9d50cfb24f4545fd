"""Shifts: what a crew needs for its day."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from pydantic import Field

from api.documents.document import Document, LineString, Point
from api.documents.taps import TapDocument
from city.container import ContainerKind
from city.fraction import Fraction
from city.plan import VisitKind
from city.wording import clock
from operations.show_shift import Shift
from routing.sheets.sheet import SheetLine, StopFacts


class DirectionDocument(Document):
    """One line of a turn-by-turn list, and how far the truck then drives."""

    text: str
    length_m: int


class StopDocument(Document):
    """What a crew reads about the container that it empties."""

    container_kind: ContainerKind
    fill: float = Field(description="Expected; 1 is full.")
    fill_low: float
    fill_high: float
    reason: str
    must: bool
    access_note: str
    photo: str | None = Field(description="Where a blurred picture of it is found.")

    @classmethod
    def of(cls, noun: StopFacts, photo_id: str | None) -> StopDocument:
        """Return the document of one stop."""
        part = urlencode({"containerId": noun.container_id})
        return cls(
            container_kind=noun.kind,
            fill=noun.fill,
            fill_low=noun.fill_low,
            fill_high=noun.fill_high,
            reason=noun.reason,
            must=noun.must,
            access_note=noun.access_note,
            photo=photo_id and f"/v1/photos/{photo_id}/image?{part}",
        )


class ShiftLine(Document):
    """One thing that the truck does, and the drive to it from the line before."""

    kind: VisitKind
    ref: str = Field(description="The container, the loose waste or the site; empty for a break.")
    number: int | None = Field(description="Counts the stops from 1.")
    place: str
    coordinates: tuple[float, float] | None
    arrival: str = Field(description="Local time of day.", examples=["07:42"])
    departure: str
    drive_s: int
    length_m: int
    fraction: Fraction | None
    unload_kg: int = Field(description="Expected, at a disposal site.")
    directions: tuple[DirectionDocument, ...]
    stop: StopDocument | None

    @classmethod
    def of(cls, noun: SheetLine, ref: str, photo_id: str | None) -> ShiftLine:
        """Return the document of one line."""
        return cls(
            kind=noun.kind,
            ref=ref,
            number=noun.number,
            place=noun.place,
            coordinates=Point.at(noun.position).coordinates if noun.position else None,
            arrival=clock(noun.arrival_s),
            departure=clock(noun.departure_s),
            drive_s=noun.drive_s,
            length_m=noun.length_m,
            fraction=noun.fraction,
            unload_kg=noun.unload_kg,
            directions=tuple(
                DirectionDocument(text=each.text, length_m=each.length_m)
                for each in noun.directions
            ),
            stop=StopDocument.of(noun.stop, photo_id) if noun.stop else None,
        )


class ShiftDocument(Document):
    """One truck's day as its crew sees it."""

    plan_id: str
    day: date
    vehicle_id: str
    vehicle_name: str
    notices: tuple[str, ...] = Field(description="What every reader must be told.")
    attribution: str
    geometry: LineString
    lines: tuple[ShiftLine, ...]
    taps: tuple[TapDocument, ...] = Field(
        description="Of this truck, and of any other at these stops; oldest first."
    )

    @classmethod
    def of(cls, noun: Shift) -> ShiftDocument:
        """Return the document of a shift."""
        sheet = noun.sheet
        return cls(
            plan_id=sheet.plan_id,
            day=sheet.day,
            vehicle_id=sheet.vehicle_id,
            vehicle_name=sheet.vehicle_name,
            notices=sheet.notices,
            attribution=sheet.attribution,
            geometry=LineString(
                coordinates=tuple((round(lon, 6), round(lat, 6)) for lon, lat in sheet.geometry)
            ),
            lines=tuple(
                ShiftLine.of(line, ref, noun.photo_ids.get(ref))
                for line, ref in zip(sheet.lines, noun.refs, strict=True)
            ),
            taps=tuple(TapDocument.of(tap) for tap in noun.taps),
        )


class ShiftSummary(Document):
    """A truck that goes out."""

    vehicle_id: str
    vehicle_name: str
    fractions: tuple[Fraction, ...]
    start: str = Field(examples=["06:30"])
    end: str
    stops: int
    finished: int = Field(description="Stops that were emptied, or could not be.")


class ShiftList(Document):
    """The trucks of the published plan of today, or else of the first day after."""

    day: date | None = Field(description="Null while no plan is published.")
    plan_id: str | None
    published_at: datetime | None
    shifts: tuple[ShiftSummary, ...]
