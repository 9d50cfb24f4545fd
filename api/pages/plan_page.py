"""The plan as a page: the view that its template shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.documents.plans import Totals, sheet_href
from api.pages.rendering import moment, render, script_data
from api.pages.words import EVIDENCE_TEXTS, WORDS, for_scripts
from city.municipality import Municipality
from city.plan import Choice, Verdict, VisitKind
from city.wording import (
    FRACTION_NAMES,
    KIND_NAMES,
    VERDICT_NAMES,
    Language,
    clock,
    long_date,
    number,
    percent,
    reason_text,
)
from operations.base_map import BaseMap
from operations.read_sheet import media_type, sheet_language, sheet_name
from operations.show_plan import ShownPlan, ShownRoute, ShownVisit

COLOURS = 8
"""How many truck colours the style sheet knows."""

OTHER_PLANS = 8
LISTED_AT_MOST = 300
"""Of what can wait, the likeliest to overflow; a city has thousands, and the table has them."""
ORDER = (Verdict.MUST, Verdict.CHOSEN, Verdict.SKIP, Verdict.CARRIED)
CERTAIN = 0.99
SHEET_ORDER = ("pdf", "html", "gpx", "geojson", "csv")


def plan_page(
    request: Request,
    shown: ShownPlan,
    plan_ids: Sequence[str],
    base_map: BaseMap | None,
    language: Language,
) -> HTMLResponse:
    """Return the page of a plan."""
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
        totals=Totals.of(shown),
        figures=_figures(shown, language),
        summary=_summary(shown, language),
        left_out=_left_out(shown, language),
        verdicts=[
            {"code": v.value, "name": VERDICT_NAMES[language][v], "count": shown.count(v)}
            for v in ORDER
        ],
        routes=[_route(shown, i, route, language) for i, route in enumerate(shown.routes)],
        carried=_choices(shown, Verdict.CARRIED, language),
        skipped=_choices(shown, Verdict.SKIP, language),
        counts={"carried": shown.count(Verdict.CARRIED), "skip": shown.count(Verdict.SKIP)},
        rows=_rows(shown, language),
        other_plans=[plan_id for plan_id in plan_ids if plan_id != noun.id][:OTHER_PLANS],
        straight=any(not route.drawn.on_streets for route in shown.routes),
        scripts=_for_scripts(shown, base_map, language),
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


def _figures(shown: ShownPlan, language: Language) -> list[dict[str, str]]:
    t, stops = WORDS[language], sum(len(r.route.stop_ids) for r in shown.routes)
    figures = (
        ("figure_stops", number(stops, 0, language)),
        ("figure_trucks", number(len(shown.routes), 0, language)),
        ("figure_km", number(shown.noun.length_m / 1000, 1, language)),
        ("figure_hours", _hours(shown.duration_s)),
        ("figure_tonnes", number(shown.weight_kg / 1000, 1, language)),
        ("figure_left", number(shown.count(Verdict.CARRIED), 0, language)),
    )
    return [{"name": t[key], "value": value} for key, value in figures]


def _summary(shown: ShownPlan, language: Language) -> str:
    t, trucks = WORDS[language], len(shown.routes)
    loose = {c.container_id for c in shown.noun.choices if c.loose_waste}
    stops = [stop for r in shown.routes for stop in r.route.stop_ids]
    fetched = sum(stop in loose for stop in stops)
    of = Counter(c.verdict for c in shown.noun.choices if not c.loose_waste)
    said = t["summary"].format(
        trucks=t["truck_one"] if trucks == 1 else t["truck_many"].format(n=trucks),
        stops=len(stops) - fetched,
        containers=number(of.total(), 0, language),
        must=of[Verdict.MUST],
        chosen=of[Verdict.CHOSEN],
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
    route = each.route
    stops = len(route.stop_ids)
    t = WORDS[language]
    fractions = {v.container.fraction for v in each.visits if v.container}
    return {
        "index": index,
        "colour": index % COLOURS + 1,
        "id": route.vehicle_id,
        "name": each.vehicle_name,
        "fractions": ", ".join(FRACTION_NAMES[language][f] for f in sorted(fractions)),
        "stops": t["stop_one"] if stops == 1 else t["stops"].format(n=stops),
        "start": clock(route.visits[0].departure_s),
        "end": clock(route.visits[-1].arrival_s),
        "km": number(route.length_m / 1000, 1, language),
        "tonnes": number(each.weight_kg / 1000, 1, language),
        "visits": [_visit(shown, visit, language) for visit in each.visits],
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


def _visit(shown: ShownPlan, each: ShownVisit, language: Language) -> dict[str, Any]:
    visit, t = each.visit, WORDS[language]
    place = each.site.name if each.site else visit.ref
    view: dict[str, Any] = {"kind": visit.kind.value, "time": clock(visit.arrival_s)}
    match visit.kind:
        case VisitKind.STOP:
            return view | _container(shown, visit.ref, each.choice, language) | {
                "number": each.number
            }  # fmt: skip
        case VisitKind.START:
            return view | {"text": t["leave"].format(place=place), "time": clock(visit.departure_s)}
        case VisitKind.END:
            return view | {"text": t["return"].format(place=place)}
        case VisitKind.DISPOSAL:
            return view | {"text": t["empty_at"].format(place=place)}
        case VisitKind.BREAK:
            minutes = (visit.departure_s - visit.arrival_s) // 60
            return view | {"text": t["break"].format(minutes=minutes)}


def _container(
    shown: ShownPlan, container_id: str, choice: Choice | None, language: Language
) -> dict[str, Any]:
    container = shown.containers.get(container_id)
    view: dict[str, Any] = {
        "id": container_id,
        "address": (container.address if container else "") or container_id,
        "fraction": FRACTION_NAMES[language][container.fraction] if container else "",
        "fraction_code": container.fraction.value if container else "",
        "kind_name": KIND_NAMES[language][container.kind] if container else "",
        "verdict": "",
    }
    if choice:
        view |= {
            "verdict": choice.verdict.value,
            "verdict_name": VERDICT_NAMES[language][choice.verdict],
            "reason": reason_text(choice, language, shown.next_chance),
            "fill": choice.fill,
            "loose_waste": choice.loose_waste,
            "verdict_rank": ORDER.index(choice.verdict),
            "p_overflow": choice.p_overflow,
            "risk": "" if choice.loose_waste else _chance(choice.p_overflow),
        }
    return view


def _choices(shown: ShownPlan, verdict: Verdict, language: Language) -> list[dict[str, Any]]:
    found = [c for c in shown.noun.choices if c.verdict is verdict]
    found.sort(key=lambda c: -c.p_overflow)
    return [_container(shown, c.container_id, c, language) for c in found[:LISTED_AT_MOST]]


def _rows(shown: ShownPlan, language: Language) -> list[dict[str, Any]]:
    served = {
        visit.visit.ref: {"truck": route.route.vehicle_id, "number": visit.number,
                          "colour": i % COLOURS + 1}
        for i, route in enumerate(shown.routes)
        for visit in route.visits
        if visit.number
    }  # fmt: skip
    nothing = {"truck": "", "number": None, "colour": 0}
    found = sorted(shown.noun.choices, key=lambda c: -c.p_overflow)
    return [
        _container(shown, c.container_id, c, language) | served.get(c.container_id, nothing)
        for c in found
    ]


def _for_scripts(shown: ShownPlan, base_map: BaseMap | None, language: Language) -> str:
    bounds = shown.municipality.bounds
    return script_data(
        {
            "planId": shown.noun.id,
            "language": language,
            "now": shown.municipality.now().isoformat(),
            "timeZone": shown.municipality.time_zone,
            "bounds": [bounds.west, bounds.south, bounds.east, bounds.north],
            "baseMap": _base_map(base_map),
            "words": for_scripts(language),
            "evidence": EVIDENCE_TEXTS[language],
            "fractions": FRACTION_NAMES[language],
            "kinds": KIND_NAMES[language],
            "verdicts": VERDICT_NAMES[language],
        }
    )


def _base_map(drawn: BaseMap | None) -> dict[str, Any] | None:
    """Return what a browser needs to ask for the layers; the version makes a new map new."""
    return None if drawn is None else {"version": drawn.folder.name, "layers": list(drawn.layers)}


def _chance(p: float) -> str:
    """Return a probability that never claims to be certain."""
    if p > CERTAIN:
        return f"> {percent(CERTAIN)}"
    return f"< {percent(1 - CERTAIN)}" if p < 1 - CERTAIN else percent(p)


def _hours(duration_s: int) -> str:
    minutes = round(duration_s / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
