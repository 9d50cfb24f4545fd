"""Verb: draw the base map of a city from its extract, for a page that works without internet.

The layers are GeoJSON files with short coordinates and the few properties that a style needs;
labels are points with an angle, because no glyphs are at hand offline and a page writes them
as HTML or from a font of its own. (c) OpenStreetMap contributors, ODbL: say so on the map.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely import LineString, Polygon
from shapely.ops import polygonize

from operations.base_map_labels import Label, area_label, place, street_labels
from routing.roads import OSM_ATTRIBUTION
from routing.roads.extracts import content_hash
from routing.roads.features import LAYERS_INI, read_layer

INDEX = "base-map.json"
LINE_TAGS: tuple[str, ...] = (
    *("name", "highway", "railway", "waterway", "natural", "tunnel", "bridge", "layer"),
    *("oneway", "location", "indoor"),
)
AREA_TAGS: tuple[str, ...] = (
    *("name", "building", "landuse", "leisure", "natural", "waterway", "amenity"),
    *("highway", "place", "man_made", "layer", "location"),
)
DECIMALS = 6  # about a decimetre

ROAD_CLASSES = {
    "motorway": ("motorway", "motorway_link", "trunk", "trunk_link"),
    "primary": ("primary", "primary_link"),
    "secondary": ("secondary", "secondary_link"),
    "tertiary": ("tertiary", "tertiary_link"),
    "street": ("residential", "unclassified", "living_street", "road"),
    "service": ("service", "track"),
    "pedestrian": ("pedestrian",),
    "path": ("footway", "path", "cycleway", "bridleway", "steps"),
}
RAIL_CLASSES = ("rail", "tram", "light_rail", "subway", "narrow_gauge")
GREEN = {
    "landuse": (
        *("grass", "forest", "meadow", "recreation_ground", "village_green", "cemetery"),
        *("allotments", "orchard", "flowerbed", "farmland", "vineyard"),
    ),
    "leisure": ("park", "garden", "pitch", "playground", "golf_course", "nature_reserve"),
    "natural": ("wood", "scrub", "heath", "grassland", "wetland"),
}
WATER = {
    "natural": ("water", "bay"),
    "landuse": ("basin", "reservoir", "pond"),
    "waterway": ("riverbank", "dock"),
}
PAVED = {
    "highway": ("pedestrian", "footway", "platform", "service"),
    "place": ("square",),
    "amenity": ("marketplace",),
    "man_made": ("pier",),
}


@dataclass(frozen=True)
class BaseMap:
    """A drawn base map.

    Parameters
    ----------
    folder : holds a GeoJSON file for each layer, and ``base-map.json`` that lists them.
    bounds : west, south, east, north in degrees.
    layers : number of features by layer, in the order in which they are drawn.
    attribution : to be shown with the map.
    """

    folder: Path
    bounds: tuple[float, float, float, float]
    layers: dict[str, int]
    attribution: str

    def path(self, layer: str) -> Path:
        """Return the layer's GeoJSON file."""
        return self.folder / f"{layer}.geojson"


def build_base_map(
    extract: Path, out: Path, *, progress: Callable[[int, int], None] | None = None
) -> BaseMap:
    """Draw the base map of ``extract`` below ``out``, or find it drawn.

    Parameters
    ----------
    progress : called with (layers done, layers in all).

    Raises
    ------
    BadInput
        When the extract is none.
    """
    tell = progress or (lambda _done, _layers: None)
    sources = (Path(__file__), Path(__file__).with_name("base_map_labels.py"), LAYERS_INI)
    own = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    folder = out / f"base-map-{content_hash(extract)[:12]}-{own[:8]}"
    if not (folder / INDEX).is_file():
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".drawing-", dir=out))
        try:
            _draw(extract, work, tell)
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return open_base_map(folder)


def open_base_map(folder: Path) -> BaseMap:
    """Return the base map that lies in a folder."""
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return BaseMap(folder, tuple(index["bounds"]), index["layers"], index["attribution"])


def _draw(extract: Path, work: Path, tell: Callable[[int, int], None]) -> None:
    lines = read_layer(extract, "lines", LINE_TAGS)
    areas = read_layer(extract, "multipolygons", AREA_TAGS)
    areas = areas[areas["location"].ne("underground") & ~_layer(areas).lt(0)]
    nodes = read_layer(extract, "points", ("name", "natural", "place"))
    west, south, east, north = _bounds(lines[lines["highway"].notna()])
    frame = shapely.box(west, south, east, north)
    lines, areas, nodes = (_clipped(each, frame) for each in (lines, areas, nodes))
    roads = _roads(lines)
    sea = _sea(_coastlines(lines, areas), frame)
    drawn = {
        "land": _frame([{"class": "land"}], [frame.difference(sea)]),
        "green": _areas(areas, GREEN),
        "water": _with_sea(_areas(areas, WATER), sea),
        "paved": _areas(areas, PAVED),
        "waterway": _kept(lines, "waterway", ("river", "canal", "stream", "drain", "ditch")),
        "building": _buildings(areas),
        "rail": _kept(lines[~_hidden(lines)], "railway", RAIL_CLASSES),
        "road": roads,
        "tree": _kept(nodes, "natural", ("tree",)),
        "label": _label_frame(roads, areas, nodes),
    }
    counts = {}
    for done, (name, features) in enumerate(drawn.items()):
        tell(done, len(drawn))
        counts[name] = _write(features, work / f"{name}.geojson")
    tell(len(drawn), len(drawn))
    bounds = [round(value, DECIMALS) for value in (west, south, east, north)]
    index = {"bounds": bounds, "layers": counts, "attribution": OSM_ATTRIBUTION}
    (work / INDEX).write_text(json.dumps(index, ensure_ascii=False) + "\n", encoding="utf-8")


def _bounds(roads: Any) -> tuple[float, float, float, float]:
    """Return the box that holds all but a thousandth of the roads at each side.

    Extracts keep whole ways, and a few of these lead far out of the city.
    """
    at = shapely.get_coordinates(roads.geometry.to_numpy())
    (west, south), (east, north) = np.quantile(at, (0.001, 0.999), axis=0)
    return float(west), float(south), float(east), float(north)


def _clipped(features: Any, frame: Any) -> Any:
    """Cut features at the frame, into single parts of the dimension that they had."""
    dimension = shapely.get_dimensions(features.geometry.to_numpy()).max(initial=0)
    inside = features.set_geometry(shapely.intersection(features.geometry.make_valid(), frame))
    parts = inside.explode(ignore_index=True)
    parts = parts[~parts.geometry.is_empty]
    return parts[shapely.get_dimensions(parts.geometry.to_numpy()) == dimension]


def _frame(rows: Sequence[dict[str, Any]], shapes: Sequence[Any]) -> Any:
    return gpd.GeoDataFrame(list(rows), geometry=list(shapes), crs="EPSG:4326")


def _layer(features: Any) -> Any:
    """Return the ``layer`` tag as numbers; 0 where there is none or it is no number."""
    digits = features["layer"].astype(object).where(features["layer"].notna(), "0").astype(str)
    return digits.str.extract(r"^(-?\d)$")[0].fillna("0").astype(int)


def _hidden(lines: Any) -> Any:
    """Tell what runs below the ground or inside buildings."""
    below = lines["location"].eq("underground") | lines["indoor"].eq("yes")
    return below | lines["tunnel"].isin(("yes", "culvert"))


def _roads(lines: Any) -> Any:
    classes = {tag: name for name, tags in ROAD_CLASSES.items() for tag in tags}
    roads = lines.assign(**{"class": lines["highway"].map(classes)})
    roads = roads[roads["class"].notna() & ~(roads["class"].eq("path") & _hidden(roads))]
    order = list(ROAD_CLASSES)
    roads = roads.assign(
        tunnel=roads["tunnel"].eq("yes").astype(int),
        bridge=roads["bridge"].notna().astype(int),
        oneway=roads["oneway"].map({"yes": 1, "-1": -1}).fillna(0).astype(int),
        z=_layer(roads) * 10 - roads["class"].map(order.index).astype(int),
    ).sort_values("z", kind="stable")
    return roads[["class", "name", "tunnel", "bridge", "oneway", "geometry"]]


def _kept(features: Any, tag: str, values: Sequence[str]) -> Any:
    kept = features[features[tag].isin(values)]
    return kept.assign(**{"class": kept[tag]})[["class", "name", "geometry"]]


def _areas(areas: Any, wanted: dict[str, tuple[str, ...]]) -> Any:
    """Return the areas that any tag marks as wanted, the largest first; class is that tag."""
    classes = pd.Series(None, index=areas.index, dtype=object)
    for tag, values in wanted.items():
        classes = classes.where(classes.notna(), areas[tag].where(areas[tag].isin(values)))
    found = areas.assign(**{"class": classes})
    found = found[found["class"].notna() & found["building"].isna()]
    found = found.assign(size=shapely.area(found.geometry.to_numpy()))
    return found.sort_values("size", ascending=False)[["class", "name", "geometry"]]


def _buildings(areas: Any) -> Any:
    built = areas[areas["building"].notna() & ~areas["building"].isin(("no", "roof"))]
    classes = built["building"].where(built["building"].isin(("church", "train_station")), "yes")
    return built.assign(**{"class": classes})[["class", "name", "geometry"]]


def _with_sea(water: Any, sea: Any) -> Any:
    if sea.is_empty:
        return water
    rows = [{"class": "sea", "name": None}, *water[["class", "name"]].to_dict("records")]
    return _frame(rows, [sea, *water.geometry])


def _coastlines(lines: Any, areas: Any) -> list[LineString]:
    """Return coastlines with the land on their left; GDAL gives closed ones, islands, as areas."""
    open_ones = lines.geometry[lines["natural"].eq("coastline")]
    merged = shapely.line_merge(shapely.union_all(open_ones), directed=True)
    islands = shapely.get_parts(areas.geometry[areas["natural"].eq("coastline")])
    rings = shapely.get_exterior_ring(shapely.orient_polygons(islands))
    return [*shapely.get_parts(merged), *rings]


def _sea(coastlines: list[LineString], frame: Any) -> Any:
    """Return the part of the frame that lies to the right of its coastlines.

    Source: https://wiki.openstreetmap.org/wiki/Tag:natural=coastline
    """
    lines = [_to_the_edge(line, frame.boundary) for line in coastlines]
    if not lines:
        return Polygon()
    parts = polygonize(shapely.union_all([*lines, frame.boundary]))
    rights = shapely.points([point for line in lines for point in _beside(line)])
    inside = shapely.STRtree(rights)
    wet = [part for part in parts if len(inside.query(part, predicate="contains"))]
    return shapely.union_all(wet).intersection(frame) if wet else Polygon()


def _to_the_edge(line: LineString, edge: Any) -> LineString:
    """Lengthen a coastline that breaks off at the last node before the edge of the extract."""
    if line.is_closed:
        return line
    ends = [
        edge.interpolate(edge.project(shapely.Point(at)))
        for at in line.coords[:: len(line.coords) - 1]
    ]
    return LineString([ends[0], *map(shapely.Point, line.coords), ends[1]])


def _beside(line: LineString, by: float = 2e-6) -> Iterator[tuple[float, float]]:
    """Give a point a hand's breadth to the right of the middle of each segment."""
    at = np.asarray(line.coords)
    along = np.diff(at, axis=0)
    length = np.hypot(*along.T)[:, None]
    right = np.column_stack([along[:, 1], -along[:, 0]]) / np.maximum(length, 1e-12)
    for x, y in (at[:-1] + at[1:]) / 2 + right * by:
        yield float(x), float(y)


def _label_frame(roads: Any, areas: Any, nodes: Any) -> Any:
    order = list(ROAD_CLASSES)
    named = roads[roads["name"].notna() & ~roads["class"].isin(("path", "service"))]
    wanted: list[Label] = []
    for name, stretches in named.groupby("name"):
        rank = min(order.index(kind) for kind in stretches["class"])
        wanted += street_labels(str(name), rank, list(stretches.geometry))
    for layer in (_areas(areas, GREEN), _areas(areas, WATER), _areas(areas, PAVED)):
        for area in layer[layer["name"].notna()].itertuples():
            wanted.append(area_label(area.name, len(order), area.geometry))
    for quarter in nodes[nodes["place"].isin(("suburb", "quarter", "neighbourhood"))].itertuples():
        at = (quarter.geometry.x, quarter.geometry.y)
        wanted.append(Label(str(quarter.name), "quarter", at, rank=-1, angle=0.0, room_m=1000.0))
    placed = place(wanted)
    return _frame(
        [label.properties() for label in placed], [shapely.Point(label.lonlat) for label in placed]
    )


def _write(features: Any, path: Path) -> int:
    if not len(features):
        path.write_text('{"type": "FeatureCollection", "features": []}\n', encoding="utf-8")
        return 0
    pyogrio.write_dataframe(
        features, path, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=str(DECIMALS)
    )
    return len(features)
