"""Amsterdam's open data on household waste: containers, weighings, inspections of side waste.

Source: dataset huishoudelijkafval of api.data.amsterdam.nl (CC0); REST, paged, EPSG:28992.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Position
from city.sources import fields
from city.sources.http import Server
from city.sources.page import ContainersAt, Noun, Page, gather

ADDRESS = "https://api.data.amsterdam.nl"
BASE = "/v1/huishoudelijkafval"
PAGE_SIZE = 1000
ACTIVE = 1

PLACE_ERROR_M = 3.0
INSPECTOR_ERROR_M = 10.0

# Seen around the containers by an inspector, whatever it is.
SIDE_WASTE = ("bruingoed", "glas", "grof", "huisvuil", "karton", "overig", "veegvuil")
FULL = {
    "restvol": Fraction.RESIDUAL,
    "papiervol": Fraction.PAPER,
    "glasvol": Fraction.GLASS,
}
DEFAULT_VOLUME_L = 5000
_KINDS = {"ondergronds": ContainerKind.UNDERGROUND, "rolcontainer": ContainerKind.WHEELIE}

Types = Mapping[str, tuple[int, ContainerKind]]


def containers(server: Server, city: Municipality, start: str = "") -> Iterator[Page]:
    """Yield the containers in use, their volume taken from their types."""
    types = _types(server)
    yield from _pages(server, "container", start, lambda raw: container(raw, types, city))


def weighings(
    server: Server,
    city: Municipality,
    at: ContainersAt,
    start: str = "",
    since: date | None = None,
) -> Iterator[Page]:
    """Yield the weighings, as emptyings of the containers that stand where they were."""
    query = f"&datumWeging[gte]={since.isoformat()}" if since else ""
    yield from _pages(server, "weging", start, lambda raw: weighing(raw, city, at), query)


def inspections(
    server: Server,
    city: Municipality,
    at: ContainersAt,
    start: str = "",
    since: date | None = None,
) -> Iterator[Page]:
    """Yield what inspectors noted: which containers are full, and whether waste lies beside."""
    query = f"&datumWaarneming[gte]={since.isoformat()}" if since else ""
    yield from _pages(server, "bijplaatsingen", start, lambda raw: inspection(raw, city, at), query)


def container(raw: Mapping[str, Any], types: Types, city: Municipality) -> Iterator[Container]:
    """Yield the container that a record is, or nothing where it is no longer in use."""
    name = str(fields.given(raw, "id", "container"))
    where = f"container {name}"
    if raw.get("verwijderdDp") or raw.get("status") not in (None, ACTIVE, str(ACTIVE)):
        return
    described = raw.get("fractieOmschrijving") or fields.given(raw, "fractieCode", where)
    volume_l, kind = types.get(
        str(raw.get("containertypeId")), (DEFAULT_VOLUME_L, ContainerKind.UNDERGROUND)
    )
    yield Container(
        id=name,
        position=fields.point(raw.get("geometrie"), fields.RD, city.bounds, where),
        fraction=fields.fraction(described, where, "fractieOmschrijving"),
        kind=kind,
        volume_l=volume_l,
        address=str(raw.get("idNummer") or ""),
    )


def weighing(raw: Mapping[str, Any], city: Municipality, at: ContainersAt) -> Iterator[Evidence]:
    """Yield an emptying a container; a net weight of several is shared between them."""
    name = str(fields.given(raw, "id", "weging"))
    where = f"weging {name}"
    said = fields.given(raw, "fractieOmschrijving", where)
    fraction = fields.fraction(said, where, "fractieOmschrijving")
    weight_kg = fields.net_weight_kg(_net_kg(raw, where), where, "nettoGewicht")
    when = fields.day_and_time(
        fields.given(raw, "datumWeging", where),
        raw.get("tijdstipWeging"),
        city.zone,
        where,
        "datumWeging",
    )
    fields.not_in_future(when, city.now(), where, "datumWeging")
    position = _position(raw, city, where)
    names: tuple[str | None, ...] = at.of(position, fraction) or (None,)
    for container_id in names:
        yield Evidence(
            kind=EvidenceKind.EMPTYING,
            value=weight_kg / len(names),
            seen_at=when,
            received_at=when,
            source="amsterdam/weging",
            raw_ref=f"weging:{name}",
            position=position,
            uncertainty_m=PLACE_ERROR_M,
            container_id=container_id,
            fraction=fraction,
        )


def inspection(raw: Mapping[str, Any], city: Municipality, at: ContainersAt) -> Iterator[Evidence]:
    """Yield whether waste lay beside (also that none did), and each fraction that was full."""
    name = str(fields.given(raw, "id", "bijplaatsing"))
    where = f"bijplaatsing {name}"
    when = fields.day_and_time(
        fields.given(raw, "datumWaarneming", where),
        raw.get("tijdWaarneming"),
        city.zone,
        where,
        "datumWaarneming",
    )
    fields.not_in_future(when, city.now(), where, "datumWaarneming")
    position = _position(raw, city, where)

    def said(
        what: str, kind: EvidenceKind, value: float, fraction: Fraction | None = None
    ) -> Evidence:
        here = at.of(position, fraction) if fraction else ()
        return Evidence(
            kind=kind,
            value=value,
            seen_at=when,
            received_at=when,
            source="amsterdam/bijplaatsingen",
            raw_ref=f"bijplaatsing:{name}#{what}",
            position=position,
            uncertainty_m=INSPECTOR_ERROR_M,
            container_id=here[0] if len(here) == 1 else None,
            fraction=fraction,
        )

    lay = any(raw.get(field) for field in SIDE_WASTE)
    yield said("side-waste", EvidenceKind.SIDE_WASTE, 1.0 if lay else 0.0)
    for field, fraction in FULL.items():
        if raw.get(field):
            yield said(field, EvidenceKind.REPORT, 1.0, fraction)


def _types(server: Server) -> Types:
    found: dict[str, tuple[int, ContainerKind]] = {}
    path = f"{BASE}/containertype?_format=json&_pageSize={PAGE_SIZE}"
    while path:
        body, _ = server.get(path)
        rows, path = _rows(body, "containertype")
        for raw in rows:
            volume_m3 = raw.get("volumeM3")
            volume_l = round(float(volume_m3) * 1000) if volume_m3 else DEFAULT_VOLUME_L
            found[str(raw.get("id"))] = volume_l, _kind(raw)
    return found


def _kind(raw: Mapping[str, Any]) -> ContainerKind:
    named = f"{raw.get('naam') or ''} {raw.get('omschrijving') or ''}".lower()
    return next((kind for word, kind in _KINDS.items() if word in named), ContainerKind.UNDERGROUND)


def _pages(
    server: Server,
    table: str,
    start: str,
    read: Callable[[Mapping[str, Any]], Iterator[Noun]],
    query: str = "",
) -> Iterator[Page]:
    # Sorted, so that a page still begins where it began when an import goes on later.
    path = start or f"{BASE}/{table}?_format=json&_pageSize={PAGE_SIZE}&_sort=id{query}"
    while path:
        body, _ = server.get(path)
        rows, path = _rows(body, table)
        yield gather(f"amsterdam/{table}", rows, read, path)


def _rows(body: Mapping[str, Any], table: str) -> tuple[list[Any], str]:
    following = (body.get("_links") or {}).get("next") or {}
    return (body.get("_embedded") or {}).get(table) or [], following.get("href") or ""


def _position(raw: Mapping[str, Any], city: Municipality, where: str) -> Position:
    geometry = raw.get("geometrie") or _from_cluster(raw.get("clusterId"))
    return fields.point(geometry, fields.RD, city.bounds, where)


def _from_cluster(cluster_id: object) -> dict[str, Any] | None:
    """Return the point that a cluster's id spells: `121000.123|487000.456`."""
    x, bar, y = str(cluster_id or "").partition("|")
    return {"type": "Point", "coordinates": [x, y]} if bar else None


def _net_kg(raw: Mapping[str, Any], where: str) -> float:
    if raw.get("nettoGewicht") is None and raw.get("eersteWeging") is not None:
        return fields.number(raw, "eersteWeging", where) - fields.number(raw, "tweedeWeging", where)
    return fields.number(raw, "nettoGewicht", where)
