"""How the shipped detector is trained: stages, each from the weights of the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vision.train import TrainingRun, train
from vision.trainingset import Mix

Progress = Callable[[int, int], None]

READ_AT = 544
"""Pixels that a photo's longest side is scaled to. Chosen on street_bins val, where sizes from 448
to 576 differ by less than 0.01 of mAP50; small things want it large."""


@dataclass(frozen=True)
class Stage:
    """One leg of training.

    Parameters
    ----------
    name : of its folder.
    epochs : passes over the mix.
    image_size : side of the square input in pixels.
    learning_rate : the highest one; it falls along a cosine.
    mix : which photos an epoch holds.
    """

    name: str
    epochs: int
    image_size: int
    learning_rate: float
    mix: Mix = field(default_factory=Mix)


def stages(fold: int | None = None, renderings: Path | None = None) -> tuple[Stage, ...]:
    """Return the legs; the first two do not see Amsterdam, so that all folds share them.

    Parameters
    ----------
    renderings : folder of renderings that the last leg sees too; none if not given.
    """
    kept = "" if fold is None else f"-fold{fold}"
    return (
        Stage("coarse", 9, 448, 2e-3, Mix(1.0, 0)),
        Stage("fine", 2, 640, 1e-3, Mix(1.0, 0)),
        Stage(f"street{kept}", 8, 640, 6e-4, Mix(0.1, 8, fold)),
        # Both sets together, or street_bins is forgotten; 640 pixels were no better here.
        Stage(f"joint{kept}", 22, 512, 1e-3, Mix(0.4, 5, fold, renderings=renderings)),
    )


def follow(
    data: Path,
    out: Path,
    fold: int | None = None,
    start: Path | None = None,
    on_progress: Progress | None = None,
    renderings: Path | None = None,
) -> tuple[Path, ...]:
    """Train stage by stage and return their folders.

    A call for what was broken off before goes on there.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    out : one folder below it for each stage; finished stages that lie there are not done again.
    fold : the fold of Amsterdam photos to keep for testing; None trains on all of them.
    start : a plain state dict; with it only the stages that see Amsterdam are done, from these
        weights.
    renderings : folder of renderings that the last stage sees too.
    """
    legs = stages(fold, renderings)[2 if start else 0 :]
    for stage in legs:
        run = TrainingRun(
            data,
            out / stage.name,
            stage.epochs,
            stage.image_size,
            learning_rate=stage.learning_rate,
            start=start,
            mix=stage.mix,
        )
        start = train(run, on_progress)
    return tuple(out / stage.name for stage in legs)
