"""Verb: take in one photo that came over the network, in memory until it is blurred."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

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


@dataclass
class PhotoDesk:
    """Where photos are handed in, one at a time so that memory stays bounded.

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
            # A fresh reader knows the registry as it is now; loading its models is quick.
            reader = Reader(self.store, self.settings)
            report = ingest_photo_bytes(reader, data, name, given)
        record = photos.get(self.store, report.photo_ids[0])
        return ReceivedPhoto(record, report.known == 0, report.evidence)
