"""A second look at what may be loose waste: each box cut out and named by another network.

The detector learnt bags, cardboard and bulky waste from a hundred photos only, and mistakes much
else for them. The other network learnt a thousand things from ImageNet; its last layer alone was
learnt anew, from crops of the same photos (`vision.learn_second_look`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from math import log2
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import openvino as ov  # type: ignore[import-untyped]

from city.errors import Broken
from vision.classes import class_id
from vision.detections import (
    Boxes,
    Detections,
    Image,
    Indexes,
    Scores,
    at_least,
    merged,
    overlap,
    suppressed,
)
from vision.network import at_full_load

LOOKED_AT = ("bag", "cardboard", "bulky")
"""The classes that are scored anew; in the network's outputs they come first."""
IDS = tuple(map(class_id, LOOKED_AT))

LEAST = 0.02
"""The detector's score from which a box is looked at: with fewer boxes fewer of them are right."""

TRUSTED = 0.7
"""How often the detector's own class of the three is the right one, before the second look."""

MARGIN = 1.15
"""The side of a crop in the longer side of its box."""

AnyFloats = npt.NDArray[np.floating[Any]]
ALIKE = 0.7
"""Boxes that overlap so much are cut out once."""

AHEAD = 4
"""Crops under way at once."""

FILES = "second_look.xml", "second_look.bin"


@dataclass
class SecondLook:
    """A network that names crops, ready to run.

    Parameters
    ----------
    network : compiled; takes (1, side, side, 3) uint8 BGR, gives (1, 4 or more): the
        probabilities of `LOOKED_AT`, then of all else.
    version : which weights these are: 6 hexadecimal digits.
    idle : its requests that wait for work.
    """

    network: Any
    side: int
    version: str = ""
    idle: list[Any] = field(default_factory=list)

    @classmethod
    def read(cls, graph: bytes, weights: bytes, device: str = "CPU") -> SecondLook:
        """Return the network of an OpenVINO file's content.

        Raises
        ------
        Broken
            If OpenVINO cannot read it.
        """
        core = ov.Core()
        try:
            model = core.read_model(graph, ov.Tensor(np.frombuffer(weights, np.uint8)))
            side = model.input().partial_shape[1].max_length
            model.reshape([1, side, side, 3])
            version = sha256(graph + weights).hexdigest()[:6]
            return cls(core.compile_model(model, device, at_full_load(device)), side, version)
        except RuntimeError as failed:
            raise Broken(f"OpenVINO cannot read the second look: {failed}") from failed

    def rescored(self, photo: Image, found: Detections) -> Detections:
        """Return the detections with `LOOKED_AT` scored anew, best first.

        Notes
        -----
        What a box may be is shared among the three classes by Bayes' rule, with the detector's
        class as prior; that it is waste at all scores the geometric mean of both opinions.
        """
        looked_at = np.isin(found.class_id, IDS)
        rest, maybe = found[~looked_at], at_least(found[looked_at], LEAST)
        if not len(maybe):
            return rest
        places, at = one_of_each(maybe.xyxy)
        opinion = self.opinion(photo, maybe.xyxy[places])[at]
        waste = opinion.sum(axis=1)
        own = maybe.class_id[:, None] == np.array(IDS)
        share = opinion * np.where(own, TRUSTED, (1 - TRUSTED) / (len(IDS) - 1))
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
        scores = np.sqrt(maybe.score * waste)[:, None] * share
        again = [
            Detections.of(maybe.xyxy, np.full(len(maybe), of), np.clip(scores[:, i], 0, 1))
            for i, of in enumerate(IDS)
        ]
        return merged([rest, suppressed(merged(again))])

    def opinion(self, photo: Image, boxes: Boxes) -> Scores:
        """Return how probably each box, (n, 4) xyxy, holds each of `LOOKED_AT`: (n, 3)."""
        found: list[Scores] = []
        under_way: deque[Any] = deque()
        for box in boxes:
            if len(under_way) >= AHEAD:
                found.append(self._finish(under_way.popleft()))
            request = self.idle.pop() if self.idle else self.network.create_infer_request()
            request.start_async([ov.Tensor(crop(photo, box, self.side)[None])])
            under_way.append(request)
        found += [self._finish(request) for request in under_way]
        return np.concatenate(found)

    def _finish(self, request: Any) -> Scores:
        request.wait()
        said = np.array(request.output_tensors[0].data[:, : len(IDS)], np.float32)
        self.idle.append(request)
        return said


def one_of_each(boxes: Boxes) -> tuple[Indexes, Indexes]:
    """Return the boxes, of (n, 4) best first, that stand for all, and which of them for each.

    The detector puts a thing that it is unsure of in several classes at nearly one place.
    """
    alike = overlap(boxes, boxes) >= ALIKE
    free = np.ones(len(boxes), bool)
    stands_for = np.zeros(len(boxes), np.intp)
    chosen: list[int] = []
    for i in range(len(boxes)):
        if free[i]:
            stands_for[free & alike[i]] = len(chosen)
            free &= ~alike[i]
            chosen.append(i)
    return np.array(chosen, np.intp), stands_for


def crop(photo: Image, box: AnyFloats, side: int, margin: float = MARGIN) -> Image:
    """Return the square around a box, (4,) xyxy, scaled to (side, side, 3); edges are mirrored."""
    left, top, right, bottom = map(float, box)
    length = max(right - left, bottom - top, 1.0) * margin
    scale = side / length
    if scale < 0.5:
        # Linear sampling looks at four pixels only: first halve the part that is needed.
        less = 2.0 ** -int(log2(1 / scale))
        part, box = _part(photo, np.array([left, top, right, bottom]), length)
        small = cv2.resize(part, None, fx=less, fy=less, interpolation=cv2.INTER_AREA)
        return crop(np.asarray(small, np.uint8), box * less, side, margin)
    to = side / 2 - np.array([left + right, top + bottom]) / 2 * scale
    matrix = np.array([[scale, 0, to[0]], [0, scale, to[1]]])
    reflected = cv2.BORDER_REFLECT
    return np.asarray(cv2.warpAffine(photo, matrix, (side, side), borderMode=reflected), np.uint8)


def _part(photo: Image, box: AnyFloats, length: float) -> tuple[Image, AnyFloats]:
    """Return what lies around a box, and the box within it."""
    height, width = photo.shape[:2]
    middle = (box[:2] + box[2:]) / 2
    low = np.clip(np.floor(middle - length), 0, None).astype(int)
    high = np.ceil(middle + length).astype(int)
    part = photo[low[1] : min(high[1], height), low[0] : min(high[0], width)]
    return part, box - np.tile(low, 2)
