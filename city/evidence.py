"""The ledger's noun: one thing that somebody or something said about a container or a place."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from city.errors import BadInput, Fault
from city.fraction import Fraction
from city.place import Position


class EvidenceKind(StrEnum):
    """Who speaks, and so what `Evidence.value` means.

    ``PHOTO``: P(overflowing) as read from a street photo, 0 to 1.
    ``SIDE_WASTE``: P(loose waste lies beside it), 0 to 1: as read from a street photo, as a citizen
    or an inspector says (1), or as a crew that found nothing says (0).
    ``REPORT``: a citizen says that it is full; the value is 1.
    ``SENSOR``: fill level; 1 is full.
    ``DEPOSITS``: how many were counted at the inlet since it was emptied.
    ``EMPTYING``: it was emptied and weighed; net kilograms.
    ``DRIVER_TAP``: it was emptied and the driver noted its fill level; 1 is full.
    ``EMPTIED``: it was emptied, and nobody said how full it was; the value is 1.
    """

    PHOTO = "photo"
    SIDE_WASTE = "side-waste"
    REPORT = "report"
    SENSOR = "sensor"
    DEPOSITS = "deposits"
    EMPTYING = "emptying"
    DRIVER_TAP = "driver-tap"
    EMPTIED = "emptied"


MEASURED = frozenset({EvidenceKind.EMPTYING, EvidenceKind.DRIVER_TAP})
"""The kinds that say how full a container was when it was emptied."""

EMPTIES = MEASURED | {EvidenceKind.EMPTIED}
"""The kinds after which a container is empty."""

_LIMITS = {
    EvidenceKind.PHOTO: (0.0, 1.0),
    EvidenceKind.SIDE_WASTE: (0.0, 1.0),
    EvidenceKind.REPORT: (1.0, 1.0),
    EvidenceKind.SENSOR: (0.0, 2.0),
    EvidenceKind.DEPOSITS: (0.0, 100_000.0),
    EvidenceKind.EMPTYING: (0.0, 20_000.0),
    EvidenceKind.DRIVER_TAP: (0.0, 2.0),
    EvidenceKind.EMPTIED: (1.0, 1.0),
}


@dataclass(frozen=True)
class Evidence:
    """One record of the append-only ledger; a correction is a new record.

    Parameters
    ----------
    value : what is said, see `EvidenceKind`.
    seen_at, received_at : when it was so, and when we heard of it; both with time zone.
    source : who said it, such as ``photo`` or ``weighbridge``.
    raw_ref : where the record it came from is found.
    position, uncertainty_m : where it was seen, and the standard error per axis.
    container_id : which container it speaks of; None while it speaks of a place only.
    trust : weight between 0 (ignored) and 1 (taken at its word).
    fraction : which waste it speaks of, where that was said; a container says it too.
    """

    kind: EvidenceKind
    value: float
    seen_at: datetime
    received_at: datetime
    source: str
    raw_ref: str
    position: Position
    uncertainty_m: float
    container_id: str | None = None
    trust: float = 1.0
    fraction: Fraction | None = None

    def __post_init__(self) -> None:
        low, high = _LIMITS[self.kind]
        if not (math.isfinite(self.value) and low <= self.value <= high):
            raise BadInput(
                Fault(
                    code="evidence-value",
                    where=f"evidence {self.raw_ref}",
                    field="value",
                    value=f"{self.value}",
                    cause=f"The value of '{self.kind}' must lie within {low:g} and {high:g}.",
                    remedy="Correct the record at its source and import it again.",
                )
            )
        if self.seen_at.tzinfo is None or self.received_at.tzinfo is None:
            raise BadInput(
                Fault(
                    code="time-without-zone",
                    where=f"evidence {self.raw_ref}",
                    field="seen_at",
                    value=self.seen_at.isoformat(),
                    cause="A time must say its time zone.",
                    remedy="Give times with an offset, such as 2026-11-22T08:00+01:00.",
                )
            )

    @property
    def id(self) -> str:
        """A name made from what identifies the record, so that twice the same is one."""
        key = "|".join((self.source, self.raw_ref, self.kind, self.container_id or "-"))
        return hashlib.sha256(key.encode()).hexdigest()[:24]
