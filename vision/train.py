"""Train the detector with ultralytics, in an environment of its own (`pip install .[train]`).

This module can be imported without torch; calling `train` without it says what to install.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from city.errors import BadInput, Fault
from vision.cutouts import load
from vision.trainingset import Mix, prepare

# As many as the machine has, unless whoever starts the training says less.
THREADS = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)


@dataclass(frozen=True)
class TrainingRun:
    """What to train, and for how long.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    out : folder for the prepared set and the run; nothing is written elsewhere.
    epochs : passes over the set.
    image_size : side of the square input in pixels, a multiple of 32.
    start : state dict to start from; the COCO one beside the data if not given.
    mix : which photos an epoch holds.
    """

    data: Path
    out: Path
    epochs: int = 12
    image_size: int = 448
    batch: int = 16
    learning_rate: float = 1e-3
    seed: int = 1
    start: Path | None = None
    mix: Mix = field(default_factory=Mix)

    @property
    def last_checkpoint(self) -> Path:
        """Where the trainer keeps its newest state."""
        return self.out / "run" / "weights" / "last.pt"

    @property
    def weights(self) -> Path:
        """The state dict of the finished run, half precision: a start for the next."""
        return self.out / "weights.pt"


def train(run: TrainingRun, on_prepare: Callable[[int, int], None] | None = None) -> Path:
    """Train, going on with what ``run.out`` holds of this run, and return ``run.weights``.

    Raises
    ------
    BadInput
        Where the data or the training environment is missing.
    """
    if run.weights.exists():
        return run.weights
    quieten(run.out)
    trainer_type = _trainer_type()
    prepared = prepare(run.data, run.out / "set", run.mix, on_prepare)
    trainer_type.start_weights = run.start or run.data / "weights/yolov5n_coco_statedict.pt"
    trainer_type.pasted_share = run.mix.pasted_share
    trainer_type.cutouts = load(prepared.with_name("cutouts")) if run.mix.pasted_share else ()
    trainer = trainer_type(overrides=_overrides(run, prepared.with_suffix(".yaml")))
    trainer.train()
    return save_weights(run.last_checkpoint, run.weights)


def save_weights(checkpoint: Path, path: Path) -> Path:
    """Write a checkpoint's weights as a plain state dict in half precision.

    They are the moving average, which is what the trainer evaluates.
    """
    import torch

    stored = torch.load(checkpoint, map_location="cpu", weights_only=False)
    state = (stored.get("ema") or stored["model"]).state_dict()
    slim = {key: v.half() if v.is_floating_point() else v for key, v in state.items()}
    torch.save({"state_dict": slim}, path)
    return path


def quieten(folder: Path) -> None:
    """Turn off all that ultralytics would send, fetch, install or write outside a folder.

    It reads these when it is first imported, so this comes before.
    """
    config = folder / "ultralytics"
    config.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "YOLO_CONFIG_DIR": str(config),
        "YOLO_OFFLINE": "true",
        "YOLO_AUTOINSTALL": "false",
        "OMP_NUM_THREADS": str(THREADS),
    }


def _trainer_type() -> Any:
    try:
        import torch
        from ultralytics import settings

        from vision.trainer import StreetTrainer
    except ModuleNotFoundError as missing:
        raise training_environment_missing("stadsronde train", missing) from missing
    integrations = ("clearml", "comet", "dvc", "hub", "mlflow", "neptune", "raytune", "wandb")
    off = {key: False for key in ("sync", "tensorboard", *integrations) if key in settings}
    settings.update(off)
    torch.set_num_threads(THREADS)
    return StreetTrainer


def training_environment_missing(where: str, missing: ModuleNotFoundError) -> BadInput:
    """Return what to raise where something needs what is installed for training only."""
    return BadInput(
        Fault(
            code="training-environment-missing",
            where=where,
            value=str(missing.name),
            cause="What is installed for training is needed here, and is not there.",
            remedy="Make the training environment (pip install '.[train]') and run it there.",
        )
    )


def _device() -> str:
    import torch

    return "0" if torch.cuda.is_available() else "cpu"


def _overrides(run: TrainingRun, data: Path) -> dict[str, Any]:
    begun = run.last_checkpoint.exists()
    resume = {"resume": str(run.last_checkpoint.resolve())} if begun else {}
    return resume | {
        "model": "yolov5n.yaml",
        "data": str(data),
        # Ultralytics puts relative folders below one of its own.
        "project": str(run.out.resolve()),
        "name": "run",
        "exist_ok": True,
        "epochs": run.epochs,
        "imgsz": run.image_size,
        "batch": run.batch,
        "nbs": run.batch,
        "optimizer": "AdamW",
        "lr0": run.learning_rate,
        "lrf": 0.02,
        "cos_lr": True,
        "warmup_epochs": 0.5,
        "warmup_bias_lr": 0.0,
        "weight_decay": 0.0005,
        "seed": run.seed,
        "deterministic": False,
        "device": _device(),
        "amp": False,
        "cache": "ram",
        "workers": 1,
        "val": False,
        "plots": False,
        "save_period": 1,
        "patience": 0,
        "close_mosaic": 1,
        "mosaic": 0.7,
        "scale": 0.5,
        "translate": 0.1,
        "degrees": 4.0,
        "shear": 2.0,
        "fliplr": 0.5,
        "hsv_h": 0.015,
        "hsv_s": 0.6,
        "hsv_v": 0.5,
    }
