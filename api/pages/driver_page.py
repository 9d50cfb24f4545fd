"""The driver's page: an empty room that its scripts fill, so that it opens without network too."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.driver_words import DRIVER_WORDS
from api.pages.rendering import render, script_data
from api.vendored import FONTS, vendored
from city.account import Visitor
from city.municipality import Municipality
from city.tap import ENDS_STOP, MOST_KG
from city.wording import EXCEPTION_NAMES, FRACTION_NAMES, KIND_NAMES, LANGUAGES, Language
from operations.base_map import BaseMap
from routing.sheets.pictograms import PICTOGRAMS

STATIC = Path(__file__).resolve().parents[1] / "static"
PATH = "/driver"

# What a browser keeps, so that the page opens anywhere; its test fails where one is missing.
OWN_FILES = (
    "mark.svg", "tokens.css", "page.css", "driver.css", "elements.js", "marks.js", "style.js",
    "words.js",
)  # fmt: skip
VENDORED = (
    "maplibre-gl.js", "maplibre-gl.css", "source-sans-regular.otf", "source-sans-semibold.otf",
    "source-sans-bold.otf",
)  # fmt: skip
LETTERS = ("0-255", "256-511", "8192-8447", "8448-8703")


def driver_page(
    request: Request,
    municipality: Municipality,
    visitor: Visitor,
    drawn: BaseMap | None,
    position_minutes: int,
    language: Language,
) -> HTMLResponse:
    """Return the page; what it shows of a shift it asks the API for, and keeps."""
    data = {
        "language": language,
        "languages": LANGUAGES,
        "municipality": municipality.id,
        "timeZone": municipality.time_zone,
        "visitor": visitor.name,
        "baseMap": None if drawn is None else {"version": drawn.folder.name,
                                               "layers": list(drawn.layers)},
        "hasNotice": bool(municipality.notice(language)),
        "words": DRIVER_WORDS[language],
        "fractions": FRACTION_NAMES[language],
        "pictograms": {f: {"colour": p.colour, "path": p.path} for f, p in PICTOGRAMS.items()},
        "kinds": KIND_NAMES[language],
        "exceptions": EXCEPTION_NAMES[language],
        "endsStop": sorted(ENDS_STOP),
        "mostKg": MOST_KG,
        "positionMinutes": position_minutes,
    }  # fmt: skip
    return render(
        request,
        "driver.html",
        language,
        here="drive",
        w=DRIVER_WORDS[language],
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        position_minutes=position_minutes,
        scripts=script_data(data),
    )


@cache
def worker() -> str:
    """Return the service worker's script: what it keeps, and the version that this is."""
    own = [STATIC / name for name in OWN_FILES]
    own += sorted((STATIC / "driver").glob("*.js"))
    source = (STATIC / "driver" / "worker.js").read_text(encoding="utf-8")
    addresses = [f"/static/{path.relative_to(STATIC).as_posix()}" for path in own]
    addresses += [f"/assets/{name}" for name in VENDORED]
    addresses += [f"/glyphs/{quote(font)}/{some}.pbf" for font in FONTS for some in LETTERS]
    digest = hashlib.sha256()
    for path in (*own, *(vendored(name) for name in VENDORED)):
        digest.update(path.read_bytes())
    kept = script_data({"version": digest.hexdigest()[:16], "shell": addresses, "page": PATH})
    return f"const KEPT = {kept};\n{source}"
