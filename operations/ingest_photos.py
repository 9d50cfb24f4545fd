"""The verb that takes photos in: detect, blur, keep the blurred copy, tell the ledger.

A photo is read and blurred in memory. Only the blurred copy is written, whole or not at all, and
only then does the store hear of it: a crash leaves nothing unblurred and nothing half known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from city.container import Container
from city.errors import BadInput, Fault
from city.evidence import Evidence, EvidenceKind
from city.municipality import Municipality
from city.photo import PhotoRecord, SeenObject
from city.place import Position
from city.sources.containers_csv import check_position
from city.store import Store, containers, ledger, municipalities, photos
from operations.detect import photo_files
from operations.settings import Settings
from vision.assign import Match, assign
from vision.classes import NAMES
from vision.detections import Boxes, Detections, at_least
from vision.detector import Detector
from vision.faces import FaceFinder
from vision.locate import Sighting, locate, pose_of
from vision.photo import Photo, decode, position_of
from vision.privacy import blur, encode_blurred
from vision.reading import Reading, read_containers

TOGETHER = 8
"""Photos in memory at a time."""

KEPT_SCORE = 0.1
MIN_SIDE_WASTE = 0.1
CLOCK_TOLERANCE = timedelta(minutes=10)
AROUND_M = 60.0
# What is read was calibrated on other streets than this city's, so no photo is taken quite at its
# word.
MOST_TRUST = 0.8
PLACE_ERROR_M = 20.0

OnProgress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class GivenWith:
    """What came with a photo beside its EXIF, and overrules it; None where nothing did."""

    position: Position | None = None
    heading_deg: float | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class IngestReport:
    """What became of some photos.

    Parameters
    ----------
    photo_ids : of all that are kept, now or before.
    known : how many of them were read before by this detector.
    evidence : records that the ledger did not have yet.
    """

    photo_ids: tuple[str, ...] = ()
    known: int = 0
    evidence: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def kept(self) -> int:
        """Photos that are new."""
        return len(self.photo_ids) - self.known


class Reader:
    """The eyes with one city in mind: its bounds, its clock, its registry, its folder."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._folder = settings.photos
        self._camera_height_m = settings.camera_height_m
        self._detector = Detector.load()
        self._faces = FaceFinder.load()
        self._city: Municipality = municipalities.get(store)
        self._containers = containers.every(store)
        about = {
            "package": "models/detector",
            "calibrated": self._detector.calibration is not None,
        }
        photos.put_model(store, self._detector.version, "detector", about)

    def read(
        self, files: Sequence[tuple[str, bytes]], given: GivenWith | None = None
    ) -> IngestReport:
        """Take in some photos, (name, content) each; what is wrong with one stops no other."""
        known: list[str] = []
        fresh: list[tuple[str, Photo]] = []
        faults: list[Fault] = []
        for name, data in files:
            photo_id = hashlib.sha256(data).hexdigest()
            if self._is_known(photo_id):
                known.append(photo_id)
                continue
            try:
                fresh.append((photo_id, self._decoded(name, data, given or GivenWith())))
            except BadInput as bad:
                faults += bad.faults
        pictures = [photo.bgr for _, photo in fresh]
        found = self._detector.detect(pictures)
        heads = list(self._faces.find_many(pictures))
        added = 0
        for (photo_id, photo), seen, faces in zip(fresh, found, heads, strict=True):
            added += self._keep(photo_id, photo, seen, faces)
        ids = (*known, *(photo_id for photo_id, _ in fresh))
        return IngestReport(ids, len(known), added, tuple(faults))

    def _is_known(self, photo_id: str) -> bool:
        record = photos.find(self._store, photo_id)
        return (
            record is not None
            and record.model_version_id == self._detector.version
            and (self._folder / f"{photo_id}.jpg").is_file()
        )

    def _decoded(self, name: str, data: bytes, given: GivenWith) -> Photo:
        photo = decode(data, name, self._city.zone)
        photo = replace(
            photo,
            position=given.position or photo.position,
            heading_deg=photo.heading_deg if given.heading_deg is None else given.heading_deg,
            taken_at=given.taken_at or photo.taken_at,
        )
        check_position(position_of(photo), self._city.bounds, name)
        _check_time(photo, self._city.now())
        return photo

    def _keep(self, photo_id: str, photo: Photo, seen: Detections, faces: Boxes) -> int:
        blurred = blur(photo, seen, faces)
        _write_whole(self._folder / f"{photo_id}.jpg", encode_blurred(blurred))
        sightings = self._sightings(photo, seen)
        now = self._city.now()
        record = PhotoRecord(
            id=photo_id,
            file_name=photo.name,
            taken_at=photo.taken_at or now,
            received_at=now,
            position=position_of(photo),
            heading_deg=photo.heading_deg,
            width_px=photo.width,
            height_px=photo.height,
            blurred_share=round(blurred.share, 4),
            model_version_id=self._detector.version,
            seen=tuple(_seen(at_least(seen, KEPT_SCORE), sightings)),
        )
        photos.put(self._store, record)
        return ledger.add(self._store, _evidence(record, sightings))

    def _sightings(self, photo: Photo, seen: Detections) -> list[_Seen]:
        readings = read_containers(seen, calibration=self._detector.calibration)
        here = position_of(photo)
        if photo.heading_deg is None:
            # Without a heading nobody knows which way; it stays a sighting of the place.
            return [_Seen(reading, here, PLACE_ERROR_M, None, 1.0) for reading in readings]
        pose = pose_of(photo, self._camera_height_m)
        sightings = locate(readings, pose)
        near = [c for c in self._containers if c.position.distance_m(here) <= AROUND_M]
        matches = assign(
            sightings, [(c.position.lon, c.position.lat) for c in near], pose.position_error_m
        )
        return [_matched(s, m, near) for s, m in zip(sightings, matches, strict=True)]


def ingest_photos(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
) -> IngestReport:
    """Take in photo files and folders of them; the rest goes on where one is at fault.

    Raises
    ------
    BadInput
        No photo was found.
    """
    files = photo_files(paths)
    if not files:
        where = ", ".join(map(str, paths))
        raise BadInput(
            Fault("no-photos", where, "No photo was found there.", "Name photos or a folder.")
        )
    reader = Reader(store, settings)
    total = IngestReport()
    done = 0
    for group in batched(files, TOGETHER):
        contents, faults = _contents(group)
        part = reader.read(contents)
        total = IngestReport(
            total.photo_ids + part.photo_ids,
            total.known + part.known,
            total.evidence + part.evidence,
            total.faults + faults + part.faults,
        )
        done += len(group)
        if on_progress:
            on_progress("photos", done, len(files))
    return total


def ingest_photo_bytes(
    reader: Reader, data: bytes, name: str, given: GivenWith | None = None
) -> IngestReport:
    """Take in one photo that came over the network.

    Raises
    ------
    BadInput
        It is no photo, or its place or time cannot be; nothing of it is kept then.
    """
    report = reader.read([(name, data)], given)
    if report.faults:
        raise BadInput(report.faults)
    return report


@dataclass(frozen=True)
class _Seen:
    """A container in a photo, where it stands, and which one it is, if that is known."""

    reading: Reading
    position: Position
    uncertainty_m: float
    container_id: str | None
    probability: float


def _matched(sighting: Sighting, match: Match, near: Sequence[Container]) -> _Seen:
    container = None if match.container is None else near[match.container]
    return _Seen(
        sighting.reading,
        sighting.position,
        sighting.uncertainty_m,
        None if container is None else container.id,
        match.probability,
    )


def _evidence(record: PhotoRecord, sightings: Sequence[_Seen]) -> Iterator[Evidence]:
    for number, seen in enumerate(sightings):
        said = [(EvidenceKind.PHOTO, seen.reading.p_overflowing)]
        if seen.reading.p_side_waste >= MIN_SIDE_WASTE:
            said.append((EvidenceKind.SIDE_WASTE, seen.reading.p_side_waste))
        for kind, value in said:
            yield Evidence(
                kind=kind,
                value=round(min(value, 1.0), 4),
                seen_at=record.taken_at,
                received_at=record.received_at,
                source=f"photo/{record.model_version_id}",
                raw_ref=f"photo:{record.id}#{number}",
                position=seen.position,
                uncertainty_m=round(seen.uncertainty_m, 1),
                container_id=seen.container_id,
                trust=round(MOST_TRUST * seen.probability * seen.reading.p_container, 3),
            )


def _seen(found: Detections, sightings: Sequence[_Seen]) -> Iterator[SeenObject]:
    """Yield each detection, with the container that its box was matched to."""
    matched = {s.reading.xyxy: s.container_id for s in sightings}
    for (x1, y1, x2, y2), class_id, score in zip(
        found.xyxy.tolist(), found.class_id.tolist(), found.score.tolist(), strict=True
    ):
        bbox = (round(x1, 1), round(y1, 1), round(x2 - x1, 1), round(y2 - y1, 1))
        container_id = matched.get((x1, y1, x2, y2))
        yield SeenObject(NAMES[class_id], bbox, round(score, 4), container_id)


def _check_time(photo: Photo, now: datetime) -> None:
    if photo.taken_at is not None and photo.taken_at > now + CLOCK_TOLERANCE:
        raise BadInput(
            Fault(
                code="photo-from-the-future",
                where=photo.name,
                field="DateTimeOriginal",
                value=photo.taken_at.isoformat(),
                cause="The photo is dated in the future.",
                remedy="Set the camera's clock and time zone, or give the time with the photo.",
            )
        )


def _contents(
    files: Sequence[tuple[str, Path]],
) -> tuple[list[tuple[str, bytes]], tuple[Fault, ...]]:
    contents, faults = [], []
    for name, path in files:
        try:
            contents.append((name, path.read_bytes()))
        except OSError as failed:
            cause = f"The file cannot be read: {failed.strerror}."
            faults.append(
                Fault("photo-unreadable", name, cause, "Check that it exists and may be read.")
            )
    return contents, tuple(faults)


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
