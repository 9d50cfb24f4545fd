"""Letters for the map, made from a font: signed distance fields as MapLibre reads them.

The map needs no internet and so no glyph server: each range of 256 characters is drawn once from
the font that the pages use, and kept in memory.

Source: the glyph format is https://github.com/mapbox/node-fontnik/blob/master/proto/glyphs.proto;
the figures are those that MapLibre's text shader expects (24 px, a border of 3, a field 8 px wide
of which a quarter lies inside).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt

EM_PX = 24
BORDER_PX = 3
RADIUS_PX = 8
CUTOFF = 0.25
# From the top of a line to its baseline; sets text level with what it stands beside.
ASCENT_PX = 25
FINER = 4
RANGE = 256


@lru_cache(maxsize=32)
def glyphs(font: Path, name: str, first: int) -> bytes:
    """Return the glyphs of one range of characters as a protocol buffer.

    Parameters
    ----------
    font : an OpenType font.
    name : what the style calls it.
    first : the range's first code point, a multiple of 256.
    """
    face = ImageFont.truetype(str(font), EM_PX * FINER)
    characters = (point for point in range(first, first + RANGE) if chr(point).isprintable())
    found = b"".join(_field(3, _glyph(face, point)) for point in characters)
    span = f"{first}-{first + RANGE - 1}"
    return _field(1, _field(1, name.encode()) + _field(2, span.encode()) + found)


def _glyph(face: ImageFont.FreeTypeFont, point: int) -> bytes:
    advance = round(face.getlength(chr(point)) / FINER)
    left, top, right, bottom = face.getbbox(chr(point), anchor="ls")
    # Whole pixels of the em square that hold the ink.
    x0, y0 = int(np.floor(left / FINER)), int(np.floor(top / FINER))
    width, height = int(np.ceil(right / FINER)) - x0, int(np.ceil(bottom / FINER)) - y0
    parts = _number(1, point)
    if width > 0 and height > 0:
        parts += _field(2, _distances(face, chr(point), (x0, y0), (width, height)))
    parts += _number(3, max(width, 0)) + _number(4, max(height, 0))
    parts += _number(5, _zigzag(x0)) + _number(6, _zigzag(-y0 - ASCENT_PX))
    return parts + _number(7, advance)


def _distances(
    face: ImageFont.FreeTypeFont, text: str, origin: tuple[int, int], size: tuple[int, int]
) -> bytes:
    """Return a (h + 6, w + 6) uint8 field, row by row: 191 on the outline, more inside."""
    whole = tuple((side + 2 * BORDER_PX) * FINER for side in size)
    picture = Image.new("L", (whole[0], whole[1]))
    at = ((BORDER_PX - origin[0]) * FINER, (BORDER_PX - origin[1]) * FINER)
    ImageDraw.Draw(picture).text(at, text, fill=255, font=face, anchor="ls")
    ink = np.asarray(picture) >= 128
    outside: NDArray[np.float64] = distance_transform_edt(~ink) - distance_transform_edt(ink)
    rows, columns = outside.shape[0] // FINER, outside.shape[1] // FINER
    mean = outside.reshape(rows, FINER, columns, FINER).mean(axis=(1, 3)) / FINER
    values = np.rint(255 * (1 - CUTOFF - mean / RADIUS_PX)).clip(0, 255)
    return values.astype(np.uint8).tobytes()


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else -(value << 1) - 1


def _varint(value: int) -> bytes:
    return bytes(_septets(value))


def _septets(value: int) -> Iterable[int]:
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value
