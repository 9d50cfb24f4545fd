"""The base map: which layers there are, and whose data it is."""

from __future__ import annotations

from api.documents.document import Document, Link
from operations.base_map import BaseMap


class LayerDocument(Document):
    """One layer, in the order in which it is drawn."""

    name: str
    features: int
    links: tuple[Link, ...]


class BaseMapDocument(Document):
    """The layers of the base map; the attribution must be shown with it."""

    bounds: tuple[float, float, float, float]
    attribution: str
    layers: tuple[LayerDocument, ...]

    @classmethod
    def of(cls, noun: BaseMap) -> BaseMapDocument:
        """Return the document of a base map."""
        return cls(
            bounds=noun.bounds,
            attribution=noun.attribution,
            layers=tuple(
                LayerDocument(
                    name=name,
                    features=count,
                    links=(
                        Link(rel="data", href=f"/v1/base-map/{name}", type="application/geo+json"),
                    ),
                )
                for name, count in noun.layers.items()
            ),
        )
