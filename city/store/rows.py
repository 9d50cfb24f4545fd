"""Moving nouns in and out of rows and JSON, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import batched
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500
"""Rows per statement; SQLite allows 32,766 values in one."""


# Making one takes milliseconds.
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)

# SQL has no portable way to say what happens when the key is there already.
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def to_json[T](noun: type[T], value: T) -> Any:
    """Return a frozen dataclass as JSON-able data."""
    return _adapter(noun).dump_python(value, mode="json")


def from_json[T](noun: type[T], data: Any) -> T:
    """Return the dataclass that `to_json` wrote."""
    found: T = _adapter(noun).validate_python(data)
    return found


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, replacing those with the same key."""
    _insert(connection, table, rows, replace=True)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose key is not there yet, and return how many that were."""
    return _insert(connection, table, rows, replace=False)


def _insert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]], *, replace: bool
) -> int:
    if not rows:
        return 0
    statement = _INSERT[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    if replace:
        changes = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    if connection.dialect.name == "sqlite":
        # One statement, run for each row: a tenth of the time that spelling all values out takes.
        return connection.execute(statement, list(rows)).rowcount
    return sum(
        connection.execute(statement.values(list(some))).rowcount for some in batched(rows, CHUNK)
    )
