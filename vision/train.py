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
from vision.trainingset import Mix, prepare

THREADS = 2


@dataclass(frozen=True)
class TrainingRun:
    """What to train, and for how long.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    out : folder for the prepared set and the run; nothing is written elsewhere.
    epochs : passes over the set; an estimate where ``hours`` is given.
    hours : wall-clock limit that the learning rate's schedule is fitted to.
    image_size : side of the square input in pixels, a multiple of 32.
    start : state dict to start from; the COCO one beside the data if not given.
    resume : go on with the run that ``out`` holds, to the number of epochs it was planned for.
    mix : which photos an epoch holds.
    """

    data: Path
    out: Path
    epochs: int = 12
    hours: float | None = None
    image_size: int = 448
    batch: int = 16
    learning_rate: float = 1e-3
    seed: int = 1
    start: Path | None = None
    resume: bool = False
    mix: Mix = field(default_factory=Mix)

    @property
    def last_checkpoint(self) -> Path:
        """Where the trainer keeps its newest state."""
        return self.out / "run" / "weights" / "last.pt"


def train(run: TrainingRun, on_prepare: Callable[[int, int], None] | None = None) -> Path:
    """Train and return the last checkpoint; export it with `vision.export`.

    Raises
    ------
    BadInput
        Where the data, the training environment or the run to resume is missing.
    """
    if run.resume and not run.last_checkpoint.exists():
        raise BadInput(
            Fault(
                code="nothing-to-resume",
                where=str(run.last_checkpoint),
                cause="There is no training run to resume.",
                remedy="Train without --resume first, or name the folder of that run.",
            )
        )
    quieten(run.out)
    trainer_type = _trainer_type()
    prepared = prepare(run.data, run.out / "set", run.mix, on_prepare)
    trainer_type.start_weights = run.start or run.data / "weights/yolov5n_coco_statedict.pt"
    trainer = trainer_type(overrides=_overrides(run, prepared.with_suffix(".yaml")))
    trainer.train()
    return run.last_checkpoint


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
        raise BadInput(
            Fault(
                code="training-environment-missing",
                where="stadsronde train",
                value=str(missing.name),
                cause="Training needs ultralytics and torch, which are not installed here.",
                remedy="Make the training environment (pip install '.[train]') and run it there.",
            )
        ) from missing
    integrations = ("clearml", "comet", "dvc", "hub", "mlflow", "neptune", "raytune", "wandb")
    off = {key: False for key in ("sync", "tensorboard", *integrations) if key in settings}
    settings.update(off)
    torch.set_num_threads(THREADS)
    return StreetTrainer


def _overrides(run: TrainingRun, data: Path) -> dict[str, Any]:
    resume = {"resume": str(run.last_checkpoint.resolve())} if run.resume else {}
    return resume | {
        "model": "yolov5n.yaml",
        "data": str(data),
        # Ultralytics puts relative folders below one of its own.
        "project": str(run.out.resolve()),
        "name": "run",
        "exist_ok": True,
        "epochs": run.epochs,
        # A resumed run has its number of epochs; the trainer would reckon the hours anew.
        "time": None if run.resume else run.hours,
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
        "device": "cpu",
        "amp": False,
        "cache": "ram",
        "workers": 1,
        "val": False,
        "plots": False,
        "save_period": 1,
        "patience": 0,
        "close_mosaic": 3,
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
