"""How long 100,000 weighings take to come in, and how much memory: at most 30 s and 500 MB.

    python benchmarks/import_weighings.py [--count 100000] [--no-record]

A server of its own process speaks the shape of Amsterdam's weighings on 127.0.0.1, a thousand
records a page, positions in EPSG:28992, one in a hundred broken. Timed is the whole import into an
SQLite file: fetching, reading, matching to 6,000 containers, looking for doubles, writing. Then the
same again, which must change nothing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from recording import record
from rich.console import Console

from city.container import Container, ContainerKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds
from city.sources import amsterdam
from city.sources.fields import RD, place
from city.sources.http import Manners, Server
from city.store import containers, imports, municipalities, open_store
from operations.import_records import ImportReport, containers_at, import_pages

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
BOUNDS = Bounds(4.72, 52.27, 5.08, 52.44)
CONTAINERS = 6_000
PER_PAGE = amsterdam.PAGE_SIZE


def places() -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.uniform((116_000, 482_000), (127_000, 491_000), (CONTAINERS, 2)).round(3)


def weighing(number: int, where: np.ndarray) -> dict[str, Any]:
    x, y = where[number % CONTAINERS].tolist()
    when = NOW - timedelta(days=400) + timedelta(minutes=5 * number)
    broken = number % 100 == 99
    return {
        "id": f"{number}~{when:%Y-%m-%d~%H:%M:%S}~26", "clusterId": f"{x}|{y}",
        "datumWeging": f"{when:%Y-%m-%d}", "tijdstipWeging": f"{when:%H:%M:%S}",
        "fractieCode": 1, "fractieOmschrijving": "Rest", "eersteWeging": 820, "tweedeWeging": 745,
        "nettoGewicht": -75 if broken else 75, "wegingKenteken": "00-XXX-0",
        "geometrie": {"type": "Point", "coordinates": [x, y]},
    }  # fmt: skip


def serve(count: int, tell: Connection) -> None:
    where = places()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = int(self.path.partition("page=")[2] or 1)
            first = (page - 1) * PER_PAGE
            rows = [weighing(n, where) for n in range(first, min(first + PER_PAGE, count))]
            links = {}
            if first + PER_PAGE < count:
                links["next"] = {"href": f"http://{self.headers['Host']}/weging?page={page + 1}"}
            data = json.dumps({"_links": links, "_embedded": {"weging": rows}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tell.send(server.server_port)
    server.serve_forever()


def measure(port: int) -> dict[str, float]:
    city = Municipality("amsterdam", "Amsterdam", "Europe/Amsterdam", BOUNDS, (), NOW)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "city.sqlite", city.id)
        municipalities.put(store, city)
        containers.put(
            store,
            [
                Container(f"C{n}", place(x, y, RD, BOUNDS, "c"), Fraction.RESIDUAL,
                          ContainerKind.UNDERGROUND, 5000)
                for n, (x, y) in enumerate(places().tolist())
            ],
        )  # fmt: skip

        def run() -> tuple[float, float, ImportReport]:
            manners = Manners(per_second=1e9)
            started, worked = time.perf_counter(), time.process_time()
            with Server(f"http://127.0.0.1:{port}", manners=manners) as server:
                at = containers_at(store)
                report = import_pages(
                    store, "w", lambda start: amsterdam.weighings(server, city, at, start)
                )
            return time.perf_counter() - started, time.process_time() - worked, report

        first_s, first_cpu_s, first = run()
        again_s, _, again = run()
        kept = len(imports.aside(store))
        store.close()
    return {
        "read": first.read,
        "added": first.added,
        "set_aside": first.set_aside,
        "import_s": round(first_s, 1),
        "import_cpu_s": round(first_cpu_s, 1),
        "again_s": round(again_s, 1),
        "again_added": again.added,
        "kept_aside": kept,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(asked.count, theirs), daemon=True)
    process.start()
    try:
        figures = measure(ours.recv())
    finally:
        process.terminate()
    for name, value in figures.items():
        Console().print(f"{name.replace('_', ' '):>14}  {value:,}")
    if not asked.no_record:
        path = record(
            "import_weighings", {"seed": 1, **figures}, ("sqlalchemy", "httpx2", "pyproj")
        )
        Console().print(f"Recorded in {path}")


if __name__ == "__main__":
    main()
