"""The command ``stadsronde``: the command line of the room below, with the pages at hand."""

from __future__ import annotations

from operations.cli import main as run_commands
from operations.serving import Serving
from operations.settings import Settings


def main() -> None:
    """Run the command line."""
    run_commands(_serve)


def _serve(settings: Settings, serving: Serving) -> None:
    # Only who serves pays for loading the pages: other commands start in half the time.
    from api.serve import serve

    serve(settings, serving)
