"""Where a truck is, as far as its crew lets the planner know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from city.place import Position


@dataclass(frozen=True)
class VehiclePosition:
    """The last place of a truck; there is no track, and no name of who drives it.

    Parameters
    ----------
    day : that the published plan is for, in whose shift it was shared.
    at : when the server heard of it.
    """

    vehicle_id: str
    day: date
    at: datetime
    position: Position
    accuracy_m: float
