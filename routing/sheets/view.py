"""A sheet as plain texts and numbers, formatted once for the page and for the PDF alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from city.container import ContainerKind
from city.fraction import Fraction
from city.plan import VisitKind
from city.wording import (
    FRACTION_NAMES,
    KIND_NAMES,
    NBSP,
    clock,
    long_date,
    number,
    percent,
)
from routing.sheets.labels import LABELS, hours, kilometres, mass, minutes
from routing.sheets.pictograms import PICTOGRAMS, pictogram_svg
from routing.sheets.sheet import Sheet, SheetLine, StopFacts

# A few metres along a cluster are not worth a line.
_ROLLING_M = 20


def view(sheet: Sheet) -> dict[str, Any]:
    """Return all that a template shows except the map and the photos, ready for JSON."""
    labels, day = LABELS[sheet.language], long_date(sheet.day, sheet.language)
    return {
        "lang": sheet.language,
        "labels": asdict(labels),
        "title": f"{labels.route_sheet} {sheet.vehicle_name}, {day}",
        "municipality": sheet.municipality,
        "vehicle": sheet.vehicle_name,
        "vehicle_id": sheet.vehicle_id,
        "date": day,
        "week": f"{labels.week} {sheet.day.isocalendar().week}",
        "plan_id": sheet.plan_id,
        "made_at": f"{sheet.made_at:%Y-%m-%d %H:%M %Z}".strip(),
        "totals": _totals(sheet),
        "stops": len(sheet.stops),
        "fractions": {
            f.value: {"svg": pictogram_svg(f), "colour": PICTOGRAMS[f].colour} for f in Fraction
        },
        "groups": [
            [_line(line, sheet, first=line is group[0]) for line in group]
            for group in sheet.groups()
        ],
        "exceptions": [
            {"letter": chr(ord("A") + n), "text": text} for n, text in enumerate(labels.exceptions)
        ],
        "notices": list(sheet.notices),
        "duties": list(sheet.duties),
        "attribution": sheet.attribution,
    }


def _totals(sheet: Sheet) -> list[dict[str, str]]:
    labels, language = LABELS[sheet.language], sheet.language
    figures = (
        (str(len(sheet.stops)), labels.stops),
        (number(sheet.length_m / 1000, 1, language), labels.distance),
        (hours(sheet.duration_s), labels.working_time),
        (number(sheet.collected_kg / 1000, 1, language), labels.expected_load),
        (str(sheet.disposal_visits), labels.disposal_visits),
    )
    return [{"figure": figure, "label": label} for figure, label in figures]


def _line(line: SheetLine, sheet: Sheet, *, first: bool) -> dict[str, Any]:
    labels, language = LABELS[sheet.language], sheet.language
    fraction = line.fraction
    return {
        "kind": line.kind.value,
        "first": first,
        "number": line.number,
        "arrival": clock(line.arrival_s),
        "departure": clock(line.departure_s),
        "title": line_title(line, sheet),
        "place": line.place,
        "fraction": fraction.value if fraction else "",
        "fraction_name": FRACTION_NAMES[language][fraction] if fraction else "",
        "drive": _drive(line, sheet),
        "directions": [
            {"text": d.text, "length": kilometres(d.length_m, language) if d.length_m >= 10 else ""}
            for d in line.directions
        ],
        "load": labels.on_board.format(mass(line.load_kg, language)),
        "unload": labels.unload.format(mass(line.unload_kg, language)),
        "stop": _stop(line.stop, sheet) if line.stop else None,
    }


def _stop(stop: StopFacts, sheet: Sheet) -> dict[str, Any]:
    labels = LABELS[sheet.language]
    return {
        "container": stop.container_id,
        "kind": KIND_NAMES[sheet.language][stop.kind],
        "fill": min(1.0, max(0.0, stop.fill)),
        "low": min(1.0, max(0.0, stop.fill_low)),
        "high": min(1.0, max(0.0, stop.fill_high)),
        "fill_text": "" if stop.kind is ContainerKind.LOOSE else percent(stop.fill),
        "span_text": labels.span.format(f"{stop.fill_low * 100:.0f}", percent(stop.fill_high)),
        "reason": stop.reason,
        "must": stop.must,
        "access": stop.access_note,
        "photo": stop.photo is not None,
    }


def line_title(line: SheetLine, sheet: Sheet) -> str:
    """Return what a line is called that empties no container; empty for a stop."""
    labels = LABELS[sheet.language]
    titles = {
        VisitKind.START: labels.start,
        VisitKind.END: labels.end,
        VisitKind.DISPOSAL: labels.disposal,
        VisitKind.BREAK: labels.rest,
    }
    if line.kind is VisitKind.BREAK:
        lasts = labels.rest_detail.format(round((line.departure_s - line.arrival_s) / 60))
        return f"{labels.rest}, {lasts}"
    return titles.get(line.kind, "")


def _drive(line: SheetLine, sheet: Sheet) -> str:
    """Return how long and how far from the line before; empty where the truck hardly moves."""
    if line.length_m < _ROLLING_M:
        return ""
    return f"{minutes(line.drive_s)}{NBSP}· {kilometres(line.length_m, sheet.language)}"
