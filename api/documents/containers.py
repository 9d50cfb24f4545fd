"""Containers and their evidence, as GeoJSON features."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.documents.document import Document, Link, Point, example
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction


class ContainerProperties(Document):
    """What the registry knows of a container."""

    fraction: Fraction
    kind: ContainerKind
    volume_l: int = Field(description="Volume in litres.")
    address: str
    access_note: str
    simulated: bool = Field(description="True where it was invented for a demonstration.")


class EvidenceDocument(Document):
    """One record of the ledger."""

    id: str
    kind: EvidenceKind
    value: float = Field(
        description="Kilograms for an emptying, a count for deposits; else a share, 1 is full."
    )
    seen_at: datetime
    received_at: datetime
    source: str
    raw_ref: str
    trust: float
    uncertainty_m: float

    @classmethod
    def of(cls, noun: Evidence) -> EvidenceDocument:
        """Return the document of one record."""
        return cls(
            id=noun.id,
            kind=noun.kind,
            value=noun.value,
            seen_at=noun.seen_at,
            received_at=noun.received_at,
            source=noun.source,
            raw_ref=noun.raw_ref,
            trust=noun.trust,
            uncertainty_m=noun.uncertainty_m,
        )


CONTAINER_EXAMPLE = {
    "type": "Feature",
    "id": "HEL-0042",
    "geometry": {"type": "Point", "coordinates": [24.9384, 60.1699]},
    "properties": {
        "fraction": "glass",
        "kind": "bank",
        "volumeL": 3000,
        "address": "Torikatu 1",
        "accessNote": "",
        "simulated": True,
    },
}


class ContainerFeature(Document):
    """A container as a GeoJSON feature."""

    model_config = Document.model_config | {"json_schema_extra": example(**CONTAINER_EXAMPLE)}

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point
    properties: ContainerProperties

    @classmethod
    def of(cls, noun: Container) -> ContainerFeature:
        """Return the document of one container."""
        return cls(**_parts(noun))


class ContainerWithEvidence(ContainerFeature):
    """A container with what was said about it, the newest first."""

    evidence: tuple[EvidenceDocument, ...]

    @classmethod
    def told(cls, noun: Container, records: Iterable[Evidence]) -> ContainerWithEvidence:
        """Return the document of one container and its records."""
        found = tuple(EvidenceDocument.of(record) for record in records)
        return cls(**_parts(noun), evidence=found)


class ContainerCollection(Document):
    """Some containers as a GeoJSON feature collection, with a link to the next ones."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[ContainerFeature, ...]
    number_returned: int
    links: tuple[Link, ...]


def _parts(noun: Container) -> dict[str, Any]:
    return {
        "id": noun.id,
        "geometry": Point.at(noun.position),
        "properties": ContainerProperties(
            fraction=noun.fraction,
            kind=noun.kind,
            volume_l=noun.volume_l,
            address=noun.address,
            access_note=noun.access_note,
            simulated=noun.simulated,
        ),
    }
