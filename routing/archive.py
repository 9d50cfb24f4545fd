"""A problem as bytes, so that what a plan solved can be kept and solved again."""

from __future__ import annotations

import io
import json

import numpy as np

from routing.json_form import PARTS
from routing.problem import Problem


def to_bytes(problem: Problem) -> bytes:
    """Return the problem as a compressed NumPy archive; equal problems give equal bytes."""
    nouns = {n: kind.dump_python(getattr(problem, n), mode="json") for n, kind in PARTS.items()}
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
        parts = {n: kind.validate_python(nouns[n]) for n, kind in PARTS.items() if n in nouns}
        return Problem(**parts, duration_s=archive["duration_s"], length_m=archive["length_m"])
