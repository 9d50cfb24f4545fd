"""Say how good a detector is on labelled photos: one page, one JSON file, and two if compared."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from city.errors import BadInput, Fault
from city.wording import Language
from operations.evaluation_page import page
from operations.open_eyes import open_eyes
from operations.settings import Settings
from vision.classes import NAMES
from vision.detections import Detections, Image, merged
from vision.detector import Detector
from vision.evaluate import WORKING_SCORE, Evaluation, Judge, Row
from vision.faces import FaceFinder
from vision.gallery import Picture, pictures, worst
from vision.labels import LabelledPhoto, LabelSet, read_coco, unknown_category
from vision.photo import read_photo

Progress = Callable[[int, int], None]
OF_EACH_KIND = 12
LIBRARIES = ("stadsronde", "openvino", "faster-coco-eval", "numpy")


@dataclass(frozen=True)
class EvaluateReport:
    """Where the report lies, what it says, and which photos could not be read."""

    page: Path
    data: Path
    evaluations: tuple[Evaluation, ...]
    differences: tuple[Row, ...]
    faults: tuple[Fault, ...]


def evaluate(
    images: Path,
    truth: Path,
    out: Path,
    *,
    model: Path | None = None,
    against: Path | None = None,
    working_score: float = WORKING_SCORE,
    language: Language = "en",
    settings: Settings | None = None,
    on_progress: Progress | None = None,
) -> EvaluateReport:
    """Write ``report.html`` and ``report.json`` on one model, or on two side by side.

    The folder tells git to ignore it: most photos are not ours to publish. Crops are blurred.

    Parameters
    ----------
    images : folder that the truth's file names start from.
    truth : COCO file; its categories are the classes that were looked for.
    model, against : see `vision.own_model.open_detector`; the shipped model where not given, and
        no second.
    settings : the device, and where a checkpoint's export is kept.

    Raises
    ------
    BadInput
        If the truth is malformed or names a class that is not known, or no photo can be read.
    """
    labels = _known(read_coco(truth), truth)
    settings = settings or Settings()
    detectors = [open_eyes(settings, one) for one in (model, *([against] if against else []))]
    photos, faults = _readable(images, labels.photos)
    total = len(photos) * len(detectors)
    found: list[list[Detections]] = []
    for detector in detectors:
        seen = detector.detect_many(_pictures(images, photos))
        found.append([])
        for one in seen:
            found[-1].append(one)
            if on_progress:
                on_progress(sum(map(len, found)), total)
    judge = Judge(photos, [NAMES.index(name) for name in labels.categories], working_score)
    told = tuple(
        judge.evaluate(detector.filed_as, one, detector.calibration)
        for detector, one in zip(detectors, found, strict=True)
    )
    differences = tuple(judge.differences(*found)) if against else ()
    provenance = _provenance(detectors, judge, truth)
    gallery = list(_gallery(images, judge, found[0], told[0]))
    html = page(
        told, differences, gallery, [photo.file_name for photo in photos], provenance, language
    )
    return EvaluateReport(
        _write(out, "report.html", html),
        _write(out, "report.json", _json(told, differences, provenance)),
        told,
        differences,
        faults,
    )


def _known(labels: LabelSet, truth: Path) -> LabelSet:
    unknown = [name for name in labels.categories if name not in NAMES]
    if unknown:
        raise BadInput(unknown_category(name, str(truth)) for name in unknown)
    return labels


def _readable(
    images: Path, photos: Sequence[LabelledPhoto]
) -> tuple[list[LabelledPhoto], tuple[Fault, ...]]:
    """Return the photos that can be decoded and are of the size that their labels say."""
    good: list[LabelledPhoto] = []
    faults: list[Fault] = []
    for photo in photos:
        try:
            read = read_photo(images / photo.file_name)
        except BadInput as bad:
            faults += bad.faults
            continue
        size, labelled = (read.width, read.height), (photo.width_px, photo.height_px)
        if size == labelled:
            good.append(photo)
        else:
            faults.append(_other_size(photo, size))
    if not good:
        raise BadInput(faults or _no_photos(images))
    return good, tuple(faults)


def _other_size(photo: LabelledPhoto, size: tuple[int, int]) -> Fault:
    return Fault(
        code="labels-of-another-size",
        where=photo.file_name,
        field="width, height",
        value=f"{photo.width_px} x {photo.height_px}",
        cause=f"The upright photo is {size[0]} x {size[1]} pixels, so its boxes do not fit.",
        remedy="Label the photo as it is, or give the photo that was labelled.",
    )


def _no_photos(images: Path) -> Fault:
    return Fault(
        code="no-photos",
        where=str(images),
        cause="The truth names no photo.",
        remedy="Give a COCO file with images.",
    )


def _pictures(images: Path, photos: Sequence[LabelledPhoto]) -> Iterator[Image]:
    return (read_photo(images / photo.file_name).bgr for photo in photos)


def _gallery(
    images: Path, judge: Judge, found: Sequence[Detections], told: Evaluation
) -> Iterator[Picture]:
    # Photos that are shown are blurred by the shipped detector's eyes too, whatever model it is.
    faces, eyes = FaceFinder.load(), Detector.load()
    shown = sorted(worst(told.mistakes, OF_EACH_KIND), key=lambda mistake: mistake.photo)
    for number, mistakes in groupby(shown, key=lambda mistake: mistake.photo):
        photo = read_photo(images / judge.photos[number].file_name)
        seen = merged([found[number], *eyes.detect([photo.bgr])])
        yield from pictures(photo, seen, judge.truth[number], list(mistakes), faces)


def _provenance(detectors: Sequence[Detector], judge: Judge, truth: Path) -> dict[str, Any]:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "truth": truth.name,
        "truth_sha256": sha256(truth.read_bytes()).hexdigest(),
        "photos": len(judge.photos),
        "classes": [NAMES[i] for i in judge.labelled],
        "models": [
            {
                "version": detector.filed_as,
                "side_px": detector.network.side,
                "calibrated": detector.calibration is not None,
                "left_out": list(detector.left_out),
            }
            for detector in detectors
        ],
        "working_score": judge.working_score,
        "resamples": judge.resamples,
        "seed": judge.seed,
        "versions": {name: version(name) for name in LIBRARIES},
    }


def _json(
    told: Sequence[Evaluation], differences: Sequence[Row], provenance: dict[str, Any]
) -> str:
    rows = [_row(one.version, row) for one in told for row in one.rows]
    if differences:
        rows += [_row(f"{told[0].version} - {told[1].version}", row) for row in differences]
    details = [
        {
            "model": one.version,
            "precision_at_recall": {n: [_number(p) for p in c] for n, c in one.curves.items()},
            "confusion": {"classes": one.confusion.names, "true_by_found": one.confusion.counts},
            "score_reliability": [
                [_number(b.predicted), _number(b.observed), b.n] for b in one.right
            ],
            "overflowing_reliability": [
                [_number(b.predicted), _number(b.observed), b.n] for b in one.overflowing
            ],
        }
        for one in told
    ]
    whole = {"provenance": provenance, "rows": rows, "details": details}
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def _row(model: str, row: Row) -> dict[str, Any]:
    return {
        "model": model,
        "class": row.name,
        "slice": row.part,
        "metric": row.metric,
        "value": _number(row.value),
        "n": row.n,
        "low": _number(row.low),
        "high": _number(row.high),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _write(out: Path, name: str, text: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    (out / ".gitignore").write_text("*\n")
    (out / name).write_text(text, encoding="utf-8")
    return out / name
