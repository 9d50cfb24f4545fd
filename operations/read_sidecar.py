"""Verb: read the CSV that says of photos what their cameras did not write.

Columns: ``file``, and any of ``lon``, ``lat`` (WGS 84 degrees), ``heading`` (degrees clockwise from
north) and ``time`` (ISO 8601 with an offset). What is given overrules the photo's own EXIF; an
empty cell leaves it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from city.errors import BadInput, Fault
from city.place import Position

COLUMNS = ("file", "lon", "lat", "heading", "time")


@dataclass(frozen=True)
class GivenWith:
    """What came with a photo beside its EXIF, and overrules it; None where nothing did."""

    position: Position | None = None
    heading_deg: float | None = None
    taken_at: datetime | None = None


def read_sidecar(path: Path) -> tuple[dict[str, GivenWith], tuple[Fault, ...]]:
    """Return what is given for each file, and a fault for each row that is not sound.

    Raises
    ------
    BadInput
        The file cannot be read, or has no column ``file``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failed:
        raise BadInput(_no_sidecar(path, f"It cannot be read: {failed}.")) from failed
    rows = csv.DictReader(text.splitlines(), strict=True)
    given: dict[str, GivenWith] = {}
    faults: list[Fault] = []
    try:
        if "file" not in (rows.fieldnames or ()):
            raise BadInput(_no_sidecar(path, "It has no column 'file'."))
        for number, row in enumerate(rows, start=2):
            where = f"{path.name} row {number}"
            try:
                given[(row["file"] or "").strip()] = _given(row, where)
            except BadInput as bad:
                faults += bad.faults
    except csv.Error as failed:
        raise BadInput(_no_sidecar(path, f"It is no CSV: {failed}.")) from failed
    return given, tuple(faults)


def by_name(given: Mapping[str, GivenWith], names: Iterable[str]) -> dict[str, GivenWith]:
    """Return what is given for photos, called by their path below the folder or by file name."""
    rows = {name: given.get(name) or given.get(PurePosixPath(name).name) for name in names}
    return {name: row for name, row in rows.items() if row is not None}


def _given(row: Mapping[str, str | None], where: str) -> GivenWith:
    cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if bool(cell["lon"]) != bool(cell["lat"]):
        raise BadInput(_bad(where, "lon, lat", "", "One is given without the other."))
    position = None
    if cell["lon"]:
        position = Position(_number(cell, "lon", 180, where), _number(cell, "lat", 90, where))
    heading = _number(cell, "heading", 360, where) % 360 if cell["heading"] else None
    return GivenWith(position, heading, _time(cell["time"], where) if cell["time"] else None)


def _number(cell: Mapping[str, str], field: str, most: float, where: str) -> float:
    try:
        value = float(cell[field])
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        cause = f"It must be a number of degrees, at most {most:g}."
        raise BadInput(_bad(where, field, cell[field], cause))
    return value


def _time(text: str, where: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(_bad(where, "time", text, "It is no ISO 8601 time.")) from None
    if time.tzinfo is None:
        raise BadInput(_bad(where, "time", text, "It does not say its time zone."))
    return time


def _bad(where: str, field: str, value: str, cause: str) -> Fault:
    remedy = "Correct the row; the photo was taken in with its own EXIF."
    return Fault("sidecar-row", where, cause, remedy, field, value[:40])


def _no_sidecar(path: Path, cause: str) -> Fault:
    remedy = f"Give a CSV in UTF-8 with the columns {', '.join(COLUMNS)}."
    return Fault("no-sidecar", str(path), cause, remedy)
