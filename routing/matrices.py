"""A problem's matrices by name, as files and archives keep them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routing.problem import IntMatrix, Problem, Ways

WAYS = ("duration_s", "length_m")
MATRICES = (*WAYS, "kerb_length_m")


def matrices(problem: Problem) -> dict[str, IntMatrix]:
    """Return the matrices that a problem has, by their names; dots part a profile's."""
    found = {name: getattr(problem, name) for name in MATRICES}
    for profile, ways in problem.profiles.items():
        found |= {f"profiles.{profile}.{name}": getattr(ways, name) for name in WAYS}
    return {name: matrix for name, matrix in found.items() if matrix is not None}


def problem_of(parts: Mapping[str, Any], matrices: Mapping[str, IntMatrix]) -> Problem:
    """Return the problem of parts and of matrices by the names that `matrices` gives them."""
    names = dict.fromkeys(n.split(".")[1] for n in matrices if n.startswith("profiles."))
    profiles = {
        name: Ways(*(matrices[f"profiles.{name}.{matrix}"] for matrix in WAYS)) for name in names
    }
    own: dict[str, Any] = {name: matrices[name] for name in MATRICES if name in matrices}
    return Problem(**parts, **own, profiles=profiles)
