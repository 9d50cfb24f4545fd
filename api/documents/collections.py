"""Collections of features, in the manner of OGC API Features (OGC 17-069r4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.documents.containers import CONTAINER_EXAMPLE, ContainerFeature, ContainerProperties
from api.documents.document import Document, LineString, Link, Point, example
from city.cases import Case, Matter
from city.container import Container
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from operations.list_features import PlannedRoute


class CaseProperties(Document):
    """One matter at one place that wants one visit."""

    matter: Matter
    fraction: Fraction | None
    container_ids: tuple[str, ...]
    records: int = Field(description="How many photos, reports and readings speak of it.")
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None = Field(description="When a crew was there; null while it is open.")


class RouteProperties(Document):
    """One truck's day."""

    plan_id: str
    day: date
    vehicle_id: str
    vehicle_name: str
    stops: int
    length_m: int
    duration_s: int
    weight_kg: int = Field(description="What it is expected to collect.")
    on_streets: bool = Field(description="False where the line is straight for want of roads.")


class SightingProperties(Document):
    """What was seen in a photo."""

    kind: EvidenceKind
    value: float = Field(description="Probability, 0 to 1.")
    seen_at: datetime
    photo: str = Field(description="Where it was seen.")
    container_id: str | None
    fraction: Fraction | None
    uncertainty_m: float = Field(description="Standard error per axis.")


class Feature(Document):
    """A GeoJSON feature of any collection."""

    model_config = Document.model_config | {"json_schema_extra": example(**CONTAINER_EXAMPLE)}

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point | LineString = Field(discriminator="type")
    properties: ContainerProperties | CaseProperties | RouteProperties | SightingProperties

    @classmethod
    def of_container(cls, noun: Container) -> Feature:
        """Return a container."""
        same = ContainerFeature.of(noun)
        return cls(id=same.id, geometry=same.geometry, properties=same.properties)

    @classmethod
    def of_case(cls, noun: Case) -> Feature:
        """Return a case."""
        properties = CaseProperties(
            matter=noun.matter,
            fraction=noun.fraction,
            container_ids=noun.container_ids,
            records=len(noun.members),
            first_seen_at=noun.first_seen_at,
            last_seen_at=noun.last_seen_at,
            closed_at=noun.closed_at,
        )
        return cls(id=noun.id, geometry=Point.at(noun.position), properties=properties)

    @classmethod
    def of_route(cls, noun: PlannedRoute) -> Feature:
        """Return a route."""
        shown = noun.shown
        properties = RouteProperties(
            plan_id=noun.plan.id,
            day=noun.plan.day,
            vehicle_id=shown.route.vehicle_id,
            vehicle_name=shown.vehicle_name,
            stops=len(shown.route.stop_ids),
            length_m=shown.route.length_m,
            duration_s=shown.route.duration_s,
            weight_kg=shown.weight_kg,
            on_streets=shown.drawn.on_streets,
        )
        line = LineString.drawn(shown.drawn.line)
        return cls(id=noun.id, geometry=line, properties=properties)

    @classmethod
    def of_sighting(cls, noun: Evidence) -> Feature:
        """Return a sighting."""
        properties = SightingProperties(
            kind=noun.kind,
            value=noun.value,
            seen_at=noun.seen_at,
            photo=noun.raw_ref,
            container_id=noun.container_id,
            fraction=noun.fraction,
            uncertainty_m=noun.uncertainty_m,
        )
        return cls(id=noun.id, geometry=Point.at(noun.position), properties=properties)


class FeatureCollection(Document):
    """Some features of a collection, with a link to the next ones."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[Feature, ...]
    number_returned: int
    links: tuple[Link, ...]


class SpatialExtent(Document):
    """The boxes that all features lie in: west, south, east, north."""

    bbox: tuple[tuple[float, float, float, float], ...]
    crs: str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


class Extent(Document):
    """Where the features of a collection lie."""

    spatial: SpatialExtent


class CollectionDocument(Document):
    """One collection."""

    id: str
    title: str
    description: str
    item_type: Literal["feature"] = "feature"
    extent: Extent
    links: tuple[Link, ...]


class CollectionList(Document):
    """All collections."""

    collections: tuple[CollectionDocument, ...]
    links: tuple[Link, ...]


class LandingPage(Document):
    """Where a program begins."""

    title: str
    description: str
    links: tuple[Link, ...]


class Conformance(Document):
    """Which parts of standards are kept to."""

    conforms_to: tuple[str, ...]
