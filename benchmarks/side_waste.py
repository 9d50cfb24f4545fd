"""What is said of waste beside containers, held against renderings with known truth.

    python benchmarks/side_waste.py [--no-record]

The pictures in ``sample_images`` are renderings: few, clean and made by us. They say whether the
priors of `vision.side_waste` are sane, not how well they do on a street. True positions tell what
lies beside a container (within 2 m) and what lies before it (nearer to the camera, within 1.2 m
across the line of sight). A container that was not found counts as "nothing beside it".
"""

from __future__ import annotations

import argparse
import json
import math
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
BESIDE_M, ACROSS_M = 2.0, 1.2
SAID = 0.25
# A bag of the generator whose half width is s metres holds about pi 1.7 s^3 x 0.6 by the profile
# in `generator/bags.py`: 50 litres at 0.25, the middle of those in the stories.
BAG_L = 50.0
NAMES = {"container", "container_overflowing"}


@dataclass(frozen=True)
class Case:
    """One rendered container: what is so, and what was said (None where it was not found)."""

    picture: str
    beside: bool
    before: bool
    fill: float
    said: Reading | None


def cases(photo: LabelledPhoto, found: Detections, detector: Detector) -> list[Case]:
    readings = read_containers(found, calibration=detector.calibration)
    camera = photo.more["camera"]
    eye = Position(camera["lon"], camera["lat"])
    waste = [box for box in photo.boxes if class_id(box.category) in SIDE_WASTE]
    told = []
    for box in photo.boxes:
        if box.category in NAMES:
            near = [w for w in waste if _place(w).distance_m(_place(box)) <= BESIDE_M]
            before = any(_stands_before(w, box, eye) for w in near)
            fill = float(box.more["fill"])
            said = _reading_of(box, readings)
            told.append(Case(photo.file_name, bool(near), before, fill, said))
    return told


def _place(box: LabelledBox) -> Position:
    return Position(box.more["position"]["lon"], box.more["position"]["lat"])


def _stands_before(waste: LabelledBox, container: LabelledBox, eye: Position) -> bool:
    """Tell whether waste is nearer to the camera than a container, and about in its line."""
    far, near = eye.distance_m(_place(container)), eye.distance_m(_place(waste))
    apart = _place(waste).distance_m(_place(container))
    along = far - near
    return along > 0.1 and math.sqrt(max(apart**2 - along**2, 0.0)) < ACROSS_M


def _reading_of(box: LabelledBox, readings: Sequence[Reading]) -> Reading | None:
    x, y, width, height = box.xywh
    true = np.array([[x, y, x + width, y + height]], np.float32)
    for reading in readings:
        if overlap(true, np.array([reading.xyxy], np.float32))[0, 0] >= 0.5:
            return reading
    return None


def rows_of(name: str, told: Sequence[Case]) -> list[dict[str, Any]]:
    rows = []
    for what in ("beside", "before"):
        so = np.array([getattr(case, what) for case in told], float)
        field = {"beside": "p_side_waste", "before": "p_blocked"}[what]
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
    """Return what is said and what is so in pictures where bags alone lie beside containers."""
    rows = {}
    for photo in photos:
        stand = [box for box in photo.boxes if box.category in NAMES]
        waste = [box for box in photo.boxes if class_id(box.category) in SIDE_WASTE]
        near = [w for w in waste if any(_place(w).distance_m(_place(c)) <= BESIDE_M for c in stand)]
        if near and all(w.category == "bag" for w in near):
            mine = [case.said for case in told if case.picture == photo.file_name and case.said]
            said = sum(reading.side_waste_l for reading in mine)
            rows[photo.file_name] = {"true_l": len(near) * BAG_L, "said_l": round(said)}
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
        "note": "Renderings, not photos; the priors were not learnt from them.",
        "detector": detector.version,
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
