"""Jinja, and what every page is rendered with."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.cookies import keep_language
from api.pages.account_words import ROLE_NAMES
from api.pages.desks import HOMES, desks_of
from api.pages.words import WORDS
from city.account import Visitor
from city.municipality import Municipality
from city.wording import LANGUAGES, Language, clock, long_date, number, percent
from routing.roads import OSM_ATTRIBUTION

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LANGUAGE_NAMES: dict[Language, str] = {"nl": "Nederlands", "en": "English"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    return environment


def render(
    request: Request,
    template: str,
    language: Language,
    status: HTTPStatus = HTTPStatus.OK,
    **content: Any,
) -> HTMLResponse:
    """Return a page in a language."""
    content.setdefault("municipality_name", "")
    content.setdefault("notice", "")
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=WORDS[language],
            language=language,
            languages=[_switch(request, each) for each in LANGUAGES],
            attribution=OSM_ATTRIBUTION,
            number=lambda value, decimals=0: number(value, decimals, language),
            q=f"?language={language}",
            visitor=visitor,
            desks=desks_of(visitor),
            demo=_demo(request, visitor, language),
            tokens=_tokens(request, visitor),
            **content,
        )
    )
    answer = HTMLResponse(html, status, headers={"Content-Language": language})
    keep_language(request, answer, language)
    return answer


def script_data(data: dict[str, Any]) -> str:
    """Return data as JSON that may stand within a script element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def moment(when: datetime, municipality: Municipality, language: Language) -> str:
    """Return a day and a time of day on the city's clock, in words."""
    local = when.astimezone(municipality.zone)
    time_s = local.hour * 3600 + local.minute * 60
    return f"{long_date(local.date(), language)}, {clock(time_s)}"


def _demo(request: Request, visitor: Visitor | None, language: Language) -> dict[str, Any] | None:
    """Return what demo mode says on every page: as whom one looks on, and as whom one could."""
    server = getattr(request.app.state, "server", None)
    if server is None or server.demo is None:
        return None
    names = ROLE_NAMES[language]
    mine = visitor.roles if visitor else frozenset()
    return {
        "role": ", ".join(names[role] for role in sorted(mine)),
        "others": [{"role": r.value, "name": names[r]} for r in HOMES if mine and r not in mine],
    }


def _tokens(request: Request, visitor: Visitor | None) -> str | None:
    """Return the address of the municipality's own colours, which changes when they do."""
    server = getattr(request.app.state, "server", None)
    if server is None:
        return None
    mine = visitor.municipality_id if visitor else server.settings.municipality
    path = server.settings.tokens(mine)
    return f"/tokens/{mine}.css?v={path.stat().st_mtime_ns}" if path.is_file() else None


def _switch(request: Request, language: Language) -> dict[str, str]:
    query = dict(request.query_params) | {"language": language}
    href = f"{request.url.path}?{urlencode(query)}"
    return {"code": language, "name": LANGUAGE_NAMES[language], "href": href}
