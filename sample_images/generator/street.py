"""The street itself: carriageway, kerb, pavement, and the houses along it."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
from houses import house
from materials import asphalt, coated, masonry, plain
from meshes import Mesh, at
from shading import Colour
from stage import ROAD_Z, Stage

WEST, EAST = -70.0, 110.0


@dataclass(frozen=True)
class Street:
    """Where things run along a street, metres to the left of its middle line.

    Parameters
    ----------
    kerb, front : left kerb and left house fronts; the pavement lies between.
    far_kerb, far_front : the same on the right, negative.
    paving : clinker, tile or asphalt.
    open_ends : whether the street's ends let the sun in.
    """

    kerb: float = 4.6
    front: float = 8.6
    far_kerb: float = -3.6
    far_front: float = -6.8
    paving: str = "tile"
    roadway: str = "asphalt"
    open_ends: bool = True
    trees: bool = False
    height: float = 1.0


def lay(stage: Stage, street: Street) -> None:
    """Lay the ground, the kerbs and the houses on both sides."""
    stage.kerbs = (street.far_kerb, street.kerb)
    pavement = paving(stage, street.paving)
    road = (
        asphalt(stage.palette, stage.wet)
        if street.roadway == "asphalt"
        else paving(stage, "clinker")
    )
    ground = Mesh()
    ground.quad(
        [
            (WEST, street.far_kerb, ROAD_Z),
            (EAST, street.far_kerb, ROAD_Z),
            (EAST, street.kerb, ROAD_Z),
            (WEST, street.kerb, ROAD_Z),
        ],
        road,
    )
    ground.quad(
        [
            (WEST, street.kerb, 0),
            (EAST, street.kerb, 0),
            (EAST, street.front + 20, 0),
            (WEST, street.front + 20, 0),
        ],
        pavement,
    )
    ground.quad(
        [
            (WEST, street.far_front - 20, 0),
            (EAST, street.far_front - 20, 0),
            (EAST, street.far_kerb, 0),
            (WEST, street.far_kerb, 0),
        ],
        pavement,
    )
    ground.into_scene("ground")
    stone = masonry(
        stage.palette,
        "kerb",
        (0.2, 0.195, 0.19),
        (0.27, 0.26, 0.25),
        (0.08, 0.075, 0.07),
        size=(1.0, 10.0),
        joint=0.008,
        upright=False,
        offset=0.0,
        wear=0.5,
        wet=stage.wet,
    )
    kerbs = Mesh()
    for y, side in ((street.kerb, -1), (street.far_kerb, 1)):
        kerbs.box(
            ((WEST + EAST) / 2, y + side * 0.06, ROAD_Z / 2 - 0.1),
            (EAST - WEST, 0.13, -ROAD_Z + 0.206),
            stone,
        )
        kerbs.box(
            ((WEST + EAST) / 2, y + side * 0.24, ROAD_Z - 0.09), (EAST - WEST, 0.24, 0.19), stone
        )
    kerbs.into_scene("kerbs", bevel=0.015)
    ironwork(stage, street)
    row(stage, street.front, street, left=True)
    row(stage, street.far_front, street, left=False)
    if not street.open_ends:
        for x, turn in ((EAST - 22, -90), (WEST + 30, 90)):
            house(stage, at(x, 15 if turn < 0 else -15, 0, turn), 30.0, 4, 0)


def ironwork(stage: Stage, street: Street) -> None:
    """Set drains along the left kerb and a few manhole covers."""
    iron = coated(stage.palette, "cast iron", (0.05, 0.047, 0.044), rough=0.45, metal=0.6, dirt=0.4)
    black = plain(stage.palette, "slot", (0.004, 0.004, 0.004), rough=0.9)
    chance, made = stage.chance, Mesh()
    for x in (1.4, 13.0, 25.0):
        y = street.kerb - 0.36
        made.box((x, y, ROAD_Z), (0.5, 0.38, 0.02), iron)
        for slot in range(6):
            made.box((x - 0.19 + slot * 0.075, y, ROAD_Z + 0.0105), (0.03, 0.28, 0.003), black)
    for _ in range(3):
        x, y = (
            stage.chance.uniform(1, 18),
            stage.chance.uniform(street.far_kerb + 1, street.kerb - 1),
        )
        made.lathe(
            [(0.34, 0.0), (0.34, 0.012), (0.001, 0.012)], iron, sides=40, place=at(x, y, ROAD_Z)
        )
        made.lathe(
            [(0.29, 0.0), (0.29, 0.0135), (0.28, 0.0135), (0.28, 0.0)],
            black,
            sides=40,
            place=at(x, y, ROAD_Z),
            caps=False,
        )
    x, y = stage.chance.uniform(6, 9), stage.chance.uniform(street.kerb + 1.6, street.front - 0.8)
    made.box((x, y, 0.0), (0.42, 0.42, 0.012), iron)
    made.into_scene("ironwork")
    fresh = coated(
        stage.palette, "new asphalt", (0.035, 0.035, 0.036), rough=0.75, dirt=0.3, scale=2.0
    )
    tar = plain(stage.palette, "tar", (0.008, 0.008, 0.008), rough=0.35)
    if street.roadway == "asphalt":
        mended = Mesh()
        for _ in range(2):
            x, y = chance.uniform(2, 14), chance.uniform(street.far_kerb + 1, street.kerb - 1.4)
            w, d = chance.uniform(0.8, 3.2), chance.uniform(0.6, 1.2)
            mended.box((x, y, ROAD_Z), (w + 0.05, d + 0.05, 0.004), tar)
            mended.box((x, y, ROAD_Z), (w, d, 0.008), fresh)
        mended.into_scene("mended road")


def paving(stage: Stage, kind: str) -> bpy.types.Material:
    """Return the paving of a pavement."""
    looks: dict[str, tuple[Colour, Colour, Colour, tuple[float, float], float]] = {
        "clinker": (
            (0.14, 0.075, 0.055),
            (0.23, 0.13, 0.095),
            (0.075, 0.065, 0.055),
            (0.2, 0.067),
            0.004,
        ),
        "tile": (
            (0.15, 0.147, 0.141),
            (0.21, 0.205, 0.195),
            (0.05, 0.048, 0.044),
            (0.3, 0.3),
            0.004,
        ),
        "sett": (
            (0.14, 0.138, 0.14),
            (0.25, 0.235, 0.23),
            (0.06, 0.057, 0.052),
            (0.16, 0.11),
            0.012,
        ),
    }
    one, two, joint, size, gap = looks[kind]
    return masonry(
        stage.palette,
        f"paving {kind}",
        one,
        two,
        joint,
        size=size,
        joint=gap,
        upright=False,
        wear=0.45,
        depth=0.005,
        rough=0.78,
        wet=stage.wet,
    )


def row(stage: Stage, y: float, street: Street, *, left: bool) -> None:
    """Build a row of houses along one side."""
    x, number = -46.0, 0
    while x < 74.0:
        wide = stage.chance.choice((5.6, 6.6, 8.4, 10.2, 12.6))
        place = at(x, y) if left else at(x + wide, y, 0, 180)
        storeys = max(2, round(stage.chance.choice((3, 4, 4, 5)) * street.height))
        house(stage, place, wide, storeys, number)
        x, number = x + wide, number + 1
