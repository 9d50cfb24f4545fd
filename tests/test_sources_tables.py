"""Tables with a mapping file: whatever the columns are called, and wherever the origin is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas
import pytest
from shapely.geometry import Point

from city.container import Container, ContainerKind
from city.errors import BadInput
from city.evidence import EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds, Position
from city.sources import tables
from city.store import Store, containers, imports, ledger, municipalities, open_store
from operations.import_records import ImportReport
from operations.import_sources import import_table

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CITY = Municipality(
    "amsterdam", "Amsterdam", "Europe/Amsterdam", Bounds(4.72, 52.27, 5.08, 52.44), (), NOW
)
DAM = Position(4.89360, 52.37310)
REGISTRY = """
source = "registry"
gives = "containers"
crs = "EPSG:28992"
[columns]
id = "NR"
x = "X"
y = "Y"
fraction = "SOORT"
volume_l = "LITER"
[values.fraction]
R = "residual"
G = "glass"
[defaults]
kind = "underground"
volume_l = 5000
"""
WEIGHINGS = """
source = "weighbridge"
gives = "evidence"
kind = "emptying"
[columns]
id = "ticket"
container_id = "bin"
seen_at = "date"
time = "clock"
value = "net_kg"
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "city.sqlite", CITY.id)
    municipalities.put(opened, CITY)
    yield opened
    opened.close()


def taken(store: Store, path: Path, mapping: str) -> ImportReport:
    file = path.with_suffix(".toml")
    file.write_text(mapping, encoding="utf-8")
    return import_table(store, path, file)


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_in_rijksdriehoek_becomes_containers(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "bakken.csv",
        "NR,X,Y,SOORT,LITER\n001,121391,487361,R,4000\n002,121401,487361,G,\n"
        "003,487361,121391,R,4000\n004,121391,487361,Q,4000\n005,4.89,52.37,R,4000\n",
    )
    report = taken(store, path, REGISTRY)
    one, two = containers.every(store)
    assert (one.id, one.volume_l, one.fraction) == ("001", 4000, Fraction.RESIDUAL)
    assert (two.volume_l, two.fraction, two.kind) == (
        5000, Fraction.GLASS, ContainerKind.UNDERGROUND
    )  # fmt: skip
    assert one.position.distance_m(two.position) == pytest.approx(10.0, abs=0.05)
    assert report.reasons == {"coordinates-swapped": 1, "unknown-fraction": 1, "wrong-crs": 1}
    assert [r.raw["NR"] for r in imports.aside(store)] != []
    again = taken(store, path, REGISTRY)
    assert (again.added, again.known, len(imports.aside(store))) == (0, 2, 3)


def test_a_later_import_may_change_a_container(store: Store, tmp_path: Path) -> None:
    for litres in (4000, 9000):
        rows = f"NR,X,Y,SOORT,LITER\n001,121391,487361,R,{litres}\n"
        assert taken(store, written(tmp_path, f"{litres}.csv", rows), REGISTRY).added == 1
        assert containers.get(store, "001").volume_l == litres


def test_two_containers_of_one_id_are_not_one(store: Store, tmp_path: Path) -> None:
    rows = ["001,121391,487361,R,4000", "001,121391,487361,R,4000", "001,121401,487361,G,3000"]
    path = written(tmp_path, "bakken.csv", "\n".join(["NR,X,Y,SOORT,LITER", *rows]))
    report = taken(store, path, REGISTRY)
    assert report.reasons == {"duplicate-id": 1}
    assert containers.get(store, "001").fraction is Fraction.RESIDUAL
    (aside,) = imports.aside(store)
    assert aside.raw["fraction"] == "glass"


@pytest.mark.parametrize(
    ("driver", "crs"),
    [("GPKG", "EPSG:28992"), ("GPKG", "EPSG:3857"), ("GeoJSON", "EPSG:4326")],
)
def test_a_layer_says_its_own_reference_system(
    store: Store, tmp_path: Path, driver: str, crs: str
) -> None:
    frame = geopandas.GeoDataFrame(
        {"ticket": ["t1", "t2"], "net": [120.5, 80.0], "when": ["2026-11-20T09:00:00"] * 2},
        geometry=[Point(DAM.lon, DAM.lat), None],
        crs="EPSG:4326",
    ).to_crs(crs)
    path = tmp_path / f"weighings.{driver.lower()}"
    frame.to_file(path, driver=driver)
    mapping = (
        'source = "w"\ngives = "evidence"\nkind = "emptying"\n'
        '[columns]\nid = "ticket"\nseen_at = "when"\nvalue = "net"\n'
    )
    report = taken(store, path, mapping)
    (record,) = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert record.position.distance_m(DAM) < 0.01
    assert (record.value, record.kind) == (120.5, EvidenceKind.EMPTYING)
    assert record.seen_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert report.reasons == {"record-without-position": 1}


def test_weighings_in_a_geojson_are_given_to_the_container_that_stands_there(
    store: Store, tmp_path: Path
) -> None:
    containers.put(store, [Container("A", DAM, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5000)])
    feature = {
        "type": "Feature",
        "properties": {"ticket": "1", "kind": "rest", "when": "2026-11-20T09:00:00Z", "kg": 9},
        "geometry": {"type": "Point", "coordinates": [DAM.lon, DAM.lat]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    path = written(tmp_path, "w.geojson", json.dumps(collection))
    mapping = (
        'source = "w"\ngives = "evidence"\nkind = "emptying"\n'
        '[columns]\nid = "ticket"\nseen_at = "when"\nvalue = "kg"\nfraction = "kind"\n'
    )
    assert taken(store, path, mapping).added == 1
    (record,) = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert record.container_id == "A"


def test_days_and_clock_times_are_by_the_citys_clock(store: Store, tmp_path: Path) -> None:
    rows = [
        "t1,A,2026-07-01,09:00:00,75,4.8936,52.3731",
        "t2,A,2026-03-29,02:30:00,75,4.8936,52.3731",
        "t3,A,2026-12-29,02:30:00,75,4.8936,52.3731",
        "t4,A,2026-07-02,09:00:00,-75,4.8936,52.3731",
        "t1,A,2026-07-01,09:00:00,80,4.8936,52.3731",
        ",A,2026-07-01,09:00:00,80,4.8936,52.3731",
        "t6,A,2026-07-01,09:00:00,80,52.3731,4.8936",
    ]
    path = written(tmp_path, "w.csv", "\n".join(["ticket,bin,date,clock,net_kg,lon,lat", *rows]))
    report = taken(store, path, WEIGHINGS + 'x = "lon"\ny = "lat"\n')
    (record,) = ledger.since(store, NOW - timedelta(days=300), NOW)
    assert record.seen_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert report.reasons == {
        "time-skipped-by-clock": 1, "time-in-future": 1, "negative-net-weight": 1,
        "duplicate-id": 1, "missing-field": 1, "coordinates-swapped": 1,
    }  # fmt: skip


def test_a_record_that_names_its_container_needs_no_position(store: Store, tmp_path: Path) -> None:
    containers.put(store, [Container("A", DAM, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5000)])
    rows = ["t1,A,2026-07-01,09:00:00,7.5", "t2,B,2026-07-01,09:00:00,75", "t3,,2026-07-01,,75"]
    path = written(tmp_path, "w.csv", "\n".join(["ticket,bin,date,clock,net_kg", *rows]))
    report = taken(store, path, WEIGHINGS + "[scale]\nvalue = 10.0\n")
    (record,) = ledger.since(store, NOW - timedelta(days=300), NOW)
    assert (record.container_id, record.position, record.value) == ("A", DAM, 75.0)
    assert report.reasons == {"unknown-container": 1, "missing-field": 1}


def test_a_table_may_keep_another_clock_than_the_city(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "w.csv",
        "ticket,bin,date,clock,net_kg,lon,lat\nt,A,2026-07-01,09:00:00,5,4.8936,52.3731\n",
    )
    assert taken(store, path, 'time_zone = "UTC"\n' + WEIGHINGS + 'x = "lon"\ny = "lat"\n').added
    (record,) = ledger.since(store, NOW - timedelta(days=300), NOW)
    assert record.seen_at == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_a_long_table_comes_in_pages(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE_SIZE", 3)
    rows = [f"t{n},A,2026-07-01,09:00:00,{n},4.8936,52.3731" for n in range(8)]
    path = written(tmp_path, "w.csv", "\n".join(["ticket,bin,date,clock,net_kg,lon,lat", *rows]))
    assert taken(store, path, WEIGHINGS + 'x = "lon"\ny = "lat"\n').added == 8


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("gives = 'evidence'", "mapping-field"),
        (REGISTRY + "colour = 'red'", "mapping-field"),
        ("colour = 'red'\n" + REGISTRY, "mapping-field"),
        (REGISTRY.replace("volume_l =", "volume ="), "mapping-field"),
        (REGISTRY.replace("EPSG:28992", "RD"), "unknown-crs"),
        (WEIGHINGS.replace('kind = "emptying"', ""), "kind"),
        (WEIGHINGS.replace("net_kg", "gross"), "missing-column"),
        ("this is no mapping", "not-toml"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(
    store: Store, tmp_path: Path, mapping: str, said: str
) -> None:
    path = written(tmp_path, "w.csv", "ticket,bin,date,clock,net_kg\nt,A,2026-07-01,09:00,1\n")
    with pytest.raises(BadInput, match=said):
        taken(store, path, mapping)


def test_what_is_no_table_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="table-unreadable"):
        taken(store, written(tmp_path, "w.gpkg", "no table at all"), WEIGHINGS)
    with pytest.raises(BadInput, match="no-such-file"):
        taken(store, tmp_path / "nowhere.csv", WEIGHINGS)
    with pytest.raises(BadInput, match="no-such-file"):
        tables.read_mapping(tmp_path / "elsewhere.toml")
