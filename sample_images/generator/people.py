"""People in winter coats, for streets that are not empty; good enough from some distance."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import bpy
from materials import cloth, coated
from mathutils import Matrix
from meshes import Mesh, at, subdivided
from shading import Colour
from stage import Stage

COATS: tuple[Colour, ...] = (
    (0.012, 0.013, 0.018),
    (0.045, 0.018, 0.017),
    (0.026, 0.03, 0.02),
    (0.16, 0.12, 0.08),
    (0.012, 0.02, 0.04),
)
SKINS: tuple[Colour, ...] = ((0.5, 0.3, 0.22), (0.36, 0.2, 0.13), (0.16, 0.085, 0.055))
HAIRS: tuple[Colour, ...] = ((0.02, 0.014, 0.01), (0.1, 0.06, 0.03), (0.3, 0.28, 0.26))
BRIGHT: tuple[Colour, ...] = (
    (0.35, 0.03, 0.03),
    (0.55, 0.42, 0.04),
    (0.06, 0.16, 0.32),
    (0.5, 0.47, 0.4),
    (0.07, 0.2, 0.1),
)
WORN = ("nothing", "nothing", "long hair", "beanie", "cap", "hood", "helmet")


@dataclass(frozen=True)
class Look:
    """How a person looks where the dice are not to decide.

    Parameters
    ----------
    coat : colour of the coat; one of the dark ones if not given.
    worn : on the head: nothing, long hair, beanie, cap, hood or helmet.
    lean_deg : how far the upper body is bent forward.
    size : 1 is a grown-up.
    """

    coat: Colour | None = None
    worn: str = "nothing"
    lean_deg: float = 0.0
    size: float = 1.0


def any_look(dice: random.Random) -> Look:
    """Throw a look: one in six is a child, one in five bends down."""
    return Look(
        dice.choice(BRIGHT) if dice.random() < 0.4 else None,
        dice.choice(WORN),
        dice.uniform(25, 60) if dice.random() < 0.2 else dice.uniform(-3, 8),
        dice.uniform(0.62, 0.85) if dice.random() < 1 / 6 else 1.0,
    )


def person(stage: Stage, x: float, y: float, turn_deg: float, look: Look | None = None) -> None:
    """Put a person on the street who walks towards ``turn_deg``, announced with the head."""
    look = look or Look()
    chance, palette = stage.chance, stage.palette
    thing = stage.thing("person", x, y)
    thing.private_index = stage.new_index()
    pick = chance.randrange(len(COATS))
    tint = look.coat or COATS[pick]
    coat = cloth(palette, f"coat {tint}", tint, weave=60.0)
    trousers = cloth(
        palette, f"trousers {pick % 2}", ((0.02, 0.025, 0.045), (0.018, 0.018, 0.02))[pick % 2]
    )
    tone = chance.randrange(len(SKINS))
    skin = coated(palette, f"skin {tone}", SKINS[tone], rough=0.55, dirt=0.0)
    hair = cloth(palette, f"hair {tone}", HAIRS[chance.randrange(len(HAIRS))], weave=90.0)
    shoe = coated(palette, "shoe", (0.02, 0.015, 0.012), rough=0.5)
    tall = chance.uniform(0.95, 1.06)
    place = at(x, y, stage.ground(y), turn_deg + 90) @ Matrix.Diagonal(
        (look.size, look.size, look.size * tall, 1)
    )
    hip = Matrix.Translation((0, 0, 0.95))
    upper = place @ hip @ Matrix.Rotation(math.radians(look.lean_deg), 4, "X") @ hip.inverted()
    stride = chance.uniform(0.12, 0.26)
    legs = Mesh()
    for side, step in ((-1, 1), (1, -1)):
        foot = -step * stride
        path = [
            (side * 0.09, 0, 0.95),
            (side * 0.1, foot * 0.35 - 0.03, 0.52),
            (side * 0.1, foot + 0.02, 0.09),
        ]
        legs.tube(path, (0.105, 0.08, 0.07), trousers, sides=12)
        legs.box((side * 0.105, foot - 0.05, 0.045), (0.085, 0.25, 0.075), shoe)
    legs.into_scene("legs", place, bevel=0.035, smooth=60, index=thing.index)
    body = Mesh().loft(
        [
            oval(0.60, 0.215, 0.17), oval(0.64, 0.22, 0.175), oval(0.85, 0.2, 0.16),
            oval(1.02, 0.19, 0.145), oval(1.2, 0.205, 0.15), oval(1.34, 0.215, 0.14),
            oval(1.42, 0.195, 0.125), oval(1.47, 0.13, 0.1), oval(1.5, 0.085, 0.085),
            oval(1.56, 0.07, 0.075),
        ],
        coat,
    )  # fmt: skip
    for side, swing in ((-1, -0.5), (1, 0.5)):
        hand = swing * stride
        path = [
            (side * 0.12, 0, 1.41),
            (side * 0.2, 0, 1.365),
            (side * 0.245, 0.03 + hand * 0.4, 1.13),
            (side * 0.235, -0.07 + hand, 0.9),
        ]
        body.tube(path, (0.06, 0.07, 0.062, 0.05), coat, sides=12)
        body.loft(ball((side * 0.233, -0.085 + hand, 0.86), (0.035, 0.045, 0.055)), skin)
    subdivided(body.into_scene("coat", upper, smooth=70, index=thing.index), 1)
    head = Mesh().loft(ball((0, -0.005, 1.66), (0.074, 0.094, 0.118)), skin)
    head.loft(ball((0, -0.097, 1.652), (0.014, 0.02, 0.022)), skin)
    head.loft(ball((0, 0.03, 1.69), (0.087, 0.095, 0.115)), hair)
    for side in (-1, 1):
        head.loft(ball((side * 0.03, -0.083, 1.678), (0.013, 0.008, 0.006)), shoe)
    cover(head, look.worn, coat, hair, stage)
    head.into_scene("head", upper, smooth=70, index=thing.private_index)
    collar = Mesh().tube([(0, 0.01, 1.47), (0, 0, 1.58)], 0.052, skin, sides=16)
    if chance.random() < 0.5:
        scarf = cloth(palette, "scarf", stage.vary((0.09, 0.08, 0.08), 0.4), weave=50.0)
        ring = [
            (0.065 * math.cos(t), 0.07 * math.sin(t), 1.535)
            for t in [math.pi * i / 8 for i in range(17)]
        ]
        collar.tube(ring, 0.045, scarf, sides=10)
    collar.into_scene("collar", upper, smooth=70, index=thing.index)


def cover(
    head: Mesh, worn: str, coat: bpy.types.Material, hair: bpy.types.Material, stage: Stage
) -> None:
    """Put on the head what is worn there."""
    palette = stage.palette
    if worn == "long hair":
        head.loft(ball((0, 0.055, 1.6), (0.09, 0.07, 0.17)), hair)
    elif worn == "hood":
        head.loft(ball((0, 0.035, 1.675), (0.112, 0.112, 0.145)), coat)
    elif worn in ("beanie", "cap"):
        tint = BRIGHT[stage.seed % len(BRIGHT)] if worn == "cap" else (0.05, 0.05, 0.06)
        knit = cloth(palette, f"{worn} {tint}", tint, weave=45.0)
        head.loft(ball((0, 0.012, 1.735), (0.097, 0.112, 0.088)), knit)
        if worn == "cap":
            head.loft(ball((0, -0.12, 1.722), (0.075, 0.075, 0.01)), knit)
    elif worn == "helmet":
        shell = coated(palette, "helmet", (0.5, 0.5, 0.52), rough=0.25, dirt=0.1)
        head.loft(ball((0, 0.005, 1.745), (0.108, 0.135, 0.09)), shell)


def oval(z: float, wide: float, deep: float) -> list[tuple[float, float, float]]:
    """Return an oval ring, slightly uneven."""
    turns = [2 * math.pi * i / 20 for i in range(20)]
    return [(wide * math.cos(t), deep * math.sin(t), z + 0.006 * math.sin(5 * t)) for t in turns]


def ball(
    centre: tuple[float, float, float], radii: tuple[float, float, float]
) -> list[list[tuple[float, float, float]]]:
    """Return the rings of an ellipsoid."""
    rings = []
    for i in range(1, 12):
        up = math.pi * i / 12
        rings.append([
            (centre[0] + radii[0] * math.sin(up) * math.cos(t),
             centre[1] + radii[1] * math.sin(up) * math.sin(t),
             centre[2] - radii[2] * math.cos(up))
            for t in [2 * math.pi * k / 16 for k in range(16)]
        ])  # fmt: skip
    return rings
