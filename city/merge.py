"""Merging: which records speak of the same thing.

Where containers stand is known, so a record is not held against other records but against places:
a case is one matter at one spot between two visits, and each record belongs to one case. All
records are explained together: a case costs the improbability of being open there at all, a
record that of being seen so far from it, by the uncertainty that its own position has. Distance
thresholds know neither the map nor the uncertainty, and so merge neighbours and part twins.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from city.cases import Case, CaseVisit, Matter, Membership, Spot, matter_of
from city.evidence import Evidence
from city.facility import Assignment
from city.fraction import Fraction
from city.place import Position
from city.plane import Plane

APART = "apart:"
"""A case id that begins so holds one record that somebody put there by hand."""


@dataclass(frozen=True)
class MergeRules:
    """What is held true of cases before any record is read; all of it can be measured in a city.

    Parameters
    ----------
    p_open : probability that a spot has a case between two visits that records could speak of.
    expected_records : how many records an open case draws.
    elsewhere_per_m2 : expected number of such cases away from containers.
    beside_m : how far from its spot's middle waste lies, standard deviation per axis.
    gate : records further off than so many standard errors are not of that spot.
    sure_from : a record so near to a spot (standard errors) starts no case away from containers.
    forgotten_after : a case of which nothing is heard for so long is over, visit or not.
    reach_m : what a visit away from containers clears.
    p_open_found, p_open_not_found : as `p_open`, once the crew that ended it said what it found.
    """

    p_open: float = 0.12
    expected_records: float = 1.5
    elsewhere_per_m2: float = 3e-7
    beside_m: float = 2.0
    gate: float = 4.5
    sure_from: float = 2.5
    forgotten_after: timedelta = timedelta(days=10)
    reach_m: float = 25.0
    p_open_found: float = 0.95
    p_open_not_found: float = 0.01

    def opening(self, found: bool | None) -> float:
        """Return what it costs that there is a case at a spot, given what a crew found there."""
        told = {None: self.p_open, True: self.p_open_found, False: self.p_open_not_found}
        return self.expected_records - math.log(told[found])


@dataclass(frozen=True)
class Decision:
    """Somebody's word on where a record belongs; the newest word on a record holds.

    Parameters
    ----------
    case_id : an existing case; `apart(record)` for one of its own; None to undo, which lets the
        merger decide again.
    """

    evidence_id: str
    case_id: str | None
    by: str
    at: datetime
    why: str = ""


def apart(evidence_id: str) -> str:
    """Return the id of the case that holds this record alone."""
    return APART + evidence_id


def merge(
    records: Iterable[Evidence],
    spots: Sequence[Spot],
    visits: Iterable[CaseVisit] = (),
    rules: MergeRules | None = None,
    decisions: Iterable[Decision] = (),
) -> tuple[Case, ...]:
    """Return the cases that records speak of, oldest first; the order of records is of no account.

    Parameters
    ----------
    records : of any kind; those that ask for no visit (`matter_of`) are left aside.
    visits : those known; a record seen up to a visit is closed by it, whenever it came in.
    decisions : taken by hand; they overrule the merger.
    """
    asking = sorted((r for r in records if matter_of(r)), key=lambda r: (r.seen_at, r.id))
    unique = list({r.id: r for r in asking}.values())
    if not unique:
        return ()
    return _Merger(unique, spots, tuple(visits), rules or MergeRules(), decisions).cases()


@dataclass(frozen=True)
class _Place:
    """Where and when a case could be: a spot, or around one record, between two visits."""

    key: str
    matter: Matter
    fraction: Fraction | None
    xy: tuple[float, float]
    position: Position
    sd_m: float
    closed_at: datetime | None
    spot: Spot | None = None
    found: bool | None = None


class _Merger:
    def __init__(
        self,
        records: Sequence[Evidence],
        spots: Sequence[Spot],
        visits: Sequence[CaseVisit],
        rules: MergeRules,
        decisions: Iterable[Decision],
    ) -> None:
        self._records, self._spots, self._rules = records, spots, rules
        plane = Plane.around(r.position for r in records)
        self._xy = plane.metres(r.position for r in records)
        self._spot_xy = plane.metres(s.position for s in spots)
        self._tree = cKDTree(self._spot_xy) if spots else None
        self._spot_of = {c: i for i, s in enumerate(spots) for c in s.container_ids}
        self._sort_visits(visits, plane)
        self._visits: dict[object, list[CaseVisit]] = {}
        self._places: list[_Place] = []
        self._opening: list[float] = []
        self._index: dict[object, int] = {}
        self._by_hand = {d.evidence_id: d for d in sorted(decisions, key=lambda d: d.at)}

    def cases(self) -> tuple[Case, ...]:
        costs: list[dict[int, float]] = [{} for _ in self._records]
        for r, record in enumerate(self._records):
            costs[r] = dict(self._at_spots(r, record))
        lonely = [r for r, each in enumerate(costs) if self._is_lonely(r, each)]
        for r, place, cost in self._elsewhere(lonely):
            costs[r][place] = cost
        for r, record in enumerate(self._records):
            decided = self._by_hand.get(record.id)
            if decided is not None and decided.case_id is not None:
                costs[r] = {self._named(r, record, decided.case_id): 0.0}
        found = Assignment(costs, self._opening)
        together: dict[int, list[int]] = defaultdict(list)
        for r, place in enumerate(found.place_of):
            together[place].append(r)
        cases = [c for place, group in together.items() for c in self._split(found, place, group)]
        return tuple(sorted(cases, key=lambda c: (c.first_seen_at, c.id)))

    def _sort_visits(self, visits: Sequence[CaseVisit], plane: Plane) -> None:
        self._at_spot: dict[tuple[int, Matter], list[CaseVisit]] = defaultdict(list)
        self._away: dict[Matter, list[tuple[float, float, datetime]]] = defaultdict(list)
        for visit, (x, y) in zip(visits, plane.metres(v.position for v in visits), strict=True):
            reached = {self._spot_of[c] for c in visit.container_ids if c in self._spot_of}
            for spot in reached:
                self._at_spot[spot, visit.matter].append(visit)
            if not reached:
                self._away[visit.matter].append((x, y, visit.at))

    def _visits_at(self, s: int, matter: Matter, fraction: Fraction | None) -> list[CaseVisit]:
        key = (s, matter, fraction)
        if key not in self._visits:
            visits = self._at_spot.get((s, matter), ())
            mine = [v for v in visits if fraction in _fractions(v, self._spots[s])]
            self._visits[key] = sorted(mine, key=lambda v: v.at)
        return self._visits[key]

    def _at_spots(self, r: int, record: Evidence) -> Iterator[tuple[int, float]]:
        own = self._spot_of.get(record.container_id or "")
        if own is not None:
            for place in self._places_at(own, record):
                yield place, 0.0
            return
        if self._tree is None:
            return
        reach_m = self._rules.gate * math.hypot(record.uncertainty_m, self._rules.beside_m)
        for s in self._tree.query_ball_point(self._xy[r], reach_m):
            sd = math.hypot(record.uncertainty_m, self._rules.beside_m, self._spots[s].spread_m)
            cost = _cost(self._xy[r], self._spot_xy[s], sd)
            places = self._places_at(s, record)
            for place in places:
                yield place, cost + math.log(len(places))

    def _places_at(self, s: int, record: Evidence) -> list[int]:
        matter, spot = matter_of(record), self._spots[s]
        assert matter is not None
        fractions: Iterable[Fraction | None] = (None,)
        if matter is Matter.FULL:
            here = sorted(set(spot.fractions))
            fractions = [f for f in here if record.fraction in (None, f)]
        return [self._place_at(s, matter, f, record.seen_at) for f in fractions]

    def _place_at(self, s: int, matter: Matter, fraction: Fraction | None, at: datetime) -> int:
        visits = self._visits_at(s, matter, fraction)
        k = bisect_left(visits, at, key=lambda v: v.at)
        key = (s, matter, fraction, k)
        if key not in self._index:
            spot = self._spots[s]
            since = visits[k - 1].at.astimezone(UTC).isoformat() if k else ""
            end = visits[k] if k < len(visits) else None
            place = _Place(
                key=_hash(matter, fraction or "", spot.id, since),
                matter=matter,
                fraction=fraction,
                xy=(float(self._spot_xy[s, 0]), float(self._spot_xy[s, 1])),
                position=spot.position,
                sd_m=math.hypot(self._rules.beside_m, spot.spread_m),
                closed_at=end.at if end else None,
                spot=spot,
                found=end.found if end else None,
            )
            self._add(key, place, self._rules.opening(end.found if end else None))
        return self._index[key]

    def _is_lonely(self, r: int, costs: dict[int, float]) -> bool:
        record = self._records[r]
        if record.container_id in self._spot_of:
            return False
        if not costs:
            return True
        sd = math.hypot(record.uncertainty_m, self._rules.beside_m)
        nearest = min(costs.values()) - math.log(2 * math.pi * sd * sd)
        return nearest > 0.5 * self._rules.sure_from**2

    def _elsewhere(self, lonely: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        """Yield what records cost at places around records far from any container."""
        for r in lonely:
            self._place_around(r)
        if not lonely:
            return
        farthest = self._rules.gate * max(r.uncertainty_m for r in self._records) * math.sqrt(2)
        tree = cKDTree(self._xy)
        for r in lonely:
            record, place = self._records[r], self._index["around", r]
            yield r, place, 0.0
            for other in tree.query_ball_point(self._xy[r], farthest):
                near = self._records[other]
                sd = math.hypot(record.uncertainty_m, near.uncertainty_m, self._rules.beside_m)
                gap_m = math.dist(self._xy[r], self._xy[other])
                if (
                    other != r
                    and gap_m <= self._rules.gate * sd
                    and near.container_id not in self._spot_of
                    and matter_of(near) is matter_of(record)
                    and self._interval(r, near.seen_at) == self._interval(r, record.seen_at)
                    and abs(near.seen_at - record.seen_at) <= self._rules.forgotten_after
                    and (near.fraction is None or near.fraction == record.fraction)
                ):
                    yield other, place, _cost(self._xy[r], self._xy[other], sd)

    def _place_around(self, r: int) -> None:
        record, matter = self._records[r], matter_of(self._records[r])
        assert matter is not None
        place = _Place(
            key=_hash(matter, record.fraction or "", "around", record.id),
            matter=matter,
            fraction=record.fraction,
            xy=(float(self._xy[r, 0]), float(self._xy[r, 1])),
            position=record.position,
            sd_m=record.uncertainty_m,
            closed_at=self._interval(r, record.seen_at)[1],
        )
        cost = self._rules.expected_records - math.log(self._rules.elsewhere_per_m2)
        self._add(("around", r), place, cost)

    def _interval(self, r: int, at: datetime) -> tuple[int, datetime | None]:
        """Return how many visits near a record were before a time, and when the next one is."""
        matter = matter_of(self._records[r])
        assert matter is not None
        x, y = self._xy[r]
        times = sorted(
            when
            for vx, vy, when in self._away.get(matter, ())
            if math.hypot(vx - x, vy - y) <= self._rules.reach_m + self._records[r].uncertainty_m
        )
        k = bisect_left(times, at)
        return k, times[k] if k < len(times) else None

    def _named(self, r: int, record: Evidence, case_id: str) -> int:
        """Return the place that a hand names; one of its own where no record made it."""
        key = case_id.partition("-")[0]
        for index, place in enumerate(self._places):
            if place.key == key:
                return index
        matter = matter_of(record)
        assert matter is not None
        x, y = self._xy[r].tolist()
        sd = record.uncertainty_m
        closed_at = self._interval(r, record.seen_at)[1]
        self._add(
            ("named", key),
            _Place(key, matter, record.fraction, (x, y), record.position, sd, closed_at),
            0.0,
        )
        return len(self._places) - 1

    def _add(self, key: object, place: _Place, opening: float) -> None:
        self._index[key] = len(self._places)
        self._places.append(place)
        self._opening.append(opening)

    def _split(self, found: Assignment, index: int, group: Sequence[int]) -> Iterator[Case]:
        """Yield a case, or several where nothing was heard for long."""
        part: list[int] = []
        for r in group:
            late = part and self._gap(part[-1], r) > self._rules.forgotten_after
            if late:
                yield self._case(found, index, part, first=part[0] == group[0], last=False)
                part = []
            part.append(r)
        yield self._case(found, index, part, first=part[0] == group[0], last=True)

    def _gap(self, r: int, later: int) -> timedelta:
        return self._records[later].seen_at - self._records[r].seen_at

    def _case(
        self, found: Assignment, index: int, part: Sequence[int], *, first: bool, last: bool
    ) -> Case:
        place, records = self._places[index], [self._records[r] for r in part]
        over = None if last else records[-1].seen_at + self._rules.forgotten_after
        return Case(
            id=place.key if first else f"{place.key}-{records[0].id[:8]}",
            matter=place.matter,
            fraction=place.fraction,
            position=place.position if place.spot else _middle(records),
            spot_id=place.spot.id if place.spot else None,
            container_ids=self._containers(place),
            members=tuple(self._member(found, r, place) for r in part),
            first_seen_at=records[0].seen_at,
            last_seen_at=records[-1].seen_at,
            closed_at=place.closed_at if last else over,
            found=place.found if last else None,
        )

    def _containers(self, place: _Place) -> tuple[str, ...]:
        if place.spot is None:
            return ()
        both = zip(place.spot.container_ids, place.spot.fractions, strict=True)
        return tuple(c for c, f in both if place.fraction in (None, f))

    def _member(self, found: Assignment, r: int, place: _Place) -> Membership:
        record = self._records[r]
        decided = self._by_hand.get(record.id)
        held = decided is not None and decided.case_id is not None
        return Membership(
            evidence_id=record.id,
            distance_m=round(math.dist(self._xy[r], place.xy), 1),
            odds=round(math.exp(min(found.odds_cost(r), 20.0)), 2),
            by=decided.by if decided is not None and held else "merge",
        )


def _fractions(visit: CaseVisit, spot: Spot) -> set[Fraction | None]:
    """Return the fractions that a visit to a spot took; loose waste has none."""
    if visit.fraction is not None:
        return {visit.fraction}
    both = zip(spot.container_ids, spot.fractions, strict=True)
    return {None, *(f for c, f in both if c in visit.container_ids)}


def _cost(a: NDArray[np.float64], b: NDArray[np.float64], sd_m: float) -> float:
    """Return the negative logarithm of the density at `a` of a normal around `b`."""
    d = math.dist(a, b) / sd_m
    return 0.5 * d * d + math.log(2 * math.pi * sd_m * sd_m)


def _middle(records: Sequence[Evidence]) -> Position:
    weights = [1.0 / max(r.uncertainty_m, 1.0) ** 2 for r in records]
    lon = sum(w * r.position.lon for w, r in zip(weights, records, strict=True)) / sum(weights)
    lat = sum(w * r.position.lat for w, r in zip(weights, records, strict=True)) / sum(weights)
    return Position(lon, lat)


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]
