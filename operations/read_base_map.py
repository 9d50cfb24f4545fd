"""Verb: find the base map that was drawn last."""

from __future__ import annotations

from city.errors import NotFound
from operations.base_map import INDEX, BaseMap, open_base_map
from operations.settings import Settings


def newest_base_map(settings: Settings) -> BaseMap | None:
    """Return the base map that was drawn last, or None where there is none yet."""
    found = sorted(settings.base_maps.glob(f"*/{INDEX}"), key=lambda path: path.stat().st_mtime)
    return open_base_map(found[-1].parent) if found else None


def base_map(settings: Settings) -> BaseMap:
    """Return the base map that was drawn last.

    Raises
    ------
    NotFound
        None was drawn yet.
    """
    found = newest_base_map(settings)
    if found is None:
        raise NotFound("No base map is drawn yet; building the roads of a city draws it.")
    return found
