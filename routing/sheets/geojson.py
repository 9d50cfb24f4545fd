"""GeoJSON (RFC 7946): the driven line, then every line of the sheet in order."""

from __future__ import annotations

import json
from typing import Any

from city.wording import FRACTION_NAMES, clock
from routing.sheets.sheet import Sheet, SheetLine


def render(sheet: Sheet) -> bytes:
    """Return the sheet as a FeatureCollection, UTF-8.

    A break has no place of its own, so its geometry is null, as RFC 7946 section 3.2 allows.
    """
    collection = {
        "type": "FeatureCollection",
        "attribution": sheet.attribution,
        "notices": list(sheet.notices),
        "duties": list(sheet.duties),
        "features": [_route(sheet), *(_feature(n, line, sheet) for n, line in _counted(sheet))],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _counted(sheet: Sheet) -> list[tuple[int, SheetLine]]:
    return list(enumerate(sheet.lines))


def _route(sheet: Sheet) -> dict[str, Any]:
    line = [_lonlat(lon, lat) for lon, lat in sheet.geometry]
    return {
        "type": "Feature",
        # A LineString has two positions at least.
        "geometry": {"type": "LineString", "coordinates": line} if len(line) > 1 else None,
        "properties": {
            "kind": "route",
            "municipality": sheet.municipality,
            "plan_id": sheet.plan_id,
            "vehicle_id": sheet.vehicle_id,
            "vehicle_name": sheet.vehicle_name,
            "day": sheet.day.isoformat(),
            "made_at": sheet.made_at.isoformat(),
            "length_m": sheet.length_m,
            "duration_s": sheet.duration_s,
            "collected_kg": sheet.collected_kg,
            "stops": len(sheet.stops),
            "disposal_visits": sheet.disposal_visits,
        },
    }


def _feature(order: int, line: SheetLine, sheet: Sheet) -> dict[str, Any]:
    at = line.position
    properties: dict[str, Any] = {
        "kind": line.kind.value,
        "order": order,
        "number": line.number,
        "arrival": clock(line.arrival_s),
        "arrival_s": line.arrival_s,
        "departure_s": line.departure_s,
        "place": line.place,
        "drive_s": line.drive_s,
        "length_m": line.length_m,
        "load_kg": line.load_kg,
        "unload_kg": line.unload_kg,
    }
    if line.fraction is not None:
        properties["fraction"] = line.fraction.value
        properties["fraction_name"] = FRACTION_NAMES[sheet.language][line.fraction]
    if line.stop is not None:
        properties |= _stop(line)
    point = {"type": "Point", "coordinates": _lonlat(at.lon, at.lat)} if at else None
    return {"type": "Feature", "geometry": point, "properties": properties}


def _stop(line: SheetLine) -> dict[str, Any]:
    stop = line.stop
    assert stop is not None
    return {
        "container_id": stop.container_id,
        "container_kind": stop.kind.value,
        "fill": round(stop.fill, 3),
        "fill_low": round(stop.fill_low, 3),
        "fill_high": round(stop.fill_high, 3),
        "reason": stop.reason,
        "must": stop.must,
        "access_note": stop.access_note,
    }


def _lonlat(lon: float, lat: float) -> list[float]:
    """Return a position with six decimals: a tenth of a metre."""
    return [round(lon, 6), round(lat, 6)]
