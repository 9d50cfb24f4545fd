"""Refuse bags: filled sacks with folds that run to a knot."""

from __future__ import annotations

import math

import bpy
from materials import foil
from mathutils import Matrix, Vector, noise
from meshes import Mesh, subdivided
from shading import Colour
from stage import Stage

FOIL: dict[str, tuple[Colour, float]] = {
    "black": ((0.008, 0.008, 0.009), 0.0),
    "grey": ((0.09, 0.09, 0.095), 0.0),
    "white": ((0.62, 0.62, 0.6), 0.15),
    "blue": ((0.015, 0.07, 0.3), 0.05),
    "green": ((0.02, 0.11, 0.05), 0.05),
}


def bag(
    stage: Stage,
    place: Matrix,
    size: float,
    colour: str,
    *,
    index: int,
    upright: bool = True,
) -> bpy.types.Object:
    """Put a bag whose half width is ``size`` metres; it stands, or lies on its side."""
    chance = stage.chance
    tone, clear = FOIL[colour]
    material = foil(stage.palette, f"foil {colour}", tone, clear=clear)
    shift = Vector((chance.uniform(0, 99), chance.uniform(0, 99), chance.uniform(0, 99)))
    high = size * chance.uniform(1.5, 1.9)
    folds = chance.randint(7, 11)
    rows, sides = 40, 72
    rings = []
    for row in range(rows + 1):
        v = row / rows
        rings.append(
            [sack_point(v, 2 * math.pi * s / sides, size, high, folds, shift) for s in range(sides)]
        )
    made = Mesh().loft(rings, material)
    ears(made, size, high, material, stage)
    tilt = Matrix.Rotation(math.radians(chance.uniform(-8, 8)), 4, "X")
    if not upright:
        tilt = Matrix.Translation((0, 0, size * 0.62)) @ Matrix.Rotation(
            math.radians(chance.uniform(66, 84)), 4, "X"
        )
    thing = made.into_scene("bag", place @ tilt, smooth=70, index=index)
    thing["litres"] = 1000 * held(rings)
    return subdivided(thing, 1)


def held(rings: list[list[tuple[float, float, float]]]) -> float:
    """Return what level rings of a sack enclose, m3: mean areas times rises."""
    areas = [
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)))
        / 2
        for ring in rings
    ]
    rises = [sum(p[2] for p in ring) / len(ring) for ring in rings]
    return sum(
        (one + two) / 2 * (high - low)
        for one, two, low, high in zip(areas, areas[1:], rises, rises[1:], strict=False)
    )


def sack_point(
    v: float, t: float, size: float, high: float, folds: int, shift: Vector
) -> tuple[float, float, float]:
    """Return a point of the sack's surface at height share ``v`` and turn ``t``."""
    belly = min(1.0, 0.25 + 9 * v) * (1 - 0.35 * v**2)
    neck = max(0.0, (v - 0.55) / 0.45)
    width = belly * (1 - neck**1.4) + 0.085 * neck**0.8
    if v > 0.96:
        width = 0.07 + (v - 0.96) * 0.9
    lump = noise.noise(Vector((1.6 * math.cos(t), 1.6 * math.sin(t), 2.4 * v)) + shift)
    small = noise.noise(Vector((4.0 * math.cos(t), 4.0 * math.sin(t), 6.5 * v)) + shift)
    ridge = (
        1 - abs(noise.noise(Vector((3.0 * math.cos(t), 3.0 * math.sin(t), 3.5 * v)) - shift)) * 2
    )
    fold = math.sin(folds * t + 5 * lump + 3 * v) * (0.03 + 0.22 * neck) * width
    radius = size * (width * (1 + 0.3 * lump + 0.1 * small) + 0.6 * fold + 0.05 * width * ridge)
    rise = max(0.0, v - 0.06) / 0.94
    z = high * (0.25 * rise + 0.75 * rise**1.25)
    lean = 0.18 * size * neck * noise.noise(shift * 1.7)
    return (
        radius * math.cos(t) + lean,
        radius * math.sin(t),
        max(0.0, z + 0.07 * size * lump * (1 - neck)),
    )


def ears(made: Mesh, size: float, high: float, material: bpy.types.Material, stage: Stage) -> None:
    """Add the loose corners above the knot."""
    for _ in range(4):
        t = stage.chance.uniform(0, 2 * math.pi)
        reach = size * stage.chance.uniform(0.25, 0.5)
        c, s = math.cos(t), math.sin(t)
        base, mid, tip = high * 0.97, high * 1.03, high * stage.chance.uniform(1.0, 1.12)
        w = size * 0.16
        points = [
            (-s * 0.03, c * 0.03, base),
            (s * 0.03, -c * 0.03, base),
            (c * reach * 0.5 + s * w, s * reach * 0.5 - c * w, mid),
            (c * reach * 0.5 - s * w, s * reach * 0.5 + c * w, mid + 0.01),
            (c * reach + s * w, s * reach - c * w, tip),
            (c * reach - s * w, s * reach + c * w, tip - 0.02),
        ]
        made.add(points, [(0, 1, 2, 3), (3, 2, 4, 5)], material)
