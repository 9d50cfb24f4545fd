"""A page that holds everything in itself: styles, map, photos. It needs no network."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from routing.sheets.drawing import is_portrait, route_map
from routing.sheets.sheet import Sheet
from routing.sheets.view import view

_LANDSCAPE_PX, _PORTRAIT_PX = (920, 560), (600, 780)


def render(sheet: Sheet) -> bytes:
    """Return the sheet as one HTML file."""
    shown = view(sheet)
    for drawn in shown["fractions"].values():
        drawn["svg"] = Markup(drawn["svg"])
    photos = {
        line.number: b64encode(line.stop.photo).decode()
        for line in sheet.stops
        if line.stop is not None and line.stop.photo is not None
    }
    portrait = is_portrait(sheet)
    route_svg = Markup(route_map(sheet, *(_PORTRAIT_PX if portrait else _LANDSCAPE_PX)))
    return _template().render(**shown, photos=photos, map=route_svg, portrait=portrait).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("routing.sheets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("sheet.html")
