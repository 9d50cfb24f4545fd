"""A detector of a user's own: any that ultralytics trained, as ``.pt`` or as exported ``.onnx``.

A checkpoint is exported once, which needs the training install, and kept by its content; what runs
is the ONNX file, by OpenVINO. Its classes count where they are called as ours are, see
`vision.classes.class_called`; the others are left out, and named.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from warnings import catch_warnings

import numpy as np

from city.errors import BadInput, Broken, Fault
from vision.classes import CLASSES, class_called
from vision.detections import Detections, Ids
from vision.detector import Detector, best_of
from vision.network import Fit, Network, Outputs, taking_photos
from vision.train import quieten, training_environment_missing

CHECKPOINT, EXPORTED = ".pt", ".onnx"
USUAL_SIDE = 640
NOT_OURS = -1


def open_detector(
    path: Path | None, cache: Path, device: str = "CPU", side: int | None = None
) -> Detector:
    """Load the shipped detector, one that `stadsronde train` made, or one of a user's own.

    Parameters
    ----------
    path : ``.xml`` of ours, ``.onnx`` or ``.pt`` of ultralytics'; None is the shipped one.
    cache : folder in which exported checkpoints are kept.
    side : pixels of the input's longest side, where the model leaves it open.

    Raises
    ------
    BadInput
        If there is no such model, or none whose classes or head can be read.
    """
    if path is None or path.suffix.lower() not in (CHECKPOINT, EXPORTED):
        return Detector.load(path, device, side)
    try:
        content = path.read_bytes()
    except OSError as failed:
        raise BadInput(_unreadable(path, failed.strerror or "it cannot be opened")) from failed
    version = sha256(content).hexdigest()[:12]
    onnx = _exported(path, content, cache) if path.suffix.lower() == CHECKPOINT else content
    return _from_onnx(path, onnx, version, device, side)


def _from_onnx(path: Path, onnx: bytes, version: str, device: str, side: int | None) -> Detector:
    try:
        network = Network.read(onnx, None, side or USUAL_SIDE, device)
    except Broken as failed:
        raise BadInput(_unreadable(path, str(failed))) from failed
    model = network.model
    told = _metadata(model)
    names = _names(path, told.get("names", ""))
    ours = np.array([_ours(name) for name in names], np.int64)
    if (ours == NOT_OURS).all():
        raise BadInput(_no_class_of_ours(path, names))
    read = _head(path, model, told, ours)
    if model.input().partial_shape[2].is_dynamic:
        network.side = side or _side(told)
        model.reshape([1, 3, -1, -1])
    else:
        network.fixed = int(model.input().shape[2]), int(model.input().shape[3])
        network.side = max(network.fixed)
    network.model = taking_photos(model, scale=255.0, rgb=True)
    classes = tuple(sorted({*ours.tolist()} - {NOT_OURS}))
    left_out = tuple(n for n, i in zip(names, ours, strict=True) if i == NOT_OURS)
    return Detector(network, version, None, read, classes, left_out)


def _metadata(model: Any) -> dict[str, str]:
    """Return what the exporter wrote into the file."""
    if not model.has_rt_info(["framework"]):
        return {}
    return {key: str(value.value) for key, value in model.get_rt_info()["framework"].items()}


def _names(path: Path, told: str) -> list[str]:
    try:
        names = literal_eval(told)
        return [str(names[i]) for i in range(len(names))]
    except (SyntaxError, ValueError, TypeError, LookupError) as failed:
        raise BadInput(
            Fault(
                code="model-without-names",
                where=str(path),
                field="names",
                cause="The model does not say what its classes are called.",
                remedy="Export it with ultralytics, which writes the names into the file.",
            )
        ) from failed


def _ours(name: str) -> int:
    found = class_called(name)
    return NOT_OURS if found is None else found


def _side(told: dict[str, str]) -> int:
    """Return the longest side that a model was exported for."""
    try:
        return max(map(int, literal_eval(told["imgsz"])))
    except (KeyError, SyntaxError, ValueError, TypeError):
        return USUAL_SIDE


@dataclass(frozen=True)
class _Head:
    """What a head's one output means: ``boxes`` takes its table and gives xyxy and scores."""

    ours: Ids
    finished: bool

    def read(self, outputs: Outputs, fit: Fit, min_score: float) -> Detections:
        """Return the detections in a photo, in classes of ours."""
        table = np.asarray(outputs[0][0], np.float32)
        xyxy, score, theirs = _finished(table) if self.finished else _decoded(table, min_score)
        class_id = self.ours[theirs]
        kept = (class_id != NOT_OURS) & (score >= min_score)
        corners = np.concatenate([xyxy[:, :2], np.maximum(xyxy[:, 2:], xyxy[:, :2])], axis=1)
        boxes = fit.to_photo(corners[kept])
        return best_of(Detections.of(boxes, class_id[kept], np.clip(score[kept], 0, 1)), min_score)


def _decoded(table: Any, min_score: float) -> tuple[Any, Any, Any]:
    """Read rows centre x, centre y, width, height and a score for each class: (4 + c, a)."""
    theirs, anchor = np.nonzero(table[4:] >= min_score)
    centre, half = table[:2, anchor].T, table[2:4, anchor].T / 2
    return np.concatenate([centre - half, centre + half], axis=1), table[4 + theirs, anchor], theirs


def _finished(table: Any) -> tuple[Any, Any, Any]:
    """Read rows left, top, right, bottom, score, class: (n, 6)."""
    return table[:, :4], table[:, 4], table[:, 5].astype(np.int64)


def _head(path: Path, model: Any, told: dict[str, str], ours: Ids) -> Any:
    shapes = [output.partial_shape for output in model.outputs]
    single = len(model.inputs) == len(shapes) == 1 and shapes[0].rank.get_length() == 3
    if single and told.get("task", "detect") == "detect" and _takes_pictures(model):
        if told.get("end2end") == "True" and _is(shapes[0][2], 6):
            return _Head(ours, finished=True).read
        if _is(shapes[0][1], 4 + len(ours)):
            return _Head(ours, finished=False).read
    raise BadInput(
        Fault(
            code="model-head-unknown",
            where=str(path),
            value=", ".join(map(str, shapes)),
            cause="Its output is not that of an ultralytics detector.",
            remedy="Export a detection model: yolo export model=best.pt format=onnx dynamic=True.",
        )
    )


def _takes_pictures(model: Any) -> bool:
    shape = model.input().partial_shape
    return shape.rank.is_static and shape.rank.get_length() == 4 and _is(shape[1], 3)


def _is(dimension: Any, length: int) -> bool:
    return bool(dimension.is_static and dimension.get_length() == length)


def _exported(path: Path, content: bytes, cache: Path) -> bytes:
    """Return the checkpoint as ONNX: as kept, if that is whole, or exported now."""
    digest = sha256(content).hexdigest()[:16]
    for kept in cache.glob(f"{digest}-*{EXPORTED}"):
        onnx = kept.read_bytes()
        if kept.stem.endswith(sha256(onnx).hexdigest()[:16]):
            return onnx
        kept.unlink()
    onnx = _export(path, content, cache)
    whole = cache / f"{digest}-{sha256(onnx).hexdigest()[:16]}{EXPORTED}"
    part = whole.with_suffix(".part")
    part.write_bytes(onnx)
    part.replace(whole)
    return onnx


def _export(path: Path, content: bytes, cache: Path) -> bytes:
    cache.mkdir(parents=True, exist_ok=True)
    quieten(cache)
    try:
        from ultralytics import YOLO
    except ModuleNotFoundError as missing:
        raise training_environment_missing(f"the model {path.name}", missing) from missing
    # It writes beside the file that it is given, so it is given a copy.
    with TemporaryDirectory(dir=cache) as scratch, catch_warnings(action="ignore"):
        copy = Path(scratch) / f"model{CHECKPOINT}"
        copy.write_bytes(content)
        try:
            exporter = partial(YOLO(copy, verbose=False).export, verbose=False)
            return Path(exporter(format="onnx", dynamic=True, simplify=False)).read_bytes()
        except Exception as failed:  # whatever a file may do to pickle, torch and ultralytics
            raise BadInput(_unreadable(path, f"{type(failed).__name__}: {failed}")) from failed


def _unreadable(path: Path, why: str) -> Fault:
    return Fault(
        code="model-unreadable",
        where=str(path),
        value=why[:120],
        cause="It cannot be read as a model.",
        remedy="Give a checkpoint that ultralytics saved, its ONNX export, or the .xml that "
        "`stadsronde train` wrote.",
    )


def _no_class_of_ours(path: Path, names: Sequence[str]) -> Fault:
    return Fault(
        code="model-classes-unknown",
        where=str(path),
        value=", ".join(names)[:120],
        cause="None of its classes is called as one of ours.",
        remedy=f"Name its classes {', '.join(row.name for row in CLASSES)}, as far as it has them.",
    )
