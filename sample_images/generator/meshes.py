"""Meshes from plain shapes: boxes, tubes, lathes, lofts, extruded outlines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import bpy
from mathutils import Matrix, Vector

Point = Sequence[float]


class Mesh:
    """Vertices and faces that grow until they are put into the scene as one object."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float, float]] = []
        self.faces: list[tuple[int, ...]] = []
        self.slots: list[int] = []
        self.materials: list[bpy.types.Material] = []

    def slot(self, material: bpy.types.Material) -> int:
        """Return the slot of a material, adding it where it is new."""
        if material not in self.materials:
            self.materials.append(material)
        return self.materials.index(material)

    def add(
        self,
        points: Iterable[Point],
        faces: Iterable[Sequence[int]],
        material: bpy.types.Material,
        place: Matrix | None = None,
    ) -> Mesh:
        """Add points and faces (indices among the new points), optionally moved by a matrix."""
        base, slot = len(self.points), self.slot(material)
        for point in points:
            moved = place @ Vector(point) if place else point
            self.points.append((moved[0], moved[1], moved[2]))
        for face in faces:
            self.faces.append(tuple(base + i for i in face))
            self.slots.append(slot)
        return self

    def box(
        self,
        centre: Point,
        size: Point,
        material: bpy.types.Material,
        place: Matrix | None = None,
    ) -> Mesh:
        """Add a box."""
        (cx, cy, cz), (hx, hy, hz) = centre, (s / 2 for s in size)
        points = [
            (cx + sx * hx, cy + sy * hy, cz + sz * hz)
            for sz in (-1, 1)
            for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        faces = [(3, 2, 1, 0), (4, 5, 6, 7)]
        faces += [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
        return self.add(points, faces, material, place)

    def quad(self, corners: Sequence[Point], material: bpy.types.Material) -> Mesh:
        """Add one face of four corners, counter-clockwise seen from its front."""
        return self.add(corners, [(0, 1, 2, 3)], material)

    def loft(
        self,
        rings: Sequence[Sequence[Point]],
        material: bpy.types.Material,
        *,
        closed: bool = True,
        caps: bool = True,
        place: Matrix | None = None,
    ) -> Mesh:
        """Join rings of equally many points; ``closed`` joins each ring's ends."""
        n = len(rings[0])
        span = n if closed else n - 1
        faces: list[tuple[int, ...]] = [
            (r * n + i, r * n + (i + 1) % n, (r + 1) * n + (i + 1) % n, (r + 1) * n + i)
            for r in range(len(rings) - 1)
            for i in range(span)
        ]
        if caps and closed:
            faces += [tuple(reversed(range(n))), tuple((len(rings) - 1) * n + i for i in range(n))]
        return self.add([p for ring in rings for p in ring], faces, material, place)

    def lathe(
        self,
        outline: Sequence[tuple[float, float]],
        material: bpy.types.Material,
        *,
        sides: int = 24,
        place: Matrix | None = None,
        caps: bool = True,
    ) -> Mesh:
        """Turn an outline of (radius, height) pairs about the z axis."""
        rings = [circle(radius, height, sides) for radius, height in outline]
        return self.loft(rings, material, place=place, caps=caps)

    def tube(
        self,
        path: Sequence[Point],
        radius: float | Sequence[float],
        material: bpy.types.Material,
        *,
        sides: int = 8,
    ) -> Mesh:
        """Lay a round tube along a path."""
        radii = radius if isinstance(radius, Sequence) else [radius] * len(path)
        spine = [Vector(p) for p in path]
        rings = []
        for i, at in enumerate(spine):
            ahead = (spine[min(i + 1, len(spine) - 1)] - spine[max(i - 1, 0)]).normalized()
            turn = ahead.to_track_quat("Z", "Y").to_matrix()
            rings.append([at + turn @ Vector(p) for p in circle(radii[i], 0.0, sides)])
        return self.loft(rings, material)

    def extrude(
        self,
        outline: Sequence[tuple[float, float]],
        width: Callable[[float, float], float] | float,
        material: bpy.types.Material,
        place: Matrix | None = None,
    ) -> Mesh:
        """Extrude an outline of (y, z) pairs along x, as wide as ``width(y, z)``."""
        wide = width if callable(width) else lambda _y, _z: width
        rings = [[(s * wide(y, z) / 2, y, z) for y, z in outline] for s in (-1, 1)]
        return self.loft(rings, material, place=place)

    def into_scene(
        self,
        name: str,
        place: Matrix | None = None,
        *,
        bevel: float = 0.0,
        smooth: float | None = None,
        index: int = 0,
    ) -> bpy.types.Object:
        """Make the object: bevel width in metres, smoothing angle in degrees, pass index."""
        data = bpy.data.meshes.new(name)
        data.from_pydata(self.points, [], self.faces)
        for material in self.materials:
            data.materials.append(material)
        data.polygons.foreach_set("material_index", self.slots)
        data.validate()
        if smooth is not None:
            data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
            data.set_sharp_from_angle(angle=math.radians(smooth))
        thing = bpy.data.objects.new(name, data)
        bpy.context.scene.collection.objects.link(thing)
        if place is not None:
            thing.matrix_world = place
        if bevel > 0:
            modifier = thing.modifiers.new("bevel", "BEVEL")
            modifier.width, modifier.segments = bevel, 2
            modifier.limit_method, modifier.angle_limit = "ANGLE", math.radians(28)
            modifier.harden_normals = smooth is not None
        thing.pass_index = index
        return thing


def circle(radius: float, z: float, sides: int) -> list[tuple[float, float, float]]:
    """Return points on a circle about the z axis."""
    turns = [2 * math.pi * i / sides for i in range(sides)]
    return [(radius * math.cos(t), radius * math.sin(t), z) for t in turns]


def at(x: float, y: float, z: float = 0.0, turn_deg: float = 0.0, tilt_deg: float = 0.0) -> Matrix:
    """Return the matrix that tilts about x, turns about z, then moves."""
    turn = Matrix.Rotation(math.radians(turn_deg), 4, "Z")
    return Matrix.Translation((x, y, z)) @ turn @ Matrix.Rotation(math.radians(tilt_deg), 4, "X")


def subdivided(thing: bpy.types.Object, levels: int) -> bpy.types.Object:
    """Smooth an object by Catmull-Clark subdivision."""
    modifier = thing.modifiers.new("subdivision", "SUBSURF")
    modifier.levels = modifier.render_levels = levels
    return thing
