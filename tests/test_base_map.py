"""The base map of the demo city: whole, small, right about land and sea, and readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from city.errors import BadInput
from operations.base_map import BaseMap, build_base_map, open_base_map
from operations.base_map_labels import Label, _box, place, street_labels
from routing.roads import OSM_ATTRIBUTION, demo_extract

CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> BaseMap:
    try:
        return build_base_map(demo_extract(), tmp_path_factory.mktemp("base-map"))
    except BadInput as absent:
        pytest.skip(str(absent))


def features(base_map: BaseMap, layer: str) -> list[dict[str, Any]]:
    read: dict[str, Any] = json.loads(base_map.path(layer).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = read["features"]
    return found


def at(base_map: BaseMap, layer: str, lon: float, lat: float) -> list[str]:
    here = shapely.Point(lon, lat)
    shapes = features(base_map, layer)
    return [each["properties"]["class"] for each in shapes if shape(each["geometry"]).covers(here)]


def test_all_layers_are_there_and_counted(helsinki: BaseMap) -> None:
    assert all(helsinki.layers.values())
    for layer, count in helsinki.layers.items():
        assert len(features(helsinki, layer)) == count
    assert helsinki.attribution == OSM_ATTRIBUTION


def test_the_map_is_small_enough_to_be_sent(helsinki: BaseMap) -> None:
    assert sum(helsinki.path(layer).stat().st_size for layer in helsinki.layers) < 2_000_000


def test_nothing_lies_outside_the_bounds(helsinki: BaseMap) -> None:
    frame = shapely.box(*helsinki.bounds).buffer(2e-6)
    for layer in helsinki.layers:
        assert all(frame.covers(shape(each["geometry"])) for each in features(helsinki, layer))


def test_land_is_land_and_sea_is_sea(helsinki: BaseMap) -> None:
    street, bay = (24.9389, 60.1650), (24.9459, 60.1771)  # Bulevardi, Kaisaniemenlahti
    assert at(helsinki, "land", *street) == ["land"]
    assert at(helsinki, "water", *street) == []
    assert at(helsinki, "land", *bay) == []
    assert at(helsinki, "water", *bay) == ["sea"]


def test_a_park_is_green_and_the_station_square_is_paved(helsinki: BaseMap) -> None:
    assert "park" in at(helsinki, "green", 24.9465, 60.1745)
    assert at(helsinki, "paved", 24.9438, 60.1713) != []


def test_streets_carry_class_and_name(helsinki: BaseMap) -> None:
    told = {
        (road["properties"]["name"], road["properties"]["class"])
        for road in features(helsinki, "road")
    }
    assert {("Mannerheimintie", "primary"), ("Kalevankatu", "street")} & told
    assert {name for name, _ in told} >= {"Bulevardi", "Fredrikinkatu"}


def test_a_second_drawing_finds_the_first(helsinki: BaseMap) -> None:
    before = {path: path.stat().st_mtime_ns for path in helsinki.folder.iterdir()}
    assert build_base_map(demo_extract(), helsinki.folder.parent) == helsinki
    assert {path: path.stat().st_mtime_ns for path in helsinki.folder.iterdir()} == before
    assert open_base_map(helsinki.folder) == helsinki


@pytest.mark.parametrize("zoom", [14.0, 15.5, 17.0])
def test_no_label_hides_another_at_any_zoom(helsinki: BaseMap, zoom: float) -> None:
    boxes = []
    for each in features(helsinki, "label"):
        told, lonlat = each["properties"], tuple(each["geometry"]["coordinates"])
        if told["minzoom"] <= zoom:
            label = Label(told["name"], told["class"], lonlat, 0, told["angle"], 0)
            boxes.append(_box(label, zoom).buffer(-0.5))
    assert len(boxes) > 10
    tree = shapely.STRtree(boxes)
    assert len(tree.query(boxes, predicate="intersects").T) == len(boxes)


def test_an_island_is_land_within_the_sea(tmp_path: Path) -> None:
    nodes = [(4 + x * half, 52 + y * half) for half in (0.02, 0.01) for x, y in CORNERS]
    parts = [
        f'<node id="{number}" version="1" lon="{lon}" lat="{lat}"/>'
        for number, (lon, lat) in enumerate(nodes, start=1)
    ]
    for first, key, value in ((1, "highway", "primary"), (5, "natural", "coastline")):
        refs = "".join(f'<nd ref="{ref}"/>' for ref in (*range(first, first + 4), first))
        parts.append(f'<way id="{first}" version="1">{refs}<tag k="{key}" v="{value}"/></way>')
    extract = tmp_path / "island.osm"
    extract.write_text(f'<osm version="0.6">{"".join(parts)}</osm>', encoding="utf-8")
    drawn = build_base_map(extract, tmp_path / "out")
    inland, offshore = (4.0, 52.0), (4.015, 52.0)
    assert (at(drawn, "land", *inland), at(drawn, "water", *inland)) == (["land"], [])
    assert (at(drawn, "land", *offshore), at(drawn, "water", *offshore)) == ([], ["sea"])
    assert features(drawn, "building") == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"), st.floats(0, 0.01), st.floats(0, 0.01), st.floats(-90, 90)
        ),
        max_size=12,
    )
)
def test_labels_never_collide_whatever_is_wanted(
    wanted: list[tuple[str, float, float, float]],
) -> None:
    labels = [
        Label(f"{name}straat", "street", (4 + x, 52 + y), at, angle, 500)
        for at, (name, x, y, angle) in enumerate(wanted)
    ]
    placed = place(labels)
    for one in placed:
        for other in placed:
            if one is not other:
                zoom = max(one.minzoom, other.minzoom)
                assert not _box(one, zoom).intersects(_box(other, zoom))
    assert not wanted or len(placed) >= 1


def test_a_street_name_reads_from_left_to_right_along_its_street() -> None:
    southwest = shapely.LineString([(4.01, 52.005), (4.0, 52.0)])
    labels = list(street_labels("Damrak", 0, [southwest]))
    assert labels
    assert all(-45 < label.angle < -35 for label in labels)  # rising to the right, clockwise < 0


def test_what_is_no_extract_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    no_extract = tmp_path / "city.osm.pbf"
    no_extract.write_bytes(b"nothing of the kind")
    with pytest.raises(BadInput, match="extract-not-osm"):
        build_base_map(no_extract, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))
