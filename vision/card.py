"""The model card: what the detector is, what it learnt from, and how well it does."""
# ruff: noqa: E501 (a row of a Markdown table is one line)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CARD = """\
# Model card: detector

Written by `stadsronde train` from `record.json`; do not edit by hand.

| | |
|---|---|
| what | boxes of containers, overflowing containers, bags, cardboard, bulky waste, piles, people and vehicles in street photos |
| version | `{version}` (of `detector.xml` and `detector.bin` together), made {made_at} |
| network | YOLOv5n with ultralytics' anchor-free head, 2.5 million parameters, {precision} |
| input | photos of any size, scaled to {side} pixels on the longest side; raw head out, decoded in `vision/detector.py` |
| licence | AGPL-3.0-or-later (it descends from AGPL-3.0 weights and is trained with ultralytics, AGPL-3.0) |
| to train on from | `detector.pt`, a plain state dict in half precision |

## What it learnt from
| photos | what | licence, attribution |
|---|---|---|
| {street_bins:,} (train) | street_bins: containers, overflowing containers, piles | CC BY 4.0, Roboflow Universe, project-shb1t, 111-ehcfr, version 2; adverts left out |
| {amsterdam} (train) | Amsterdam streets: containers, bags, cardboard, bulky waste, piles | photos MIT, City of Amsterdam / dfayzur, garbage-object-detection; boxes drawn for this project |
| the same | people and vehicles: labelled by YOLOX-nano as trained on COCO, in whole photos and in parts of them, from a score of 0.3 | Apache-2.0, Megvii |
{rendered}| start | YOLOv5n as trained on COCO | AGPL-3.0, ultralytics |
{second_look}
No set labels every class. A class that a photo's source did not label costs nothing there, so the
network never learnt that unlabelled means absent. Where the annotator could not see whether a
container overflows, its box teaches neither.

Training, by the recipe in `vision/recipe.py`; only the last stage saw Amsterdam:

| stage | input | epochs | hours on two shared processor cores |
|---|---|---|---|
{stages}

## How well it does
Average precision at an overlap of one half (AP50), on photos that it was not trained on, all
detections kept; precision and recall where only scores from 0.25 up are kept. With few boxes a
figure is rough: at 30 boxes, give or take 0.15.

| photos | class | boxes | AP50 | precision | recall |
|---|---|---|---|---|---|
{scores}

"any container" takes a container and an overflowing one for the same thing. street_bins val:
{val} photos, its own split; near-copies of some train photos may be in it. {held_out} Amsterdam photos
were kept out of this model's training. What the same recipe reaches on Amsterdam photos that it did
not see, three times with a third of the days kept out, `benchmarks/detect_folds.py` prints. People
and vehicles have no hand-drawn truth here and are not scored.

## What it is bad at
- Bags, cardboard and bulky waste that lie in a heap: it learnt them from some hundred boxes each.
- Telling overflowing from not, on Amsterdam's underground containers: only six photos there show
  one that overflows. What it knows of overflowing is from Chinese wheelie and street bins.
- Night, rain and blur; things smaller than about 12 pixels in the scaled photo.
- Its raw scores are not calibrated: 0.6 does not mean right six times in ten.
- It is no tool for finding people: person and vehicle boxes serve to blur them, and miss some.
"""


def card(record: Mapping[str, Any]) -> str:
    """Return the card, in Markdown, of a training record; see `vision.release`."""
    rows = "\n".join(
        f"| {row['set']} | {row['class']} | {row['boxes']} | {row['ap50']:.3f} "
        f"| {row['precision']:.2f} | {row['recall']:.2f} |"
        for row in record["scores"]
    )
    return CARD.format(
        version=record["version"],
        made_at=record["made_at"],
        side=record["side"],
        precision=_precision(record.get("quantised")),
        street_bins=record["photos"]["street_bins_train"],
        amsterdam=record["photos"]["amsterdam_train"],
        rendered=_rendered(record["photos"].get("rendered_train", 0)),
        val=record["photos"]["val"],
        held_out=record["photos"]["held_out"],
        second_look=_second_look(record.get("second_look")),
        stages="\n".join(_stage(stage) for stage in record["training"]),
        scores=rows,
    )


def _rendered(pictures: int) -> str:
    if not pictures:
        return ""
    return f"| {pictures} (train) | **renderings, not photos**: all classes | AGPL-3.0, `sample_images/generator` |\n"


def _precision(told: Mapping[str, Any] | None) -> str:
    if not told:
        return "half precision"
    before, after = told["map50"]
    return (
        f"in 8 bits but for its last layers; ranges from {told['photos']} training photos; mAP50 on "
        f"street_bins val {after:.3f}, in half precision (version `{told['from']}`) {before:.3f}"
    )


def _second_look(told: Mapping[str, Any] | None) -> str:
    if not told:
        return ""
    return (
        f"| {told['photos']} of the same | a second look at bags, cardboard and bulky waste "
        f"(`second_look.xml`): each box cut out, on the features of {told['features']} "
        "| features Apache-2.0, Google, as packed by ML Illustrated |\n"
    )


def _stage(stage: Mapping[str, Any]) -> str:
    hours = _seconds([row["time"] for row in stage["log"]]) / 3600
    return f"| {stage['stage']} | {stage['side']} px | {len(stage['log'])} | {hours:.1f} |"


def _seconds(clock: Sequence[float]) -> float:
    """Return how long a run took whose clock began anew whenever it was resumed."""
    steps = zip([0.0, *clock], clock, strict=False)
    return sum(now - before if now > before else now for before, now in steps)
