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
    is_driven: bool
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
    origins, driven = plan_list.origins(store, here.day), publications.of_day(store, here.day)
    driven_id = driven.plan_id if driven else None
    versions = tuple(
        _version(entry, *origins[entry.id], is_driven=entry.id == driven_id)
        for entry in plan_list.entries(store, here.day, VERSIONS)
    )
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


def _version(
    entry: PlanEntry, edit: Mapping[str, Any], replans: str | None, *, is_driven: bool
) -> Version:
    if not edit:
        kind = VersionKind.REPLANNED if replans else VersionKind.PLANNED
    elif edit["to_vehicle_id"]:
        kind = VersionKind.LOCKED if edit["locked"] else VersionKind.MOVED
    else:
        kind = VersionKind.FORBIDDEN if edit["locked"] else VersionKind.TAKEN_OFF
    stop_id, vehicle_id = edit.get("stop_id", ""), edit.get("to_vehicle_id", "")
    return Version(entry, kind, is_driven, stop_id, vehicle_id)
