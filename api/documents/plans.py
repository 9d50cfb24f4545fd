"""Day plans: routes on the map, the choice about each container, and what was left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from api.documents.document import Document, LineString, Link, Point, example
from city.fleet import Window
from city.fraction import Fraction
from city.plan import ReasonCode, UnservedCode, Verdict, VisitKind
from city.store.plan_list import PlanEntry
from city.store.plans import SheetRecord
from city.wording import UNSERVED_TEXTS, Language, clock, reason_text
from operations.fleet_of_day import OnDuty
from operations.read_sheet import media_type, sheet_language, sheet_name
from operations.show_plan import ShownPlan, ShownRoute, ShownVisit


class PlanSummary(Document):
    """A plan in a list of plans."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            id="20261124-1f0c9a2b",
            day="2026-11-24",
            madeAt="2026-11-23T16:00:00Z",
            undoneAt=None,
            links=[{"rel": "self", "href": "…"}],
        )
    }

    id: str
    day: date
    made_at: datetime
    undone_at: datetime | None = Field(description="When it was taken out of use, if it was.")
    links: tuple[Link, ...]

    @classmethod
    def of(cls, noun: PlanEntry) -> PlanSummary:
        """Return the document of a plan at a glance."""
        links = (Link(rel="self", href=f"/v1/plans/{noun.id}"),)
        return cls(**vars(noun), links=links)


class PlanList(Document):
    """Plans, the latest made first."""

    plans: tuple[PlanSummary, ...]
    links: tuple[Link, ...]


class VisitDocument(Document):
    """One line of a route."""

    kind: VisitKind
    ref: str
    number: int | None = Field(description="Counts the stops of a route from 1.")
    name: str
    coordinates: tuple[float, float] | None
    arrival: str = Field(description="Local time of day.", examples=["07:42"])
    departure: str
    arrival_s: int = Field(description="Seconds after local midnight.")
    departure_s: int
    drive_s: int
    length_m: int
    load_kg: int
    load_l: int

    @classmethod
    def of(cls, shown: ShownVisit) -> VisitDocument:
        """Return the document of one visit."""
        visit, place = shown.visit, shown.container or shown.site
        named = shown.site.name if shown.site else ""
        return cls(
            kind=visit.kind,
            ref=visit.ref,
            number=shown.number,
            name=shown.container.address if shown.container else named,
            coordinates=Point.at(place.position).coordinates if place else None,
            arrival=clock(visit.arrival_s),
            departure=clock(visit.departure_s),
            arrival_s=visit.arrival_s,
            departure_s=visit.departure_s,
            drive_s=visit.drive_s,
            length_m=visit.length_m,
            load_kg=visit.load_kg,
            load_l=visit.load_l,
        )


class RouteDocument(Document):
    """One truck's day."""

    vehicle_id: str
    vehicle_name: str
    stop_count: int
    length_m: int
    duration_s: int
    weight_kg: int
    geometry: LineString
    on_streets: bool = Field(description="False where the line is straight for want of roads.")
    visits: tuple[VisitDocument, ...]

    @classmethod
    def of(cls, shown: ShownRoute) -> RouteDocument:
        """Return the document of one route."""
        return cls(
            vehicle_id=shown.route.vehicle_id,
            vehicle_name=shown.vehicle_name,
            stop_count=len(shown.route.stop_ids),
            length_m=shown.route.length_m,
            duration_s=shown.route.duration_s,
            weight_kg=shown.weight_kg,
            geometry=LineString.drawn(shown.drawn.line),
            on_streets=shown.drawn.on_streets,
            visits=tuple(VisitDocument.of(visit) for visit in shown.visits),
        )


class ChoiceDocument(Document):
    """What was decided about one container, and why."""

    container_id: str
    coordinates: tuple[float, float] | None
    address: str
    fraction: Fraction | None
    verdict: Verdict
    reason: ReasonCode
    reason_text: str
    fill: float = Field(description="Expected at the visit; 1 is full.")
    fill_low: float
    fill_high: float
    p_overflow: float
    weight_kg: int
    volume_l: int
    days_since_emptied: float | None
    loose_waste: bool = Field(
        description="About waste that lies beside containers: fill and overflow say nothing of it."
    )
    unserved: UnservedCode | None
    evidence_ids: tuple[str, ...]
    photo_id: str | None
    vehicle_id: str | None
    stop_number: int | None


class UnservedDocument(Document):
    """A container that no route serves."""

    container_id: str
    code: UnservedCode
    text: str
    detail: str


class Totals(Document):
    """The plan in figures."""

    containers: int
    must: int
    chosen: int
    skipped: int
    carried: int
    stops: int
    trucks: int
    length_m: int
    duration_s: int
    weight_kg: int

    @classmethod
    def of(cls, shown: ShownPlan) -> Totals:
        """Return the figures of a plan."""
        return cls(
            containers=len(shown.noun.choices),
            must=shown.count(Verdict.MUST),
            chosen=shown.count(Verdict.CHOSEN),
            skipped=shown.count(Verdict.SKIP),
            carried=shown.count(Verdict.CARRIED),
            stops=sum(len(r.route.stop_ids) for r in shown.routes),
            trucks=len(shown.routes),
            length_m=shown.noun.length_m,
            duration_s=shown.duration_s,
            weight_kg=shown.weight_kg,
        )


class SiteDocument(Document):
    """A depot or a disposal site."""

    id: str
    name: str
    role: Literal["depot", "disposal"]
    coordinates: tuple[float, float]


class VehicleDocument(Document):
    """A truck of the fleet that the plan was made with, whether it drives or not."""

    id: str
    name: str
    fractions: tuple[Fraction, ...]
    shift_start_s: int
    shift_end_s: int


class PlanDocument(Document):
    """A day's plan."""

    id: str
    municipality: str
    notice: str = Field(description="What a reader must be told, such as that data is simulated.")
    attribution: str
    day: date
    made_at: datetime
    engine: str
    totals: Totals
    routes: tuple[RouteDocument, ...]
    choices: tuple[ChoiceDocument, ...]
    unserved: tuple[UnservedDocument, ...]
    sites: tuple[SiteDocument, ...]
    vehicles: tuple[VehicleDocument, ...]
    provenance: dict[str, Any]
    links: tuple[Link, ...]

    @classmethod
    def of(cls, shown: ShownPlan, language: Language, attribution: str, links: tuple[Link, ...]
           ) -> PlanDocument:  # fmt: skip
        """Return the document of a plan, worded in a language."""
        noun = shown.noun
        return cls(
            id=noun.id,
            municipality=noun.municipality,
            notice=shown.municipality.notice(language),
            attribution=attribution,
            day=noun.day,
            made_at=noun.made_at,
            engine=noun.engine,
            totals=Totals.of(shown),
            routes=tuple(RouteDocument.of(route) for route in shown.routes),
            choices=_choices(shown, language),
            unserved=_unserved(shown, language),
            sites=tuple(
                SiteDocument(
                    id=site.id,
                    name=site.name,
                    role=role,
                    coordinates=Point.at(site.position).coordinates,
                )
                for role, site in shown.sites
            ),
            vehicles=tuple(
                VehicleDocument(
                    id=each.id,
                    name=each.name,
                    fractions=each.fractions,
                    shift_start_s=each.shift.start_s,
                    shift_end_s=each.shift.end_s,
                )
                for each in shown.vehicles
            ),
            provenance=dict(shown.provenance),
            links=links,
        )


def _choices(shown: ShownPlan, language: Language) -> tuple[ChoiceDocument, ...]:
    served = {
        visit.visit.ref: (route.route.vehicle_id, visit.number)
        for route in shown.routes
        for visit in route.visits
        if visit.number
    }
    found = []
    for choice in shown.noun.choices:
        container = shown.containers.get(choice.container_id)
        vehicle_id, number = served.get(choice.container_id, (None, None))
        found.append(
            ChoiceDocument(
                container_id=choice.container_id,
                coordinates=Point.at(container.position).coordinates if container else None,
                address=container.address if container else "",
                fraction=container.fraction if container else None,
                verdict=choice.verdict,
                reason=choice.reason,
                reason_text=reason_text(choice, language, shown.next_chance),
                fill=choice.fill,
                fill_low=choice.fill_low,
                fill_high=choice.fill_high,
                p_overflow=choice.p_overflow,
                weight_kg=choice.weight_kg,
                volume_l=choice.volume_l,
                days_since_emptied=choice.days_since_emptied,
                loose_waste=choice.loose_waste,
                unserved=choice.unserved,
                evidence_ids=choice.evidence_ids,
                photo_id=choice.photo_id,
                vehicle_id=vehicle_id,
                stop_number=number,
            )
        )
    return tuple(found)


def _unserved(shown: ShownPlan, language: Language) -> tuple[UnservedDocument, ...]:
    return tuple(
        UnservedDocument(
            container_id=each.stop_id,
            code=each.code,
            text=UNSERVED_TEXTS[language][each.code],
            detail=each.detail,
        )
        for each in shown.noun.plan.unserved
    )


class SheetDocument(Document):
    """A file that a crew takes along."""

    vehicle_id: str
    language: str
    format: str
    file_name: str
    sha256: str
    links: tuple[Link, ...]

    @classmethod
    def of(cls, plan_id: str, record: SheetRecord) -> SheetDocument:
        """Return the document of one sheet, with a link to its file."""
        name = sheet_name(record)
        link = Link(rel="self", href=sheet_href(plan_id, record), type=media_type(name))
        return cls(
            vehicle_id=record.vehicle_id,
            language=sheet_language(record),
            format=name.rsplit(".", 1)[-1],
            file_name=name,
            sha256=record.sha256,
            links=(link,),
        )


def sheet_href(plan_id: str, record: SheetRecord) -> str:
    """Return where a sheet is found."""
    return f"/v1/plans/{plan_id}/sheets/{sheet_language(record)}/{sheet_name(record)}"


class SheetList(Document):
    """The route sheets of a plan."""

    sheets: tuple[SheetDocument, ...]


class SheetRequest(Document):
    """Ask for the route sheets of a plan."""

    language: Language = "nl"


class TruckOnDuty(Document):
    """A truck that drives on the day, and when, where that is not its own shift."""

    vehicle_id: str
    shift_start_s: int | None = Field(default=None, description="Seconds after local midnight.")
    shift_end_s: int | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.shift_start_s is None) != (self.shift_end_s is None):
            raise ValueError("Give both ends of the shift, or neither.")
        return self

    @property
    def noun(self) -> OnDuty:
        """What it says."""
        if self.shift_start_s is None or self.shift_end_s is None:
            return OnDuty(self.vehicle_id)
        return OnDuty(self.vehicle_id, Window(self.shift_start_s, self.shift_end_s))


class PlanRequest(Document):
    """Ask for a plan."""

    model_config = Document.model_config | {
        "json_schema_extra": example(day="2026-11-24", trucks=[{"vehicleId": "KW-1"}])
    }

    day: date | None = Field(
        default=None, description="The day to plan for; tomorrow on the city's clock if left out."
    )
    trucks: tuple[TruckOnDuty, ...] | None = Field(
        default=None, description="Those that drive on the day; the whole fleet if left out."
    )

    @property
    def on_duty(self) -> tuple[OnDuty, ...] | None:
        """The trucks that drive, where they are named."""
        return None if self.trucks is None else tuple(each.noun for each in self.trucks)
