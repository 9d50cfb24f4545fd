"""What can be seen of each thing: boxes read from the object index of every pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from recipe import CAMERA_HEIGHT_M, Recipe
from stage import Stage, Thing

LEAST_PIXELS = 80
LEAST_PRIVATE_PIXELS = 30
PRIVATE = {"person": "head_bbox", "vehicle": "plate_bbox"}
CATEGORIES = (
    "container",
    "container_overflowing",
    "bag",
    "cardboard",
    "bulky",
    "pile",
    "person",
    "vehicle",
)


def box_of(mask: np.ndarray) -> list[int]:
    """Return the xywh box around a (height, width) mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    left, top = int(columns[0]), int(rows[0])
    return [left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top]


def annotation(index: np.ndarray, thing: Thing, recipe: Recipe) -> dict[str, Any] | None:
    """Return what the truth says of a thing, or nothing where it is (all but) hidden."""
    private = index == thing.private_index if thing.private_index else np.zeros(index.shape, bool)
    mask = (index == thing.index) | private
    if mask.sum() < LEAST_PIXELS:
        return None
    box = box_of(mask)
    height, width = index.shape
    lon, lat = recipe.site.lonlat(*thing.foot)
    made: dict[str, Any] = {
        "category_id": CATEGORIES.index(thing.category) + 1,
        "bbox": box,
        "area": int(mask.sum()),
        "iscrowd": 0,
        "truncated": box[0] == 0
        or box[1] == 0
        or box[0] + box[2] == width
        or box[1] + box[3] == height,
        "position": {"lon": round(lon, 7), "lat": round(lat, 7)},
        **thing.facts,
    }
    if private.sum() >= LEAST_PRIVATE_PIXELS:
        made[PRIVATE[thing.category]] = box_of(private)
    return made


def image_entry(recipe: Recipe, width: int, height: int) -> dict[str, Any]:
    """Return the picture's own line in the truth."""
    lon, lat = recipe.site.lonlat(recipe.phone.x, recipe.phone.y)
    return {
        "file_name": f"{recipe.name}.jpg",
        "width": width,
        "height": height,
        "night": recipe.sky == "night",
        "sky": recipe.sky,
        "seed": recipe.seed,
        "street": recipe.site.street,
        "taken_at": recipe.taken_at.isoformat(),
        "camera": {
            "lon": round(lon, 7),
            "lat": round(lat, 7),
            "heading_deg": round(recipe.heading_deg, 2),
            "pitch_deg": recipe.phone.pitch_deg,
            "height_m": CAMERA_HEIGHT_M,
            "hfov_deg": round(recipe.phone.hfov_deg, 2),
        },
    }


def picture_truth(recipe: Recipe, stage: Stage, index: np.ndarray) -> dict[str, Any]:
    """Return one picture's truth: its own line and its annotations."""
    seen = (annotation(index, thing, recipe) for thing in stage.things)
    return {
        "image": image_entry(recipe, index.shape[1], index.shape[0]),
        "annotations": [one for one in seen if one],
        "registry": [
            {
                "container_id": b.id,
                "lon": f"{recipe.site.lonlat(b.x, b.y)[0]:.7f}",
                "lat": f"{recipe.site.lonlat(b.x, b.y)[1]:.7f}",
                "fraction": b.fraction,
                "kind": b.kind,
                "volume_l": b.volume_l,
                "street": recipe.site.street,
            }
            for b in recipe.bins
        ],
    }
