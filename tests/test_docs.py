"""Conventions are tests: what the code can say or do has its line in the docs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from operations.cli import app
from vision.classes import NAMES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    p for p in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))
)


def test_every_fault_code_is_in_the_reference() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "faults", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr + "Run: python scripts/faults"


def test_every_waste_class_is_in_the_model_card() -> None:
    card = (ROOT / "models" / "detector" / "card.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if name not in card] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (page.parent / t).exists()] == []


def test_every_command_in_the_docs_exists() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in PAGES)
    known = {name: set(getattr(c, "commands", ())) for name, c in get_command(app).commands.items()}  # type: ignore[attr-defined]
    used = set(
        re.findall(r"^(?:\.venv\S*/bin/)?stadsronde ([\w-]+)(?: (\w[\w-]*))?", text, re.MULTILINE)
    )
    assert used
    assert [u for u in used if u[0] not in known or (known[u[0]] and u[1] not in known[u[0]])] == []
