"""Open data: containers as anybody may see them, without notes for crews, photos or reports."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.documents.document import Document, Link, Point
from city.container import Container, ContainerKind
from city.fraction import Fraction
from city.plan import Choice


class OpenProperties(Document):
    """What anybody may know of a container."""

    fraction: Fraction
    kind: ContainerKind
    volume_l: int
    address: str
    expected_fill: float | None = Field(
        description="By the newest plan, to a tenth; 1 is full. Null where no plan speaks of it."
    )
    simulated: bool = Field(description="True where it was invented for a demonstration.")


class OpenFeature(Document):
    """A container as a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point
    properties: OpenProperties

    @classmethod
    def of(cls, noun: Container, choice: Choice | None) -> OpenFeature:
        """Return what anybody may know of a container."""
        properties = OpenProperties(
            fraction=noun.fraction,
            kind=noun.kind,
            volume_l=noun.volume_l,
            address=noun.address,
            expected_fill=round(choice.fill, 1) if choice else None,
            simulated=noun.simulated,
        )
        return cls(id=noun.id, geometry=Point.at(noun.position), properties=properties)


class OpenCollection(Document):
    """Some containers, with a link to the next ones."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[OpenFeature, ...]
    number_returned: int
    links: tuple[Link, ...]
