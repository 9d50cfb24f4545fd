"""Verb: make the roads of a city from its OpenStreetMap extract, and the map to draw them on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from operations.base_map import BaseMap, build_base_map
from routing.roads import CRANE_TRUCK, OSM_ATTRIBUTION, TruckProfile
from routing.roads.build import Progress
from routing.roads.build import build_roads as build

STEPS = 3


@dataclass(frozen=True)
class BuiltRoads:
    """What a build leaves behind, for whoever asked for it."""

    folder: Path
    profile: TruckProfile
    base_map: BaseMap | None = None
    attribution: str = OSM_ATTRIBUTION


def build_roads(
    extract: Path,
    out: Path,
    profile: TruckProfile = CRANE_TRUCK,
    *,
    base_maps: Path | None = None,
    progress: Progress | None = None,
) -> BuiltRoads:
    """Build the roads for one kind of truck, or find them built; see ``routing.roads``.

    Parameters
    ----------
    out : folder that holds all built roads.
    base_maps : folder that holds all drawn base maps; none is drawn if None.
    progress : called with (steps done, steps in all).

    Raises
    ------
    BadInput
        When the extract is none, or holds no road for this truck.
    Broken
        When the routing programs fail.
    """
    tell = progress or (lambda _done, _steps: None)
    folder = build(extract, out, profile, progress=lambda done, _: tell(done, STEPS)).folder
    base_map = build_base_map(extract, base_maps) if base_maps else None
    tell(STEPS, STEPS)
    return BuiltRoads(folder, profile, base_map)
