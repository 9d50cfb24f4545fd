"""The verb that scores fill forecasts on a history of collections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from city.container import Container
from city.emptyings import fill_at_emptying
from city.errors import BadInput, Fault
from city.evidence import Evidence, EvidenceKind
from city.scoring import Calibration, calibration
from city.set_aside import SetAside
from city.sources.collections import Collections, read_collections
from city.sources.tables import Mapped, read_mapping
from city.walk_forward import MIN_EARLIER, walk_forward


@dataclass(frozen=True)
class ForecastScore:
    """How forecasts compared with what was found, in the file's own unit.

    Parameters
    ----------
    emptyings : those scored; the belief knew the time of each, and what was seen before it.
    expected, found : (n,) expected and true readings.
    above : the reading whose exceeding was forecast as well.
    p_above : (n,) probability of exceeding it.
    """

    emptyings: tuple[Evidence, ...]
    expected: NDArray[np.float64]
    found: NDArray[np.float64]
    above: float
    p_above: NDArray[np.float64]
    containers: int
    read: int
    aside: tuple[SetAside, ...]

    @property
    def mean_absolute_error(self) -> float:
        """Mean distance between expected and true reading."""
        return float(np.abs(self.expected - self.found).mean())

    @property
    def calibration(self) -> Calibration:
        """Whether readings above the limit came as often as was said."""
        return calibration(self.p_above, self.found > self.above)


def score_forecasts(
    path: Path,
    mapping: Path,
    *,
    above: float,
    min_earlier: int = MIN_EARLIER,
    on_progress: Callable[[str, float, float], None] = lambda _step, _done, _total: None,
) -> ForecastScore:
    """Predict each emptying of a history from what came before it, and score the predictions.

    Parameters
    ----------
    path : table with a row a collection.
    mapping : says which column is what, and what a reading means.
    above : reading, in the file's unit, whose exceeding is forecast.
    min_earlier : emptyings of a container before its first forecast.

    Raises
    ------
    BadInput
        The file or the mapping cannot be used, or no container has so long a history.
    """
    mapped = read_mapping(mapping)
    history = read_collections(path, mapped)
    units = {c.id: _unit(c, mapped) for c in history.containers}
    scored = []
    for record, belief in walk_forward(
        history.containers,
        history.records,
        min_earlier=min_earlier,
        reads_up_to=mapped.reads_up_to,
        on_progress=lambda done, total: on_progress("forecast", done, total),
    ):
        unit = units[belief.container_ids[0]]
        median = min(float(belief.quantile(0.5)[0]), mapped.reads_up_to)
        scored.append((record, median * unit, float(belief.p_above(above / unit)[0])))
    if not scored:
        raise BadInput(_too_short(path, history, min_earlier))
    emptied, expected, p_above = zip(*scored, strict=True)
    container = {c.id: c for c in history.containers}
    found = [_reading(r, container[r.container_id or ""], units) for r in emptied]
    return ForecastScore(
        emptyings=emptied,
        expected=np.array(expected),
        found=np.array(found),
        above=above,
        p_above=np.array(p_above),
        containers=len(history.containers),
        read=len(history.records) + len(history.aside),
        aside=history.aside,
    )


def _unit(container: Container, mapped: Mapped) -> float:
    """Return what the file reads when a container is full."""
    full = container.weight_kg(1.0) if mapped.kind is EvidenceKind.EMPTYING else 1.0
    return full / mapped.scale.get("value", 1.0)


def _reading(record: Evidence, container: Container, units: dict[str, float]) -> float:
    # Scaling there and back leaves 80.00000000000001 of 80, which would be above it.
    return round(fill_at_emptying(record, container) * units[container.id], 6)


def _too_short(path: Path, history: Collections, min_earlier: int) -> Fault:
    return Fault(
        code="history-too-short",
        where=path.name,
        value=f"{len(history.records)} collections, {len(history.containers)} containers",
        cause=f"No container has more than {min_earlier} collections to predict from.",
        remedy="Give a longer history, or set --min-earlier lower.",
    )
