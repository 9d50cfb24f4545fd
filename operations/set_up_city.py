"""The verb that sets a municipality up: its name, its clock and its bounds."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from city.errors import BadInput, Fault
from city.municipality import Municipality
from city.place import Bounds, Position
from city.store import Store, municipalities

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")


def set_up_city(store: Store, name: str, time_zone: str, bounds: str) -> Municipality:
    """Keep a municipality, or change what is known of it.

    Parameters
    ----------
    time_zone : as in the IANA database, such as ``Europe/Amsterdam``.
    bounds : west, south, east and north in degrees, parted by commas.

    Raises
    ------
    BadInput
        With all that is wrong with the three.
    """
    faults: list[Fault] = []
    if not _ID.fullmatch(store.municipality_id):
        faults.append(
            _fault(
                "municipality-id",
                "municipality",
                store.municipality_id,
                "An id is lower-case letters, digits and hyphens.",
                "Give one such as 'amsterdam'.",
            )
        )
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(
            _fault(
                "time-zone",
                "time-zone",
                time_zone,
                "No such time zone is known.",
                "Give one such as Europe/Amsterdam.",
            )
        )
    try:
        box = _bounds(bounds)
    except (ValueError, BadInput):
        faults.append(
            _fault(
                "bounds",
                "bounds",
                bounds,
                "Bounds are four numbers: west, south, east, north, in degrees.",
                "Give them in that order, such as 4.73,52.28,5.07,52.43.",
            )
        )
    if faults:
        raise BadInput(faults)
    city = Municipality(store.municipality_id, name, time_zone, box)
    municipalities.put(store, city)
    return city


def _bounds(text: str) -> Bounds:
    west, south, east, north = map(float, text.split(","))
    low, high = Position(west, south), Position(east, north)
    if low.lon >= high.lon or low.lat >= high.lat:
        raise ValueError("the box is empty")
    return Bounds(west, south, east, north)


def _fault(code: str, field: str, value: str, cause: str, remedy: str) -> Fault:
    return Fault(code, "municipality", cause, remedy, field, value)
