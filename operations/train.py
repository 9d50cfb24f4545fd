"""Train the detector, score it on photos it has not seen, and write what is shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vision.recipe import follow
from vision.release import Release, release

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
    fold: int | None = None,
    start: Path | None = None,
    renderings: Path | None = None,
    on_progress: Progress | None = None,
) -> TrainReport:
    """Train by the recipe and export the result to ``model`` in the last stage's folder.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    out : folder for all stages; a run that was broken off goes on.
    fold : Amsterdam photos to keep for testing (0, 1 or 2); None trains on all of them.
    start : state dict such as ``models/training/before_amsterdam.pt``: only the stages that see
        Amsterdam are done, from it.
    renderings : folder of renderings, with their truth, that the last stage sees too.
    on_progress : called with photos prepared and photos in all, before each stage.

    Raises
    ------
    BadInput
        If the data or the training environment is missing.
    """
    stages = follow(data, out, fold, start, on_progress, renderings)
    made: Release = release(stages, stages[-1] / "model", data)
    return TrainReport(made.model, made.scores)
