"""Waste beside containers: bags, heaps, cardboard, litter."""

from __future__ import annotations

import math

from bags import bag
from materials import board, coated, plain
from mathutils import Matrix
from meshes import Mesh, at
from stage import Stage


def loose_bag(
    stage: Stage, x: float, y: float, size: float, colour: str, *, lying: bool = False
) -> None:
    """Put one bag on the pavement, announced as a bag."""
    thing = stage.thing("bag", x, y)
    bag(
        stage,
        at(x, y, 0, stage.chance.uniform(0, 360)),
        size,
        colour,
        index=thing.index,
        upright=not lying,
    )


def heap(stage: Stage, x: float, y: float, count: int, spread: float) -> None:
    """Pile bags, boxes and bits into one heap, announced as a pile."""
    thing = stage.thing("pile", x, y)
    chance = stage.chance
    for i in range(count):
        turn, reach = i * 2.4, spread * math.sqrt(i / count)
        px, py = x + reach * math.cos(turn), y + 0.7 * reach * math.sin(turn)
        z = max(0.0, 0.34 * (1 - reach / (0.75 * spread))) if i % 2 else 0.0
        colour = chance.choice(("black", "black", "grey", "white", "blue", "green"))
        bag(
            stage,
            at(px, py, z, chance.uniform(0, 360)),
            chance.uniform(0.2, 0.3),
            colour,
            index=thing.index,
            upright=chance.random() < 0.65,
        )
    for _ in range(max(2, count // 3)):
        px, py = x + chance.uniform(-1, 1) * spread, y + chance.uniform(-0.8, 0.3) * spread
        carton(stage, at(px, py, 0, chance.uniform(0, 360)), small(stage), thing.index)


def small(stage: Stage) -> tuple[float, float, float]:
    """Return the size of some carton."""
    chance = stage.chance
    return chance.uniform(0.25, 0.5), chance.uniform(0.2, 0.4), chance.uniform(0.15, 0.38)


def carton_alone(
    stage: Stage,
    x: float,
    y: float,
    size: tuple[float, float, float],
    turn: float,
    *,
    is_open: bool = True,
    z: float = 0.0,
) -> None:
    """Put one cardboard box, announced as cardboard."""
    thing = stage.thing("cardboard", x, y)
    carton(stage, at(x, y, z, turn), size, thing.index, is_open=is_open)


def carton(
    stage: Stage,
    place: Matrix,
    size: tuple[float, float, float],
    index: int,
    *,
    is_open: bool | None = None,
) -> None:
    """Build a box of thin walls, its flaps open or taped shut."""
    chance = stage.chance
    wide, deep, high = size
    name = chance.choice(("cardboard", "cardboard pale", "cardboard dark"))
    paper = board(
        stage.palette, name, {"cardboard": 1.0, "cardboard pale": 1.3, "cardboard dark": 0.72}[name]
    )
    is_open = chance.random() < 0.6 if is_open is None else is_open
    wall = 0.006
    made = Mesh().box((0, 0, wall), (wide, deep, wall), paper)
    for sx, sy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        centre = (sx * wide / 2, sy * deep / 2, high / 2)
        made.box(centre, (wall if sx else wide, wall if sy else deep, high), paper)
        reach = (deep if sy else wide) / 2 * 0.96
        lean = math.radians(chance.uniform(15, 120) if is_open else -90 + chance.uniform(0, 4))
        span = wide if sy else deep
        turn = {(1, 0): -90, (-1, 0): 90, (0, 1): 0, (0, -1): 180}[(sx, sy)]
        hinge = (
            Matrix.Translation((sx * wide / 2, sy * deep / 2, high))
            @ Matrix.Rotation(math.radians(turn), 4, "Z")
            @ Matrix.Rotation(-lean, 4, "X")
        )
        made.box((0, 0, reach / 2), (span * 0.98, wall * 0.7, reach), paper, hinge)
    tape = coated(stage.palette, "tape", (0.45, 0.33, 0.2), rough=0.25)
    label = plain(stage.palette, "label", (0.7, 0.7, 0.68), rough=0.5)
    if not is_open:
        made.box((0, 0, high + 0.006), (wide * 1.005, 0.05, 0.003), tape)
    made.box((wide * 0.18, -deep / 2 - 0.0035, high * 0.6), (wide * 0.3, 0.001, high * 0.3), label)
    made.box(
        (-wide * 0.25, -deep / 2 - 0.0035, high * 0.3),
        (wide * 0.2, 0.001, high * 0.12),
        plain(stage.palette, "ink", (0.03, 0.025, 0.02)),
    )
    squash = (
        Matrix.Shear("XZ", 4, (chance.uniform(-0.12, 0.12), 0)) if is_open else Matrix.Identity(4)
    )
    box = made.into_scene("carton", place @ squash, index=index)
    box["litres"] = 1000 * wide * deep * high


def flattened(stage: Stage, place: Matrix, count: int, index: int) -> None:
    """Lean or stack folded sheets of cardboard, with a sawtooth of flaps."""
    chance = stage.chance
    for i in range(count):
        wide, high = chance.uniform(0.5, 1.1), chance.uniform(0.4, 0.85)
        name = chance.choice(("cardboard", "cardboard pale", "cardboard dark"))
        paper = board(
            stage.palette,
            name,
            {"cardboard": 1.0, "cardboard pale": 1.3, "cardboard dark": 0.72}[name],
        )
        outline = [
            (-wide / 2, 0),
            (-wide * 0.02, 0),
            (0, high * 0.22),
            (wide * 0.02, 0),
            (wide / 2, 0),
            (wide / 2, high),
            (0.02, high),
            (0, high * 0.8),
            (-0.02, high),
            (-wide / 2, high),
        ]
        rings = [[(x, y, z) for x, z in outline] for y in (-0.006, 0.006)]
        lean = Matrix.Rotation(math.radians(-chance.uniform(8, 24)), 4, "X")
        spot = Matrix.Translation((chance.uniform(-0.25, 0.25), -0.06 * i, 0)) @ Matrix.Rotation(
            math.radians(chance.uniform(-14, 14)), 4, "Z"
        )
        Mesh().loft(rings, paper).into_scene("sheet", place @ spot @ lean, index=index)


def cardboard_stack(stage: Stage, x: float, y: float, turn: float, sheets: int, boxes: int) -> None:
    """Make a heap of cardboard, announced as one: sheets leaning, boxes before them."""
    thing = stage.thing("cardboard", x, y)
    place = at(x, y, 0, turn)
    flattened(stage, place, sheets, thing.index)
    for i in range(boxes):
        spot = at(
            (i - (boxes - 1) / 2) * 0.5, -0.55 - 0.12 * (i % 2), 0, stage.chance.uniform(-35, 35)
        )
        carton(stage, place @ spot, small(stage), thing.index)


def litter(stage: Stage, x: float, y: float, spread: float, count: int) -> None:
    """Scatter bits of paper, cans and leaves that no truth names."""
    chance = stage.chance
    tints = (
        (0.6, 0.58, 0.52),
        (0.4, 0.27, 0.15),
        (0.3, 0.07, 0.05),
        (0.1, 0.14, 0.2),
        (0.6, 0.6, 0.6),
    )
    for i in range(count):
        tint = chance.randrange(len(tints))
        paper = plain(stage.palette, f"bit {tint}", tints[tint], rough=0.6)
        s = chance.uniform(0.02, 0.085)
        px, py = x + chance.gauss(0, spread), y + chance.gauss(0, spread * 0.6)
        points = [
            (-s, -s * 0.6, 0.004),
            (s, -s * 0.7, 0.012),
            (s * 0.9, s * 0.6, 0.02),
            (-s, s * 0.7, 0.006),
            (0, 0, s * 0.3),
        ]
        Mesh().add(points, [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)], paper).into_scene(
            f"bit {i}",
            at(px, py, stage.ground(py) + 0.002, chance.uniform(0, 360)),
        )
