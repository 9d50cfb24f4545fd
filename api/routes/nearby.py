"""/nearby: for anybody, where a city switched open data on: the nearest container with room."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.context import AnyServer
from api.pages.forms import missing
from api.pages.nearby_page import nearby_page
from api.pages.words import WORDS
from api.spoken import Spoken
from city.errors import BadInput, NotFound
from city.fraction import Fraction
from city.place import Position
from city.store import municipalities
from operations.nearest_container import nearest_with_room, place_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Typed = Annotated[str, Form(max_length=200)]


@router.get("/nearby")
def show_nearby(request: Request, server: AnyServer, language: Spoken) -> HTMLResponse:
    """Return the page that asks where somebody is."""
    if not server.settings.open_data:
        raise NotFound("This city publishes no open data here.")
    return nearby_page(request, municipalities.get(server.store), language)


@router.post("/nearby")
def find_nearby(
    request: Request,
    server: AnyServer,
    language: Spoken,
    fraction: Annotated[Fraction, Form()] = Fraction.RESIDUAL,
    address: Typed = "",
    lon: Typed = "",
    lat: Typed = "",
) -> HTMLResponse:
    """Return the nearest containers; where somebody is, is sent so that no log has it."""
    if not server.settings.open_data:
        raise NotFound("This city publishes no open data here.")
    city, here = municipalities.get(server.store), place_of(server.store, address)
    if not address:
        here = _position(lon, lat)
    if here is None:
        nowhere = {"address": WORDS[language]["nearby_no_place"]}
        errors = nowhere if lon else missing({"address": address}, language) or nowhere
        return nearby_page(request, city, language, fraction, address, errors=errors)
    found = nearest_with_room(server.store, here, fraction)
    return nearby_page(request, city, language, fraction, address, found)


def _position(lon: str, lat: str) -> Position | None:
    try:
        return Position(float(lon), float(lat))
    except (ValueError, BadInput):
        return None
