"""What would have been believed just before each emptying of a history, from its past alone.

It is the belief that plans are made of: curves are learnt once a night from all that was emptied
before, the day's emptyings are heard as they come, and the container is believed on from there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from city.container import Container
from city.emptyings import DAY_S
from city.evidence import EMPTIES, MEASURED, Evidence
from city.fill import Belief, believe
from city.inflow import Inflow, learn

MIN_EARLIER = 5


def walk_forward(
    containers: Sequence[Container],
    records: Sequence[Evidence],
    *,
    min_earlier: int = MIN_EARLIER,
    reads_up_to: float = math.inf,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[tuple[Evidence, Belief]]:
    """Yield emptyings with the belief about their container at that time, oldest first.

    Only what was seen before an emptying is known to its belief; that it is emptied then is known.

    Parameters
    ----------
    min_earlier : emptyings of the container that must have come before.
    reads_up_to : the highest fill that emptyings can tell; a reading there means "at least".
    """
    ordered = sorted(records, key=lambda r: (r.seen_at, r.id))
    row = {c.id: i for i, c in enumerate(containers)}
    past = _Past(containers, reads_up_to)
    for done, record in enumerate(ordered):
        on_progress(done, len(ordered))
        i = row.get(record.container_id or "")
        if i is None:
            continue
        if record.kind in MEASURED and past.emptied[i] >= min_earlier:
            yield record, past.belief(i, record.seen_at)
        past.add(i, record)
    on_progress(len(ordered), len(ordered))


class _Past:
    def __init__(self, containers: Sequence[Container], reads_up_to: float) -> None:
        self._containers, self._reads_up_to = containers, reads_up_to
        self._by_container: dict[str, list[Evidence]] = defaultdict(list)
        self._since: list[list[Evidence]] = [[] for _ in containers]
        self.emptied = [0] * len(containers)
        self._today: list[Evidence] = []
        self._night = -1
        self._inflow: Inflow | None = None

    def add(self, i: int, record: Evidence) -> None:
        self._by_container[self._containers[i].id].append(record)
        if record.kind in EMPTIES:
            self._since[i] = []
            self.emptied[i] += 1
            self._today.append(record)
        self._since[i].append(record)

    def belief(self, i: int, at: datetime) -> Belief:
        # Strictly before: of two bins emptied in one second neither tells of the other.
        today = [r for r in self._today if r.seen_at < at]
        inflow = self._learnt(at).heard(today)
        known = [r for r in self._since[i] if r.seen_at < at]
        return believe(self._containers[i : i + 1], known, at, inflow.of(i))

    def _learnt(self, at: datetime) -> Inflow:
        night = int(at.timestamp() // DAY_S)
        if self._inflow is None or night != self._night:
            midnight = datetime.fromtimestamp(night * DAY_S, UTC)
            self._night = night
            self._inflow = learn(
                self._containers, self._by_container, midnight, reads_up_to=self._reads_up_to
            )
            self._today = [r for r in self._today if r.seen_at >= midnight]
        return self._inflow
