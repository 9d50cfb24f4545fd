"""Tables of any kind (CSV, GeoJSON, GeoPackage) with a mapping file that says what is what.

See ``docs/how-to/connect-sources.md`` for the mapping file.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import geopandas
import pyogrio
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyogrio.errors import DataLayerError, DataSourceError

from city.container import REGISTERED_KINDS, Container, ContainerKind
from city.errors import BadInput, Fault
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Position
from city.sources import fields
from city.sources.page import ContainersAt, Noun, Page, gather

PAGE_SIZE = 5000

Ours = Literal[
    "id", "x", "y", "fraction", "kind", "volume_l", "address", "access_note",
    "container_id", "value", "seen_at", "time", "received_at", "uncertainty_m",
]  # fmt: skip
"""The fields that a mapping file can fill."""


class Mapped(BaseModel):
    """What a mapping file says of a table.

    Parameters
    ----------
    source : the name under which the ledger keeps the records.
    gives : what a row is.
    kind : of evidence; not for containers.
    layer : of a file that has several.
    crs : of columns x and y, and of a geometry that says none.
    columns : our field to the table's column.
    values : our field to what the table writes to what we write.
    defaults : our field to the value where the column is missing or empty.
    scale : our field to what a number in the table is multiplied by: 0.01 where it is in percent.
    reads_up_to : the highest value, scaled, that the table can tell; it means "at least".
    time_zone : of times without an offset; the city's where it says none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(min_length=1, max_length=80)]
    gives: Literal["containers", "evidence"]
    kind: EvidenceKind | None = None
    layer: str | None = None
    crs: str = fields.WGS84
    columns: dict[Ours, str]
    values: dict[Ours, dict[str, str]] = {}
    defaults: dict[Ours, str | int | float] = {}
    scale: dict[Ours, float] = {}
    reads_up_to: float = math.inf
    time_zone: str | None = None


def read_mapping(path: Path) -> Mapped:
    """Read a mapping file.

    Raises
    ------
    BadInput
        With every field that is missing, unknown or wrong.
    """
    try:
        mapped = Mapped.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise BadInput(
            Fault("no-such-file", str(path), "There is no such file.", "Check the path.")
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            Fault("not-toml", path.name, f"The file is not TOML: {error}.", "Mend that line.")
        ) from error
    except ValidationError as error:
        raise BadInput(
            Fault(
                code="mapping-field",
                where=path.name,
                field=".".join(str(part) for part in each["loc"]),
                value=str(each["input"])[:80],
                cause=f"{each['msg']}.",
                remedy="Compare with the example in docs/how-to/connect-sources.md.",
            )
            for each in error.errors()
        ) from error
    fields.check_crs(mapped.crs, path.name)
    if mapped.time_zone:
        fields.check_zone(mapped.time_zone, path.name)
    if mapped.gives == "evidence" and mapped.kind is None:
        raise BadInput(
            Fault(
                code="mapping-field",
                where=path.name,
                field="kind",
                cause="Evidence must say its kind.",
                remedy=f"Use one of: {', '.join(EvidenceKind)}.",
            )
        )
    return mapped


def records(
    path: Path, mapped: Mapped, city: Municipality, at: ContainersAt, start: str = ""
) -> Iterator[Page]:
    """Yield the rows of a file as containers or evidence, a page at a time.

    Raises
    ------
    BadInput
        The file cannot be read, or lacks a column that the mapping names.
    """
    _, crs = _described(path, mapped)
    reader = Reader(mapped, city, at, crs)
    for raw, following in rows(path, mapped, start):
        yield gather(mapped.source, raw, reader.read, following)


def rows(path: Path, mapped: Mapped, start: str = "") -> Iterator[tuple[list[dict[str, Any]], str]]:
    """Yield the rows of a file as they are, a page at a time, and where the next page begins.

    Raises
    ------
    BadInput
        The file cannot be read, or lacks a column that the mapping names.
    """
    count, _ = _described(path, mapped)
    for offset in range(int(start or 0), count, PAGE_SIZE):
        frame = geopandas.read_file(
            path, layer=mapped.layer, rows=slice(offset, offset + PAGE_SIZE), engine="pyogrio"
        )
        end = offset + PAGE_SIZE
        yield (
            [_row(raw, offset + n) for n, raw in enumerate(frame.to_dict("records"))],
            str(end) if end < count else "",
        )


class Reader:
    """Reads the rows of one table as its mapping says."""

    def __init__(
        self, mapped: Mapped, city: Municipality, at: ContainersAt, crs: str = fields.WGS84
    ) -> None:
        self._mapped, self._city, self._at, self._crs = mapped, city, at, crs
        self._zone = ZoneInfo(mapped.time_zone) if mapped.time_zone else city.zone

    def read(self, raw: Mapping[str, Any]) -> Iterator[Noun]:
        """Yield the container or the record that a row is."""
        row = self.ours(raw)
        name = str(fields.given(row, "id", f"row {raw['row']}"))
        where = f"{self._mapped.source} {name}"
        position = self._place(raw, row, where)
        if self._mapped.gives == "containers":
            yield self.container(name, row, position, where)
        else:
            yield self._evidence(name, row, position, where)

    def ours(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row under our names for its fields."""
        named = {*self._mapped.columns, *self._mapped.defaults}
        return {ours: self._value(raw, ours) for ours in named}

    def _value(self, raw: Mapping[str, Any], ours: Ours) -> Any:
        value = raw.get(self._mapped.columns.get(ours, ""))
        if value is None or value == "":
            return self._mapped.defaults.get(ours)
        return self._mapped.values.get(ours, {}).get(str(value), value)

    def _place(self, raw: Mapping[str, Any], row: Mapping[str, Any], where: str) -> Position:
        bounds = self._city.bounds
        if "x" in self._mapped.columns:
            x, y = self._number(row, "x", where), self._number(row, "y", where)
            return fields.place(x, y, self._mapped.crs, bounds, where)
        if raw.get("geometry") is None and "container_id" in row:
            return self._at.place_of(str(fields.given(row, "container_id", where)), where)
        return fields.point(raw.get("geometry"), self._crs, bounds, where, "geometry")

    def _number(self, row: Mapping[str, Any], field: Ours, where: str) -> float:
        return fields.number(row, field, where) * self._mapped.scale.get(field, 1.0)

    def container(
        self, name: str, row: Mapping[str, Any], position: Position, where: str
    ) -> Container:
        """Return the container that a row describes."""
        said = fields.given(row, "kind", where)
        if said not in REGISTERED_KINDS:
            raise BadInput(
                Fault(
                    code="unknown-kind",
                    where=where,
                    field="kind",
                    value=str(said)[:80],
                    cause="It is not known.",
                    remedy=f"Map it to one of: {', '.join(REGISTERED_KINDS)}.",
                )
            )
        return Container(
            id=name,
            position=position,
            fraction=fields.fraction(fields.given(row, "fraction", where), where),
            kind=ContainerKind(said),
            volume_l=round(self._number(row, "volume_l", where)),
            address=str(row.get("address") or ""),
            access_note=str(row.get("access_note") or ""),
        )

    def _evidence(
        self, name: str, row: Mapping[str, Any], position: Position, where: str
    ) -> Evidence:
        kind = self._mapped.kind
        assert kind is not None
        seen = self._time(row, "seen_at", where)
        fraction = fields.fraction(row["fraction"], where) if row.get("fraction") else None
        value = 1.0 if row.get("value") is None else self._number(row, "value", where)
        if kind is EvidenceKind.EMPTYING:
            value = fields.net_weight_kg(value, where, "value")
        return Evidence(
            kind=kind,
            value=value,
            seen_at=seen,
            received_at=self._time(row, "received_at", where) if row.get("received_at") else seen,
            source=self._mapped.source,
            raw_ref=f"{self._mapped.source}:{name}",
            position=position,
            uncertainty_m=self._number(row, "uncertainty_m", where)
            if row.get("uncertainty_m") is not None
            else 10.0,
            container_id=self._container_id(row, position, fraction),
            fraction=fraction,
        )

    def _time(self, row: Mapping[str, Any], field: str, where: str) -> datetime:
        value = fields.given(row, field, where)
        if row.get("time") is not None and field == "seen_at":
            when = fields.day_and_time(value, row["time"], self._zone, where, field)
        else:
            when = fields.instant(value, self._zone, where, field)
        return fields.not_in_future(when, self._city.now(), where, field)

    def _container_id(
        self, row: Mapping[str, Any], position: Position, fraction: Fraction | None
    ) -> str | None:
        said = row.get("container_id")
        if said is not None:
            return str(said)
        here = self._at.of(position, fraction) if fraction else ()
        return here[0] if len(here) == 1 else None


def _described(path: Path, mapped: Mapped) -> tuple[int, str]:
    """Return how many rows a file has, and the reference system of its geometry."""
    if not path.is_file():
        raise BadInput(
            Fault("no-such-file", str(path), "There is no such file.", "Check the path.")
        )
    try:
        info = pyogrio.read_info(path, layer=mapped.layer, force_feature_count=True)
    except (DataSourceError, DataLayerError) as error:
        raise BadInput(
            Fault(
                code="table-unreadable",
                where=path.name,
                cause=f"It cannot be read as a table: {error}.",
                remedy="Give CSV, GeoJSON or GeoPackage; name the layer where it has several.",
            )
        ) from error
    missing = [c for c in mapped.columns.values() if c not in set(info["fields"])]
    if missing:
        raise BadInput(
            Fault(
                code="missing-column",
                where=path.name,
                field=name,
                cause="The column is missing.",
                remedy=f"It has: {', '.join(info['fields'])}. Mend the mapping file.",
            )
            for name in missing
        )
    return int(info["features"]), info["crs"] or mapped.crs


def _row(raw: dict[Any, Any], number: int) -> dict[str, Any]:
    """Return a row as plain JSON-able values, numbered; its geometry as GeoJSON."""
    row: dict[str, Any] = {"row": number + 1}
    for name, value in raw.items():
        if name == "geometry":
            row[name] = value.__geo_interface__ if value is not None else None
        elif isinstance(value, date):
            row[name] = None if value != value else value.isoformat()
        elif value is None or value != value:
            row[name] = None
        else:
            row[name] = value.item() if hasattr(value, "item") else value
    return row
