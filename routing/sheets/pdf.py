"""A PDF for paper: A4, set by Typst in Source Sans Pro, for screen readers as PDF/UA-1."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from city.errors import Broken
from routing.sheets.drawing import is_portrait, route_map
from routing.sheets.sheet import Sheet
from routing.sheets.view import view

TEMPLATE = Path(__file__).with_name("templates") / "sheet.typ"
# A picture beside a panel, or over the whole width; low where the list then fits on page one.
_PORTRAIT_PX, _LANDSCAPE_PX = (450, 640), (720, 480)
_FEW_STOPS, _FEW_HEIGHT_PX = 5, 330


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
        portrait = is_portrait(sheet)
        shown = view(sheet) | {"portrait": portrait}
        (folder / "sheet.json").write_text(json.dumps(shown), encoding="utf-8")
        (folder / "map.svg").write_text(_map(sheet, portrait), encoding="utf-8")
        for line in sheet.stops:
            if line.stop is not None and line.stop.photo is not None:
                (folder / f"{line.number}.jpg").write_bytes(line.stop.photo)
        try:
            return _compile(main, sheet, accessible=True)
        except typst.TypstError:
            # PDF/UA refuses a name with a character that no font at hand can draw. The crew
            # then gets a sheet with a box in that name rather than no sheet.
            return _compile_or_break(main, sheet)


def _compile_or_break(main: Path, sheet: Sheet) -> bytes:
    try:
        return _compile(main, sheet, accessible=False)
    except typst.TypstError as error:
        raise Broken(f"Typst could not set the sheet: {error}") from error


def _compile(main: Path, sheet: Sheet, *, accessible: bool) -> bytes:
    return bytes(
        typst.compile(
            main,
            root=main.parent,
            font_paths=[_fonts()],
            # Without a system's fonts a sheet looks alike on every machine.
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"] if accessible else [],
            # The plan's time, not the clock's: one sheet is one file, byte for byte.
            timestamp=sheet.made_at.astimezone(UTC).replace(microsecond=0),
        )
    )


def _map(sheet: Sheet, portrait: bool) -> str:
    width, height = _PORTRAIT_PX if portrait else _LANDSCAPE_PX
    return route_map(sheet, width, _FEW_HEIGHT_PX if len(sheet.stops) <= _FEW_STOPS else height)


@cache
def _fonts() -> Path:
    """Return the folder of font files; found without importing the package."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise Broken("The font is not installed: pip install font-source-sans-pro")
    return Path(spec.origin).parent / "files"
