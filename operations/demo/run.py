"""The demo: sample photos to route sheets in central Helsinki; every part real, the city invented.

Streets, addresses and 52 waste points are OpenStreetMap's. All other containers, the fleet and
the whole history are simulated from one seed, and the photos are renderings; all that is said
wherever it is shown. The demo's clock stands still at the evening before its day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from city.errors import BadInput, Fault
from city.municipality import Municipality
from city.place import Bounds
from city.store import Store, containers, fleets, ledger, municipalities, open_store
from operations.base_map import build_base_map
from operations.build_roads import build_roads
from operations.demo.fleet import demo_fleet
from operations.demo.history import simulate_history
from operations.demo.registry import demo_registry
from operations.ingest_photos import IngestReport, ingest_photos
from operations.plan_for_day import MadePlan, plan_and_print
from operations.publish_plan import publish_plan
from operations.settings import Settings
from routing.roads import Roads, demo_extract
from routing.roads.features import addresses, waste_points

DEMO_ID = "helsinki-demo"
SEED = 20261122
ZONE = ZoneInfo("Europe/Helsinki")
CLOCK = datetime(2026, 11, 22, 20, tzinfo=ZONE)
EXTRACT_BOUNDS = Bounds(24.9351, 60.1641, 24.9535, 60.1792)
NOTICES = (
    (
        "en",
        (
            "Demonstration: streets and 52 waste points are real (OpenStreetMap); the other "
            "containers, the fleet, all history and the photos are simulated or rendered."
        ),
    ),
    (
        "nl",
        (
            "Demonstratie: straten en 52 afvalpunten zijn echt (OpenStreetMap); de andere "
            "containers, de wagens, alle historie en de foto's zijn gesimuleerd."
        ),
    ),
)

OnProgress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class DemoResult:
    """What the demo made."""

    photos: IngestReport
    made: MadePlan


def run_demo(settings: Settings, samples: Path, on_progress: OnProgress) -> DemoResult:
    """Run the whole demo; whatever an earlier run made is used again.

    Raises
    ------
    BadInput
        The sample photos or the extract are not there.
    """
    if not (samples / "registry.csv").is_file():
        cause = "The sample photos and their registry are not there."
        remedy = "Run from a checkout of Stadsronde, or give --samples FOLDER."
        raise BadInput(Fault("no-samples", str(samples), cause, remedy))
    extract = demo_extract()
    built = build_roads(
        extract,
        settings.roads,
        progress=lambda done, total: on_progress("build-roads", done, total),
    )
    build_base_map(
        extract,
        settings.base_maps,
        progress=lambda done, total: on_progress("base-map", done, total),
    )
    store = open_store(settings.database, settings.municipality)
    try:
        _set_up(store, extract, samples, Roads(built.folder), on_progress)
        photos = ingest_photos(store, settings, [samples], on_progress)
        made = plan_and_print(store, settings, None, on_progress)
        # Who looks on as a driver has something to drive.
        publish_plan(store, made.plan.id, DEMO_ID)
    finally:
        store.close()
    return DemoResult(photos, made)


def _set_up(
    store: Store, extract: Path, samples: Path, roads: Roads, on_progress: OnProgress
) -> None:
    """Fill the store once; the same seed gives the same city."""
    on_progress("city", 0, 3)
    city = Municipality(
        DEMO_ID, "Helsinki (demo)", str(ZONE), EXTRACT_BOUNDS, NOTICES, stopped_at=CLOCK
    )
    municipalities.put(store, city)
    registry = demo_registry(waste_points(extract), addresses(extract), roads, samples, SEED)
    containers.put(store, registry)
    on_progress("city", 1, 3)
    photographed = {container.id for container in registry if container.id.startswith("SR-")}
    ledger.add(store, simulate_history(registry, photographed, CLOCK, SEED))
    on_progress("city", 2, 3)
    fleets.put(store, demo_fleet())
    on_progress("city", 3, 3)
