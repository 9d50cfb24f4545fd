"""Bulky household goods put out on the street: mattress, cabinet, chair, sofa."""

from __future__ import annotations

import math

from materials import cloth, plain, timber
from mathutils import Matrix
from meshes import Mesh, at, subdivided
from stage import Stage


def mattress(stage: Stage, x: float, y: float, turn: float, lean: float = 12.0) -> None:
    """Lean a mattress against whatever stands behind it."""
    thing = stage.thing("bulky", x, y)
    tick = cloth(stage.palette, "ticking", (0.62, 0.6, 0.55))
    made = Mesh()
    columns, rows = 18, 9
    front = [
        [(i / columns * 2 - 1, dent(i, j), j / rows * 0.9) for i in range(columns + 1)]
        for j in range(rows + 1)
    ]
    points = [(x0, -0.09 - d, z) for row in front for x0, d, z in row]
    back = [(x0, 0.09 + d, z) for row in front for x0, d, z in row]
    n = columns + 1
    faces = [
        (r * n + i, r * n + i + 1, (r + 1) * n + i + 1, (r + 1) * n + i)
        for r in range(rows)
        for i in range(columns)
    ]
    made.add(points, faces, tick)
    made.add(back, [tuple(reversed(f)) for f in faces], tick)
    edge = [*range(n), *(r * n + n - 1 for r in range(1, rows + 1))]
    edge += [rows * n + i for i in range(n - 2, -1, -1)] + [r * n for r in range(rows - 1, 0, -1)]
    total = len(points)
    made.faces += [
        (edge[k], edge[k] + total, edge[(k + 1) % len(edge)] + total, edge[(k + 1) % len(edge)])
        for k in range(len(edge))
    ]
    made.slots += [0] * len(edge)
    thing_object = made.into_scene(
        "mattress",
        at(x, y, 0, turn) @ Matrix.Rotation(math.radians(-lean), 4, "X"),
        smooth=50,
        index=thing.index,
    )
    subdivided(thing_object, 2)


def dent(i: int, j: int) -> float:
    """Return how far the ticking bulges between its buttons."""
    return 0.025 * abs(math.sin(math.pi * i / 3)) * abs(math.sin(math.pi * j / 3))


def cabinet(stage: Stage, x: float, y: float, turn: float) -> None:
    """Build a chipboard cabinet, one door ajar, a drawer missing."""
    thing = stage.thing("bulky", x, y)
    wood = timber(stage.palette, "veneer", stage.vary((0.36, 0.21, 0.11), 0.3))
    dark = plain(stage.palette, "inside", (0.05, 0.04, 0.03), rough=0.9)
    wide, deep, high = 0.8, 0.42, stage.chance.uniform(0.85, 1.35)
    made = Mesh()
    for cx, cz, w, h in (
        (-wide / 2, high / 2, 0.018, high),
        (wide / 2, high / 2, 0.018, high),
        (0, high, wide + 0.02, 0.02),
        (0, 0.05, wide, 0.02),
        (0, high * 0.62, wide, 0.018),
    ):
        made.box((cx, 0, cz), (w, deep, h), wood)
    made.box((0, deep / 2, high / 2), (wide, 0.005, high), dark)
    door = Matrix.Translation((-wide / 2, -deep / 2, 0)) @ Matrix.Rotation(
        math.radians(-stage.chance.uniform(15, 70)), 4, "Z"
    )
    made.box((wide / 4, -0.01, high * 0.33), (wide / 2 - 0.01, 0.018, high * 0.54), wood, door)
    made.box((wide / 4, -deep / 2 - 0.01, high * 0.33), (wide / 2 - 0.01, 0.018, high * 0.54), wood)
    made.box((0, -deep / 2 - 0.01, high * 0.9), (wide - 0.02, 0.018, high * 0.16), wood)
    made.into_scene("cabinet", at(x, y, 0, turn), bevel=0.003, index=thing.index)


def chair(stage: Stage, x: float, y: float, turn: float, *, fallen: bool = False) -> None:
    """Build a wooden chair, upright or fallen over."""
    thing = stage.thing("bulky", x, y)
    wood = timber(stage.palette, "chair wood", (0.22, 0.1, 0.045))
    seat = cloth(stage.palette, "seat", stage.vary((0.2, 0.05, 0.05), 0.4))
    made = Mesh()
    for sx in (-1, 1):
        made.tube([(sx * 0.2, -0.2, 0), (sx * 0.19, -0.19, 0.44)], 0.018, wood)
        made.tube(
            [(sx * 0.2, 0.22, 0), (sx * 0.19, 0.19, 0.45), (sx * 0.185, 0.27, 0.9)], 0.018, wood
        )
        made.tube([(sx * 0.195, -0.19, 0.2), (sx * 0.195, 0.2, 0.2)], 0.01, wood)
    for z in (0.62, 0.74, 0.86):
        made.box((0, 0.2 + (z - 0.45) * 0.17, z), (0.36, 0.015, 0.06), wood)
    made.box((0, 0, 0.44), (0.43, 0.43, 0.03), wood)
    made.box((0, 0, 0.47), (0.41, 0.41, 0.05), seat)
    place = at(x, y, 0, turn)
    if fallen:
        place = place @ Matrix.Translation((0, 0, 0.22)) @ Matrix.Rotation(math.radians(90), 4, "Y")
    made.into_scene("chair", place, bevel=0.006, smooth=40, index=thing.index)


def sofa(stage: Stage, x: float, y: float, turn: float) -> None:
    """Build a two-seat sofa of soft blocks."""
    thing = stage.thing("bulky", x, y)
    fabric = cloth(
        stage.palette,
        "sofa",
        stage.vary(
            stage.chance.choice(((0.12, 0.13, 0.16), (0.2, 0.11, 0.06), (0.05, 0.06, 0.05))), 0.25
        ),
    )
    parts = [
        ((0, 0.02, 0.2), (1.66, 0.78, 0.24)),
        ((-0.39, -0.03, 0.4), (0.76, 0.72, 0.2)),
        ((0.39, -0.03, 0.41), (0.76, 0.7, 0.2)),
        ((-0.4, 0.33, 0.66), (0.78, 0.26, 0.52)),
        ((0.4, 0.33, 0.65), (0.78, 0.26, 0.5)),
        ((-0.88, 0, 0.36), (0.22, 0.86, 0.6)),
        ((0.88, 0, 0.36), (0.22, 0.86, 0.6)),
    ]
    for centre, size in parts:
        part = Mesh().box((0, 0, 0), size, fabric)
        made = part.into_scene(
            "cushion",
            at(x, y, 0, turn)
            @ Matrix.Translation(centre)
            @ Matrix.Rotation(math.radians(stage.chance.uniform(-3, 3)), 4, "Y"),
            smooth=60,
            index=thing.index,
        )
        modifier = made.modifiers.new("round", "BEVEL")
        modifier.width, modifier.segments = 0.07, 5
        subdivided(made, 1)
