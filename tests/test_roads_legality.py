"""A truck's roads respect every sign, in miniature worlds written out here and on real streets.

Each world is a drawing of nodes 100 m apart and a few ways; the direct way is always the
shorter one, so that a detour shows that a sign was obeyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from city.errors import BadInput
from routing.roads import (
    CRANE_TRUCK,
    SMALL_REAR_LOADER,
    UNREACHABLE,
    Roads,
    Route,
    TruckProfile,
    build_roads,
)

Tags = dict[str, str]
ROAD: Tags = {"highway": "residential"}
ORIGIN = (4.90, 52.37)  # Amsterdam: traffic keeps right
DEGREES_APART = 0.05
DEGREES_PER_STEP = (0.00147, 0.0009)  # about 100 m


@dataclass(frozen=True)
class World:
    """A tiny town: a drawing whose letters are nodes, and ways along them."""

    drawing: str
    ways: dict[str, Tags]
    node_tags: dict[str, Tags] = field(default_factory=dict)
    restrictions: tuple[tuple[str, str, str, str], ...] = ()  # kind, from way, via node, to way

    number: int = 0  # towns of different numbers lie apart and may share an extract

    def places(self) -> dict[str, tuple[float, float]]:
        lines = self.drawing.strip("\n").splitlines()[::2]
        return {
            letter: (
                ORIGIN[0] + column * DEGREES_PER_STEP[0],
                ORIGIN[1] - row * DEGREES_PER_STEP[1] + self.number * DEGREES_APART,
            )
            for row, line in enumerate(lines)
            for column, letter in enumerate(line[::4])
            if letter.isalpha()
        }

    def elements(self) -> tuple[list[str], list[str], list[str]]:
        """Return nodes, ways and relations as OpenStreetMap XML."""
        first = 1000 * self.number + 1
        ids = {letter: number for number, letter in enumerate(self.places(), start=first)}
        way_ids = {way: number for number, way in enumerate(self.ways, start=first)}
        nodes = [
            f'<node id="{ids[letter]}" version="1" lat="{lat}" lon="{lon}">'
            f"{_tags(self.node_tags.get(letter, {}))}</node>"
            for letter, (lon, lat) in self.places().items()
        ]
        ways = [
            f'<way id="{way_ids[way]}" version="1">'
            + "".join(f'<nd ref="{ids[letter]}"/>' for letter in way)
            + f"{_tags({'name': way} | ROAD | tags_of)}</way>"
            for way, tags_of in self.ways.items()
        ]
        relations = [
            f'<relation id="{number}" version="1">'
            f'<member type="way" ref="{way_ids[start]}" role="from"/>'
            f'<member type="node" ref="{ids[via]}" role="via"/>'
            f'<member type="way" ref="{way_ids[end]}" role="to"/>'
            f"{_tags({'type': 'restriction'} | _key_value(kind))}</relation>"
            for number, (kind, start, via, end) in enumerate(self.restrictions, start=first)
        ]
        return nodes, ways, relations

    def build(self, folder: Path, truck: TruckProfile = CRANE_TRUCK) -> Roads:
        return build_together([self], folder, truck)

    def drive(self, roads: Roads, letters: str) -> Route:
        return roads.route([self.places()[letter] for letter in letters])


def build_together(
    worlds: Sequence[World], folder: Path, truck: TruckProfile = CRANE_TRUCK
) -> Roads:
    kinds = zip(*(world.elements() for world in worlds), strict=True)
    extract = folder / "world.osm"
    content = "".join(element for kind in kinds for elements in kind for element in elements)
    extract.write_text(f'<osm version="0.6">{content}</osm>', encoding="utf-8")
    return build_roads(extract, folder / "built", truck)


def _tags(tags: Tags) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def _key_value(kind: str) -> Tags:
    key, _, value = kind.rpartition("=")
    return {key or "restriction": value}


SQUARE = """
A---B---C---D
    |   |
    E---F
"""


def square(**direct: str) -> World:
    """A straight street A-B-C-D whose middle B-C carries the tags; E-F leads around it."""
    tags = {key.replace("__", ":"): value for key, value in direct.items()}
    return World(SQUARE, {"AB": {}, "BC": tags, "CD": {}, "BE": {}, "EF": {}, "FC": {}})


DIRECT_M, AROUND_M = 300, 500


def drives(world: World, tmp_path: Path, truck: TruckProfile = CRANE_TRUCK, way: str = "AD") -> int:
    """Return the length of the drive in metres, rounded to whole blocks."""
    return round(world.drive(world.build(tmp_path, truck), way).length_m, -2)


def test_an_open_street_is_driven_straight_through(tmp_path: Path) -> None:
    assert drives(square(), tmp_path) == DIRECT_M


BARS: tuple[Tags, ...] = (
    {"maxweight": "7.5"},
    {"maxweight": "7.5 t"},
    {"maxweight": "7500 kg"},
    {"maxweight__hgv": "12"},
    {"maxweightrating": "12"},
    {"maxweightrating__hgv": "3.5", "maxweight": "40"},
    {"maxaxleload": "8"},
    {"hgv__conditional": "no @ (weight>7.5)"},
    {"access__conditional": "no @ (7:30-19:00 AND weight>7.5)"},
    {"hgv__conditional": "no @ (19:00-06:00)"},
    {"maxweight": "7.5", "maxweight__conditional": "none @ destination"},
    {"maxheight": "3.2"},
    {"maxheight": "11'6&quot;"},
    {"maxheight__physical": "3.5", "maxheight": "4"},
    {"maxwidth": "2.2"},
    {"maxlength": "8"},
    {"hgv": "no"},
    {"motor_vehicle": "no"},
    {"vehicle": "no"},
    {"access": "no"},
    {"access": "no", "psv": "yes"},
    {"highway": "pedestrian"},
    {"highway": "cycleway"},
    {"highway": "footway", "access": "yes"},
    {"highway": "construction"},
    {"hgv": "destination"},
    {"hgv": "delivery"},
    {"motor_vehicle": "destination"},
    {"highway": "pedestrian", "motor_vehicle": "delivery"},
    {"access": "private"},
)
LETS_PASS: tuple[Tags, ...] = (
    {"maxweight": "30"},
    {"maxweight": "none"},
    {"maxheight": "4.2"},
    {"maxheight": "default"},
    {"maxwidth": "2.6"},
    {"hgv": "yes", "motor_vehicle": "no"},
    {"hgv": "designated", "access": "no"},
    {"hgv__conditional": "no @ (weight>30)"},
    {"oneway": "yes"},
)
SIGNED = [replace(square(**sign), number=at) for at, sign in enumerate(BARS + LETS_PASS, start=1)]


@pytest.fixture(scope="module")
def signed_town(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    """Build all squares with one sign each in one go."""
    return build_together(SIGNED, tmp_path_factory.mktemp("signed"))


@pytest.mark.parametrize("world", SIGNED[: len(BARS)], ids=lambda world: str(world.ways["BC"]))
def test_a_sign_that_bars_the_truck_is_driven_around(world: World, signed_town: Roads) -> None:
    assert round(world.drive(signed_town, "AD").length_m, -2) == AROUND_M


@pytest.mark.parametrize("world", SIGNED[len(BARS) :], ids=lambda world: str(world.ways["BC"]))
def test_a_sign_that_does_not_concern_the_truck_changes_nothing(
    world: World, signed_town: Roads
) -> None:
    assert round(world.drive(signed_town, "AD").length_m, -2) == DIRECT_M


weight_limit = square(maxweight="10")
low_bridge = square(bridge="yes", maxheight="3.2")
hgv_no = square(hgv="no")
truck_zone = square(hgv="destination")
one_way_drawbridge = square(bridge="movable", oneway="yes")


@pytest.mark.parametrize("world", [weight_limit, low_bridge], ids=["weight_limit", "low_bridge"])
def test_what_bars_a_crane_truck_lets_a_small_one_pass(world: World, tmp_path: Path) -> None:
    assert drives(world, tmp_path) == AROUND_M
    assert drives(world, tmp_path, SMALL_REAR_LOADER) == DIRECT_M


def test_hgv_no_bars_even_a_small_truck(tmp_path: Path) -> None:
    assert drives(hgv_no, tmp_path, SMALL_REAR_LOADER) == AROUND_M


def test_a_one_way_street_is_never_driven_against(tmp_path: Path) -> None:
    assert drives(square(oneway="yes"), tmp_path, way="DA") == AROUND_M
    assert drives(square(oneway="-1"), tmp_path, way="DA") == DIRECT_M
    assert drives(square(oneway__hgv="yes"), tmp_path, way="DA") == AROUND_M


def test_a_movable_bridge_keeps_its_one_way(tmp_path: Path) -> None:
    # The car profile opens both directions of every movable bridge.
    assert drives(one_way_drawbridge, tmp_path, way="DA") == AROUND_M
    assert drives(square(bridge="movable", maxweight__forward="7.5"), tmp_path) == AROUND_M


@pytest.mark.parametrize(
    "world",
    [
        truck_zone,
        square(maxweight="7.5", maxweight__conditional="none @ (destination)"),
        square(motor_vehicle__conditional="no @ (Mo-Fr 08:15-09:00)"),
        square(highway="pedestrian", motor_vehicle="delivery"),
    ],
    ids=lambda world: str(world.ways["BC"]),
)
def test_a_street_for_destinations_is_entered_to_serve_it(world: World, tmp_path: Path) -> None:
    roads = world.build(tmp_path)
    places = truck_zone.places()
    middle = np.mean([places["B"], places["C"]], axis=0)
    there = roads.route([places["A"], tuple(middle)])
    assert 145 < there.length_m < 155
    assert there.duration_s < 120


one_way_square = World(
    """
A---B
|   |
D---C
""",
    {
        "AB": {"oneway": "yes"},
        "BC": {"oneway": "yes"},
        "CD": {"oneway": "yes"},
        "DA": {"oneway": "yes"},
    },
)


def test_a_square_of_one_ways_is_driven_round_in_its_sense(tmp_path: Path) -> None:
    roads = one_way_square.build(tmp_path)
    places = one_way_square.places()
    sides = [np.mean([places[a], places[b]], axis=0) for a, b in ("AB", "BC", "CD", "DA")]
    lengths = np.round(roads.matrix(sides).length_m, -2)
    assert lengths.tolist() == [
        [0, 100, 200, 300],
        [300, 0, 100, 200],
        [200, 300, 0, 100],
        [100, 200, 300, 0],
    ]


no_left_turn = World(
    """
    N
    |
W---X---E
|   |
P---S
""",
    {"WX": {}, "XE": {}, "NX": {"oneway": "-1"}, "XS": {}, "WP": {}, "PS": {}},
    restrictions=(("no_left_turn", "WX", "X", "NX"),),
)


def test_a_forbidden_left_turn_is_not_made(tmp_path: Path) -> None:
    # From the west the truck may not turn north at X: it comes from the south instead.
    places = no_left_turn.places()
    start = np.mean([places["W"], places["X"]], axis=0)
    free = replace(no_left_turn, restrictions=())
    for world, metres in ((free, 150), (no_left_turn, 450)):
        route = world.build(tmp_path).route([tuple(start), places["N"]])
        assert route.length_m == pytest.approx(metres, abs=5)


@pytest.mark.parametrize(
    ("kind", "binds"),
    [
        ("restriction=only_straight_on", True),
        ("restriction:hgv=no_left_turn", True),
        ("restriction:motor_vehicle=no_left_turn", True),
        ("restriction:bus=no_left_turn", False),
    ],
)
def test_turn_restrictions_bind_trucks_when_they_name_them(
    kind: str, binds: bool, tmp_path: Path
) -> None:
    end = "XE" if "only" in kind else "NX"
    world = replace(no_left_turn, restrictions=((kind, "WX", "X", end),))
    places = world.places()
    start = tuple(np.mean([places["W"], places["X"]], axis=0))
    length_m = world.build(tmp_path).route([start, places["N"]]).length_m
    assert (length_m > 200) is binds


@pytest.mark.parametrize(
    ("tags", "length_m"),
    [
        ({"barrier": "bollard"}, AROUND_M),
        ({"barrier": "gate"}, AROUND_M),
        ({"barrier": "height_restrictor", "maxheight": "2.5"}, AROUND_M),
        ({"maxwidth": "2.1"}, AROUND_M),
        ({"barrier": "entrance"}, DIRECT_M),
        ({"maxheight": "4.2"}, DIRECT_M),
    ],
    ids=str,
)
def test_barriers_on_the_street_stop_or_slow_the_truck(
    tags: Tags, length_m: int, tmp_path: Path
) -> None:
    world = World(
        """
A---B---M---C---D
    |       |
    E-------F
""",
        {"AB": {}, "BMC": {}, "CD": {}, "BE": {}, "EF": {}, "FC": {}},
        {"M": tags},
    )
    assert drives(world, tmp_path) == length_m + 100


def test_an_alley_and_a_dead_end_are_reached(tmp_path: Path) -> None:
    world = World(
        """
A---B---C
    |
    D
""",
        {"AB": {}, "BC": {}, "BD": {"highway": "service", "service": "alley"}},
    )
    assert drives(world, tmp_path, way="AD") == 200


def test_a_truck_turns_round_at_a_stop_only_when_told_to(tmp_path: Path) -> None:
    roads, places = square().build(tmp_path), square().places()
    middle = tuple(np.mean([places["B"], places["C"]], axis=0))
    back_again = [places["A"], middle, places["A"]]
    onward = roads.route(back_again)
    turning = roads.route(back_again, turn_at_stops=True)
    assert round(turning.length_m, -2) == 300
    assert round(onward.length_m, -2) == 600


def test_the_kerb_side_decides_from_where_a_stop_is_reached(tmp_path: Path) -> None:
    roads, places = square().build(tmp_path), square().places()
    # North of B-C: on the left for a truck from A, where traffic keeps right.
    left = (np.mean([places["B"][0], places["C"][0]]), places["B"][1] + 0.00005)
    points = [places["A"], left]
    either, kerb = roads.matrix(points), roads.matrix(points, kerb=True)
    assert round(int(either.length_m[0, 1]), -1) == 150
    assert round(int(kerb.length_m[0, 1]), -1) == 450
    assert roads.route(points, kerb=True).length_m == pytest.approx(kerb.length_m[0, 1], abs=1)


def test_an_island_is_unreachable_and_said_to_be(tmp_path: Path) -> None:
    world = World(
        """
A---B---C

X---Y
""",
        {"ABC": {}, "XY": {}},
    )
    roads, places = world.build(tmp_path), world.places()
    points = [places[letter] for letter in "ABCXY"]
    matrix = roads.matrix(points)
    assert matrix.unreachable == (3, 4)
    assert matrix.duration_s[0, 3] == matrix.length_m[4, 2] == UNREACHABLE
    names = ["depot", "b", "c", "harbour", "y"]
    assert [(fault.code, fault.where) for fault in matrix.faults(names=names)] == [
        ("cut-off", "harbour"),
        ("cut-off", "y"),
    ]
    with pytest.raises(BadInput, match="no-route"):
        roads.route([places["A"], places["X"]])
