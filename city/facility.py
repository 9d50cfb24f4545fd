"""Who belongs where, when every place that is used costs something: a local search.

Each record costs something at each of its candidate places, and each place that has any record
costs something to open. The cheapest assignment is the most probable explanation of all records
together (uncapacitated facility location; costs are negative logarithms of probabilities).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Costs = Mapping[int, float]
_EPSILON = 1e-9
_SWEEPS = 30


class Assignment:
    """A cheap assignment of records to places, found by moving, closing and opening."""

    def __init__(self, costs: Sequence[Costs], opening: Sequence[float]) -> None:
        """Search from "each record at its own cheapest place".

        Parameters
        ----------
        costs : for each record, what it costs at each of its candidate places, never empty.
        opening : what each place costs once anything is there.
        """
        self._costs = costs
        self._opening = opening
        self._members: list[set[int]] = [set() for _ in opening]
        self._near: list[list[int]] = [[] for _ in opening]
        self.place_of: list[int] = []
        for record, each in enumerate(costs):
            best = min(each, key=lambda place: (each[place], place))
            self.place_of.append(best)
            self._members[best].add(record)
            for place in each:
                self._near[place].append(record)
        for _ in range(_SWEEPS):
            if not self._sweep():
                break

    def odds_cost(self, record: int) -> float:
        """Return by how much the record's next best place is dearer; infinite without one."""
        here = self.place_of[record]
        own = self._costs[record][here]
        others = (
            cost + (0.0 if self._members[place] else self._opening[place])
            for place, cost in self._costs[record].items()
            if place != here
        )
        return min(others, default=float("inf")) - own

    def _sweep(self) -> bool:
        changed = False
        for place in range(len(self._opening)):
            if self._members[place]:
                changed |= self._close(place) or self._move_all(place)
            else:
                changed |= self._open(place)
        for record in range(len(self._costs)):
            changed |= self._move(record)
        return changed

    def _move(self, record: int) -> bool:
        costs, here = self._costs[record], self.place_of[record]
        saved = costs[here] + (self._opening[here] if len(self._members[here]) == 1 else 0.0)
        for place, cost in costs.items():
            dear = cost + (0.0 if self._members[place] else self._opening[place])
            if place != here and dear < saved - _EPSILON:
                self._put(record, place)
                return True
        return False

    def _close(self, place: int) -> bool:
        """Send every record to its best other place that is open, if that is cheaper."""
        saved, targets = self._opening[place], []
        for record in self._members[place]:
            costs = self._costs[record]
            there = [(c, p) for p, c in costs.items() if p != place and self._members[p]]
            if not there:
                return False
            cost, target = min(there)
            saved -= cost - costs[place]
            targets.append((record, target))
        return self._put_all(targets, saved)

    def _move_all(self, place: int) -> bool:
        """Send all records of a place to one other, if that is cheaper."""
        members = self._members[place]
        shared = set.intersection(*(set(self._costs[r]) for r in members)) - {place}
        for target in sorted(shared):
            saved = self._opening[place] - (0.0 if self._members[target] else self._opening[target])
            saved += sum(self._costs[r][place] - self._costs[r][target] for r in members)
            if self._put_all([(r, target) for r in members], saved):
                return True
        return False

    def _open(self, place: int) -> bool:
        saved, drawn = -self._opening[place], []
        for record in self._near[place]:
            costs = self._costs[record]
            gain = costs[self.place_of[record]] - costs[place]
            if gain > 0.0:
                saved += gain
                drawn.append((record, place))
        return self._put_all(drawn, saved)

    def _put_all(self, targets: Sequence[tuple[int, int]], saved: float) -> bool:
        if saved <= _EPSILON:
            return False
        for record, place in targets:
            self._put(record, place)
        return True

    def _put(self, record: int, place: int) -> None:
        self._members[self.place_of[record]].discard(record)
        self._members[place].add(record)
        self.place_of[record] = place
