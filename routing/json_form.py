"""Problems and plans as JSON files, for whoever plans from elsewhere; docs/reference/problem.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError

from city.errors import BadInput, Fault
from city.plan import Plan
from routing.familiar import Familiar
from routing.faults import faults
from routing.matrices import MATRICES, WAYS, matrices, problem_of
from routing.problem import UNREACHABLE, DisposalSite, IntMatrix, Problem, Stop, Truck
from routing.shape import ShapePrices

PARTS: dict[str, TypeAdapter[Any]] = {
    "stops": TypeAdapter(tuple[Stop, ...]),
    "trucks": TypeAdapter(tuple[Truck, ...]),
    "sites": TypeAdapter(tuple[DisposalSite, ...]),
    "familiar": TypeAdapter(Familiar | None),
    "shape_prices": TypeAdapter(ShapePrices),
}
NOUNS: dict[str, type[Any]] = {"familiar": Familiar, "shape_prices": ShapePrices}
ITEMS: dict[str, type[Any]] = {"stops": Stop, "trucks": Truck, "sites": DisposalSite}
OPTIONAL = {"familiar", "shape_prices", "kerb_length_m", "profiles"}
MOST_SHOWN = 20
"""Faults of one part; a matrix may hold a million."""
MAY_FOLLOW = frozenset(
    {
        "after-outside-pair",
        "after-unknown-stop",
        "kerb-not-known",
        "matrix-not-square",
        "matrices-differ",
        "no-site-for-fraction",
        "no-truck-for-fraction",
        "pair-size",
        "unknown-profile",
    }
)
"""Faults that may only be because another part cannot be read."""
_MATRIX = TypeAdapter(list[list[int | None]])
_PLAN = TypeAdapter(Plan)


def problem_to_json(problem: Problem) -> str:
    """Return a problem as JSON; a leg without a road is null."""
    data = {
        name: part.dump_python(getattr(problem, name), mode="json") for name, part in PARTS.items()
    }
    for name, matrix in matrices(problem).items():
        *outer, last = name.split(".")
        inner = data
        for step in outer:
            inner = inner.setdefault(step, {})
        rows = matrix.tolist()
        inner[last] = [[None if cell >= UNREACHABLE else cell for cell in row] for row in rows]
    return json.dumps(data)


def read_problem(file: Path) -> Problem:
    """Read a problem.

    Raises
    ------
    BadInput
        With every field that cannot be read.
    """
    data = _loaded(file)
    known = {*PARTS, *MATRICES, "profiles"}
    wrong = [
        _fault(file, name, "This field is missing.", "") for name in known - data.keys() - OPTIONAL
    ]
    wrong += [_fault(file, name, "This field is not known.", "") for name in data.keys() - known]
    parts: dict[str, Any] = {}
    read_matrices: dict[str, IntMatrix] = {}
    readers: dict[str, Callable[[Any], Any]]
    readers = {name: part.validate_python for name, part in PARTS.items()}
    for name, rows in _rows(file, data, wrong):
        try:
            read_matrices[name] = matrix = _matrix(rows)
        except ValidationError as error:
            wrong += _all(file, name, error)
        else:
            wrong += _ragged(file, name, rows, matrix)
    for name, read in readers.items():
        if name in data and name in ITEMS and isinstance(data[name], list):
            parts[name], unread = _items(file, name, data[name])
            wrong += unread
        elif name in data:
            wrong += _strange(file, NOUNS.get(name), data[name], name)
            try:
                parts[name] = read(data[name])
            except ValidationError as error:
                wrong += _all(file, name, error)
    if wrong:
        wrong += _beside(parts, read_matrices)
        raise BadInput(sorted(wrong, key=lambda fault: fault.field))
    return problem_of(parts, read_matrices)


def _beside(parts: dict[str, Any], read: Mapping[str, IntMatrix]) -> Iterator[Fault]:
    """Find what is wrong with what can be read, as far as it does not follow from the rest."""
    own = {name: matrix for name, matrix in read.items() if not name.startswith("profiles.")}
    if all(name in own for name in WAYS):
        lists: dict[str, Any] = dict.fromkeys(ITEMS, ())
        found = faults(problem_of(lists | parts, own))
        yield from (fault for fault in found if fault.code not in MAY_FOLLOW)


def _ragged(file: Path, name: str, rows: Any, matrix: IntMatrix) -> Iterator[Fault]:
    for number, row in enumerate(rows if not matrix.shape[1] else ()):
        if len(row) != len(rows):
            cause = f"The row has {len(row)} cells; there are {len(rows)} rows."
            yield _fault(file, f"{name}.{number}", cause, "")


def _rows(file: Path, data: dict[str, Any], wrong: list[Fault]) -> Iterator[tuple[str, Any]]:
    """Yield each matrix of a file by its name, and tell what is wrong around them."""
    yield from ((name, data[name]) for name in MATRICES if name in data)
    profiles = data.get("profiles", {})
    if not isinstance(profiles, dict):
        wrong.append(_fault(file, "profiles", "It is no object.", repr(profiles)))
        return
    for profile, ways in profiles.items():
        given = ways if isinstance(ways, dict) else {}
        for name in sorted({*WAYS} | given.keys()):
            where = f"profiles.{profile}.{name}"
            if "." in profile or not profile:
                wrong.append(_fault(file, where, "A profile's name has no dot in it.", profile))
            elif name not in WAYS:
                wrong.append(_fault(file, where, "This field is not known.", repr(given[name])))
            elif name not in given:
                wrong.append(_fault(file, where, "This field is missing.", ""))
            else:
                yield where, given[name]


def _items(file: Path, name: str, rows: list[Any]) -> tuple[tuple[Any, ...], list[Fault]]:
    """Read each of a list by itself, so that what is wrong with one does not hide another's."""
    kind, adapter = ITEMS[name], TypeAdapter(ITEMS[name])
    read: list[Any] = []
    wrong: list[Fault] = []
    for number, row in enumerate(rows):
        where = f"{name}.{number}"
        wrong += _strange(file, kind, row, where)
        try:
            read.append(adapter.validate_python(row))
        except ValidationError as error:
            wrong += _all(file, where, error)
        except BadInput as error:
            wrong += [_in_file(file, where, fault) for fault in error.faults]
    return tuple(read), wrong


def _strange(file: Path, kind: Any, given: Any, where: str) -> Iterator[Fault]:
    """Find fields, however deep, that the noun they stand in does not have."""
    inner: list[Any] = [each for each in (kind, *get_args(kind)) if is_dataclass(each)]
    if isinstance(given, dict) and inner:
        known = _known(inner[0])
        for key, value in given.items():
            if key in known:
                yield from _strange(file, known[key], value, f"{where}.{key}")
            else:
                yield _fault(file, f"{where}.{key}", "This field is not known.", repr(value))
    elif isinstance(given, list) and inner:
        for number, each in enumerate(given):
            yield from _strange(file, inner[0], each, f"{where}.{number}")


@cache
def _known(kind: Any) -> dict[str, Any]:
    """Return the fields of a noun with their kinds: worked out once, not for every stop."""
    return get_type_hints(kind)


def _in_file(file: Path, field: str, fault: Fault) -> Fault:
    seconds = "Give begin and end in seconds after midnight, begin first."
    remedy = seconds if fault.code == "window-order" else fault.remedy
    return replace(fault, where=file.name, field=field, remedy=remedy)


def plan_to_json(plan: Plan) -> str:
    """Return a plan as JSON."""
    return _PLAN.dump_json(plan, indent=1).decode()


def read_plan(file: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    BadInput
        With every field that cannot be read.
    """
    try:
        return _PLAN.validate_python(_loaded(file))
    except ValidationError as error:
        raise BadInput(_all(file, "", error)) from error


def _matrix(rows: Any) -> IntMatrix:
    cells = _MATRIX.validate_python(rows)
    if any(len(row) != len(cells) for row in cells):
        return np.zeros((len(cells), 0), dtype=np.int32)
    whole = [[UNREACHABLE if cell is None else cell for cell in row] for row in cells]
    return (
        np.array(whole, dtype=np.int64)
        .clip(max=UNREACHABLE)
        .astype(np.int32)
        .reshape(len(cells), -1 if cells else 0)
    )


def _loaded(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise BadInput(
            Fault("no-such-file", str(file), "There is no such file.", "Check the path.")
        )
    try:
        data = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadInput(_fault(file, "", "This is not JSON.", str(error))) from error
    if not isinstance(data, dict):
        raise BadInput(_fault(file, "", "This is not a JSON object.", type(data).__name__))
    return data


def _all(file: Path, name: str, error: ValidationError) -> list[Fault]:
    return [
        _fault(
            file,
            ".".join(str(step) for step in (name, *each["loc"]) if step != ""),
            f"{each['msg']}.",
            "" if each["type"] == "missing" else repr(each["input"]),
        )
        for each in error.errors()[:MOST_SHOWN]
    ]


def _fault(file: Path, field: str, cause: str, value: str) -> Fault:
    remedy = "Give it as docs/reference/problem.md says."
    return Fault("json-field", file.name, cause, remedy, field, value[:60])
