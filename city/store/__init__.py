"""SQL tables and one query module a noun; the only place that knows SQLAlchemy."""

from city.store.database import Store, open_store

__all__ = ["Store", "open_store"]
