"""Verb: say whether all parts that a day needs are there."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from city.errors import StadsrondeError
from city.store import Store, municipalities
from operations.route_lines import built_roads
from operations.settings import Settings
from vision.weights import checked

DETECTOR = "detector/detector.bin"
PARTS = ("stadsronde", "fastapi", "openvino", "ortools", "osrm-bindings", "sqlalchemy")


@dataclass(frozen=True)
class Part:
    """One part of the system, and what is wrong with it where something is."""

    name: str
    well: bool
    detail: str = ""


@dataclass(frozen=True)
class Health:
    """All parts, and the versions they have."""

    parts: tuple[Part, ...]
    versions: tuple[tuple[str, str], ...]

    @property
    def well(self) -> bool:
        """Whether every part is."""
        return all(part.well for part in self.parts)


def health(settings: Settings, store: Store) -> Health:
    """Return how the parts are; what is wrong is told, not raised."""
    parts = (_store(store), _model(), _roads(settings))
    versions = (("python", platform.python_version()), *((name, _version(name)) for name in PARTS))
    return Health(parts, versions)


def _store(store: Store) -> Part:
    try:
        return Part("store", well=True, detail=municipalities.get(store).name)
    except StadsrondeError as error:
        return Part("store", well=False, detail=str(error))


def _model() -> Part:
    try:
        checked(DETECTOR)
    except StadsrondeError as error:
        return Part("model", well=False, detail=str(error))
    return Part("model", well=True)


def _roads(settings: Settings) -> Part:
    found = built_roads(settings.roads)
    if not found:
        return Part("roads", well=False, detail="Run: stadsronde roads build EXTRACT.osm.pbf")
    return Part("roads", well=True, detail=found[0].name)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
