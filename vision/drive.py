"""Where the cameras of one pass stood, once it is said which container each box shows.

A pass is the frames of one drive past, or a single photo. What is known of its cameras (positions
and headings, each with an error of its own, and that cars accelerate gently) and what its boxes say
(how far aside and how far away a container stands) are put together by least squares.

Notes
-----
Source: graph-based SLAM with known landmarks, Grisetti e.a. 2010, IEEE ITS Magazine 2(4); the
weight of a hypothesis is Laplace's approximation to its marginal likelihood.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag
from scipy.stats.qmc import MultivariateNormalQMC

from city.place import Position
from city.plane import Plane
from vision.locate import CONTAINER_HEIGHT_M, CONTAINER_HEIGHT_SHARE, CameraPose, Sighting

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# How a container's height differs from others of its kind, and all ranges of one pass from the
# truth (camera height, tilt and lens), as shares.
HEIGHT_SHARE, SCALE_SHARE = 0.1, 0.08
# How far a container stands from where the registry has it, and a thing that the registry does not
# know from where it seems to stand.
REGISTRY_M, STRAY_M = 0.5, 30.0
BOX_RANGE_SHARE = 0.05
SPEED_M_S, ACCELERATION_M_S2 = 10.0, 2.5
TURN_S, TURN_S2 = math.radians(20), math.radians(15)
SHORTEST_GAP_S = 0.3
# A box that is further off than so many standard errors counts less and less (Cauchy).
TAIL = 3.0
STEPS, HALVINGS, ENOUGH = 10, 4, 0.05
LONGEST_STEP_M = 8.0
WAYS, GUESS_SPREAD = 6, 1.3


@dataclass(frozen=True)
class View:
    """One photo of a pass: where its camera was believed to be, and what it saw."""

    pose: CameraPose
    sightings: tuple[Sighting, ...]
    taken_at: datetime | None = None


@dataclass(frozen=True, eq=False)
class Solved:
    """The most probable poses under one hypothesis.

    Parameters
    ----------
    poses : (n, 3) metres east and north, radians clockwise from north.
    spread : (3n, 3n) covariance of the poses.
    cost : negative logarithm of the hypothesis's marginal likelihood, up to a constant.
    """

    poses: Floats
    spread: Floats
    cost: float


class Pass:
    """The measurements of one pass on a plane in metres.

    Parameters
    ----------
    container_lonlat : (c, 2) longitude and latitude.
    heights_m : (c,) of the containers above the ground.
    """

    def __init__(
        self, views: Sequence[View], container_lonlat: npt.ArrayLike, heights_m: npt.ArrayLike
    ) -> None:
        self.poses = [view.pose for view in views]
        plane = Plane.around(pose.position for pose in self.poses)
        self.origin = plane.origin
        lonlat = np.asarray(container_lonlat, np.float64).reshape(-1, 2)
        self.there = plane.metres(Position(lon, lat) for lon, lat in lonlat.tolist())
        self.frame = np.repeat(np.arange(len(views)), [len(view.sightings) for view in views])
        self.seen = [sighting for view in views for sighting in view.sightings]
        self.aside = np.array([s.aside_rad for s in self.seen])
        self.aside_error = np.array([s.aside_error_rad for s in self.seen])
        heights = np.asarray(heights_m, np.float64).tolist()
        # The last column is for things that are not in the registry.
        heights.append(CONTAINER_HEIGHT_M)
        ranges = [[s.range_of(h, BOX_RANGE_SHARE) for h in heights] for s in self.seen]
        shape = len(self.seen), len(heights)
        self.log_range = np.log([[r.metres for r in row] for row in ranges]).reshape(shape)
        self.range_error = np.array([[r.share for r in row] for row in ranges]).reshape(shape)
        self._believed = plane.metres(pose.position for pose in self.poses)
        self._seconds = _seconds(views)

    @property
    def frames(self) -> int:
        """How many photos it has."""
        return len(self.poses)

    @cached_property
    def _prior(self) -> tuple[Floats, Floats]:
        """Return the rows (r, states) and right-hand side (r,) of all that is known beforehand.

        The state holds east, north and heading of each frame, and the logarithm of how much all
        ranges of the pass are off.
        """
        n, states = self.frames, 3 * self.frames + 1
        rows: list[Floats] = []
        right: list[float] = []

        def know(values: dict[int, float], said: float, error: float) -> None:
            row = np.zeros(states)
            for place, factor in values.items():
                row[place] = factor / error
            rows.append(row)
            right.append(said / error)

        headings = np.unwrap(np.radians([pose.heading_deg for pose in self.poses]))
        for k, (pose, believed) in enumerate(zip(self.poses, self._believed, strict=True)):
            know({3 * k: 1.0}, believed[0], pose.position_error_m)
            know({3 * k + 1: 1.0}, believed[1], pose.position_error_m)
            know({3 * k + 2: 1.0}, headings[k], math.radians(pose.heading_error_deg))
        gap = np.diff(self._seconds)
        smooth = (SPEED_M_S, ACCELERATION_M_S2), (SPEED_M_S, ACCELERATION_M_S2), (TURN_S, TURN_S2)
        for axis, (first, change) in enumerate(smooth):
            if n > 1:
                know({axis: -1.0, 3 + axis: 1.0}, 0.0, first * gap[0])
            for k in range(n - 2):
                at, before, after = 3 * k + axis, 1 / gap[k], 1 / gap[k + 1]
                values = {at: before, at + 3: -before - after, at + 6: after}
                know(values, 0.0, change * (gap[k] + gap[k + 1]) / 2)
        know({3 * n: 1.0}, 0.0, SCALE_SHARE)
        return np.array(rows), np.array(right)

    def guesses(self, count: int) -> tuple[Floats, Floats]:
        """Return poses (count, n, 3) spread over what is believed beforehand, and their cost.

        The first is the most probable. They differ in the few ways in which the whole path may be
        off: shifted, stretched, turned, bent.
        """
        rows, right = self._prior
        inverse = np.linalg.inv(rows.T @ rows)
        best = _poses(inverse @ (rows.T @ right), self.frames)
        axes = np.concatenate([3 * np.arange(self.frames), 3 * np.arange(self.frames) + 1])
        size, ways = np.linalg.eigh(inverse[np.ix_(axes, axes)])
        ways = ways[:, -WAYS:] * np.sqrt(size[-WAYS:])
        normal = _normal(ways.shape[1], count)
        poses = np.repeat(best[None], count, axis=0)
        off = GUESS_SPREAD * normal @ ways.T
        poses[:, :, 0] += off[:, : self.frames]
        poses[:, :, 1] += off[:, self.frames :]
        return poses, 0.5 * ((GUESS_SPREAD * normal) ** 2).sum(axis=1)

    def solve(self, label: Ints, poses: Floats, strays: Floats | None = None) -> Solved:
        """Return the poses if each box shows the thing that a label names.

        Parameters
        ----------
        label : (d,) row of the container, or, after these, of the stray; below zero where a box
            is left out.
        poses : (n, 3) to begin from.
        strays : (k, 2) where things that are not in the registry seem to stand.
        """
        matched = np.flatnonzero(label >= 0)
        named, to = np.unique(label[matched], return_inverse=True)
        every = self.there if strays is None else np.concatenate([self.there, strays])
        known = named < len(self.there)
        column = np.where(known, named, len(self.there))[to]
        prior, said = self._with(every[named], known)
        square, side = prior.T @ prior, prior.T @ said
        state = np.concatenate([poses.ravel(), np.zeros(1 + len(named)), every[named].ravel()])
        whole, (slope, residual, errors) = square, self._measured(matched, to, column, state)
        misfit = _misfit(prior @ state - said, residual)
        for _ in range(STEPS):
            root = np.sqrt(1 / (1 + (residual / TAIL) ** 2))
            slope, residual = slope * root[:, None], residual * root
            whole = square + slope.T @ slope
            step = np.linalg.solve(whole, side + slope.T @ (slope @ state - residual)) - state
            step *= min(
                1.0, LONGEST_STEP_M / max(float(np.abs(step[: 3 * self.frames]).max()), 1e-9)
            )
            for _ in range(HALVINGS):
                slope, residual, errors = self._measured(matched, to, column, state + step)
                after = _misfit(prior @ (state + step) - said, residual)
                if after < misfit:
                    break
                step *= 0.3
            gained, misfit, state = misfit - after, after, state + step
            if gained < ENOUGH:
                break
        cost = (
            misfit
            + float(np.log(errors).sum() + len(matched) * math.log(2 * math.pi))
            + 0.5 * float(np.linalg.slogdet(whole)[1] - np.linalg.slogdet(square)[1])
        )
        inside = slice(0, 3 * self.frames)
        spread = np.linalg.inv(whole)[inside, inside]
        return Solved(_poses(state, self.frames), spread, cost)

    def _with(self, places: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return `_prior` with three more states for each thing: its range's scale and its place.

        All scales come before all places.
        """
        rows, right = self._prior
        scale = np.where(known, HEIGHT_SHARE, CONTAINER_HEIGHT_SHARE)
        place = np.repeat(np.where(known, REGISTRY_M, STRAY_M), 2)
        said = [right, np.zeros(len(places)), places.ravel() / place]
        return block_diag(rows, np.diag(1 / np.concatenate([scale, place]))), np.concatenate(said)

    def _measured(
        self, matched: Ints, to: Ints, column: Ints, state: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return slope (2m, states), residual and standard errors (2m,) of matched boxes."""
        m, scale = len(matched), 3 * self.frames
        things = (len(state) - scale - 1) // 3
        at, own = 3 * self.frame[matched], scale + 1 + to
        place = scale + 1 + things + 2 * to
        de, dn = state[place] - state[at], state[place + 1] - state[at + 1]
        square = np.maximum(de**2 + dn**2, 0.25)
        errors = np.concatenate([self.aside_error[matched], self.range_error[matched, column]])
        slope = np.zeros((2 * m, len(state)))
        one, two = np.arange(m), np.arange(m, 2 * m)
        slope[one, place], slope[one, place + 1] = dn / square, -de / square
        slope[two, place], slope[two, place + 1] = de / square, dn / square
        slope[one, at], slope[one, at + 1], slope[one, at + 2] = -dn / square, de / square, -1.0
        slope[two, at], slope[two, at + 1] = -de / square, -dn / square
        slope[two, scale], slope[two, own] = -1.0, -1.0
        aside = _turned(np.arctan2(de, dn) - state[at + 2] - self.aside[matched])
        log_range = 0.5 * np.log(square) - self.log_range[matched, column]
        residual = np.concatenate([aside, log_range - state[scale] - state[own]])
        return slope / errors[:, None], residual / errors, errors

    def misfit(
        self, poses: Floats, place_error_m: float, heading_error: float, there: Floats | None = None
    ) -> Floats:
        """Return half the squared error, (..., d, c), if each box showed each thing.

        Parameters
        ----------
        poses : (..., n, 3).
        place_error_m, heading_error : what the poses still err, metres and radians.
        there : (c, 2) where the things stand; the registered containers where left out.
        """
        known = there is None
        places = self.there if there is None else there
        log_range = self.log_range[:, :-1] if known else self.log_range[:, -1:]
        range_error = self.range_error[:, :-1] if known else self.range_error[:, -1:]
        share = math.hypot(HEIGHT_SHARE if known else CONTAINER_HEIGHT_SHARE, SCALE_SHARE)
        east, north, heading = (poses[..., self.frame, i, None] for i in range(3))
        de, dn = places[:, 0] - east, places[:, 1] - north
        square = np.maximum(de**2 + dn**2, 0.25)
        loose = place_error_m**2 / square
        aside = _turned(np.arctan2(de, dn) - heading - self.aside[:, None])
        across = aside**2 / (self.aside_error[:, None] ** 2 + heading_error**2 + loose)
        along = (0.5 * np.log(square) - log_range) ** 2 / (range_error**2 + share**2 + loose)
        return np.asarray(0.5 * (across + along))

    def places(self, poses: Floats) -> tuple[Floats, Floats]:
        """Return where each box's object stands, (d, 2), and its own standard error, (d,)."""
        east, north, heading = poses[self.frame].T
        turn = heading + self.aside
        range_m = np.array([s.range_m for s in self.seen])
        xy = np.stack([east + range_m * np.sin(turn), north + range_m * np.cos(turn)], axis=1)
        share = np.array([s.range_of(1.0, HEIGHT_SHARE).share for s in self.seen])
        return xy, 0.5 + range_m * np.hypot(share, 0.04) / math.sqrt(2)

    def in_view(self, poses: Floats, nearest_m: float, farthest_m: float) -> npt.NDArray[np.bool_]:
        """Tell which containers stand well within some frame's view, (c,)."""
        de = self.there[None, :, 0] - poses[:, None, 0]
        dn = self.there[None, :, 1] - poses[:, None, 1]
        range_m = np.hypot(de, dn)
        half = np.array([0.85 * math.atan(p.width / 2 / p.focal_px) for p in self.poses])
        aside = np.abs(_turned(np.arctan2(de, dn) - poses[:, None, 2]))
        near = (range_m >= nearest_m) & (range_m <= farthest_m)
        return np.asarray((near & (aside <= half[:, None])).any(axis=0))


@cache
def _normal(ways: int, count: int) -> Floats:
    """Return points (count, ways) that fill a standard normal evenly; the first is its middle."""
    points = np.asarray(MultivariateNormalQMC(np.zeros(ways), rng=1).random(count), np.float64)
    points[0] = 0
    points.setflags(write=False)
    return points


def _misfit(prior: Floats, residual: Floats) -> float:
    """Return the negative log-likelihood of residuals in standard errors; boxes have long tails."""
    tails = TAIL**2 * np.log1p((residual / TAIL) ** 2)
    return 0.5 * float((prior**2).sum() + tails.sum())


def _poses(state: Floats, frames: int) -> Floats:
    return state[: 3 * frames].reshape(frames, 3)


def _turned(angle: Floats) -> Floats:
    """Return angles within -pi and pi."""
    return np.asarray((angle + math.pi) % (2 * math.pi) - math.pi)


def _seconds(views: Sequence[View]) -> Floats:
    """Return when each was taken, in seconds, at least a little apart; cameras round to seconds."""
    times = [view.taken_at.timestamp() if view.taken_at else 0.0 for view in views]
    gaps = np.maximum(np.diff(times), SHORTEST_GAP_S)
    return np.concatenate([[0.0], np.cumsum(gaps)])
