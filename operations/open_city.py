"""Opening what was built for a city: its newest roads and its newest base map."""

from __future__ import annotations

import json
from collections.abc import Iterator

from city.errors import BadInput, Fault
from operations.base_map import INDEX, BaseMap, open_base_map
from operations.route_lines import built_roads
from operations.settings import Settings
from routing.roads import Roads

Line = tuple[tuple[float, float], ...]


def open_roads(settings: Settings) -> Roads:
    """Open the newest roads of the city.

    Raises
    ------
    BadInput
        None are built.
    """
    folders = built_roads(settings.roads)
    if not folders:
        cause, remedy = "No roads are built.", "Run: stadsronde roads build EXTRACT.osm.pbf"
        raise BadInput(Fault("no-roads", str(settings.roads), cause, remedy))
    return Roads(folders[0])


def newest_base_map(settings: Settings) -> BaseMap | None:
    """Open the newest base map of the city, or None where none is drawn."""
    found = [index.parent for index in settings.base_maps.glob(f"*/{INDEX}")]
    if not found:
        return None
    return open_base_map(max(found, key=lambda folder: (folder / INDEX).stat().st_mtime))


def street_lines(settings: Settings) -> tuple[Line, ...]:
    """Return the streets of the base map as lines of lon/lat degrees; none without a map."""
    base_map = newest_base_map(settings)
    if base_map is None:
        return ()
    layer = json.loads(base_map.path("road").read_text(encoding="utf-8"))
    return tuple(
        line
        for feature in layer["features"]
        if feature["properties"]["class"] != "path"
        for line in _lines(feature["geometry"])
    )


def _lines(geometry: dict[str, object]) -> Iterator[Line]:
    parts = geometry["coordinates"]
    for part in [parts] if geometry["type"] == "LineString" else parts:  # type: ignore[attr-defined]
        yield tuple((lon, lat) for lon, lat in part)
