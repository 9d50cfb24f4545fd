"""Problems and plans as JSON files, for whoever plans from elsewhere; docs/reference/problem.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from city.errors import BadInput, Fault
from city.plan import Plan
from routing.familiar import Familiar
from routing.problem import UNREACHABLE, DisposalSite, IntMatrix, Problem, Stop, Truck
from routing.shape import ShapePrices

PARTS: dict[str, TypeAdapter[Any]] = {
    "stops": TypeAdapter(tuple[Stop, ...]),
    "trucks": TypeAdapter(tuple[Truck, ...]),
    "sites": TypeAdapter(tuple[DisposalSite, ...]),
    "familiar": TypeAdapter(Familiar | None),
    "shape_prices": TypeAdapter(ShapePrices),
}
ITEMS: dict[str, type[Any]] = {"stops": Stop, "trucks": Truck, "sites": DisposalSite}
OPTIONAL = {"familiar", "shape_prices", "kerb_length_m"}
MATRICES = ("duration_s", "length_m", "kerb_length_m")
_MATRIX = TypeAdapter(list[list[int | None]])
_PLAN = TypeAdapter(Plan)


def matrices(problem: Problem) -> dict[str, IntMatrix]:
    """Return the matrices that a problem has, by their names."""
    found = {name: getattr(problem, name) for name in MATRICES}
    return {name: matrix for name, matrix in found.items() if matrix is not None}


def problem_to_json(problem: Problem) -> str:
    """Return a problem as JSON; a leg without a road is null."""
    data = {
        name: part.dump_python(getattr(problem, name), mode="json") for name, part in PARTS.items()
    }
    for name, matrix in matrices(problem).items():
        rows = matrix.tolist()
        data[name] = [[None if cell >= UNREACHABLE else cell for cell in row] for row in rows]
    return json.dumps(data)


def read_problem(file: Path) -> Problem:
    """Read a problem.

    Raises
    ------
    BadInput
        With every field that cannot be read.
    """
    data = _loaded(file)
    known = {*PARTS, *MATRICES}
    wrong = [
        _fault(file, name, "This field is missing.", "") for name in known - data.keys() - OPTIONAL
    ]
    wrong += [_fault(file, name, "This field is not known.", "") for name in data.keys() - known]
    parts: dict[str, Any] = {}
    readers: dict[str, Callable[[Any], Any]]
    readers = {name: part.validate_python for name, part in PARTS.items()}
    readers |= dict.fromkeys(MATRICES, _matrix)
    for name, read in readers.items():
        if name in data and name in ITEMS and isinstance(data[name], list):
            parts[name], faults = _items(file, name, data[name])
            wrong += faults
        elif name in data:
            try:
                parts[name] = read(data[name])
            except ValidationError as error:
                wrong += _all(file, name, error)
    if wrong:
        raise BadInput(sorted(wrong, key=lambda fault: fault.field))
    return Problem(**parts)


def _items(file: Path, name: str, rows: list[Any]) -> tuple[tuple[Any, ...], list[Fault]]:
    """Read each of a list by itself, so that what is wrong with one does not hide another's."""
    kind, adapter = ITEMS[name], TypeAdapter(ITEMS[name])
    known = {field.name for field in fields(kind)}
    read: list[Any] = []
    wrong: list[Fault] = []
    for number, row in enumerate(rows):
        where = f"{name}.{number}"
        strange = sorted(row.keys() - known) if isinstance(row, dict) else []
        wrong += [
            _fault(file, f"{where}.{key}", "This field is not known.", repr(row[key]))
            for key in strange
        ]
        try:
            read.append(adapter.validate_python(row))
        except ValidationError as error:
            wrong += _all(file, where, error)
        except BadInput as error:
            wrong += [replace(fault, field=where) for fault in error.faults]
    return tuple(read), wrong


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
        return np.zeros((len(cells), 0), dtype=np.int32)  # `faults` says what a matrix must be.
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
        for each in error.errors()
    ]


def _fault(file: Path, field: str, cause: str, value: str) -> Fault:
    remedy = "Give it as docs/reference/problem.md says."
    return Fault("json-field", file.name, cause, remedy, field, value[:60])
