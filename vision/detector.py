"""Find containers, waste, people and vehicles in street photos."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from city.errors import BadInput, Broken, Fault
from vision.calibration import Calibration
from vision.classes import CLASSES, NAMES
from vision.detections import Detections, Image, at_least
from vision.network import Fit, Network, Outputs
from vision.second_look import FILES, LEAST, SecondLook
from vision.side_waste import Learnt
from vision.tiles import Tile, merge, tiles_of
from vision.weights import checked, shipped_text

RECORD, CALIBRATION, SIDE_WASTE = "record.json", "calibration.json", "side_waste.json"
MADE_BY = {
    CALIBRATION: "stadsronde calibrate",
    SIDE_WASTE: "stadsronde calibrate-side-waste",
}
MIN_SCORE = 0.01
# How much of a box may be shared with a better one of its class.
SHARED = 0.6
MOST_BOXES = 300
MOST_CANDIDATES = 2000
STRIDES = (8, 16, 32)
BINS = 16

ReadBoxes = Callable[[Outputs, Fit, float], Detections]


@dataclass(frozen=True)
class Detector:
    """A trained detector, ready to run on this machine's processor.

    Parameters
    ----------
    version : which weights these are: 12 hexadecimal digits.
    calibration : what its scores are worth, where that was fitted to these weights.
    read : makes detections of the network's outputs, with a lowest score.
    classes : of ours that it looks for.
    left_out : what it looks for besides, by the model's own names.
    tile_from_px : photos whose longest side has so many pixels are read in tiles too; 0 is none.
    second_look : scores what may be loose waste anew.
    side_waste : what renderings taught of the waste beside containers, fitted to these weights.
    """

    network: Network
    version: str
    calibration: Calibration | None = None
    read: ReadBoxes | None = None
    classes: tuple[int, ...] = tuple(range(len(NAMES)))
    left_out: tuple[str, ...] = ()
    tile_from_px: int = 0
    second_look: SecondLook | None = None
    side_waste: Learnt | None = None

    @property
    def filed_as(self) -> str:
        """What its evidence is filed under: its weights, and those of the second look if any."""
        return f"{self.version}+{self.second_look.version}" if self.second_look else self.version

    @property
    def sees_private(self) -> bool:
        """Whether it sees all that heads and number plates are blurred by."""
        return all(i in self.classes for i, row in enumerate(CLASSES) if row.private)

    @classmethod
    def load(
        cls, path: Path | None = None, device: str = "CPU", side: int | None = None
    ) -> Detector:
        """Load the shipped weights, or those of an OpenVINO ``.xml`` with its ``.bin`` beside it.

        Parameters
        ----------
        side : pixels that a photo's longest side is scaled to, a multiple of 32; as the model's
            ``record.json`` says if not given, which is what it was trained at.

        Raises
        ------
        BadInput
            If the given path holds no such model, or nothing there says its input size.
        Broken
            If the shipped files are missing, damaged or of different models.
        """
        graph, weights = _shipped() if path is None else _at(path)
        version = _version(graph, weights)
        side = side or (_shipped_side(version) if path is None else _side_beside(path, version))
        network = Network.read(graph, weights, side, device)
        made = cls(
            network,
            version,
            _beside(path, version, CALIBRATION, Calibration.from_dict),
            second_look=_second_look(path, network.device),
        )
        learnt = _beside(path, made.filed_as, SIDE_WASTE, Learnt.from_dict)
        return replace(made, side_waste=learnt)

    def detect(self, photos: Sequence[Image], min_score: float = MIN_SCORE) -> list[Detections]:
        """Return the detections in each photo, (h, w, 3) uint8 BGR, best first."""
        return list(self.detect_many(photos, min_score))

    def detect_many(
        self, photos: Iterable[Image], min_score: float = MIN_SCORE
    ) -> Iterator[Detections]:
        """Yield the detections in each photo, in order, while reading only a few ahead."""
        read = self.read or read_boxes
        least = min(min_score, LEAST) if self.second_look else min_score
        under_way: deque[tuple[Image, tuple[Tile, ...]]] = deque()

        def pieces() -> Iterator[Image]:
            for photo in photos:
                tiles = self._tiles(photo)
                under_way.append((photo, tiles))
                yield photo
                yield from (tile.of(photo) for tile in tiles)

        found = self.network.run(pieces(), lambda outputs, fit: read(outputs, fit, least))
        for whole in found:
            photo, tiles = under_way.popleft()
            parts = [(tile, next(found)) for tile in tiles]
            height, width = photo.shape[:2]
            once = merge(whole, parts, width, height) if parts else whole
            if self.second_look:
                once = at_least(self.second_look.rescored(photo, once), min_score)
            yield once

    def _tiles(self, photo: Image) -> tuple[Tile, ...]:
        height, width = photo.shape[:2]
        large = 0 < self.tile_from_px <= max(height, width)
        return tiles_of(width, height) if large else ()


def _shipped() -> tuple[bytes, bytes]:
    return checked("detector/detector.xml"), checked("detector/detector.bin")


def _at(path: Path) -> tuple[bytes, bytes]:
    weights = path.with_suffix(".bin")
    missing = [file for file in (path, weights) if not file.is_file()]
    if missing or path.suffix != ".xml":
        raise BadInput(
            Fault(
                code="no-model-there",
                where=str(path),
                cause="There is no OpenVINO model there.",
                remedy="Name the .xml file that `stadsronde train` exported, its .bin beside it.",
            )
        )
    return path.read_bytes(), weights.read_bytes()


def _second_look(path: Path | None, device: str) -> SecondLook | None:
    """Return the second look of the shipped detector, or the one beside a model, if any."""
    if path is None:
        graph, weights = (checked(f"detector/{file}") for file in FILES)
    elif all(path.with_name(file).is_file() for file in FILES):
        graph, weights = (path.with_name(file).read_bytes() for file in FILES)
    else:
        return None
    return SecondLook.read(graph, weights, device)


def _shipped_side(version: str) -> int:
    side = _side_in(shipped_text(f"detector/{RECORD}"), version)
    if side is None:
        raise Broken(
            f"models/detector/{RECORD} is not of the weights beside it. Install Stadsronde again, "
            "or copy all files of the exported model."
        )
    return side


def _side_beside(path: Path, version: str) -> int:
    record = path.with_name(RECORD)
    side = _side_in(record.read_text(encoding="utf-8"), version) if record.is_file() else None
    if side is None:
        raise BadInput(
            Fault(
                code="model-without-record",
                where=str(path),
                field=RECORD,
                cause="No record of this model lies beside it, so its input size is not known.",
                remedy=f"Put the {RECORD} of the same export beside it, or give the size.",
            )
        )
    return side


def _beside[T](
    path: Path | None, version: str, name: str, read: Callable[[Mapping[str, Any]], T]
) -> T | None:
    """Return what lies beside the weights; what was fitted to others counts for nothing."""
    default = "{}" if name == SIDE_WASTE else None
    text = (
        shipped_text(f"detector/{name}", default) if path is None else _text(path.with_name(name))
    )
    try:
        told = loads(text)
        return read(told) if told.get("detector") == version else None
    except (AttributeError, KeyError, TypeError, ValueError) as damaged:
        raise Broken(
            f"{path or 'models/detector'}: the {name} beside it is damaged. "
            f"Install it again, or write {{}} into it and run `{MADE_BY[name]}`."
        ) from damaged


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else "{}"


def _side_in(record: str, version: str) -> int | None:
    """Return the input size that a record names, if it is of these weights."""
    try:
        told = loads(record)
        return int(told["side"]) if told["version"] == version else None
    except (JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def _version(graph: bytes, weights: bytes) -> str:
    return sha256(graph + weights).hexdigest()[:12]


def read_boxes(outputs: Outputs, fit: Fit, min_score: float) -> Detections:
    """Turn the network's raw outputs for one photo into detections.

    Parameters
    ----------
    outputs : distances (1, 64, a) as logits over 16 bins for each of left, top, right, bottom
        in cells, and class logits (1, c, a), for all anchors of the three levels, the finest first.

    Notes
    -----
    Source: distribution focal loss, Li e.a., arXiv 2006.04388, section 3.2.
    """
    distances, logits = outputs[0][0], outputs[1][0]
    candidates = np.argwhere(logits > _logit(min_score))
    scores = _sigmoid(logits[candidates[:, 0], candidates[:, 1]])
    if len(scores) > MOST_CANDIDATES:
        best = np.argpartition(-scores, MOST_CANDIDATES)[:MOST_CANDIDATES]
        candidates, scores = candidates[best], scores[best]
    class_id, anchor = candidates[:, 0], candidates[:, 1]
    boxes = fit.to_photo(_boxes(distances[:, anchor], *_anchors(anchor, fit)))
    return best_of(Detections.of(boxes, class_id, np.clip(scores, 0, 1)), min_score)


def _boxes(
    distances: npt.NDArray[np.float32],
    centre: npt.NDArray[np.float32],
    stride: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Return xyxy (n, 4) in input pixels from logits (64, n), centres (n, 2), strides (n, 1)."""
    bins = distances.reshape(4, BINS, distances.shape[1]).astype(np.float32)
    weight = np.exp(bins - bins.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    cells = np.einsum("sbn,b->ns", weight, np.arange(BINS, dtype=np.float32))
    xyxy = np.concatenate([centre - cells[:, :2], centre + cells[:, 2:]], axis=1) * stride
    return np.asarray(xyxy, np.float32)


def _anchors(
    anchor: npt.NDArray[np.intp], fit: Fit
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return cell centres (n, 2), in cells, and strides (n, 1) of anchors by their index."""
    centre = np.empty((len(anchor), 2), np.float32)
    stride = np.empty((len(anchor), 1), np.float32)
    first = 0
    for pixels in STRIDES:
        rows, columns = fit.input_height // pixels, fit.input_width // pixels
        here = (anchor >= first) & (anchor < first + rows * columns)
        row, column = np.divmod(anchor[here] - first, columns)
        centre[here] = np.stack([column, row], axis=1) + 0.5
        stride[here] = pixels
        first += rows * columns
    return centre, stride


def best_of(found: Detections, min_score: float) -> Detections:
    """Drop near-duplicates within a class and keep the best so many boxes."""
    if not len(found):
        return found
    xywh = np.concatenate([found.xyxy[:, :2], found.xyxy[:, 2:] - found.xyxy[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        xywh.tolist(), found.score.tolist(), found.class_id.tolist(), min_score, SHARED
    )
    chosen = found[np.asarray(kept, np.intp).reshape(-1)]
    return chosen[np.argsort(-chosen.score, kind="stable")[:MOST_BOXES]]


def _logit(p: float) -> float:
    return float(np.log(max(p, 1e-9) / (1 - min(p, 1 - 1e-9))))


def _sigmoid(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-x.astype(np.float32))), np.float32)
