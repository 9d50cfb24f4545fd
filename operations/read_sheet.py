"""Verb: find a route sheet's file, by the name under which it was written down."""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath

from pypdf import PdfWriter

from city.errors import NotFound
from city.store import Store, plans
from city.store.plans import SheetRecord
from operations.settings import Settings

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "gpx": "application/gpx+xml",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
}


def sheet_name(record: SheetRecord) -> str:
    """Return the name of a sheet's file."""
    return PurePosixPath(record.path).name


def sheet_language(record: SheetRecord) -> str:
    """Return the language of a sheet, which is the name of its folder."""
    return PurePosixPath(record.path).parent.name


def media_type(name: str) -> str:
    """Return the media type of a sheet, from its name."""
    return MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")


def sheet_file(store: Store, settings: Settings, plan_id: str, language: str, name: str) -> Path:
    """Return the file of a sheet that was kept; a name is looked up, never a path followed.

    Raises
    ------
    NotFound
        The plan has no such sheet, or its file is gone.
    """
    home = settings.home.resolve()
    for record in plans.sheets(store, plan_id):
        path = (home / record.path).resolve()
        asked = (sheet_language(record), sheet_name(record)) == (language, name)
        if asked and path.is_relative_to(home) and path.is_file():
            return path
    raise NotFound(f"Plan '{plan_id}' has no sheet '{language}/{name}'.")


def all_sheets(store: Store, settings: Settings, plan_id: str, language: str) -> bytes:
    """Return the sheets of all trucks as one PDF, truck after truck.

    Raises
    ------
    NotFound
        The plan has no sheets in this language, or a file is gone.
    """
    records = plans.sheets(store, plan_id)
    names = [sheet_name(r) for r in records if sheet_language(r) == language]
    writer, whole = PdfWriter(), io.BytesIO()
    for name in sorted(name for name in names if name.endswith(".pdf")):
        writer.append(sheet_file(store, settings, plan_id, language, name))
    if not writer.pages:
        raise NotFound(f"Plan '{plan_id}' has no sheets in '{language}' yet.")
    writer.write(whole)
    return whole.getvalue()
