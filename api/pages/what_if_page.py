"""What a plan's day would come to by other thresholds, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.rendering import moment, render, script_data
from api.pages.words import for_scripts
from city.what_if import WhatIf
from city.wording import Language, long_date, number
from operations.settings import Settings
from operations.show_plan import ShownPlan
from operations.what_if import in_force


def what_if_page(
    request: Request,
    shown: ShownPlan,
    found: Sequence[WhatIf],
    settings: Settings,
    language: Language,
) -> HTMLResponse:
    """Return the page of what was worked out about a plan, and the form that asks for more."""
    now = in_force(settings)
    known = next((each for each in found if each.thresholds == now), None)
    noted = shown.provenance.get("asOf")
    as_of = datetime.fromisoformat(noted) if noted else shown.noun.made_at
    return render(
        request,
        "what_if.html",
        language,
        here="what-if",
        municipality_name=shown.municipality.name,
        notice=shown.municipality.notice(language),
        plan_id=shown.noun.id,
        day=long_date(shown.noun.day, language),
        next_chance=long_date(shown.next_chance, language) if shown.next_chance else None,
        made_at=moment(as_of, shown.municipality, language),
        now=now,
        seconds=settings.solve_seconds,
        rows=[(each, each is known, *_against(each, known, language)) for each in found],
        scripts=script_data(
            {
                "planId": shown.noun.id,
                "language": language,
                "words": for_scripts(language),
            }
        ),
    )


def _against(each: WhatIf, known: WhatIf | None, language: Language) -> tuple[str, str]:
    """Return by how much kilometres and overflows differ from those of the thresholds in force."""
    if known is None or each is known:
        return "", ""
    km = (each.length_m - known.length_m) / 1000
    return _change(km, language), _change(
        each.expected_overflows - known.expected_overflows, language
    )


def _change(value: float, language: Language) -> str:
    size = number(abs(value), 1, language)
    if size == number(0, 1, language):
        return f"±{size}"
    return ("+" if value > 0 else "\N{MINUS SIGN}") + size
