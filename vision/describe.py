"""All that is known of a model, from the files beside it: its card.

``record.json`` is of the training, ``calibration.json`` of what its scores are worth,
``side_waste.json`` of what renderings taught, and ``evaluation.json`` of how it did on labelled
photos; what is missing is left out, and said so.
"""
# ruff: noqa: E501 (a row of a Markdown table is one line)

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.card import card

CARD, EVALUATION = "card.md", "evaluation.json"
Told = Mapping[str, Any]

READINGS = """
## What its readings are worth
Of each container the two classes' scores are turned into P(overflowing) by a logistic regression and
an isotonic curve, kept in `calibration.json` with every score and outcome that they come from. They
were fitted on {fitted} photos of {set} and scored on the other {scored}:

| counted | containers and false boxes | of these overflowing | not seen | false | ECE, 15 bins | ECE by chance alone | Brier skill over the base rate |
|---|---|---|---|---|---|---|---|
{rows}

Intervals hold 95 %, over the photos. "ECE by chance" is what perfect probabilities would show on as many. A container is read from a score
of {min_score:.2f} on, where about one in five is real. The curves hold for photos like those: on other
streets they are a guess, and only inspection there makes them more.

- **Fill**: a closed or underground container shows nothing of its content, so nothing is said of it.
  Where waste sticks out, the fill is put at 1.2 of its volume, give or take 0.1: a prior.
"""

NOT_LEARNT = """- **Side waste**: whether it blocks the container and how many litres it is are reckoned from boxes
  with the priors in `vision/side_waste.py`. For these weights they were not learnt and are not
  calibrated: `stadsronde calibrate-side-waste` does that, on renderings.
"""

LEARNT = """- **Side waste**: whether it blocks the container and how many litres it is were learnt and scored **on
  renderings, not on photos**: {pictures} scenes of our own making, of which the truth is known
  (`side_waste.json`). Each half is scored by what the other half taught; what is used was learnt from
  both. On a street both may be far worse. "By the rule" are the priors in `vision/side_waste.py`
  alone. A container that is not found, or beside which no waste is seen, counts as "not blocked".

| P(blocked), on renderings | of | containers | blocked | ECE, 15 bins | ECE by chance alone | Brier skill over the base rate |
|---|---|---|---|---|---|---|
{blocked}

| litres, on renderings | of | n | median relative error | bias of the sum |
|---|---|---|---|---|
{litres}
"""

NOT_CALIBRATED = """
## What its readings are worth
P(overflowing) is not calibrated for these weights: run `stadsronde calibrate`. Until then it is one
class's part of two scores, and every reading says that it is not calibrated.
"""

EVALUATED = """
## On {photos} photos of {truth}, with intervals
Made {made_at} by `stadsronde evaluate`, at a working threshold of {working_score}; 95 % intervals over
the photos.

| slice | class | true boxes | measure | value | interval |
|---|---|---|---|---|---|
{rows}
"""


def weights_of(filed_as: str) -> str:
    """Return the detector's own weights in what its evidence is filed under."""
    return filed_as.partition("+")[0]


@dataclass(frozen=True)
class Known:
    """What the files beside a model say; None where there is no such file."""

    record: Told
    calibration: Told | None
    evaluation: Told | None
    side_waste: Told | None = None

    @classmethod
    def of(cls, folder: Path) -> Known:
        """Read a model's folder; what was made for other weights counts as not there."""
        record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        calibration = _beside(folder / "calibration.json")
        evaluation = _beside(folder / EVALUATION)
        side_waste = _beside(folder / "side_waste.json")
        if calibration and calibration.get("detector") != record["version"]:
            calibration = None
        if side_waste and weights_of(side_waste.get("detector", "")) != record["version"]:
            side_waste = None
        of = evaluation and evaluation["provenance"]["models"][0]["version"]
        if of and weights_of(of) != record["version"]:
            evaluation = None
        return cls(record, calibration or None, evaluation, side_waste or None)

    @property
    def scored(self) -> Sequence[Told]:
        """The calibration's figures, in the ways of counting what was not seen."""
        return self.calibration["scored"] if self.calibration else ()


def model_card(known: Known) -> str:
    """Return the whole card, in Markdown."""
    readings = _readings(known.calibration) if known.calibration else NOT_CALIBRATED
    side_waste = _side_waste(known.side_waste) if known.side_waste else NOT_LEARNT
    evaluated = _evaluated(known.evaluation) if known.evaluation else ""
    return card(known.record) + readings + side_waste + evaluated


def _beside(path: Path) -> dict[str, Any] | None:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _readings(told: Told) -> str:
    rows = "\n".join(
        f"| {row['counted']} | {row['n']} | {row['overflowing']} | {row['not_seen']} | {row['false']} "
        f"| {_interval(row, 'ece')} | {row['ece_by_chance']:.3f} | {_interval(row, 'brier_skill')} |"
        for row in told["scored"]
    )
    return READINGS.format(**told["photos"], rows=rows, min_score=told["min_score"])


def _side_waste(told: Told) -> str:
    blocked = "\n".join(
        f"| {row['said']} | {row['of']} | {row['n']} | {row['blocked']} | {_interval(row, 'ece')} "
        f"| {row['ece_by_chance']:.3f} | {_interval(row, 'brier_skill')} |"
        for row in told["blocked"]
    )
    litres = "\n".join(
        f"| {row['said']} | {row['of']} | {row['n']} | {row['median_relative_error']:.2f} "
        f"| {row['bias']:+.2f} |"
        for row in told["litres"]
        if row["n"]
    )
    return LEARNT.format(**told["renderings"], blocked=blocked, litres=litres)


def _interval(row: Told, name: str) -> str:
    low, high = row[f"{name}_interval"]
    return f"{row[name]:.3f} ({low:.3f} – {high:.3f})"


def _evaluated(told: Told) -> str:
    version = told["provenance"]["models"][0]["version"]
    rows = "\n".join(
        f"| {row['slice']} | {row['class']} | {row['n']} | {row['metric']} "
        f"| {row['value']:.3f} | {row['low']:.3f} – {row['high']:.3f} |"
        for row in told["rows"]
        if row["model"] == version and row["value"] is not None and row["low"] is not None
    )
    return EVALUATED.format(**told["provenance"], rows=rows)
