"""What is said of waste beside containers, held against the sample images, whose truth is known.

    python benchmarks/side_waste.py [--no-record]

The pictures in ``sample_images`` are renderings: few, clean and made by us. What is said rests on
other renderings (``models/detector/side_waste.json``) where the detector has that, else on the
priors of `vision.side_waste`; neither was fitted to these sixteen. A container that was not found
counts as "nothing beside it".
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from city.place import Position
from vision.classes import SIDE_WASTE, class_id
from vision.detections import Detections, overlap
from vision.detector import Detector
from vision.labels import LabelledBox, LabelledPhoto, read_coco, truth_of
from vision.photo import read_photo
from vision.reading import Reading, read_containers
from vision.reliability import brier, brier_skill

HERE = Path(__file__).parent
PICTURES = HERE.parent / "sample_images"
BESIDE_M = 2.0
SAID = 0.25
NAMES = {"container", "container_overflowing"}


@dataclass(frozen=True)
class Case:
    """One rendered container: what is so, and what was said (None where it was not found)."""

    picture: str
    beside: bool
    blocked: bool
    fill: float
    said: Reading | None


def cases(photo: LabelledPhoto, found: Detections, detector: Detector) -> list[Case]:
    readings = read_containers(
        found, calibration=detector.calibration, side_waste=detector.side_waste
    )
    waste = [box for box in photo.boxes if class_id(box.category) in SIDE_WASTE]
    told = []
    for box in photo.boxes:
        if box.category in NAMES:
            near = [w for w in waste if _place(w).distance_m(_place(box)) <= BESIDE_M]
            said = _reading_of(box, readings)
            blocked, fill = bool(box.more["blocked"]), float(box.more["fill"])
            told.append(Case(photo.file_name, bool(near), blocked, fill, said))
    return told


def _place(box: LabelledBox) -> Position:
    return Position(box.more["position"]["lon"], box.more["position"]["lat"])


def _reading_of(box: LabelledBox, readings: Sequence[Reading]) -> Reading | None:
    x, y, width, height = box.xywh
    true = np.array([[x, y, x + width, y + height]], np.float32)
    for reading in readings:
        if overlap(true, np.array([reading.xyxy], np.float32))[0, 0] >= 0.5:
            return reading
    return None


def rows_of(name: str, told: Sequence[Case]) -> list[dict[str, Any]]:
    rows = []
    for what, field in (("beside", "p_side_waste"), ("blocked", "p_blocked")):
        so = np.array([getattr(case, what) for case in told], float)
        p = np.array([getattr(case.said, field) if case.said else 0.0 for case in told])
        said = p >= SAID
        rows.append(
            {
                "boxes": name,
                "said": field,
                "n": len(told),
                "true": int(so.sum()),
                "right_of_said": f"{int((said & (so > 0)).sum())} of {int(said.sum())}",
                "found_of_true": f"{int((said & (so > 0)).sum())} of {int(so.sum())}",
                "brier": round(brier(p, so), 3),
                "brier_skill": round(brier_skill(p, so), 3),
            }
        )
    return rows


def litres_of(photos: Sequence[LabelledPhoto], told: Sequence[Case]) -> dict[str, Any]:
    """Return what is said and what is so in pictures with waste beside containers."""
    rows = {}
    for photo in photos:
        stand = [box for box in photo.boxes if box.category in NAMES]
        waste = [box for box in photo.boxes if class_id(box.category) in SIDE_WASTE]
        near = [w for w in waste if any(_place(w).distance_m(_place(c)) <= BESIDE_M for c in stand)]
        if near:
            mine = [case.said for case in told if case.picture == photo.file_name and case.said]
            said = sum(reading.side_waste_l for reading in mine)
            rows[photo.file_name] = {
                "true_l": round(sum(w.more["litres"] for w in near)),
                "said_l": round(said),
            }
    return rows


def fills_of(told: Sequence[Case]) -> dict[str, Any]:
    shown = [(case.said.fill, case.fill) for case in told if case.said and case.said.fill]
    errors = [abs(said.fraction - true) for said, true in shown]
    return {
        "containers": len(told),
        "not_visible": len(told) - len(shown),
        "said": len(shown),
        "mean_error_where_said": round(float(np.mean(errors)), 3) if errors else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Side waste on renderings.")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    detector = Detector.load()
    photos = read_coco(PICTURES / "truth.json").photos
    found = detector.detect([read_photo(PICTURES / p.file_name).bgr for p in photos])
    pairs = list(zip(photos, found, strict=True))
    of_found = [case for photo, seen in pairs for case in cases(photo, seen, detector)]
    of_true = [case for photo in photos for case in cases(photo, truth_of(photo), detector)]
    rows = rows_of("found", of_found) + rows_of("true", of_true)
    table = Table(*rows[0], title="Renderings, not photos")
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console().print(table)
    result = {
        "note": "Renderings, not photos; nothing was learnt from these.",
        "detector": detector.version,
        "learnt_from_other_renderings": detector.side_waste is not None,
        "rows": rows,
        "litres_from_found_boxes": litres_of(photos, of_found),
        "litres_from_true_boxes": litres_of(photos, of_true),
        "fill": fills_of(of_found),
    }
    print(json.dumps({k: v for k, v in result.items() if k != "rows"}, indent=1))
    if not given.no_record:
        print(record(result))


def record(result: dict[str, Any]) -> Path:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    today = datetime.now(UTC).date().isoformat()
    path = HERE / "results" / f"side_waste-{today}.json"
    path.write_text(json.dumps({"measured_on": today, "commit": commit} | result, indent=1) + "\n")
    return path


if __name__ == "__main__":
    main()
