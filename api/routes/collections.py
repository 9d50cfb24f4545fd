"""/v1, /v1/conformance and /v1/collections, in the manner of OGC API Features."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.collections import COLLECTIONS, Collection, collection
from api.context import Everyone
from api.documents.collections import (
    CollectionDocument,
    CollectionList,
    Conformance,
    Extent,
    Feature,
    FeatureCollection,
    LandingPage,
    SpatialExtent,
)
from api.documents.document import Link
from api.geojson import GEOJSON, GeoJSONResponse
from api.paging import page_links
from api.parameters import During, Limit, Offset, Within
from city.errors import NotFound
from city.municipality import Municipality
from city.store import municipalities
from operations.list_features import Wanted

CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"

router = APIRouter(prefix="/v1", tags=["collections"])


@router.get("")
def get_landing_page(here: Everyone) -> LandingPage:
    """Return where all else is found."""
    city = municipalities.get(here.store)
    return LandingPage(
        title=f"Stadsronde {city.name}",
        description=city.notice("en"),
        links=(
            Link(rel="self", href="/v1"),
            Link(rel="service-desc", href="/v1/openapi.json", type=OPENAPI),
            Link(rel="conformance", href="/v1/conformance"),
            Link(rel="data", href="/v1/collections"),
        ),
    )


@router.get("/conformance")
def get_conformance(here: Everyone) -> Conformance:  # noqa: ARG001
    """Return which parts of OGC API Features are kept to."""
    return Conformance(conforms_to=CONFORMS_TO)


@router.get("/collections")
def list_collections(here: Everyone) -> CollectionList:
    """Return the collections."""
    city = municipalities.get(here.store)
    return CollectionList(
        collections=tuple(_document(each, city) for each in COLLECTIONS),
        links=(Link(rel="self", href="/v1/collections"),),
    )


@router.get("/collections/{collection_id}")
def get_collection(collection_id: str, here: Everyone) -> CollectionDocument:
    """Return what one collection holds."""
    return _document(collection(collection_id), municipalities.get(here.store))


@router.get(
    "/collections/{collection_id}/items",
    response_class=GeoJSONResponse,
    response_model=FeatureCollection,
)
def list_items(
    request: Request,
    response: Response,
    collection_id: str,
    here: Everyone,
    within: Within,
    during: During,
    limit: Limit = 100,
    offset: Offset = 0,
) -> GeoJSONResponse:
    """Return features of a collection, with a link to the next ones."""
    wanted = Wanted(limit + 1, offset, within, during)
    found = tuple(collection(collection_id).items(here, wanted))
    links = page_links(request, response, limit, offset, len(found) > limit, GEOJSON)
    features = found[:limit]
    page = FeatureCollection(features=features, number_returned=len(features), links=links)
    return GeoJSONResponse.of(page, response)


@router.get(
    "/collections/{collection_id}/items/{feature_id}",
    response_class=GeoJSONResponse,
    response_model=Feature,
)
def get_item(collection_id: str, feature_id: str, here: Everyone) -> GeoJSONResponse:
    """Return one feature."""
    found = collection(collection_id).item(here, feature_id)
    if found is None:
        raise NotFound(f"The collection '{collection_id}' has no '{feature_id}'.")
    return GeoJSONResponse.of(found)


def _document(noun: Collection, city: Municipality) -> CollectionDocument:
    box = city.bounds
    href = f"/v1/collections/{noun.id}"
    return CollectionDocument(
        id=noun.id,
        title=noun.title,
        description=noun.description,
        extent=Extent(spatial=SpatialExtent(bbox=((box.west, box.south, box.east, box.north),))),
        links=(Link(rel="self", href=href), Link(rel="items", href=f"{href}/items", type=GEOJSON)),
    )
