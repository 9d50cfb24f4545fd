"""Which collections of features there are; a new one has its row here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from api.context import Context
from api.documents.collections import Feature
from city.errors import NotFound
from city.store import containers, ledger, plan_list
from operations.list_features import SIGHTED, PlannedRoute, Wanted, list_sightings


@dataclass(frozen=True)
class Collection:
    """One collection.

    Parameters
    ----------
    items : returns the features that are wanted, in an order that stays.
    item : returns one by its id, or None.
    """

    id: str
    title: str
    description: str
    items: Callable[[Context, Wanted], Iterable[Feature]]
    item: Callable[[Context, str], Feature | None]


def _containers(here: Context, wanted: Wanted) -> Iterable[Feature]:
    found = containers.every(here.store, wanted.within, wanted.limit, wanted.offset)
    return map(Feature.of_container, found)


def _container(here: Context, name: str) -> Feature:
    return Feature.of_container(containers.get(here.store, name))


def _cases(here: Context, wanted: Wanted) -> Iterable[Feature]:
    return map(Feature.of_case, here.features.cases(here.store, wanted))


def _case(here: Context, name: str) -> Feature | None:
    found = (case for case in here.features.every_case(here.store) if case.id == name)
    return next(map(Feature.of_case, found), None)


def _routes(here: Context, wanted: Wanted) -> Iterable[Feature]:
    return map(Feature.of_route, here.features.routes(here.store, wanted))


def _route(here: Context, name: str) -> Feature | None:
    plan_id = name.partition(":")[0]
    plan = plan_list.get(here.store, plan_id)
    routes = (PlannedRoute(plan, s) for s in here.features.routes_of(here.store, plan_id))
    return next((Feature.of_route(each) for each in routes if each.id == name), None)


def _sightings(here: Context, wanted: Wanted) -> Iterable[Feature]:
    return map(Feature.of_sighting, list_sightings(here.store, wanted))


def _sighting(here: Context, name: str) -> Feature | None:
    found = ledger.find(here.store, [name]).get(name)
    return Feature.of_sighting(found) if found and found.kind in SIGHTED else None


COLLECTIONS = (
    Collection("containers", "Containers", "The registry, by id.", _containers, _container),
    Collection(
        "cases",
        "Cases",
        "What wants one visit, or wanted one in the last thirty days; last heard of first.",
        _cases,
        _case,
    ),
    Collection(
        "routes",
        "Routes",
        "The rounds of the newest plan of each day, the latest day first.",
        _routes,
        _route,
    ),
    Collection(
        "sightings",
        "Sightings",
        "What was seen in photos, the newest first.",
        _sightings,
        _sighting,
    ),
)


def collection(name: str) -> Collection:
    """Return a collection.

    Raises
    ------
    NotFound
        There is none of this id.
    """
    for each in COLLECTIONS:
        if each.id == name:
            return each
    known = ", ".join(each.id for each in COLLECTIONS)
    raise NotFound(f"There is no collection '{name}'; there are {known}.")
