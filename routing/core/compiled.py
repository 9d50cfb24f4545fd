"""Compilation by numba, kept between runs where a folder can be written to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import numba

HERE = Path(__file__).parent
NUMBA: Any = numba.config

OPTIONS: dict[str, Any] = {"boundscheck": False, "_nrt": False}
"""Nothing compiled here makes an array: counting who holds one would take most of the time."""


def _folder() -> str:
    """Return a folder of this version's own, or nothing where none can be written to.

    Numba looks at the file of a function alone, and would go on with machine code that holds an
    older version of what the function calls.
    """
    sources = b"".join(file.read_bytes() for file in sorted(HERE.glob("*.py")))
    for parent in _parents():
        folder = parent / f"compiled-{sha256(sources).hexdigest()[:12]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


def _parents() -> Iterator[Path]:
    if NUMBA.CACHE_DIR:
        yield Path(NUMBA.CACHE_DIR)
        return
    yield HERE / "__pycache__"
    if "HOME" in os.environ:
        yield Path.home() / ".cache" / "stadsronde"


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call; without a writable folder, in each process anew."""
    try:
        dispatcher = numba.njit(cache=bool(FOLDER), **OPTIONS)(function)
    except RuntimeError:
        # A function that numba finds no file of.
        dispatcher = numba.njit(**OPTIONS)(function)
    return cast("Callable[P, R]", dispatcher)


FOLDER = NUMBA.CACHE_DIR = _folder()
