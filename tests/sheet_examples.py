"""A town of six streets and one truck's day in it; and any sheet at all, for properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from city.container import Container, ContainerKind, Gear
from city.fleet import Fleet, Site, Vehicle, Window
from city.fraction import Fraction
from city.place import Position
from city.plan import Choice, DayPlan, Plan, ReasonCode, Route, Verdict, Visit, VisitKind
from city.wording import LANGUAGES
from routing.sheets import Direction, Sheet, SheetLine, StopFacts

DAY = date(2026, 11, 24)
MADE_AT = datetime(2026, 11, 23, 17, 5, tzinfo=timezone(timedelta(hours=1)))
CORNER = Position(4.90, 52.37)
BLOCK_M = 200.0
NOTICES = {
    "nl": "Demonstratie: containers en historie zijn gesimuleerd.",
    "en": "Demonstration: containers and history are simulated.",
}


def corner(east: int, north: int) -> Position:
    """Return a crossing of the town: three streets each way, 200 m apart."""
    return CORNER.moved(BLOCK_M * east, BLOCK_M * north)


def town_osm() -> str:
    """Return the town as OpenStreetMap XML: streets named after a letter and a number."""
    parts = ['<?xml version="1.0"?><osm version="0.6">']
    for east in range(3):
        for north in range(3):
            at = corner(east, north)
            node = 1 + 3 * east + north
            parts.append(f'<node id="{node}" version="1" lat="{at.lat}" lon="{at.lon}"/>')
    for number in range(3):
        across = [1 + 3 * east + number for east in range(3)]
        along = [1 + 3 * number + north for north in range(3)]
        for letter, nodes in (("A", across), ("B", along)):
            refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
            name = f"{letter}{number}-straat"
            parts.append(
                f'<way id="{100 + number + 10 * (letter == "B")}" version="1">{refs}'
                f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/></way>'
            )
    return "".join(parts) + "</osm>"


def containers() -> dict[str, Container]:
    """Return four containers: one alone, two of a cluster, one without an address."""
    rows = (
        ("C1", corner(1, 0).moved(150, 0), Fraction.RESIDUAL, "Brink 1", "sleutel 4"),
        ("C2", corner(2, 1), Fraction.RESIDUAL, "Laan 2", ""),
        ("C3", corner(2, 1).moved(4, 0), Fraction.RESIDUAL, "Laan 2", ""),
        ("C4", corner(1, 2).moved(50, 0), Fraction.PAPER, "", ""),
    )
    return {
        name: Container(name, at, fraction, ContainerKind.UNDERGROUND, 5000, address, note)
        for name, at, fraction, address, note in rows
    }


def fleet() -> Fleet:
    """Return one truck, its depot, and a disposal site with a stated drive off the map."""
    truck = Vehicle(
        id="truck-1",
        name="Kraanwagen 1",
        depot_id="depot",
        fractions=(Fraction.RESIDUAL, Fraction.PAPER),
        gear=Gear.CRANE,
        weight_capacity_kg=9_000,
        volume_capacity_l=60_000,
        shift=Window(6 * 3600, 15 * 3600),
    )
    site = Site(
        "site",
        "Overslag",
        corner(0, 2),
        fractions=(Fraction.RESIDUAL, Fraction.PAPER),
        extra_duration_s=300,
        extra_length_m=3_000,
    )
    return Fleet((truck,), (Site("depot", "Werf", corner(0, 0)),), (site,))


def day_plan() -> DayPlan:
    """Return a plan with one route: two trips, a break in the second, four stops."""
    kind = VisitKind
    rows = (
        (kind.START, "depot", 0, 0, 0),
        (kind.STOP, "C1", 90, 350, 250),
        (kind.STOP, "C2", 60, 250, 700),
        (kind.STOP, "C3", 0, 0, 1_000),
        (kind.DISPOSAL, "site", 420, 3_600, 0),
        (kind.BREAK, "", 0, 0, 0),
        (kind.STOP, "C4", 360, 3_250, 150),
        (kind.DISPOSAL, "site", 360, 3_250, 0),
        (kind.END, "depot", 380, 3_400, 0),
    )
    visits, now_s = [], 6 * 3600
    for what, ref, drive_s, length_m, load_kg in rows:
        arrival_s = now_s + drive_s
        now_s = arrival_s + (1800 if what is kind.BREAK else 120)
        visits.append(Visit(what, ref, arrival_s, now_s, drive_s, length_m, load_kg, load_kg * 10))
    route = Route("truck-1", tuple(visits))
    return DayPlan("plan-7f3a", "town", DAY, MADE_AT, "test", Plan((route,), ()), choices())


def choices() -> tuple[Choice, ...]:
    """Return the choice about each container; C2 is a must."""
    return tuple(
        Choice(
            container_id=name,
            verdict=Verdict.MUST if name == "C2" else Verdict.CHOSEN,
            reason=ReasonCode.OVERFLOW_CERTAIN if name == "C2" else ReasonCode.WORTH_THE_DETOUR,
            fill=0.82,
            fill_low=0.6,
            fill_high=1.05,
            p_overflow=0.64,
            weight_kg=300,
            volume_l=4_000,
            skip_price_cents=900,
            days_since_emptied=9.0,
        )
        for name in containers()
    )


# A container's id is short and printed as it is; an address may be anything that people type.
ids = st.text("ABCDEFGHJKMNPQRSTUVWXYZ23456789-", min_size=4, max_size=12).filter(str.strip)
texts = st.text(min_size=1, max_size=60).filter(str.strip)
positions = st.builds(Position, st.floats(4.8, 5.0), st.floats(52.3, 52.4))
directions = st.builds(Direction, texts, st.integers(0, 5_000))
shares = st.floats(0, 1.5)
facts = st.builds(
    StopFacts,
    container_id=ids,
    kind=st.sampled_from(ContainerKind),
    fill=shares,
    fill_low=shares,
    fill_high=shares,
    reason=texts,
    must=st.booleans(),
    access_note=st.just("") | texts,
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[SheetLine, ...]:
    """Draw a day: a start, stops and visits and breaks in any order, an end."""
    kinds = draw(
        st.lists(
            st.sampled_from([VisitKind.STOP, VisitKind.STOP, VisitKind.DISPOSAL, VisitKind.BREAK]),
            min_size=1,
            max_size=12,
        )
    )
    made: list[SheetLine] = []
    number, now_s = 0, draw(st.integers(0, 30 * 3600))
    for kind in (VisitKind.START, *kinds, VisitKind.END):
        stop = kind is VisitKind.STOP
        number += stop
        now_s += 300
        moves = kind not in (VisitKind.START, VisitKind.BREAK)
        made.append(
            SheetLine(
                kind=kind,
                arrival_s=now_s,
                departure_s=now_s + 100,
                number=number if stop else None,
                place="" if kind is VisitKind.BREAK else draw(texts),
                position=None if kind is VisitKind.BREAK else draw(positions),
                fraction=draw(st.sampled_from(Fraction)) if stop else None,
                stop=draw(facts) if stop else None,
                drive_s=200 if moves else 0,
                length_m=draw(st.integers(0, 9_000)) if moves else 0,
                load_kg=draw(st.integers(0, 9_000)),
                directions=tuple(draw(st.lists(directions, max_size=3))),
            )
        )
    return tuple(made)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Draw any sheet, its texts full of what people and machines put into registries."""
    language = draw(st.sampled_from(LANGUAGES))
    points = draw(st.lists(positions, min_size=0, max_size=20))
    return Sheet(
        municipality="town",
        day=DAY,
        plan_id=draw(ids),
        made_at=datetime(2026, 11, 23, 17, 5, tzinfo=UTC),
        vehicle_id=draw(ids),
        vehicle_name=draw(texts),
        language=language,
        lines=draw(lines()),
        geometry=tuple((p.lon, p.lat) for p in points),
        notices=(NOTICES[language],),
        attribution="© OpenStreetMap contributors (ODbL)",
        streets=(tuple((p.lon, p.lat) for p in points[:5]),),
    )
