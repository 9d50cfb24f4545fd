"""Turn trained weights into the files that are shipped (needs the training install)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openvino as ov  # type: ignore[import-untyped]

from vision.classes import NAMES
from vision.network import taking_photos
from vision.train import quieten

# Any multiple of 32 would do: the exported model takes photos of every size.
EXAMPLE_SIDE = 448


def export(weights: Path, out: Path) -> Path:
    """Write ``detector.xml`` with its ``.bin``, and ``detector.pt`` to train on from.

    The model takes (1, h, w, 3) uint8 BGR and gives the raw head, see `vision.detector`.

    Parameters
    ----------
    weights : plain state dict in half precision, of `vision.recipe`.
    """
    quieten(weights.parent)
    import torch

    from vision.trainer import StreetModel, load_fitting

    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights, out / "detector.pt")
    network = StreetModel("yolov5n.yaml", nc=len(NAMES), verbose=False)
    load_fitting(network, weights)
    head = _raw_head(network.fuse(verbose=False).eval())
    example = torch.zeros(1, 3, EXAMPLE_SIDE, EXAMPLE_SIDE)
    with torch.no_grad():
        model = ov.convert_model(head, example_input=example, input=[-1, 3, -1, -1])
    photo_model = taking_photos(model, scale=255.0, rgb=True)
    ov.save_model(photo_model, out / "detector.xml", compress_to_fp16=True)
    return out / "detector.xml"


def _raw_head(network: Any) -> Any:
    """Return a module that gives the head's distances and class logits, undecoded."""
    import torch

    class RawHead(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, x: Any) -> tuple[Any, Any]:
            _decoded, planes = self.network(x)
            return planes["boxes"], planes["scores"]

    return RawHead().eval()
