"""Opening the database, brought up to the newest migration."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from city.errors import Broken


@dataclass(frozen=True)
class Store:
    """An open database, seen by one municipality."""

    engine: sa.Engine
    municipality_id: str

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_store(url: str | Path, municipality_id: str) -> Store:
    """Open a database, making or migrating its tables where needed.

    Parameters
    ----------
    url : a path becomes an SQLite file; else any SQLAlchemy address.

    Raises
    ------
    Broken
        The database cannot be opened or migrated.
    """
    if isinstance(url, Path):
        url.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{url}"
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
    try:
        migrate(engine)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise Broken(
            f"The database {engine.url} cannot be opened: {error.orig}. "
            "Check that the path is a Stadsronde database and may be written."
        ) from error
    return Store(engine, municipality_id)


def migrate(engine: sa.Engine) -> None:
    """Bring the tables to the newest version."""
    config = Config()
    config.set_main_option("script_location", str(files("city.store") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _set_up_sqlite(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    # Readers must not wait for a writer, and a municipality that does not exist is an error.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
