"""The plan as a page: the view that its template shows; the lists are filled in by the scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.documents.plans import sheet_href
from api.pages.rendering import moment, render, script_data
from api.pages.words import EVIDENCE_TEXTS, PLANNER_FAULTS, PLANNER_RULES, WORDS, for_scripts
from city.fleet import DAY_S, Fleet
from city.municipality import Municipality
from city.plan import Verdict
from city.wording import (
    FRACTION_NAMES,
    KIND_NAMES,
    VERDICT_NAMES,
    Language,
    clock,
    long_date,
    number,
)
from operations.base_map import BaseMap
from operations.compare_plans import Figures
from operations.plan_history import History, VersionKind
from operations.read_sheet import media_type, sheet_language, sheet_name
from operations.show_plan import ShownPlan, ShownRoute

COLOURS = 8
"""How many truck colours the style sheet knows."""

ORDER = (Verdict.MUST, Verdict.CHOSEN, Verdict.SKIP, Verdict.CARRIED)
SHEET_ORDER = ("pdf", "html", "gpx", "geojson", "csv")


@dataclass(frozen=True)
class PlanView:
    """All that the page of a plan shows.

    Parameters
    ----------
    beside : the figures of the version before, or of the rounds that the crews know.
    has_positions : whether crews can share where they are.
    fleet : the city's own, of which a day may have a part.
    """

    shown: ShownPlan
    history: History
    beside: Figures | None
    base_map: BaseMap | None
    has_positions: bool
    fleet: Fleet


def plan_page(request: Request, view: PlanView, language: Language) -> HTMLResponse:
    """Return the page of a plan."""
    shown = view.shown
    noun = shown.noun
    return render(
        request,
        "plan.html",
        language,
        here="plan",
        municipality_name=shown.municipality.name,
        notice=shown.municipality.notice(language),
        plan=noun,
        day=_capital(long_date(noun.day, language)),
        made_at=WORDS[language]["made_at"].format(
            when=moment(noun.made_at, shown.municipality, language)
        ),
        state=_state(view, language),
        figures=_figures(view, language),
        beside_name=_beside_name(view, language),
        summary=_summary(shown, language),
        left_out=_left_out(shown, language),
        left=shown.count(Verdict.CARRIED),
        broken=shown.provenance.get("violations", ()),
        verdicts=[
            {"code": v.value, "name": VERDICT_NAMES[language][v], "count": shown.count(v)}
            for v in ORDER
        ],
        routes=[_route(shown, i, route, language) for i, route in enumerate(shown.routes)],
        has_sheets=any(
            sheet["href"].endswith(".pdf") and f"/{language}/" in sheet["href"]
            for each in shown.routes
            for sheet in _sheets(noun.id, each, language)
        ),
        versions=_versions(view, language),
        before=view.history.before,
        is_undone=view.history.is_undone,
        other_days=[(each.id, long_date(each.day, language)) for each in view.history.other_days],
        vehicles=[{"id": v.id, "name": v.name} for v in shown.vehicles],
        crews=[*_crews(view)],
        scripts=_for_scripts(view, language),
    )


def no_plan_page(request: Request, municipality: Municipality, language: Language) -> HTMLResponse:
    """Return the page that says that there is no plan yet."""
    return render(
        request,
        "no_plan.html",
        language,
        here="plan",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        scripts=script_data({"words": for_scripts(language), "language": language}),
    )


def _crews(view: PlanView) -> Iterator[dict[str, Any]]:
    """Yield each truck of the city, and whether and when it drives by this plan's day."""
    drives = {vehicle.id: vehicle for vehicle in view.shown.vehicles}
    for vehicle in view.fleet.vehicles:
        shift = drives.get(vehicle.id, vehicle).shift
        yield {
            "id": vehicle.id,
            "name": vehicle.name,
            "drives": vehicle.id in drives,
            "start": clock(shift.start_s % DAY_S),
            "end": clock(shift.end_s % DAY_S),
        }


def _state(view: PlanView, language: Language) -> dict[str, str]:
    """Return how far the plan is, in a word and in a sentence."""
    t, (state, publication) = WORDS[language], view.history.publication
    if view.history.is_undone:
        return {"code": "undone", "name": t["state_undone"], "text": t["undone_text"]}
    text = t["draft_text"]
    if publication:
        when = moment(publication.at, view.shown.municipality, language)
        text = t[f"{state}_text"].format(when=when, by=publication.by)
    return {"code": state.value, "name": t[f"state_{state}"], "text": text}


def _figures(view: PlanView, language: Language) -> list[dict[str, str]]:
    """Return the figures, each with how it differs from the plan beside."""
    t, now, was = WORDS[language], Figures.of(view.shown.noun), view.beside
    figures = (
        ("figure_stops", "stops", 1, 0),
        ("figure_trucks", "trucks", 1, 0),
        ("figure_km", "length_m", 1000, 1),
        ("figure_hours", "duration_s", 0, 0),
        ("figure_tonnes", "weight_kg", 1000, 1),
        ("figure_left", "left_out", 1, 0),
    )
    told = []
    for key, name, unit, decimals in figures:
        value = getattr(now, name)
        change = value - getattr(was, name) if was else 0
        say = partial(number, decimals=decimals, language=language) if unit else _hours
        sign = "+" if change > 0 else "\N{MINUS SIGN}"
        size, nothing = say(abs(change) / (unit or 1)), say(0)
        changed = sign + size if size != nothing else ""
        told.append({"name": t[key], "value": say(value / (unit or 1)), "change": changed})
    return told


def _beside_name(view: PlanView, language: Language) -> str:
    if view.beside is None:
        return ""
    return WORDS[language]["beside_version" if view.history.before else "beside_known"]


def _summary(shown: ShownPlan, language: Language) -> str:
    t, trucks = WORDS[language], len(shown.routes)
    loose = {c.container_id for c in shown.noun.choices if c.loose_waste}
    stops = [stop for r in shown.routes for stop in r.route.stop_ids]
    fetched = sum(stop in loose for stop in stops)
    of = Counter(c.verdict for c in shown.noun.choices if not c.loose_waste)
    said = t["summary"].format(
        trucks=t["truck_one"] if trucks == 1 else t["truck_many"].format(n=trucks),
        stops=number(len(stops) - fetched, 0, language),
        containers=number(of.total(), 0, language),
        must=number(of[Verdict.MUST], 0, language),
        chosen=number(of[Verdict.CHOSEN], 0, language),
        skipped=number(of[Verdict.SKIP], 0, language),
    )
    if not fetched:
        return said
    return said + (t["loose_one"] if fetched == 1 else t["loose_many"].format(n=fetched))


def _left_out(shown: ShownPlan, language: Language) -> str:
    t, left = WORDS[language], shown.count(Verdict.CARRIED)
    if not left:
        return t["all_served"]
    return t["left_one"] if left == 1 else t["left_many"].format(n=left)


def _route(shown: ShownPlan, index: int, each: ShownRoute, language: Language) -> dict[str, Any]:
    """Return a round as its head shows it; its stops are listed when it is opened."""
    route, t = each.route, WORDS[language]
    stops = len(route.stop_ids)
    fractions = {v.container.fraction for v in each.visits if v.container}
    return {
        "id": route.vehicle_id,
        "name": each.vehicle_name,
        "colour": index % COLOURS + 1,
        "fractions": ", ".join(sorted(FRACTION_NAMES[language][f] for f in fractions)),
        "start": clock(route.visits[0].departure_s),
        "end": clock(route.visits[-1].arrival_s),
        "stops": t["stop_one"] if stops == 1 else t["stops"].format(n=stops),
        "km": number(route.length_m / 1000, 1, language),
        "tonnes": number(each.weight_kg / 1000, 1, language),
        "sheets": _sheets(shown.noun.id, each, language),
    }


def _sheets(plan_id: str, each: ShownRoute, language: Language) -> list[dict[str, str]]:
    mine = [r for r in each.sheets if sheet_language(r) == language] or list(each.sheets)
    found = [
        {
            "format": sheet_name(r).rsplit(".", 1)[-1],
            "href": sheet_href(plan_id, r),
            "type": media_type(sheet_name(r)),
        }
        for r in mine
    ]
    return sorted(found, key=lambda sheet: (*SHEET_ORDER, sheet["format"]).index(sheet["format"]))


def _versions(view: PlanView, language: Language) -> list[dict[str, Any]]:
    """Return the versions of the day, the newest first, each with what made it."""
    t = WORDS[language]
    return [
        {
            "id": each.entry.id,
            "when": moment(each.entry.made_at, view.shown.municipality, language),
            "what": t[_what(each.kind)].format(stop=each.stop_id, truck=each.vehicle_id),
            "state": t["state_undone"]
            if each.entry.undone_at
            else t["state_published"]
            if each.is_driven
            else "",
            "here": each.entry.id == view.shown.noun.id,
        }
        for each in view.history.versions
    ]


def _what(kind: VersionKind) -> str:
    return f"version_{kind.replace('-', '_')}"


def _for_scripts(view: PlanView, language: Language) -> str:
    shown, drawn = view.shown, view.base_map
    bounds, now = shown.extent, shown.municipality.now()
    # A version of the map in its address makes a new map new.
    base_map = drawn and {"version": drawn.folder.name, "layers": list(drawn.layers)}
    return script_data(
        {
            "planId": shown.noun.id,
            "day": shown.noun.day.isoformat(),
            "language": language,
            "now": now.isoformat(),
            "timeZone": shown.municipality.time_zone,
            "bounds": [bounds.west, bounds.south, bounds.east, bounds.north],
            "baseMap": base_map,
            "positions": view.has_positions,
            "words": for_scripts(language),
            "evidence": EVIDENCE_TEXTS[language],
            "fractions": FRACTION_NAMES[language],
            "kinds": KIND_NAMES[language],
            "verdicts": VERDICT_NAMES[language],
            "rules": PLANNER_RULES[language],
            "faults": PLANNER_FAULTS[language],
        }
    )


def _hours(duration_s: float) -> str:
    minutes = round(duration_s / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
