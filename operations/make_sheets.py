"""The verb that turns a kept plan into route sheets, and notes which were written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from city.plan import DayPlan, Route
from city.store import Store, containers, fleets, municipalities, photos, plans
from city.store.plans import SheetRecord
from city.wording import Language
from operations.settings import Settings
from routing.roads import Roads
from routing.sheets.compose import compose
from routing.sheets.sheet import Sheet
from routing.sheets.write import write_sheets
from vision.crop import crop

Streets = Sequence[Sequence[tuple[float, float]]]
NO_CROPS: Mapping[str, bytes] = {}


def make_sheets(
    store: Store,
    roads: Roads,
    settings: Settings,
    plan_id: str,
    language: Language,
    *,
    streets: Streets = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, ...]:
    """Write the sheets of every truck in every format, and return the files.

    Sheets that were written for this plan and are as they were are left alone.

    Parameters
    ----------
    streets : lines of lon/lat degrees to draw behind the routes.

    Raises
    ------
    NotFound
        There is no such plan.
    """
    if written := _as_noted(store, settings, plan_id, language):
        return written
    day_plan = plans.get(store, plan_id)
    crops = _photo_crops(store, settings, day_plan)
    sheet_of = sheet_maker(store, day_plan, language)
    sheets = [sheet_of(route, roads, crops, streets) for route in day_plan.plan.routes]
    folder = settings.sheets / plan_id / language
    paths = write_sheets(sheets, folder, on_progress=on_progress)
    per_sheet = len(paths) // max(1, len(sheets))
    records = [
        SheetRecord(
            sheets[i // per_sheet].vehicle_id,
            path.relative_to(settings.home).as_posix(),
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for i, path in enumerate(paths)
    ]
    plans.put_sheets(store, plan_id, records)
    return paths


def sheet_maker(store: Store, kept: DayPlan, language: Language) -> Callable[..., Sheet]:
    """Return what makes the sheet of one route of a plan from roads, crops and streets."""
    city = municipalities.get(store)
    day_plan = replace(kept, made_at=kept.made_at.astimezone(city.zone))
    provenance = plans.provenance(store, kept.id)
    _, fleet = fleets.get(store, provenance["fleetId"])
    registry = {c.id: c for c in (*containers.every(store), *day_plan.loose_waste)}
    notice = city.notice(language)

    def make(
        route: Route,
        roads: Roads | None,
        crops: Mapping[str, bytes] = NO_CROPS,
        streets: Streets = (),
    ) -> Sheet:
        return compose(
            day_plan,
            route,
            containers=registry,
            fleet=fleet,
            roads=roads,
            photos=crops,
            language=language,
            notices=[notice] if notice else [],
            streets=streets,
            city=city.name,
            next_chance=date.fromisoformat(provenance["nextChance"]),
        )

    return make


def _as_noted(
    store: Store, settings: Settings, plan_id: str, language: Language
) -> tuple[Path, ...]:
    """Return the sheets of an earlier run, or nothing where any is gone or was changed."""
    records = [r for r in plans.sheets(store, plan_id) if f"/{language}/" in r.path]
    paths = tuple(settings.home / r.path for r in records)
    for record, path in zip(records, paths, strict=True):
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != record.sha256:
            return ()
    return paths


def _photo_crops(store: Store, settings: Settings, day_plan: DayPlan) -> Mapping[str, bytes]:
    """Return a crop of the newest blurred photo of each container on a route."""
    served = {stop for route in day_plan.plan.routes for stop in route.stop_ids}
    crops = {}
    for choice in day_plan.choices:
        if choice.container_id not in served or choice.photo_id is None:
            continue
        record = photos.get(store, choice.photo_id)
        path = settings.photos / f"{record.id}.jpg"
        boxes = [s.bbox for s in record.seen if s.container_id == choice.container_id]
        if boxes and path.is_file():
            crops[choice.container_id] = crop(path.read_bytes(), boxes[0])
    return crops
