"""A drive over the roads: its line, its legs from stop to stop, and the steps within each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Step:
    """One thing to do, and the drive that follows until the next.

    Parameters
    ----------
    maneuver : what to do, as OSRM names it ("turn", "roundabout", "arrive" and so on).
    modifier : which way ("left", "slight right", "uturn"...); empty where it does not apply.
    street : the road taken; empty where it has no name.
    ref : its number, such as "S100".
    exit_number : which exit of a roundabout, counted from 1; 0 elsewhere.
    roundabout : the roundabout's own name.
    towards : what the signs at an exit or a slip road say.
    bearing_deg : heading after the maneuver, 0-359 clockwise from north.
    lonlat : where, in degrees.
    duration_s, length_m : of the drive after it.
    ferry : whether that drive is on board of a ferry.
    """

    maneuver: str
    modifier: str
    street: str
    ref: str
    exit_number: int
    roundabout: str
    towards: str
    bearing_deg: int
    lonlat: tuple[float, float]
    duration_s: float
    length_m: float
    ferry: bool


@dataclass(frozen=True)
class Leg:
    """The drive from one stop to the next."""

    duration_s: int
    length_m: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Route:
    """A drive along points in their order.

    Parameters
    ----------
    geometry : (m, 2) float64 lon/lat degrees of the whole line.
    duration_s, length_m : sums over the legs.
    legs : one fewer than there are points.
    """

    geometry: NDArray[np.float64]
    duration_s: int
    length_m: int
    legs: tuple[Leg, ...]


def route_from(answer: Mapping[str, Any]) -> Route:
    """Read one route of OSRM's answer (https://project-osrm.org/docs/v5.24.0/api/#route-object)."""
    legs = tuple(_leg(leg) for leg in answer["legs"])
    line = [tuple(point) for point in answer["geometry"]["coordinates"]]
    return Route(
        geometry=np.array(line, dtype=np.float64).reshape(-1, 2),
        duration_s=sum(leg.duration_s for leg in legs),
        length_m=sum(leg.length_m for leg in legs),
        legs=legs,
    )


def _leg(leg: Mapping[str, Any]) -> Leg:
    steps = tuple(_step(step) for step in leg["steps"])
    return Leg(round(leg["duration"]), round(leg["distance"]), steps)


def _step(step: Mapping[str, Any]) -> Step:
    maneuver = step["maneuver"]
    return Step(
        maneuver=maneuver["type"],
        modifier=_text(maneuver, "modifier"),
        street=_text(step, "name"),
        ref=_text(step, "ref"),
        exit_number=int(maneuver["exit"]) if "exit" in maneuver else 0,
        roundabout=_text(step, "rotary_name"),
        towards=_text(step, "destinations"),
        bearing_deg=int(maneuver["bearing_after"]),
        lonlat=_lonlat(maneuver["location"]),
        duration_s=float(step["duration"]),
        length_m=float(step["distance"]),
        ferry=_text(step, "mode") == "ferry",
    )


def _text(where: Mapping[str, Any], key: str) -> str:
    return str(where[key]) if key in where else ""


def _lonlat(pair: Sequence[float]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])
