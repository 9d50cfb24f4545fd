"""What the commands have in common: the options that name a city, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from city.store import Store, open_store
from operations.settings import Settings

BAD_INPUT, BROKEN = 1, 3
DEFAULT = Settings()

Home = Annotated[
    Path, typer.Option(help="Folder that holds the city: database, roads, photos, sheets.")
]
Municipality = Annotated[str, typer.Option(help="Which of the cities in that folder.")]
OwnModel = Annotated[
    Path | None,
    typer.Option(
        help="A detector of your own: .xml of 'stadsronde train', .onnx or .pt of ultralytics."
    ),
]
Lang = Annotated[str, typer.Option(help="Language of sheets and summary: nl or en.")]


def open_home(home: Path, municipality: str) -> tuple[Settings, Store]:
    """Return the settings and the store of a city."""
    settings = Settings.from_environment().replace(home=home, municipality=municipality)
    return settings, open_store(settings.database, municipality)
