"""An evaluation as one page that holds everything in itself, in Dutch or in English."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from city.wording import Language
from operations.evaluation_plots import COLOURS, precision_recall_plot, reliability_plot
from operations.evaluation_words import PARTS, WORDS
from vision.classes import CLASSES
from vision.confusion import NOTHING
from vision.evaluate import ALL, ANY_CONTAINER, Evaluation, Row
from vision.gallery import Picture

CLASS_HEAD = ("AP50", "AP50-95", "precision", "recall", "F1")
PART_HEAD = ("AP50", "precision", "recall", "F1")
AVERAGES = {"AP50": "mAP50", "AP50-95": "mAP50-95"}
CALIBRATION = ("score ECE", "P(overflowing) ECE", "P(overflowing) Brier skill")


def page(
    told: Sequence[Evaluation],
    differences: Sequence[Row],
    gallery: Sequence[Picture],
    file_names: Sequence[str],
    provenance: dict[str, Any],
    language: Language,
) -> str:
    """Return the page; the gallery is of the first model's mistakes."""
    words = WORDS[language]
    shown = _Shown(language)
    return _template().render(
        language=language,
        words=words,
        provenance=provenance,
        made_at=provenance["made_at"][:16].replace("T", " ") + " UTC",
        working_score=shown.number(provenance["working_score"], 2),
        colours=COLOURS,
        models=[one.version for one in told],
        class_head=CLASS_HEAD,
        classes=_table(told, shown, ["all"], CLASS_HEAD),
        part_head=PART_HEAD,
        parts=_table(told, shown, [p for p in _parts(told) if p != "all"], PART_HEAD),
        types=[
            (shown.part(row.part), one.version, shown.figure(row), row.n)
            for one in told
            for row in one.rows
            if row.part.startswith("type ")
        ],
        differences=[(shown.name(r.name), shown.figure(r), _sure(r)) for r in differences],
        calibration=[
            (words.get(row.metric, row.metric), one.version, shown.figure(row), row.n)
            for one in told
            for row in one.rows
            if row.metric in CALIBRATION
        ],
        curves=_curves(told, shown, words),
        reliability=_reliability(told, words),
        confusion=[_confusion(one, shown) for one in told],
        gallery=[_picture(p, file_names, shown) for p in sorted(gallery, key=_kind)],
    )


class _Shown:
    """Names and figures as a reader of one language writes them."""

    def __init__(self, language: Language) -> None:
        words = WORDS[language]
        self._language = language
        self._names = {ALL: words["all_classes"], ANY_CONTAINER: words["any_container"]}
        self._names |= {NOTHING: words["nothing"]}
        self._names |= {c.name: c.dutch if language == "nl" else c.english for c in CLASSES}

    def name(self, name: str) -> str:
        return self._names[name]

    def part(self, part: str) -> str:
        return PARTS[self._language].get(part.removeprefix("type "), part.removeprefix("type "))

    def number(self, value: float, decimals: int = 3) -> str:
        if math.isnan(value):
            return "–"
        return f"{value:.{decimals}f}".replace(".", "," if self._language == "nl" else ".")

    def figure(self, row: Row) -> tuple[str, str]:
        """Return a value and its interval, the latter empty where there is none."""
        if math.isnan(row.low):
            return self.number(row.value), ""
        return self.number(row.value), f"{self.number(row.low)} – {self.number(row.high)}"


def _parts(told: Sequence[Evaluation]) -> list[str]:
    every = [r.part for one in told for r in one.rows if not r.part.startswith("type ")]
    return list(dict.fromkeys(every))


def _table(
    told: Sequence[Evaluation], shown: _Shown, parts: Sequence[str], head: Sequence[str]
) -> list[dict[str, Any]]:
    """Return a row for each slice, class and model that has figures."""
    figures = {
        (row.part, row.name, one.version, row.metric): row for one in told for row in one.rows
    }
    names = list(dict.fromkeys(row.name for one in told for row in one.rows))
    lines = []
    for part in parts:
        for name in names:
            for one in told:
                metrics = [AVERAGES.get(m, m) if name == ALL else m for m in head]
                cells = [figures.get((part, name, one.version, metric)) for metric in metrics]
                there = [cell for cell in cells if cell is not None]
                if there:
                    lines.append(
                        {
                            "part": shown.part(part),
                            "name": shown.name(name),
                            "model": one.version,
                            "n": there[0].n,
                            "cells": [shown.figure(c) if c else ("", "") for c in cells],
                        }
                    )
    return lines


def _sure(row: Row) -> bool:
    return row.low > 0 or row.high < 0


def _curves(
    told: Sequence[Evaluation], shown: _Shown, words: dict[str, str]
) -> list[tuple[str, Markup]]:
    axes = (words["recall"], words["precision"])
    names = list(dict.fromkeys(name for one in told for name in one.curves))
    return [
        (
            shown.name(name),
            Markup(
                precision_recall_plot(
                    shown.name(name), axes, [one.curves.get(name, ()) for one in told]
                )
            ),
        )
        for name in names
    ]


def _reliability(told: Sequence[Evaluation], words: dict[str, str]) -> list[tuple[str, Markup]]:
    axes = (words["said"], words["came_true"])
    parts = [(words["score_right"], [one.right for one in told])]
    if any(one.overflowing for one in told):
        parts.append((words["p_overflowing"], [one.overflowing for one in told]))
    return [(title, Markup(reliability_plot(title, axes, bins))) for title, bins in parts]


def _confusion(one: Evaluation, shown: _Shown) -> dict[str, Any]:
    names = one.confusion.names
    there = [i for i, row in enumerate(one.confusion.counts) if any(row) or names[i] == NOTHING]
    return {
        "model": one.version,
        "found": [shown.name(name) for name in names],
        "rows": [
            (
                shown.name(names[i]),
                [
                    (n, i == j and names[i] != NOTHING)
                    for j, n in enumerate(one.confusion.counts[i])
                ],
            )
            for i in there
        ],
    }


def _kind(picture: Picture) -> tuple[int, float]:
    mistake = picture.mistake
    kind = 0 if mistake.true == NOTHING else 2 if mistake.found == NOTHING else 1
    return kind, -mistake.badness


def _picture(picture: Picture, file_names: Sequence[str], shown: _Shown) -> dict[str, Any]:
    mistake = picture.mistake
    return {
        "data": b64encode(picture.jpeg).decode(),
        "true": shown.name(mistake.true),
        "found": shown.name(mistake.found),
        "score": shown.number(mistake.score) if mistake.found != NOTHING else "",
        "photo": file_names[mistake.photo],
    }


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("operations"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("evaluation.html")
