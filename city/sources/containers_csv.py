"""A registry of containers from a CSV file.

Columns: container_id, lon, lat (WGS 84 degrees), fraction, kind, volume_l; optionally address (or
street), access_note. Further columns are left aside.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from city.container import REGISTERED_KINDS, Container
from city.errors import BadInput, Fault
from city.fraction import Fraction
from city.place import Bounds, Position

COLUMNS = ("container_id", "lon", "lat", "fraction", "kind", "volume_l")


@dataclass(frozen=True)
class Registry:
    """What a file gave: the containers that are sound, and a fault for each that is not."""

    containers: tuple[Container, ...]
    faults: tuple[Fault, ...]


def read_containers(path: Path, bounds: Bounds | None, *, simulated: bool = False) -> Registry:
    """Read a registry; a broken row is set aside and the others are taken.

    Parameters
    ----------
    bounds : positions outside are refused, with the likely cause named.

    Raises
    ------
    BadInput
        The file as a whole is no registry.
    """
    containers: dict[str, Container] = {}
    faults: list[Fault] = []
    for number, row in _rows(path):
        where = f"{path.name} row {number}"
        try:
            noun = _container(row, where, bounds, simulated)
        except BadInput as bad:
            faults += bad.faults
            continue
        if noun.id in containers and containers[noun.id] != noun:
            faults.append(
                _fault(
                    "duplicate-id",
                    where,
                    "container_id",
                    noun.id,
                    "An earlier row has the same id and says something else.",
                    "Keep one of the two; the earlier one was taken.",
                )
            )
            continue
        containers[noun.id] = noun
    return Registry(tuple(containers.values()), tuple(faults))


def check_position(position: Position, bounds: Bounds, where: str) -> None:
    """Raise BadInput where a position is outside a city, naming the likely cause."""
    if bounds.contains(position):
        return
    value = f"{position.lon:.5f}, {position.lat:.5f}"
    swapped = abs(position.lon) <= 90 and bounds.contains(position.swapped())
    if swapped:
        raise BadInput(
            _fault(
                "coordinates-swapped",
                where,
                "lon",
                value,
                "Longitude and latitude seem to be exchanged.",
                "Put the longitude (east) into lon, the latitude into lat.",
            )
        )
    raise BadInput(
        _fault(
            "outside-city",
            where,
            "lon",
            value,
            "The position lies outside the city.",
            "Check the position, and that it is in WGS 84 degrees.",
        )
    )


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(
            _fault("no-such-file", str(path), "", "", "There is no such file.", "Check the path.")
        ) from None
    except UnicodeDecodeError:
        raise BadInput(
            _fault(
                "not-utf8",
                path.name,
                "",
                "",
                "The file is not UTF-8 text.",
                "Save it as CSV UTF-8.",
            )
        ) from None
    separator = ";" if text.partition("\n")[0].count(";") >= len(COLUMNS) - 1 else ","
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            _fault(
                "missing-column",
                path.name,
                name,
                "",
                "The column is missing.",
                f"Name the columns in the first line: {', '.join(COLUMNS)}.",
            )
            for name in missing
        )
    return [(reader.line_num, row) for row in reader]


def _container(
    row: Mapping[str, str | None], where: str, bounds: Bounds | None, simulated: bool
) -> Container:
    faults: list[Fault] = []

    def number(field: str) -> float:
        text = (row[field] or "").strip()
        try:
            return float(text)
        except ValueError:
            faults.append(
                _fault(
                    "not-a-number",
                    where,
                    field,
                    text,
                    "It must be a number.",
                    "Write it with a point, without unit: 5000 or 4.8952.",
                )
            )
            return 0.0

    def member[E: StrEnum](field: str, options: Iterable[E]) -> E:
        text = (row[field] or "").strip()
        known = {str(option): option for option in options}
        if text not in known:
            faults.append(
                _fault(
                    f"unknown-{field}",
                    where,
                    field,
                    text,
                    "It is not known.",
                    f"Use one of: {', '.join(known)}.",
                )
            )
            return next(iter(known.values()))
        return known[text]

    lon, lat, volume_l = number("lon"), number("lat"), number("volume_l")
    fraction, kind = member("fraction", Fraction), member("kind", REGISTERED_KINDS)
    if faults:
        raise BadInput(faults)
    position = Position(lon, lat)
    if bounds is not None:
        check_position(position, bounds, where)
    return Container(
        id=(row["container_id"] or "").strip(),
        position=position,
        fraction=fraction,
        kind=kind,
        volume_l=round(volume_l),
        address=(row.get("address") or row.get("street") or "").strip(),
        access_note=(row.get("access_note") or "").strip(),
        simulated=simulated,
    )


def _fault(code: str, where: str, field: str, value: str, cause: str, remedy: str) -> Fault:
    return Fault(code=code, where=where, field=field, value=value, cause=cause, remedy=remedy)
