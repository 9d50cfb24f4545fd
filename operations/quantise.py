"""Make a detector's arithmetic cheaper, if it stays as good, and measure it anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from operations.calibrate import calibrate
from operations.describe_model import shipped_folder
from vision.detector import RECORD, Detector
from vision.quantise import drawn
from vision.quantise import quantise as turn
from vision.release import ANY_CONTAINER, TEST_SETS, tested
from vision.trainingset import examples
from vision.weights import write_checksums

MOST_LOST = 0.005
"""Of mAP50 on street_bins val, the mean of its three classes."""


@dataclass(frozen=True)
class QuantiseReport:
    """What became of it: mAP50 on street_bins val before and after, and whether it was kept."""

    model: Path
    before: float
    after: float

    @property
    def kept(self) -> bool:
        """Whether the model is now the one in 8 bits."""
        return self.before - self.after <= MOST_LOST


def quantise(data: Path, model: Path | None = None) -> QuantiseReport:
    """Put a detector in 8 bits in its own place, with record, calibration, card and checksums.

    It is left as it was where it would lose more than `MOST_LOST`.

    Parameters
    ----------
    data : folder with street_bins and amsterdam_photos; photos that the model was kept from are
        not looked at.
    model : an exported ``.xml`` with its record; the shipped one if not given.

    Raises
    ------
    BadInput
        If the data, the model or nncf is missing.
    """
    path = model or shipped_folder() / "detector.xml"
    old = Detector.load(path)
    record = json.loads(path.with_name(RECORD).read_text(encoding="utf-8"))
    held_out = set(record["held_out"])
    shown = [e for e in examples(data) if e.split == "train" and e.photo.name not in held_out]
    some = drawn(shown)
    with TemporaryDirectory() as scratch:
        made = turn(path, some, old.network.side, Path(scratch) / path.name)
        new = Detector.load(made, side=old.network.side)
        scores = tested(new, data, held_out)
        report = QuantiseReport(path, _map50(tested(old, data, held_out)), _map50(scores))
        if not report.kept:
            return report
        for suffix in (".xml", ".bin"):
            path.with_suffix(suffix).write_bytes(made.with_suffix(suffix).read_bytes())
    told = {"from": old.version, "photos": len(some), "map50": [report.before, report.after]}
    record |= {"version": new.version, "quantised": told, "scores": scores}
    path.with_name(RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if model is None:
        write_checksums(path.parent.parent)
    calibrate(data, path)
    return report


def _map50(scores: list[dict[str, Any]]) -> float:
    each = [
        row["ap50"]
        for row in scores
        if row["set"] == TEST_SETS["val"] and row["class"] != ANY_CONTAINER
    ]
    return float(sum(each) / len(each))
