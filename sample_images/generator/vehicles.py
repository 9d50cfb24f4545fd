"""Parked cars: a lofted body, glass, wheels, lamps and plates with numbers never issued."""

from __future__ import annotations

import math

import bpy
from materials import car_glass, coated, enamel, plain
from mathutils import Matrix
from meshes import Mesh, at, subdivided
from shading import Colour
from stage import ROAD_Z, Stage, letters

PAINTS: tuple[Colour, ...] = (
    (0.012, 0.012, 0.014),
    (0.3, 0.31, 0.32),
    (0.07, 0.073, 0.078),
    (0.6, 0.6, 0.6),
    (0.01, 0.025, 0.09),
    (0.2, 0.01, 0.012),
    (0.015, 0.045, 0.04),
)

# x, half width, floor, sill, waist, roof, half width of the roof, metres; tail first.
Station = tuple[float, ...]
BODIES: dict[str, tuple[Station, ...]] = {
    "hatchback": (
        (-2.03, 0.62, 0.32, 0.42, 0.62, 0.64, 0.50),
        (-1.97, 0.78, 0.24, 0.36, 0.86, 0.93, 0.64),
        (-1.74, 0.84, 0.20, 0.34, 0.96, 1.27, 0.59),
        (-1.38, 0.86, 0.19, 0.33, 0.95, 1.45, 0.57),
        (-0.70, 0.87, 0.19, 0.33, 0.93, 1.50, 0.58),
        (0.00, 0.87, 0.19, 0.33, 0.91, 1.47, 0.57),
        (0.42, 0.87, 0.19, 0.33, 0.90, 1.34, 0.58),
        (1.02, 0.86, 0.19, 0.33, 0.89, 0.97, 0.64),
        (1.50, 0.83, 0.20, 0.34, 0.82, 0.88, 0.60),
        (1.88, 0.77, 0.22, 0.36, 0.69, 0.75, 0.52),
        (2.06, 0.62, 0.30, 0.40, 0.56, 0.60, 0.42),
    ),
    "estate": (
        (-2.28, 0.66, 0.32, 0.42, 0.66, 0.68, 0.52),
        (-2.22, 0.80, 0.25, 0.37, 0.90, 0.98, 0.66),
        (-2.02, 0.85, 0.21, 0.34, 0.97, 1.34, 0.60),
        (-1.66, 0.87, 0.19, 0.33, 0.95, 1.46, 0.58),
        (-0.80, 0.88, 0.19, 0.33, 0.93, 1.49, 0.59),
        (0.00, 0.88, 0.19, 0.33, 0.91, 1.46, 0.58),
        (0.45, 0.88, 0.19, 0.33, 0.90, 1.32, 0.59),
        (1.08, 0.87, 0.19, 0.33, 0.89, 0.96, 0.65),
        (1.60, 0.84, 0.20, 0.34, 0.81, 0.87, 0.61),
        (2.02, 0.78, 0.22, 0.36, 0.68, 0.74, 0.53),
        (2.22, 0.62, 0.30, 0.40, 0.55, 0.59, 0.42),
    ),
    "van": (
        (-2.18, 0.74, 0.34, 0.44, 0.70, 0.80, 0.66),
        (-2.14, 0.86, 0.26, 0.38, 1.00, 1.30, 0.76),
        (-2.06, 0.89, 0.22, 0.35, 1.05, 1.72, 0.72),
        (-1.70, 0.90, 0.20, 0.34, 1.05, 1.80, 0.72),
        (-0.70, 0.90, 0.20, 0.34, 1.04, 1.82, 0.73),
        (0.20, 0.90, 0.20, 0.34, 1.03, 1.80, 0.71),
        (0.66, 0.90, 0.20, 0.34, 1.02, 1.62, 0.66),
        (1.26, 0.88, 0.20, 0.34, 1.00, 1.10, 0.66),
        (1.66, 0.86, 0.21, 0.35, 0.92, 0.98, 0.62),
        (2.02, 0.80, 0.23, 0.37, 0.74, 0.80, 0.54),
        (2.18, 0.66, 0.30, 0.42, 0.58, 0.62, 0.44),
    ),
}


def seams(body: tuple[Station, ...]) -> tuple[float, float, float]:
    """Return where the doors end: behind, between and before them (x, metres)."""
    return body[3][0] + 0.14, body[4][0] + 0.42, body[6][0] + 0.3


def section(station: Station) -> list[tuple[float, float, float]]:
    """Return one half of a cross-section, from the floor's middle up to the roof's middle."""
    x, half, floor, sill, waist, roof, top = station
    cabin = roof - waist
    rest = waist + 0.035 * min(1.0, cabin * 4)
    return [
        (x, 0.0, floor),
        (x, half * 0.8, floor),
        (x, half * 0.96, sill),
        (x, half, sill * 0.55 + waist * 0.45),
        (x, half * 0.985, waist - 0.07),
        (x, half * 0.94, waist),
        (x, half * 0.915, rest),
        (x, (half * 0.9 + top) / 2 + 0.05, waist + cabin * 0.55),
        (x, top + 0.045, waist + cabin * 0.92),
        (x, top - 0.05, roof),
        (x, 0.0, roof + 0.02),
    ]


def car(
    stage: Stage,
    x: float,
    y: float,
    turn_deg: float,
    paint: int | None = None,
    *,
    yellow: bool = False,
) -> None:
    """Park a car whose nose points along ``turn_deg``, announced with its plates."""
    chance = stage.chance
    thing = stage.thing("vehicle", x, y)
    if yellow:
        thing.facts["plate_paint"] = "yellow"
    thing.private_index = stage.new_index()
    tone = PAINTS[chance.randrange(len(PAINTS)) if paint is None else paint]
    kind = chance.choice(("hatchback", "hatchback", "estate", "van"))
    body = BODIES[kind]
    paint_name = f"enamel {tone} {kind}"
    skin_paint = enamel(stage.palette, paint_name, stage.vary(tone, 0.1), seams(body), (0.36, 0.93))
    place = at(x, y, ROAD_Z, turn_deg)
    axles = (body[2][0] + 0.42, body[8][0] - 0.14)
    shell(
        stage,
        place,
        thing.index,
        skin_paint,
        kind,
        axles,
        glazed_back=kind != "van" or tone[0] < 0.1,
    )
    wheels(stage, place, thing.index, axles)
    trim(stage, place, thing.index, body)
    series = "".join(chance.choice(choice) for choice in ("RST", "NDK", "RSX"))
    number = f"{series}-0{chance.randint(10, 99)}"
    plates(stage, place, number, thing.private_index, body, yellow=yellow)


def shell(
    stage: Stage,
    place: Matrix,
    index: int,
    paint: bpy.types.Material,
    kind: str,
    axles: tuple[float, float],
    *,
    glazed_back: bool,
) -> None:
    """Loft the body; cells are paint, glass, lamp, seam or trim by where they lie."""
    body = BODIES[kind]
    halves = [section(s) for s in body]
    n = len(halves[0])
    rings = [half + [(px, -py, pz) for px, py, pz in reversed(half[1:-1])] for half in halves]
    total = len(rings[0])
    made = Mesh().loft(rings, paint)
    slots = {name: made.slot(material) for name, material in skins(stage, kind).items()}
    slots["paint"] = made.slot(paint)
    for row in range(len(rings) - 1):
        for i in range(total):
            cell = i if i < n - 1 else total - 1 - i
            made.slots[row * total + i] = slots[skin(row, cell, glazed_back)]
    thing = made.into_scene("car", place, smooth=60, index=index)
    crease = thing.data.attributes.new("crease_edge", "FLOAT", "EDGE")
    for k, edge in enumerate(thing.data.edges):
        a, b = (v % total for v in edge.vertices)
        low = {min(a, total - a), min(b, total - b)}
        crease.data[k].value = 0.6 if low in ({6}, {5}) else 0.4 if low in ({2}, {8}) else 0.0
    subdivided(thing, 3)
    arches = Mesh()
    black = skins(stage, kind)["trim"]
    for wx in axles:
        arch = Matrix.Translation((wx, 0, 0.31)) @ Matrix.Rotation(math.pi / 2, 4, "X")
        arches.lathe([(0.36, -1.0), (0.36, 1.0)], black, sides=40, place=arch)
    cutter = arches.into_scene("arches", place)
    cutter.hide_render = True
    cut = thing.modifiers.new("arches", "BOOLEAN")
    cut.object, cut.operation, cut.solver = cutter, "DIFFERENCE", "EXACT"
    length = body[-1][0] - body[0][0]
    Mesh().box((0, 0, 0.42), (length * 0.8, 1.3, 0.36), black).into_scene(
        "underbody", place, index=index
    )


def skins(stage: Stage, kind: str) -> dict[str, bpy.types.Material]:
    """Return what a body is covered with beside paint."""
    palette = stage.palette
    return {
        "glass": car_glass(palette, f"car glass {kind}", seams(BODIES[kind])[1], 0.05),
        "trim": plain(palette, "trim", (0.01, 0.01, 0.01), rough=0.55),
        "clear": plain(palette, "headlamp", (0.32, 0.34, 0.36), rough=0.06, metal=0.6),
        "red": plain(palette, "tail lamp", (0.26, 0.003, 0.005), rough=0.08),
    }


def skin(row: int, cell: int, glazed_back: bool) -> str:
    """Return what covers a cell: ``row`` counts from the tail, ``cell`` up from the floor."""
    if cell <= 1:
        return "trim"
    if cell in (6, 7) and (row in (4, 5, 6) or (row == 3 and glazed_back)):
        return "glass"
    if (cell == 9 and row in (1, 6)) or (cell == 8 and row == 6):
        return "glass"
    if row == 9 and cell in (4, 5):
        return "clear"
    if row in (0, 1) and cell in (4, 5):
        return "red"
    return "paint"


def wheels(stage: Stage, place: Matrix, index: int, axles: tuple[float, float]) -> None:
    """Add four wheels with five spokes."""
    black = plain(stage.palette, "trim", (0.01, 0.01, 0.01), rough=0.55)
    tyre = plain(stage.palette, "tyre", (0.012, 0.012, 0.012), rough=0.75)
    alloy = coated(stage.palette, "alloy", (0.4, 0.41, 0.42), rough=0.3, metal=0.8, dirt=0.3)
    made = Mesh()
    tread = [(0.2, -0.1), (0.27, -0.1), (0.305, -0.07), (0.312, 0.0), (0.305, 0.07), (0.27, 0.1),
             (0.215, 0.1), (0.2, 0.07)]  # fmt: skip
    for wx in axles:
        for side in (-1, 1):
            hub = Matrix.Translation((wx, side * 0.745, 0.312)) @ Matrix.Rotation(
                -side * math.pi / 2, 4, "X"
            )
            made.lathe(tread, tyre, sides=48, place=hub, caps=False)
            made.lathe([(0.21, 0.0), (0.0, 0.0)], black, sides=32, place=hub, caps=False)
            made.lathe([(0.2, 0.0), (0.2, 0.09), (0.215, 0.1), (0.185, 0.092), (0.183, 0.0)],
                       alloy, sides=48, place=hub, caps=False)  # fmt: skip
            made.lathe([(0.06, 0.04), (0.055, 0.08), (0.0, 0.085)], alloy, sides=24, place=hub,
                       caps=False)  # fmt: skip
            for spoke in range(5):
                turn = Matrix.Rotation(spoke * 2 * math.pi / 5 + wx, 4, "Z")
                made.box((0.12, 0, 0.068), (0.15, 0.062, 0.022), alloy, hub @ turn)
    made.into_scene("wheels", place, smooth=40, index=index)


def trim(stage: Stage, place: Matrix, index: int, body: tuple[Station, ...]) -> None:
    """Add grille, bumpers' inserts, handles and mirrors."""
    black = plain(stage.palette, "trim", (0.01, 0.01, 0.01), rough=0.55)
    nose, tail, half = body[-1][0], body[0][0], body[5][1]
    made = Mesh()
    for side in (-1, 1):
        made.box(
            (body[6][0] + 0.16, side * (half + 0.09), body[6][4] + 0.06), (0.09, 0.17, 0.12), black
        )
        for hx in (body[4][0] + 0.26, body[3][0] + 0.28):
            made.box((hx, side * (half - 0.005), body[4][4] - 0.1), (0.19, 0.03, 0.025), black)
    made.box((nose - 0.07, 0, 0.6), (0.1, 0.66, 0.07), black)
    made.box((nose - 0.06, 0, 0.37), (0.14, 0.95, 0.1), black)
    made.box((tail + 0.06, 0, 0.37), (0.14, 1.05, 0.1), black)
    made.into_scene("trim", place, bevel=0.02, smooth=40, index=index)


def plates(
    stage: Stage,
    place: Matrix,
    number: str,
    index: int,
    body: tuple[Station, ...],
    *,
    yellow: bool,
) -> None:
    """Screw a plate on at each end; such numbers begin with 0 and are never issued."""
    tint, name = ((0.8, 0.46, 0.012), "yellow plate") if yellow else ((0.78, 0.78, 0.74), "plate")
    ground = plain(stage.palette, name, tint, rough=0.35)
    ink = plain(stage.palette, "plate ink", (0.01, 0.01, 0.012), rough=0.4)
    blue = plain(stage.palette, "plate blue", (0.01, 0.04, 0.3), rough=0.4)
    for x, z, turn in ((body[-1][0] + 0.012, 0.47, 90), (body[0][0] - 0.012, 0.55, -90)):
        spot = place @ at(x, 0, z, turn) @ Matrix.Rotation(math.pi / 2, 4, "X")
        made = Mesh().box((0, 0, 0), (0.44, 0.118, 0.02), ground)
        made.box((-0.2, 0, 0.002), (0.03, 0.112, 0.02), blue)
        made.into_scene("plate", spot, bevel=0.003, index=index)
        letters(number, 0.1, ink, spot @ at(0.015, -0.003, 0.0125), index=index, wide=0.95)
