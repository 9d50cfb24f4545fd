"""Drawings of an evaluation report, as SVG: it is one file, to be sent and kept."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from vision.reliability import Bin

WIDTH, HEIGHT, EDGE = 300, 240, 34
COLOURS = ("#0b5cad", "#c2410c")
TICKS = (0, 0.25, 0.5, 0.75, 1)


def precision_recall_plot(
    title: str, axes: tuple[str, str], curves: Sequence[Sequence[float]]
) -> str:
    """Return precision over recall, a line a model; (101,) precisions each."""
    last = max((len(curve) for curve in curves), default=2) - 1
    lines = [
        _line([(i / last, y) for i, y in enumerate(curve)], COLOURS[k])
        for k, curve in enumerate(curves)
    ]
    return _plot(title, axes, lines)


def reliability_plot(title: str, axes: tuple[str, str], models: Sequence[Sequence[Bin]]) -> str:
    """Return what came true over what was said; points grow with how many there are."""
    marks = [_line([(0, 0), (1, 1)], "#767676", dashed=True)]
    for colour, bins in zip(COLOURS, models, strict=False):
        most = max((part.n for part in bins), default=1)
        marks.append(_line([(part.predicted, part.observed) for part in bins], colour))
        marks += [_point(part, most, colour) for part in bins]
    return _plot(title, axes, marks)


def _point(part: Bin, most: int, colour: str) -> str:
    told = f"{part.predicted:.2f}: {part.observed:.2f} (n = {part.n})"
    return (
        f'<circle cx="{_x(part.predicted):.1f}" cy="{_y(part.observed):.1f}" '
        f'r="{2 + 6 * (part.n / most) ** 0.5:.1f}" fill="{colour}" fill-opacity="0.55">'
        f"<title>{told}</title></circle>"
    )


def _plot(title: str, axes: tuple[str, str], marks: Sequence[str]) -> str:
    grid = "".join(
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(t):.1f}" y2="{_y(t):.1f}" stroke="#ddd"/>'
        f'<text x="{_x(0) - 5}" y="{_y(t) + 4:.1f}" text-anchor="end">{t:g}</text>'
        f'<text x="{_x(t):.1f}" y="{_y(0) + 15}" text-anchor="middle">{t:g}</text>'
        for t in TICKS
    )
    across, up = map(escape, axes)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'font-size="11" fill="#333">{grid}'
        f'<text x="{_x(0.5):.0f}" y="{HEIGHT - 3}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(9 {_y(0.5):.0f}) rotate(-90)" text-anchor="middle">{up}'
        f"</text>{''.join(marks)}</svg>"
    )


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    places = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _x(part: float) -> float:
    return EDGE + 8 + part * (WIDTH - EDGE - 18)


def _y(part: float) -> float:
    return 8 + (1 - part) * (HEIGHT - EDGE - 10)
