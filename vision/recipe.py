"""How the shipped detector is trained: three stages, each from the weights of the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vision.train import TrainingRun, blend, train
from vision.trainingset import Mix

Progress = Callable[[int, int], None]

BLEND = 0.5
"""How much of the last stage is in what is shipped; the rest is of the weights it began with.

The last stage alone forgets much of street_bins for the few photos of Amsterdam; the average of
both keeps either. Source: Wortsman e.a., arXiv 2109.01903.
"""


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


def stages(fold: int | None = None) -> tuple[Stage, ...]:
    """Return the legs; only the last one sees Amsterdam, so that all folds share the others."""
    bins = Mix(street_bins_share=1.0, amsterdam_repeats=0)
    street = Mix(street_bins_share=0.1, amsterdam_repeats=8, fold=fold)
    last = "street" if fold is None else f"street-fold{fold}"
    return (
        Stage("coarse", 9, 448, 2e-3, bins),
        Stage("fine", 2, 640, 1e-3, bins),
        Stage(last, 8, 640, 6e-4, street),
    )


def follow(
    data: Path,
    out: Path,
    fold: int | None = None,
    start: Path | None = None,
    on_progress: Progress | None = None,
) -> tuple[tuple[Path, ...], Path]:
    """Train stage by stage; return their folders and the blended weights.

    A call for what was broken off before goes on there.

    Parameters
    ----------
    data : folder with street_bins, amsterdam_photos and weights.
    out : one folder below it for each stage; finished stages that lie there are not done again.
    fold : the fold of Amsterdam photos to keep for testing; None trains on all of them.
    start : a plain state dict; with it only the last stage is done, from these weights.
    """
    legs = stages(fold)[-1:] if start else stages(fold)
    before = start
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
        before, start = start, train(run, on_progress)
    folders = tuple(out / stage.name for stage in legs)
    assert before is not None
    assert start is not None
    return folders, blend(before, start, BLEND, folders[-1] / "blend.pt")
