"""Merging on simulated streams over real places: who speaks of the same, and drives for nothing.

    python benchmarks/merging.py [--shared ../shared/data] [--days 28] [--seeds 1 2 3] [--no-record]

Two figures. *Pairs*: a simulated month, cleared on a schedule of its own; of all pairs of records
of one matter seen within 60 m and 4 days of each other, which belong to one case? *Drives*: the
same month lived day by day; each morning every planner sends a truck to whatever it holds open by
what it has heard. Every planner lives through the same cases, sightings and delays (the random
numbers are drawn beforehand); a sighting after a planner has cleared the case does not happen.

All that is assumed stands in `World`. Rivals: each stream alone, and one plain distance threshold
over all streams, each at the thresholds that serve it best on the very same data.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import platform
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from city.cases import Case, CaseVisit, Matter, Spot, matter_of, spots_of
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.merge import MergeRules, merge
from city.place import Position
from city.plane import Plane

RESULTS = Path(__file__).parent / "results"
START = datetime(2026, 9, 1, tzinfo=UTC)
PAIR_M, PAIR_DAYS = 60.0, 4.0
CONSOLE = Console()


@dataclass(frozen=True)
class World:
    """Every assumption of the simulation.

    Parameters
    ----------
    link_m : containers so near to each other are one place (and one case).
    cases_per_day : share of the places at which a case begins on a day, of either matter.
    loose_share : how many of them are loose waste; the others are full containers.
    beside_m : how far from its place's middle a case lies, per axis.
    photo_sd_m, report_sd_m : noise of a position, per axis.
    reports_per_day : while a case lies there.
    passes_per_day, seen_share : a camera passes a place so often, and sees what lies there.
    delay_days : a record is received uniformly up to so long after it was seen; the time at which
        it was seen is known.
    duplicates : share of the records that come twice: within an hour, with a delay and a noise of
        their own.
    cleared_after_days : pairs only: when somebody clears a case, uniformly; the visit is recorded,
        what was found is not.
    visit_hour, reach_m : drives only: when crews come, and how far around the place they see.
    """

    link_m: float = 10.0
    cases_per_day: float = 0.05
    loose_share: float = 0.5
    beside_m: float = 2.0
    photo_sd_m: float = 5.0
    report_sd_m: float = 15.0
    reports_per_day: float = 0.8
    passes_per_day: float = 0.2
    seen_share: float = 0.9
    delay_days: float = 3.0
    duplicates: float = 0.2
    cleared_after_days: tuple[float, float] = (1.0, 4.0)
    visit_hour: float = 8.0
    reach_m: float = 20.0


@dataclass(frozen=True)
class Sighting:
    """One record of a case, before anybody hears of it; days since the start."""

    case: int
    seen: float
    received: float
    record: Evidence


@dataclass(frozen=True)
class Trouble:
    """A case as it truly is."""

    spot: int
    matter: Matter
    begins: float
    cleared: float


# -- the world ---------------------------------------------------------------------------------


def read_containers(shared: Path) -> list[Container]:
    path = shared / "registry" / "amsterdam_rest_containers.csv"
    with path.open(encoding="utf-8") as file:
        return [
            Container(
                row["id"],
                Position(float(row["lon"]), float(row["lat"])),
                Fraction.RESIDUAL,
                ContainerKind.UNDERGROUND,
                5000,
            )
            for row in csv.DictReader(file)
        ]


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def troubles(
    world: World, spots: Sequence[Spot], days: int, rng: np.random.Generator
) -> list[Trouble]:
    """Draw the cases; one that begins where another still lies is part of that one."""
    found: list[Trouble] = []
    until: dict[tuple[int, Matter], float] = {}
    for day in range(days):
        for spot in np.flatnonzero(rng.random(len(spots)) < world.cases_per_day).tolist():
            loose = rng.random() < world.loose_share
            matter = Matter.LOOSE_WASTE if loose else Matter.FULL
            begins = day + rng.random()
            cleared = begins + rng.uniform(*world.cleared_after_days)
            if until.get((spot, matter), -1.0) < begins:
                until[spot, matter] = cleared
                found.append(Trouble(spot, matter, begins, cleared))
    return found


def sightings(
    world: World,
    spots: Sequence[Spot],
    cases: Sequence[Trouble],
    last: Callable[[Trouble], float],
    rng: np.random.Generator,
) -> list[Sighting]:
    """Draw what is seen of each case until `last`, and when it is heard of."""
    drawn: list[Sighting] = []
    for number, case in enumerate(cases):
        lies = spots[case.spot].position.moved(*rng.normal(0.0, world.beside_m, 2))
        span = last(case) - case.begins
        streams = (
            ("report", world.reports_per_day, world.report_sd_m),
            ("photo", world.passes_per_day * world.seen_share, world.photo_sd_m),
        )
        for stream, per_day, sd_m in streams:
            for seen in case.begins + span * rng.random(rng.poisson(per_day * span)):
                twice = rng.random() < world.duplicates
                for again in range(1 + twice):
                    when = float(seen) + (rng.random() / 24 if again else 0.0)
                    if when >= last(case):
                        continue
                    received = when + rng.random() * world.delay_days
                    record = _record(
                        f"{stream}:{number}:{len(drawn)}", stream, case.matter,
                        lies.moved(*rng.normal(0.0, sd_m, 2)), sd_m, when, received,
                    )  # fmt: skip
                    drawn.append(Sighting(number, when, received, record))
    return drawn


def _record(
    ref: str, stream: str, matter: Matter, place: Position, sd_m: float, seen: float, heard: float
) -> Evidence:
    kind = EvidenceKind.SIDE_WASTE
    if matter is Matter.FULL:
        kind = EvidenceKind.REPORT if stream == "report" else EvidenceKind.PHOTO
    return Evidence(kind, 1.0, at(seen), at(heard), stream, ref, place, sd_m)


# -- pairs -------------------------------------------------------------------------------------


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


# -- drives ------------------------------------------------------------------------------------

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
            cases = merge((s.record for s in known), life.spots, visits, RULES)
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


# -- report ------------------------------------------------------------------------------------

RULES = MergeRules()
WORLDS = {
    "as stated": World(),
    "all of one matter": World(loose_share=1.0),
    "places linked within 3 m": World(link_m=3.0),
}
Figures = dict[str, dict[str, list[float]]]


def gathered(runs: Sequence[dict[str, dict[str, float]]]) -> Figures:
    """Put the seeds side by side; a rival keeps its name whatever threshold served it best."""
    told: Figures = defaultdict(lambda: defaultdict(list))
    for run in runs:
        for name, figures in run.items():
            for figure, value in figures.items():
                told[name.partition(", ")[0] if " m" in name else name][figure].append(
                    round(float(value), 4)
                )
            if name.endswith(" m"):
                plain_name, _, threshold = name.partition(", ")
                told[plain_name]["threshold_m"].append(float(threshold.removesuffix(" m")))
    return {name: dict(figures) for name, figures in told.items()}


def show(title: str, figures: Figures, columns: Sequence[str]) -> None:
    table = Table(title, *(c.replace("_", " ") for c in columns), box=None, padding=(0, 2, 0, 0))
    for name, row in figures.items():
        if columns[0] in row:
            table.add_row(name, *(" ".join(f"{v:g}" for v in row.get(c, ())) for c in columns))
    CONSOLE.print(table)


def record(told: dict[str, object]) -> Path:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True
    )
    head = {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit.stdout.strip() or "unknown",
        "machine": f"{platform.machine()}, cores shared with other work",
        "versions": {name: version(name) for name in ("numpy", "scipy")},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"merging-{head['measured_at'][:10]}.json"
    path.write_text(json.dumps(head | told, indent=2, default=str) + "\n", encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    containers = read_containers(asked.shared)
    matched = {}
    for name, world in WORLDS.items():
        matched[name] = gathered([pairs(world, containers, asked.days, s) for s in asked.seeds])
        show(f"pairs, {name}", matched[name], ("precision", "recall", "threshold_m"))
    driven = gathered([drives(World(), containers, asked.days, s) for s in asked.seeds])
    columns = ("for_nothing", "drives", "mean_days_until_cleared", "left_lying", "threshold_m")
    show("drives", driven, columns)
    ours, alone = (sum(driven[n]["for_nothing"]) for n in ("ours", "each stream alone"))
    CONSOLE.print(f"drives for nothing, ours / each stream alone: {ours / alone:.3f} (asked: 0.25)")
    told = {
        "days": asked.days,
        "seeds": asked.seeds,
        "rules": asdict(RULES),
        "worlds": {name: asdict(world) for name, world in WORLDS.items()},
        "pairs": matched,
        "drives": driven,
        "for_nothing_against_each_stream_alone": round(ours / alone, 4),
    }
    if not asked.no_record:
        CONSOLE.print(f"Recorded in {record(told)}")


if __name__ == "__main__":
    main()
