"""Ordinary photos per second: all that becomes of a photo here, against predicting alone.

    python benchmarks/photo_speed.py [--side 640] [--photos DIR] [--rounds 3] [--no-record]

OURS is what `stadsronde ingest` does: read the file, decode it, detect, find faces, blur heads and
plates, read, locate, encode, write the blurred copy, tell store and ledger. The RIVAL is
ultralytics' `YOLO.predict` on the same files at the same input size, with the same weights
(``models/detector/detector.pt``), its results left in memory; it runs in the training environment
(`make train-env`), and where that is missing only ours is timed and nothing is recorded. Both are
warmed up on the photos first and take turns, OURS RIVAL OURS RIVAL, so that whatever else
the machine does falls on both; each is free to use all cores. The ratio is of the medians. On a
machine that is busy with other things, processor seconds say more than the clock: both are given.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import batched
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from city.municipality import Municipality
from city.place import Bounds, Position
from city.store import municipalities, open_store
from operations.ingest_photos import TOGETHER, Reader
from operations.read_sidecar import GivenWith
from operations.settings import Settings
from vision.detector import Detector

HERE = Path(__file__).parent
ROOT = HERE.parent
PLACE = Position(4.9, 52.37)
RIVAL = """
import sys, time, json
from pathlib import Path
import torch
from ultralytics import YOLO
sys.path.insert(0, sys.argv[1])
from vision.trainer import StreetModel, load_fitting
from vision.classes import NAMES
side, files = int(sys.argv[3]), sys.argv[4:]
network = StreetModel("yolov5n.yaml", nc=len(NAMES), verbose=False)
fitting = load_fitting(network, Path(sys.argv[2])) if Path(sys.argv[2]).is_file() else 0
network.names = dict(enumerate(NAMES))
model = YOLO("yolov5n.yaml", verbose=False)
model.model = network.eval()
def predict(some):
    found = model.predict(some, imgsz=side, conf=0.01, batch=8, stream=True, device="cpu",
                          verbose=False)
    return sum(len(each.boxes) for each in found)
predict(files)
for line in sys.stdin:
    began, worked = time.perf_counter(), time.process_time()
    boxes = predict(files)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "boxes": boxes, "tensors": fitting,
                      "threads": torch.get_num_threads()}), flush=True)
"""


class Rival:
    """The rival's process, which waits for its turn."""

    def __init__(self, python: Path, side: int, files: Sequence[Path]) -> None:
        weights = ROOT / "models" / "detector" / "detector.pt"
        arguments = [str(ROOT), str(weights), str(side), *map(str, files)]
        self._process = subprocess.Popen(
            [python, "-c", RIVAL, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"YOLO_VERBOSE": "False", "YOLO_OFFLINE": "True"},
        )

    def turn(self) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            if line.startswith("{"):
                return dict(json.loads(line))
        assert self._process.stderr
        raise SystemExit(f"The rival failed:\n{self._process.stderr.read()[-2000:]}")

    def close(self) -> None:
        self._process.communicate()


def ours(files: Sequence[Path], side: int | None) -> dict[str, float]:
    """Return the seconds, by the clock and of the processor, without loading the models."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), municipality="town")
        store = open_store(settings.database, "town")
        bounds = Bounds.around([PLACE], 5000)
        municipalities.put(store, Municipality("town", "Town", "Europe/Amsterdam", bounds))
        reader = Reader(store, settings, side=side)
        given = {file.name: GivenWith(PLACE, 90.0, None) for file in files}
        # All of them, so that the network is compiled for every shape of photo.
        for group in batched(files, TOGETHER):
            warm = [(file.name, file.read_bytes() + b"\0") for file in group]
            reader.read(warm, given)
        began, worked = time.perf_counter(), time.process_time()
        for group in batched(files, TOGETHER):
            report = reader.read([(file.name, file.read_bytes()) for file in group], given)
            assert not report.faults, report.faults
        reader.finish()
        spent = {
            "seconds": time.perf_counter() - began,
            "cpu_s": time.process_time() - worked,
        }
        store.close()
    return spent


def record(written: dict[str, Any]) -> Path:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    today = datetime.now(UTC).date().isoformat()
    about = {"measured_on": today, "commit": commit, "machine": platform.machine()}
    path = HERE / "results" / f"photo_speed-{written['side']}-{today}.json"
    path.write_text(json.dumps(about | written, indent=2) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Photos per second against ultralytics.")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--side", type=int, help="Input size; the detector's own if left out.")
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--train-env", type=Path, default=ROOT / ".venv-train")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    shared = ROOT.parent / "shared" / "data" / "amsterdam_photos" / "images"
    folder = given.photos or (shared if shared.is_dir() else ROOT / "sample_images")
    files = sorted(folder.glob("*.jpg"))[: given.count]
    detector = Detector.load(side=given.side)
    side = detector.network.side
    python = given.train_env / "bin" / "python"
    rival = Rival(python, side, files) if python.is_file() else None
    mine, theirs = [], []
    for _ in range(given.rounds):
        mine.append(ours(files, side))
        if rival:
            theirs.append(rival.turn())
    rates = [len(files) / turn["seconds"] for turn in mine]
    cpu_ms, rival_cpu_ms = (
        [1000 * turn["cpu_s"] / len(files) for turn in turns] for turns in (mine, theirs)
    )
    rival_rates = [len(files) / turn["seconds"] for turn in theirs]
    table = Table("", "photos/s, median", "each round", title=f"{len(files)} photos at {side} px")
    table.add_row("ours, all of it", f"{median(rates):.1f}", ", ".join(f"{r:.1f}" for r in rates))
    if theirs:
        each = ", ".join(f"{r:.1f}" for r in rival_rates)
        table.add_row("ultralytics, predict", f"{median(rival_rates):.1f}", each)
        table.add_row("ratio", f"{median(rates) / median(rival_rates):.2f}", "")
        table.add_row("ours, processor ms a photo", f"{median(cpu_ms):.0f}", "")
        table.add_row("ultralytics, processor ms a photo", f"{median(rival_cpu_ms):.0f}", "")
        table.add_row("ratio", f"{median(rival_cpu_ms) / median(cpu_ms):.2f}", "")
    Console().print(table)
    if rival is None:
        print(f"No training environment at {given.train_env}: only ours was timed.")
        return
    rival.close()
    same = theirs[0]["tensors"] > 0
    print("The same weights." if same else "Rival: untrained weights of the same architecture.")
    if not given.no_record:
        written = {
            "side": side,
            "photos": len(files),
            "cores": os.cpu_count(),
            "load_before": round(os.getloadavg()[2], 2),
            "versions": {name: version(name) for name in ("openvino", "numpy", "pillow")},
            "python": sys.version.split()[0],
            "detector": detector.version,
            "same_weights": same,
            "ours_per_s": [round(r, 2) for r in rates],
            "rival_per_s": [round(r, 2) for r in rival_rates],
            "ours_cpu_ms": [round(ms, 1) for ms in cpu_ms],
            "rival_cpu_ms": [round(ms, 1) for ms in rival_cpu_ms],
            "cpu_ratio": round(median(rival_cpu_ms) / median(cpu_ms), 2),
            "rival_threads": theirs[0]["threads"],
            "ratio": round(median(rates) / median(rival_rates), 2),
        }
        print(record(written))


if __name__ == "__main__":
    main()
