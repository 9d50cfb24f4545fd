"""What a container of a scene is, and the label on it."""

from __future__ import annotations

from dataclasses import dataclass

from materials import coated, plain
from mathutils import Matrix
from meshes import Mesh, at
from shading import Colour
from stage import Stage, letters

WORD = {
    "residual": "rest", "paper": "papier", "glass": "glas", "packaging": "plastic",
    "organic": "gft", "textile": "textiel",
}  # fmt: skip
SIGNAL: dict[str, Colour] = {
    "residual": (0.55, 0.02, 0.015), "paper": (0.01, 0.1, 0.42), "glass": (0.62, 0.42, 0.01),
    "packaging": (0.7, 0.19, 0.01), "organic": (0.05, 0.27, 0.03), "textile": (0.3, 0.03, 0.3),
}  # fmt: skip
SHELL: dict[str, Colour] = {
    "anthracite": (0.045, 0.046, 0.048), "grey": (0.17, 0.175, 0.18), "green": (0.01, 0.07, 0.035),
    "black": (0.012, 0.012, 0.013), "blue": (0.008, 0.045, 0.2), "brown": (0.06, 0.03, 0.014),
    "white": (0.6, 0.6, 0.58),
}  # fmt: skip


@dataclass(frozen=True)
class Bin:
    """One container of a scene: identity, place in the street's frame, and how full it is.

    Parameters
    ----------
    kind : underground, wheelie or bank.
    fill : true fill, 1 is full; an overflowing container has more than 1.
    lid_deg : how far a wheelie bin's lid stands open.
    """

    id: str
    kind: str
    fraction: str
    volume_l: int
    x: float
    y: float
    turn_deg: float
    fill: float
    shell: str = "anthracite"
    style: str = "box"
    lid_deg: float = 0.0
    overflowing: bool = False


def sign(
    stage: Stage, container: Bin, place: Matrix, size: tuple[float, float], index: int
) -> None:
    """Stick the fraction's coloured label on."""
    colour = coated(
        stage.palette,
        f"sign {container.fraction}",
        SIGNAL[container.fraction],
        rough=0.3,
        dirt=0.15,
    )
    white = plain(stage.palette, "print", (0.7, 0.7, 0.68), rough=0.5)
    Mesh().box((0, 0, 0), (*size, 0.008), colour).into_scene(
        "sign", place, bevel=0.004, index=index
    )
    Mesh().box((0, -size[1] * 0.3, 0.002), (size[0], size[1] * 0.3, 0.008), white).into_scene(
        "stripe", place, index=index
    )
    letters(
        WORD[container.fraction],
        size[1] * 0.55,
        white,
        place @ at(0, size[1] * 0.16, 0.006),
        index=index,
    )
