"""What stands in streets: lamp posts, bollards, bare trees, bicycles, fallen leaves."""

from __future__ import annotations

import math

import bpy
from materials import coated, plain
from mathutils import Matrix, Vector
from meshes import Mesh, at
from stage import Stage


def lamp_post(stage: Stage, x: float, y: float, turn_deg: float, watts: float = 0.0) -> None:
    """Put up a lamp post whose arm points along ``turn_deg``; watts above 0 light it."""
    grey = coated(stage.palette, "post", (0.08, 0.09, 0.085), rough=0.5, metal=0.4)
    made = Mesh().lathe([(0.1, 0), (0.1, 0.9), (0.07, 0.95), (0.05, 5.6)], grey, sides=20)
    made.tube([(0, 0, 5.5), (0.2, 0, 5.85), (0.6, 0, 6.0), (1.1, 0, 6.0)], 0.03, grey)
    made.box((1.25, 0, 6.0), (0.6, 0.22, 0.09), grey)
    place = at(x, y, 0, turn_deg)
    made.into_scene("lamp post", place, smooth=40)
    warm = (1.0, 0.72, 0.42)
    glow = plain(stage.palette, "lamp glow", warm, glow=60.0 if watts else 0.0)
    Mesh().box((1.28, 0, 5.948), (0.4, 0.16, 0.012), glow).into_scene("lamp glass", place)
    if watts:
        light = bpy.data.lights.new("lamp", "SPOT")
        light.energy, light.color = watts, warm
        light.spot_size, light.spot_blend, light.shadow_soft_size = math.radians(150), 0.6, 0.15
        made_light = bpy.data.objects.new("lamp", light)
        bpy.context.scene.collection.objects.link(made_light)
        made_light.matrix_world = place @ Matrix.Translation((1.28, 0, 5.92))


def bollard(stage: Stage, x: float, y: float) -> None:
    """Put up a cast bollard."""
    tone = coated(stage.palette, "bollard", (0.06, 0.03, 0.025), rough=0.5, dirt=0.4)
    outline = [
        (0.11, 0),
        (0.11, 0.08),
        (0.075, 0.12),
        (0.06, 0.7),
        (0.075, 0.72),
        (0.075, 0.78),
        (0.06, 0.8),
        (0.065, 0.92),
        (0.03, 0.98),
        (0.001, 0.99),
    ]
    Mesh().lathe(outline, tone).into_scene("bollard", at(x, y), smooth=40)


def tree(stage: Stage, x: float, y: float, high: float = 9.0) -> None:
    """Grow a bare November tree in a square of soil."""
    bark = coated(stage.palette, "bark", (0.085, 0.07, 0.055), rough=0.9, dirt=0.6, scale=6.0)
    made = Mesh()
    grow(stage, made, bark, Vector((0, 0, -0.05)), Vector((0, 0, 1)), high * 0.3, high * 0.019, 0)
    made.into_scene("tree", at(x, y), smooth=60)
    soil = coated(stage.palette, "soil", (0.05, 0.035, 0.022), rough=0.95, dirt=0.8, scale=3.0)
    Mesh().box((0, 0, 0.0), (1.2, 1.2, 0.03), soil).into_scene("soil", at(x, y))


def grow(
    stage: Stage,
    made: Mesh,
    bark: bpy.types.Material,
    base: Vector,
    way: Vector,
    length: float,
    thick: float,
    depth: int,
) -> None:
    """Grow a branch and, from it, thinner ones."""
    chance = stage.chance
    path, radii, here = [base], [thick], base
    for step in range(4):
        way = (way + Vector((chance.gauss(0, 0.09), chance.gauss(0, 0.09), 0.05))).normalized()
        here = here + way * (length / 4)
        path.append(here)
        radii.append(thick * (1 - 0.1 * (step + 1)))
    made.tube(
        [tuple(p) for p in path], radii, bark, sides=12 if depth == 0 else 6 if depth < 3 else 4
    )
    if depth == 5:
        return
    for _ in range(3 if depth in (0, 1, 2) else 2):
        side = Vector(
            (chance.gauss(0, 1), chance.gauss(0, 1), chance.uniform(-0.1, 0.7))
        ).normalized()
        spread = 0.6 if depth else 0.75
        start = path[-1] if chance.random() < 0.6 else path[3]
        grow(
            stage,
            made,
            bark,
            start,
            (way * (1 - spread / 2) + side * spread).normalized(),
            length * chance.uniform(0.6, 0.8),
            thick * 0.56,
            depth + 1,
        )


def bicycle(stage: Stage, x: float, y: float, turn_deg: float, lean_deg: float = 6.0) -> None:
    """Park a town bicycle, leaning a little."""
    chance = stage.chance
    tint = chance.randrange(4)
    paint = coated(
        stage.palette,
        f"bicycle {tint}",
        ((0.012, 0.012, 0.013), (0.02, 0.05, 0.12), (0.15, 0.02, 0.02), (0.05, 0.09, 0.06))[tint],
        rough=0.35,
    )
    steel = coated(stage.palette, "chrome", (0.5, 0.5, 0.5), rough=0.25, metal=1.0)
    rubber = plain(stage.palette, "tyre", (0.012, 0.012, 0.012), rough=0.75)
    made = Mesh()
    for wx in (-0.54, 0.54):
        hub = Vector((wx, 0, 0.345))
        ring = [
            (wx + 0.335 * math.cos(t), 0, 0.345 + 0.335 * math.sin(t))
            for t in [2 * math.pi * i / 40 for i in range(41)]
        ]
        made.tube(ring, 0.019, rubber, sides=8)
        rim = [
            (wx + 0.312 * math.cos(t), 0, 0.345 + 0.312 * math.sin(t))
            for t in [2 * math.pi * i / 40 for i in range(41)]
        ]
        made.tube(rim, 0.009, steel, sides=6)
        for i in range(18):
            t = 2 * math.pi * i / 18
            made.tube(
                [
                    (hub.x, 0.02 * (-1) ** i, hub.z),
                    (hub.x + 0.31 * math.cos(t), 0, hub.z + 0.31 * math.sin(t)),
                ],
                0.0017,
                steel,
                sides=3,
            )
        guard = [
            (wx + 0.365 * math.cos(t), 0, 0.345 + 0.365 * math.sin(t))
            for t in [math.radians(20 + 150 * i / 14) for i in range(15)]
        ]
        made.tube(guard, 0.016, paint, sides=5)
    crank, seat, head = (-0.1, 0, 0.3), (-0.26, 0, 0.82), (0.4, 0, 0.86)
    for path, radius in (
        ([crank, seat], 0.016),
        ([crank, (0.42, 0, 0.72)], 0.018),
        ([seat, (-0.54, 0, 0.345)], 0.01),
        ([crank, (-0.54, 0, 0.345)], 0.011),
        ([(-0.22, 0, 0.68), head], 0.014),
        ([(0.54, 0, 0.345), (0.46, 0, 0.66), (0.38, 0, 0.98)], 0.015),
    ):
        made.tube(path, radius, paint, sides=8)
    made.tube(
        [
            (0.2, 0.26, 1.04),
            (0.36, 0.24, 1.06),
            (0.4, 0.0, 1.03),
            (0.36, -0.24, 1.06),
            (0.2, -0.26, 1.04),
        ],
        0.012,
        steel,
    )
    made.tube([(0.38, 0, 0.95), (0.4, 0, 1.03)], 0.013, steel)
    made.tube([seat, (-0.29, 0, 0.93)], 0.013, steel)
    made.box((-0.29, 0, 0.95), (0.26, 0.16, 0.06), rubber)
    made.box((-0.55, 0, 0.75), (0.4, 0.14, 0.015), paint)
    made.lathe(
        [(0.09, -0.005), (0.09, 0.005)],
        steel,
        sides=20,
        place=Matrix.Translation((-0.1, -0.05, 0.3)) @ Matrix.Rotation(math.pi / 2, 4, "X"),
    )
    made.into_scene("bicycle", at(x, y, 0, turn_deg, lean_deg), bevel=0.0, smooth=50)


def leaves(stage: Stage, x: float, y: float, spread: float, count: int) -> None:
    """Strew fallen leaves."""
    chance = stage.chance
    tones = ((0.3, 0.17, 0.03), (0.22, 0.09, 0.025), (0.12, 0.06, 0.025), (0.34, 0.24, 0.05))
    made = Mesh()
    for _ in range(count):
        tone = chance.randrange(len(tones))
        material = plain(stage.palette, f"leaf {tone}", tones[tone], rough=0.55)
        s, px, py = (
            chance.uniform(0.02, 0.045),
            x + chance.gauss(0, spread),
            y + chance.gauss(0, spread * 0.5),
        )
        place = at(px, py, stage.ground(py) + 0.003, chance.uniform(0, 360), chance.gauss(0, 12))
        curl = s * chance.uniform(0.05, 0.45)
        made.add(
            [(-s, 0, curl), (-s * 0.2, -s * 0.6, 0), (s, 0, curl), (-s * 0.2, s * 0.6, 0.2 * curl)],
            [(0, 1, 2, 3)],
            material,
            place,
        )
    made.into_scene("leaves")
