"""A problem as bytes, so that what a plan solved can be kept and solved again."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from routing.problem import DisposalSite, Problem, Stop, Truck

_PARTS: dict[str, TypeAdapter[Any]] = {
    "stops": TypeAdapter(tuple[Stop, ...]),
    "trucks": TypeAdapter(tuple[Truck, ...]),
    "sites": TypeAdapter(tuple[DisposalSite, ...]),
}


def to_bytes(problem: Problem) -> bytes:
    """Return the problem as a compressed NumPy archive; equal problems give equal bytes."""
    nouns = {n: kind.dump_python(getattr(problem, n), mode="json") for n, kind in _PARTS.items()}
    text = np.frombuffer(json.dumps(nouns, sort_keys=True).encode(), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(
        stream, nouns=text, duration_s=problem.duration_s, length_m=problem.length_m
    )
    return stream.getvalue()


def from_bytes(data: bytes) -> Problem:
    """Return the problem that `to_bytes` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        nouns = json.loads(archive["nouns"].tobytes())
        return Problem(
            **{name: kind.validate_python(nouns[name]) for name, kind in _PARTS.items()},
            duration_s=archive["duration_s"],
            length_m=archive["length_m"],
        )
