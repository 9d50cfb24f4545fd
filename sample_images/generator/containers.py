"""Containers as Dutch streets have them: inlet columns over a well, wheelie bins, banks."""

from __future__ import annotations

import math

from bags import bag
from bins import SHELL, WORD, Bin, sign
from inlets import inlet
from materials import coated, plain
from mathutils import Matrix
from meshes import Mesh, at
from stage import Stage, Thing, letters


def stand(stage: Stage, container: Bin) -> Thing:
    """Put a container on the stage and announce it."""
    thing = stage.thing(
        "container_overflowing" if container.overflowing else "container",
        container.x,
        container.y,
        container_id=container.id,
        container_type={"underground": "underground", "bank": "bank"}.get(container.kind, "other"),
        fraction=container.fraction,
        fill=container.fill,
        overflowing=container.overflowing,
    )
    build = {"underground": inlet, "wheelie": wheelie, "bank": bank}[container.kind]
    build(stage, container, at(container.x, container.y, 0.0, container.turn_deg), thing.index)
    return thing


def wheelie(stage: Stage, container: Bin, place: Matrix, index: int) -> None:
    """Build a two-wheeled bin of 120 or 240 litres with its lid at an angle."""
    k = {120: 0.82, 140: 0.85, 240: 1.0}.get(container.volume_l, 1.0)
    wide, deep, high = 0.58 * k, 0.7 * k, 1.0 * (0.9 if k < 1 else 1.0)
    shell = coated(
        stage.palette, f"plastic {container.shell}", SHELL[container.shell], rough=0.5, dirt=0.3
    )
    dark = coated(stage.palette, "plastic black", SHELL["black"], rough=0.55, dirt=0.25)

    def ring(z: float, w: float, d: float, back: float) -> list[tuple[float, float, float]]:
        r = 0.05
        out = []
        for cx, cy, turn in (
            (w / 2 - r, back - r, 0),
            (-w / 2 + r, back - r, 90),
            (-w / 2 + r, back - d + r, 180),
            (w / 2 - r, back - d + r, 270),
        ):
            out += [
                (
                    cx + r * math.cos(math.radians(turn + a)),
                    cy + r * math.sin(math.radians(turn + a)),
                    z,
                )
                for a in (0, 30, 60, 90)
            ]
        return out

    back = deep / 2
    rings = [
        ring(0.03, wide * 0.78, deep * 0.66, back * 0.86),
        ring(0.06, wide * 0.8, deep * 0.68, back * 0.88),
        ring(high * 0.9, wide * 0.95, deep * 0.93, back),
        ring(high * 0.905, wide, deep, back + 0.015),
        ring(high * 0.96, wide * 1.02, deep * 1.01, back + 0.02),
        ring(high * 0.965, wide * 0.93, deep * 0.92, back - 0.01),
        ring(high * 0.7, wide * 0.88, deep * 0.82, back - 0.02),
    ]
    body = Mesh().loft(rings, shell)
    for x in (-0.3, -0.1, 0.1, 0.3):
        body.box((x * wide, -back * 0.97, high * 0.83), (0.02, 0.05, high * 0.14), shell)
    body.into_scene("bin", place, smooth=40, index=index)
    tyre = plain(stage.palette, "tyre", (0.012, 0.012, 0.012), rough=0.75)
    wheels = Mesh()
    for side in (-1, 1):
        axle = Matrix.Translation((side * wide * 0.43, back * 0.92, 0.1)) @ Matrix.Rotation(
            math.pi / 2, 4, "Y"
        )
        wheels.lathe(
            [(0.02, -0.03), (0.09, -0.03), (0.1, -0.018), (0.1, 0.018), (0.09, 0.03), (0.02, 0.03)],
            tyre,
            sides=28,
            place=axle,
        )
    wheels.into_scene("wheels", place, smooth=40, index=index)
    lid = Mesh()
    lid_rings = []
    for z, s in ((0.0, 1.05), (0.035, 1.05), (0.055, 1.0), (0.075, 0.8), (0.085, 0.45)):
        flat = ring(z, wide * s, deep * s, 0.0)
        shift = -deep * (1.05 - s) / 2
        lid_rings.append([(x, y + shift + 0.02, z2) for x, y, z2 in flat])
    lid.loft(lid_rings, dark if stage.chance.random() < 0.3 else shell)
    lid.tube(
        [
            (-wide * 0.4, 0.03, 0.02),
            (-wide * 0.4, 0.1, 0.03),
            (wide * 0.4, 0.1, 0.03),
            (wide * 0.4, 0.03, 0.02),
        ],
        0.017,
        shell,
    )
    hinge = Matrix.Translation((0, back + 0.03, high * 0.955)) @ Matrix.Rotation(
        math.radians(-container.lid_deg), 4, "X"
    )
    lid.into_scene("lid", place @ hinge, smooth=50, index=index)
    white = plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5)
    lean = math.atan2(deep * 0.2, high * 0.85)
    front = Matrix.Translation((0, -back * 0.83 - 0.008, high * 0.62)) @ Matrix.Rotation(
        math.pi / 2 + lean * 0.75, 4, "X"
    )
    letters(WORD[container.fraction], 0.11 * k, white, place @ front, index=index)
    letters(container.id, 0.035, white, place @ front @ at(0, -0.09, 0), index=index)
    if container.overflowing:
        for i in range(3):
            spot = place @ at(
                (i - 1) * 0.15 * k,
                stage.chance.uniform(-0.08, 0.05),
                high * 0.8 + 0.07 * (i % 2),
                stage.chance.uniform(0, 360),
            )
            bag(
                stage,
                spot,
                0.25 * k,
                stage.chance.choice(("black", "white", "grey", "blue")),
                index=index,
            )


def bank(stage: Stage, container: Bin, place: Matrix, index: int) -> None:
    """Build a street bank of 1.6 m with a rounded roof and openings for its fraction."""
    shell = coated(
        stage.palette, f"bank {container.shell}", SHELL[container.shell], rough=0.5, dirt=0.4
    )
    wide, deep = 1.5, 1.15
    outline = [(-deep / 2, 0.1), (deep / 2, 0.1), (deep / 2, 1.3)]
    outline += [
        (deep / 2 * math.cos(t), 1.3 + 0.3 * math.sin(t))
        for t in [math.pi * i / 12 for i in range(1, 12)]
    ]
    outline.append((-deep / 2, 1.3))
    Mesh().extrude(outline, wide, shell).into_scene(
        "bank", place, bevel=0.04, smooth=40, index=index
    )
    black = plain(stage.palette, "slot", (0.004, 0.004, 0.004), rough=0.9)
    steel = coated(stage.palette, "galvanised", (0.42, 0.43, 0.44), rough=0.35, metal=0.9)
    fittings = Mesh()
    for x in (-0.62, 0.62):
        fittings.box((x, 0, 0.05), (0.12, 0.9, 0.1), black)
    for x in (-0.76, 0.76):
        fittings.box((x, 0, 0.75), (0.03, 0.06, 1.2), steel)
    fittings.lathe(
        [
            (0.09, 0),
            (0.09, 0.02),
            (0.03, 0.03),
            (0.03, 0.12),
            (0.07, 0.13),
            (0.05, 0.17),
            (0.001, 0.17),
        ],
        steel,
        place=at(0, 0, 1.59),
    )
    if container.fraction == "glass":
        for x in (-0.4, 0.4):
            hole = Matrix.Translation((x, -deep / 2 - 0.01, 1.18)) @ Matrix.Rotation(
                math.pi / 2, 4, "X"
            )
            fittings.lathe(
                [(0.14, -0.03), (0.14, 0.02), (0.1, 0.03), (0.09, 0.0), (0.0, -0.01)],
                black,
                sides=30,
                place=hole,
            )
    else:
        fittings.box((0, -deep / 2, 1.2), (1.05, 0.06, 0.2), black)
        fittings.box((0, -deep / 2 - 0.05, 1.32), (1.15, 0.16, 0.025), steel)
    fittings.into_scene("fittings", place, bevel=0.006, smooth=40, index=index)
    front = Matrix.Translation((0, -deep / 2 - 0.012, 0.72)) @ Matrix.Rotation(math.pi / 2, 4, "X")
    sign(stage, container, place @ front, (0.95, 0.34), index)
    letters(
        container.id,
        0.06,
        plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5),
        place @ front @ at(0, -0.3, 0.002),
        index=index,
    )
