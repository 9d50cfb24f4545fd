"""A fleet from a TOML file: trucks, depots and disposal sites, as a planner would write them.

See ``docs/reference/fleet.md`` for an example; times are "HH:MM".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from city.container import Gear
from city.errors import BadInput, Fault
from city.fleet import BreakRule, DrivingRule, Fleet, Site, Vehicle
from city.fraction import Fraction
from city.place import Position

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
SECTIONS: dict[str, tuple[str, type[Any]]] = {
    "vehicle": ("vehicles", Vehicle),
    "depot": ("depots", Site),
    "disposal_site": ("disposal_sites", Site),
}
NESTED: dict[str, type[Any]] = {
    "break_rule": BreakRule,
    "driving_rule": DrivingRule,
    "position": Position,
}
AS_HOURS = 'Write begin and end as in ["06:30", "15:00"], begin first.'
REMEDIES = {
    "shift": AS_HOURS,
    "window": AS_HOURS,
    "begins": AS_HOURS,
    "fractions": f"Write a list of some of: {', '.join(Fraction)}.",
    "gear": f"Write one of: {', '.join(Gear)}.",
    "break_rule": "Write { duration_s = 1800, after_work_s = 19800 }, or false for none.",
    "driving_rule": "Write { duration_s = 2700, after_driving_s = 16200 }, or true for these.",
    "position": "Write { lon = 4.8952, lat = 52.3702 }, longitude first.",
}


def read_fleet(path: Path) -> Fleet:
    """Read a fleet.

    Raises
    ------
    BadInput
        With every field that is missing, unknown, out of range, or at odds with another.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            Fault("no-such-file", str(path), "There is no such file.", "Check the path.")
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            Fault("not-toml", path.name, f"The file is not TOML: {error}.", "Mend that line.")
        ) from error
    wrong = list(_unknown("", data, SECTIONS))
    read: dict[str, tuple[Any, ...]] = {}
    for section, (name, kind) in SECTIONS.items():
        rows = data.get(section, [])
        if not isinstance(rows, list) or not rows:
            wrong.append(_section_fault(section, rows))
            rows = []
        nouns: list[Any] = []
        for number, row in enumerate(rows, 1):
            noun, faults = _read(section, number, row, kind)
            nouns += [] if noun is None else [noun]
            wrong += faults
        read[name] = tuple(nouns)
    fleet = Fleet(**read)
    # A depot that could not be read is not also one that nobody knows.
    wrong += [fault for fault in fleet.faults() if not (wrong and fault.code == "unknown-depot")]
    if wrong:
        raise BadInput(replace(fault, where=_in(path.name, fault.where)) for fault in wrong)
    return fleet


def _in(file: str, where: str) -> str:
    return f"{file}, {where}" if where else file


def _read(
    section: str, number: int, row: Any, kind: type[Any]
) -> tuple[Any | None, Iterable[Fault]]:
    """Return what a table of the file says, and all that is wrong with it."""
    given = row if isinstance(row, dict) else {}
    where = f"{section} {given.get('id', number)}"
    known = [field.name for field in fields(kind)]
    wrong = list(_unknown(where, given, known))
    for name, inner in NESTED.items():
        if isinstance(given.get(name), dict):
            known = [field.name for field in fields(inner)]
            wrong += _unknown(where, given[name], known)
    try:
        return TypeAdapter(kind).validate_python(_spelled_out(row)), wrong
    except ValidationError as error:
        wrong += [_fault(where, each) for each in error.errors()]
    except BadInput as error:
        wrong += [replace(fault, where=where, field=fault.field or "hours", remedy=_remedy(fault))
                  for fault in error.faults]  # fmt: skip
    return None, wrong


def _remedy(fault: Fault) -> str:
    return AS_HOURS if fault.code == "window-order" else fault.remedy


def _unknown(where: str, given: dict[str, Any], known: Iterable[str]) -> Iterator[Fault]:
    for key in given.keys() - set(known):
        likely = get_close_matches(key, known, 1)
        remedy = f"Write '{likely[0]}', if that is meant." if likely else "Leave it out."
        cause = "This field is not known."
        yield Fault("fleet-field", where, cause, remedy, key, str(given[key])[:80])


def _section_fault(section: str, given: object) -> Fault:
    cause = f"There is no [[{section}]]."
    remedy = "Give at least one, as the example in docs/reference/fleet.md does."
    return Fault("fleet-field", "", cause, remedy, section, str(given)[:80] if given else "")


def _fault(where: str, error: Any) -> Fault:
    steps = [str(step) for step in error["loc"]]
    named = [step for step in steps if step in REMEDIES]
    missing = error["type"] == "missing"
    unit = "Write a whole number in the unit that the field's name ends in."
    return Fault(
        code="fleet-field",
        where=where,
        field=".".join(steps),
        value="" if missing else str(error["input"])[:80],
        cause=f"{error['msg']}.",
        remedy=REMEDIES[named[-1]] if named else "Add it." if missing else unit,
    )


def _spelled_out(data: Any) -> Any:
    """Turn "HH:MM" into seconds, windows and shifts written as pairs into nouns, yes into rules."""
    if isinstance(data, dict):
        return {key: _spelled_out(_rule(key, value)) for key, value in data.items()}
    if isinstance(data, list):
        if len(data) == 2 and all(isinstance(v, str) and _CLOCK.fullmatch(v) for v in data):
            return {"start_s": _seconds(data[0]), "end_s": _seconds(data[1])}
        return [_spelled_out(value) for value in data]
    return data


def _rule(key: str, value: Any) -> Any:
    """Let a rule be there or not: with the law's figures, or not at all."""
    if key in ("break_rule", "driving_rule") and isinstance(value, bool):
        return {} if value else None
    return value


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
