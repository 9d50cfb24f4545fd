"""Query parameters that several routes share, parsed into the city's nouns."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from city.errors import BadInput, Fault
from city.place import Bounds, Position
from city.wording import Language

Limit = Annotated[int, Query(ge=1, le=1000, description="How many to return at most.")]
Offset = Annotated[int, Query(ge=0, description="How many to leave out first.")]
InLanguage = Annotated[Language, Query(description="The language of texts.")]


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


Within = Annotated[Bounds | None, Depends(_bbox)]


def _bad_box(value: str, cause: str) -> BadInput:
    remedy = "Give west,south,east,north, such as 24.93,60.16,24.95,60.18."
    return BadInput(Fault("bbox", "query", cause, remedy, "bbox", value[:100]))
