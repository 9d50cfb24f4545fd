"""Building roads: once per content and truck, whole or not at all, and clear about bad input."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from city.errors import BadInput, Broken
from operations.build_roads import build_roads as build_roads_verb
from routing.roads import (
    CRANE_TRUCK,
    OSM_ATTRIBUTION,
    REAR_LOADER,
    Roads,
    TruckProfile,
    build_roads,
    demo_extract,
)

STREET = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="52.37" lon="4.90"/><node id="2" version="1" lat="52.37" lon="4.91"/>
<way id="3" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="{highway}"/></way></osm>"""


@pytest.fixture
def street(tmp_path: Path) -> Path:
    extract = tmp_path / "street.osm"
    extract.write_text(STREET.format(highway="residential"), encoding="utf-8")
    return extract


@pytest.fixture
def helsinki() -> Path:
    try:
        return demo_extract()
    except BadInput as absent:
        pytest.skip(str(absent))


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_second_build_finds_the_first(street: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "built", list[tuple[int, int]]()
    first = build_roads(street, out, progress=lambda done, steps: told.append((done, steps)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    written = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    moved = tmp_path / "elsewhere" / "street.osm"
    moved.parent.mkdir()
    shutil.copy(street, moved)
    told.clear()
    again = build_roads(moved, out, progress=lambda done, steps: told.append((done, steps)))
    assert told == [(2, 2)]
    assert again.folder == first.folder
    assert {path: path.stat().st_mtime_ns for path in again.folder.iterdir()} == written


def test_another_content_truck_or_name_is_built_anew(street: Path, tmp_path: Path) -> None:
    out = tmp_path / "built"
    folders = {build_roads(street, out).folder, build_roads(street, out, REAR_LOADER).folder}
    heavier = replace(CRANE_TRUCK, weight_kg=CRANE_TRUCK.weight_kg + 1)
    folders.add(build_roads(street, out, heavier).folder)
    street.write_text(STREET.format(highway="tertiary"), encoding="utf-8")
    folders.add(build_roads(street, out).folder)
    assert len(folders) == 4
    assert entries(out) == sorted(folder.name for folder in folders)


def test_the_manifest_says_what_was_built(street: Path, tmp_path: Path) -> None:
    roads = build_roads(street, tmp_path / "built")
    assert roads.manifest["extract"] == "street.osm"
    assert roads.manifest["profile"]["weight_kg"] == CRANE_TRUCK.weight_kg
    assert len(roads.manifest["extract_sha256"]) == 64


def test_debris_of_a_crash_does_not_pass_for_roads(street: Path, tmp_path: Path) -> None:
    out = tmp_path / "built"
    folder = build_roads(street, out).folder
    (folder / "roads.json").unlink()
    (folder / "roads.osrm.hsgr").write_bytes(b"half a file")
    with pytest.raises(BadInput, match=r"stadsronde roads build.*no-roads"):
        Roads(folder)
    whole = build_roads(street, out)
    assert whole.folder == folder
    assert whole.route([(4.901, 52.37), (4.909, 52.37)]).length_m > 500


def test_damaged_roads_are_reported_as_broken(street: Path, tmp_path: Path) -> None:
    folder = build_roads(street, tmp_path / "built").folder
    (folder / "roads.osrm.hsgr").unlink()
    with pytest.raises(Broken, match="Build it again"):
        Roads(folder)


def test_two_builds_at_once_both_end_well(street: Path, tmp_path: Path) -> None:
    out = tmp_path / "built"
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: build_roads(street, out, threads=1), range(2)))
    assert both[0].folder == both[1].folder
    assert entries(out) == [both[0].folder.name]


def test_the_verb_builds_roads_and_draws_their_map(street: Path, tmp_path: Path) -> None:
    told = list[tuple[int, int]]()
    built = build_roads_verb(
        street,
        tmp_path / "built",
        base_maps=tmp_path / "maps",
        progress=lambda done, steps: told.append((done, steps)),
    )
    assert json.loads((built.folder / "roads.json").read_text())["extract"] == "street.osm"
    assert (built.profile, built.attribution) == (CRANE_TRUCK, OSM_ATTRIBUTION)
    assert built.base_map is not None
    assert built.base_map.layers["road"] == 1
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert build_roads_verb(street, tmp_path / "built").base_map is None


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("city.osm.pbf", b"", "extract-empty"),
        ("city.osm.pbf", b"<html>404 not found</html>", "extract-not-osm"),
        ("city.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader", "extract-truncated"),
        ("city.pdf", b"%PDF-1.7", "extract-suffix"),
        ("city.osm", b"<html></html>", "extract-not-osm"),
        ("city.osm.bz2", b"no bzip at all", "extract-damaged"),
        ("city.osm", STREET[:200].encode(), "extract-damaged"),
        ("city.osm", STREET.format(highway="footway").encode(), "extract-without-roads"),
        ("city.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "extract-without-roads"),
    ],
)
def test_what_is_no_extract_is_refused_by_name(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    extract = tmp_path / name
    extract.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        build_roads(extract, tmp_path / "built")
    (fault,) = caught.value.faults
    assert (fault.code, fault.where) == (code, name)
    assert fault.remedy
    assert entries(tmp_path / "built") == []


def test_a_missing_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="extract-missing"):
        build_roads(tmp_path / "nowhere.osm.pbf", tmp_path)


@pytest.mark.parametrize("share", [0.3, 0.999])
def test_an_extract_cut_off_anywhere_is_refused(
    share: float, helsinki: Path, tmp_path: Path
) -> None:
    whole = helsinki.read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput, match="extract-truncated"):
        build_roads(cut, tmp_path / "built")


def test_an_extract_with_damaged_bytes_is_refused(helsinki: Path, tmp_path: Path) -> None:
    content = bytearray(helsinki.read_bytes())
    content[20_000:21_000] = bytes(1000)
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(content)
    with pytest.raises(BadInput, match="extract-damaged"):
        build_roads(bad, tmp_path / "built")
    assert entries(tmp_path / "built") == []


def test_a_failing_program_is_broken_and_quoted(
    street: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lua = tmp_path / "broken.lua"
    lua.write_text("error('no such truck')", encoding="utf-8")
    monkeypatch.setattr("routing.roads.build.TRUCK_LUA", lua)
    with pytest.raises(Broken, match=r"(?s)osrm-extract ended with.*no such truck"):
        build_roads(street, tmp_path / "built")
    assert entries(tmp_path / "built") == []


def test_a_truck_that_no_road_was_made_for_is_refused_with_all_faults() -> None:
    with pytest.raises(BadInput) as caught:
        TruckProfile("", weight_kg=26, height_m=39.0, length_m=float("nan"), width_m=2.55)
    assert [fault.field for fault in caught.value.faults] == [
        "name",
        "weight_kg",
        "height_m",
        "length_m",
    ]
    assert {fault.code for fault in caught.value.faults} == {"bad-truck-profile"}
