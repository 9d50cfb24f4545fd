"""A PDF for paper: A4, set by Typst in Source Sans Pro, tagged for screen readers."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from city.errors import Broken
from routing.sheets.drawing import route_map
from routing.sheets.sheet import Sheet
from routing.sheets.view import view

TEMPLATE = Path(__file__).with_name("templates") / "sheet.typ"
_MAP_PX = (720, 400)


def render(sheet: Sheet) -> bytes:
    """Return the sheet as PDF.

    Raises
    ------
    Broken
        When Typst or its font is missing, or Typst fails; carries what it said.
    """
    # Typst reads pictures from files only; photos come blurred, so they may lie on disk.
    with tempfile.TemporaryDirectory(prefix="sheet-") as name:
        folder = Path(name)
        main = folder / "sheet.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        (folder / "sheet.json").write_text(json.dumps(view(sheet)), encoding="utf-8")
        (folder / "map.svg").write_text(route_map(sheet, *_MAP_PX), encoding="utf-8")
        for line in sheet.stops:
            if line.stop is not None and line.stop.photo is not None:
                (folder / f"{line.number}.jpg").write_bytes(line.stop.photo)
        try:
            # Without a system's fonts a sheet looks alike on every machine.
            return bytes(
                typst.compile(
                    main, root=folder, font_paths=[_fonts()], ignore_system_fonts=True, format="pdf"
                )
            )
        except typst.TypstError as error:
            raise Broken(f"Typst could not set the sheet: {error}") from error


@cache
def _fonts() -> Path:
    """Return the folder of font files; found without importing the package."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise Broken("The font is not installed: pip install font-source-sans-pro")
    return Path(spec.origin).parent / "files"
