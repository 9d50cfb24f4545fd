"""A short way of writing shader graphs, so that a material reads like a formula."""

from __future__ import annotations

from typing import Any

import bpy

Socket = bpy.types.NodeSocket
Colour = tuple[float, float, float]


class Graph:
    """The node graph of one material (or of the world)."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        self.tree.nodes.clear()

    def node(self, kind: str, /, **inputs: Any) -> Any:
        """Add a ``ShaderNode…``; keywords name inputs (or, lower case, attributes)."""
        made = self.tree.nodes.new(f"ShaderNode{kind}")
        for key, value in inputs.items():
            if key[0].islower():
                setattr(made, key, value)
        for key, value in inputs.items():
            if not key[0].islower():
                self.feed(made.inputs[key.replace("_", " ")], value)
        return made

    def feed(self, socket: Socket, value: Any) -> None:
        """Link a socket, or set its value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    def sum(self, kind: str, *values: Any) -> Socket:
        """Combine numbers with a math node, e.g. ``sum("MULTIPLY", a, 2)``."""
        made = self.tree.nodes.new("ShaderNodeMath")
        made.operation = kind
        for socket, value in zip(made.inputs, values, strict=False):
            self.feed(socket, value)
        return made.outputs[0]

    def blend(self, factor: Any, one: Any, two: Any, kind: str = "MIX") -> Socket:
        """Mix two colours."""
        made = self.tree.nodes.new("ShaderNodeMix")
        made.data_type, made.blend_type = "RGBA", kind
        for socket, value in zip((0, 6, 7), (factor, one, two), strict=True):
            self.feed(made.inputs[socket], value)
        return made.outputs[2]

    def ramp(self, factor: Socket, low: float, high: float, out: tuple[float, float]) -> Socket:
        """Map ``low``..``high`` to ``out`` and clamp."""
        made = self.node(
            "MapRange", Value=factor, From_Min=low, From_Max=high, To_Min=out[0], To_Max=out[1]
        )
        return made.outputs[0]

    def noise(self, scale: float, where: Socket, detail: float = 5.0, rough: float = 0.6) -> Socket:
        """Return fractal noise, about 0.3..0.7, at ``scale`` waves a metre."""
        made = self.node("TexNoise", Vector=where, Scale=scale, Detail=detail, Roughness=rough)
        return made.outputs["Fac"]

    def bump(self, height: Socket, distance: float, strength: float = 1.0) -> Socket:
        """Return a normal bent by a height in units of ``distance`` metres."""
        made = self.node("Bump", Height=height, Distance=distance, Strength=strength)
        return made.outputs[0]

    def place(self, kind: str = "Object") -> Socket:
        """Return a coordinate: Object, Generated, UV or Normal."""
        return self.node("TexCoord").outputs[kind]

    def world_place(self) -> Socket:
        """Return the position in the scene, metres."""
        return self.node("NewGeometry").outputs["Position"]


class Palette:
    """The materials of one picture, each made once."""

    def __init__(self) -> None:
        self.made: dict[str, bpy.types.Material] = {}

    def start(self, name: str) -> tuple[bpy.types.Material, Graph]:
        """Make an empty material and its graph."""
        material = bpy.data.materials.new(name)
        material.use_nodes = True
        self.made[name] = material
        return material, Graph(material.node_tree)

    def finish(self, graph: Graph, *, far: Colour | None = None, **inputs: Any) -> None:
        """Close a graph with the principled surface.

        ``far`` is a plain colour that stands in where light has bounced off something else
        before: what is only seen by its glow needs no detail, and rendering halves in time.
        """
        surface = graph.node("BsdfPrincipled", **inputs).outputs[0]
        out = graph.node("OutputMaterial")
        if far:
            path = graph.node("LightPath").outputs
            direct = graph.sum("MAXIMUM", path["Is Camera Ray"], path["Is Glossy Ray"])
            mix = graph.node("MixShader")
            graph.tree.links.new(direct, mix.inputs[0])
            dull = graph.node("BsdfDiffuse", Color=far)
            graph.tree.links.new(dull.outputs[0], mix.inputs[1])
            graph.tree.links.new(surface, mix.inputs[2])
            surface = mix.outputs[0]
        graph.tree.links.new(surface, out.inputs["Surface"])
