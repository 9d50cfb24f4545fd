"""What a source gives at a time: nouns that are sound, records set aside, and where to go on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scipy.spatial import cKDTree

from city.cases import CaseVisit, Spot, spots_of
from city.container import Container
from city.errors import BadInput, Fault
from city.evidence import Evidence
from city.fraction import Fraction
from city.place import Position
from city.plane import Plane
from city.set_aside import SetAside

Noun = Container | Evidence | CaseVisit


@dataclass(frozen=True)
class Page:
    """Some records of a source.

    Parameters
    ----------
    read : how many records came.
    next : where the next page begins, in the source's own terms; empty after the last.
    """

    read: int = 0
    containers: tuple[Container, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    visits: tuple[CaseVisit, ...] = ()
    aside: tuple[SetAside, ...] = ()
    next: str = ""


def gather(
    source: str,
    rows: Sequence[Any],
    read: Callable[[Any], Iterable[Noun]],
    next_place: str = "",
    without: Callable[[Any], Any] = lambda raw: raw,
) -> Page:
    """Read records; what is wrong with one stops no other.

    Parameters
    ----------
    read : the nouns that one record amounts to, perhaps none; raises BadInput.
    without : takes out of a record what may not be kept, such as who reported it.
    """
    nouns: list[Noun] = []
    aside: list[SetAside] = []
    for raw in rows:
        try:
            nouns += read(raw)
        except BadInput as bad:
            aside.append(SetAside(source, without(raw), bad.faults))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            fault = Fault(
                code="record-shape",
                where=source,
                value=str(error)[:80],
                cause="The record has not the shape that this source documents.",
                remedy="Compare it with the source's documentation; its form may have changed.",
            )
            aside.append(SetAside(source, without(raw), (fault,)))
    return Page(
        read=len(rows),
        containers=tuple(n for n in nouns if isinstance(n, Container)),
        evidence=tuple(n for n in nouns if isinstance(n, Evidence)),
        visits=tuple(n for n in nouns if isinstance(n, CaseVisit)),
        aside=tuple(aside),
        next=next_place,
    )


class ContainersAt:
    """Which containers stand where a weighing or an inspection was."""

    def __init__(self, containers: Iterable[Container], within_m: float = 20.0) -> None:
        self._containers = {c.id: c for c in containers}
        self._within_m = within_m
        self._known: dict[tuple[Position, Fraction], tuple[str, ...]] = {}

    def __contains__(self, container_id: object) -> bool:
        """Tell whether the registry has a container of this id."""
        return container_id in self._containers

    def place_of(self, container_id: str, where: str) -> Position:
        """Return where a container stands; raises BadInput where the registry has none such."""
        if container_id not in self._containers:
            raise BadInput(
                Fault(
                    code="unknown-container",
                    where=where,
                    field="container_id",
                    value=container_id[:80],
                    cause="The registry has no such container, and the record says no position.",
                    remedy="Import the registry first, or map columns x and y.",
                )
            )
        return self._containers[container_id].position

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        return spots_of(tuple(self._containers.values()))

    @cached_property
    def _plane(self) -> Plane:
        return Plane.around(s.position for s in self._spots)

    @cached_property
    def _tree(self) -> cKDTree | None:
        xy = self._plane.metres(s.position for s in self._spots)
        return cKDTree(xy) if self._spots else None

    def of(self, position: Position, fraction: Fraction) -> tuple[str, ...]:
        """Return the containers for a fraction at the nearest spot that has one, or none."""
        key = position, fraction
        if key not in self._known:
            self._known[key] = self._find(position, fraction)
        return self._known[key]

    def _find(self, position: Position, fraction: Fraction) -> tuple[str, ...]:
        if self._tree is None:
            return ()
        gaps, indices = self._tree.query(
            self._plane.metres([position])[0], k=8, distance_upper_bound=self._within_m
        )
        for gap, index in zip(gaps.tolist(), indices.tolist(), strict=True):
            if not math.isfinite(gap):
                break
            spot = self._spots[index]
            both = zip(spot.container_ids, spot.fractions, strict=True)
            here = tuple(name for name, kind in both if kind is fraction)
            if here:
                return here
        return ()
