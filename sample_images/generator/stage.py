"""The stage of one picture: what stands on it, and what the truth must say about it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import bpy
from shading import Palette

ROAD_Z = -0.11
"""Height of the carriageway; the pavements' is 0."""


@dataclass
class Thing:
    """Something that the truth names: its pass index, its category and what else is known.

    Parameters
    ----------
    foot : where it stands on the street, metres in the street's frame (x along, y to the left).
    private_index : pass index of its head or number plate.
    """

    index: int
    category: str
    foot: tuple[float, float]
    facts: dict[str, object] = field(default_factory=dict)
    private_index: int = 0


@dataclass
class Stage:
    """The scene that is being built, its chance and its materials."""

    seed: int
    night: bool = False
    wet: float = 0.0
    kerbs: tuple[float, float] = (0.0, 0.0)
    palette: Palette = field(default_factory=Palette)
    things: list[Thing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.next_index = 1

    def new_index(self) -> int:
        """Return a pass index that nothing else has."""
        self.next_index += 1
        return self.next_index - 1

    def thing(self, category: str, x: float, y: float, **facts: object) -> Thing:
        """Announce something that the truth must name."""
        made = Thing(self.new_index(), category, (x, y), dict(facts))
        self.things.append(made)
        return made

    def ground(self, y: float) -> float:
        """Return the height of the ground: the carriageway lies below the pavements."""
        return ROAD_Z if self.kerbs[0] < y < self.kerbs[1] else 0.0

    def vary(self, colour: tuple[float, float, float], by: float) -> tuple[float, float, float]:
        """Return a colour made somewhat lighter or darker and shifted in hue."""
        tone = 1 + self.chance.uniform(-by, by)
        red, green, blue = (
            min(1.0, max(0.0, c * tone * (1 + self.chance.uniform(-by, by) / 3))) for c in colour
        )
        return red, green, blue


def clear() -> None:
    """Empty Blender's file."""
    bpy.ops.wm.read_factory_settings(use_empty=True)


def letters(
    text: str,
    size: float,
    material: bpy.types.Material,
    place: object,
    *,
    index: int = 0,
    wide: float = 1.0,
) -> bpy.types.Object:
    """Write a text, centred, upright in its own xy plane, then moved by a matrix."""
    curve = bpy.data.curves.new(text, "FONT")
    curve.body, curve.size = text, size
    curve.align_x, curve.align_y = "CENTER", "CENTER"
    curve.extrude, curve.space_character = 0.0005, 1.05
    curve.materials.append(material)
    made = bpy.data.objects.new(text, curve)
    bpy.context.scene.collection.objects.link(made)
    made.matrix_world = place
    made.scale[0] *= wide
    made.pass_index = index
    return made
