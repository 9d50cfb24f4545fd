"""Learn from renderings what boxes say of the waste beside containers, and keep that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from operations.describe_model import describe_model, shipped_folder
from vision.detector import SIDE_WASTE, Detector
from vision.fit_side_waste import learn


def calibrate_side_waste(
    renderings: Path, model: Path | None = None
) -> tuple[Path, dict[str, Any]]:
    """Fit on half of some renderings, score on the other half; return the file and what it holds.

    The model's card is written anew with the figures.

    Parameters
    ----------
    renderings : folder of pictures with their ``truth.json``; sample_images/README.md makes them.
    model : an exported ``.xml``; the shipped one if not given.

    Raises
    ------
    BadInput
        If the model is missing, the truth cannot be read, or it shows too few containers.
    """
    path = model or shipped_folder() / "detector.xml"
    told = learn(Detector.load(path), renderings)
    written = path.with_name(SIDE_WASTE)
    # A row of numbers on one line.
    text = re.sub(
        r"\[[^\[\]{}]+\]", lambda row: " ".join(row[0].split()), json.dumps(told, indent=1)
    )
    written.write_text(text + "\n", encoding="utf-8")
    describe_model(path.parent)
    return written, told
