"""Reading the fields of foreign records: each either yields our noun or names what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pyproj import Transformer
from pyproj.exceptions import CRSError

from city.errors import BadInput, Fault
from city.fraction import Fraction
from city.place import Bounds, Position

RD = "EPSG:28992"
WGS84 = "EPSG:4326"
CLOCK_TOLERANCE = timedelta(minutes=10)

FRACTIONS = {
    "residual": Fraction.RESIDUAL, "rest": Fraction.RESIDUAL, "restafval": Fraction.RESIDUAL,
    "paper": Fraction.PAPER, "papier": Fraction.PAPER,
    "glass": Fraction.GLASS, "glas": Fraction.GLASS,
    "packaging": Fraction.PACKAGING, "plastic": Fraction.PACKAGING, "pmd": Fraction.PACKAGING,
    "organic": Fraction.ORGANIC, "gft": Fraction.ORGANIC, "gfe": Fraction.ORGANIC,
    "textile": Fraction.TEXTILE, "textiel": Fraction.TEXTILE,
}  # fmt: skip
"""What sources call the fractions, in lower case."""

_LIKELY = (
    ("degrees, longitude first", WGS84, False),
    ("degrees, latitude first", WGS84, True),
    ("Rijksdriehoek metres (EPSG:28992)", RD, False),
    ("Rijksdriehoek metres, y first", RD, True),
    ("web map metres (EPSG:3857)", "EPSG:3857", False),
    ("UTM metres (EPSG:25831)", "EPSG:25831", False),
)


def given(raw: Mapping[str, Any], field: str, where: str) -> Any:
    """Return a field that must be there."""
    value = raw.get(field)
    if value is None or value == "":
        raise BadInput(
            Fault(
                code="missing-field",
                where=where,
                field=field,
                cause="The field is missing or empty.",
                remedy="Complete the record at its source; the next import takes it.",
            )
        )
    return value


def number(raw: Mapping[str, Any], field: str, where: str) -> float:
    """Return a field as a finite number."""
    value = given(raw, field, where)
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found) or isinstance(value, bool):
        raise BadInput(
            Fault(
                code="not-a-number",
                where=where,
                field=field,
                value=str(value)[:80],
                cause="It must be a number.",
                remedy="Write it with a point, without unit: 5000 or 4.8952.",
            )
        )
    return found


def fraction(text: object, where: str, field: str = "fraction") -> Fraction:
    """Return the fraction that a source names."""
    found = FRACTIONS.get(str(text).strip().lower())
    if found is None:
        raise BadInput(
            Fault(
                code="unknown-fraction",
                where=where,
                field=field,
                value=str(text)[:80],
                cause="It is not known.",
                remedy=f"Use one of: {', '.join(FRACTIONS)}; or map it in the mapping file.",
            )
        )
    return found


def net_weight_kg(value: float, where: str, field: str) -> float:
    """Return a weight that can be what a container held."""
    if value < 0:
        raise BadInput(
            Fault(
                code="negative-net-weight",
                where=where,
                field=field,
                value=f"{value:g}",
                cause="The container weighed more after its emptying than before.",
                remedy="Check the two weighings at their source; they may be exchanged.",
            )
        )
    return value


def instant(text: object, zone: ZoneInfo, where: str, field: str) -> datetime:
    """Return an ISO 8601 time; one without an offset is by the city's clock."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        raise BadInput(
            Fault(
                code="not-a-time",
                where=where,
                field=field,
                value=str(text)[:80],
                cause="It is not a time as ISO 8601 writes it.",
                remedy="Write it as 2026-11-22T08:00:00+01:00.",
            )
        ) from None
    return by_clock(when, zone, where, field) if when.tzinfo is None else when


def day_and_time(day: object, clock: object, zone: ZoneInfo, where: str, field: str) -> datetime:
    """Return the time that a date and a clock time of the city are."""
    try:
        naive = datetime.combine(
            date.fromisoformat(str(day)[:10]), time.fromisoformat(str(clock or "12:00:00"))
        )
    except ValueError:
        raise BadInput(
            Fault(
                code="not-a-time",
                where=where,
                field=field,
                value=f"{day} {clock}"[:80],
                cause="It is not a date with a time of day.",
                remedy="Write them as 2026-11-22 and 08:00:00.",
            )
        ) from None
    return by_clock(naive, zone, where, field) if naive.tzinfo is None else naive


def by_clock(naive: datetime, zone: ZoneInfo, where: str, field: str) -> datetime:
    """Return what a city's clock time is in UTC.

    The hour that the clock repeats in autumn is taken as its first pass. The hour that it skips
    in spring was on no clock, and is refused.
    """
    # As UTC: Python holds no time in a repeated hour equal to any time of another zone.
    when = naive.replace(tzinfo=zone).astimezone(UTC)
    if when.astimezone(zone).replace(tzinfo=None) != naive:
        raise BadInput(
            Fault(
                code="time-skipped-by-clock",
                where=where,
                field=field,
                value=naive.isoformat(),
                cause=f"The clock of {zone.key} skipped this time when summer time began.",
                remedy="Check the clock of the device that wrote it; give times with an offset.",
            )
        )
    return when


def not_in_future(when: datetime, now: datetime, where: str, field: str) -> datetime:
    """Return a time that has come."""
    if when > now + CLOCK_TOLERANCE:
        raise BadInput(
            Fault(
                code="time-in-future",
                where=where,
                field=field,
                value=when.isoformat(),
                cause="The time lies in the future.",
                remedy="Check the clock and the time zone of the device that wrote it.",
            )
        )
    return when


def point(
    geometry: object, crs: str, bounds: Bounds, where: str, field: str = "geometrie"
) -> Position:
    """Return the position that a GeoJSON point is, in whatever reference system it says."""
    found = geometry if isinstance(geometry, Mapping) else {}
    coordinates = found.get("coordinates")
    if found.get("type") != "Point" or not coordinates or len(coordinates) < 2:
        raise BadInput(
            Fault(
                code="record-without-position",
                where=where,
                field=field,
                value="" if geometry is None else str(geometry)[:80],
                cause="The record says no position.",
                remedy="Complete it at its source; without a place nobody can be sent.",
            )
        )
    pair = {"x": coordinates[0], "y": coordinates[1]}
    return place(number(pair, "x", where), number(pair, "y", where), crs, bounds, where, field)


def place(x: float, y: float, crs: str, bounds: Bounds, where: str, field: str = "x") -> Position:
    """Return the position of coordinates, east first; the likely cause is named if it cannot be.

    Source: RD to WGS 84 as PROJ does it: sub-metre without, centimetres with the RDNAPTRANS grid.
    """
    found = _in_degrees(x, y, crs)
    if found is not None and bounds.contains(found):
        return found
    value = f"{x:g}, {y:g}"
    swapped = _in_degrees(y, x, crs)
    if swapped is not None and bounds.contains(swapped):
        raise BadInput(
            Fault(
                code="coordinates-swapped",
                where=where,
                field=field,
                value=value,
                cause="The two coordinates seem to be exchanged.",
                remedy="Put the one that grows eastward (longitude, x) first.",
            )
        )
    for name, other, turned in _LIKELY:
        likely = _in_degrees(*((y, x) if turned else (x, y)), other)
        if likely is not None and bounds.contains(likely):
            raise BadInput(
                Fault(
                    code="wrong-crs",
                    where=where,
                    field=field,
                    value=value,
                    cause=f"The position is outside the city in {crs}; it seems to be in {name}.",
                    remedy="State that reference system for this source.",
                )
            )
    raise BadInput(
        Fault(
            code="outside-city",
            where=where,
            field=field,
            value=value,
            cause=f"The position lies outside the city, read as {crs}.",
            remedy="Check the position and its reference system.",
        )
    )


def check_crs(crs: str, where: str) -> None:
    """Raise BadInput where a reference system is not known."""
    try:
        _to_degrees(crs)
    except CRSError:
        raise BadInput(
            Fault(
                code="unknown-crs",
                where=where,
                field="crs",
                value=crs[:80],
                cause="The reference system is not known.",
                remedy="Name it by its code, such as EPSG:28992 or EPSG:4326.",
            )
        ) from None


def check_zone(name: str, where: str) -> None:
    """Raise BadInput where a time zone is not known."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError):
        raise BadInput(
            Fault(
                code="unknown-time-zone",
                where=where,
                field="time_zone",
                value=name[:80],
                cause="The time zone is not known.",
                remedy="Name it as the IANA database does, such as Europe/Amsterdam.",
            )
        ) from None


def _in_degrees(x: float, y: float, crs: str) -> Position | None:
    lon, lat = (x, y) if crs == WGS84 else _to_degrees(crs).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    return Position(lon, lat)


@lru_cache(maxsize=16)
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, WGS84, always_xy=True)
