"""Where every benchmark leaves what it measured: ``results/NAME-DATE.json``."""

from __future__ import annotations

import json
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def record(name: str, told: Mapping[str, object], packages: Sequence[str]) -> Path:
    """Write what was measured, with when, on which commit and with which versions."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True
    )
    head = {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit.stdout.strip() or "unknown",
        "machine": f"{platform.machine()}, cores shared with other work",
        "versions": {package: version(package) for package in packages},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{head['measured_at'][:10]}.json"
    path.write_text(json.dumps({**head, **told}, indent=2, default=str) + "\n", encoding="utf-8")
    return path
