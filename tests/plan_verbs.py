"""Verbs that workers of the job tests run; apart, so that a worker imports little."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

from city.errors import BadInput, Broken, Fault
from city.store import open_store, plans
from operations.jobs import Progress
from operations.settings import Settings
from tests.hand_made_city import day_plan


def same_again(settings: Settings, day: date, fleet_id: str | None, tell: Progress) -> str:
    """Keep the hand-made plan under another name, as a plan of another day."""
    tell(1, 2, "solve")
    made = replace(day_plan(), id=f"{day:%Y%m%d}-again", day=day)
    store = open_store(settings.database, settings.municipality)
    plans.add(store, made, b"", {})
    store.close()
    return made.id


def refuse(settings: Settings, day: date, fleet_id: str | None, tell: Progress) -> str:
    raise BadInput(Fault("no-roads", "roads", "No roads are built.", "Build them."))


def break_down(settings: Settings, day: date, fleet_id: str | None, tell: Progress) -> str:
    raise Broken("The solver died.")


def die(settings: Settings, day: date, fleet_id: str | None, tell: Progress) -> str:
    os._exit(1)
