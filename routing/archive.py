"""A problem as bytes, so that what a plan solved can be kept and solved again."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from routing.json_form import PARTS
from routing.matrices import matrices, problem_of
from routing.problem import Problem


def to_bytes(problem: Problem) -> bytes:
    """Return the problem as a compressed NumPy archive; equal problems give equal bytes."""
    nouns = {n: kind.dump_python(getattr(problem, n), mode="json") for n, kind in PARTS.items()}
    text = np.frombuffer(json.dumps(nouns, sort_keys=True).encode(), dtype=np.uint8)
    stream = io.BytesIO()
    arrays: dict[str, Any] = {"nouns": text, **matrices(problem)}
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def from_bytes(data: bytes) -> Problem:
    """Return the problem that `to_bytes` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        nouns = json.loads(archive["nouns"].tobytes())
        parts = {n: kind.validate_python(nouns[n]) for n, kind in PARTS.items() if n in nouns}
        return problem_of(parts, {name: archive[name] for name in archive if name != "nouns"})
