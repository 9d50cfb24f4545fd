"""Turn a detector's arithmetic into whole numbers of 8 bits (needs the training install).

The ranges of what flows between its layers are learnt from training photos, of which nothing is
kept. The last layers stay as they are: box edges and scores are read off them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import openvino as ov  # type: ignore[import-untyped]

from vision.detections import Image
from vision.network import laid_in, shape_for
from vision.train import training_environment_missing
from vision.trainingset import Example

STREET_BINS_PHOTOS, AMSTERDAM_PHOTOS, SEED = 180, 120, 1


def quantise(model: Path, some: Sequence[Example], side: int, out: Path) -> Path:
    """Write a detector's ``.xml`` in 8 bits, its ``.bin`` beside it, and return it.

    Parameters
    ----------
    some : photos to learn the ranges from; see `drawn`.
    side : pixels of the input's longest side.

    Raises
    ------
    BadInput
        If nncf is not installed here.

    Notes
    -----
    Source: NNCF's post-training quantisation with exact bias correction.
    """
    try:
        import nncf
    except ModuleNotFoundError as missing:
        raise training_environment_missing("stadsronde quantise", missing) from missing
    network = ov.Core().read_model(model)
    whole = nncf.quantize(
        network,
        nncf.Dataset(list(some), lambda example: _input(example, side)),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(some),
        # Three times slower, and half the loss: 0.003 instead of 0.005 of mAP50.
        fast_bias_correction=False,
        ignored_scope=nncf.IgnoredScope(names=list(last_convolutions(network))),
    )
    ov.save_model(whole, out, compress_to_fp16=True)
    return out


def drawn(every: Sequence[Example]) -> list[Example]:
    """Return some training photos of both sets, the same ones each time."""
    random = Random(SEED)
    bins = [one for one in every if one.source == "streetbins"]
    others = [one for one in every if one.source != "streetbins"]
    return [
        one
        for some, most in ((bins, STREET_BINS_PHOTOS), (others, AMSTERDAM_PHOTOS))
        for one in random.sample(some, min(most, len(some)))
    ]


def _input(example: Example, side: int) -> Image:
    photo = np.asarray(cv2.imread(str(example.photo)), np.uint8)
    canvas, _ = laid_in(photo, *shape_for(photo.shape[0], photo.shape[1], side))
    return canvas[None]


def last_convolutions(network: Any) -> Iterator[str]:
    """Yield the names of the convolutions after which there is no other."""
    todo, seen = list(network.get_results()), set[str]()
    while todo:
        node = todo.pop()
        if node.get_friendly_name() in seen:
            continue
        seen.add(node.get_friendly_name())
        if node.get_type_name() == "Convolution":
            yield node.get_friendly_name()
        else:
            todo += [value.get_node() for value in node.input_values()]
