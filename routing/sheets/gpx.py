"""GPX 1.1: the stops as waypoints and as a route, the driven line as a track.

Source: https://www.topografix.com/GPX/1/1/
"""

from __future__ import annotations

import re
from datetime import UTC
from xml.etree import ElementTree as ET

from city.place import Position
from city.wording import clock
from routing.sheets.sheet import Sheet, SheetLine
from routing.sheets.view import line_title

NAMESPACE = "http://www.topografix.com/GPX/1/1"
_SCHEMA = "http://www.topografix.com/GPX/1/1/gpx.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# What XML 1.0 cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(sheet: Sheet) -> bytes:
    """Return the sheet as GPX 1.1."""
    root = ET.Element(
        "gpx",
        {
            "version": "1.1",
            "creator": "Stadsronde",
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
        },
    )
    _metadata(root, sheet)
    placed = [(line, line.position) for line in sheet.lines if line.position is not None]
    for line, position in placed:
        _point(root, "wpt", line, position, sheet)
    route = ET.SubElement(root, "rte")
    _text(route, "name", _name(sheet))
    for line, position in placed:
        _point(route, "rtept", line, position, sheet)
    track = ET.SubElement(root, "trk")
    _text(track, "name", _name(sheet))
    segment = ET.SubElement(track, "trkseg")
    for lon, lat in sheet.geometry:
        ET.SubElement(segment, "trkpt", _degrees(lon, lat))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _metadata(root: ET.Element, sheet: Sheet) -> None:
    """Write who made it and whose map it is, in the order that the schema asks for."""
    metadata = ET.SubElement(root, "metadata")
    _text(metadata, "name", _name(sheet))
    _text(metadata, "desc", " ".join((f"Plan {sheet.plan_id}.", *sheet.notices, *sheet.duties)))
    ET.SubElement(ET.SubElement(metadata, "copyright", author=_clean(sheet.attribution)), "license")
    metadata[-1][0].text = "https://opendatacommons.org/licenses/odbl/1-0/"
    _text(metadata, "time", f"{sheet.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _point(parent: ET.Element, tag: str, line: SheetLine, position: Position, sheet: Sheet) -> None:
    point = ET.SubElement(parent, tag, _degrees(position.lon, position.lat))
    title = line_title(line, sheet)
    _text(point, "name", f"{line.number} {line.place}" if line.number else f"{title} {line.place}")
    if line.stop is not None:
        _text(point, "cmt", line.stop.container_id)
        note = f" {line.stop.access_note}" if line.stop.access_note else ""
        _text(point, "desc", f"{clock(line.arrival_s)} {line.stop.reason}{note}")
    else:
        _text(point, "desc", clock(line.arrival_s))
    _text(point, "type", line.kind.value)


def _name(sheet: Sheet) -> str:
    return f"{sheet.vehicle_name} {sheet.day.isoformat()}"


def _degrees(lon: float, lat: float) -> dict[str, str]:
    return {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
