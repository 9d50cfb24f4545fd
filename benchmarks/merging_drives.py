"""Drives for nothing: the same weeks lived day by day by each planner."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from merging_pairs import THRESHOLDS_M
from merging_world import Sighting, Trouble, World, at, sightings, troubles
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from city.cases import CaseVisit, Matter, Spot, matter_of, spots_of
from city.container import Container
from city.merge import merge
from city.place import Position
from city.plane import Plane

LIES_AT_MOST_DAYS = 14.0
WINDOW_DAYS = 8.0
"""What a planner looks back; a record is at most three days late."""


@dataclass(frozen=True)
class Drive:
    """One truck sent: to a spot, or to a position away from all."""

    matter: Matter
    position: Position
    spot: int | None
    record_ids: tuple[str, ...]


@dataclass
class Life:
    """A month as one planner lives through it."""

    world: World
    spots: Sequence[Spot]
    cases: Sequence[Trouble]
    seen: Sequence[Sighting]

    def __post_init__(self) -> None:
        self.plane = Plane.around(s.position for s in self.spots)
        self.spot_xy = self.plane.metres(s.position for s in self.spots)
        self.spot_tree = cKDTree(self.spot_xy)
        self.cleared = [math.inf] * len(self.cases)
        self.drives = self.for_nothing = 0
        self.at_spot: dict[int, list[int]] = defaultdict(list)
        for number, case in enumerate(self.cases):
            self.at_spot[case.spot].append(number)

    def known(self, now: float) -> list[Sighting]:
        """Return what was heard by now; a case that this planner cleared is seen no more."""
        return [
            s for s in self.seen
            if s.received <= now and now - s.seen <= WINDOW_DAYS and s.seen < self.cleared[s.case]
        ]  # fmt: skip

    def send(self, drive: Drive, now: float) -> list[CaseVisit]:
        """Let a crew clear what it sees around a place, and return what it tells of that."""
        (xy,) = self.plane.metres([drive.position])
        around = self.spot_tree.query_ball_point(xy, self.world.reach_m)
        found = [
            c for spot in around for c in self.at_spot[spot]
            if self.cases[c].matter is drive.matter
            and self.cases[c].begins <= now < self.cleared[c]
        ]  # fmt: skip
        for case in found:
            self.cleared[case] = now
        self.drives += 1
        self.for_nothing += not found
        told = {self.cases[c].spot: True for c in found}
        if drive.spot is not None:
            told.setdefault(drive.spot, False)
        return [
            CaseVisit(drive.matter, at(now), self.spots[s].position, "crew", f"v{self.drives}",
                      self.spots[s].container_ids, found=what)
            for s, what in told.items()
        ]  # fmt: skip

    def figures(self, days: int) -> dict[str, float]:
        early = [i for i, c in enumerate(self.cases) if c.begins <= days - LIES_AT_MOST_DAYS / 2]
        heard = {s.case for s in self.seen}
        lay = [min(self.cleared[i], days) - self.cases[i].begins for i in early if i in heard]
        return {
            "drives": self.drives,
            "for_nothing": self.for_nothing,
            "share_for_nothing": self.for_nothing / max(self.drives, 1),
            "mean_days_until_cleared": float(np.mean(lay)),
            "left_lying": sum(self.cleared[i] == math.inf for i in early if i in heard),
        }


def live(life: Life, days: int, ours: bool, threshold_m: float, apart: bool) -> dict[str, float]:
    closed: set[str] = set()
    visits: list[CaseVisit] = []
    swept: dict[str, list[tuple[np.ndarray, Matter, float]]] = defaultdict(list)
    spot_of = {spot.id: i for i, spot in enumerate(life.spots)}
    for day in range(days):
        now = day + life.world.visit_hour / 24
        known = life.known(now)
        if ours:
            cases = merge((s.record for s in known), life.spots, visits)
            for case in (c for c in cases if c.is_open):
                place = None if case.spot_id is None else spot_of[case.spot_id]
                visits += life.send(Drive(case.matter, case.position, place, ()), now)
            continue
        for stream in ("photo", "report") if apart else ("all",):
            mine = [s for s in known if stream in ("all", s.record.source)]
            for drive in plain_drives(life, mine, closed, swept[stream], threshold_m):
                life.send(drive, now)
                closed.update(drive.record_ids)
                (xy,) = life.plane.metres([drive.position])
                swept[stream].append((xy, drive.matter, now))
    return life.figures(days)


def plain_drives(
    life: Life, mine: Sequence[Sighting], closed: set[str],
    swept: Sequence[tuple[np.ndarray, Matter, float]], threshold_m: float,
) -> list[Drive]:  # fmt: skip
    """Return a drive for each chain of records that no drive of this stream has closed.

    A drive closes its own records, and whatever is heard later but was seen before it within the
    threshold of it; it goes to the spot nearest to the middle of its records.
    """
    drives = []
    for matter in Matter:
        visits = [(p, t) for p, m, t in swept if m is matter]
        tree = cKDTree(np.array([p for p, _ in visits])) if visits else None
        waiting = [s for s in mine if matter_of(s.record) is matter and s.record.id not in closed]
        xy = life.plane.metres(s.record.position for s in waiting)
        still = [
            i for i, s in enumerate(waiting)
            if tree is None
            or not any(visits[h][1] >= s.seen for h in tree.query_ball_point(xy[i], threshold_m))
        ]  # fmt: skip
        if not still:
            continue
        xy = xy[still]
        both = cKDTree(xy).query_pairs(threshold_m, output_type="ndarray")
        graph = coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(len(xy),) * 2)
        count, label = connected_components(graph, directed=False)
        for chain in range(count):
            rows = np.flatnonzero(label == chain)
            spot = int(life.spot_tree.query(xy[rows].mean(axis=0))[1])
            ids = tuple(waiting[still[r]].record.id for r in rows)
            drives.append(Drive(matter, life.spots[spot].position, spot, ids))
    return drives


def drives(
    world: World, containers: Sequence[Container], days: int, seed: int
) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(seed)
    spots = spots_of(containers, world.link_m)
    cases = _apart(troubles(replace(world, cleared_after_days=(0.0, 0.0)), spots, days, rng))
    seen = sightings(world, spots, cases, lambda c: c.begins + LIES_AT_MOST_DAYS, rng)

    def lived(ours: bool, threshold_m: float, apart: bool) -> dict[str, float]:
        return live(Life(world, spots, cases, seen), days, ours, threshold_m, apart)

    def fewest(apart: bool) -> tuple[float, dict[str, float]]:
        tried = [(m, lived(False, m, apart)) for m in (*THRESHOLDS_M[3:], 80.0, 100.0)]
        return min(tried, key=lambda t: t[1]["for_nothing"])

    alone_m, alone = fewest(True)
    plain_m, together = fewest(False)
    return {
        f"each stream alone, {alone_m:g} m": alone,
        f"distance threshold, {plain_m:g} m": together,
        "ours": lived(True, 0.0, False),
    }


def _apart(cases: Sequence[Trouble]) -> list[Trouble]:
    """Keep the cases that no planner could take for one: of a matter and spot, not overlapping."""
    until: dict[tuple[int, Matter], float] = {}
    kept = []
    for case in sorted(cases, key=lambda c: c.begins):
        if until.get((case.spot, case.matter), -1.0) < case.begins:
            until[case.spot, case.matter] = case.begins + 5.0
            kept.append(case)
    return kept
