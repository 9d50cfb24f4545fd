"""FIWARE: waste containers with sensors, from an NGSI context broker.

Source: Smart Data Models, WasteContainer 0.3 (CC BY 4.0); NGSI v2 `/v2/entities`, key-values or
normalized.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from city.cases import CaseVisit, Matter
from city.errors import BadInput, Fault
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Position
from city.sources import fields
from city.sources.http import Server
from city.sources.page import ContainersAt, Noun, Page, gather

BASE = "/v2/entities"
PAGE_SIZE = 500
SENSOR_ERROR_M = 5.0

_OBSERVED = ("dateObserved", "TimeInstant", "timeInstant", "dateModified")


def containers(
    server: Server, city: Municipality, at: ContainersAt, start: str = ""
) -> Iterator[Page]:
    """Yield what the sensors of all containers say now, a page at a time.

    Parameters
    ----------
    start : how many entities to pass over; brokers page by offset.
    """
    offset = int(start or 0)
    while True:
        path = f"{BASE}?type=WasteContainer&limit={PAGE_SIZE}&offset={offset}&orderBy=!dateCreated"
        rows, _ = server.get(f"{path}&options=keyValues")
        offset += len(rows)
        full = len(rows) == PAGE_SIZE
        following = str(offset) if full else ""
        yield gather("fiware", rows, lambda raw: container(raw, city, at), following)
        if not full:
            return


def container(raw: Mapping[str, Any], city: Municipality, at: ContainersAt) -> Iterator[Noun]:
    """Yield a fill level where one is told, and the last emptying: a visit, if it is not known of
    which container.
    """
    flat = {name: _plain(value) for name, value in raw.items()}
    name = str(fields.given(flat, "id", "WasteContainer"))
    where = f"WasteContainer {name}"
    position = fields.point(flat.get("location"), fields.WGS84, city.bounds, where, "location")
    fraction = _fraction(flat, where)
    container_id = _known(name, flat, at, position, fraction)
    if flat.get("fillingLevel") is not None:
        yield _reading(flat, where, name, container_id, fraction, position, city)
    if not flat.get("dateLastEmptying"):
        return
    at_time = _time(flat, "dateLastEmptying", city, where)
    raw_ref = f"fiware:{name}@{flat['dateLastEmptying']}"
    if container_id is None:
        yield CaseVisit(Matter.FULL, at_time, position, "fiware", raw_ref, fraction=fraction)
        return
    yield Evidence(
        kind=EvidenceKind.EMPTIED,
        value=1.0,
        seen_at=at_time,
        received_at=max(at_time, city.now()),
        source="fiware",
        raw_ref=raw_ref,
        position=position,
        uncertainty_m=SENSOR_ERROR_M,
        container_id=container_id,
        fraction=fraction,
    )


def _reading(
    flat: Mapping[str, Any],
    where: str,
    name: str,
    container_id: str | None,
    fraction: Fraction | None,
    position: Position,
    city: Municipality,
) -> Evidence:
    level = fields.number(flat, "fillingLevel", where)
    if not 0.0 <= level <= 1.0:
        percent = 1.0 < level <= 100.0
        raise BadInput(
            Fault(
                code="fill-level",
                where=where,
                field="fillingLevel",
                value=f"{level:g}",
                cause="The fill level must lie within 0 and 1"
                + ("; it seems to be in percent." if percent else "."),
                remedy="Let the broker give a share, as WasteContainer 0.3 asks.",
            )
        )
    observed = next((field for field in _OBSERVED if flat.get(field)), _OBSERVED[0])
    seen = _time(flat, observed, city, where)
    return Evidence(
        kind=EvidenceKind.SENSOR,
        value=level,
        seen_at=seen,
        received_at=max(seen, city.now()),
        source="fiware",
        raw_ref=f"fiware:{name}@{seen.isoformat()}",
        position=position,
        uncertainty_m=SENSOR_ERROR_M,
        container_id=container_id,
        fraction=fraction,
    )


def _time(flat: Mapping[str, Any], field: str, city: Municipality, where: str) -> datetime:
    when = fields.instant(fields.given(flat, field, where), city.zone, where, field)
    return fields.not_in_future(when, city.now(), where, field)


def _plain(value: Any) -> Any:
    """Return an attribute's value, from key-values or from the normalized form."""
    wrapped = isinstance(value, Mapping) and "value" in value
    return value["value"] if wrapped else value


def _fraction(flat: Mapping[str, Any], where: str) -> Fraction | None:
    kind = flat.get("storedWasteKind")
    said = kind[0] if isinstance(kind, list) and kind else kind
    return fields.fraction(said, where, "storedWasteKind") if said else None


def _known(
    name: str,
    flat: Mapping[str, Any],
    at: ContainersAt,
    position: Position,
    fraction: Fraction | None,
) -> str | None:
    """Return the registry's name of it: by id, by serial number, or by place and fraction."""
    for said in (name, name.rpartition(":")[2], str(flat.get("serialNumber") or "")):
        if said in at:
            return said
    here = at.of(position, fraction) if fraction else ()
    return here[0] if len(here) == 1 else None
