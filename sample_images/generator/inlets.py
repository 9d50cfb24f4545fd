"""Inlet columns over underground wells: the part of them that stands in the street."""

from __future__ import annotations

import math

import bpy
from bags import bag
from bins import SHELL, SIGNAL, WORD, Bin, sign
from materials import coated, masonry, plain
from mathutils import Matrix
from meshes import Mesh, at
from stage import Stage, letters


def inlet(stage: Stage, container: Bin, place: Matrix, index: int) -> None:
    """Build the column above an underground well, on its steel plate."""
    plate(stage, place)
    shell = coated(
        stage.palette,
        f"shell {container.shell}",
        SHELL[container.shell],
        rough=0.42,
        metal=0.35,
        dirt=0.22,
    )
    (round_column if container.style == "round" else box_column)(
        stage, container, shell, place, index
    )
    steel = coated(stage.palette, "galvanised", (0.42, 0.43, 0.44), rough=0.35, metal=0.9)
    knob = Mesh().lathe(
        [
            (0.036, 0),
            (0.03, 0.02),
            (0.03, 0.07),
            (0.07, 0.075),
            (0.07, 0.09),
            (0.03, 0.1),
            (0.03, 0.14),
            (0.055, 0.15),
            (0.05, 0.17),
            (0.001, 0.175),
        ],
        steel,
    )
    top = 1.17 if container.style == "round" else 1.16
    knob.into_scene("knob", place @ at(0, 0.12, top), smooth=40, index=index)


def box_column(
    stage: Stage, container: Bin, shell: bpy.types.Material, place: Matrix, index: int
) -> None:
    """Build a tapered box with bevelled shoulders and a drum in its front slope."""
    outline = [(-0.35, 0.0), (0.35, 0.0), (0.41, 0.9), (0.31, 1.16), (-0.13, 1.16), (-0.42, 0.83)]
    body = Mesh().extrude(
        outline,
        lambda _y, z: 0.74 + 0.14 * min(z, 0.9) / 0.9 - 0.9 * max(0.0, z - 0.9) ** 1.0,
        shell,
    )
    body.into_scene("column", place, bevel=0.03, smooth=35, index=index)
    black = plain(stage.palette, "slot", (0.004, 0.004, 0.004), rough=0.9)
    steel = coated(stage.palette, "drum", (0.55, 0.55, 0.56), rough=0.28, metal=0.9, dirt=0.12)
    tip = Matrix.Translation((0, -0.235, 0.965)) @ Matrix.Rotation(math.pi / 2, 4, "Y")
    slope = Matrix.Translation((0, -0.275, 0.995)) @ Matrix.Rotation(math.radians(-41), 4, "X")
    pane = Mesh().box((0, 0, 0), (0.58, 0.05, 0.36), black, slope)
    pane.into_scene("recess", place, index=index)
    Mesh().lathe([(0.165, -0.26), (0.165, 0.26)], steel, sides=40, place=tip).into_scene(
        "drum", place, bevel=0.006, smooth=30, index=index
    )
    Mesh().box((0, -0.46, 1.005), (0.3, 0.022, 0.022), steel).into_scene(
        "grip", place, bevel=0.008, index=index
    )
    drum_label(stage, container, place, index)
    face = Mesh()
    lean = math.atan2(0.07, 0.83)
    front = Matrix.Translation((0, -0.386, 0.4)) @ Matrix.Rotation(math.pi / 2 + lean, 4, "X")
    edge = plain(stage.palette, "seam", (0.006, 0.006, 0.006), rough=0.8)
    for x, y, w, h in (
        (0, 0.3, 0.6, 0.006),
        (0, -0.28, 0.6, 0.006),
        (-0.3, 0.01, 0.006, 0.58),
        (0.3, 0.01, 0.006, 0.58),
    ):
        face.box((x, y, 0.0), (w, h, 0.004), edge, front)
    face.into_scene("hatch seam", place, index=index)
    white = plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5)
    letters(WORD[container.fraction], 0.13, white, place @ front @ at(0, -0.1, 0.006), index=index)
    pictogram(stage, place @ front @ at(0, 0.1, 0.006), index)
    letters(container.id, 0.045, white, place @ front @ at(0, -0.22, 0.006), index=index)
    if container.overflowing:
        stuck = at(0.03, -0.3, 0.84, stage.chance.uniform(-25, 25))
        bag(stage, place @ stuck, 0.19, "black", index=index, upright=False)


def round_column(
    stage: Stage, container: Bin, shell: bpy.types.Material, place: Matrix, index: int
) -> None:
    """Build an oval column with a sloping top."""
    rings = []
    for z, r in ((0.0, 0.36), (0.05, 0.37), (0.9, 0.4), (1.0, 0.4)):
        rings.append([(1.05 * r * math.cos(t), r * math.sin(t), z) for t in angles(40)])
    rings.append(
        [(0.42 * math.cos(t), 0.4 * math.sin(t), 1.08 + 0.1 * math.sin(t)) for t in angles(40)]
    )
    rings.append(
        [(0.38 * math.cos(t), 0.36 * math.sin(t), 1.13 + 0.1 * math.sin(t)) for t in angles(40)]
    )
    Mesh().loft(rings, shell).into_scene("column", place, smooth=35, index=index)
    black = plain(stage.palette, "slot", (0.004, 0.004, 0.004), rough=0.9)
    steel = coated(stage.palette, "drum", (0.55, 0.55, 0.56), rough=0.28, metal=0.9, dirt=0.12)
    Mesh().box((0, -0.34, 0.86), (0.46, 0.13, 0.26), black).into_scene(
        "recess", place, bevel=0.02, index=index
    )
    Mesh().box((0, -0.4, 0.82), (0.42, 0.02, 0.17), steel).into_scene(
        "flap", place, bevel=0.008, index=index
    )
    sign(
        stage,
        container,
        place @ Matrix.Translation((0, -0.415, 0.57)) @ Matrix.Rotation(math.pi / 2, 4, "X"),
        (0.34, 0.13),
        index,
    )


def drum_label(stage: Stage, container: Bin, place: Matrix, index: int) -> None:
    """Stick the fraction's coloured label round the drum."""
    colour = coated(
        stage.palette,
        f"sign {container.fraction}",
        SIGNAL[container.fraction],
        rough=0.3,
        dirt=0.15,
    )
    white = plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5)
    for material, low, high, radius in ((colour, 30, 88, 0.167), (white, 38, 52, 0.168)):
        rings = []
        for step in range(9):
            turn = math.radians(180 - low - (high - low) * step / 8)
            y, z = -0.235 + radius * math.cos(turn), 0.965 + radius * math.sin(turn)
            rings.append([(-0.2, y, z), (0.2, y, z)])
        Mesh().loft(rings, material, closed=False, caps=False).into_scene(
            "drum label", place, smooth=60, index=index
        )


def angles(sides: int) -> list[float]:
    """Return the angles of a regular polygon."""
    return [2 * math.pi * i / sides for i in range(sides)]


def pictogram(stage: Stage, place: Matrix, index: int) -> None:
    """Print the outline of a tied bag."""
    white = plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5)
    path = [
        (-0.03, 0.06),
        (-0.02, 0.03),
        (-0.075, -0.02),
        (-0.085, -0.09),
        (0.085, -0.09),
        (0.075, -0.02),
        (0.02, 0.03),
        (0.03, 0.06),
    ]
    Mesh().tube([(x, y, 0) for x, y in [*path, path[0]]], 0.006, white, sides=4).into_scene(
        "pictogram", place, index=index
    )


def plate(stage: Stage, place: Matrix) -> None:
    """Lay the steel plate with its tread pattern, in a concrete frame."""
    steel = masonry(
        stage.palette,
        "tread plate",
        (0.25, 0.255, 0.26),
        (0.2, 0.205, 0.21),
        (0.3, 0.3, 0.3),
        size=(0.05, 0.025),
        joint=0.006,
        upright=False,
        wear=0.5,
        depth=0.004,
        rough=0.42,
        wet=stage.wet,
    )
    frame = coated(stage.palette, "plate frame", (0.3, 0.3, 0.3), rough=0.5, metal=0.7)
    made = Mesh().box((0, 0.1, 0.004), (1.7, 1.7, 0.016), steel)
    for x, y, w, d in (
        (0, -0.77, 1.78, 0.05),
        (0, 0.97, 1.78, 0.05),
        (-0.87, 0.1, 0.05, 1.74),
        (0.87, 0.1, 0.05, 1.74),
    ):
        made.box((x, y, 0.007), (w, d, 0.022), frame)
    made.box((0, 0.1, 0.012), (1.7, 0.008, 0.002), frame)
    made.into_scene("plate", place)
