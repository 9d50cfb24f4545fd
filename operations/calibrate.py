"""Learn what a detector's scores are worth, and keep that beside its weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from operations.describe_model import describe_model, shipped_folder
from vision.calibrate import calibrate as fit
from vision.calibrate import write
from vision.detector import Detector


def calibrate(data: Path, model: Path | None = None) -> tuple[Path, list[dict[str, Any]]]:
    """Fit on half of street_bins val, score on the other half; return the file and the figures.

    The model's card is written anew with them.

    Parameters
    ----------
    data : folder with street_bins, laid out as for `operations.train`.
    model : an exported ``.xml``; the shipped one if not given.

    Raises
    ------
    BadInput
        If the data or the model is missing, or too few containers are found.
    """
    path = model or shipped_folder() / "detector.xml"
    told = fit(Detector.load(path), data)
    written = write(told, path)
    describe_model(path.parent)
    return written, told["scored"]
