"""Verb: write the ledger or the plans as one table, for whoever works on with other tools."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from city.evidence import EvidenceKind
from city.plan import DayPlan
from city.store import Store, containers, ledger, municipalities, plan_list, plans

Row = dict[str, Any]
During = tuple[datetime, datetime]


class Table(StrEnum):
    """What can be downloaded."""

    LEDGER = "ledger"
    PLANS = "plans"


class TableFormat(StrEnum):
    """As what."""

    CSV = "csv"
    GEOPACKAGE = "gpkg"
    PARQUET = "parquet"


MEDIA_TYPES: Mapping[TableFormat, str] = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.GEOPACKAGE: "application/geopackage+sqlite3",
    TableFormat.PARQUET: "application/vnd.apache.parquet",
}

LEDGER_COLUMNS = (
    "id", "kind", "value", "seen_at", "received_at", "source", "raw_ref", "container_id",
    "fraction", "trust", "uncertainty_m", "lon", "lat",
)  # fmt: skip
PLAN_COLUMNS = (
    "plan_id", "day", "made_at", "container_id", "verdict", "reason", "fill", "fill_low",
    "fill_high", "p_overflow", "weight_kg", "volume_l", "vehicle_id", "stop_number", "arrival_s",
    "lon", "lat",
)  # fmt: skip


def download_table(store: Store, table: Table, form: TableFormat, during: During) -> bytes:
    """Return a table of what was seen, or planned for a day, in a time.

    The ledger has a row a record; the plans have one a choice, of the newest plan of each day.
    GeoPackage and Parquet (GeoParquet) have points, WGS 84; CSV has them as lon and lat.
    """
    rows, columns = (
        (_ledger(store, during), LEDGER_COLUMNS)
        if table is Table.LEDGER
        else (_plans(store, during), PLAN_COLUMNS)
    )
    return _WRITERS[form](rows, columns, table.value)


def _ledger(store: Store, during: During) -> list[Row]:
    return [
        {
            "id": each.id,
            "kind": each.kind.value,
            "value": each.value,
            "seen_at": each.seen_at,
            "received_at": each.received_at,
            "source": each.source,
            "raw_ref": each.raw_ref,
            "container_id": each.container_id,
            "fraction": each.fraction and each.fraction.value,
            "trust": each.trust,
            "uncertainty_m": each.uncertainty_m,
            "lon": each.position.lon,
            "lat": each.position.lat,
        }
        for each in ledger.seen(store, EvidenceKind, during)
    ]


def _plans(store: Store, during: During) -> list[Row]:
    zone = municipalities.get(store).zone
    first, last = (moment.astimezone(zone).date() for moment in during)
    found = plan_list.newest_by_day(store, first, last)
    return [row for each in found for row in _choices(store, plans.get(store, each.id))]


def _choices(store: Store, plan: DayPlan) -> list[Row]:
    places = {place.id: place.position for place in (*containers.every(store), *plan.loose_waste)}
    served = {
        stop_id: (route.vehicle_id, number)
        for route in plan.plan.routes
        for number, stop_id in enumerate(route.stop_ids, 1)
    }
    arrivals = {visit.ref: visit.arrival_s for route in plan.plan.routes for visit in route.visits}
    rows = []
    for choice in plan.choices:
        name, place = choice.container_id, places.get(choice.container_id)
        vehicle_id, number = served.get(name, (None, None))
        rows.append(
            {
                "plan_id": plan.id,
                "day": plan.day.isoformat(),
                "made_at": plan.made_at,
                "container_id": name,
                "verdict": choice.verdict.value,
                "reason": choice.reason.value,
                "fill": choice.fill,
                "fill_low": choice.fill_low,
                "fill_high": choice.fill_high,
                "p_overflow": choice.p_overflow,
                "weight_kg": choice.weight_kg,
                "volume_l": choice.volume_l,
                "vehicle_id": vehicle_id,
                "stop_number": number,
                "arrival_s": arrivals.get(name) if number else None,
                "lon": place.lon if place else None,
                "lat": place.lat if place else None,
            }
        )
    return rows


def _csv(rows: Sequence[Row], columns: Sequence[str], table: str) -> bytes:  # noqa: ARG001
    frame = _frame(rows, columns)
    return bytes(frame.to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%SZ").encode())


def _geopackage(rows: Sequence[Row], columns: Sequence[str], table: str) -> bytes:
    import pyogrio

    written = io.BytesIO()
    pyogrio.write_dataframe(
        _points(rows, columns), written, driver="GPKG", layer=table, geometry_type="Point"
    )
    return written.getvalue()


def _parquet(rows: Sequence[Row], columns: Sequence[str], table: str) -> bytes:  # noqa: ARG001
    written = io.BytesIO()
    _points(rows, columns).to_parquet(written, index=False)
    return written.getvalue()


_WRITERS: Mapping[TableFormat, Callable[[Sequence[Row], Sequence[str], str], bytes]] = {
    TableFormat.CSV: _csv,
    TableFormat.GEOPACKAGE: _geopackage,
    TableFormat.PARQUET: _parquet,
}


def _frame(rows: Sequence[Row], columns: Sequence[str]) -> Any:
    # Loading pandas takes longer than most requests.
    import pandas as pd

    whole = {"stop_number": "Int64", "arrival_s": "Int64"}
    frame = pd.DataFrame.from_records(list(rows), columns=list(columns))
    return frame.astype({name: kind for name, kind in whole.items() if name in columns})


def _points(rows: Sequence[Row], columns: Sequence[str]) -> Any:
    import geopandas as gpd

    frame = _frame(rows, columns)
    places = gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float))
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=places, crs="EPSG:4326")
