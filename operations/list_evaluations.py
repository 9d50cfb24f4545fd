"""Verb: the reports of `operations.evaluate` that lie in a city's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from city.errors import NotFound
from operations.settings import Settings

PAGE, DATA = "report.html", "report.json"


@dataclass(frozen=True)
class KeptEvaluation:
    """One report.

    Parameters
    ----------
    name : of its folder.
    models : the versions that were judged, the second one beside the first.
    map50 : of each model, over all classes; None where the report does not say.
    """

    name: str
    made_at: datetime
    truth: str
    photos: int
    models: tuple[str, ...]
    map50: tuple[float | None, ...]


def list_evaluations(settings: Settings) -> list[KeptEvaluation]:
    """Return the reports, the newest first; what is no report is passed over."""
    every = (_read(path) for path in settings.evaluations.glob(f"*/{DATA}"))
    return sorted((one for one in every if one), key=lambda one: one.made_at, reverse=True)


def evaluation_page(settings: Settings, name: str) -> Path:
    """Return the page of a report.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    if name not in {one.name for one in list_evaluations(settings)}:
        raise NotFound(f"There is no evaluation '{name}'.")
    return settings.evaluations / name / PAGE


def _read(path: Path) -> KeptEvaluation | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        of: dict[str, Any] = told["provenance"]
        versions = tuple(str(model["version"]) for model in of["models"])
        return KeptEvaluation(
            path.parent.name,
            datetime.fromisoformat(of["made_at"]),
            str(of["truth"]),
            int(of["photos"]),
            versions,
            tuple(_map50(told["rows"], version) for version in versions),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _map50(rows: list[dict[str, Any]], version: str) -> float | None:
    found = (
        row["value"]
        for row in rows
        if (row["model"], row["metric"], row["slice"]) == (version, "mAP50", "all")
    )
    return next(found, None)
