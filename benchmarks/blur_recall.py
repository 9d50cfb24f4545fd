"""How many heads and number plates the blurring covers, and how much of a picture it takes.

    python benchmarks/blur_recall.py [--shared ../shared/data] [--renderings DIR]
        [--tile-from-px 1] [--no-record]

Truth of photos are the boxes in ``benchmarks/privacy``, drawn by eye; the photos stay in the shared
data. Truth of renderings comes from the renderer: the sample images, and with ``--renderings`` a
folder that ``sample_images/generator/render.py --busy`` made. A box counts as blurred when at least
70 % of its area lies in blurred regions. Photos and renderings are counted apart and together; the
intervals take boxes for independent, though several stand in one picture.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from operations.settings import Settings
from vision.detections import Boxes
from vision.detector import Detector
from vision.faces import FaceFinder
from vision.photo import Photo, read_photo
from vision.privacy import blur

HERE = Path(__file__).parent
TRUTH = HERE / "privacy" / "amsterdam_photos.json"
SAMPLES = HERE.parent / "sample_images"
MIN_SIDE = 15
MIN_COVERED = 0.7
SIZES = (("15-19 px", 15, 20), ("20-31 px", 20, 32), ("32 px and more", 32, 10_000))
TOGETHER = 16


@dataclass(frozen=True)
class Private:
    """One head or plate that must not stay readable.

    Parameters
    ----------
    xywh : left, top, width and height in pixels of the upright photo.
    difficult : too dark, blurred or hidden to be sure what it is.
    paint : of a rendered plate, white or yellow.
    """

    file_name: str
    kind: str
    xywh: tuple[int, int, int, int]
    difficult: bool = False
    paint: str = ""

    @property
    def side(self) -> int:
        """The longer side in pixels: a plate in a photo that lies on its side is upright."""
        return max(self.xywh[2:])


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; ``night`` as the photo's label says."""

    private: Private
    covered: float
    night: bool

    @property
    def blurred(self) -> bool:
        """Whether enough of it lies in blurred regions."""
        return self.covered >= MIN_COVERED


def read_truth(path: Path = TRUTH) -> list[Private]:
    """Return the boxes of 15 px and more."""
    rows = json.loads(path.read_text())["boxes"]
    every = [
        Private(row["file_name"], row["kind"], tuple(row["bbox"]), row["difficult"]) for row in rows
    ]
    return [one for one in every if one.side >= MIN_SIDE]


def rendered_truth(folder: Path) -> list[Private]:
    """Return the heads and plates of renderings, of 15 px and more."""
    truth = json.loads((folder / "truth.json").read_text())
    name = {row["id"]: row["file_name"] for row in truth["images"]}
    made = []
    for row in truth["annotations"]:
        file = name[row["image_id"]]
        if "head_bbox" in row:
            made.append(Private(file, "head", tuple(row["head_bbox"])))
        if "plate_bbox" in row:
            paint = row.get("plate_paint", "white")
            made.append(Private(file, "plate", tuple(row["plate_bbox"]), paint=paint))
    return [one for one in made if one.side >= MIN_SIDE]


def covered(regions: Boxes, xywh: Sequence[int]) -> float:
    """Return the part of a box's area, 0 to 1, that lies in the union of some regions."""
    left, top, width, height = xywh
    inside = np.zeros((height, width), bool)
    for x1, y1, x2, y2 in regions.astype(int):
        rows = slice(max(0, y1 - top), max(0, y2 - top))
        inside[rows, max(0, x1 - left) : max(0, x2 - left)] = True
    return float(inside.mean())


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Notes
    -----
    Source: Wilson 1927, JASA 22(158).
    """
    if n == 0:
        return 0.0, 1.0
    middle = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def measure(
    folder: Path, truth: Sequence[Private], night: dict[str, bool], tile_from_px: int
) -> tuple[list[Outcome], list[float]]:
    """Blur every photo of ``night`` in memory, as an upload is; return outcomes and shares."""
    detector, faces = replace(Detector.load(), tile_from_px=tile_from_px), FaceFinder.load()
    outcomes: list[Outcome] = []
    shares: list[float] = []
    names = sorted(night)
    for start in range(0, len(names), TOGETHER):
        photos = [read_photo(folder / name) for name in names[start : start + TOGETHER]]
        pictures = [photo.bgr for photo in photos]
        for photo, seen, found in zip(
            photos, detector.detect(pictures), faces.find_many(pictures), strict=True
        ):
            blurred = blur(photo, seen, found)
            shares.append(blurred.share)
            outcomes += _of_photo(photo, blurred.regions, truth, night)
    return outcomes, shares


def _of_photo(
    photo: Photo, regions: Boxes, truth: Sequence[Private], night: dict[str, bool]
) -> list[Outcome]:
    name = Path(photo.name).name
    return [
        Outcome(one, covered(regions, one.xywh), night[name])
        for one in truth
        if one.file_name == name
    ]


def slices(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return recall with its interval: of all, of the clear ones, by light and by size."""
    rows = []
    for kind in ("head", "plate"):
        mine = [one for one in outcomes if one.private.kind == kind]
        rows.append(_row(kind, "all", mine))
        rows.append(_row(kind, "clear", (one for one in mine if not one.private.difficult)))
        rows.append(_row(kind, "day", (one for one in mine if not one.night)))
        rows.append(_row(kind, "night", (one for one in mine if one.night)))
        for label, low, high in SIZES:
            rows.append(_row(kind, label, (o for o in mine if low <= o.private.side < high)))
        paints = sorted({one.private.paint for one in mine} - {""})
        rows += [
            _row(kind, paint, (o for o in mine if o.private.paint == paint)) for paint in paints
        ]
    return rows


def _row(kind: str, label: str, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    hits = [one.blurred for one in outcomes]
    low, high = wilson(sum(hits), len(hits))
    return {
        "kind": kind,
        "slice": label,
        "n": len(hits),
        "blurred": sum(hits),
        "recall": round(sum(hits) / len(hits), 3) if hits else None,
        "low": round(low, 3),
        "high": round(high, 3),
    }


def show(title: str, rows: Sequence[dict[str, Any]], shares: Sequence[float]) -> None:
    table = Table("kind", "slice", "n", "blurred", "recall", "95 % interval", title=title)
    for row in rows:
        if row["n"]:
            interval = f"{row['low']:.3f} - {row['high']:.3f}"
            cells = (row["kind"], row["slice"], row["n"], row["blurred"], row["recall"], interval)
            table.add_row(*map(str, cells))
    console = Console()
    console.print(table)
    console.print(f"Blurred share of a picture, mean of {len(shares)}: {np.mean(shares):.1%}")


Measured = tuple[list[Outcome], list[float]]


def of_amsterdam(shared: Path, tile_from_px: int) -> Measured:
    """Measure on the photos of the shared data."""
    photos = shared / "amsterdam_photos"
    labels = json.loads((photos / "labels.json").read_text())["images"]
    known = {row["file_name"]: bool(row["night"]) for row in labels}
    files = [path.name for path in (photos / "images").iterdir()]
    night = {name: known.get(name, False) for name in files}
    return measure(photos / "images", read_truth(), night, tile_from_px)


def of_renderings(folders: Sequence[Path], tile_from_px: int) -> Measured:
    """Measure on folders of renderings."""
    outcomes: list[Outcome] = []
    shares: list[float] = []
    for folder in folders:
        images = json.loads((folder / "truth.json").read_text())["images"]
        night = {row["file_name"]: bool(row["night"]) for row in images}
        some, of_some = measure(folder, rendered_truth(folder), night, tile_from_px)
        outcomes += some
        shares += of_some
    return outcomes, shares


def _result(title: str, measured: Measured) -> dict[str, Any]:
    outcomes, shares = measured
    rows = slices(outcomes)
    show(title, rows, shares)
    mean = round(float(np.mean(shares)), 4)
    return {"of": title, "pictures": len(shares), "mean_blurred_share": mean, "recall": rows}


def record(results: Sequence[dict[str, Any]], tile_from_px: int) -> Path:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    today = datetime.now(UTC).date().isoformat()
    written = {
        "measured_on": today,
        "commit": commit,
        "machine": platform.machine(),
        "versions": {name: version(name) for name in ("openvino", "numpy", "pillow")},
        "detector": Detector.load().version,
        "tile_from_px": tile_from_px,
        "min_side_px": MIN_SIDE,
        "min_covered": MIN_COVERED,
        "results": list(results),
    }
    path = HERE / "results" / f"blur_recall-{today}.json"
    path.write_text(json.dumps(written, indent=2) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Recall of the blurring.")
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--renderings", type=Path, nargs="*", default=[])
    parser.add_argument("--tile-from-px", type=int, default=Settings().tile_from_px)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    rendered = of_renderings([SAMPLES, *given.renderings], given.tile_from_px)
    results = [_result("Renderings, not photos", rendered)]
    if not (given.shared / "amsterdam_photos").is_dir():
        print(f"No photos at {given.shared}: only renderings were measured, nothing is recorded.")
        return
    photos = of_amsterdam(given.shared, given.tile_from_px)
    results.append(_result("Photos of Amsterdam", photos))
    together = photos[0] + rendered[0], photos[1] + rendered[1]
    results.append(_result("Photos and renderings together", together))
    if not given.no_record:
        print(record(results, given.tile_from_px))


if __name__ == "__main__":
    main()
