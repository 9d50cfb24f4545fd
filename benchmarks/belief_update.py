"""How long it takes to hear a day's evidence of 12,000 containers: at most 1 s on one core.

    python benchmarks/belief_update.py [--containers 12000] [--runs 5] [--no-record]

A city drawn at random, nothing real in it: 40 emptyings a container behind it, learnt last night.
Then a day: a sixth of the containers emptied, a fifth passed by a camera, 3 % reported, a tenth
with a sensor that reads three times, 2 % with waste beside them. Timed is from records to belief,
in seconds of one core: the emptyings shift the inflow, every container's distribution is brought to
the evening. Rival: a loop over the containers, each believed by itself; on a sample, scaled up.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from recording import record
from rich.console import Console

from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fill import believe
from city.fraction import Fraction
from city.inflow import learn
from city.place import Position

NIGHT = datetime(2026, 11, 23, 0, tzinfo=UTC)
EVENING = NIGHT + timedelta(hours=20)
EMPTYINGS, SAMPLE = 40, 300


def city(n: int, rng: np.random.Generator) -> list[Container]:
    lon, lat = rng.uniform(4.76, 5.0, n).tolist(), rng.uniform(52.3, 52.42, n).tolist()
    kinds = (ContainerKind.UNDERGROUND, ContainerKind.UNDERGROUND, ContainerKind.WHEELIE)
    fractions = tuple(Fraction)
    return [
        Container(f"C{k:05}", Position(lon[k], lat[k]), fractions[k % 4], kinds[k % 3], 5000)
        for k in range(n)
    ]


def said(kind: EvidenceKind, value: float, when: datetime, of: Container) -> Evidence:
    return Evidence(
        kind, value, when, when, "bench", f"{of.id}/{when}", of.position, 5.0, of.id, 0.9
    )


def history(containers: Sequence[Container], rng: np.random.Generator) -> list[Evidence]:
    records = []
    for container in containers:
        interval, rate = rng.uniform(2, 9), rng.uniform(0.05, 0.15)
        for k in range(EMPTYINGS, 0, -1):
            fill = min(rate * interval * rng.uniform(0.6, 1.4), 1.5)
            when = NIGHT - timedelta(days=interval * (k - rng.uniform(0.05, 0.95)))
            records.append(said(EvidenceKind.DRIVER_TAP, fill, when, container))
    return records


def day(containers: Sequence[Container], rng: np.random.Generator) -> list[Evidence]:
    records = []
    streams: tuple[tuple[EvidenceKind, float, int, float], ...] = (
        (EvidenceKind.DRIVER_TAP, 1 / 6, 1, 1.0),
        (EvidenceKind.PHOTO, 0.2, 1, 1.0),
        (EvidenceKind.REPORT, 0.03, 1, 0.0),
        (EvidenceKind.SENSOR, 0.1, 3, 1.0),
        (EvidenceKind.SIDE_WASTE, 0.02, 1, 1.0),
    )
    for kind, share, times, spread in streams:
        for container in (c for c in containers if rng.random() < share):
            for _ in range(times):
                when = NIGHT + timedelta(hours=rng.uniform(5, 19))
                records.append(said(kind, 1.0 - spread * rng.random(), when, container))
    return records


def seconds(work: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--containers", type=int, default=12_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    rng, console = np.random.default_rng(1), Console()
    containers = city(asked.containers, rng)
    past, today = history(containers, rng), day(containers, rng)
    by_container: dict[str, list[Evidence]] = defaultdict(list)
    for each in sorted(past, key=lambda r: r.seen_at):
        by_container[each.container_id or ""].append(each)
    began = time.process_time()
    inflow = learn(containers, by_container, NIGHT)
    learning_s = time.process_time() - began
    began = time.process_time()
    night = believe(containers, past, NIGHT, inflow)
    believing_s = time.process_time() - began

    def update() -> object:
        return night.update(containers, today, EVENING, inflow.heard(today))

    def one_by_one() -> None:
        heard = inflow.heard(today)
        for row in range(SAMPLE):
            mine = [r for r in today if r.container_id == containers[row].id]
            last = by_container[containers[row].id][-1:]
            believe(containers[row : row + 1], [*last, *mine], EVENING, heard.of(row))

    ours = seconds(update, asked.runs)
    rival_s = seconds(one_by_one, 1)[0] * asked.containers / SAMPLE
    figures = {
        "containers": asked.containers,
        "records_today": len(today),
        "update_s_median": float(np.median(ours)),
        "update_s_all": [round(s, 3) for s in ours],
        "one_by_one_s": round(rival_s, 1),
        "learning_by_night_s": round(learning_s, 2),
        "believing_anew_s": round(believing_s, 2),
    }
    for name, value in figures.items():
        console.print(f"{name.replace('_', ' '):>20}  {value}")
    console.print(f"A day's evidence: {np.median(ours):.2f} s of one core (asked: at most 1 s)")
    if not asked.no_record:
        console.print(f"Recorded in {record('belief_update', figures | {'seed': 1}, ('numpy',))}")


if __name__ == "__main__":
    main()
