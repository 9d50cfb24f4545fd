"""Verb: make the roads of a city from its OpenStreetMap extract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from routing.roads import CRANE_TRUCK, OSM_ATTRIBUTION, TruckProfile
from routing.roads.build import Progress
from routing.roads.build import build_roads as build


@dataclass(frozen=True)
class BuiltRoads:
    """What a build leaves behind, for whoever asked for it."""

    folder: Path
    profile: TruckProfile
    attribution: str = OSM_ATTRIBUTION


def build_roads(
    extract: Path,
    out: Path,
    profile: TruckProfile = CRANE_TRUCK,
    *,
    progress: Progress | None = None,
) -> BuiltRoads:
    """Build the roads for one kind of truck, or find them built; see ``routing.roads``.

    Raises
    ------
    BadInput
        When the extract is none, or holds no road for this truck.
    Broken
        When the routing programs fail.
    """
    return BuiltRoads(build(extract, out, profile, progress=progress).folder, profile)
