"""How much waste there is, and whether it bars a container: read off the shapes themselves."""

from __future__ import annotations

import bmesh
import bpy
import numpy as np
from bins import Bin
from meshes import at
from stage import Stage, Thing

WASTE = ("bag", "cardboard", "bulky", "pile")
# Half the width and half the depth that a container takes on the ground, metres.
HALF = {"underground": (0.44, 0.42), "wheelie": (0.29, 0.35), "bank": (0.75, 0.58)}
BEFORE_M = 1.2


def measured(stage: Stage, bins: tuple[Bin, ...]) -> None:
    """Tell the litres of each heap of waste, and which containers have waste before them."""
    waste = [thing for thing in stage.things if thing.category in WASTE]
    shapes = {thing.index: shapes_of(thing) for thing in waste}
    for thing in waste:
        thing.facts["litres"] = round(sum(litres(shape) for shape in shapes[thing.index]), 1)
    points = [corners(shape) for thing in waste for shape in shapes[thing.index]]
    every = np.concatenate(points) if points else np.empty((0, 3))
    for container in bins:
        said = next(t for t in stage.things if t.facts.get("container_id") == container.id)
        said.facts["blocked"] = bars(every, container)


def shapes_of(thing: Thing) -> list[bpy.types.Object]:
    """Return the objects that a thing is made of."""
    return [made for made in bpy.context.scene.objects if made.pass_index == thing.index]


def litres(shape: bpy.types.Object) -> float:
    """Return the room that a shape takes: what its builder said, or its convex hull."""
    if "litres" in shape:
        return float(shape["litres"])
    mesh = bmesh.new()
    mesh.from_mesh(shape.data)
    hull = bmesh.ops.convex_hull(mesh, input=mesh.verts)
    kept = {part for part in hull["geom"] if isinstance(part, bmesh.types.BMFace)}
    bmesh.ops.delete(mesh, geom=[f for f in mesh.faces if f not in kept], context="FACES_ONLY")
    room = abs(mesh.calc_volume(signed=True))
    mesh.free()
    return room * 1000


def corners(shape: bpy.types.Object) -> np.ndarray:
    """Return the (n, 3) vertices of a shape in the street's frame, metres."""
    flat = np.empty(len(shape.data.vertices) * 3)
    shape.data.vertices.foreach_get("co", flat)
    turn = np.array(shape.matrix_world)
    return flat.reshape(-1, 3) @ turn[:3, :3].T + turn[:3, 3]


def bars(points: np.ndarray, container: Bin) -> bool:
    """Tell whether some point lies within 1.2 m before a container's front, as wide as it is."""
    back = np.array(at(container.x, container.y, 0.0, container.turn_deg).inverted())
    local = points @ back[:3, :3].T + back[:3, 3]
    half, deep = HALF[container.kind]
    before = (local[:, 1] < -deep) & (local[:, 1] > -deep - BEFORE_M)
    return bool((before & (np.abs(local[:, 0]) < half)).any())
