"""/driver: the page for crews, and the service worker that opens it without network."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.context import Drivers
from api.headers import WITH_POSITION
from api.pages.driver_page import PATH, driver_page, worker
from api.spoken import Spoken
from city.store import municipalities
from operations.open_city import newest_base_map

router = APIRouter(include_in_schema=False)


@router.get(PATH, response_class=HTMLResponse)
def show_driver(request: Request, here: Drivers, language: Spoken) -> HTMLResponse:
    """Return the driver's page."""
    city = municipalities.get(here.store)
    drawn, minutes = newest_base_map(here.settings), here.settings.position_minutes
    page = driver_page(request, city, here.visitor, drawn, minutes, language)
    if minutes:
        page.headers["Permissions-Policy"] = WITH_POSITION
    return page


@router.get("/driver-worker.js")
def get_worker() -> Response:
    """Return the service worker: it lies at the root, for the page's scripts lie elsewhere."""
    return Response(worker(), media_type="text/javascript")
