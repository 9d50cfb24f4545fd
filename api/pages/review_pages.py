"""The analyst's reviews as pages: which photos to look over, and one of them with its boxes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.rendering import moment, render
from api.pages.review_words import SENT_TO_REVIEW
from api.pages.words import CATEGORY_NAMES, WORDS
from city.municipality import Municipality
from city.wording import Language
from operations.review_photo import ToReview, judged
from vision.classes import NAMES

MOST_SHOWN = 60


class Show(StrEnum):
    """Which photos the page shows."""

    ALL = "all"
    OPEN = "open"
    REVIEWED = "reviewed"
    MISTAKES = "mistakes"


def reviews_page(
    request: Request,
    municipality: Municipality,
    every: Sequence[ToReview],
    show: Show,
    category: str,
    language: Language,
) -> HTMLResponse:
    """Return the page of the photos that fit a filter."""
    tallies, mistakes = judged(every)
    names = CATEGORY_NAMES[language]
    kept = [one for one in every if _fits(one, show, category, mistakes)]
    return render(
        request,
        "reviews.html",
        language,
        here="reviews",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        photos=[_row(one, mistakes, municipality, language) for one in kept[:MOST_SHOWN]],
        shown=show,
        shows=list(Show),
        category=category,
        categories=[(name, names[name]) for name in NAMES],
        reviewed=sum(one.review is not None for one in every),
        count=len(every),
        tallies=[
            {
                "name": names[one.category],
                "right": one.right,
                "wrong": one.wrong,
                "missed": one.missed,
                "precision": _part(one.right, one.wrong),
                "recall": _part(one.right, one.missed),
            }
            for one in tallies
        ],
    )


def review_page(
    request: Request,
    municipality: Municipality,
    one: ToReview,
    next_id: str | None,
    language: Language,
) -> HTMLResponse:
    """Return the page on which one photo is looked over."""
    names = CATEGORY_NAMES[language]
    return render(
        request,
        "review.html",
        language,
        here="reviews",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        photo=_row(one, {}, municipality, language),
        data={
            "language": language,
            "photoId": one.photo.id,
            "width": one.photo.width_px,
            "height": one.photo.height_px,
            "next": next_id,
            "categories": [{"id": name, "name": names[name]} for name in NAMES],
            "labels": [{"category": e.category, "bbox": list(e.bbox)} for e in one.labels],
            "words": {key: WORDS[language][key] for key in SENT_TO_REVIEW},
        },
    )


def _fits(one: ToReview, show: Show, category: str, mistakes: dict[str, int]) -> bool:
    looked_at = one.review is not None
    right_state = {
        Show.ALL: True,
        Show.OPEN: not looked_at,
        Show.REVIEWED: looked_at,
        Show.MISTAKES: mistakes.get(one.photo.id, 0) > 0,
    }[show]
    named = {label.category for label in one.labels} | {each.category for each in one.photo.seen}
    return right_state and (not category or category in named)


def _row(
    one: ToReview, mistakes: dict[str, int], municipality: Municipality, language: Language
) -> dict[str, Any]:
    words, names, review = WORDS[language], CATEGORY_NAMES[language], one.review
    count = mistakes.get(one.photo.id, 0)
    state = words["not_reviewed"]
    if review:
        when = moment(review.at, municipality, language)
        state = words["reviewed_by"].format(by=review.by, when=when)
    return {
        "id": one.photo.id,
        "file_name": one.photo.file_name,
        "when": moment(one.photo.taken_at, municipality, language),
        "width": one.photo.width_px,
        "height": one.photo.height_px,
        "labels": [
            {"category": each.category, "name": names[each.category], "bbox": each.bbox}
            for each in one.labels
        ],
        "reviewed": review is not None,
        "state": state,
        "mistakes": words["mistakes_one"]
        if count == 1
        else words["mistakes_many"].format(n=count)
        if count
        else words["no_mistakes"],
    }


def _part(right: int, others: int) -> float | None:
    return right / (right + others) if right + others else None
