"""A fleet from a TOML file: trucks, depots and disposal sites, as a planner would write them.

See ``docs/reference/fleet.md`` for an example; times are "HH:MM".
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from city.errors import BadInput, Fault
from city.fleet import Fleet

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def read_fleet(path: Path) -> Fleet:
    """Read a fleet.

    Raises
    ------
    BadInput
        With every field that is missing, unknown or out of range.
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
    try:
        return TypeAdapter(Fleet).validate_python(_spelled_out(data))
    except ValidationError as error:
        raise BadInput(
            Fault(
                code="fleet-field",
                where=path.name,
                field=".".join(str(part) for part in each["loc"]),
                value=str(each["input"])[:80],
                cause=f"{each['msg']}.",
                remedy="Compare with the example in docs/reference/fleet.md.",
            )
            for each in error.errors()
        ) from error


def _spelled_out(data: Any) -> Any:
    """Turn "HH:MM" into seconds, and windows and shifts written as pairs into nouns."""
    if isinstance(data, dict):
        return {_name(key): _spelled_out(value) for key, value in data.items()}
    if isinstance(data, list):
        if len(data) == 2 and all(isinstance(v, str) and _CLOCK.fullmatch(v) for v in data):
            return {"start_s": _seconds(data[0]), "end_s": _seconds(data[1])}
        return [_spelled_out(value) for value in data]
    return data


def _name(key: str) -> str:
    return {"vehicle": "vehicles", "depot": "depots", "disposal_site": "disposal_sites"}.get(
        key, key
    )


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
