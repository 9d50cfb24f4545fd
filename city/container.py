"""A waste container as the registry knows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from city.errors import BadInput, Fault
from city.fraction import DENSITY_KG_PER_L, Fraction
from city.place import Position


class ContainerKind(StrEnum):
    """How a container is built, which decides what a camera can see of it.

    ``LOOSE`` is no container but what lies beside one, or away from all: a stop all the same.
    """

    UNDERGROUND = "underground"
    BANK = "bank"
    WHEELIE = "wheelie"
    BASKET = "basket"
    LOOSE = "loose-waste"


REGISTERED_KINDS = tuple(kind for kind in ContainerKind if kind is not ContainerKind.LOOSE)
"""What stands in a registry."""


class Gear(StrEnum):
    """The lifting gear that a truck needs to empty a container."""

    CRANE = "crane"
    REAR_LOADER = "rear-loader"


GEAR_OF_KIND = {
    ContainerKind.UNDERGROUND: Gear.CRANE,
    ContainerKind.BANK: Gear.CRANE,
    ContainerKind.WHEELIE: Gear.REAR_LOADER,
    ContainerKind.BASKET: Gear.REAR_LOADER,
    ContainerKind.LOOSE: Gear.REAR_LOADER,
}

# From stopping beside it to leaving, as crews report it: hooking, lifting, emptying, setting back.
EMPTYING_S = {
    ContainerKind.UNDERGROUND: 240,
    ContainerKind.BANK: 300,
    ContainerKind.WHEELIE: 60,
    ContainerKind.BASKET: 40,
    ContainerKind.LOOSE: 180,
}

# Above the ground, as cameras see them: inlet columns, bottle banks, wheelie bins, litter bins.
HEIGHT_M = {
    ContainerKind.UNDERGROUND: 1.2,
    ContainerKind.BANK: 1.7,
    ContainerKind.WHEELIE: 1.2,
    ContainerKind.BASKET: 1.0,
}


@dataclass(frozen=True)
class Container:
    """One container at one place, for one fraction.

    Parameters
    ----------
    address : street and house number for a driver's eye; empty where unknown.
    access_note : what a crew must know to reach it.
    simulated : true where the container was invented for a demonstration.
    """

    id: str
    position: Position
    fraction: Fraction
    kind: ContainerKind
    volume_l: int
    address: str = ""
    access_note: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise BadInput(
                Fault(
                    code="container-without-id",
                    where="container",
                    field="id",
                    cause="A container must have an id.",
                    remedy="Give the id that the registry uses.",
                )
            )
        if not 10 <= self.volume_l <= 50_000:
            raise BadInput(
                Fault(
                    code="container-volume",
                    where=f"container {self.id}",
                    field="volume_l",
                    value=str(self.volume_l),
                    cause="The volume must lie within 10 and 50,000 litres.",
                    remedy="Give the volume in litres, not in cubic metres.",
                )
            )

    @property
    def gear(self) -> Gear:
        """The lifting gear that empties it."""
        return GEAR_OF_KIND[self.kind]

    @property
    def emptying_s(self) -> int:
        """How long a crew needs to empty it."""
        return EMPTYING_S[self.kind]

    @property
    def height_m(self) -> float:
        """How high such containers stand above the ground."""
        return HEIGHT_M[self.kind]

    def weight_kg(self, fill: float) -> float:
        """Return the expected weight of its content at a fill level (1 is full)."""
        return fill * self.volume_l * DENSITY_KG_PER_L[self.fraction]
