"""Sheets become files: every format of every truck, whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from city.errors import BadInput, Fault
from routing.sheets import csv, geojson, gpx, html, pdf
from routing.sheets.sheet import Sheet

# Told how many files of how many are written.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Format:
    """One way to write a sheet: the file's suffix, its media type, and who renders it."""

    suffix: str
    media_type: str
    render: Callable[[Sheet], bytes]


FORMATS = (
    Format("pdf", "application/pdf", pdf.render),
    Format("html", "text/html; charset=utf-8", html.render),
    Format("gpx", "application/gpx+xml", gpx.render),
    Format("geojson", "application/geo+json", geojson.render),
    Format("csv", "text/csv; charset=utf-8", csv.render),
)


def write_sheets(
    sheets: Sequence[Sheet], folder: Path, *, on_progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write each sheet in each format as ``<vehicle>.<suffix>`` and return the files.

    A file is written beside its place and moved there when it is whole, so that a reader never
    opens half a sheet and a failure leaves yesterday's file as it was.

    Raises
    ------
    BadInput
        When two sheets would have the same file name.
    Broken
        When a format cannot be rendered.
    """
    names = [file_stem(sheet.vehicle_id) for sheet in sheets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(_same_name(name) for name in twice)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, sheet in zip(names, sheets, strict=True):
        for form in FORMATS:
            path = folder / f"{name}.{form.suffix}"
            _write_whole(path, form.render(sheet))
            written.append(path)
            if on_progress:
                on_progress(len(written), len(sheets) * len(FORMATS))
    return tuple(written)


def file_stem(vehicle_id: str) -> str:
    """Return the vehicle's id as a file name that every system takes and no path hides in."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", vehicle_id).strip("-") or "vehicle"


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # mkstemp makes files for the owner alone; a sheet is for whoever may read the folder.
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _same_name(name: str) -> Fault:
    return Fault(
        code="sheets-with-one-name",
        where=f"sheet {name}",
        field="vehicle",
        cause="Two sheets of one batch would be written to the same file.",
        remedy="Give one sheet per vehicle, with ids that differ in letters or digits.",
    )
