"""What is known of a simulated city at a time: the records received until then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from city.evidence import EMPTIES, Evidence
from city.fill import Belief, believe
from city.inflow import Inflow, learn
from operations.simulate.world import World

LEARN_EVERY_DAYS = 7
"""Curves are learnt anew once a week; between, what is emptied shifts them (city/today.py)."""


class Ledger:
    """The records of one policy's city, in the order in which they are received."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._coming: list[Evidence] = []
        self._emptyings: dict[str, list[Evidence]] = defaultdict(list)
        self._since: dict[str, list[Evidence]] = defaultdict(list)
        self._inflow: Inflow | None = None
        self._learnt_at: datetime | None = None

    def add(self, records: Iterable[Evidence]) -> None:
        """Take records that will be received some time."""
        self._coming += records

    def belief(self, as_of: datetime) -> Belief:
        """Return what the product believes from all that was received by then."""
        news = self._receive(as_of)
        containers = self._world.containers
        if self._learnt_at is None or (as_of - self._learnt_at).days >= LEARN_EVERY_DAYS:
            self._inflow, self._learnt_at = learn(containers, self._emptyings, as_of), as_of
        elif self._inflow is not None:
            self._inflow = self._inflow.heard(news)
        recent = (record for records in self._since.values() for record in records)
        return believe(containers, recent, as_of, self._inflow)

    def evidence(self) -> dict[str, Evidence]:
        """Return the records since each container's last emptying, by id."""
        return {r.id: r for records in self._since.values() for r in records}

    def _receive(self, as_of: datetime) -> list[Evidence]:
        news = sorted(
            (r for r in self._coming if r.received_at <= as_of), key=lambda r: (r.seen_at, r.id)
        )
        self._coming = [r for r in self._coming if r.received_at > as_of]
        for record in news:
            name = record.container_id or ""
            if record.kind in EMPTIES:
                self._emptyings[name].append(record)
                self._since[name] = [r for r in self._since[name] if r.seen_at >= record.seen_at]
            self._since[name].append(record)
        return news
