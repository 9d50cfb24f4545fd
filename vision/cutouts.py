"""Cut labelled things out of photos and paste them into others, for training.

A few hundred bags, boxes and chairs stand in few streets; pasted, each is seen in many. The outline
comes from GrabCut within the labelled box. A thing is set down as low in the picture as what stands
there already, or as it stood in its own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import numpy.typing as npt

from vision.detections import Boxes, Image

LEAST_PX, MOST_PX = 20, 256
LIKE_LIGHT = 30.0
TRIES = 8
MOST_COVERED = 0.25
RESIZED, RAISED, LOWERED = (0.6, 1.3), 0.02, 0.08

Draw = random.Random | ModuleType  # the module itself, which the trainer seeds
Rgba = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Cutout:
    """A thing without what stood behind it.

    Parameters
    ----------
    class_id : what it is.
    bgra : (h, w, 4) its pixels; the last channel says how much of each is the thing's.
    xyxy : where it was in its photo, fractions of width and height.
    light : the mean grey of its photo, 0 to 255.
    """

    class_id: int
    bgra: Rgba
    xyxy: tuple[float, float, float, float]
    light: float


def cut_out(image: Image, xyxy: Sequence[float], class_id: int) -> Cutout | None:
    """Return the thing in a box (fractions of the photo); None if no outline is found.

    A box that reaches the edge of the photo shows half a thing and is left.
    """
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (np.array(xyxy) * [width, height, width, height]).round().astype(int).tolist()
    if min(x2 - x1, y2 - y1) < LEAST_PX or x1 <= 1 or x2 >= width - 1 or y2 >= height - 1:
        return None
    margin = max(6, (x2 - x1 + y2 - y1) // 6)
    left, top = max(0, x1 - margin), max(0, y1 - margin)
    part = image[top : y2 + margin, left : x2 + margin]
    scale = min(1.0, MOST_PX / max(part.shape[:2]))
    part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    box = [round(scale * side) for side in (x1 - left, y1 - top, x2 - x1, y2 - y1)]
    mask = np.zeros(part.shape[:2], np.uint8)
    ground, thing = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(part, mask, box, ground, thing, 4, cv2.GC_INIT_WITH_RECT)
    inside = slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2])
    kept = np.isin(mask[inside], (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    kept = np.asarray(cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)
    kept = _largest(kept)
    rows, columns = kept.any(axis=1), kept.any(axis=0)
    if kept.mean() < 0.4 or rows.mean() < 0.85 or columns.mean() < 0.85:
        return None
    bgra = np.dstack([part[inside], 255 * kept]).astype(np.uint8)
    return Cutout(class_id, bgra, tuple(map(float, xyxy)), float(image.mean()))  # type: ignore[arg-type]


def save(cutouts: Iterable[Cutout], folder: Path) -> None:
    """Write cutouts as pictures below a folder, with what they are beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, cutout in enumerate(cutouts):
        cv2.imwrite(str(folder / f"{number}.png"), cutout.bgra)
        rows.append({"class_id": cutout.class_id, "xyxy": cutout.xyxy, "light": cutout.light})
    (folder / "cutouts.json").write_text(json.dumps(rows))


def load(folder: Path) -> tuple[Cutout, ...]:
    """Return the cutouts that `save` wrote."""
    rows = json.loads((folder / "cutouts.json").read_text())
    pictures = (
        cv2.imread(str(folder / f"{i}.png"), cv2.IMREAD_UNCHANGED) for i in range(len(rows))
    )
    return tuple(
        Cutout(row["class_id"], np.asarray(bgra, np.uint8), tuple(row["xyxy"]), row["light"])
        for row, bgra in zip(rows, pictures, strict=True)
    )


def _largest(mask: Rgba) -> Rgba:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return mask
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()), np.uint8)


def paste(
    image: Image, boxes: Boxes, cutouts: Sequence[Cutout], count: int, draw: Draw
) -> tuple[Image, Boxes, list[int]]:
    """Return a photo with up to so many things more, their boxes and their class ids.

    Parameters
    ----------
    image : (h, w, 3); it is not changed.
    boxes : (n, 4) xyxy of what it shows, pixels; little of it gets covered.
    """
    like: dict[int, list[Cutout]] = {}
    light = float(image[::4, ::4].mean())
    for cutout in cutouts:
        if abs(cutout.light - light) < LIKE_LIGHT:
            like.setdefault(cutout.class_id, []).append(cutout)
    image, added, classes = image.copy(), list[Boxes](), list[int]()
    for _ in range(count if like else 0):
        cutout = draw.choice(like[draw.choice(list(like))])
        for _ in range(TRIES):
            box = _somewhere(cutout, image.shape, boxes, draw)
            if box is not None and not _covers(box, [*boxes, *added]):
                _draw(image, cutout, box, mirrored=draw.random() < 0.5)
                added.append(np.array(box, np.float32))
                classes.append(cutout.class_id)
                break
    return image, np.array(added, np.float32).reshape(-1, 4), classes


def _somewhere(
    cutout: Cutout, shape: Sequence[int], boxes: Boxes, draw: Draw
) -> tuple[int, int, int, int] | None:
    height, width, _ = shape
    x1, y1, x2, y2 = cutout.xyxy
    scale = draw.uniform(*RESIZED)
    wide, high = round((x2 - x1) * scale * width), round((y2 - y1) * scale * height)
    ground = float(draw.choice(list(boxes))[3]) if len(boxes) else y2 * height
    bottom = round(ground + draw.uniform(-RAISED, LOWERED) * height)
    if min(wide, high) < 8 or wide >= width or bottom > height or bottom < high:
        return None
    left = draw.randint(0, width - wide)
    return left, bottom - high, left + wide, bottom


def _covers(box: Sequence[int], others: Iterable[npt.ArrayLike]) -> bool:
    theirs = np.array(list(others), np.float64).reshape(-1, 4)
    sides = np.minimum(theirs[:, 2:], box[2:]) - np.maximum(theirs[:, :2], box[:2])
    both = np.clip(sides, 0, None).prod(axis=1)
    mine = (box[2] - box[0]) * (box[3] - box[1])
    smaller = np.minimum((theirs[:, 2:] - theirs[:, :2]).prod(axis=1), mine)
    return bool((both > MOST_COVERED * smaller).any())


def _draw(image: Image, cutout: Cutout, box: tuple[int, int, int, int], mirrored: bool) -> None:
    """Lay a cutout over a photo, its edge soft."""
    x1, y1, x2, y2 = box
    small = np.asarray(cv2.resize(cutout.bgra, (x2 - x1, y2 - y1), interpolation=cv2.INTER_AREA))
    small = small[:, ::-1] if mirrored else small
    alpha = cv2.GaussianBlur(small[..., 3].astype(np.float32) / 255, (3, 3), 0)[..., None]
    under = image[y1:y2, x1:x2]
    image[y1:y2, x1:x2] = np.asarray(alpha * small[..., :3] + (1 - alpha) * under, np.uint8)
