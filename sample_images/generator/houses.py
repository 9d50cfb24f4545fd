"""Houses: walls of brick or plaster, windows set back, doors, shop fronts, plinths, cornices."""

from __future__ import annotations

from dataclasses import dataclass, field

from materials import coated, masonry, pane, plain
from mathutils import Matrix
from meshes import Mesh
from shading import Colour
from stage import Stage

BRICKS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((0.17, 0.055, 0.035), (0.25, 0.09, 0.055), (0.22, 0.2, 0.175)),
    ((0.11, 0.045, 0.032), (0.175, 0.068, 0.045), (0.16, 0.15, 0.135)),
    ((0.28, 0.165, 0.085), (0.35, 0.225, 0.125), (0.26, 0.24, 0.205)),
    ((0.075, 0.05, 0.042), (0.125, 0.077, 0.06), (0.1, 0.095, 0.09)),
)
PLASTERS: tuple[Colour, ...] = (
    (0.46, 0.41, 0.31),
    (0.42, 0.35, 0.265),
    (0.38, 0.375, 0.355),
    (0.43, 0.3, 0.19),
)
FRAMES: tuple[Colour, ...] = (
    (0.62, 0.62, 0.58),
    (0.64, 0.63, 0.6),
    (0.03, 0.06, 0.045),
    (0.5, 0.5, 0.48),
)
DOORS: tuple[Colour, ...] = (
    (0.015, 0.045, 0.03),
    (0.015, 0.022, 0.06),
    (0.09, 0.016, 0.016),
    (0.085, 0.045, 0.022),
    (0.02, 0.02, 0.02),
)
PANE_Y = 0.16


@dataclass
class House:
    """One house while it is being built; its front lies in the plane y = 0 and looks to -y."""

    stage: Stage
    wide: float
    storeys: int
    made: Mesh = field(default_factory=Mesh)
    panes: Mesh = field(default_factory=Mesh)

    def __post_init__(self) -> None:
        chance, palette = self.stage.chance, self.stage.palette
        self.look = chance.randrange(4)
        if chance.random() < 0.68:
            self.wall = masonry(palette, f"brick {self.look}", *BRICKS[self.look])
        else:
            self.wall = coated(
                palette,
                f"plaster {self.look}",
                PLASTERS[self.look],
                rough=0.85,
                dirt=0.5,
                scale=0.3,
            )
        pale = self.look % 2 == 1
        self.stone = coated(
            palette,
            f"stone {pale}",
            (0.26, 0.25, 0.23) if pale else (0.1, 0.1, 0.105),
            rough=0.8,
            dirt=0.4,
            scale=0.5,
        )
        self.frame = coated(palette, f"frame {self.look}", FRAMES[self.look], rough=0.4, dirt=0.15)
        self.columns = max(2, int(self.wide / chance.choice((1.9, 2.2, 2.7))))
        self.pitch = self.wide / self.columns
        self.opening = min(1.45, self.pitch * 0.58)
        self.plinth = chance.uniform(0.45, 0.75)

    def build(self, name: str, place: Matrix) -> None:
        """Build storey by storey and put the house on its place."""
        chance = self.stage.chance
        z = chance.uniform(3.4, 3.9)
        upper = chance.uniform(2.9, 3.3)
        self.ground_floor(z)
        for _ in range(self.storeys - 1):
            sill, head = z + 0.75, z + 2.45
            self.wall_face(0, self.wide, z, sill)
            self.wall_face(0, self.wide, head, z + upper)
            for left, right, column in self.openings():
                self.piers(left, right, column, sill, head)
                self.window(left, right, sill, head)
            z += upper
        self.made.box((self.wide / 2, -0.16, z + 0.12), (self.wide + 0.04, 0.42, 0.26), self.frame)
        self.made.box((self.wide / 2, 5.0, z / 2), (self.wide - 0.02, 9.6, z), self.stone)
        pipe = coated(self.stage.palette, "zinc", (0.3, 0.31, 0.32), rough=0.5, metal=0.6)
        self.made.tube([(0.1, -0.1, 0.0), (0.1, -0.1, z)], 0.045, pipe, sides=10)
        self.made.into_scene(f"house {name}", place)
        self.panes.into_scene(f"panes {name}", place)

    def openings(self) -> list[tuple[float, float, int]]:
        """Return left and right edge and number of each column's opening."""
        gap = (self.pitch - self.opening) / 2
        return [(c * self.pitch + gap, (c + 1) * self.pitch - gap, c) for c in range(self.columns)]

    def wall_face(self, x0: float, x1: float, z0: float, z1: float) -> None:
        """Build a flat piece of wall."""
        self.made.quad([(x0, 0, z0), (x1, 0, z0), (x1, 0, z1), (x0, 0, z1)], self.wall)

    def piers(self, left: float, right: float, column: int, low: float, high: float) -> None:
        """Build the wall on both sides of an opening."""
        self.wall_face(column * self.pitch, left, low, high)
        self.wall_face(right, (column + 1) * self.pitch, low, high)

    def ground_floor(self, high: float) -> None:
        """Build the ground floor: a door, and windows or a shop front."""
        sill, head = self.plinth + 0.4, 2.75
        door = self.stage.chance.randrange(self.columns)
        shop = self.stage.chance.random() < 0.22
        self.wall_face(0, self.wide, head, high)
        for x0, x1, column in self.openings():
            left, right, low = x0, x1, sill
            if column == door:
                left, right, low = (x0 + x1) / 2 - 0.53, (x0 + x1) / 2 + 0.53, 0.0
                self.entrance(left, right, head)
            elif shop:
                left, right = column * self.pitch + 0.12, (column + 1) * self.pitch - 0.12
                low = 0.35
                self.window(left, right, low, head, lit=0.5)
            else:
                self.window(left, right, low, head)
            self.piers(left, right, column, low, head)
            if low:
                self.wall_face(column * self.pitch, (column + 1) * self.pitch, 0, low)
            self.base(left, right, column, column == door, low)
        if shop:
            tint = self.stage.chance.randrange(5)
            board = coated(self.stage.palette, f"door {tint}", DOORS[tint], rough=0.3, dirt=0.2)
            self.made.box((self.wide / 2, -0.06, head + 0.3), (self.wide - 0.2, 0.16, 0.45), board)
        elif self.look != 3:
            self.made.box((self.wide / 2, -0.04, high - 0.1), (self.wide, 0.1, 0.16), self.stone)

    def base(self, left: float, right: float, column: int, is_door: bool, low: float) -> None:
        """Build the plinth under a column, open where the door is."""
        x0, x1 = column * self.pitch, (column + 1) * self.pitch
        tall = min(self.plinth, low) if low else self.plinth
        for a, b in ((x0, left), (right, x1)) if is_door else ((x0, x1),):
            if b > a:
                self.made.box(((a + b) / 2, -0.02, tall / 2), (b - a, 0.07, tall), self.stone)

    def reveal(self, left: float, right: float, low: float, head: float) -> None:
        """Build the sides of an opening."""
        for corners in (
            [(left, 0, low), (left, 0, head), (left, PANE_Y, head), (left, PANE_Y, low)],
            [(right, 0, low), (right, PANE_Y, low), (right, PANE_Y, head), (right, 0, head)],
            [(left, 0, head), (right, 0, head), (right, PANE_Y, head), (left, PANE_Y, head)],
        ):
            self.made.quad(corners, self.wall)

    def glass(self, left: float, right: float, low: float, head: float, lit: float) -> None:
        """Put a pane in, lit by night with a probability."""
        dice, palette = self.stage.chance.random(), self.stage.palette
        if self.stage.night and dice < lit:
            material = pane(
                palette, f"lit {int(dice * 20)}", glow=0.03 + 0.16 * dice, warm=1.0 - dice
            )
        else:
            material = pane(palette, f"pane {int(dice * 4)}")
        y = PANE_Y
        self.panes.quad(
            [(left, y, low), (right, y, low), (right, y, head), (left, y, head)], material
        )

    def window(
        self, left: float, right: float, sill: float, head: float, lit: float = 0.28
    ) -> None:
        """Fill an opening with a framed window, a sill and a lintel."""
        self.reveal(left, right, sill, head)
        self.glass(left, right, sill, head, lit)
        middle, wide, high, y = (left + right) / 2, right - left, head - sill, PANE_Y - 0.02
        self.made.box((middle, -0.02, sill - 0.03), (wide + 0.1, 0.36, 0.06), self.stone)
        if self.look != 2:
            self.made.box((middle, -0.002, head + 0.1), (wide + 0.2, 0.02, 0.2), self.stone)
        bars = [left + 0.035, right - 0.035, middle] if wide < 2 else [left + 0.035, right - 0.035]
        for x in bars:
            self.made.box((x, y, sill + high / 2), (0.065, 0.06, high), self.frame)
        for z in (sill + 0.04, head - 0.04, sill + high * 0.7):
            self.made.box((middle, y - 0.002, z), (wide, 0.055, 0.065), self.frame)

    def entrance(self, left: float, right: float, head: float) -> None:
        """Fill an opening with a panelled door, a light above it and a step."""
        stage, made, middle, wide = self.stage, self.made, (left + right) / 2, right - left
        tint = stage.chance.randrange(len(DOORS))
        paint = coated(stage.palette, f"door {tint}", DOORS[tint], rough=0.3, dirt=0.12)
        self.reveal(left, right, 0.0, head)
        y, top, step = PANE_Y - 0.03, 2.28, 0.1
        made.box((middle, y, (top + step) / 2), (wide, 0.05, top - step), paint)
        for x in (-0.23, 0.23):
            for z, high in ((0.55, 0.62), (1.15, 0.4), (1.78, 0.7)):
                made.box((middle + x * wide, y - 0.03, z), (0.34 * wide, 0.018, high), paint)
        for x in (left + 0.03, right - 0.03):
            made.box((x, y - 0.02, head / 2), (0.06, 0.09, head), self.frame)
        made.box((middle, y - 0.02, top + 0.03), (wide, 0.09, 0.06), self.frame)
        self.glass(left, right, top + 0.06, head, 0.5)
        made.box((middle, -0.14, step / 2), (wide + 0.24, 0.6, step), self.stone)
        brass = plain(stage.palette, "brass", (0.4, 0.28, 0.1), rough=0.3, metal=1.0)
        made.box((right - 0.14, y - 0.06, 1.1), (0.03, 0.05, 0.14), brass)
        made.box((middle, y - 0.04, 0.86), (0.26, 0.02, 0.05), brass)
        blue = plain(stage.palette, "enamel blue", (0.01, 0.025, 0.12), rough=0.2)
        made.box((right + 0.2, -0.012, 1.75), (0.13, 0.02, 0.09), blue)


def house(stage: Stage, place: Matrix, wide: float, storeys: int, number: int) -> None:
    """Build one house."""
    House(stage, wide, storeys).build(str(number), place)
