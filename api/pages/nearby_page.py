"""The page for residents: where the nearest container with room is."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.headers import WITH_POSITION
from api.pages.forms import FormErrors
from api.pages.rendering import render
from city.fraction import Fraction
from city.municipality import Municipality
from city.wording import FRACTION_NAMES, KIND_NAMES, Language
from operations.nearest_container import Near


def nearby_page(
    request: Request,
    municipality: Municipality,
    language: Language,
    fraction: Fraction = Fraction.RESIDUAL,
    address: str = "",
    found: Sequence[Near] | None = None,
    errors: FormErrors | None = None,
) -> HTMLResponse:
    """Return the page, with what was found where somebody asked; None where nobody could tell."""
    page = render(
        request,
        "nearby.html",
        language,
        here="nearby",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        fractions=FRACTION_NAMES[language].items(),
        kinds=KIND_NAMES[language],
        fraction=fraction,
        address=address,
        asked=request.method == "POST",
        found=found,
        errors=errors or {},
    )
    page.headers["Permissions-Policy"] = WITH_POSITION
    return page
