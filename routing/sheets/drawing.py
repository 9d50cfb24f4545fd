"""The map of a route as one SVG, the same on paper and on a screen, without a map server."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from city.plan import VisitKind
from city.wording import NBSP
from routing.sheets.labels import LABELS
from routing.sheets.sheet import LonLat, Sheet

Point = tuple[float, float]

PAPER, STREET, ROUTE, INK, CASING = "#f6f7f5", "#d9dcd6", "#0b6b7f", "#16242d", "#ffffff"
FONT = "'Source Sans Pro','Source Sans 3',system-ui,sans-serif"
_MARGIN_PX = 26.0
_METRES_PER_DEGREE = 111_195.0
_STEP_BETWEEN_ARROWS_PX = 62.0
_MARKER_PX = 8.5
# A map of one street corner says nothing; show at least this much of the city.
_SMALLEST_SPAN_M = 300.0
# Where sites lie farther off than this many times the stops' own span, the map shows the
# neighbourhood of the stops, and the sites at its edge.
_MOST_GROWTH = 2.5
_STREET_M = 8.0


@dataclass(frozen=True)
class Frame:
    """Where a part of the earth lies on the picture: equirectangular, north up.

    Parameters
    ----------
    west, north : degrees at the picture's left upper corner.
    px_per_m : scale.
    """

    west: float
    north: float
    px_per_m: float
    cos_lat: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Sequence[LonLat], width: float, height: float) -> Frame:
        """Return the largest frame in which all points lie, centred."""
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        mid_lon, mid_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        cos_lat = max(0.01, math.cos(math.radians(mid_lat)))
        wide_m, high_m = _span_m(points)
        scale = min((width - 2 * _MARGIN_PX) / wide_m, (height - 2 * _MARGIN_PX) / high_m)
        return cls(
            west=mid_lon - width / 2 / scale / _METRES_PER_DEGREE / cos_lat,
            north=mid_lat + height / 2 / scale / _METRES_PER_DEGREE,
            px_per_m=scale,
            cos_lat=cos_lat,
            width=width,
            height=height,
        )

    def at(self, lonlat: LonLat) -> Point:
        """Return where a place lies, in pixels from the left upper corner."""
        scale = self.px_per_m * _METRES_PER_DEGREE
        x = (lonlat[0] - self.west) * scale * self.cos_lat
        return x, (self.north - lonlat[1]) * scale

    def held(self, point: Point, margin: float) -> Point:
        """Return the point, moved to the picture's edge where it lies outside."""
        x = min(max(point[0], margin), self.width - margin)
        return x, min(max(point[1], margin), self.height - margin)

    def sees(self, line: Sequence[Point]) -> bool:
        """Tell whether any of a line's box lies within the picture."""
        xs, ys = [p[0] for p in line], [p[1] for p in line]
        return max(xs) >= 0 and min(xs) <= self.width and max(ys) >= 0 and min(ys) <= self.height


def is_portrait(sheet: Sheet) -> bool:
    """Tell whether what the map shows is clearly higher than wide."""
    wide_m, high_m = _span_m(_shown(sheet))
    return high_m > 1.2 * wide_m


def route_map(sheet: Sheet, width: int, height: int) -> str:
    """Return the route over the streets as SVG: a line with its direction, numbered stops.

    A number that would hide another is drawn as a dot; the list holds all of them.
    """
    frame = Frame.around(_shown(sheet), width, height)
    label = escape(LABELS[sheet.language].map_alt)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{label}" '
        f'font-family="{FONT}">'
    )
    parts = (
        opening,
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _streets(sheet, frame),
        _route(sheet.geometry, frame),
        *_markers(sheet, frame),
        _scale_bar(frame),
        _attribution(sheet.attribution, frame),
        "</svg>",
    )
    return "".join(parts)


def _shown(sheet: Sheet) -> list[LonLat]:
    """Return what must lie on the map: all that is driven, or the stops where that is too far."""
    stops = [(at.lon, at.lat) for line in sheet.stops if (at := line.position)]
    placed = [(at.lon, at.lat) for line in sheet.lines if (at := line.position)]
    everything = [*sheet.geometry, *placed]
    if stops and max(_span_m(everything)) > _MOST_GROWTH * max(_span_m(stops)):
        return stops
    return everything


def _span_m(points: Sequence[LonLat]) -> tuple[float, float]:
    """Return how wide and how high a box around points is."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    cos_lat = max(0.01, math.cos(math.radians((min(lats) + max(lats)) / 2)))
    wide_m = (max(lons) - min(lons)) * cos_lat * _METRES_PER_DEGREE
    high_m = (max(lats) - min(lats)) * _METRES_PER_DEGREE
    return max(wide_m, _SMALLEST_SPAN_M), max(high_m, _SMALLEST_SPAN_M)


def _streets(sheet: Sheet, frame: Frame) -> str:
    lines = ([frame.at(p) for p in street] for street in sheet.streets if len(street) > 1)
    path = "".join(_path(line) for line in lines if frame.sees(line))
    if not path:
        return ""
    wide = min(4.0, max(0.9, _STREET_M * frame.px_per_m))
    return (
        f'<path d="{path}" fill="none" stroke="{STREET}" stroke-width="{wide:.1f}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _route(geometry: Sequence[LonLat], frame: Frame) -> str:
    if len(geometry) < 2:
        return ""
    line = [frame.at(p) for p in geometry]
    path = _path(line)
    stroke = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    arrows = "".join(_arrow(*arrow) for arrow in _apart(_arrows(line)))
    return (
        f'<path d="{path}" {stroke} stroke="{CASING}" stroke-width="6"/>'
        f'<path d="{path}" {stroke} stroke="{ROUTE}" stroke-width="2.8"/>'
        f'<path d="{arrows}" {stroke} stroke="{ROUTE}" stroke-width="1.8"/>'
    )


def _path(line: Iterable[Point]) -> str:
    """Return a path through points, those within a third of a pixel of the last left out."""
    kept: list[Point] = []
    for point in line:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.35:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def _arrows(line: Sequence[Point]) -> Iterator[tuple[float, float, float]]:
    """Give (x, y, angle in radians) of the drive's direction at equal steps along it."""
    left = _STEP_BETWEEN_ARROWS_PX / 2
    for (x1, y1), (x2, y2) in pairwise(line):
        length = math.hypot(x2 - x1, y2 - y1)
        angle = math.atan2(y2 - y1, x2 - x1)
        done = 0.0
        while length - done >= left:
            done += left
            left = _STEP_BETWEEN_ARROWS_PX
            yield x1 + (x2 - x1) * done / length, y1 + (y2 - y1) * done / length, angle
        left -= length - done


def _apart(arrows: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Return the arrows without those that lie on an earlier one: one street, driven again."""
    kept: list[tuple[float, float, float]] = []
    for x, y, angle in arrows:
        if all(abs(x - kx) + abs(y - ky) > _MARKER_PX * 2 for kx, ky, _ in kept):
            kept.append((x, y, angle))
    return kept


def _arrow(x: float, y: float, angle: float) -> str:
    wings = [
        (x - 4.6 * math.cos(angle + turn), y - 4.6 * math.sin(angle + turn)) for turn in (0.6, -0.6)
    ]
    (x1, y1), (x2, y2) = wings
    return f"M{x1:.1f} {y1:.1f}L{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}"


def _markers(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Give sites, then dots, then numbers, so that numbers lie on top."""
    numbers: list[tuple[float, float, int]] = []
    dots: list[Point] = []
    sites: list[tuple[VisitKind, Point]] = []
    for line in sheet.lines:
        if line.position is None:
            continue
        x, y = frame.at((line.position.lon, line.position.lat))
        if line.number is None:
            sites.append((line.kind, frame.held((x, y), 2 * _MARKER_PX)))
        elif all(math.hypot(x - nx, y - ny) >= 1.9 * _MARKER_PX for nx, ny, _ in numbers):
            numbers.append((x, y, line.number))
        else:
            dots.append((x, y))
    for kind, point in dict.fromkeys(sites):
        yield _site(kind, *point)
    for x, y in dots:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{INK}" stroke="#fff"/>'
    for x, y, count in reversed(numbers):
        size = 9.5 if count < 100 else 7.5
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_MARKER_PX}" fill="{INK}" stroke="#fff" '
            f'stroke-width="1.4"/><text x="{x:.1f}" y="{y + 3.4:.1f}" text-anchor="middle" '
            f'font-size="{size}" font-weight="700" fill="#fff">{count}</text>'
        )


def _site(kind: VisitKind, x: float, y: float) -> str:
    """Return a depot as a house, a disposal site as a square with an arrow down."""
    if kind is VisitKind.DISPOSAL:
        drawn = "M0-5V4M-3.500.500 0 4 3.500.500"
        inner = f'<path d="{drawn}" fill="none" stroke="#fff" stroke-width="1.8"/>'
    else:
        inner = '<path d="M-5.500 0 0-5 5.500 0H4V5H-4V0Z" fill="#fff"/>'
    box = f'<rect x="-9" y="-9" width="18" height="18" rx="3" fill="{ROUTE}" stroke="#fff"/>'
    return f'<g transform="translate({x:.1f} {y:.1f})">{box}{inner}</g>'


def _scale_bar(frame: Frame) -> str:
    """Return a bar of a round length, about a sixth of the picture wide."""
    wanted_m = frame.width / 6 / frame.px_per_m
    power = 10 ** math.floor(math.log10(wanted_m))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= wanted_m)
    text = f"{length_m:g}{NBSP}m" if length_m < 1000 else f"{length_m / 1000:g}{NBSP}km"
    wide, y = length_m * frame.px_per_m, frame.height - 9
    return (
        f'<path d="M10 {y - 4}V{y}H{10 + wide:.1f}V{y - 4}" fill="none" stroke="{INK}"/>'
        f'<text x="{14 + wide:.1f}" y="{y}" font-size="9" fill="{INK}">{text}</text>'
    )


def _attribution(text: str, frame: Frame) -> str:
    return (
        f'<text x="{frame.width - 8}" y="{frame.height - 8}" text-anchor="end" font-size="8.5" '
        f'fill="{INK}">{escape(text)}</text>'
    )
