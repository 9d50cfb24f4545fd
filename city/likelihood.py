"""What each kind of evidence says of a container's fill level.

Every likelihood is a row over the fill levels: how probable the record is at each of them, up to
a factor. The figures are documented priors; none has been learnt from data yet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from city.container import ContainerKind
from city.evidence import Evidence, EvidenceKind

Row = NDArray[np.float64]

# P(waste is seen to stick out | level) runs from the first to the second figure around full.
# Nobody sees into a closed or underground container, so the outside says less of it.
OVERFLOW_SEEN = {
    ContainerKind.UNDERGROUND: (0.04, 0.60),
    ContainerKind.BANK: (0.04, 0.60),
    ContainerKind.WHEELIE: (0.03, 0.85),
    ContainerKind.BASKET: (0.03, 0.85),
}
# P(overflowing) that a detector reports has this share of overflowing containers behind it.
PHOTO_BASE_RATE = 0.3
# Crews say that bags lie beside containers that are not full, so side waste says little.
SIDE_WASTE_SEEN = (0.20, 0.55)
# P(a citizen reports it within a day | level): most reports are of full containers, not all.
REPORTED = (0.02, 0.45)
SENSOR_SD = 0.08
OUTLIER_SHARE = 0.05


def likelihood(record: Evidence, kind: ContainerKind, levels: Row) -> Row:
    """Return how probable a record is at each fill level, (b,), up to a factor.

    Parameters
    ----------
    levels : (b,) fill levels; 1 is full.
    """
    row = _row(record, kind, levels)
    return record.trust * row / row.max() + (1.0 - record.trust)


def _row(record: Evidence, kind: ContainerKind, levels: Row) -> Row:
    match record.kind:
        case EvidenceKind.PHOTO:
            seen = _around_full(*OVERFLOW_SEEN[kind], levels)
            return _read(record.value, PHOTO_BASE_RATE, seen)
        case EvidenceKind.SIDE_WASTE:
            seen = _around_full(*SIDE_WASTE_SEEN, levels)
            return _read(record.value, PHOTO_BASE_RATE, seen)
        case EvidenceKind.REPORT:
            return _around_full(*REPORTED, levels)
        case EvidenceKind.SENSOR:
            error = (levels - record.value) / SENSOR_SD
            return OUTLIER_SHARE + (1 - OUTLIER_SHARE) * np.exp(-0.5 * error**2)
        case _:
            raise ValueError(f"'{record.kind}' empties a container; it is no reading of its fill")


def _around_full(low: float, high: float, levels: Row) -> Row:
    return low + (high - low) / (1.0 + np.exp(-(levels - 1.0) / 0.06))


def _read(probability: float, base_rate: float, seen: Row) -> Row:
    """Weigh "it is so" and "it is not so" by what a calibrated reader says of each."""
    return probability / base_rate * seen + (1 - probability) / (1 - base_rate) * (1 - seen)
