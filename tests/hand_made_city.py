"""A small city made by hand, for tests of the API and the pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from city.choosing import settle
from city.container import Container, ContainerKind, Gear
from city.evidence import Evidence, EvidenceKind
from city.fleet import Fleet, Site, Vehicle, Window
from city.fraction import Fraction
from city.municipality import Municipality
from city.photo import PhotoRecord, SeenObject
from city.place import Bounds, Position
from city.plan import (
    Choice,
    DayPlan,
    Plan,
    ReasonCode,
    Route,
    Unserved,
    UnservedCode,
    Verdict,
    Visit,
    VisitKind,
)
from city.store import (
    Store,
    containers,
    fleets,
    ledger,
    municipalities,
    open_store,
    photos,
    plans,
)
from city.store.plans import SheetRecord
from operations.pose import pose, sites_of
from operations.settings import Settings
from routing.archive import to_bytes
from routing.problem import Problem
from routing.solve import solve

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 11, 24)
PLAN_ID = "20261124-handmade"
DRAWN_UP_ID = "20261124-drawn-up"
CORNER = Position(24.9380, 60.1660)
STREETS = ("Aleksanterinkatu", "Mikonkatu", "Kluuvikatu", "Fabianinkatu")
NAME = "hand-made"


@dataclass(frozen=True)
class HandMadeCity:
    """Where it is, and what it is called in there."""

    settings: Settings
    photo_id: str


def place(column: int, row: int) -> Position:
    return CORNER.moved(column * 130.0, row * 120.0)


def bins() -> tuple[Container, ...]:
    fractions = (Fraction.RESIDUAL, Fraction.GLASS, Fraction.PAPER)
    return tuple(
        Container(
            id=f"B-{i:02d}",
            position=place(i % 4, i // 4),
            fraction=fractions[i % 3],
            kind=ContainerKind.UNDERGROUND,
            volume_l=5000,
            address=f"{STREETS[i % 4]} {i + 1}",
            access_note="Gate code at the depot" if i == 0 else "",
            simulated=True,
        )
        for i in range(14)
    )


def fleet() -> Fleet:
    def crane(name: str, *fractions: Fraction) -> Vehicle:
        shift = Window(6 * 3600, 15 * 3600)
        return Vehicle(name, f"Crane truck {name[-1]}", "DEPOT", fractions, Gear.CRANE,
                       9000, 80_000, shift)  # fmt: skip

    site = Site("PLANT", "Energy plant", place(5, 3), fractions=tuple(Fraction))
    return Fleet(
        (crane("KW-1", Fraction.RESIDUAL), crane("KW-2", Fraction.GLASS, Fraction.PAPER)),
        (Site("DEPOT", "Depot", place(-1, -1)),),
        (site,),
    )


def choice(i: int) -> Choice:
    verdict, reason = {
        0: (Verdict.MUST, ReasonCode.OVERFLOW_SEEN),
        3: (Verdict.MUST, ReasonCode.OVERFLOW_CERTAIN),
        13: (Verdict.CARRIED, ReasonCode.COULD_NOT_SERVE),
    }.get(i, (Verdict.CHOSEN, ReasonCode.WORTH_THE_DETOUR))
    if 8 <= i < 13:
        verdict, reason = Verdict.SKIP, ReasonCode.RISK_IS_SMALL
    fill = 1.05 - 0.06 * i
    return Choice(
        container_id=f"B-{i:02d}",
        verdict=verdict,
        reason=reason,
        fill=fill,
        fill_low=fill - 0.15,
        fill_high=fill + 0.12,
        p_overflow=max(0.02, 0.96 - 0.09 * i),
        weight_kg=420,
        volume_l=4500,
        skip_price_cents=3000,
        days_since_emptied=6.0,
        unserved=UnservedCode.NO_ROOM if verdict is Verdict.CARRIED else None,
        evidence_ids=tuple(record.id for record in evidence() if record.container_id == f"B-{i:02d}"
                           and record.kind is not EvidenceKind.EMPTYING),
        photo_id=PHOTO_ID if i == 0 else None,
    )  # fmt: skip


def problem() -> Problem:
    """Return what the day's plan solves, on a plane where trucks drive 8 metres a second."""
    asked = [each for each in bins() if choice(int(each.id[2:])).verdict is not Verdict.SKIP]
    at = [site.position for site in sites_of(fleet())] + [each.position for each in asked]
    length_m = np.array([[round(here.distance_m(there)) for there in at] for here in at])
    choices = [choice(i) for i in range(14)]
    return pose(asked, choices, fleet(), length_m // 8, length_m)


def drawn_up() -> DayPlan:
    """Return the plan of the same day as the solver draws it up, which breaks no rule."""
    solved = solve(problem(), seconds=0)
    return replace(
        day_plan(), id=DRAWN_UP_ID, plan=solved, choices=settle(day_plan().choices, solved)
    )


PHOTO_ID = "ab" * 32


def evidence() -> tuple[Evidence, ...]:
    def record(
        kind: EvidenceKind, value: float, hours_ago: int, source: str, name: str
    ) -> Evidence:
        when = NOON - timedelta(hours=hours_ago)
        return Evidence(kind, value, when, when, source, name, place(0, 0), 5.0, "B-00")

    return (
        record(EvidenceKind.EMPTYING, 388.0, 144, "weighbridge", "w/1"),
        record(EvidenceKind.REPORT, 1.0, 20, "citizen", "r/1"),
        record(EvidenceKind.PHOTO, 0.91, 3, "photo", PHOTO_ID),
    )


def day_plan() -> DayPlan:
    def route(vehicle: str, stops: tuple[int, ...]) -> Route:
        visits = [Visit(VisitKind.START, "DEPOT", 6 * 3600, 6 * 3600)]
        for n, stop in enumerate(stops):
            at = 6 * 3600 + 900 * (n + 1)
            visits.append(Visit(VisitKind.STOP, f"B-{stop:02d}", at, at + 240, 300, 800, 420 * n))
        late = 6 * 3600 + 900 * (len(stops) + 1)
        visits.append(Visit(VisitKind.BREAK, "", late, late + 1800))
        visits.append(Visit(VisitKind.DISPOSAL, "PLANT", late + 2400, late + 3000, 600, 3000))
        visits.append(Visit(VisitKind.END, "DEPOT", late + 3600, late + 3600, 600, 3000))
        return Route(vehicle, tuple(visits))

    routes = (route("KW-1", (0, 3, 6)), route("KW-2", (1, 2, 4, 5, 7)))
    left = (Unserved("B-13", UnservedCode.NO_ROOM),)
    return DayPlan(
        PLAN_ID, NAME, DAY, NOON, "by hand", Plan(routes, left),
        tuple(choice(i) for i in range(14)),
    )  # fmt: skip


def photo() -> PhotoRecord:
    seen = (
        SeenObject("container_overflowing", (220.0, 90.0, 160.0, 220.0), 0.91, "B-00"),
        SeenObject("bag", (120.0, 240.0, 90.0, 80.0), 0.72),
    )
    return PhotoRecord(PHOTO_ID, "street <1>.jpg", NOON - timedelta(hours=3), NOON, place(0, 0),
                       90.0, 640, 400, 0.02, "detector-1", seen)  # fmt: skip


def make(home: Path) -> HandMadeCity:
    """Make the city in a folder."""
    settings = Settings(home=home, municipality=NAME, language="en", demo=True)
    store = open_store(settings.database, NAME)
    bounds = Bounds.around([place(-1, -1), place(5, 4)], margin_m=200)
    notices = (
        ("en", "All data is made by hand, for a test."),
        ("nl", "Alle gegevens zijn met de hand gemaakt, voor een test."),
    )
    municipalities.put(
        store, Municipality(NAME, "Handmade", "Europe/Helsinki", bounds, notices, NOON)
    )
    fill(store)
    picture(settings)
    sheets(store, settings)
    store.close()
    return HandMadeCity(settings, PHOTO_ID)


def fill(store: Store) -> None:
    containers.put(store, bins())
    fleet_id = fleets.put(store, fleet())
    ledger.add(store, evidence())
    photos.put(store, photo())
    noted = {"fleetId": fleet_id, "nextChance": "2026-11-25"}
    plans.add(store, day_plan(), to_bytes(problem()), noted)


def add_drawn_up(store: Store) -> None:
    """Keep the plan that breaks no rule beside the other, as the older one."""
    noted = plans.provenance(store, PLAN_ID)
    older = replace(drawn_up(), made_at=NOON - timedelta(hours=1))
    plans.add(store, older, to_bytes(problem()), noted)


def picture(settings: Settings) -> None:
    settings.photos.mkdir(parents=True)
    image = Image.new("RGB", (640, 400), "#8ea3ad")
    image.paste("#4a5a4f", (220, 90, 380, 310))
    image.paste("#202428", (120, 240, 210, 320))
    image.save(settings.photos / f"{PHOTO_ID}.jpg")


def sheets(store: Store, settings: Settings) -> None:
    folder = settings.sheets / PLAN_ID / "en"
    folder.mkdir(parents=True)
    records = []
    for name, content in (("KW-1.csv", b"number,address\n"), ("KW-1.html", b"<h1>KW-1</h1>")):
        (folder / name).write_bytes(content)
        path = (folder / name).relative_to(settings.home).as_posix()
        records.append(SheetRecord("KW-1", path, "0" * 64))
    # A record that points outside the city's folder must lead nowhere.
    records.append(SheetRecord("KW-1", "../secret/en/KW-1.pdf", "0" * 64))
    plans.put_sheets(store, PLAN_ID, records)


def draw_base_map(settings: Settings) -> None:
    """Draw a base map of four streets and a block, as an extract would give it."""
    west, north = place(-2, 0), place(0, 5)
    layers = {
        "land": [_area(place(-2, -2), place(6, 5))],
        "green": [_area(place(1, 1), place(2, 2))],
        "building": [_area(place(2, 2).moved(20, 20), place(3, 3).moved(-20, -20))],
        "road": [
            _feature("LineString", [_at(place(i, -2)), _at(place(i, 5))],
                     **{"class": "street", "name": STREETS[i], "tunnel": 0})
            for i in range(4)
        ],
        "label": [
            _feature("Point", _at(place(i, 3)),
                     **{"class": "street", "name": STREETS[i], "rank": 4, "angle": -90})
            for i in range(4)
        ],
    }  # fmt: skip
    folder = settings.base_maps / "hand"
    folder.mkdir(parents=True)
    for name, features in layers.items():
        content = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(content))
    index = {
        "bounds": [west.lon, west.lat, north.lon, north.lat],
        "layers": {name: len(features) for name, features in layers.items()},
        "attribution": "drawn by hand",
    }
    (folder / "base-map.json").write_text(json.dumps(index))


def _feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _area(low: Position, high: Position) -> dict[str, object]:
    ring = [_at(low), [high.lon, low.lat], _at(high), [low.lon, high.lat], _at(low)]
    return _feature("Polygon", [ring], **{"class": "yes"})


def _at(position: Position) -> list[float]:
    return [position.lon, position.lat]
