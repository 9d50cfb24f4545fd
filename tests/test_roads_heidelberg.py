"""On the real streets of Heidelberg a heavy truck obeys the signs that stand there.

The ways are read here with GDAL and judged by rules of this file's own, so that the check
shares nothing with the Lua profile. (c) OpenStreetMap contributors, ODbL.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from numpy.typing import NDArray
from shapely import STRtree, points

from routing.roads import CRANE_TRUCK, Roads, TruckProfile, build_roads

pytestmark = pytest.mark.shared

Edge = tuple[tuple[int, int], tuple[int, int]]
NO_CAR = {"footway", "path", "steps", "cycleway", "pedestrian", "bridleway", "construction"}


@dataclass(frozen=True)
class Way:
    edges: tuple[Edge, ...]
    tags: dict[str, str]

    def number(self, key: str) -> float | None:
        found = re.match(r"\d+(\.\d+)?", self.tags.get(key, ""))
        return float(found[0]) if found else None

    def exceeds(self, key: str, own: float) -> bool:
        limit = self.number(key)
        return limit is not None and limit < own and f"{key}:conditional" not in self.tags

    def bars(self, truck: TruckProfile) -> bool:
        return (
            self.exceeds("maxweight", truck.weight_kg / 1000)
            or self.exceeds("maxheight", truck.height_m)
            or self.exceeds("maxlength", truck.length_m)
            or self.exceeds("maxwidth", truck.width_m)
            or self.tags.get("hgv") == "no"
            or (self.tags.get("motor_vehicle") == "no" and "hgv" not in self.tags)
            or (self.tags["highway"] in NO_CAR and not {"hgv", "motor_vehicle"} & set(self.tags))
        )

    @property
    def one_way(self) -> bool:
        junction = self.tags.get("junction") == "roundabout"
        return self.tags.get("oneway") == "yes" or (junction and "oneway" not in self.tags)


def edges(line: NDArray[np.float64]) -> Iterator[Edge]:
    return pairwise((int(x), int(y)) for x, y in np.rint(line * 1e7))


@pytest.fixture(scope="module")
def extract(shared_data: Path) -> Path:
    return shared_data / "osm" / "heidelberg.osm.pbf"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("heidelberg")


@pytest.fixture(scope="module")
def crane(extract: Path, built: Path) -> Roads:
    return build_roads(extract, built, CRANE_TRUCK)


@pytest.fixture(scope="module")
def ways(extract: Path) -> tuple[Way, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL says that the file's index is not used
        frame = pyogrio.read_dataframe(extract, layer="lines", where="highway IS NOT NULL")
    return tuple(
        Way(
            tuple(edges(np.asarray(row.geometry.coords))),
            dict(re.findall(r'"([^"]+)"=>"([^"]*)"', str(row.other_tags)))
            | {"highway": row.highway},
        )
        for row in frame.itertuples()
    )


@pytest.fixture(scope="module")
def used(crane: Roads, ways: tuple[Way, ...]) -> set[Edge]:
    """Drive from and to points beside the very streets that are barred, and others around."""
    rng = np.random.default_rng(4)
    barred = [way for way in ways if way.bars(CRANE_TRUCK) and way.tags["highway"] not in NO_CAR]
    chosen = rng.choice(len(barred), size=150, replace=False)
    near = np.array([barred[at].edges[0][0] for at in chosen]) / 1e7
    stops = np.concatenate([near, near + rng.normal(0, 0.004, near.shape)])
    stops = np.delete(stops, crane.matrix(stops).unreachable, axis=0)
    assert len(stops) > 200
    line = crane.route(stops, turn_at_stops=True).geometry
    return set(edges(at_nodes(line, ways)))


def at_nodes(line: NDArray[np.float64], ways: tuple[Way, ...]) -> NDArray[np.float64]:
    """Put the points of a line, rounded by OSRM to a tenth of a metre, back on the ways' nodes."""
    nodes = np.array(sorted({node for way in ways for edge in way.edges for node in edge})) / 1e7
    at, near = STRtree(points(nodes)).query_nearest(points(line), 1e-6, all_matches=False)
    moved = line.copy()
    moved[at] = nodes[near]
    return moved


def only_in(barred: set[Edge], free: set[Edge]) -> set[Edge]:
    """Leave out what two ways share: one of them may be driven."""
    return barred - free


def test_no_barred_street_is_ever_driven(used: set[Edge], ways: tuple[Way, ...]) -> None:
    everything = {edge for way in ways for edge in way.edges}
    known = used & (everything | {(b, a) for a, b in everything})
    assert len(known) > 0.9 * len(used) > 3000  # the rest are halves of edges, at the stops
    barred = {edge for way in ways if way.bars(CRANE_TRUCK) for edge in way.edges}
    barred |= {(b, a) for a, b in barred}
    free = {edge for way in ways if not way.bars(CRANE_TRUCK) for edge in way.edges}
    free |= {(b, a) for a, b in free}
    assert len(only_in(barred, free)) > 5000
    assert used & only_in(barred, free) == set()


def test_no_one_way_street_is_driven_against(used: set[Edge], ways: tuple[Way, ...]) -> None:
    along = {edge for way in ways if way.one_way for edge in way.edges}
    other = {edge for way in ways if not way.one_way for edge in way.edges}
    against = {(b, a) for a, b in along} - along - other - {(b, a) for a, b in other}
    assert len(used & along) > 500
    assert used & against == set()


@pytest.mark.parametrize(
    ("before", "after", "direct_m"),
    [
        ((8.687273, 49.380058), (8.687096, 49.380136), 25),
        ((8.670594, 49.409035), (8.670380, 49.409022), 21),
        ((8.676927, 49.406291), (8.676969, 49.406118), 22),
        ((8.674938, 49.407814), (8.675079, 49.407800), 15),
        ((8.677826, 49.400309), (8.677711, 49.400294), 13),
        ((8.662664, 49.405806), (8.662547, 49.405802), 10),
    ],
    ids=[
        "Römerstraße into Heinrich-Fuchs-Straße",
        "Vangerowstraße into Yorckstraße",
        "Mittermaierstraße into Alte Eppelheimer Straße",
        "Bergheimer Straße into Karl-Metz-Straße",
        "Speyerer Straße into Czernyring",
        "Eppelheimer Straße into Agnesistraße",
    ],
)
def test_a_real_turn_ban_makes_a_real_detour(
    crane: Roads,
    before: tuple[float, float],
    after: tuple[float, float],
    direct_m: int,
) -> None:
    # Without the ban the truck would drive the few metres around the corner.
    assert crane.route([before, after]).length_m > 10 * direct_m
