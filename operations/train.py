"""Train the detector, score it on photos it has not seen, and write what is shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vision.release import Release, release
from vision.train import TrainingRun
from vision.train import train as train_network

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TrainReport:
    """Where the trained model lies and how well it does.

    Parameters
    ----------
    model : the exported ``.xml``, for `operations.detect`.
    scores : average precision at an overlap of one half, by test set and class.
    """

    model: Path
    scores: dict[str, dict[str, float]]


def train(
    data: Path,
    out: Path,
    *,
    epochs: int = 12,
    hours: float | None = None,
    image_size: int = 448,
    start: Path | None = None,
    resume: bool = False,
    on_progress: Progress | None = None,
) -> TrainReport:
    """Train on a data folder and export the result to ``out/model`` with its card.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    hours : wall-clock limit; the learning rate's schedule is fitted to it.
    start : state dict to start from, such as ``models/detector/detector.pt``; COCO's otherwise.
    resume : go on with the run in ``out`` that was broken off.
    on_progress : called with photos prepared and photos in all, before training begins.

    Raises
    ------
    BadInput
        If the data, the training environment or the run to resume is missing.
    """
    run = TrainingRun(data, out, epochs, hours, image_size, start=start, resume=resume)
    checkpoint = train_network(run, on_progress)
    made: Release = release(checkpoint, out / "set", out / "model")
    return TrainReport(made.model, made.scores)
