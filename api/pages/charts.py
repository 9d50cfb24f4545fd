"""Charts of the analyst's pages: what plotly is to draw, its look left to `charts.js`.

The shapes are plotly's (https://plotly.com/javascript/reference/). Plotly's Python is not imported:
a page needs its script alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from city.wording import Language
from operations.hold_expectations import HeldTally
from operations.list_simulations import PolicyTally
from vision.reliability import Bin

Chart = dict[str, Any]
SHARE = {"tickformat": ".0%", "range": [0, 1]}
SEPARATORS: dict[Language, str] = {"nl": ",.", "en": ".,"}
LARGEST_PX, LEAST_PX = 26, 7


def by_day_chart(
    days: Sequence[date], shares: Mapping[str, Sequence[float | None]], language: Language
) -> Chart:
    """Return shares over the days, a named line each; None leaves a gap."""
    at = [f"{day:%d-%m}" for day in days]
    lines = [
        {"x": at, "y": line, "name": name, "mode": "lines+markers", "cliponaxis": False}
        for name, line in shares.items()
    ]
    return _chart(lines, language, xaxis={"type": "category"}, yaxis=SHARE)


def by_place_chart(
    places: Sequence[tuple[str, HeldTally]], axes: tuple[str, str], language: Language
) -> Chart:
    """Return what was found over what was expected, a point for each place."""
    parts = [Bin(each.expected, each.found, each.n) for _, each in places]
    return _agreement(parts, [name for name, _ in places], axes, language, "markers")


def reliability_chart(bins: Sequence[Bin], axes: tuple[str, str], language: Language) -> Chart:
    """Return what came true over what was said."""
    return _agreement(bins, ["" for _ in bins], axes, language, "lines+markers")


def policies_chart(
    policies: Sequence[PolicyTally], names: Sequence[str], axes: tuple[str, str], language: Language
) -> Chart:
    """Return overflow-days over kilometres, a point a policy: down and to the left is better."""
    points = [
        {
            "x": [each.km],
            "y": [each.overflow_days],
            "name": name,
            "mode": "markers",
            "marker": {"size": 14},
        }
        for each, name in zip(policies, names, strict=True)
    ]
    numbers = {"rangemode": "tozero", "separatethousands": True, "exponentformat": "none"}
    across, up = ({**numbers, "title": {"text": axis}} for axis in axes)
    return _chart(points, language, xaxis=across, yaxis=up)


def _agreement(
    parts: Sequence[Bin],
    names: Sequence[str],
    axes: tuple[str, str],
    language: Language,
    mode: str,
) -> Chart:
    """Return points beside the line on which they would lie if all were right."""
    right = {
        "x": [0, 1],
        "y": [0, 1],
        "mode": "lines",
        "line": {"dash": "dot"},
        "hoverinfo": "skip",
    }
    most = max((part.n for part in parts), default=1)
    points = {
        "x": [part.predicted for part in parts],
        "y": [part.observed for part in parts],
        "text": [f"{name} (n = {part.n})" for part, name in zip(parts, names, strict=True)],
        "mode": mode,
        "cliponaxis": False,
        "marker": {"size": [max(LEAST_PX, LARGEST_PX * (p.n / most) ** 0.5) for p in parts]},
    }
    across, up = ({**SHARE, "title": {"text": axis}} for axis in axes)
    return _chart([right, points], language, xaxis=across, yaxis=up, showlegend=False)


def _chart(data: list[dict[str, Any]], language: Language, **layout: Any) -> Chart:
    return {"data": data, "layout": {**layout, "separators": SEPARATORS[language]}}
