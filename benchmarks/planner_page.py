"""How long a planner waits for a day of 1,500 stops among 5,000 containers, and how it pans.

    python benchmarks/planner_page.py [--home DIR] [--shared ../shared/data]

Headless Chromium draws the map in software (SwiftShader). The server is a process of its own. Told:
first paint, lists usable, and the map idle, since the address was asked for; the median time
between frames while the map is dragged to and fro. Needs ../shared.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from benchmarks import large_city
from benchmarks.recording import record
from tests.browser import DRAWN_IN_SOFTWARE, launch

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
PORT = 18_731
PANNED_S = 5.5
ASKED = {"map idle s": 3.0, "frames/s": 10.0}
SERVE = "from api.entry import main; main()"

FRAMES = """async () => {
  const times = [];
  let on = true;
  const note = (t) => { times.push(t); if (on) requestAnimationFrame(note); };
  requestAnimationFrame(note);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  on = false;
  return times.slice(1).map((t, n) => t - times[n]);
}"""

STARTS = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { paint: paint.startTime, ready: performance.now() };
}"""


def serve(home: Path) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    environment = {**os.environ, "STADSRONDE_DEMO": "true"}
    words = ["serve", "--home", str(home), "--municipality", large_city.NAME, "--port", str(PORT)]
    command = [sys.executable, "-c", SERVE, *words]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    transport = httpx.HTTPTransport(retries=60)
    with httpx.Client(transport=transport, timeout=60) as client:
        client.get(f"http://127.0.0.1:{PORT}/v1/health")
    return process


def opened(page: Page) -> dict[str, float]:
    """Open the plan and return the seconds to first paint and to an idle map."""
    page.goto("about:blank")
    page.goto(f"http://127.0.0.1:{PORT}/plans/{large_city.PLAN_ID}?language=en")
    page.locator(".line__stop").first.wait_for()
    lists = page.evaluate("performance.now()")
    page.locator("body[data-ready]").wait_for()
    told = page.evaluate(STARTS)
    return {
        "first paint s": told["paint"] / 1000,
        "lists s": lists / 1000,
        "map idle s": told["ready"] / 1000,
    }


def panned(page: Page) -> dict[str, float]:
    """Drag the map to and fro, and return the median time between frames."""
    box = page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"window.framesNoted = ({FRAMES})(); 0")
    end, step = time.monotonic() + PANNED_S, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + 220 * math.sin(step / 12), y + 60 * math.cos(step / 12))
    page.mouse.up()
    between = page.evaluate("window.framesNoted")
    median_ms = statistics.median(between)
    return {"median frame ms": median_ms, "frames/s": 1000 / median_ms}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder that keeps the city")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    if not given.shared.is_dir():
        parser.error(f"needs third-party data in {given.shared.name}, which is not here")
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch) / "home"
        if not (home / "stadsronde.sqlite").exists():
            large_city.make(home, given.shared)
        server = serve(home)
        try:
            told = measured(given.runs)
        finally:
            server.terminate()
            server.wait()
    told |= {
        "asked": ASKED,
        "load": round(os.getloadavg()[0], 1),
        "cores": len(os.sched_getaffinity(0)),
    }
    Console().print(told)
    if not given.no_record:
        print(record("planner_page", told, ("fastapi", "maplibre", "playwright")))


def measured(runs: int) -> dict[str, Any]:
    """Return the median of some runs; the first, with everything cold, is told beside them."""
    found = []
    with sync_playwright() as playwright:
        browser = launch(playwright, DRAWN_IN_SOFTWARE)
        for _ in range(1 + runs):
            with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
                page = context.new_page()
                page.set_default_timeout(300_000)
                found.append(opened(page))
                print(found[-1], flush=True)
                found[-1] |= panned(page)
                print(found[-1], flush=True)
        version = browser.version
        browser.close()
    rounded = [{name: round(value, 2) for name, value in run.items()} for run in found]
    median = {n: round(statistics.median(run[n] for run in found[1:]), 2) for n in found[0]}
    return {"chromium": version, "cold": rounded[0], "median": median, "runs": rounded[1:]}


if __name__ == "__main__":
    main()
