"""What each kind of evidence says of a container's fill level.

Every likelihood is a row over the fill levels: how probable the record is at each of them, up to
a factor. `PRIOR` holds what is assumed where a city has no data; `learn_likelihoods` replaces it by
what a city's own emptyings showed, as far as they go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from city.container import Container, ContainerKind
from city.emptyings import DAY_S, SAME_LIFT_DAYS, fill_at_emptying
from city.evidence import EMPTIES, MEASURED, Evidence, EvidenceKind

Row = NDArray[np.float64]

# P(overflowing) that a detector reports has this share of overflowing containers behind it.
PHOTO_BASE_RATE = 0.3
OUTLIER_SHARE = 0.05
LEAST_SD = 0.04

FULL_FROM, NOT_FULL_UP_TO = 0.95, 0.85
"""Emptied at such a level it counts as full, or not; between them it teaches neither."""

WITHIN_DAYS, SENSOR_WITHIN_DAYS = 1.0, 0.25
"""A record so shortly before an emptying is held against the level found there."""

PRIOR_WEIGHT, PRIOR_DEPOSITS = 30.0, 200.0
"""How many emptyings, and how many deposits, weigh as much as what is assumed."""


@dataclass(frozen=True)
class Said:
    """How probable it is that something is said of a container, by whether it is full.

    Parameters
    ----------
    n_not_full, n_full : emptyings that taught it.
    """

    not_full: float
    full: float
    n_not_full: int = 0
    n_full: int = 0


@dataclass(frozen=True)
class Likelihoods:
    """What evidence of each kind is worth.

    Parameters
    ----------
    overflow : waste is seen to stick out. Nobody sees into a closed or underground container, so
        the outside says less of it.
    side_waste : loose waste is seen beside it, by whoever looks. Crews say that bags lie beside
        containers that are not full, so it says little.
    report : a citizen calls it full within a day. Most reports are of full containers, not all.
    sensor_sd : standard error of a sensor's fill level; one reading in twenty says nothing.
    n_sensor : emptyings that taught it.
    deposit_l, deposit_spread : what a deposit at the inlet takes, and how far the fill may lie from
        that, as a share of it.
    n_deposits : deposits that taught it.
    """

    overflow: Mapping[ContainerKind, Said] = field(
        default_factory=lambda: {
            ContainerKind.UNDERGROUND: Said(0.04, 0.60),
            ContainerKind.BANK: Said(0.04, 0.60),
            ContainerKind.WHEELIE: Said(0.03, 0.85),
            ContainerKind.BASKET: Said(0.03, 0.85),
        }
    )
    side_waste: Said = Said(0.20, 0.55)
    report: Said = Said(0.02, 0.45)
    sensor_sd: float = 0.08
    n_sensor: int = 0
    deposit_l: float = 40.0
    deposit_spread: float = 0.3
    n_deposits: int = 0


PRIOR = Likelihoods()


def likelihood(
    record: Evidence, container: Container, levels: Row, known: Likelihoods = PRIOR
) -> Row:
    """Return how probable a record is at each fill level, (b,), up to a factor.

    Parameters
    ----------
    levels : (b,) fill levels; 1 is full.
    """
    row = _row(record, container, levels, known)
    return record.trust * row / row.max() + (1.0 - record.trust)


def _row(record: Evidence, container: Container, levels: Row, known: Likelihoods) -> Row:
    match record.kind:
        case EvidenceKind.PHOTO:
            return _read(record.value, _around_full(known.overflow[container.kind], levels))
        case EvidenceKind.SIDE_WASTE:
            return _read(record.value, _around_full(known.side_waste, levels))
        case EvidenceKind.REPORT:
            return _around_full(known.report, levels)
        case EvidenceKind.SENSOR:
            return _about(record.value, known.sensor_sd, levels)
        case EvidenceKind.DEPOSITS:
            level = record.value * known.deposit_l / container.volume_l
            return _about(level, max(known.deposit_spread * level, LEAST_SD), levels)
        case _:
            raise ValueError(f"'{record.kind}' empties a container; it is no reading of its fill")


def _about(level: float, sd: float, levels: Row) -> Row:
    return OUTLIER_SHARE + (1 - OUTLIER_SHARE) * np.exp(-0.5 * ((levels - level) / sd) ** 2)


def _around_full(said: Said, levels: Row) -> Row:
    return said.not_full + (said.full - said.not_full) / (1.0 + np.exp(-(levels - 1.0) / 0.06))


def _read(probability: float, seen: Row) -> Row:
    """Weigh "it is so" and "it is not so" by what a calibrated reader says of each."""
    yes, no = probability / PHOTO_BASE_RATE, (1 - probability) / (1 - PHOTO_BASE_RATE)
    return yes * seen + no * (1 - seen)


def learn_likelihoods(
    containers: Sequence[Container], by_container: Mapping[str, Sequence[Evidence]]
) -> Likelihoods:
    """Return what each kind of evidence turned out to be worth, shrunk to what is assumed.

    What was said within a day before an emptying is held against how full the container was then.
    Reports bring emptyings about, so both probabilities come out too high; their ratio, which is
    all that counts, suffers less.

    Parameters
    ----------
    by_container : the ledger's records of each container, oldest first.
    """
    overflow = {kind: _Tally() for kind in PRIOR.overflow}
    side_waste, report = _Tally(), _Tally()
    errors: list[float] = []
    inlet = _Inlet()
    for container in containers:
        for level, before in _emptied(container, by_container.get(container.id, ())):
            report.hear(level, float(any(r.kind is EvidenceKind.REPORT for r, _ in before)))
            for kind, tally in (
                (EvidenceKind.PHOTO, overflow.get(container.kind)),
                (EvidenceKind.SIDE_WASTE, side_waste),
            ):
                told = [r.value for r, _ in before if r.kind is kind]
                if told and tally is not None:
                    tally.hear(level, max(told))
            errors += [value - level for value in _just_before(before, EvidenceKind.SENSOR)]
            for count in _just_before(before, EvidenceKind.DEPOSITS):
                inlet.hear(level * container.volume_l, count)
    # An outlier is no error of the common kind, and has its own share.
    common = np.clip(errors, -4 * PRIOR.sensor_sd, 4 * PRIOR.sensor_sd)
    total = PRIOR_WEIGHT * PRIOR.sensor_sd**2 + float((common**2).sum())
    return Likelihoods(
        overflow={kind: tally.said(PRIOR.overflow[kind]) for kind, tally in overflow.items()},
        side_waste=side_waste.said(PRIOR.side_waste),
        report=report.said(PRIOR.report),
        sensor_sd=float(np.sqrt(total / (PRIOR_WEIGHT + len(errors)))),
        n_sensor=len(errors),
        deposit_l=inlet.deposit_l,
        deposit_spread=inlet.spread,
        n_deposits=round(sum(inlet.counts)),
    )


def _emptied(
    container: Container, records: Sequence[Evidence]
) -> Iterator[tuple[float, list[tuple[Evidence, float]]]]:
    """Yield the level of each emptying, and what was said within a day before, with its age."""
    since: list[Evidence] = []
    last: Evidence | None = None
    for record in records:
        if record.kind not in EMPTIES:
            since.append(record)
        if record.kind not in MEASURED:
            continue
        if last is None or _days(last, record) >= SAME_LIFT_DAYS:
            aged = ((r, _days(r, record)) for r in since)
            heard = [(r, days) for r, days in aged if days <= WITHIN_DAYS]
            yield fill_at_emptying(record, container), heard
            last = record
        since = []


def _just_before(heard: Sequence[tuple[Evidence, float]], kind: EvidenceKind) -> list[float]:
    """Return the last value of a kind if it is but hours old, else none."""
    said = [r.value for r, days in heard if r.kind is kind and days <= SENSOR_WITHIN_DAYS]
    return said[-1:]


def _days(earlier: Evidence, later: Evidence) -> float:
    return (later.seen_at - earlier.seen_at).total_seconds() / DAY_S


class _Tally:
    """How often something was said of full containers, and of others."""

    def __init__(self) -> None:
        self._said, self._n = [0.0, 0.0], [0, 0]

    def hear(self, level: float, said: float) -> None:
        if level >= FULL_FROM or level <= NOT_FULL_UP_TO:
            full = int(level >= FULL_FROM)
            self._said[full] += said
            self._n[full] += 1

    def said(self, prior: Said) -> Said:
        before = (prior.not_full, prior.full)
        not_full, full = (
            (PRIOR_WEIGHT * p + k) / (PRIOR_WEIGHT + n)
            for p, k, n in zip(before, self._said, self._n, strict=True)
        )
        # A full container is not spoken of less: where data say so, they say nothing.
        return replace(
            prior,
            not_full=min(not_full, full),
            full=full,
            n_not_full=self._n[0],
            n_full=self._n[1],
        )


class _Inlet:
    """How many litres came with how many deposits."""

    def __init__(self) -> None:
        self._litres: list[float] = []
        self.counts: list[float] = []

    def hear(self, litres: float, count: float) -> None:
        self._litres.append(litres)
        self.counts.append(count)

    @property
    def deposit_l(self) -> float:
        # A full container or so weighs as much as what is assumed.
        assumed = PRIOR_DEPOSITS * PRIOR.deposit_l
        return (assumed + sum(self._litres)) / (PRIOR_DEPOSITS + sum(self.counts))

    @property
    def spread(self) -> float:
        expected = self.deposit_l * np.array(self.counts)
        off = np.clip((np.array(self._litres) - expected) / np.maximum(expected, 1.0), -1.0, 1.0)
        total = PRIOR_WEIGHT * PRIOR.deposit_spread**2 + float((off**2).sum())
        return float(np.sqrt(total / (PRIOR_WEIGHT + len(off))))
