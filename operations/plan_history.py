"""Verb: tell which versions a day's plan has, what made each, and which is driven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city.publication import PlanState, Publication
from city.store import Store, plan_list, plans, publications
from city.store.plan_list import PlanEntry
from operations.plan_versions import version_before

OTHER_DAYS, VERSIONS = 7, 30


class VersionKind(StrEnum):
    """What made a version."""

    PLANNED = "planned"
    MOVED = "moved"
    LOCKED = "locked"
    TAKEN_OFF = "taken-off"
    FORBIDDEN = "forbidden"
    REPLANNED = "replanned"


@dataclass(frozen=True)
class Version:
    """One version of a day's plan; of an edit, what it moved where."""

    entry: PlanEntry
    kind: VersionKind
    state: PlanState
    stop_id: str = ""
    vehicle_id: str = ""


@dataclass(frozen=True)
class History:
    """What a plan came from, and what stands beside it.

    Parameters
    ----------
    before : the version that it was made of.
    versions : of the same day, the latest first.
    other_days : the newest plan of each day around it.
    """

    before: str | None
    is_undone: bool
    publication: tuple[PlanState, Publication | None]
    versions: tuple[Version, ...]
    other_days: tuple[PlanEntry, ...]


def plan_history(store: Store, plan_id: str) -> History:
    """Return the history of a plan.

    Raises
    ------
    NotFound
        The plan is not kept.
    """
    here = plan_list.get(store, plan_id)
    versions = tuple(_version(store, e) for e in plan_list.entries(store, here.day, VERSIONS))
    newest: dict[object, PlanEntry] = {}
    for each in plan_list.entries(store, limit=200):
        if each.undone_at is None and each.day != here.day:
            newest.setdefault(each.day, each)
    return History(
        before=version_before(plans.provenance(store, plan_id)),
        is_undone=here.undone_at is not None,
        publication=publications.of_plan(store, here.day, plan_id),
        versions=versions,
        other_days=tuple(newest.values())[:OTHER_DAYS],
    )


def _version(store: Store, entry: PlanEntry) -> Version:
    noted = plans.provenance(store, entry.id)
    state, _ = publications.of_plan(store, entry.day, entry.id)
    edit: Mapping[str, Any] = noted.get("edit") or {}
    found = {"stop_id": edit.get("stop_id", ""), "vehicle_id": edit.get("to_vehicle_id", "")}
    return Version(entry, _kind(noted, edit), state, **found)


def _kind(noted: Mapping[str, Any], edit: Mapping[str, Any]) -> VersionKind:
    if not edit:
        return VersionKind.REPLANNED if "replans" in noted else VersionKind.PLANNED
    if edit["to_vehicle_id"]:
        return VersionKind.LOCKED if edit["locked"] else VersionKind.MOVED
    return VersionKind.FORBIDDEN if edit["locked"] else VersionKind.TAKEN_OFF
