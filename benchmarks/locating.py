"""Which container does a box show? Right, wrong or said to be ambiguous, in simulated scenes.

    python benchmarks/locating.py [--scenes 1000] [--per-spacing 150] [--no-record]

Everything here is **simulated**; no photo is read. What is assumed:

* GPS errs 5 m per axis and the compass 5 degrees, standard errors, normal, independent in every
  frame, and `vision.assign` is told so.
* Containers stand in one straight row along a kerb, all so far apart as the spacing says. ENDLESS:
  the row goes on beyond sight at both ends, so that nothing but the measurements tells one from its
  neighbour. SIX: a row of six, whose ends can be seen. The registry is off by 0.3 m per axis.
* DRIVE: a car at 30 km/h (give or take 15 %), 4 to 7 m from the row; its camera, 2 m up, looks 45
  degrees to the right of the way, 69 degrees of view; a frame every 0.5 s (give or take 10 %, times
  known); exactly 10 frames, 20 in a row of its own. Tilt errs 1 degree in all frames of a drive and
  0.7 in each; camera height errs 5 %.
* PHOTO: one photo held in hand at 1.6 m, 4 to 12 m from one container of the row, which stands
  within 15 degrees of its middle; tilt unknown (6 degrees), height errs 8 %.
* Containers are 1.2 m high (standard error 8 %: the sight of it, not its kind, is unsure) and
  0.8 to 1.5 m wide. Each edge of a box errs 3 % of its height and 1.5 px of 1024.
* A container up to 60 m ahead is found in a frame with probability 0.85 (beyond 30 m it is not
  located at all, see `vision.locate`); one in twelve stands behind a van and is found in no frame.
* STRAYS, where they are said to be: one scene in seven has a container that the registry does not
  know, somewhere along the row; one frame in twenty a box that shows nothing.

Counted is each registered container that at least one box shows (CLEAR: that boxes of 3 frames and
more show): the answer that most of its boxes got. Wrong is another container, and "none of them";
ambiguous is that several candidates are named. What became of strays is counted apart.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table

from city.place import Position
from vision.assign import assign
from vision.drive import View
from vision.locate import CONTAINER_HEIGHT_M, CameraPose, locate
from vision.reading import Reading

HERE = Path(__file__).parent
PLOT = HERE.parent / "docs" / "images" / "locating.png"
ORIGIN = Position(4.9, 52.37)
GPS_M, HEADING_DEG = 5.0, 5.0
SEED = 20261124
WIDTH, HEIGHT = 1024, 683
FOCAL = WIDTH / 2 / math.tan(math.radians(69.4 / 2))
CLEAR_FRAMES = 3
SPACINGS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25, 30)
ANSWERS = ("right", "wrong", "ambiguous")


@dataclass(frozen=True)
class Setup:
    """One kind of scene; ``row`` is its number of containers, ``strays`` whether others are too."""

    name: str
    frames: int
    spacing_m: float
    row: int
    turn_deg: float = 45.0
    strays: bool = True

    @property
    def is_photo(self) -> bool:
        return self.frames == 1


@dataclass(frozen=True)
class Scene:
    """What the cameras say, where the registry has the containers, and what each box truly shows.

    Parameters
    ----------
    truth : for each view the row of the container for each of its sightings; -1 is a stray.
    """

    views: tuple[View, ...]
    lonlat: tuple[tuple[float, float], ...]
    truth: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Camera:
    """Where a camera truly is: metres along and off the row (which lies on the y axis)."""

    along: float
    off: float
    heading: float
    height_m: float
    pitch: float


ENDLESS, SIX = 41, 6


def simulate(setup: Setup, rng: np.random.Generator) -> Scene:
    """Return one scene; the row runs north on the line east = 0, cameras west of it."""
    along = (np.arange(setup.row) - setup.row // 2) * setup.spacing_m
    known = np.stack([rng.uniform(-0.5, 0.5, setup.row), along], axis=1)
    things = [(float(x), float(y), i) for i, (x, y) in enumerate(known)]
    aim = float(along[rng.integers(setup.row) if setup.row == SIX else setup.row // 2])
    if setup.strays and rng.random() < 1 / 7:
        things.append((float(rng.uniform(-1, 1)), aim + float(rng.uniform(-20, 20)), -1))
    high = CONTAINER_HEIGHT_M * (1 + 0.08 * rng.standard_normal(len(things)))
    wide = rng.uniform(0.8, 1.5, len(things))
    hidden = rng.random(len(things)) < 1 / 12
    cameras = _photo(aim, rng) if setup.is_photo else _drive(setup, aim, rng)
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    views, truth = [], []
    for seconds, camera in cameras:
        view, shown = _view(camera, things, high, wide, hidden, setup, rng)
        views.append(replace(view, taken_at=start + timedelta(seconds=seconds)))
        truth.append(shown)
    registry = known + 0.3 * rng.standard_normal(known.shape)
    places = [ORIGIN.moved(float(x), float(y)) for x, y in registry]
    return Scene(tuple(views), tuple((p.lon, p.lat) for p in places), tuple(truth))


def _drive(setup: Setup, aim: float, rng: np.random.Generator) -> list[tuple[float, Camera]]:
    speed = 30 / 3.6 * (1 + 0.15 * rng.standard_normal())
    off = -rng.uniform(4, 7)
    times = np.cumsum(0.5 * (1 + 0.1 * rng.standard_normal(setup.frames)))
    middle = aim - 8 + rng.uniform(-setup.spacing_m / 2, setup.spacing_m / 2)
    tilt, height_m = math.radians(rng.standard_normal()), 2.0 * (1 + 0.05 * rng.standard_normal())
    return [
        (
            float(t),
            Camera(
                float(middle + speed * (t - times.mean())),
                float(off + 0.1 * rng.standard_normal()),
                math.radians(setup.turn_deg + 0.5 * rng.standard_normal()),
                height_m,
                tilt + math.radians(0.7 * rng.standard_normal()),
            ),
        )
        for t in times
    ]


def _photo(aim: float, rng: np.random.Generator) -> list[tuple[float, Camera]]:
    range_m, way = rng.uniform(4, 12), math.radians(rng.uniform(30, 150))
    off, along = -range_m * math.sin(way), aim - range_m * math.cos(way)
    heading = way + math.radians(rng.uniform(-15, 15))
    height_m = 1.6 * (1 + 0.08 * rng.standard_normal())
    return [(0.0, Camera(along, off, heading, height_m, math.radians(6 * rng.standard_normal())))]


def _view(
    camera: Camera,
    things: Sequence[tuple[float, float, int]],
    high: np.ndarray,
    wide: np.ndarray,
    hidden: np.ndarray,
    setup: Setup,
    rng: np.random.Generator,
) -> tuple[View, tuple[int, ...]]:
    boxes: list[tuple[tuple[float, float, float, float], int]] = []
    for i, (east, north, shown) in enumerate(things):
        box = _box(camera, east - camera.off, north - camera.along, high[i], wide[i], rng)
        if box is not None and not hidden[i]:
            boxes.append((box, shown))
    if setup.strays and rng.random() < 0.05:
        x, y = rng.uniform(0, WIDTH - 80), rng.uniform(HEIGHT / 2, HEIGHT - 100)
        boxes.append(((x, y - 60, x + 60, y + 60), -1))
    believed = ORIGIN.moved(
        camera.off + GPS_M * rng.standard_normal(), camera.along + GPS_M * rng.standard_normal()
    )
    pose = CameraPose(
        believed,
        (math.degrees(camera.heading) + HEADING_DEG * rng.standard_normal()) % 360,
        FOCAL,
        WIDTH,
        HEIGHT,
        height_m=1.6 if setup.is_photo else 2.0,
        position_error_m=GPS_M,
        heading_error_deg=HEADING_DEG,
        pitch_error_deg=6.0 if setup.is_photo else 1.5,
    )
    sightings, truth = [], []
    for box, shown in boxes:
        for sighting in locate([Reading(box, 0.9, 0.5, 0.0)], pose):
            sightings.append(sighting)
            truth.append(shown)
    return View(pose, tuple(sightings)), tuple(truth)


def _box(
    camera: Camera, east: float, north: float, high: float, wide: float, rng: np.random.Generator
) -> tuple[float, float, float, float] | None:
    """Return the box that a detector draws, or None where it draws none."""
    ahead = east * math.sin(camera.heading) + north * math.cos(camera.heading)
    aside = east * math.cos(camera.heading) - north * math.sin(camera.heading)
    if ahead < 1.5:
        return None
    if ahead > 60 or rng.random() > 0.85:
        return None
    tilt = FOCAL * math.tan(camera.pitch)
    foot = HEIGHT / 2 + FOCAL * camera.height_m / ahead + tilt
    top = HEIGHT / 2 + FOCAL * (camera.height_m - high) / ahead + tilt
    middle, half = WIDTH / 2 + FOCAL * aside / ahead, FOCAL * wide / ahead / 2
    error = 0.03 * (foot - top) + 1.5
    x1, y1, x2, y2 = np.array([middle - half, top, middle + half, foot]) + error * (
        rng.standard_normal(4)
    )
    # A detector draws what it sees: less than half of a container is not found.
    seen = (min(x2, WIDTH) - max(x1, 0)) / (x2 - x1), (min(y2, HEIGHT) - max(y1, 0)) / (y2 - y1)
    if min(seen) < 0.5:
        return None
    return max(float(x1), 0), max(float(y1), 0), min(float(x2), WIDTH), min(float(y2), HEIGHT)


def judge(scene: Scene) -> Counter[str]:
    """Count the answers for the registered containers that boxes show, and for strays."""
    answers = assign(scene.views, scene.lonlat)
    of: dict[int, list[str]] = {}
    for shown, matches in zip(scene.truth, answers, strict=True):
        for truth, match in zip(shown, matches, strict=True):
            if match.container == truth:
                answer = "right"
            elif match.container is None and match.candidates:
                answer = "ambiguous"
            else:
                answer = "wrong"
            if truth < 0:
                answer = "right" if match.container is None else "wrong"
            of.setdefault(truth, []).append(answer)
    stray = of.pop(-1, [])
    counted = Counter(Counter(each).most_common(1)[0][0] for each in of.values())
    counted["strays"] = len(stray)
    counted["strays taken for a container"] = stray.count("wrong")
    clear = (
        Counter(each).most_common(1)[0][0] for each in of.values() if len(each) >= CLEAR_FRAMES
    )
    counted.update(f"clear {answer}" for answer in clear)
    return counted


def run(setup: Setup, scenes: int, seed: int) -> dict[str, Any]:
    """Return the shares of the three answers over so many scenes, with 95 % intervals."""
    rng = np.random.default_rng(seed)
    began = time.process_time()
    total: Counter[str] = Counter()
    for _ in range(scenes):
        total += judge(simulate(setup, rng))
    n = sum(total[a] for a in ANSWERS)
    row: dict[str, Any] = {
        "scene": setup.name,
        "spacing_m": setup.spacing_m,
        "frames": setup.frames,
        "row": setup.row,
        "with_strays": setup.strays,
        "scenes": scenes,
        "containers": n,
        "seconds_a_scene": round((time.process_time() - began) / scenes, 3),
        "strays": total["strays"],
        "strays_taken": total["strays taken for a container"],
    }
    clear = sum(total[f"clear {a}"] for a in ANSWERS)
    for answer in ANSWERS:
        row[answer] = round(total[answer] / n, 4)
        low, high = wilson(total[answer], n)
        row[f"{answer}_low"], row[f"{answer}_high"] = round(low, 4), round(high, 4)
        row[f"clear_{answer}"] = round(total[f"clear {answer}"] / clear, 4) if clear else None
    return row


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, JASA 22(158))."""
    middle = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def show(title: str, rows: Sequence[dict[str, Any]]) -> None:
    table = Table(
        "scene", "frames", "row", "apart", "n", "right", "wrong", "ambiguous",
        "clear: right / wrong", "strays taken", "s", title=title,
    )  # fmt: skip
    for r in rows:
        row = "endless" if r["row"] == ENDLESS else str(r["row"])
        wrong = f"{r['wrong']:.2%} ({r['wrong_low']:.2%} - {r['wrong_high']:.2%})"
        right = f"{r['right']:.1%} ({r['right_low']:.1%} - {r['right_high']:.1%})"
        clear = (
            "" if r["clear_right"] is None else f"{r['clear_right']:.1%} / {r['clear_wrong']:.2%}"
        )
        strays = f"{r['strays_taken']} of {r['strays']}" if r["with_strays"] else "without"
        cells = (
            r["scene"], r["frames"], row, f"{r['spacing_m']} m", r["containers"], right, wrong,
            f"{r['ambiguous']:.1%}", clear, strays,
            r["seconds_a_scene"],
        )  # fmt: skip
        table.add_row(*map(str, cells))
    Console(width=150).print(table)


INK, PALE = (40, 40, 40), (225, 225, 225)
COLOURS = {"right": (0, 114, 178), "wrong": (213, 94, 0), "ambiguous": (130, 130, 130)}
PANEL_W, PANEL_H, LEFT, TOP, GAP = 520, 320, 70, 90, 90


def plot(panels: Sequence[tuple[str, Sequence[dict[str, Any]]]], path: Path) -> None:
    """Draw the three shares against the spacing, one panel for each kind of scene."""
    size = LEFT + len(panels) * (PANEL_W + GAP), TOP + PANEL_H + 80
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    font, large = ImageFont.load_default(15), ImageFont.load_default(18)
    title = "Which container? Simulated scenes: GPS errs 5 m per axis, the compass 5 degrees"
    draw.text((LEFT, 14), title, INK, large)
    for number, (name, rows) in enumerate(panels):
        left = LEFT + number * (PANEL_W + GAP)
        draw.text((left, TOP - 30), name, INK, font)
        for share in (0, 0.25, 0.5, 0.75, 1):
            y = TOP + PANEL_H * (1 - share)
            draw.line((left, y, left + PANEL_W, y), PALE)
            draw.text((left - 10, y), f"{share:.0%}", INK, font, anchor="rm")
        for metres in (2, 5, 10, 15, 20, 25, 30):
            x = left + PANEL_W * (metres - 2) / 28
            draw.line((x, TOP + PANEL_H, x, TOP + PANEL_H + 5), INK)
            draw.text((x, TOP + PANEL_H + 8), str(metres), INK, font, anchor="ma")
        draw.text(
            (left + PANEL_W / 2, TOP + PANEL_H + 32), "metres between containers", INK, font, "ma"
        )
        for answer in ANSWERS:
            points = [
                (left + PANEL_W * (r["spacing_m"] - 2) / 28, TOP + PANEL_H * (1 - r[answer]))
                for r in rows
            ]
            draw.line(points, COLOURS[answer], 3)
            for x, y in points:
                draw.ellipse((x - 3, y - 3, x + 3, y + 3), COLOURS[answer])
    for number, answer in enumerate(ANSWERS):
        x, y = LEFT + 130 * number, size[1] - 20
        draw.line((x, y, x + 30, y), COLOURS[answer], 4)
        draw.text((x + 38, y), answer, INK, font, anchor="lm")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(64).save(path, optimize=True)


def record(rows: Sequence[dict[str, Any]]) -> Path:
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
        "versions": {name: version(name) for name in ("numpy", "scipy")},
        "simulated": True,
        "gps_m": GPS_M,
        "heading_deg": HEADING_DEG,
        "seed": SEED,
        "rows": list(rows),
    }
    path = HERE / "results" / f"locating-{today}.json"
    path.write_text(json.dumps(written, indent=1) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Which container does a box show?")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--per-spacing", type=int, default=150)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    n = given.scenes
    asked = [
        run(Setup("drive", 10, 8, ENDLESS), n, SEED),
        run(Setup("drive", 10, 8, SIX), n, SEED),
        run(Setup("drive", 10, 8, ENDLESS, strays=False), n, SEED),
        run(Setup("photo", 1, 25, ENDLESS), 8 * n, SEED),
        run(Setup("photo", 1, 25, SIX), 8 * n, SEED),
        run(Setup("photo", 1, 25, ENDLESS, strays=False), 8 * n, SEED),
    ]
    show("Simulated: what was asked", asked)
    other = [
        run(Setup("drive", 20, 8, ENDLESS), n // 5, SEED),
        run(Setup("looking ahead (15 degrees)", 10, 8, ENDLESS, 15.0), n // 5, SEED),
        run(Setup("looking aside (90 degrees)", 10, 8, ENDLESS, 90.0), n // 5, SEED),
    ]
    show("Simulated: more frames, other mountings", other)
    m = given.per_spacing
    drives = [run(Setup("drive", 10, each, ENDLESS), m, SEED + 1) for each in SPACINGS]
    photos = [run(Setup("photo", 1, each, ENDLESS), 4 * m, SEED + 1) for each in SPACINGS]
    show("Simulated: by spacing", [*drives, *photos])
    if not given.no_record:
        titles = "Drive past, 10 frames, endless row", "One photo, endless row"
        plot(tuple(zip(titles, (drives, photos), strict=True)), PLOT)
        print(record([*asked, *other, *drives, *photos]))


if __name__ == "__main__":
    main()
