"""The tables; every one names the municipality that its rows belong to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A point in time, stored as UTC and read back with its zone (SQLite keeps none)."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn a time with a zone into naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give naive UTC its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _municipality() -> sa.Column[str]:
    return sa.Column(
        "municipality_id", sa.String(64), sa.ForeignKey("municipality.id"), primary_key=True
    )


municipality = sa.Table(
    "municipality",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("time_zone", sa.String(64), nullable=False),
    sa.Column("west", sa.Float, nullable=False),
    sa.Column("south", sa.Float, nullable=False),
    sa.Column("east", sa.Float, nullable=False),
    sa.Column("north", sa.Float, nullable=False),
    sa.Column("notices", sa.JSON, nullable=False),
    sa.Column("stopped_at", UtcTime),
)

container = sa.Table(
    "container",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("fraction", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("volume_l", sa.Integer, nullable=False),
    sa.Column("address", sa.String(300), nullable=False),
    sa.Column("access_note", sa.Text, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False),
)

fleet = sa.Table(
    "fleet",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kept_at", UtcTime, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("content", sa.JSON, nullable=False),
)

model_version = sa.Table(
    "model_version",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
)

photo = sa.Table(
    "photo",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("file_name", sa.String(300), nullable=False),
    sa.Column("taken_at", UtcTime, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("heading_deg", sa.Float),
    sa.Column("width_px", sa.Integer, nullable=False),
    sa.Column("height_px", sa.Integer, nullable=False),
    sa.Column("blurred_share", sa.Float, nullable=False),
    sa.Column("model_version_id", sa.String(64), nullable=False),
    sa.Column("detections", sa.JSON, nullable=False),
)

evidence = sa.Table(
    "evidence",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("raw_ref", sa.String(300), nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("uncertainty_m", sa.Float, nullable=False),
    sa.Column("container_id", sa.String(100)),
    sa.Column("trust", sa.Float, nullable=False),
    sa.Column("fraction", sa.String(20)),
    sa.Index(None, "municipality_id", "container_id", "seen_at"),
    sa.Index(None, "municipality_id", "seen_at"),
)

plan = sa.Table(
    "plan",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("engine", sa.String(100), nullable=False),
    sa.Column("routes", sa.JSON, nullable=False),
    sa.Column("provenance", sa.JSON, nullable=False),
    sa.Column("problem", sa.LargeBinary, nullable=False),
    sa.Column("undone_at", UtcTime),
    sa.Index(None, "municipality_id", "day"),
)

choice = sa.Table(
    "choice",
    metadata,
    _municipality(),
    sa.Column("plan_id", sa.String(64), primary_key=True),
    sa.Column("container_id", sa.String(100), primary_key=True),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
)

sheet = sa.Table(
    "sheet",
    metadata,
    _municipality(),
    sa.Column("plan_id", sa.String(64), primary_key=True),
    sa.Column("path", sa.String(500), primary_key=True),
    sa.Column("vehicle_id", sa.String(100), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)

job = sa.Table(
    "job",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("verb", sa.String(40), nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("doing", sa.String(200), nullable=False),
    sa.Column("result_id", sa.String(64)),
    sa.Column("faults", sa.JSON, nullable=False),
    sa.Column("starts", sa.Integer, nullable=False, server_default="0"),
    sa.Index(None, "municipality_id", "created_at"),
)

publication = sa.Table(
    "publication",
    metadata,
    _municipality(),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan_id", sa.String(64), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
)

tap = sa.Table(
    "tap",
    metadata,
    _municipality(),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("vehicle_id", sa.String(100), nullable=False),
    sa.Column("plan_id", sa.String(64), nullable=False),
    sa.Column("ref", sa.String(100), nullable=False),
    sa.Column("fill", sa.Float),
    sa.Column("weight_kg", sa.Float),
    sa.Column("exception", sa.String(20)),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("undoes", sa.String(64)),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("remark", sa.String(20)),
    sa.Column("photo_id", sa.String(64)),
    sa.Index(None, "municipality_id", "day"),
)

photo_review = sa.Table(
    "photo_review",
    metadata,
    _municipality(),
    sa.Column("photo_id", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("labels", sa.JSON, nullable=False),
)

what_if = sa.Table(
    "what_if",
    metadata,
    _municipality(),
    sa.Column("plan_id", sa.String(64), primary_key=True),
    sa.Column("under", sa.String(64), primary_key=True),
    sa.Column("must_p_overflow", sa.Float, primary_key=True),
    sa.Column("overflow_price_cents", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.JSON, nullable=False),
)

vehicle_position = sa.Table(
    "vehicle_position",
    metadata,
    _municipality(),
    sa.Column("vehicle_id", sa.String(100), primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("accuracy_m", sa.Float, nullable=False),
)

case_visit = sa.Table(
    "case_visit",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("matter", sa.String(20), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("raw_ref", sa.String(300), nullable=False),
    sa.Column("container_ids", sa.JSON, nullable=False),
    sa.Column("fraction", sa.String(20)),
    sa.Column("found", sa.Boolean),
)

case_decision = sa.Table(
    "case_decision",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("evidence_id", sa.String(64), nullable=False),
    sa.Column("case_id", sa.String(100)),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)

status_change = sa.Table(
    "status_change",
    metadata,
    _municipality(),
    sa.Column("system", sa.String(40), primary_key=True),
    sa.Column("ref", sa.String(100), primary_key=True),
    sa.Column("case_id", sa.String(100), primary_key=True),
    sa.Column("closed_at", UtcTime, nullable=False),
    sa.Column("queued_at", UtcTime, nullable=False),
    sa.Column("sent_at", UtcTime),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("last_error", sa.Text, nullable=False),
)

set_aside = sa.Table(
    "set_aside",
    metadata,
    _municipality(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("raw", sa.JSON, nullable=False),
    sa.Column("faults", sa.JSON, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

bookmark = sa.Table(
    "bookmark",
    metadata,
    _municipality(),
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# An account may work for several municipalities; its duties and keys say for which.
account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("password_hash", sa.String(300)),
    sa.Column("is_enabled", sa.Boolean, nullable=False),
)

duty = sa.Table(
    "duty",
    metadata,
    _municipality(),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("role", sa.String(20), primary_key=True),
    sa.Index(None, "account_id"),
)

access_key = sa.Table(
    "access_key",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("municipality_id", sa.String(64), sa.ForeignKey("municipality.id"), nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime),
    sa.Column("role", sa.String(20)),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Index(None, "account_id"),
)
