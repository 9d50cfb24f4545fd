"""Open the detector as the settings say: the shipped one, or one of a user's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from operations.settings import Settings
from vision.detector import Detector
from vision.own_model import open_detector


def open_eyes(settings: Settings, model: Path | None = None, side: int | None = None) -> Detector:
    """Load a detector; see `vision.own_model.open_detector` for what a model may be.

    Raises
    ------
    BadInput
        If the model cannot be used, or the device is not there.
    """
    detector = open_detector(model, settings.own_models, settings.device, side)
    return replace(detector, tile_from_px=settings.tile_from_px)
