"""The photos as a page: blurred copies, with what was seen in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.rendering import moment, render
from api.pages.words import CATEGORY_NAMES
from city.municipality import Municipality
from city.photo import PhotoRecord
from city.wording import Language

SHOWN_FROM_SCORE = 0.25


def photos_page(
    request: Request, municipality: Municipality, photos: Sequence[PhotoRecord], language: Language
) -> HTMLResponse:
    """Return the page of some photos."""
    return render(
        request,
        "photos.html",
        language,
        here="photos",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        photos=[_view(photo, municipality, language) for photo in photos],
    )


def _view(photo: PhotoRecord, municipality: Municipality, language: Language) -> dict[str, object]:
    names = CATEGORY_NAMES[language]
    seen = [
        {
            "category": each.category,
            "name": names.get(each.category, each.category),
            "bbox": each.bbox,
            "score": each.score,
            "container_id": each.container_id,
        }
        for each in photo.seen
        if each.score >= SHOWN_FROM_SCORE
    ]
    counts = Counter(str(each["name"]) for each in seen)
    return {
        "id": photo.id,
        "file_name": photo.file_name,
        "when": moment(photo.taken_at, municipality, language),
        "width": photo.width_px,
        "height": photo.height_px,
        "blurred_share": photo.blurred_share,
        "seen": seen,
        "containers": sorted({each.container_id for each in photo.seen if each.container_id}),
        "summary": ", ".join(f"{n} × {name}" for name, n in counts.most_common()),
    }
