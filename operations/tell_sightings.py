"""Verb: tell store and ledger what the photos of one drive show, each container once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np

from city.container import Container
from city.evidence import Evidence, EvidenceKind
from city.photo import PhotoRecord, SeenObject
from city.place import Position
from city.plane import Plane
from city.store import Store, ledger, photos
from vision.assign import Match, assign
from vision.classes import NAMES
from vision.detections import Detections
from vision.drive import View
from vision.locate import CameraPose, locate
from vision.reading import Reading

# Frames further apart than this are of two drives: nothing ties their cameras' errors together.
LONGEST_GAP_S, FASTEST_M_S = 5.0, 25.0
MOST_FRAMES = 24
MIN_SIDE_WASTE = 0.1
# What is read was calibrated on other streets than this city's, so no photo is taken quite at its
# word.
MOST_TRUST = 0.8
PLACE_ERROR_M = 20.0


@dataclass(frozen=True, eq=False)
class Glance:
    """What is kept in memory of a photo, once its blurred copy is written.

    Parameters
    ----------
    record : still without what was seen.
    pose : None where the camera wrote no heading.
    timed : whether the camera wrote when it was taken.
    """

    record: PhotoRecord
    found: Detections
    readings: tuple[Reading, ...]
    pose: CameraPose | None
    timed: bool


@dataclass(frozen=True)
class _Seen:
    """A container in a photo, where it stands, and which one it is, if that is known."""

    reading: Reading
    position: Position
    uncertainty_m: float
    container_id: str | None
    probability: float
    photo: PhotoRecord
    number: int


def same_drive(drive: Sequence[Glance], after: Glance) -> bool:
    """Tell whether a photo goes on with a drive: same folder, soon after, near enough to get there.

    Parameters
    ----------
    drive : not empty.
    """
    before = drive[-1]
    if before.pose is None or after.pose is None or not (before.timed and after.timed):
        return False
    gap_s = (after.record.taken_at - before.record.taken_at).total_seconds()
    reach_m = FASTEST_M_S * gap_s + 5 * before.pose.position_error_m
    folders = {PurePosixPath(glance.record.file_name).parent for glance in (before, after)}
    return (
        len(drive) < MOST_FRAMES
        and len(folders) == 1
        and 0 <= gap_s <= LONGEST_GAP_S
        and before.record.position.distance_m(after.record.position) <= reach_m
    )


def tell(store: Store, drives: Sequence[Sequence[Glance]], registry: Sequence[Container]) -> int:
    """Keep the photos of some drives and add what they show; return how many records were new."""
    records: list[PhotoRecord] = []
    evidence: list[Evidence] = []
    for drive in drives:
        things = _placeless(drive[0]) if drive[0].pose is None else _located(drive, registry)
        named = {(s.photo.id, s.reading.xyxy): s.container_id for thing in things for s in thing}
        records += [replace(g.record, seen=tuple(_objects(g, named))) for g in drive]
        evidence += [record for thing in things for record in _evidence(thing)]
    photos.put(store, *records)
    return ledger.add(store, evidence)


def _placeless(glance: Glance) -> list[list[_Seen]]:
    """Return what a photo without heading shows: it stays a sighting of the place."""
    here = glance.record.position
    return [
        [_Seen(reading, here, PLACE_ERROR_M, None, 1.0, glance.record, number)]
        for number, reading in enumerate(glance.readings)
    ]


def _located(drive: Sequence[Glance], registry: Sequence[Container]) -> list[list[_Seen]]:
    """Return for each thing that the frames show all that they say of it."""
    views = [View(g.pose, locate(g.readings, g.pose), g.record.taken_at) for g in drive if g.pose]
    lonlat = [(c.position.lon, c.position.lat) for c in registry]
    matches = assign(views, lonlat, [c.height_m for c in registry])
    things: dict[int, list[_Seen]] = defaultdict(list)
    for glance, view, answers in zip(drive, views, matches, strict=True):
        for number, (sighting, match) in enumerate(zip(view.sightings, answers, strict=True)):
            position, uncertainty_m = _place(match, registry)
            things[match.thing].append(
                _Seen(
                    sighting.reading,
                    position,
                    uncertainty_m,
                    None if match.container is None else registry[match.container].id,
                    match.probability,
                    glance.record,
                    number,
                )
            )
    return list(things.values())


def _place(match: Match, registry: Sequence[Container]) -> tuple[Position, float]:
    """Return where a thing stands: amid its candidates where several cannot be told apart."""
    if not match.candidates:
        return match.position, match.uncertainty_m
    positions = [registry[c].position for c in match.candidates]
    plane = Plane.around(positions)
    spread_m = float(np.sqrt((plane.metres(positions) ** 2).mean()))
    return plane.origin, max(spread_m, 1.0)


def _evidence(thing: Sequence[_Seen]) -> Iterator[Evidence]:
    """Yield what all frames together say of one thing; where it is larger, it is better seen."""
    weight = np.array([s.reading.score * _height(s.reading) for s in thing])
    best = thing[int(weight.argmax())]

    def mean(name: str) -> float:
        values = [getattr(s.reading, name) for s in thing]
        return min(float(np.average(values, weights=weight)), 1.0)

    said = [(EvidenceKind.PHOTO, mean("p_overflowing"))]
    if mean("p_side_waste") >= MIN_SIDE_WASTE:
        said.append((EvidenceKind.SIDE_WASTE, mean("p_side_waste")))
    for kind, value in said:
        yield Evidence(
            kind=kind,
            value=round(value, 4),
            seen_at=best.photo.taken_at,
            received_at=best.photo.received_at,
            source=f"photo/{best.photo.model_version_id}",
            raw_ref=f"photo:{best.photo.id}#{best.number}",
            position=best.position,
            uncertainty_m=round(best.uncertainty_m, 1),
            container_id=best.container_id,
            trust=round(MOST_TRUST * best.probability * mean("p_container"), 3),
        )


def _height(reading: Reading) -> float:
    return math.ceil(reading.xyxy[3] - reading.xyxy[1]) + 1.0


def _objects(
    glance: Glance, named: dict[tuple[str, tuple[float, float, float, float]], str | None]
) -> Iterator[SeenObject]:
    """Yield each detection, with the container that its box was matched to."""
    found = glance.found
    for (x1, y1, x2, y2), class_id, score in zip(
        found.xyxy.tolist(), found.class_id.tolist(), found.score.tolist(), strict=True
    ):
        bbox = (round(x1, 1), round(y1, 1), round(x2 - x1, 1), round(y2 - y1, 1))
        container_id = named.get((glance.record.id, (x1, y1, x2, y2)))
        yield SeenObject(NAMES[class_id], bbox, round(score, 4), container_id)
