"""Cases: what wants one visit, however many people and cameras spoke of it.

A *spot* is where one truck stops once: containers that stand together. A *case* is one matter at
one spot between two visits. A visit closes every record in it; what is seen later opens a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from city.container import Container, Gear
from city.evidence import EMPTIES, Evidence, EvidenceKind
from city.fraction import Fraction
from city.place import Position
from city.plane import Plane

LINK_M = 10.0
"""Containers this near to each other are one spot: one truck, one stop."""

SAID_FROM = 0.5
"""From this probability (or fill level, less what a sensor errs) a record asks for a visit."""

SENSOR_FULL_FROM = 0.9


class Matter(StrEnum):
    """What a case is about, and so which truck comes."""

    FULL = "full"
    LOOSE_WASTE = "loose-waste"


@dataclass(frozen=True)
class Spot:
    """Containers that one stop serves.

    Parameters
    ----------
    id : the first of its containers' ids, so that it stays while the registry grows.
    fractions : of its containers, in their order.
    spread_m : root mean square distance of its containers from `position`, per axis.
    """

    id: str
    position: Position
    container_ids: tuple[str, ...]
    fractions: tuple[Fraction, ...]
    spread_m: float = 0.0


@dataclass(frozen=True)
class CaseVisit:
    """A crew was there for one matter.

    Parameters
    ----------
    found : whether there was anything to take; None where nobody said.
    container_ids : those emptied or swept around; empty for loose waste away from containers.
    fraction : which fraction was emptied; None for loose waste, or where all were.
    """

    matter: Matter
    at: datetime
    position: Position
    by: str
    raw_ref: str
    container_ids: tuple[str, ...] = ()
    fraction: Fraction | None = None
    found: bool | None = None


@dataclass(frozen=True)
class Membership:
    """Why a record is in a case.

    Parameters
    ----------
    distance_m : from the record's position to the case's.
    odds : how many times as probable this case is as the next best for this record.
    by : ``merge``, or the name of who decided by hand.
    """

    evidence_id: str
    distance_m: float
    odds: float
    by: str = "merge"


@dataclass(frozen=True)
class Case:
    """One matter at one place between two visits: one drive, or none.

    Parameters
    ----------
    spot_id : None where the waste lies away from every container.
    closed_at : when a visit ended it; None while it is open.
    found : whether that visit found anything; None where nobody said.
    """

    id: str
    matter: Matter
    fraction: Fraction | None
    position: Position
    spot_id: str | None
    container_ids: tuple[str, ...]
    members: tuple[Membership, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None = None
    found: bool | None = None

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """The records in it, oldest first."""
        return tuple(member.evidence_id for member in self.members)

    @property
    def is_open(self) -> bool:
        """Whether nobody has been there since."""
        return self.closed_at is None


@dataclass(frozen=True)
class Job:
    """One truck's work at one stop.

    Parameters
    ----------
    case_id : the case that asks for it; empty where only a plan does.
    container_id : what is emptied; None where loose waste is taken.
    after : jobs that have to be done before this one where both are planned on one day.
    """

    id: str
    case_id: str
    gear: Gear
    position: Position
    container_id: str | None = None
    after: tuple[str, ...] = ()


def matter_of(record: Evidence) -> Matter | None:
    """Return what a record asks a visit for, or None where it asks for none."""
    match record.kind:
        case EvidenceKind.REPORT:
            return Matter.FULL
        case EvidenceKind.PHOTO if record.value >= SAID_FROM:
            return Matter.FULL
        case EvidenceKind.SENSOR if record.value >= SENSOR_FULL_FROM:
            return Matter.FULL
        case EvidenceKind.SIDE_WASTE if record.value >= SAID_FROM:
            return Matter.LOOSE_WASTE
        case _:
            return None


def visits_in(records: Iterable[Evidence]) -> tuple[CaseVisit, ...]:
    """Return the visits that emptyings are; loose waste beside the container stays a case."""
    return tuple(
        CaseVisit(
            Matter.FULL,
            r.seen_at,
            r.position,
            r.source,
            r.raw_ref,
            (r.container_id,),
            r.fraction,
        )
        for r in records
        if r.kind in EMPTIES and r.container_id is not None
    )


def spots_of(containers: Sequence[Container], link_m: float = LINK_M) -> tuple[Spot, ...]:
    """Return the spots that containers stand at, chained by `link_m`, in the order of their ids."""
    if not containers:
        return ()
    ordered = sorted(containers, key=lambda c: c.id)
    xy = Plane.around(c.position for c in ordered).metres(c.position for c in ordered)
    pairs = cKDTree(xy).query_pairs(link_m, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy),) * 2)
    _, label = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for index, name in enumerate(label.tolist()):
        members.setdefault(name, []).append(index)
    return tuple(_spot([ordered[i] for i in group], xy[group]) for group in members.values())


def _spot(together: Sequence[Container], xy: NDArray[np.float64]) -> Spot:
    lon = sum(c.position.lon for c in together) / len(together)
    lat = sum(c.position.lat for c in together) / len(together)
    return Spot(
        id=together[0].id,
        position=Position(lon, lat),
        container_ids=tuple(c.id for c in together),
        fractions=tuple(c.fraction for c in together),
        spread_m=round(float(np.sqrt(((xy - xy.mean(axis=0)) ** 2).mean())), 2),
    )


def belonging(
    cases: Iterable[Case], evidence: Mapping[str, Evidence]
) -> dict[str, tuple[str, ...]]:
    """Return which containers each record of a place speaks of, by the record's id.

    What a crew went to see, and found nothing of, speaks of none.

    Parameters
    ----------
    evidence : the cases' records, by id; one that names its container needs no case for that.
    """
    return {
        name: case.container_ids
        for case in cases
        for name in case.evidence_ids
        if case.container_ids and case.found is not False and evidence[name].container_id is None
    }


def jobs_of(
    cases: Iterable[Case], containers: Iterable[Container], chosen: Iterable[str] = ()
) -> tuple[Job, ...]:
    """Return the work of a day: emptyings first, then the sweeps of what lies beside them.

    A crane truck cannot take loose bags, so a full container with bags beside it is two jobs for
    two trucks. The sweep comes after the emptying at the same spot: what drops in lifting is taken
    too, and who comes with a bag finds room again.

    Parameters
    ----------
    cases : closed ones are left aside.
    chosen : containers that are to be emptied whatever the cases say, as a plan chose them.
    """
    known = {c.id: c for c in containers}
    open_cases = [case for case in cases if case.is_open]
    case_of = {name: "" for name in chosen if name in known}
    for case in open_cases:
        if case.matter is Matter.FULL:
            case_of |= {name: case.id for name in case.container_ids if name in known}
    lifts = {
        name: Job(f"empty:{name}", case_id, known[name].gear, known[name].position, name)
        for name, case_id in case_of.items()
    }
    sweeps = (_sweep(c, lifts) for c in open_cases if c.matter is Matter.LOOSE_WASTE)
    return (*lifts.values(), *sweeps)


def sweep_id(case: Case) -> str:
    """Return what the job of taking a case's loose waste is called: short enough for a list."""
    return f"sweep:{case.id.removeprefix('apart:')[:8]}"


def _sweep(case: Case, lifts: Mapping[str, Job]) -> Job:
    cranes = (lifts[c].id for c in case.container_ids if c in lifts and lifts[c].gear is Gear.CRANE)
    return Job(
        id=sweep_id(case),
        case_id=case.id,
        gear=Gear.REAR_LOADER,
        position=case.position,
        after=tuple(cranes),
    )
