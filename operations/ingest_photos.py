"""The verb that takes photos in: detect, blur, keep the blurred copy, tell the ledger.

A photo is read and blurred in memory. Only the blurred copy is written, whole or not at all, and
only then does the store hear of it: a crash leaves nothing unblurred and nothing half known.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched, repeat
from pathlib import Path

import numpy as np

from city.errors import BadInput, Broken, Fault
from city.municipality import Municipality
from city.photo import PhotoRecord
from city.sources.containers_csv import check_position
from city.store import Store, containers, municipalities, photos
from operations.detect import photo_files
from operations.open_eyes import open_eyes
from operations.read_sidecar import GivenWith, by_name, read_sidecar
from operations.settings import Settings
from operations.tell_sightings import Glance, same_drive, tell
from vision.classes import CLASSES
from vision.detections import Boxes, Detections, at_least
from vision.faces import FaceFinder
from vision.locate import Camera, pose_of
from vision.photo import Photo, decode, position_of
from vision.privacy import blur, encode_blurred
from vision.reading import read_containers

TOGETHER = 8
"""Photos in memory at a time."""

KEPT_SCORE = 0.1
CLOCK_TOLERANCE = timedelta(minutes=10)

OnProgress = Callable[[str, float, float], None]


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
    """The eyes with one city in mind: its bounds, its clock, its registry, its folder.

    Photos are read one after the other; those of one drive are located together, so what the last
    ones show is told when `finish` is called.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        side: int | None = None,
        model: Path | None = None,
    ) -> None:
        """Load the models.

        Parameters
        ----------
        side : the detector's input size, see `Detector.load`.
        model : to use in place of the shipped one, see `vision.own_model.open_detector`.

        Raises
        ------
        BadInput
            The model cannot be read, or does not see what has to be blurred.
        """
        self._store = store
        self._folder = settings.photos
        self._camera = Camera(
            settings.camera_height_m,
            settings.field_of_view_deg,
            settings.gps_error_m,
            settings.heading_error_deg,
        )
        self._detector = open_eyes(settings, model, side)
        if not self._detector.sees_private:
            raise BadInput(_blurs_nobody(str(model)))
        self._faces = _face_finder(settings)
        self._city: Municipality = municipalities.get(store)
        self._containers = containers.every(store)
        self._drive: list[Glance] = []
        about = {
            "package": "models/detector" if model is None else model.name,
            "calibrated": self._detector.calibration is not None,
        }
        photos.put_model(store, self._detector.filed_as, "detector", about)

    def read(
        self, files: Sequence[tuple[str, bytes]], given: Mapping[str, GivenWith] | None = None
    ) -> IngestReport:
        """Take in some photos, (name, content) each; what is wrong with one stops no other.

        Parameters
        ----------
        given : what came with a photo beside its EXIF, by its name.
        """
        known: list[str] = []
        fresh: dict[str, tuple[str, bytes]] = {}
        ids = [hashlib.sha256(data).hexdigest() for _, data in files]
        before = self._known(ids)
        for photo_id, file in zip(ids, files, strict=True):
            if photo_id in fresh or photo_id in before:
                known.append(photo_id)
            else:
                fresh[photo_id] = file
        # Decoding and encoding leave Python's lock, so all cores take part.
        with ThreadPoolExecutor(os.cpu_count()) as hands:
            tried = hands.map(lambda file: self._tried(file, given or {}), fresh.values())
            either = dict(zip(fresh, tried, strict=True))
            photos_of = {key: photo for key, photo in either.items() if isinstance(photo, Photo)}
            pictures = [photo.bgr for photo in photos_of.values()]
            found = self._detector.detect(pictures)
            nobody = repeat(np.zeros((0, 4), np.float32), len(pictures))
            heads = self._faces.find_many(pictures) if self._faces else nobody
            kept = hands.map(self._keep, photos_of, photos_of.values(), found, heads)
            ended = [drive for glance in kept if (drive := self._ended_by(glance))]
        added = tell(self._store, ended, self._containers)
        faults = [f for bad in either.values() if isinstance(bad, BadInput) for f in bad.faults]
        return IngestReport((*known, *photos_of), len(known), added, tuple(faults))

    def _tried(self, file: tuple[str, bytes], given: Mapping[str, GivenWith]) -> Photo | BadInput:
        name, data = file
        try:
            return self._decoded(name, data, given.get(name, GivenWith()))
        except BadInput as bad:
            return bad

    def _ended_by(self, glance: Glance) -> list[Glance]:
        """Put a photo to its drive; where it begins another, return the one before."""
        if not self._drive or same_drive(self._drive, glance):
            self._drive.append(glance)
            return []
        ended, self._drive = self._drive, [glance]
        return ended

    def finish(self) -> int:
        """Locate what the drive so far shows and tell store and ledger; return the new records."""
        drive, self._drive = self._drive, []
        return tell(self._store, [drive] if drive else [], self._containers)

    def _known(self, photo_ids: Sequence[str]) -> set[str]:
        """Return those that this detector has read and whose blurred copy is there."""
        reader = photos.read_by(self._store, photo_ids)
        kept = {
            photo_id
            for photo_id, version in reader.items()
            if version == self._detector.filed_as and (self._folder / f"{photo_id}.jpg").is_file()
        }
        return kept | {glance.record.id for glance in self._drive}

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

    def _keep(self, photo_id: str, photo: Photo, seen: Detections, faces: Boxes) -> Glance:
        blurred = blur(photo, seen, faces)
        _write_whole(self._folder / f"{photo_id}.jpg", encode_blurred(blurred))
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
            model_version_id=self._detector.filed_as,
        )
        detector = self._detector
        readings = read_containers(
            seen, calibration=detector.calibration, side_waste=detector.side_waste
        )
        # Without a heading nobody knows which way; it stays a sighting of the place.
        pose = None if photo.heading_deg is None else pose_of(photo, self._camera)
        timed = photo.taken_at is not None
        return Glance(record, at_least(seen, KEPT_SCORE), readings, pose, timed)


def _blurs_nobody(model: str) -> Fault:
    private = ", ".join(row.name for row in CLASSES if row.private)
    return Fault(
        code="model-blurs-nobody",
        where=model,
        cause=f"The model does not look for all of: {private}; photos could not be blurred.",
        remedy="Use one that knows these too, or `stadsronde detect`, which keeps no photo.",
    )


def _face_finder(settings: Settings) -> FaceFinder | None:
    try:
        return FaceFinder.load(settings.device)
    except Broken:
        if settings.refuse_without_blur_model:
            raise
        return None


def ingest_photos(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
    sidecar: Path | None = None,
    model: Path | None = None,
) -> IngestReport:
    """Take in photo files and folders of them; the rest goes on where one is at fault.

    Frames of one drive, named in the order in which they were taken, make one sighting of each
    container that they show.

    Parameters
    ----------
    sidecar : a CSV of what the cameras did not write, see `operations.read_sidecar`.
    model : to use in place of the shipped one, see `vision.own_model.open_detector`.

    Raises
    ------
    BadInput
        No photo was found, the sidecar is none, or the model cannot be used.
    """
    files = photo_files(paths)
    if not files:
        where = ", ".join(map(str, paths))
        raise BadInput(
            Fault("no-photos", where, "No photo was found there.", "Name photos or a folder.")
        )
    given, sidecar_faults = read_sidecar(sidecar) if sidecar else ({}, ())
    reader = Reader(store, settings, model=model)
    total = IngestReport(faults=sidecar_faults)
    done = 0
    for group in batched(files, TOGETHER):
        contents, faults = _contents(group)
        part = reader.read(contents, by_name(given, (name for name, _ in contents)))
        total = IngestReport(
            total.photo_ids + part.photo_ids,
            total.known + part.known,
            total.evidence + part.evidence,
            total.faults + faults + part.faults,
        )
        done += len(group)
        if on_progress:
            on_progress("photos", done, len(files))
    return replace(total, evidence=total.evidence + reader.finish())


def ingest_photo_bytes(
    reader: Reader, data: bytes, name: str, given: GivenWith | None = None
) -> IngestReport:
    """Take in one photo that came over the network.

    Raises
    ------
    BadInput
        It is no photo, or its place or time cannot be; nothing of it is kept then.
    """
    report = reader.read([(name, data)], {name: given} if given else None)
    if report.faults:
        raise BadInput(report.faults)
    return replace(report, evidence=report.evidence + reader.finish())


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
