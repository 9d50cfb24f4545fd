"""A route becomes a sheet: everything looked up, worded and driven, in the plan's order."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from city.errors import BadInput
from city.fleet import BreakRule, DrivingRule, Window
from city.fraction import Fraction
from city.place import Position
from city.plan import Route, VisitKind
from city.wording import Language
from routing.roads import OSM_ATTRIBUTION, Roads, build_roads
from routing.sheets import Sheet, compose
from routing.sheets.labels import LABELS
from tests import sheet_examples as town


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    folder = tmp_path_factory.mktemp("town")
    extract = folder / "town.osm"
    extract.write_text(town.town_osm(), encoding="utf-8")
    return build_roads(extract, folder / "built")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG")
    return out.getvalue()


def composed(roads: Roads, language: Language = "nl", **changes: Any) -> Sheet:
    plan = town.day_plan()
    given: dict[str, Any] = {
        "containers": town.containers(),
        "fleet": town.fleet(),
        "photos": {"C1": jpeg()},
        "notices": [town.NOTICES[language]],
    }
    route = changes.pop("route", plan.plan.routes[0])
    return compose(plan, route, roads=roads, language=language, **(given | changes))


def test_lines_follow_the_route_and_number_the_stops(roads: Roads) -> None:
    sheet = composed(roads)
    route = town.day_plan().plan.routes[0]
    assert [line.kind for line in sheet.lines] == [visit.kind for visit in route.visits]
    assert [line.stop.container_id for line in sheet.stops if line.stop] == list(route.stop_ids)
    assert [line.number for line in sheet.stops] == [1, 2, 3, 4]


def test_a_crew_reads_what_the_law_and_the_sites_ask(roads: Roads) -> None:
    fleet = town.fleet()
    strict = replace(
        fleet.vehicles[0],
        break_rule=BreakRule(2_700, begins=Window(11 * 3600, 12 * 3600)),
        driving_rule=DrivingRule(),
        day_weight_kg=18_000,
        day_stops=60,
    )
    site = replace(fleet.disposal_sites[0], window=Window(7 * 3600, 16 * 3600))
    changed = replace(fleet, vehicles=(strict,), disposal_sites=(site,))
    assert composed(roads, "en", fleet=changed).duties == (
        "Break: 45 minutes in one piece, begun between 11:00 and 12:00.",
        "Driving: 45 minutes of break in one piece before 4:30 hours driven, every time.",
        "At most 18.0\N{NO-BREAK SPACE}t in all on this day.",
        "At most 60 stops on this day.",
        "Overslag: open from 07:00 to 16:00.",
    )
    assert composed(roads).duties == (
        "Pauze: 30 minuten aaneen, te beginnen binnen 5:30 uur na vertrek.",
    )


def test_times_and_lengths_are_the_plans_own(roads: Roads) -> None:
    sheet = composed(roads)
    route = town.day_plan().plan.routes[0]
    for line, visit in zip(sheet.lines, route.visits, strict=True):
        assert (line.arrival_s, line.departure_s) == (visit.arrival_s, visit.departure_s)
        assert (line.drive_s, line.length_m) == (visit.drive_s, visit.length_m)
    assert sheet.length_m == route.length_m
    assert sheet.duration_s == route.duration_s


def test_a_disposal_visit_says_what_is_unloaded(roads: Roads) -> None:
    visits = [line for line in composed(roads).lines if line.kind is VisitKind.DISPOSAL]
    assert [(v.fraction, v.unload_kg) for v in visits] == [
        (Fraction.RESIDUAL, 1_000),
        (Fraction.PAPER, 150),
    ]
    assert composed(roads).collected_kg == 1_150


def test_containers_of_one_cluster_are_one_group(roads: Roads) -> None:
    groups = [[line.stop.container_id for line in g if line.stop] for g in composed(roads).groups()]
    assert [group for group in groups if group] == [["C1"], ["C2", "C3"], ["C4"]]


def test_one_address_at_two_places_is_no_cluster(roads: Roads) -> None:
    containers = town.containers()
    containers["C1"] = replace(containers["C1"], address="Laan 2")
    groups = list(composed(roads, containers=containers).groups())
    assert max(len(group) for group in groups) == 2


def test_a_container_without_address_is_named_by_its_street(roads: Roads) -> None:
    assert composed(roads).stops[3].place == "A2-straat"


@pytest.mark.parametrize(
    ("language", "left", "there"),
    [("nl", "links", "U bent bij de stop"), ("en", "left", "You are at the stop")],
)
def test_directions_lead_to_each_stop_in_the_language(
    roads: Roads, language: Language, left: str, there: str
) -> None:
    directions = composed(roads, language).stops[1].directions
    assert left in directions[1].text
    assert "B2-straat" in directions[1].text
    assert directions[-1].text == there
    assert sum(each.length_m for each in directions) == pytest.approx(250, abs=8)


def test_a_truck_that_rolls_along_a_cluster_gets_no_directions(roads: Roads) -> None:
    assert composed(roads).stops[2].directions == ()


def test_the_drive_off_the_map_is_told_at_both_of_its_ends(roads: Roads) -> None:
    lines = composed(roads).lines
    to_site, from_site = lines[4].directions, lines[6].directions
    assert (to_site[-1].text, to_site[-1].length_m) == (LABELS["nl"].off_the_map, 3_000)
    assert (from_site[0].text, from_site[0].length_m) == (LABELS["nl"].to_the_map, 3_000)


def test_the_line_is_driven_along_the_streets(roads: Roads) -> None:
    sheet = composed(roads)
    bends = {(round(lon, 4), round(lat, 4)) for lon, lat in sheet.geometry}
    through = town.corner(2, 0)
    assert (round(through.lon, 4), round(through.lat, 4)) in bends


def test_reason_must_note_and_photo_reach_the_stop(roads: Roads) -> None:
    first, second = (line.stop for line in composed(roads, "en").stops[:2])
    assert first is not None
    assert second is not None
    assert (first.access_note, first.photo, first.must) == ("sleutel 4", jpeg(), False)
    assert (second.must, second.photo) == (True, None)
    assert "82\N{NO-BREAK SPACE}% expected full, emptied 9 days ago" in second.reason


@pytest.mark.parametrize("content", [b"", b"no picture", jpeg()[:-40]])
def test_a_broken_photo_is_left_out(roads: Roads, content: bytes) -> None:
    first = composed(roads, photos={"C1": content}).stops[0].stop
    assert first is not None
    assert first.photo is None


def test_a_sheet_carries_its_notices_and_whose_map_it_is(roads: Roads) -> None:
    sheet = composed(roads)
    assert sheet.notices == (town.NOTICES["nl"],)
    assert sheet.attribution == OSM_ATTRIBUTION


def test_everything_that_is_missing_is_named_at_once(roads: Roads) -> None:
    containers = town.containers()
    del containers["C1"], containers["C4"]
    route = replace(town.day_plan().plan.routes[0], vehicle_id="nobody")
    with pytest.raises(BadInput) as caught:
        composed(roads, containers=containers, route=route)
    assert [fault.where for fault in caught.value.faults] == [
        "vehicle nobody",
        "container C1",
        "container C4",
    ]
    assert {fault.code for fault in caught.value.faults} == {"sheet-ref-missing"}


def test_without_a_way_the_crew_still_gets_its_list_and_is_told(tmp_path: Path) -> None:
    # Roads without any way between the town's two halves: those that were built without it.
    extract = tmp_path / "halves.osm"
    extract.write_text(
        '<?xml version="1.0"?><osm version="0.6">'
        + "".join(_street(number, town.corner(number, 0)) for number in (0, 2))
        + "</osm>",
        encoding="utf-8",
    )
    sheet = composed(build_roads(extract, tmp_path / "built"))
    assert sheet.notices[-1] == LABELS["nl"].no_directions
    assert len(sheet.stops) == 4
    assert all(line.directions == () for line in sheet.lines)
    assert sheet.geometry[0] == (town.corner(0, 0).lon, town.corner(0, 0).lat)


def _street(number: int, at: Position) -> str:
    end = at.moved(0, 400)
    # Readers of OpenStreetMap files want the nodes' numbers to rise.
    first, last, way = (10 * number + k for k in (1, 2, 3))
    return (
        f'<node id="{first}" version="1" lat="{at.lat}" lon="{at.lon}"/>'
        f'<node id="{last}" version="1" lat="{end.lat}" lon="{end.lon}"/>'
        f'<way id="{way}" version="1"><nd ref="{first}"/><nd ref="{last}"/>'
        '<tag k="highway" v="residential"/></way>'
    )


def test_a_route_without_stops_is_still_a_sheet(roads: Roads) -> None:
    whole = town.day_plan().plan.routes[0]
    route = Route("truck-1", (whole.visits[0], whole.visits[-1]))
    assert composed(roads, route=route).stops == ()
