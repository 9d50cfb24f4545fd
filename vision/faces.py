"""Find human faces, to blur them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from vision.detections import Boxes, Image
from vision.network import Fit, Network, Outputs, taking_photos
from vision.weights import checked

# Measured: no fewer heads are blurred than at 960, which takes four times as long; see
# docs/why/privacy.md.
SIDE = 480
CELL = 4
# Low, because a blurred lamp costs less than a face that stays.
MIN_SCORE = 0.2
SHARED = 0.3


@dataclass(frozen=True)
class FaceFinder:
    """CenterFace, see ``models/faces/card.md``."""

    network: Network

    @classmethod
    def load(cls, device: str = "CPU", side: int = SIDE) -> FaceFinder:
        """Load the shipped weights.

        Raises
        ------
        Broken
            If the shipped file is missing or damaged.
        """
        network = Network.read(checked("faces/centerface.onnx"), None, side, device)
        network.model.reshape([1, 3, -1, -1])
        network.model = taking_photos(network.model, scale=1.0, rgb=True)
        return cls(network)

    def find_many(self, photos: Iterable[Image], min_score: float = MIN_SCORE) -> Iterator[Boxes]:
        """Yield the face boxes of each photo, (n, 4) xyxy in its pixels, in order."""
        return self.network.run(photos, partial(read_faces, min_score=min_score))


def read_faces(outputs: Outputs, fit: Fit, min_score: float = MIN_SCORE) -> Boxes:
    """Turn the network's raw outputs for one photo into face boxes.

    Parameters
    ----------
    outputs : for cells of 4 pixels: score (1, 1, h, w), log height and width in cells
        (1, 2, h, w), and the centre's place in its cell, row then column, (1, 2, h, w).
    """
    score, size, offset = outputs[0][0, 0], outputs[1][0], outputs[2][0]
    row, column = np.nonzero(score > min_score)
    height, width = np.exp(size[:, row, column]) * CELL
    top = (row + offset[0, row, column] + 0.5) * CELL - height / 2
    left = (column + offset[1, row, column] + 0.5) * CELL - width / 2
    xywh = np.stack([left, top, width, height], axis=1)
    kept = cv2.dnn.NMSBoxes(xywh.tolist(), score[row, column].tolist(), min_score, SHARED)
    best = xywh[np.asarray(kept, np.intp).reshape(-1)]
    corners = np.concatenate([best[:, :2], best[:, :2] + best[:, 2:]], axis=1)
    return fit.to_photo(np.asarray(corners, np.float32))
