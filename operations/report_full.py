"""Verbs for anybody: say that a container is full, and show it.

Who says so is not asked, so nothing of it can be kept; how much one address may say is limited.
"""

from __future__ import annotations

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from city.errors import NotFound
from city.evidence import Evidence, EvidenceKind
from city.store import Store, containers, ledger, municipalities
from operations.read_sidecar import GivenWith
from operations.receive_photo import PhotoDesk, ReceivedPhoto

SOURCE = "resident"
TRUST = 0.5
"""Less than a report that went through the city's own desk."""

FROM_ONE, FROM_ALL = RateLimitItemPerHour(10), RateLimitItemPerHour(500)


class Crowd:
    """Counts what comes from each address, in memory alone."""

    def __init__(self) -> None:
        self._said = MovingWindowRateLimiter(MemoryStorage())

    def may_speak(self, address: str) -> bool:
        """Count one more, and return whether it is not too many."""
        return self._said.hit(FROM_ONE, address) and self._said.hit(FROM_ALL, "all")


def report_full(store: Store, container_id: str) -> bool:
    """Tell the ledger that a container is full; within the hour it is told once.

    Returns
    -------
    Whether it was news.

    Raises
    ------
    NotFound
        There is no such container.
    """
    return ledger.add(store, [_said(store, container_id)]) > 0


def show_full(store: Store, desk: PhotoDesk, container_id: str, data: bytes) -> ReceivedPhoto:
    """Keep the blurred copy of a photo of a container that was reported within the hour.

    Raises
    ------
    NotFound
        There is no such container, or nobody reported it.
    BadInput
        It is no photo; nothing of it is kept then.
    """
    said = _said(store, container_id)
    if not ledger.find(store, [said.id]):
        raise NotFound(f"Container '{container_id}' was not reported within the hour.")
    where = GivenWith(said.position, None, said.seen_at)
    return desk.take(data, f"{SOURCE} {container_id}.jpg", where)


def _said(store: Store, container_id: str) -> Evidence:
    """Return what is said; within the hour it is the same record."""
    container, now = containers.get(store, container_id), municipalities.get(store).now()
    return Evidence(
        EvidenceKind.REPORT,
        1.0,
        now,
        now,
        SOURCE,
        f"{SOURCE}:{container_id}/{now:%Y-%m-%dT%H}",
        container.position,
        0.0,
        container_id,
        TRUST,
        container.fraction,
    )
