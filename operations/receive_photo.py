"""Verb: take in photos that came over the network, in memory until they are blurred."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from city.errors import Fault
from city.photo import PhotoRecord
from city.store import Store, photos
from operations.ingest_photos import Reader, ingest_photo_bytes
from operations.read_sidecar import GivenWith
from operations.settings import Settings


@dataclass(frozen=True)
class ReceivedPhoto:
    """A photo whose blurred copy is stored, and whether that was news."""

    record: PhotoRecord
    is_new: bool
    evidence: int


@dataclass(frozen=True)
class Outcome:
    """What became of one photo of several; nothing is kept of one that has faults."""

    name: str
    photo_id: str | None = None
    is_new: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass
class PhotoDesk:
    """Where photos are handed in, few at a time so that memory stays bounded.

    Parameters
    ----------
    lock : shared by the desks of one server.
    """

    store: Store
    settings: Settings
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, data: bytes, name: str, given: GivenWith) -> ReceivedPhoto:
        """Take in one photo.

        Raises
        ------
        BadInput
            It is no photo, or its place or time cannot be; nothing of it is kept then.
        """
        with self.lock:
            report = ingest_photo_bytes(self._reader(), data, name, given)
        record = photos.get(self.store, report.photo_ids[0])
        return ReceivedPhoto(record, report.known == 0, report.evidence)

    def take_several(self, files: Sequence[tuple[str, bytes]]) -> tuple[Outcome, ...]:
        """Take in some photos, which are located together; what is wrong with one stops no other.

        When this returns, the blurred copies are stored and the ledger knows of them.
        """
        ids = [hashlib.sha256(data).hexdigest() for _, data in files]
        with self.lock:
            before = photos.read_by(self.store, ids)
            reader = self._reader()
            report = reader.read(files)
            reader.finish()
        kept = set(report.photo_ids)
        return tuple(
            Outcome(name, photo_id, photo_id not in (*before, *ids[:i]))
            if photo_id in kept
            else Outcome(name, faults=tuple(f for f in report.faults if f.where == name))
            for i, (photo_id, (name, _)) in enumerate(zip(ids, files, strict=True))
        )

    def _reader(self) -> Reader:
        # A fresh one knows the registry as it is now; loading its models is quick.
        return Reader(self.store, self.settings)
