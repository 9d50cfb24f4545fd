"""A small real network, as ultralytics exports them: it finds cells that are red, green or blue."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from vision.detections import Image

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
CELL = 32
HEIGHT, WIDTH = 96, 128


def painted(*cells: tuple[int, int, tuple[int, int, int]], scale: int = 1) -> Image:
    """A black picture of 128 x 96 pixels times a scale, with cells (column, row) in colour."""
    bgr = np.zeros((96 * scale, 128 * scale, 3), np.uint8)
    step = 32 * scale
    for column, row, colour in cells:
        bgr[row * step : (row + 1) * step, column * step : (column + 1) * step] = colour
    return bgr


def write(
    path: Path,
    names: Sequence[str] = ("Garbage bag", "lamp post", "car"),
    rows: int | None = None,
    **metadata: str,
) -> Path:
    """Write a model of input 96 x 128 with a box for each cell that has one colour.

    Parameters
    ----------
    names : of the classes red, green and blue.
    rows : of its output; 4 + 3 if not given.
    """
    columns, lines = WIDTH // CELL, HEIGHT // CELL
    x, y = np.meshgrid(np.arange(columns) + 0.5, np.arange(lines) + 0.5)
    middle = np.stack([x.ravel(), y.ravel()]) * CELL
    boxes = np.concatenate([middle, np.full_like(middle, CELL)])[None].astype(np.float32)
    # A colour's score is its own mean less the means of the two others.
    mix = (2 * np.eye(3) - 1).reshape(3, 3, 1, 1).astype(np.float32)
    nodes = [
        helper.make_node(
            "AveragePool", ["images"], ["mean"], kernel_shape=[CELL] * 2, strides=[CELL] * 2
        ),
        helper.make_node("Conv", ["mean", "mix"], ["mixed"]),
        helper.make_node("Clip", ["mixed", "low", "high"], ["score"]),
        helper.make_node("Reshape", ["score", "flat"], ["scores"]),
        helper.make_node("Concat", ["boxes", "scores"], ["whole"], axis=1),
        helper.make_node("Slice", ["whole", "from", "to", "axis"], ["output0"]),
    ]
    rows = rows or 7
    numbers = {
        "mix": mix,
        "low": np.float32(0),
        "high": np.float32(1),
        "flat": np.array([1, 3, columns * lines]),
        "boxes": boxes,
        "from": np.array([0]),
        "to": np.array([rows]),
        "axis": np.array([1]),
    }
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, HEIGHT, WIDTH])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, rows, columns * lines])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    told = {"names": str(dict(enumerate(names))), "task": "detect"} | metadata
    helper.set_model_props(model, {key: value for key, value in told.items() if value})
    onnx.save(model, str(path))
    return path
