"""How the base map looks: a MapLibre style without glyphs, quiet enough to plan on.

Source: https://maplibre.org/maplibre-style-spec/
"""

from __future__ import annotations

from typing import Any

from operations.base_map import BaseMap

PALETTE = {
    "outside": "#dedbd4",
    "land": "#efece5",
    "green": "#dbe8cf",
    "water": "#bcd6e6",
    "paved": "#e6e1d7",
    "building": "#dbd4c9",
    "building_edge": "#c6beb0",
    "rail": "#b9b4ac",
    "path": "#cfc8bc",
    "tree": "#b5cda3",
}
# Class of road: fill, edge, width in pixels at zoom 14 and at zoom 18.
ROADS: dict[str, tuple[str, str, float, float]] = {
    "service": ("#ffffff", "#dcd6cc", 1.0, 8.0),
    "pedestrian": ("#f2ede4", "#ddd5c8", 1.2, 10.0),
    "street": ("#ffffff", "#d3ccc1", 2.0, 14.0),
    "tertiary": ("#ffffff", "#cbc3b6", 3.0, 18.0),
    "secondary": ("#fdf3d8", "#dfcf9f", 3.6, 21.0),
    "primary": ("#fbe6b3", "#d9bf7c", 4.2, 23.0),
    "motorway": ("#f8d59a", "#cfa85c", 5.0, 26.0),
}


def base_map_style(base_map: BaseMap, url: str) -> dict[str, Any]:
    """Return a MapLibre style of the base map.

    Parameters
    ----------
    url : address of the folder that serves the layers, without a slash at the end.
    """
    sources = {
        name: {
            "type": "geojson",
            "data": f"{url}/{name}.geojson",
            "attribution": base_map.attribution,
        }
        for name, count in base_map.layers.items()
        if count and name != "label"
    }
    layers = [layer for layer in _layers() if layer.get("source", "land") in sources]
    return {"version": 8, "name": "Stadsronde", "sources": sources, "layers": layers}


def _layers() -> list[dict[str, Any]]:
    return [
        {"id": "outside", "type": "background", "paint": {"background-color": PALETTE["outside"]}},
        _fill("land"),
        _fill("green"),
        _fill("water"),
        _fill("paved"),
        _line("waterway", "waterway", PALETTE["water"], (1.0, 6.0)),
        *_roads(tunnel=True),
        *_roads(tunnel=False),
        _fill("building", edge=PALETTE["building_edge"], minzoom=13),
        _line("rail", "rail", PALETTE["rail"], (0.6, 2.0)),
        {
            "id": "tree",
            "type": "circle",
            "source": "tree",
            "minzoom": 15.5,
            "paint": {
                "circle-color": PALETTE["tree"],
                "circle-opacity": 0.8,
                "circle-radius": _grow(1.2, 6.0),
            },
        },
    ]


def _roads(*, tunnel: bool) -> list[dict[str, Any]]:
    """All edges come before all fills, so that crossings are open."""
    below = ["==", ["get", "tunnel"], int(tunnel)]
    suffix = "-tunnel" if tunnel else ""
    opacity = {"line-opacity": 0.35} if tunnel else {}

    def layer(kind: str, part: str, colour: str, widths: tuple[float, float]) -> dict[str, Any]:
        only = ["all", below, ["==", ["get", "class"], kind]]
        made = _line(f"road-{kind}-{part}{suffix}", "road", colour, widths)
        return {**made, "filter": only, "paint": made["paint"] | opacity}

    path = layer("path", "fill", PALETTE["path"], (0.5, 2.0))
    path["paint"]["line-dasharray"] = [2, 1.5]
    edges = [
        layer(kind, "edge", edge, (narrow + 1.2, wide + 2.0))
        for kind, (_, edge, narrow, wide) in ROADS.items()
    ]
    fills = [
        layer(kind, "fill", fill, (narrow, wide)) for kind, (fill, _, narrow, wide) in ROADS.items()
    ]
    return [{**path, "minzoom": 14.5}, *edges, *fills]


def _fill(name: str, *, edge: str | None = None, minzoom: float = 0) -> dict[str, Any]:
    paint = {"fill-color": PALETTE[name]} | ({"fill-outline-color": edge} if edge else {})
    return {"id": name, "type": "fill", "source": name, "minzoom": minzoom, "paint": paint}


def _line(name: str, source: str, colour: str, widths: tuple[float, float]) -> dict[str, Any]:
    return {
        "id": name,
        "type": "line",
        "source": source,
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": _grow(*widths)},
    }


def _grow(at_14: float, at_18: float) -> list[Any]:
    """Return a width in pixels that grows with the zoom as the map itself does."""
    zoom: list[Any] = ["interpolate", ["exponential", 1.6], ["zoom"]]
    return [*zoom, 11, at_14 / 3, 14, at_14, 18, at_18]
