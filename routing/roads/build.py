"""An OpenStreetMap extract becomes a folder that OSRM routes on, once per content and truck."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from city.errors import BadInput, Broken, Fault
from routing.roads.extracts import check_extract, content_hash
from routing.roads.features import street_middles
from routing.roads.profile import CRANE_TRUCK, TruckProfile
from routing.roads.roads import MANIFEST, NETWORK, Roads

# Part of every cache key: raise it when the way of building changes.
BUILD_VERSION = 2
TRUCK_LUA = Path(__file__).with_name("truck.lua")
_ABANDONED_AFTER_S = 24 * 3600
# OSRM prefers to snap to components of at least this many nodes; its own default of 1000 would
# call half of a small town's extract an island.
_SMALL_COMPONENT_NODES = 100

# Told how many of how many steps are done.
Progress = Callable[[int, int], None]


def build_roads(
    extract: Path,
    out: Path,
    profile: TruckProfile = CRANE_TRUCK,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Roads:
    """Build the roads of ``extract`` for one kind of truck below ``out``, or find them there.

    The folder's name holds a hash of the extract's bytes, the truck, our Lua profile and the
    version of the binding, so that a changed one is built anew and nothing is built twice. It
    is filled under another name and renamed when whole: a crash leaves no half folder behind
    that looks like a good one.

    Parameters
    ----------
    extract : ``.osm.pbf`` (or ``.osm``, ``.osm.bz2``) file of a city.
    out : folder that holds all built roads.
    profile : the truck.
    threads : how many OSRM may use; all cores if None.
    progress : called with (steps done, steps in all), in this thread.

    Raises
    ------
    BadInput
        When the extract is missing, empty, cut off, no OpenStreetMap file, or without a road.
    Broken
        When an OSRM program is missing or fails; carries the last lines it wrote.
    """
    check_extract(extract)
    tell = progress or (lambda _done, _steps: None)
    folder = out / f"{_stem(extract)}-{profile.name}-{_key(extract, profile)}"
    if not (folder / MANIFEST).is_file():
        tell(0, 2)
        with _unfinished(out) as work:
            _extract(extract, work, profile, threads)
            tell(1, 2)
            _run("osrm-contract", [*_threads(threads), str(work / NETWORK)], extract)
            _write_manifest(work, extract, profile)
            _write_anchor(work, extract)
            _publish(work, folder)
    tell(2, 2)
    return Roads(folder)


def _stem(extract: Path) -> str:
    return extract.name.split(".", 1)[0]


def _key(extract: Path, profile: TruckProfile) -> str:
    parts = (
        content_hash(extract),
        content_hash(TRUCK_LUA),
        json.dumps(profile.measures(), sort_keys=True),
        version("osrm-bindings"),
        str(BUILD_VERSION),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    """Give a folder beside the finished ones, and take it away whatever happens."""
    out.mkdir(parents=True, exist_ok=True)
    for left in out.glob(".building-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=out))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, folder: Path) -> None:
    try:
        work.rename(folder)
    except OSError:
        # Somebody else was first, which is as good; a folder without manifest is debris.
        if not (folder / MANIFEST).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)


def _extract(extract: Path, work: Path, profile: TruckProfile, threads: int | None) -> None:
    lua = work / "profile.lua"
    lua.write_text(_profile_lua(profile), encoding="utf-8")
    options = ["-p", str(lua), "-o", str(work / NETWORK)]
    options += ["--small-component-size", str(_SMALL_COMPONENT_NODES)]
    _run("osrm-extract", [*_threads(threads), *options, str(extract)], extract)


def _profile_lua(profile: TruckProfile) -> str:
    """Return the few lines that hand the wheel's car profile and the truck to truck.lua."""
    profiles = _wheel() / "share" / "profiles"
    # JSON text is a Lua string or number too, for what paths and measures hold.
    measures = ", ".join(f"{key} = {json.dumps(value)}" for key, value in _sorted(profile))
    return (
        f"package.path = {json.dumps(str(profiles / '?.lua'))} .. ';' .. package.path\n"
        f"car_profile = {json.dumps(str(profiles / 'car.lua'))}\n"
        f"truck = {{ {measures} }}\n"
        f"return dofile({json.dumps(str(TRUCK_LUA))})\n"
    )


def _sorted(profile: TruckProfile) -> list[tuple[str, float]]:
    return sorted(profile.measures().items())


def _wheel() -> Path:
    spec = find_spec("osrm")
    if spec is None or spec.origin is None:
        raise Broken("The package osrm-bindings is not installed: pip install osrm-bindings")
    return Path(spec.origin).parent


def _threads(threads: int | None) -> list[str]:
    return ["-t", str(threads or os.cpu_count() or 1)]


def _run(program: str, arguments: list[str], extract: Path) -> None:
    command = [str(_wheel() / "bin" / program), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Broken(f"{program} could not be started: {error}") from error
    if done.returncode == 0:
        return
    said = done.stdout + done.stderr
    if "osmium::" in said or "XML parsing error" in said:
        cause = "The file breaks off or is damaged: " + _last_lines(said, 1)
        raise BadInput(Fault("extract-damaged", extract.name, cause, "Download it again."))
    if "no edges" in said.lower() or "no snappable" in said.lower():
        cause = "It holds no road that this truck may drive."
        remedy = "Take an extract with highway ways, and check the truck's measures."
        raise BadInput(Fault("extract-without-roads", extract.name, cause, remedy))
    raise Broken(f"{program} ended with {done.returncode}:\n{_last_lines(said, 8)}")


def _last_lines(text: str, count: int) -> str:
    return "\n".join(line for line in text.splitlines()[-count:])


def _write_anchor(work: Path, extract: Path) -> None:
    """Add a place on the connected roads to the manifest; see ``Roads``."""
    anchor = Roads(work).connected_place(street_middles(extract))
    told = json.loads((work / MANIFEST).read_text("utf-8")) | {"anchor": anchor}
    (work / MANIFEST).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _write_manifest(work: Path, extract: Path, profile: TruckProfile) -> None:
    told = {
        "extract": extract.name,
        "extract_sha256": content_hash(extract),
        "profile": {"name": profile.name, **profile.measures()},
        "osrm_bindings": version("osrm-bindings"),
        "built_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    (work / MANIFEST).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
