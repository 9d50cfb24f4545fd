"""A route of a checked plan becomes a sheet: looked up, worded, and driven over the roads."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image

from city.container import Container
from city.errors import BadInput, Fault
from city.fleet import Fleet, Site
from city.place import Position
from city.plan import Choice, DayPlan, Route, Verdict, Visit, VisitKind
from city.wording import Language, reason_text
from routing.roads import OSM_ATTRIBUTION, Roads
from routing.roads.instructions import instructions
from routing.sheets.duties import duties
from routing.sheets.labels import LABELS
from routing.sheets.sheet import Direction, Line, Sheet, SheetLine, StopFacts

# Below this a truck merely rolls along a cluster, and needs no instructions.
ROLLING_M = 20


def compose(
    day_plan: DayPlan,
    route: Route,
    *,
    containers: Mapping[str, Container],
    fleet: Fleet,
    roads: Roads | None,
    photos: Mapping[str, bytes],
    language: Language,
    notices: Iterable[str],
    streets: Iterable[Sequence[tuple[float, float]]] = (),
    next_chance: date | None = None,
    city: str = "",
) -> Sheet:
    """Return the sheet of one route.

    Where the roads refuse a way along the route (it was edited by hand, or the roads are newer
    than the plan) or none are at hand, the sheet has straight lines, no instructions, and says so:
    a crew is never without its list.

    Parameters
    ----------
    containers : by id; at least those that the route stops at.
    photos : JPEG bytes of a blurred crop by container id, for those that have one; one that is
        no whole JPEG is left out, since a list without a picture is better than no list.
    notices : what every reader must be told.
    streets : lines of lon/lat degrees to draw behind the route.
    next_chance : the next day on which these containers could be emptied.
    city : the municipality's name as people write it; its id where empty.

    Raises
    ------
    BadInput
        Naming every vehicle, container, choice and site of the route that is not given.
    """
    sites = {site.id: site for site in (*fleet.disposal_sites, *fleet.depots)}
    choices = {choice.container_id: choice for choice in day_plan.choices}
    vehicles = {vehicle.id: vehicle for vehicle in fleet.vehicles}
    known = {"vehicle": vehicles, "container": containers, "choice": choices, "site": sites}
    faults = tuple(_missing(what, ref) for what, ref in _refs(route) if ref not in known[what])
    if faults:
        raise BadInput(faults)
    desk = _Desk(containers, choices, sites, photos, language, next_chance)
    geometry, legs = _drive(desk, route, roads)
    return Sheet(
        municipality=city or day_plan.municipality,
        day=day_plan.day,
        plan_id=day_plan.id,
        made_at=day_plan.made_at,
        vehicle_id=route.vehicle_id,
        vehicle_name=vehicles[route.vehicle_id].name,
        language=language,
        lines=_lines(desk, route, _places(desk, route, roads), legs),
        geometry=geometry,
        notices=(*notices, *(() if legs else (LABELS[language].no_directions,))),
        attribution=OSM_ATTRIBUTION,
        streets=tuple(tuple((lon, lat) for lon, lat in street) for street in streets),
        duties=duties(vehicles[route.vehicle_id], _emptied_at(desk, route), language),
    )


def _emptied_at(desk: _Desk, route: Route) -> list[Site]:
    refs = (visit.ref for visit in route.visits if visit.kind is VisitKind.DISPOSAL)
    return [desk.sites[ref] for ref in dict.fromkeys(refs)]


@dataclass(frozen=True)
class _Desk:
    """All that is looked up while a sheet is made."""

    containers: Mapping[str, Container]
    choices: Mapping[str, Choice]
    sites: Mapping[str, Site]
    photos: Mapping[str, bytes]
    language: Language
    next_chance: date | None

    def position(self, visit: Visit) -> Position | None:
        if visit.kind is VisitKind.BREAK:
            return None
        known = self.containers if visit.kind is VisitKind.STOP else self.sites
        return known[visit.ref].position

    def off_map_m(self, visit: Visit) -> int:
        """Return the stated drive beyond the road data's edge, one way."""
        return 0 if visit.kind is VisitKind.STOP else self.sites[visit.ref].extra_length_m

    def facts(self, visit: Visit) -> StopFacts | None:
        if visit.kind is not VisitKind.STOP:
            return None
        container, choice = self.containers[visit.ref], self.choices[visit.ref]
        return StopFacts(
            container_id=container.id,
            kind=container.kind,
            fill=choice.fill,
            fill_low=choice.fill_low,
            fill_high=choice.fill_high,
            reason=reason_text(choice, self.language, self.next_chance),
            must=choice.verdict in (Verdict.MUST, Verdict.CARRIED),
            access_note=container.access_note,
            photo=_whole_jpeg(self.photos.get(visit.ref)),
        )


def _whole_jpeg(content: bytes | None) -> bytes | None:
    if content is None:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            picture.load()
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return content


def _refs(route: Route) -> Iterable[tuple[str, str]]:
    """Give what the route names, as (what it is, id)."""
    yield "vehicle", route.vehicle_id
    for visit in route.visits:
        if visit.kind is VisitKind.STOP:
            yield "container", visit.ref
            yield "choice", visit.ref
        elif visit.kind is not VisitKind.BREAK:
            yield "site", visit.ref


def _missing(what: str, ref: str) -> Fault:
    return Fault(
        code="sheet-ref-missing",
        where=f"{what} {ref}",
        cause="The route names it, but it was not given.",
        remedy="Make the sheet from the registry and fleet that the plan was made with.",
    )


def _drive(
    desk: _Desk, route: Route, roads: Roads | None
) -> tuple[Line, Mapping[int, tuple[Direction, ...]]]:
    """Return the driven line, and the directions to each visit by its index in the route."""
    at = [n for n, visit in enumerate(route.visits) if visit.kind is not VisitKind.BREAK]
    points = [
        (place.lon, place.lat) for n in at if (place := desk.position(route.visits[n])) is not None
    ]
    if roads is None:
        return tuple(points), {}
    try:
        # The plan's times allow for turning at a stop, and the sheet shows the plan's times.
        driven = roads.route(points, turn_at_stops=True)
    except BadInput:
        return tuple(points), {}
    legs: dict[int, tuple[Direction, ...]] = {}
    for leg, start, to in zip(driven.legs, at, at[1:], strict=False):
        told = instructions(leg, desk.language) if leg.length_m > ROLLING_M else ()
        beyond = tuple(_off_map(desk, route.visits[to], LABELS[desk.language].off_the_map))
        legs[to] = (
            *_off_map(desk, route.visits[start], LABELS[desk.language].to_the_map),
            # Where the drive goes on, the last line, that one has arrived, would be wrong.
            *(Direction(line.text, line.length_m) for line in (told[:-1] if beyond else told)),
            *beyond,
        )
    return tuple((float(lon), float(lat)) for lon, lat in driven.geometry), legs


def _off_map(desk: _Desk, visit: Visit, text: str) -> Iterable[Direction]:
    if length_m := desk.off_map_m(visit):
        yield Direction(text, length_m)


def _places(desk: _Desk, route: Route, roads: Roads | None) -> Mapping[str, str]:
    """Return what to call each stop: its address, else the street it stands in, else degrees."""
    called = {ref: desk.containers[ref].address for ref in route.stop_ids}
    nameless = [ref for ref, address in called.items() if not address.strip()]
    positions = [desk.containers[ref].position for ref in nameless]
    at = [(p.lon, p.lat) for p in positions]
    snapped = roads.snap(at).street if roads else [""] * len(at)
    for ref, position, street in zip(nameless, positions, snapped, strict=True):
        called[ref] = street or f"{position.lat:.5f}, {position.lon:.5f}"
    return called


def _lines(
    desk: _Desk,
    route: Route,
    places: Mapping[str, str],
    legs: Mapping[int, tuple[Direction, ...]],
) -> tuple[SheetLine, ...]:
    lines: list[SheetLine] = []
    number = load_kg = 0
    fraction = None
    for at, visit in enumerate(route.visits):
        stop, unloads = visit.kind is VisitKind.STOP, visit.kind is VisitKind.DISPOSAL
        if stop:
            number, fraction = number + 1, desk.containers[visit.ref].fraction
        lines.append(
            SheetLine(
                kind=visit.kind,
                arrival_s=visit.arrival_s,
                departure_s=visit.departure_s,
                number=number if stop else None,
                place=places[visit.ref] if stop else _site_name(desk, visit),
                position=desk.position(visit),
                fraction=fraction if stop or unloads else None,
                stop=desk.facts(visit),
                drive_s=visit.drive_s,
                length_m=visit.length_m,
                load_kg=visit.load_kg,
                unload_kg=load_kg if unloads else 0,
                directions=legs.get(at, ()),
            )
        )
        load_kg = visit.load_kg
    return tuple(lines)


def _site_name(desk: _Desk, visit: Visit) -> str:
    return "" if visit.kind is VisitKind.BREAK else desk.sites[visit.ref].name
