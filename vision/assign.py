"""Which registered container does each box of a pass show, if any?

All boxes of one photo share the error of its camera, and frames of one drive share a path, so a row
of containers is matched as a row. Hypotheses (which box shows which container) are made by shifting
the whole pass onto the map and by exchanging what single objects are; each is weighed by how well
cameras, boxes and map then agree, and an answer is as sure as the weight that agrees on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from city.place import Position
from vision.drive import STRAY_M, Floats, Ints, Pass, Solved, View
from vision.locate import CONTAINER_HEIGHT_M

SURE, SURE_NONE = 0.75, 0.95
"""From this probability, among the containers, on one is named, and from this one on none is;
else only those that it may be. Chosen on the simulation in ``benchmarks/locating.py``."""

# Things that look like containers and that the registry does not know.
STRAYS_PER_M2 = 1e-4
# A container well within view that was not found in any frame: a van stood before it.
P_UNSEEN = 0.2
NEAREST_M, FARTHEST_M = 3.0, 22.0
GATE = 6.0
# What poses still err, metres and radians: at first, once settled on the map, and between frames.
LOOSE = (3.0, math.radians(5)), (1.0, math.radians(2)), (1.5, math.radians(3))
WORTH = 6.0
APART_M = 3.0
GUESSES, MOST_SETTLED, MOST_REFINED, MOST_OTHERS, MOST_WAYS = 1024, 24, 8, 2, 2
MOST_WEIGHED = 800
# So many standard errors of a drive's mean position.
CROWDED = 3.5
REACH_M = 55.0
NONE = -1


@dataclass(frozen=True)
class Match:
    """What a box shows.

    Parameters
    ----------
    container : its row among the positions given; None where none fits, or several do.
    probability : of that answer; of any of `candidates` where there are some.
    candidates : the containers that it may be, likeliest first, where the geometry cannot tell
        them apart; the sighting is then of their cluster.
    thing : boxes of one pass with the same number show the same thing.
    position, uncertainty_m : where the thing stands, from all frames and the map together.
    """

    container: int | None
    probability: float
    candidates: tuple[int, ...]
    thing: int
    position: Position
    uncertainty_m: float


@dataclass(frozen=True, eq=False)
class _Hypothesis:
    label: Ints
    solved: Solved
    things: tuple[Ints, ...]
    cost: float


def assign(
    views: Sequence[View],
    container_lonlat: npt.ArrayLike,
    heights_m: npt.ArrayLike | None = None,
    sure: float = SURE,
) -> tuple[tuple[Match, ...], ...]:
    """Return a match for each sighting of each view of one pass.

    Parameters
    ----------
    views : in the order in which they were taken; one photo is a pass of its own.
    container_lonlat : (n, 2) longitude and latitude of every registered container.
    heights_m : (n,) how high they stand above the ground; the usual height where not given.
    """
    lonlat = np.asarray(container_lonlat, np.float64).reshape(-1, 2)
    heights = np.full(len(lonlat), CONTAINER_HEIGHT_M) if heights_m is None else heights_m
    near = _near(views, lonlat)
    drive = Pass(views, lonlat[near], np.asarray(heights, np.float64)[near])
    if not drive.seen:
        return tuple(() for _ in views)
    hypotheses = _Search(drive).hypotheses()
    costs = np.array([h.cost for h in hypotheses])
    weight = np.exp(costs.min() - costs)
    answers = _answers(drive, hypotheses, weight / weight.sum(), near, sure)
    rest = iter(answers)
    return tuple(tuple(next(rest) for _ in view.sightings) for view in views)


def _near(views: Sequence[View], lonlat: Floats) -> Ints:
    """Return the rows of containers that some view could show."""
    per_degree = 111_195.0
    close = np.zeros(len(lonlat), bool)
    for view in views:
        here = view.pose.position
        east = (lonlat[:, 0] - here.lon) * per_degree * math.cos(math.radians(here.lat))
        close |= np.hypot(east, (lonlat[:, 1] - here.lat) * per_degree) < REACH_M
    return np.flatnonzero(close)


class _Search:
    """Hypotheses worth weighing, each labelling of the boxes once."""

    def __init__(self, drive: Pass) -> None:
        self._drive = drive
        self._known: dict[bytes, _Hypothesis] = {}

    def hypotheses(self) -> list[_Hypothesis]:
        """Return hypotheses, among them, as a rule, all that are nearly as probable as the best."""
        guesses = self._guesses()
        self._weigh(np.full(len(self._drive.seen), NONE), guesses[0])
        for poses in guesses:
            self._settle(self._labels(self._drive.misfit(poses, *LOOSE[0])), poses)
        done: set[bytes] = set()
        for _ in range(MOST_REFINED):
            ranked = sorted(self._known.values(), key=lambda h: h.cost)
            fresh = [h for h in ranked if h.label.tobytes() not in done]
            if not fresh or fresh[0].cost > ranked[0].cost + WORTH:
                break
            best, poses = fresh[0], fresh[0].solved.poses
            done.add(best.label.tobytes())
            for label in self._flipped(best):
                self._weigh(label, poses)
            for label in self._exchanged(best):
                self._settle(label, poses)
            for shift in self._shifts(best):
                self._settle(self._labels(self._drive.misfit(shift, *LOOSE[0])), shift)
        return list(self._known.values())

    def _guesses(self) -> list[Floats]:
        """Return poses under which boxes fall on containers, the best first, all different."""
        drive = self._drive
        poses, costs = drive.guesses(GUESSES if len(drive.there) else 1)
        costs = costs + drive.misfit(poses, *LOOSE[0]).min(axis=2, initial=GATE).sum(axis=1)
        chosen: list[Floats] = []
        for i in np.argsort(costs, kind="stable").tolist():
            if all(np.abs(poses[i] - other)[:, :2].max() > APART_M for other in chosen):
                chosen.append(poses[i])
            if len(chosen) >= MOST_SETTLED:
                break
        return chosen

    def _settle(self, label: Ints, poses: Floats) -> None:
        """Weigh a labelling, and what it becomes when each box is labelled by the poses again."""
        for _ in range(3):
            found = self._weigh(label, poses)
            if found is None:
                return
            poses = found.solved.poses
            label = self._labels(self._drive.misfit(poses, *LOOSE[1]))

    def _labels(self, misfit: Floats) -> Ints:
        """Return the cheapest labels, no container twice in one photo, (d,)."""
        label = np.full(len(misfit), NONE)
        if not misfit.shape[1]:
            return label
        for frame in range(self._drive.frames):
            mine = np.flatnonzero(self._drive.frame == frame)
            best = misfit[mine].argmin(axis=1)
            if len(set(best.tolist())) == len(best):
                label[mine] = best
                continue
            none = np.full((len(mine), len(mine)), GATE)
            row, column = linear_sum_assignment(np.hstack([misfit[mine], none]))
            label[mine[row]] = np.where(column < misfit.shape[1], column, NONE)
        cost = np.where(label >= 0, misfit[np.arange(len(label)), label], np.inf)
        label[cost >= GATE] = NONE
        return label

    def _flipped(self, best: _Hypothesis) -> Iterator[Ints]:
        """Yield the labels with one box taken for another container that is nearly as likely."""
        misfit = self._drive.misfit(best.solved.poses, *LOOSE[1])
        for box, each in enumerate(misfit):
            for other in np.argsort(each)[:2].tolist():
                if other != best.label[box] and each[other] < GATE:
                    label = best.label.copy()
                    label[box] = other
                    yield label

    def _exchanged(self, best: _Hypothesis) -> Iterator[Ints]:
        """Yield the labels with one thing taken for none or another, and others making room."""
        there = self._drive.there
        xy, _ = self._drive.places(best.solved.poses)
        used = set(best.label.tolist())
        for thing in best.things:
            mine = int(best.label[thing[0]])
            off = np.hypot(*(there - xy[thing].mean(axis=0)).T)
            for other in (NONE, *np.argsort(off, kind="stable")[:MOST_OTHERS].tolist()):
                if other == mine:
                    continue
                label = best.label.copy()
                label[thing] = other
                yield label
                if other == NONE:
                    turns = [line[1:] for line in self._lines(mine, used)]
                    moves = [list(zip(line, [mine, *line], strict=False)) for line in turns]
                else:
                    moves = [[(other, mine)]] if other in used else []
                    lines = self._lines(other, used)
                    moves += [list(zip(line, [*line[1:], NONE], strict=True)) for line in lines]
                for move in moves:
                    label = best.label.copy()
                    for old, new in move:
                        label[best.label == old] = new
                    label[thing] = other
                    yield label

    def _lines(self, first: int, used: set[int]) -> Iterator[list[int]]:
        """Yield the rows of containers that things are taken for, from one in each direction."""
        there = self._drive.there
        if first not in used or first == NONE:
            return
        off = np.hypot(*(there - there[first]).T)
        for second in np.argsort(off, kind="stable")[1:3].tolist():
            way = there[second] - there[first]
            line = [first, second]
            while line[-1] in used and len(line) <= len(there):
                gap = np.hypot(*(there - there[line[-1]] - way).T)
                nearest = int(gap.argmin())
                if gap[nearest] > 0.5 * float(np.hypot(*way)) or nearest in line:
                    break
                line.append(nearest)
            yield line

    def _shifts(self, best: _Hypothesis) -> Iterator[Floats]:
        """Yield the poses with the whole path, or either end, moved from a container to the next.

        In a row, each of these fits nearly as well.
        """
        there, frames = self._drive.there, self._drive.frames
        shown = there[np.unique(best.label[best.label >= 0])]
        ways = np.unique(np.round((there[None] - shown[:, None]).reshape(-1, 2)), axis=0)
        length = np.hypot(*ways.T)
        nearest = np.argsort(np.where(length > 1, length, np.inf), kind="stable")[:MOST_WAYS]
        rising = np.linspace(0, 1, frames)
        parts = (np.ones(frames), rising, 1 - rising) if frames > 1 else (np.ones(1),)
        for way in ways[nearest]:
            for part in parts:
                yield best.solved.poses + part[:, None] * [*way, 0.0]

    def _weigh(self, label: Ints, poses: Floats) -> _Hypothesis | None:
        """Weigh a labelling and keep it; None if it was known or cannot be."""
        full = len(self._known) >= MOST_WEIGHED
        if full or label.tobytes() in self._known or self._doubled(label):
            return None
        drive = self._drive
        strays = self._strays(np.flatnonzero(label < 0), poses)
        named, middle = self._as_strays(label, strays, poses)
        solved = drive.solve(named, poses, middle)
        shown = np.zeros(len(drive.there), bool)
        shown[label[label >= 0]] = True
        hidden = drive.in_view(solved.poses, NEAREST_M, FARTHEST_M) & ~shown
        cost = solved.cost - len(strays) * math.log(STRAYS_PER_M2 * 2 * math.pi * STRAY_M**2)
        cost -= math.log(P_UNSEEN) * int(hidden.sum()) + math.log(1 - P_UNSEEN) * int(shown.sum())
        seen = tuple(np.flatnonzero(label == c) for c in np.flatnonzero(shown))
        found = _Hypothesis(label, solved, seen + strays, cost)
        self._known[label.tobytes()] = found
        return found

    def _as_strays(self, label: Ints, things: Sequence[Ints], poses: Floats) -> tuple[Ints, Floats]:
        """Return labels with things for strays of their own, and where these seem to stand."""
        places, full = self._drive.places(poses)[0], label.copy()
        for number, boxes in enumerate(things):
            full[boxes] = len(self._drive.there) + number
        return full, np.array([places[boxes].mean(axis=0) for boxes in things]).reshape(-1, 2)

    def _doubled(self, label: Ints) -> bool:
        """Tell whether a container is shown twice in one photo."""
        pairs = list(zip(self._drive.frame.tolist(), label.tolist(), strict=True))
        named = [pair for pair in pairs if pair[1] >= 0]
        return len(set(named)) < len(named)

    def _strays(self, boxes: Ints, poses: Floats) -> tuple[Ints, ...]:
        """Group the boxes that show no known container by where they stand."""
        drive = self._drive
        xy, _ = drive.places(poses)
        groups: list[list[int]] = []
        for frame in np.unique(drive.frame[boxes]):
            mine = boxes[drive.frame[boxes] == frame]
            middles = np.array([xy[group].mean(axis=0) for group in groups]).reshape(-1, 2)
            off = drive.misfit(poses, *LOOSE[2], middles)[mine]
            none = np.full((len(mine), len(mine)), GATE)
            for row, column in zip(*linear_sum_assignment(np.hstack([off, none])), strict=True):
                if column < len(middles):
                    groups[column].append(int(mine[row]))
                else:
                    groups.append([int(mine[row])])
        return tuple(np.array(group) for group in groups)


def _answers(
    drive: Pass, hypotheses: Sequence[_Hypothesis], weight: Floats, near: Ints, sure: float
) -> list[Match]:
    """Return a match for each box, the same for all boxes that show one thing."""
    best = hypotheses[int(np.argmax(weight))]
    xy, own = drive.places(best.solved.poses)
    answers: list[Match | None] = [None] * len(drive.seen)
    for number, (thing, answer) in enumerate(
        zip(best.things, _named_once(drive, hypotheses, weight, best, sure), strict=True)
    ):
        container, probability, candidates = answer
        crowd = _crowd(drive, container)
        if len(crowd) > 1:
            container, candidates = None, crowd
        frames = np.unique(drive.frame[thing])
        axes = np.concatenate([3 * frames, 3 * frames + 1])
        path = float(np.sqrt(np.diag(best.solved.spread)[axes].mean()))
        count = own[thing] ** -2
        middle = (xy[thing] * count[:, None]).sum(axis=0) / count.sum()
        match = Match(
            None if container is None else int(near[container]),
            probability,
            tuple(int(near[c]) for c in candidates),
            number,
            drive.origin.moved(float(middle[0]), float(middle[1])),
            math.hypot(path, 1 / math.sqrt(count.sum())),
        )
        for box in thing:
            answers[box] = match
    return [answer for answer in answers if answer is not None]


def _named_once(
    drive: Pass, hypotheses: Sequence[_Hypothesis], weight: Floats, best: _Hypothesis, sure: float
) -> list[tuple[int | None, float, tuple[int, ...]]]:
    """Return each thing's container, probability and candidates; a container is one thing only."""
    labels = np.array([h.label for h in hypotheses])
    answers = []
    for thing in best.things:
        share = np.zeros(len(drive.there) + 1)
        for box in thing:
            np.add.at(share, labels[:, box], weight / len(thing))
        answers.append(_answer(share, sure, trusting=drive.frames == 1))
    owner: dict[int, int] = {}
    # What the best hypothesis takes for the container has it, then whatever is likeliest to be it.
    claims = [
        (best.label[thing[0]] == c, p)
        for thing, (c, p, _) in zip(best.things, answers, strict=True)
    ]
    for number in sorted(range(len(answers)), key=lambda n: claims[n], reverse=True):
        container = answers[number][0]
        if container is not None and (claims[number][0] or container not in best.label):
            owner.setdefault(container, number)
    return [
        (c, p, others) if c is None or owner.get(c) == number else (None, p, (c,))
        for number, (c, p, others) in enumerate(answers)
    ]


def _crowd(drive: Pass, container: int | None) -> tuple[int, ...]:
    """Return the container and those too near to it for a drive's path to tell them apart.

    In crowded rows there are more plausible assignments than are tried, so their weights promise
    too much; what the frames' positions together can resolve is known beforehand.
    """
    if container is None or drive.frames == 1:
        return ()
    error_m = float(np.mean([p.position_error_m for p in drive.poses])) / math.sqrt(drive.frames)
    off = np.hypot(*(drive.there - drive.there[container]).T)
    order = np.argsort(off, kind="stable")
    return tuple(int(c) for c in order[off[order] < CROWDED * error_m])


def _answer(
    share: Floats, sure: float, trusting: bool
) -> tuple[int | None, float, tuple[int, ...]]:
    """Return container, probability and candidates from the shares; the last share is "none".

    Parameters
    ----------
    trusting : what may be a container is one, unless "none" is far likelier. One photo says too
        little against the registry; a drive that doubts is a row off more often than not.
    """
    *containers, none = share.tolist()
    if none >= SURE_NONE or not containers:
        return None, none, ()
    order = sorted(range(len(containers)), key=lambda c: -containers[c])
    together = np.cumsum([containers[c] for c in order])
    enough = sure * (together[-1] if trusting else 1.0)
    if together[0] >= enough:
        return order[0], float(together[0]), ()
    count = min(int(np.searchsorted(together, enough)) + 1, len(order))
    return None, float(together[count - 1]), tuple(order[:count])
