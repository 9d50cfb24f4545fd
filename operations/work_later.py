"""Work on kept plans that a worker of the server does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city.store import open_store
from city.what_if import Thresholds
from city.wording import Language
from operations.jobs import Progress, Verb
from operations.make_sheets import make_sheets
from operations.open_city import open_roads, street_lines
from operations.replan import Heard, replan
from operations.settings import Settings
from operations.what_if import what_if


def replan_later(settings: Settings, asked: Mapping[str, Any], tell: Progress) -> str:
    """Plan the rest of a day anew, and return the id of the version; raises as `replan`."""
    tell(0, 1, "solve")
    lists = {name: tuple(asked[name]) for name in ("broken", "closed", "urgent")}
    roads = open_roads(settings) if asked["urgent"] else None
    store = open_store(settings.database, settings.municipality)
    try:
        return replan(store, asked["planId"], Heard(asked["now_s"], **lists), roads=roads).plan.id
    finally:
        store.close()


def print_later(settings: Settings, asked: Mapping[str, Any], tell: Progress) -> str:
    """Write the route sheets of a plan, and return its id; raises as `make_sheets`."""
    language: Language = "nl" if asked["language"] == "nl" else "en"
    roads = open_roads(settings)
    store = open_store(settings.database, settings.municipality)
    try:
        make_sheets(
            store,
            roads,
            settings,
            asked["planId"],
            language,
            streets=street_lines(settings),
            on_progress=lambda done, total: tell(done, total, "sheets"),
        )
    finally:
        store.close()
    plan_id: str = asked["planId"]
    return plan_id


def what_if_later(settings: Settings, asked: Mapping[str, Any], tell: Progress) -> str:
    """Work out what a plan's day would come to, and return the plan's id; raises as `what_if`."""
    plan_id: str = asked["planId"]
    thresholds = Thresholds(asked["mustPOverflow"], asked["overflowPriceCents"])
    roads = open_roads(settings)
    store = open_store(settings.database, settings.municipality)
    try:
        what_if(
            store,
            roads,
            settings,
            plan_id,
            thresholds,
            lambda step, done, total: tell(round(done * 10), round(total * 10), step),
        )
    finally:
        store.close()
    return plan_id


LATER = {
    # A second time would make a second version.
    "replan": Verb(replan_later, may_be_repeated=False),
    "sheets": Verb(print_later, may_be_repeated=True),
    "what-if": Verb(what_if_later, may_be_repeated=True),
}
"""These kinds of jobs, by the name under which they are asked for."""
