"""Run a convolutional network on photos of any shape with OpenVINO, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import openvino as ov  # type: ignore[import-untyped]

from city.errors import BadInput, Broken, Fault
from vision.detections import Boxes, Image

# Height and width of the input as parts of its longest side; the smallest that holds a photo
# is taken. Few shapes, because each is compiled once.
SHAPES = ((9, 16), (12, 16), (16, 16), (16, 12), (16, 9))
STRIDE = 32
GREY = 114
# Within these scales a 3 x 3 mean and linear sampling are as good as exact areas (AP50 of an
# unseen fold, 0.395 and 0.396), in a fifth of the time.
SMOOTHED = 0.4, 0.75

Outputs = tuple[npt.NDArray[np.float32], ...]


@dataclass(frozen=True)
class Fit:
    """How a photo was laid into a network's input: scaled, then put at the top left.

    Parameters
    ----------
    scale : input pixels per photo pixel.
    width, height : of the photo, in pixels.
    input_width, input_height : of the network's input, in pixels.
    """

    scale: float
    width: int
    height: int
    input_width: int
    input_height: int

    def to_photo(self, xyxy: Boxes) -> Boxes:
        """Return boxes (n, 4) in pixels of the photo, clipped to it."""
        edge = np.array([self.width, self.height, self.width, self.height], np.float32)
        return np.asarray(np.clip(xyxy / self.scale, 0, edge), np.float32)


def shape_for(height: int, width: int, side: int) -> tuple[int, int]:
    """Return height and width of the smallest input that a photo fits in at full scale."""
    wide, high = width / max(width, height), height / max(width, height)
    fitting = [(h, w) for h, w in SHAPES if w / 16 >= wide - 0.01 and h / 16 >= high - 0.01]
    best_h, best_w = min(fitting, key=lambda hw: hw[0] * hw[1])
    return _whole_cells(side * best_h / 16), _whole_cells(side * best_w / 16)


def _whole_cells(length: float) -> int:
    return max(1, round(length / STRIDE)) * STRIDE


def laid_in(bgr: Image, height: int, width: int) -> tuple[Image, Fit]:
    """Return the photo scaled into an input (height, width, 3), the rest grey, and how."""
    scale = min(height / bgr.shape[0], width / bgr.shape[1])
    size = max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale))
    if SMOOTHED[0] <= scale < SMOOTHED[1]:
        bgr = np.asarray(cv2.blur(bgr, (3, 3)), np.uint8)
    way = cv2.INTER_AREA if scale < SMOOTHED[0] else cv2.INTER_LINEAR
    canvas = np.full((height, width, 3), GREY, np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(bgr, size, interpolation=way)
    return canvas, Fit(scale, bgr.shape[1], bgr.shape[0], width, height)


@dataclass
class Network:
    """A network that takes uint8 BGR photos, compiled once for each input shape it meets.

    Parameters
    ----------
    model : takes (1, h, w, 3) uint8 BGR; h and w are set before it is compiled.
    side : the longest side of the input in pixels.
    fixed : height and width of the input, where the model takes no other.
    """

    model: Any
    side: int
    device: str = "CPU"
    fixed: tuple[int, int] | None = None
    core: Any = field(default_factory=ov.Core)
    _compiled: dict[tuple[int, int], Any] = field(default_factory=dict)
    _idle: dict[tuple[int, int], list[Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, graph: bytes, weights: bytes | None, side: int, device: str = "CPU") -> Network:
        """Return the network of an OpenVINO or ONNX file's content.

        Raises
        ------
        BadInput
            If there is no such device here.
        Broken
            If OpenVINO cannot read it.
        """
        core = ov.Core()
        device = _device(core.available_devices, device)
        try:
            blob = [ov.Tensor(np.frombuffer(weights, np.uint8))] if weights else []
            return cls(core.read_model(graph, *blob), side, device, core=core)
        except RuntimeError as failed:
            raise Broken(f"OpenVINO cannot read a model: {failed}") from failed

    def run[T](
        self, photos: Iterable[Image], read: Callable[[Outputs, Fit], T], ahead: int = 4
    ) -> Iterator[T]:
        """Yield what ``read`` makes of the outputs for each photo, in order.

        Parameters
        ----------
        ahead : how many photos are under way at once; more than that are never held.
        """
        under_way: deque[tuple[Any, tuple[int, int], Fit]] = deque()
        for photo in photos:
            under_way.append(self._start(photo))
            if len(under_way) >= ahead:
                yield self._finish(*under_way.popleft(), read)
        while under_way:
            yield self._finish(*under_way.popleft(), read)

    def _start(self, photo: Image) -> tuple[Any, tuple[int, int], Fit]:
        shape = self.fixed or shape_for(photo.shape[0], photo.shape[1], self.side)
        canvas, fit = laid_in(photo, *shape)
        idle = self._idle.setdefault(shape, [])
        request = idle.pop() if idle else self._for(shape).create_infer_request()
        request.start_async([ov.Tensor(canvas[None])])
        return request, shape, fit

    def _finish[T](
        self, request: Any, shape: tuple[int, int], fit: Fit, read: Callable[[Outputs, Fit], T]
    ) -> T:
        request.wait()
        result = read(tuple(tensor.data for tensor in request.output_tensors), fit)
        self._idle[shape].append(request)
        return result

    def _for(self, shape: tuple[int, int]) -> Any:
        if shape not in self._compiled:
            model = self.model.clone()
            model.reshape([1, *shape, 3])
            hint = at_full_load(self.device)
            self._compiled[shape] = self.core.compile_model(model, self.device, hint)
        return self._compiled[shape]


def at_full_load(device: str) -> dict[str, Any]:
    """Return how OpenVINO compiles for as many answers a second as a device gives."""
    hint: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT"}
    if device == "CPU":
        # Pinned to a core that something else keeps busy, it was fourteen times slower.
        hint["ENABLE_CPU_PINNING"] = False
    return hint


def _device(present: Sequence[str], wanted: str) -> str:
    """Return a device by the name that OpenVINO has for it; ``AUTO`` is a GPU where there is one.

    Raises
    ------
    BadInput
        If it is not among those present.
    """
    name = wanted.upper()
    if name == "AUTO":
        return next((one for one in present if one.startswith("GPU")), "CPU")
    if any(name in (one, one.partition(".")[0]) for one in present):
        return name
    raise BadInput(
        Fault(
            code="no-such-device",
            where="settings",
            field="device",
            value=wanted,
            cause=f"OpenVINO does not find it; it finds {', '.join(present)}.",
            remedy="Change the variable STADSRONDE_DEVICE, or install the device's driver.",
        )
    )


def taking_photos(model: Any, *, scale: float, rgb: bool) -> Any:
    """Return a model that takes uint8 BGR photos, built around one that takes float planes.

    Parameters
    ----------
    scale : what pixel values are divided by.
    rgb : whether the model wants red first.
    """
    steps = ov.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().tensor().set_color_format(ov.preprocess.ColorFormat.BGR)
    steps.input().model().set_layout(ov.Layout("NCHW"))
    before = steps.input().preprocess()
    before.convert_element_type(ov.Type.f32)
    if rgb:
        before.convert_color(ov.preprocess.ColorFormat.RGB)
    before.scale(scale)
    return steps.build()
