"""What the pages are made of besides our scripts: MapLibre, plotly, letters; own colours."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.context import AnyServer
from api.glyphs import RANGE, glyphs
from api.vendored import FONTS, vendored
from city.errors import NotFound

LAST_POINT = 65_535
_CACHED = {"Cache-Control": "public, max-age=86400"}

router = APIRouter(include_in_schema=False)


@router.get("/assets/{name}")
def get_asset(name: str) -> FileResponse:
    """Return a file of an installed package."""
    return FileResponse(vendored(name), headers=_CACHED)


@router.get("/tokens/{municipality_id}.css")
def get_tokens(municipality_id: str, server: AnyServer) -> FileResponse:
    """Return the colours of a municipality."""
    path = server.settings.tokens(municipality_id)
    if not path.is_file():
        raise NotFound(f"'{municipality_id}' has no colours of its own.")
    return FileResponse(path, headers=_CACHED)


@router.get("/glyphs/{font}/{first}-{last}.pbf")
def get_glyphs(font: str, first: int, last: int) -> Response:
    """Return the letters of one range, for the map's labels."""
    if font not in FONTS or first % RANGE or last != first + RANGE - 1 or last > LAST_POINT:
        raise NotFound(f"There are no letters {first}-{last} of '{font}'.")
    content = glyphs(vendored(FONTS[font]), font, first)
    return Response(content, media_type="application/x-protobuf", headers=_CACHED)
