"""Learn the second look at loose waste for a detector, from the photos that it was trained on."""

from __future__ import annotations

import json
from pathlib import Path

from operations.describe_model import describe_model, shipped_folder
from vision.detector import RECORD, Detector
from vision.learn_second_look import learn
from vision.release import tested
from vision.trainingset import examples
from vision.weights import write_checksums


def learn_second_look(data: Path, model: Path | None = None) -> Path:
    """Write the second look beside a detector, and its record, card and checksums anew.

    Parameters
    ----------
    data : folder with street_bins and amsterdam_photos; photos that the detector was kept from
        are not looked at, except to score it.
    model : an exported ``.xml`` with its record; the shipped one if not given.

    Raises
    ------
    BadInput
        If the data, the model or the training install is missing.
    """
    path = model or shipped_folder() / "detector.xml"
    record = json.loads(path.with_name(RECORD).read_text(encoding="utf-8"))
    held_out = set(record["held_out"])
    some = [e for e in examples(data) if e.source != "streetbins" and e.photo.name not in held_out]
    made = learn(some, path.parent)
    record["second_look"] = {
        "photos": len(some),
        "features": "EfficientNet-Lite2 as trained on ImageNet",
    }
    record["scores"] = tested(Detector.load(path), data, held_out)
    path.with_name(RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if model is None:
        write_checksums(path.parent.parent)
    describe_model(path.parent)
    return made
