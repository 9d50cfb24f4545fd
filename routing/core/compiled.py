"""Compilation by numba, kept between runs where a folder can be written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba

OPTIONS: dict[str, Any] = {"boundscheck": False, "_nrt": False}
"""Nothing compiled here makes an array: counting who holds one would take most of the time."""


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call; without a writable folder, in each process anew."""
    try:
        dispatcher = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:
        # An install that may only be read, and no home to write to.
        dispatcher = numba.njit(**OPTIONS)(function)
    return cast("Callable[P, R]", dispatcher)
