"""Query parameters that several routes share, parsed into the city's nouns."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated

from fastapi import Depends, Query, Request

from city.errors import BadInput, Fault
from city.place import Bounds, Position
from city.wording import Language
from operations.list_features import EVER

Limit = Annotated[int, Query(ge=1, le=1000, description="How many to return at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to leave out first.")]
InLanguage = Annotated[Language, Query(description="The language of texts.")]


async def only_described(request: Request) -> None:
    """Refuse query parameters that an address of the API does not know: slips of the pen."""
    path = getattr(request.scope.get("route"), "path", "")
    if not request.query_params or not path.startswith("/v1/"):
        return
    described = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    names = [each["name"] for each in described.get("parameters", ()) if each["in"] == "query"]
    faults = [_unknown(asked, names) for asked in request.query_params if asked not in names]
    if faults:
        raise BadInput(faults)


def _unknown(asked: str, names: list[str]) -> Fault:
    likely = get_close_matches(asked, names, 1)
    known = f"Known are: {', '.join(names)}." if names else "None is known here."
    remedy = f"Write '{likely[0]}'." if likely else known
    cause = "There is no such parameter here."
    return Fault("unknown-parameter", "query", cause, remedy, asked[:100])


def _bbox(
    bbox: Annotated[
        str | None,
        Query(
            description="Only what lies in this box: west,south,east,north in degrees.",
            examples=["24.93,60.16,24.95,60.18"],
        ),
    ] = None,
) -> Bounds | None:
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
        Position(west, south), Position(east, north)
    except (ValueError, BadInput):
        raise _bad_box(bbox, "A box is four numbers in degrees.") from None
    if not (west <= east and south <= north):
        raise _bad_box(bbox, "West must not lie east of east, nor south north of north.")
    return Bounds(west, south, east, north)


def _during(
    wanted: Annotated[
        str | None,
        Query(
            alias="datetime",
            description="A time, or an interval of two with a slash between; '..' is open.",
            examples=["2026-11-24T00:00:00Z/.."],
        ),
    ] = None,
) -> tuple[datetime, datetime]:
    if wanted is None:
        return EVER
    first, slash, last = wanted.partition("/")
    ends = (_moment(first, EVER[0], wanted), _moment(last if slash else first, EVER[1], wanted))
    if ends[0] > ends[1]:
        raise _bad_time(wanted, "An interval begins before it ends.")
    return ends


def _moment(text: str, open_end: datetime, whole: str) -> datetime:
    if text in ("", "..") and "/" in whole:
        return open_end
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _bad_time(whole, "This is no time.") from None
    if found.tzinfo is None or not EVER[0] <= found <= EVER[1]:
        raise _bad_time(whole, "A time says its zone, and lies between 1900 and 2200.")
    return found.astimezone(UTC)


During = Annotated[tuple[datetime, datetime], Depends(_during)]
Within = Annotated[Bounds | None, Depends(_bbox)]


def _bad_time(value: str, cause: str) -> BadInput:
    remedy = "Give RFC 3339, such as 2026-11-24T00:00:00Z/2026-11-25T00:00:00Z."
    return BadInput(Fault("datetime", "query", cause, remedy, "datetime", value[:100]))


def _bad_box(value: str, cause: str) -> BadInput:
    remedy = "Give west,south,east,north, such as 24.93,60.16,24.95,60.18."
    return BadInput(Fault("bbox", "query", cause, remedy, "bbox", value[:100]))
