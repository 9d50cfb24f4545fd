"""A day's plan in a few figures that a planner understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from city.municipality import Municipality
from city.plan import DayPlan, ReasonCode, Route, Verdict, VisitKind
from city.wording import UNSERVED_TEXTS, VERDICT_NAMES, Language, clock, number, percent
from routing.shape import Shape

LIKELY_FULL = 0.8


@dataclass(frozen=True)
class TruckLine:
    """One truck's day: what it does and how far."""

    vehicle_id: str
    stops: int
    length_m: int
    duration_s: int
    weight_kg: int
    emptied_at: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Summary:
    """A day's plan, counted.

    Parameters
    ----------
    photos_read : photos that the ledger holds, None where that was not asked.
    believed_full : containers expected to be at least 80 % full at the visit.
    """

    city: Municipality
    day: date
    plan_id: str
    photos_read: int | None
    believed_full: int
    plan: DayPlan
    trucks: tuple[TruckLine, ...]
    shape: Shape | None = None

    @classmethod
    def of(
        cls,
        plan: DayPlan,
        city: Municipality,
        photos_read: int | None = None,
        shape: Shape | None = None,
    ) -> Summary:
        """Count a plan; its shape is told where it was measured."""
        return cls(
            city=city,
            day=plan.day,
            plan_id=plan.id,
            photos_read=photos_read,
            believed_full=sum(choice.fill >= LIKELY_FULL for choice in plan.choices),
            plan=plan,
            trucks=tuple(_truck(plan, route) for route in plan.plan.routes),
            shape=shape,
        )

    @property
    def weight_kg(self) -> int:
        """What all trucks are expected to collect."""
        return sum(truck.weight_kg for truck in self.trucks)

    @property
    def duration_s(self) -> int:
        """Hours of all crews together, breaks included."""
        return sum(truck.duration_s for truck in self.trucks)

    def lines(self, language: Language) -> Iterator[tuple[str, str]]:
        """Yield name and value of each figure, in reading order."""
        say = _TEXTS[language]
        if self.photos_read is not None:
            yield say["photos"], f"{self.photos_read}"
        yield say["containers"], f"{sum(not c.loose_waste for c in self.plan.choices)}"
        yield say["full"], f"{self.believed_full}"
        for verdict in Verdict:
            chosen = [c for c in self.plan.choices if c.verdict is verdict]
            if not chosen and verdict is Verdict.CARRIED:
                continue
            reasons = Counter(c.reason for c in chosen).most_common()
            why = ", ".join(f"{n} {_REASONS[language][reason]}" for reason, n in reasons)
            yield VERDICT_NAMES[language][verdict], f"{len(chosen)}" + (f"  ({why})" if why else "")
        yield say["trucks"], f"{len(self.trucks)}"
        yield say["length"], f"{number(self.plan.length_m / 1000, 1, language)} km"
        yield say["duration"], f"{number(self.duration_s / 3600, 1, language)} {say['hours']}"
        yield say["weight"], f"{number(self.weight_kg / 1000, 1, language)} t"
        yield say["unserved"], self._unserved(language)
        if self.shape is not None:
            yield say["shape"], self._shape(self.shape, language)
        if self.plan.is_fallback:
            yield say["fallback"], say["known"]
        yield say["plan"], self.plan_id

    def _shape(self, shape: Shape, language: Language) -> str:
        words = _TEXTS[language]["shape_words"]
        text = words.format(
            spread=number(shape.spread_m / 1000, 1, language),
            overlap=percent(shape.overlap),
            shortest=number(shape.shortest_s / 3600, 1, language),
            longest=number(shape.longest_s / 3600, 1, language),
        )
        if shape.crossings is None:
            return text
        return f"{text}; {shape.crossings} {_TEXTS[language]['crossings']}"

    def _unserved(self, language: Language) -> str:
        carried = [c for c in self.plan.choices if c.verdict is Verdict.CARRIED]
        causes = Counter(c.unserved for c in carried if c.unserved).most_common()
        why = "; ".join(f"{n}: {UNSERVED_TEXTS[language][code]}" for code, n in causes)
        return f"{len(carried)}" + (f"  ({why})" if why else "")

    def truck_rows(self, language: Language) -> Iterator[tuple[str, ...]]:
        """Yield one row of texts a truck: name, stops, km, hours, tonnes, where emptied."""
        for truck in self.trucks:
            yield (
                truck.vehicle_id,
                f"{truck.stops}",
                number(truck.length_m / 1000, 1, language),
                number(truck.duration_s / 3600, 1, language),
                number(truck.weight_kg / 1000, 1, language),
                ", ".join(f"{site} {clock(at)}" for site, at in truck.emptied_at),
            )


def truck_heads(language: Language) -> tuple[str, ...]:
    """Return the headings of `Summary.truck_rows`."""
    return _HEADS[language]


def _truck(plan: DayPlan, route: Route) -> TruckLine:
    weights = {choice.container_id: choice.weight_kg for choice in plan.choices}
    return TruckLine(
        vehicle_id=route.vehicle_id,
        stops=len(route.stop_ids),
        length_m=route.length_m,
        duration_s=route.duration_s,
        weight_kg=sum(weights[stop] for stop in route.stop_ids),
        emptied_at=tuple(
            (v.ref, v.arrival_s) for v in route.visits if v.kind is VisitKind.DISPOSAL
        ),
    )


_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "photos": "Photos read",
        "containers": "Containers",
        "full": "Expected 80 % full or more",
        "trucks": "Trucks",
        "length": "Distance",
        "duration": "Crew time",
        "hours": "hours",
        "weight": "Waste",
        "unserved": "Could not be served",
        "plan": "Plan",
        "shape": "Shape of the routes",
        "shape_words": "stops {spread} km from the middle of their route, {overlap} of their "
        "neighbours on another truck, days of {shortest} to {longest} hours",
        "crossings": "stops reached from the other side of the street",
        "fallback": "FALLBACK",
        "known": "the solver failed; these are the known rounds",
    },
    "nl": {
        "photos": "Foto's gelezen",
        "containers": "Containers",
        "full": "Naar verwachting 80 % vol of meer",
        "trucks": "Wagens",
        "length": "Afstand",
        "duration": "Tijd van de ploegen",
        "hours": "uur",
        "weight": "Afval",
        "unserved": "Niet te bedienen",
        "plan": "Plan",
        "shape": "Vorm van de routes",
        "shape_words": "stops {spread} km van het midden van hun route, {overlap} van hun buren "
        "op een andere wagen, dagen van {shortest} tot {longest} uur",
        "crossings": "stops vanaf de overkant van de straat bereikt",
        "fallback": "TERUGVAL",
        "known": "de rekenmachine faalde; dit zijn de bekende rondes",
    },
}

_HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("Truck", "Stops", "km", "Hours", "Tonnes", "Empties at"),
    "nl": ("Wagen", "Stops", "km", "Uren", "Ton", "Leegt bij"),
}

_REASONS: dict[Language, dict[ReasonCode, str]] = {
    "en": {
        ReasonCode.OVERFLOW_CERTAIN: "would probably overflow",
        ReasonCode.OVERFLOW_SEEN: "seen overflowing",
        ReasonCode.CARRIED_OVER: "left behind earlier",
        ReasonCode.TOO_LONG_AGO: "not emptied for too long",
        ReasonCode.FIXED_SCHEDULE: "on fixed schedule",
        ReasonCode.WORTH_THE_DETOUR: "worth the detour",
        ReasonCode.RISK_IS_SMALL: "risk is small",
        ReasonCode.NOT_WORTH_THE_DETOUR: "not worth the detour",
        ReasonCode.COULD_NOT_SERVE: "could not be served",
        ReasonCode.LOOSE_WASTE: "loose waste",
        ReasonCode.BY_HAND: "by the planner's hand",
    },
    "nl": {
        ReasonCode.OVERFLOW_CERTAIN: "lopen waarschijnlijk over",
        ReasonCode.OVERFLOW_SEEN: "overvol gezien",
        ReasonCode.CARRIED_OVER: "eerder blijven staan",
        ReasonCode.TOO_LONG_AGO: "te lang niet geleegd",
        ReasonCode.FIXED_SCHEDULE: "op vaste ronde",
        ReasonCode.WORTH_THE_DETOUR: "omweg waard",
        ReasonCode.RISK_IS_SMALL: "risico is klein",
        ReasonCode.NOT_WORTH_THE_DETOUR: "omweg niet waard",
        ReasonCode.COULD_NOT_SERVE: "niet te bedienen",
        ReasonCode.LOOSE_WASTE: "los afval",
        ReasonCode.BY_HAND: "door de planner",
    },
}
