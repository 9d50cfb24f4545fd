"""Learn what a detector's scores are worth, and keep that beside its weights."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from vision.calibrate import calibrate as fit
from vision.calibrate import write
from vision.detector import Detector


def calibrate(data: Path, model: Path | None = None) -> tuple[Path, list[dict[str, Any]]]:
    """Fit on half of street_bins val, score on the other half; return the file and the figures.

    Parameters
    ----------
    data : folder with street_bins, laid out as for `operations.train`.
    model : an exported ``.xml``; the shipped one if not given.

    Raises
    ------
    BadInput
        If the data or the model is missing, or too few containers are found.
    """
    path = model or Path(str(files("models").joinpath("detector/detector.xml")))
    told = fit(Detector.load(path), data)
    return write(told, path), told["scored"]
