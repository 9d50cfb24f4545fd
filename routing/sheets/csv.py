"""CSV for a spreadsheet: one row a line of the sheet, in the way the language's Excel opens it.

Dutch Excel splits at semicolons and reads decimal commas, English Excel splits at commas and
reads decimal points; each sheet is written for its own language. The byte order mark is what
makes Excel read UTF-8. Text that a spreadsheet would run as a formula gets an apostrophe first
(https://owasp.org/www-community/attacks/CSV_Injection); numbers of ours stay numbers.
"""

from __future__ import annotations

import csv
import io

from city.container import ContainerKind
from city.wording import FRACTION_NAMES, KIND_NAMES, clock
from routing.sheets.sheet import Sheet, SheetLine
from routing.sheets.view import line_title

BOM = "\N{BYTE ORDER MARK}"
SEPARATORS = {"nl": ";", "en": ","}
COLUMNS = {
    "nl": (
        "volgorde",
        "stop",
        "soort",
        "aankomst",
        "vertrek",
        "adres",
        "container",
        "fractie",
        "type",
        "vulling_pct",
        "vulling_laag_pct",
        "vulling_hoog_pct",
        "moet",
        "reden",
        "let_op",
        "rijtijd_min",
        "afstand_km",
        "aan_boord_kg",
        "gelost_kg",
        "lengtegraad",
        "breedtegraad",
        "wagen",
        "dag",
        "plan",
        "mededeling",
    ),
    "en": (
        "order",
        "stop",
        "kind",
        "arrival",
        "departure",
        "address",
        "container",
        "fraction",
        "type",
        "fill_pct",
        "fill_low_pct",
        "fill_high_pct",
        "must",
        "reason",
        "access_note",
        "drive_min",
        "distance_km",
        "on_board_kg",
        "unloaded_kg",
        "longitude",
        "latitude",
        "truck",
        "day",
        "plan",
        "notice",
    ),
}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(sheet: Sheet) -> bytes:
    """Return the sheet as CSV: UTF-8 with byte order mark, CRLF between rows."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATORS[sheet.language], lineterminator="\r\n")
    writer.writerow(COLUMNS[sheet.language])
    for order, line in enumerate(sheet.lines):
        writer.writerow(_row(order, line, sheet))
    # A NUL ends the file for some readers, and no place is named with one.
    return (BOM + out.getvalue().replace("\0", "")).encode("utf-8", errors="replace")


def _row(order: int, line: SheetLine, sheet: Sheet) -> list[str]:
    at = line.position
    return [
        str(order),
        str(line.number) if line.number else "",
        _safe(line_title(line, sheet) or "stop"),
        clock(line.arrival_s),
        clock(line.departure_s),
        _safe(line.place),
        *_stop(line, sheet),
        _decimal(line.drive_s / 60, 1, sheet),
        _decimal(line.length_m / 1000, 3, sheet),
        str(line.load_kg),
        str(line.unload_kg) if line.unload_kg else "",
        _decimal(at.lon, 6, sheet) if at else "",
        _decimal(at.lat, 6, sheet) if at else "",
        _safe(sheet.vehicle_name),
        sheet.day.isoformat(),
        _safe(sheet.plan_id),
        _safe(" ".join((*sheet.notices, sheet.attribution))),
    ]


def _stop(line: SheetLine, sheet: Sheet) -> list[str]:
    """Return the columns about a container; a disposal visit has only its fraction."""
    language, stop = sheet.language, line.stop
    fraction = FRACTION_NAMES[language][line.fraction] if line.fraction else ""
    if stop is None:
        return ["", fraction, *[""] * 7]
    yes, no = {"nl": ("ja", "nee"), "en": ("yes", "no")}[language]
    return [
        _safe(stop.container_id),
        fraction,
        KIND_NAMES[language][stop.kind],
        *(
            "" if stop.kind is ContainerKind.LOOSE else f"{share * 100:.0f}"
            for share in (stop.fill, stop.fill_low, stop.fill_high)
        ),
        yes if stop.must else no,
        _safe(stop.reason),
        _safe(stop.access_note),
    ]


def _safe(text: str) -> str:
    """Return text that no spreadsheet runs as a formula."""
    return (
        f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}\0").startswith(_STARTS_A_FORMULA) else text
    )


def _decimal(value: float, decimals: int, sheet: Sheet) -> str:
    """Return a number without thousands separators, which would make it text."""
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if sheet.language == "nl" else text
