"""What is taken for what: a table, and every mistake, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from vision.classes import CLASSES, NAMES
from vision.matching import Matches, Pair, match

NOTHING = "nothing"
Box = tuple[float, ...]


@dataclass(frozen=True)
class Confusion:
    """What was found where something is: counts[true][found]; the last of each is nothing."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Pairing:
    """A found box with what is there, or one of them alone.

    Parameters
    ----------
    true, found : names of classes, or nothing.
    true_box, found_box : xyxy; empty for nothing.
    """

    photo: int
    true: str
    found: str
    score: float
    true_box: Box = ()
    found_box: Box = ()

    @property
    def badness(self) -> float:
        """How much a mistake matters, among its kind: a sure box, or a large thing missed."""
        if self.found_box:
            return self.score
        x1, y1, x2, y2 = self.true_box
        return (x2 - x1) * (y2 - y1)


def confuse(
    pairs: Sequence[Pair], labelled: Collection[int]
) -> tuple[Confusion, tuple[Pairing, ...]]:
    """Return the table and the mistakes of (found, true) for each photo, whatever the class."""
    found = match(pairs, {"any": range(len(CLASSES))}, [0.5])["any"]
    shown = [i for i, row in enumerate(CLASSES) if i in labelled or not row.private]
    names = (*(NAMES[i] for i in shown), NOTHING)
    counts = dict.fromkeys(((true, found) for true in names for found in names), 0)
    mistakes = []
    for one in _pairings(found, pairs, labelled):
        if (one.true, one.found) in counts:
            counts[one.true, one.found] += 1
            if one.true != one.found:
                mistakes.append(one)
    table = tuple(tuple(counts[true, found] for found in names) for true in names)
    worst = sorted(mistakes, key=lambda one: one.badness, reverse=True)
    return Confusion(names, table), tuple(worst)


def _pairings(
    found: Matches, pairs: Sequence[Pair], labelled: Collection[int]
) -> Iterator[Pairing]:
    """Yield each found box, and each true one that was not found.

    A box of a class that nobody looked for, where nothing else is, may well be right.
    """
    for photo, row, truth in zip(found.photo, found.row, found.truth, strict=True):
        seen, true = pairs[photo]
        name, score = NAMES[seen.class_id[row]], float(seen.score[row])
        box = tuple(seen.xyxy[row].tolist())
        if truth >= 0:
            there = found.truth_row[truth]
            other, other_box = NAMES[true.class_id[there]], tuple(true.xyxy[there].tolist())
            yield Pairing(int(photo), other, name, score, other_box, box)
        elif seen.class_id[row] in labelled:
            yield Pairing(int(photo), NOTHING, name, score, (), box)
    claimed = set(found.truth.tolist())
    for i, (photo, row) in enumerate(zip(found.truth_photo, found.truth_row, strict=True)):
        if i not in claimed:
            true = pairs[photo][1]
            box = tuple(true.xyxy[row].tolist())
            yield Pairing(int(photo), NAMES[true.class_id[row]], NOTHING, 0.0, box)
