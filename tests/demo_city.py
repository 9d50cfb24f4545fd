"""The demo city, made once a test session by the command line, as a newcomer makes it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from operations.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SECONDS = "3"


@dataclass(frozen=True)
class Run:
    """One run of the demo: where it wrote, and what it printed."""

    home: Path
    printed: str

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, municipality="helsinki-demo")


def stadsronde(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from api.entry import main; main()", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", **environment},
    )


def run_demo(home: Path, *words: str) -> Run:
    """Run the demo, or fail with what it said."""
    run = stadsronde("demo", "--no-serve", "--out", home, "--seconds", SECONDS, *words)
    assert run.returncode == 0, run.stdout + run.stderr
    return Run(home, run.stdout)
