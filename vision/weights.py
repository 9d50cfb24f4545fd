"""Where the weights are, and whether they are the ones that this version was made with."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from city.errors import Broken

CHECKSUMS = "checksums.json"


@cache
def checked(name: str) -> bytes:
    """Return the content of a file of the package `models`, once its checksum is right.

    Parameters
    ----------
    name : path below ``models``, such as ``detector/detector.xml``.

    Raises
    ------
    Broken
        If the file is missing, damaged or not the one that the checksums name.
    """
    folder = files("models")
    expected = json.loads(folder.joinpath(CHECKSUMS).read_text()).get(name)
    content = _content(folder.joinpath(name), name)
    if hashlib.sha256(content).hexdigest() != expected:
        raise Broken(
            f"models/{name} is not the file that models/{CHECKSUMS} names: it is damaged or was "
            "swapped. Install Stadsronde again, or export the model again to renew the checksums."
        )
    return content


def shipped_text(name: str, default: str | None = None) -> str:
    """Return what a text file of the package `models` says, such as ``detector/record.json``.

    Parameters
    ----------
    default : what to return if the file is missing.

    Raises
    ------
    Broken
        If the file is missing and nothing is to be returned for it.
    """
    if default is not None and not files("models").joinpath(name).is_file():
        return default
    return _content(files("models").joinpath(name), name).decode("utf-8")


def _content(file: Traversable, name: str) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as missing:
        raise Broken(f"models/{name} is missing. Install Stadsronde again.") from missing


def write_checksums(folder: Path) -> dict[str, str]:
    """Write the SHA-256 of every weight file below a folder, and return them by path."""
    kinds = {".xml", ".bin", ".onnx", ".pt"}
    weights = sorted(path for path in folder.rglob("*") if path.suffix in kinds)
    sums = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in weights
    }
    (folder / CHECKSUMS).write_text(json.dumps(sums, indent=2) + "\n")
    return sums
