"""Route sheets: what a crew takes along, one format a file.

A new format is a module with ``render(sheet) -> bytes`` and a row in `FORMATS`.
"""

from routing.sheets.compose import compose
from routing.sheets.sheet import Direction, Sheet, SheetLine, StopFacts
from routing.sheets.write import FORMATS, Format, write_sheets

__all__ = [
    "FORMATS",
    "Direction",
    "Format",
    "Sheet",
    "SheetLine",
    "StopFacts",
    "compose",
    "write_sheets",
]
