"""Files of installed packages that the pages use: MapLibre, plotly and Source Sans.

They are found without importing the packages, whose code is not used.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from city.errors import Broken, NotFound

_FILES = {
    "maplibre-gl.js": ("maplibre", "srcjs/maplibre-gl.js"),
    "maplibre-gl.css": ("maplibre", "srcjs/maplibre-gl.css"),
    "plotly.min.js": ("plotly", "package_data/plotly.min.js"),
    "source-sans-regular.otf": ("font_source_sans_pro", "files/SourceSansPro-Regular.otf"),
    "source-sans-semibold.otf": ("font_source_sans_pro", "files/SourceSansPro-Semibold.otf"),
    "source-sans-bold.otf": ("font_source_sans_pro", "files/SourceSansPro-Bold.otf"),
}

FONTS = {
    "Source Sans Regular": "source-sans-regular.otf",
    "Source Sans Semibold": "source-sans-semibold.otf",
}
"""What the map's style calls the fonts that its letters are made from."""


@cache
def vendored(name: str) -> Path:
    """Return a file of an installed package by the name that the pages use.

    Raises
    ------
    NotFound
        The pages use no such file.
    Broken
        The package that should hold it is not installed.
    """
    if name not in _FILES:
        raise NotFound(f"There is no file '{name}'.")
    package, inside = _FILES[name]
    spec = find_spec(package)
    path = Path(spec.origin).parent / inside if spec and spec.origin else None
    if path is None or not path.is_file():
        raise Broken(f"The package {package} holds no {inside}. Install Stadsronde again.")
    return path
