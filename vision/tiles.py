"""Cut a large photo into overlapping tiles for the sake of small things, and merge what they show.

Two tiles along the longest side, each read at the size of the whole: what is small appears a third
larger. More tiles, or a larger input, found less in photos of unseen days (`benchmarks/tiles.py`):
things then appear at sizes at which the detector has not learnt them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vision.detections import Detections, Flags, Image, merged, suppressed

OVERLAP = 0.25
"""Part of a tile that it shares with the other."""
SMALL = 0.12
"""What is longer than this part of the photo's longest side is read off the whole alone; anything
shorter lies clear of the seam in one of the tiles."""
EDGE = 0.01
"""A box that ends within this part of a tile from its seam may be cut off by it."""
SHARED = 0.6


@dataclass(frozen=True)
class Tile:
    """A part of a photo, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, photo: Image) -> Image:
        """Return the part's pixels."""
        return photo[self.top : self.bottom, self.left : self.right]


def tiles_of(width: int, height: int) -> tuple[Tile, Tile]:
    """Return both tiles of a photo, left and right or top and bottom."""
    length = round(max(width, height) / (2 - OVERLAP))
    if width >= height:
        return Tile(0, 0, length, height), Tile(width - length, 0, width, height)
    return Tile(0, 0, width, length), Tile(0, height - length, width, height)


def merge(
    whole: Detections, parts: Iterable[tuple[Tile, Detections]], width: int, height: int
) -> Detections:
    """Return what a photo shows, each thing once, best first.

    Parameters
    ----------
    whole : found in the photo, as ever.
    parts : found in each tile, in the tile's pixels.
    width, height : of the photo in pixels.
    """
    added = [_small_and_whole(tile, found, width, height) for tile, found in parts]
    return suppressed(merged([whole, *added]), SHARED)


def _small_and_whole(tile: Tile, found: Detections, width: int, height: int) -> Detections:
    corner = np.array([tile.left, tile.top, tile.left, tile.top], np.float32)
    boxes = found.xyxy + corner
    length = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0)
    kept = (length <= SMALL * max(width, height)) & ~_cut_off(boxes, tile, width, height)
    return Detections(boxes[kept], found.class_id[kept], found.score[kept])


def _cut_off(boxes: np.ndarray, tile: Tile, width: int, height: int) -> Flags:
    """Return which boxes end at a side of the tile that is no side of the photo, (n,)."""
    near = EDGE * max(tile.right - tile.left, tile.bottom - tile.top)
    cut = np.zeros(len(boxes), bool)
    if tile.left > 0:
        cut |= boxes[:, 0] < tile.left + near
    if tile.top > 0:
        cut |= boxes[:, 1] < tile.top + near
    if tile.right < width:
        cut |= boxes[:, 2] > tile.right - near
    if tile.bottom < height:
        cut |= boxes[:, 3] > tile.bottom - near
    return cut
