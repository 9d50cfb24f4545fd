"""How ultralytics' trainer is bent to our labels. Imports torch: only `vision.train` imports it.

Four things differ from a plain run: classes that a photo's source did not label cost nothing,
a mosaic holds photos of one source only (so that this stays true), things are pasted from one photo
into another (and count there, whatever its source labelled), and the network runs in bfloat16 with
channels last where the processor has it (twice as fast on AVX-512 BF16).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader
from ultralytics.data.augment import Mosaic
from ultralytics.data.build import build_dataloader
from ultralytics.data.dataset import YOLODataset
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils.instance import Instances
from ultralytics.utils.loss import v8DetectionLoss

from vision.classes import CONTAINER, CONTAINER_OVERFLOWING, NAMES
from vision.cutouts import Cutout, paste
from vision.detections import Image
from vision.trainingset import source_of

NIGHT_SHARE = 0.12
BLUR_SHARE = 0.12
MOST_PASTED = 4
# Phones write some photos that way: about 5 of the 144 from Amsterdam lie so, seen by eye.
ON_SIDE_SHARE = 0.06


class KnownClassesLoss(v8DetectionLoss):  # type: ignore[misc]
    """The usual loss, with the class part counted only where the truth is known."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self._unmasked = torch.nn.BCEWithLogitsLoss(reduction="none")
        self._known = torch.ones(1, 1, len(NAMES))
        self._no_overflow_known = torch.ones(1, 1)
        self.bce = self._masked

    def __call__(self, preds: Any, batch: dict[str, Any]) -> Any:
        sources = [source_of(path) for path in batch["im_file"]]
        known = [[float(i in s.labelled) for i in range(len(NAMES))] for s in sources]
        self._known = torch.tensor(known, device=self.device).unsqueeze(1)
        seen = [[float(s.overflow_known)] for s in sources]
        self._no_overflow_known = torch.tensor(seen, device=self.device)
        return super().__call__(preds, batch)

    def _masked(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        weight = torch.maximum(self._known.expand_as(targets), (targets > 0).to(self._known.dtype))
        # Where nobody could see whether a container overflows, its boxes teach neither.
        seen = self._no_overflow_known.expand(targets.shape[:2])
        weight[..., CONTAINER_OVERFLOWING] *= torch.where(targets[..., CONTAINER] > 0, seen, 1.0)
        loss: torch.Tensor = self._unmasked(scores, targets) * weight
        return loss


class StreetModel(DetectionModel):  # type: ignore[misc]
    """YOLOv5n with an anchor-free head, our loss, and reduced precision where it pays."""

    def init_criterion(self) -> KnownClassesLoss:
        """Return the loss that knows what was labelled."""
        return KnownClassesLoss(self)

    def loss(self, batch: dict[str, Any], preds: Any = None) -> Any:
        """Run the network in bfloat16 if the processor can, and the loss in float32."""
        if preds is None:
            device = batch["img"].device.type
            with torch.autocast(device, torch.bfloat16, enabled=_has_bfloat16(device)):
                preds = self.forward(batch["img"])
            preds = {key: _as_float(value) for key, value in preds.items()}
        return super().loss(batch, preds)


def _as_float(value: Any) -> Any:
    return [v.float() for v in value] if isinstance(value, list) else value.float()


def _has_bfloat16(device: str) -> bool:
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class OneSourceMosaic(Mosaic):  # type: ignore[misc]
    """A mosaic whose four photos all come from the source of the first."""

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        """Remember which source the partners must come from, then go on as usual."""
        self._pool = self.dataset.indexes_of[source_of(labels["im_file"]).name]
        return super().__call__(labels)  # type: ignore[no-any-return]

    def get_indexes(self) -> list[int]:
        """Return three photos of the same source."""
        return random.choices(self._pool, k=self.n - 1)


class NightAndBlur:
    """Some photos darkened with noise as a phone's by night, some blurred by movement."""

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        if random.random() < NIGHT_SHARE:
            labels["img"] = _night(labels["img"])
        if random.random() < BLUR_SHARE:
            labels["img"] = _moved(labels["img"])
        return labels


def _lay_on_side(labels: dict[str, Any]) -> None:
    """Turn a photo and its boxes (xywh, centre first, fractions) by a quarter, either way."""
    left = random.random() < 0.5
    labels["img"] = np.ascontiguousarray(np.rot90(labels["img"], 1 if left else -1))
    labels["resized_shape"] = labels["img"].shape[:2]
    x, y, w, h = labels["instances"].bboxes.T
    turned = (y, 1 - x, h, w) if left else (1 - y, x, h, w)
    labels["instances"] = Instances(
        np.stack(turned, axis=1).astype(np.float32),
        labels["instances"].segments,
        bbox_format="xywh",
        normalized=True,
    )


def _night(image: Image) -> Image:
    gamma, gain = random.uniform(1.2, 2.4), random.uniform(0.5, 0.9)
    table = (255 * gain * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    grain = np.random.default_rng(random.getrandbits(32))
    noise = grain.normal(0, random.uniform(1, 8), image.shape)
    return np.asarray(np.clip(cv2.LUT(image, table) + noise, 0, 255), np.uint8)


def _moved(image: Image) -> Image:
    length = random.choice((3, 5, 7))
    line = np.zeros((length, length), np.float32)
    line[length // 2, :] = 1 / length
    turn = cv2.getRotationMatrix2D((length // 2, length // 2), random.uniform(0, 180), 1)
    kernel = np.asarray(cv2.warpAffine(line, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(image, -1, kernel / max(float(kernel.sum()), 1e-3)), np.uint8)


class StreetDataset(YOLODataset):  # type: ignore[misc]
    """The prepared photos, with mosaics of one source and our own augmentations."""

    def __init__(
        self, *args: Any, cutouts: Sequence[Cutout], pasted_share: float, **kwargs: Any
    ) -> None:
        self._cutouts, self._pasted_share = cutouts, pasted_share
        super().__init__(*args, **kwargs)

    def get_image_and_label(self, index: int) -> dict[str, Any]:
        """Return a photo with its labels, some with more things than it had."""
        labels: dict[str, Any] = super().get_image_and_label(index)
        if self.augment and random.random() < self._pasted_share:
            self._paste(labels)
        if self.augment and random.random() < ON_SIDE_SHARE:
            _lay_on_side(labels)
        return labels

    def _paste(self, labels: dict[str, Any]) -> None:
        own = labels["instances"]
        height, width = labels["img"].shape[:2]
        middle, half = own.bboxes[:, :2], own.bboxes[:, 2:] / 2
        size = np.array([width, height] * 2, np.float32)
        boxes = np.hstack([middle - half, middle + half]) * size
        labels["img"], added, classes = paste(
            labels["img"], boxes, self._cutouts, random.randint(1, MOST_PASTED), random
        )
        added = added / size
        xywh = np.hstack([(added[:, :2] + added[:, 2:]) / 2, added[:, 2:] - added[:, :2]])
        every = np.vstack([own.bboxes, xywh])
        labels["instances"] = Instances(every, own.segments, bbox_format="xywh", normalized=True)
        new = np.array(classes, labels["cls"].dtype).reshape(-1, 1)
        labels["cls"] = np.vstack([labels["cls"], new])

    def build_transforms(self, hyp: Any) -> Any:
        """Swap in our mosaic, and add night and blur before the last step."""
        self.indexes_of: dict[str, list[int]] = {}
        for i, path in enumerate(self.im_files):
            self.indexes_of.setdefault(source_of(path).name, []).append(i)
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms[0][0] = OneSourceMosaic(self, imgsz=self.imgsz, p=hyp.mosaic)
            transforms.insert(-1, NightAndBlur())
        return transforms


class StreetTrainer(DetectionTrainer):  # type: ignore[misc]
    """Ultralytics' trainer with our data set, model and loss."""

    start_weights: Path | None = None
    cutouts: Sequence[Cutout] = ()
    pasted_share = 0.0

    def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:
        """Return the network, with every pretrained tensor that fits by name and shape."""
        model = StreetModel(cfg or "yolov5n.yaml", nc=len(NAMES), verbose=verbose)
        if weights is not None:
            model.load(weights)
        elif self.start_weights is not None:
            load_fitting(model, self.start_weights)
        return model

    def set_model_attributes(self) -> None:
        """Lay the weights out with channels last, which suits the processor's kernels."""
        self.model: Any = self.model.to(memory_format=torch.channels_last)
        super().set_model_attributes()

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Lay the photos out as the weights are."""
        batch = super().preprocess_batch(batch)
        batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
        return batch

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> Any:
        """Return our data set for a split."""
        return StreetDataset(
            img_path=img_path,
            imgsz=self.args.imgsz,
            batch_size=batch,
            augment=mode == "train",
            hyp=self.args,
            rect=mode == "val",
            cache=self.args.cache if mode == "train" else None,
            stride=32,
            pad=0.0 if mode == "train" else 0.5,
            prefix=f"{mode}: ",
            data=self.data,
            cutouts=self.cutouts,
            pasted_share=self.pasted_share,
        )

    def get_dataloader(
        self, dataset_path: str, batch_size: int = 16, rank: int = 0, mode: str = "train"
    ) -> DataLoader[Any]:
        """Return a loader that prepares the next batch in a process of its own."""
        dataset = self.build_dataset(dataset_path, mode, batch_size)
        loader: DataLoader[Any] = build_dataloader(
            dataset, batch_size, workers=1, shuffle=mode == "train", rank=rank, device=self.device
        )
        return loader


def load_fitting(model: Any, path: Path) -> int:
    """Load all tensors of a plain state dict that fit by name and shape; return how many."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    stored = stored.get("state_dict", stored)
    own = model.state_dict()
    fitting = {}
    for name, tensor in stored.items():
        full = name if name in own else f"model.{name}"
        if full in own and own[full].shape == tensor.shape:
            fitting[full] = tensor.float() if tensor.is_floating_point() else tensor
    model.load_state_dict(fitting, strict=False)
    return len(fitting)
