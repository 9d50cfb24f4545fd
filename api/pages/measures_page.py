"""What an analyst watches, as a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.charts import (
    Chart,
    by_day_chart,
    by_place_chart,
    policies_chart,
    reliability_chart,
)
from api.pages.rendering import moment, render
from api.pages.words import WORDS, Words
from city.municipality import Municipality
from city.wording import Language, long_date, number, percent
from operations.list_evaluations import KeptEvaluation
from operations.list_simulations import KeptSimulation
from operations.measure_city import Measures
from operations.score_shadow import Agreed, Subject, Term
from vision.detector import CALIBRATION
from vision.reliability import Bin
from vision.weights import shipped_text

SPANS_DAYS = (7, 28, 91)


@dataclass(frozen=True)
class MeasuresView:
    """All that the page shows.

    Parameters
    ----------
    agreed : for shadow mode; None where nothing was.
    span_days : of the period that `found` is of.
    """

    found: Measures
    agreed: Agreed | None
    reports: Sequence[KeptEvaluation]
    simulations: Sequence[KeptSimulation]
    span_days: int


def measures_page(
    request: Request, municipality: Municipality, view: MeasuresView, language: Language
) -> HTMLResponse:
    """Return the page of a period's measures."""
    words, found = WORDS[language], view.found
    calibration = json.loads(shipped_text(f"detector/{CALIBRATION}"))
    told = next(iter(calibration.get("scored", ())), None)
    bins = [Bin(*row) for row in told["reliability"]] if told else []
    return render(
        request,
        "measures.html",
        language,
        here="measures",
        municipality_name=municipality.name,
        notice=municipality.notice(language),
        found=found,
        first=long_date(found.first, language),
        last=long_date(found.last, language),
        last_photo=moment(found.last_photo, municipality, language) if found.last_photo else None,
        spans=SPANS_DAYS,
        span=view.span_days,
        agreed=view.agreed,
        terms=[*_terms(view.agreed, language)],
        agreed_period=_period(view.agreed, language),
        simulations=[*_simulated(view.simulations, words, language)],
        shipped=calibration.get("detector"),
        detectors=[
            (one, *(moment(at, municipality, language) for at in (one.first, one.last)))
            for one in found.detectors
        ],
        reports=[(one, moment(one.made_at, municipality, language)) for one in view.reports],
        days=[(one, long_date(one.day, language)) for one in found.days],
        scored=told,
        held_days=[(long_date(day, language), tally) for day, tally in found.held_days],
        charts=_charts(found, bins, words, language),
    )


def _charts(
    found: Measures, bins: Sequence[Bin], words: Words, language: Language
) -> dict[str, Chart]:
    """Return the charts that stand beside the period's tables."""
    held = {
        words["expected"]: [each.expected for _, each in found.held_days],
        words["found"]: [each.found for _, each in found.held_days],
    }
    seen: dict[str, Sequence[float | None]] = {
        words["mean_score"]: [each.mean_score for each in found.days],
        words["overflowing_share"]: [each.overflowing_share for each in found.days],
        words["blurred_column"]: [each.blurred_share for each in found.days],
    }
    said = words["said_axis"], words["true_axis"]
    expected = words["expected"], words["found"]
    return {
        "held_days": by_day_chart([day for day, _ in found.held_days], held, language),
        "held_places": by_place_chart(found.held_places, expected, language),
        "photos": by_day_chart([each.day for each in found.days], seen, language),
        "reliability": reliability_chart(bins, said, language),
    }


def _period(agreed: Agreed | None, language: Language) -> str:
    if agreed is None or agreed.agreement is None:
        return ""
    first, last = (long_date(d, language) for d in (agreed.agreement.first, agreed.agreement.last))
    return WORDS[language]["from_to"].format(first=first, last=last)


def _terms(agreed: Agreed | None, language: Language) -> Iterator[dict[str, Any]]:
    """Yield each thing that was agreed, and what came of it, as the page writes them."""
    for term in agreed.terms if agreed else ():
        subject = term.subject
        shares = subject in (Subject.FILL, Subject.LATE)
        say = percent if shares else _plain(subject, language)
        yield {
            "name": WORDS[language][f"agreed_{subject}"],
            "agreed": say(term.agreed),
            "found": WORDS[language]["unknown"] if term.found is None else say(term.found),
            "kept": WORDS[language][_verdict(term)],
            "is_kept": term.is_kept,
        }


def _verdict(term: Term) -> str:
    if term.found is None:
        return "term_open"
    return "term_kept" if term.is_kept else "term_broken"


def _plain(subject: Subject, language: Language) -> Callable[[float], str]:
    return partial(number, decimals=1 if subject is Subject.KM else 0, language=language)


def _simulated(
    simulations: Sequence[KeptSimulation], words: Words, language: Language
) -> Iterator[tuple[KeptSimulation, list[str], Chart]]:
    """Yield each result with its policies' names and its chart."""
    axes = "km", words["overflow_days"]
    for one in simulations:
        names = [words.get(f"policy_{each.policy}", each.policy) for each in one.policies]
        yield one, names, policies_chart(one.policies, names, axes, language)
