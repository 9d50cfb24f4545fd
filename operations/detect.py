"""Read photos and write what the detector finds in them, as one JSON list."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from city.errors import BadInput, Fault
from operations.open_eyes import open_eyes
from operations.settings import Settings
from vision.classes import NAMES
from vision.detections import Detections, Image
from vision.detector import MIN_SCORE
from vision.photo import OTHER_SUFFIXES, SUFFIXES, read_photo

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DetectReport:
    """What a run read and found.

    Parameters
    ----------
    photos_read : photos that could be decoded.
    detections : boxes written.
    faults : one for each file that could not be read.
    left_out : what the model looks for and we have no class for.
    """

    photos_read: int
    detections: int
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...] = ()


def detect(
    paths: Sequence[Path],
    out: Path,
    *,
    min_score: float = MIN_SCORE,
    model: Path | None = None,
    settings: Settings | None = None,
    on_progress: Progress | None = None,
) -> DetectReport:
    """Write ``{file_name, category, bbox, score}`` for all that is found in some photos.

    ``bbox`` is left, top, width and height in pixels of the upright photo. A file that cannot be
    read is named in the report, and the rest goes on. Nothing of the photos is written.

    Parameters
    ----------
    paths : photo files, and folders that are walked for photos.
    model : to use in place of the shipped one, see `vision.own_model.open_detector`.
    settings : the device, and where a checkpoint's export is kept.

    Raises
    ------
    BadInput
        If no photo is found or the score is out of range.
    """
    files = photo_files(paths)
    _check(files, paths, min_score)
    detector = open_eyes(settings or Settings(), model)
    faults: list[Fault] = []
    names: list[str] = []

    def readable() -> Iterator[Image]:
        for count, (name, file) in enumerate(files, start=1):
            try:
                photo = read_photo(file)
            except BadInput as bad:
                faults.extend(bad.faults)
            else:
                names.append(name)
                yield photo.bgr
            if on_progress:
                on_progress(count, len(files))

    rows: list[dict[str, object]] = []
    for i, found in enumerate(detector.detect_many(readable(), min_score)):
        rows += prediction_rows(names[i], found)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")
    return DetectReport(len(names), len(rows), tuple(faults), detector.left_out)


def photo_files(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Return every photo once, in order, with the name that predictions call it.

    A photo named outright is called by its file name, one found in a folder by its path below
    that folder.
    """
    found: dict[Path, str] = {}
    pictures = SUFFIXES | OTHER_SUFFIXES
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in pictures)
            found |= {p: p.relative_to(path).as_posix() for p in inside if p not in found}
        else:
            found.setdefault(path, path.name)
    return [(name, path) for path, name in found.items()]


def _check(files: list[tuple[str, Path]], paths: Sequence[Path], min_score: float) -> None:
    if not 0 < min_score <= 1:
        raise BadInput(
            Fault(
                code="score-out-of-range",
                where="detect",
                field="min_score",
                value=f"{min_score}",
                cause="The lowest score must lie above 0 and not above 1.",
                remedy="Give a score such as 0.01 for all boxes or 0.25 for likely ones.",
            )
        )
    if not files:
        raise BadInput(
            Fault(
                code="no-photos",
                where=", ".join(str(path) for path in paths) or "detect",
                cause="No photo was found there.",
                remedy=f"Name photos or folders that hold {', '.join(sorted(SUFFIXES))}.",
            )
        )


def prediction_rows(file_name: str, found: Detections) -> Iterator[dict[str, object]]:
    """Yield one JSON-able row for each detection of a photo."""
    for (x1, y1, x2, y2), class_id, score in zip(
        found.xyxy.tolist(), found.class_id.tolist(), found.score.tolist(), strict=True
    ):
        yield {
            "file_name": file_name,
            "category": NAMES[class_id],
            "bbox": [round(x1, 1), round(y1, 1), round(x2 - x1, 1), round(y2 - y1, 1)],
            "score": round(score, 4),
        }
