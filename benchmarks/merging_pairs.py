"""Who speaks of the same: pairs of records, ours against thresholds and the best possible."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from merging_world import Sighting, Trouble, World, at, sightings, troubles
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from city.cases import Case, CaseVisit, Matter, Spot, matter_of, spots_of
from city.container import Container
from city.merge import merge
from city.plane import Plane

PAIR_M, PAIR_DAYS = 60.0, 4.0


@dataclass(frozen=True)
class Pairs:
    """Which pairs of records are counted, and which of them truly belong together."""

    first: np.ndarray[tuple[int], np.dtype[np.int64]]
    second: np.ndarray[tuple[int], np.dtype[np.int64]]
    same: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @classmethod
    def among(cls, seen: Sequence[Sighting], xy: np.ndarray) -> Pairs:
        both = cKDTree(xy).query_pairs(PAIR_M, output_type="ndarray")
        a, b = both[:, 0], both[:, 1]
        matter = np.array([matter_of(s.record) is Matter.FULL for s in seen])
        when = np.array([s.seen for s in seen])
        case = np.array([s.case for s in seen])
        kept = (matter[a] == matter[b]) & (np.abs(when[a] - when[b]) <= PAIR_DAYS)
        a, b = a[kept], b[kept]
        return cls(a, b, case[a] == case[b])

    def score(self, label: Sequence[object]) -> dict[str, float]:
        names: dict[object, int] = {}
        number = np.array([names.setdefault(each, len(names)) for each in label])
        said = number[self.first] == number[self.second]
        right = float((said & self.same).sum())
        return {
            "precision": right / max(said.sum(), 1),
            "recall": right / max(self.same.sum(), 1),
        }


def labels_of(cases: Sequence[Case], seen: Sequence[Sighting]) -> list[str]:
    case_of = {name: case.id for case in cases for name in case.evidence_ids}
    return [case_of[s.record.id] for s in seen]


def plain(
    seen: Sequence[Sighting], xy: np.ndarray, visits: Sequence[tuple[np.ndarray, Matter, float]],
    threshold_m: float, *, streams_apart: bool,
) -> list[object]:  # fmt: skip
    """Label records by a distance threshold: chained within it and 4 days, parted by visits.

    A visit closes what was seen within the threshold of it before it, so the rival knows of visits.
    """
    both = cKDTree(xy).query_pairs(threshold_m, output_type="ndarray")
    a, b = both[:, 0], both[:, 1]
    when = np.array([s.seen for s in seen])
    matter = np.array([matter_of(s.record) is Matter.FULL for s in seen])
    stream = np.array([s.record.source == "photo" for s in seen])
    kept = (matter[a] == matter[b]) & (np.abs(when[a] - when[b]) <= PAIR_DAYS)
    if streams_apart:
        kept &= stream[a] == stream[b]
    kept &= ~_visit_between(seen, xy, visits, threshold_m, a, b, when)
    a, b = a[kept], b[kept]
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(seen),) * 2)
    labels: list[object] = connected_components(graph, directed=False)[1].tolist()
    return labels


def _visit_between(
    seen: Sequence[Sighting], xy: np.ndarray, visits: Sequence[tuple[np.ndarray, Matter, float]],
    threshold_m: float, a: np.ndarray, b: np.ndarray, when: np.ndarray,
) -> np.ndarray:  # fmt: skip
    trees = {m: [(p, t) for p, mm, t in visits if mm is m] for m in Matter}
    near: list[list[float]] = [[] for _ in seen]
    for matter, known in trees.items():
        if not known:
            continue
        tree = cKDTree(np.array([p for p, _ in known]))
        mine = [i for i, s in enumerate(seen) if matter_of(s.record) is matter]
        for i, hits in zip(mine, tree.query_ball_point(xy[mine], threshold_m), strict=True):
            near[i] = [known[h][1] for h in hits]
    return np.array(
        [
            any(min(when[i], when[j]) <= t < max(when[i], when[j]) for t in {*near[i], *near[j]})
            for i, j in zip(a, b, strict=True)
        ],
        dtype=bool,
    )


THRESHOLDS_M = (10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0)


def best(score: Callable[[float], dict[str, float]]) -> tuple[float, dict[str, float]]:
    """Return the threshold with the best F1, and its scores."""
    tried = [(m, score(m)) for m in THRESHOLDS_M]
    return max(tried, key=lambda t: t[1]["precision"] * t[1]["recall"] / (sum(t[1].values()) or 1))


def pairs(
    world: World, containers: Sequence[Container], days: int, seed: int
) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(seed)
    spots = spots_of(containers, world.link_m)
    cases = troubles(world, spots, days, rng)
    seen = sightings(world, spots, cases, lambda c: c.cleared, rng)
    plane = Plane.around(s.position for s in spots)
    xy = plane.metres(s.record.position for s in seen)
    counted = Pairs.among(seen, xy)
    visits = [
        CaseVisit(c.matter, at(c.cleared), spots[c.spot].position, "crew", f"v:{i}",
                  spots[c.spot].container_ids)
        for i, c in enumerate(cases)
    ]  # fmt: skip
    flat = [
        (p, c.matter, c.cleared)
        for p, c in zip(plane.metres(v.position for v in visits), cases, strict=True)
    ]
    records = [s.record for s in seen]

    def threshold(apart: bool) -> tuple[float, dict[str, float]]:
        return best(lambda m: counted.score(plain(seen, xy, flat, m, streams_apart=apart)))

    alone_m, alone = threshold(True)
    plain_m, together = threshold(False)
    started = time.perf_counter()
    merged = merge(records, spots, visits)
    merging_s = time.perf_counter() - started
    told = merge(records, spots, [replace(v, found=True) for v in visits])
    here = {"records": len(seen), "pairs": len(counted.same), "together": int(counted.same.sum())}
    return {
        "counts": {k: float(v) for k, v in here.items()} | {"merging_s": merging_s},
        f"each stream alone, {alone_m:g} m": alone,
        f"distance threshold, {plain_m:g} m": together,
        "ours": counted.score(labels_of(merged, seen)),
        "ours, crews tell what they found": counted.score(labels_of(told, seen)),
        "best possible: true cases known": counted.score(oracle(world, spots, cases, seen, plane)),
    }


def oracle(
    world: World, spots: Sequence[Spot], cases: Sequence[Trouble], seen: Sequence[Sighting],
    plane: Plane,
) -> list[object]:  # fmt: skip
    """Label each record by its most probable case, all cases, places and times being known."""
    where = plane.metres(spots[c.spot].position for c in cases)
    tree = cKDTree(where)
    labels: list[object] = []
    for s, x in zip(seen, plane.metres(s.record.position for s in seen), strict=True):
        near = tree.query_ball_point(x, 6 * math.hypot(s.record.uncertainty_m, world.beside_m))
        matter = matter_of(s.record)
        fits = [c for c in near
                if cases[c].matter is matter
                and cases[c].begins <= s.seen < cases[c].cleared]  # fmt: skip
        labels.append(
            min(fits, key=lambda c: math.dist(where[c], x), default=f"alone {len(labels)}")
        )
    return labels
