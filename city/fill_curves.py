"""Fill at emptying as a sum of curves: everyone's, the street's, the container's, and the hour's.

What a container holds when it is emptied, relative to what its kind holds, is a Gaussian process
over the days that it has filled: one curve that all share, one a street, one a container, a drift
of each container, and shocks that all feel at once (a festival, a rainy day, a strike). Containers
are nested in streets and these in the city, so the exact posterior needs no matrix larger than
one container's history or the list of shocks.

Source: additive Gaussian processes, Duvenaud e.a., arXiv 1112.4394; nested elimination is block
Gaussian elimination. The variances below were found on the first 4,000 of the Edinburgh
collections (June 2016); they are shares of a kind's mean fill, squared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from city.emptyings import Array, Emptyings, weekday_shares

KNOT_DAYS: Array = np.array([0.3, 0.55, 1.0, 1.8, 3.2, 6.0, 12.0, 30.0])
"""Curves are piecewise linear in the logarithm of the days between these."""

N_KNOTS = len(KNOT_DAYS)
_LOG_KNOTS: Array = np.log(KNOT_DAYS)
_CURVE_LENGTH = 0.8

NOISE = 0.0253
SHARED_CURVE, STREET_CURVE, OWN_CURVE = 0.0675, 0.010, 0.030
SHARED_LEVEL, STREET_LEVEL, OWN_LEVEL = 0.04, 0.0042, 0.0101
DRIFT, DRIFT_DAYS = 0.0067, 30.0
WEEKDAY = 0.01
SHOCKS: Array = np.array([0.0030, 0.0017])
"""Variance of what all containers feel at once: for two hours, and for a day or two."""
SHOCK_DAYS: Array = np.array([0.08, 1.5])

BIN_DAYS = 0.125
BINNED_DAYS = 35.0
"""Shocks are resolved to three hours, and forgotten after five weeks."""

_CHUNK = 1500


def _curve(variance: float, level: float) -> Array:
    far: Array = (_LOG_KNOTS[:, None] - _LOG_KNOTS) / _CURVE_LENGTH
    cov: Array = variance * np.exp(-0.5 * far**2) + level + 1e-6 * np.eye(N_KNOTS)
    return cov


SHARED_PRIOR = _curve(SHARED_CURVE, SHARED_LEVEL)
STREET_PRIOR = _curve(STREET_CURVE, STREET_LEVEL)
OWN_PRIOR = _curve(OWN_CURVE, OWN_LEVEL)


def hats(gap: Array) -> Array:
    """Return (..., k) the weight of each knot at some days of filling."""
    at = np.interp(np.log(np.maximum(gap, 1e-9)), _LOG_KNOTS, np.arange(N_KNOTS))
    weights: Array = np.clip(1.0 - np.abs(at[..., None] - np.arange(N_KNOTS)), 0.0, 1.0)
    return weights


@dataclass(frozen=True)
class Curves:
    """The posterior over all curves at one time, for n containers in s streets.

    Parameters
    ----------
    until : in days since 1970; drift and shocks are those of that time.
    street_of : (n,) the street of each container.
    own, own_cov : (n, k + 1) and (n, k + 1, k + 1) each container's curve and, last, its drift.
    street, street_cov : (s, k) and (s, k, k).
    shared, shared_cov : (k,) and (k, k).
    weekday : (7,) what a whole interval on that weekday would add.
    shock, shock_cov : (2,) and (2, 2).
    """

    until: float
    street_of: NDArray[np.intp]
    own: Array
    own_cov: Array
    street: Array
    street_cov: Array
    shared: Array
    shared_cov: Array
    weekday: Array
    shock: Array
    shock_cov: Array


@dataclass(frozen=True)
class LeftOut:
    """What the curves say of each known emptying without having seen it, (m,) each."""

    mean: Array
    variance: Array


def fit_curves(
    past: Emptyings,
    relative: Array,
    noise: Array,
    street_of: NDArray[np.intp],
    until: float,
) -> tuple[Curves, LeftOut]:
    """Return the posterior over the curves, and what it says of each emptying left out.

    Parameters
    ----------
    relative : (n, k) how much fuller than its kind each was when emptied.
    noise : (n, k) variance of what chance adds to it.
    street_of : (n,) number of each container's street.
    """
    n_streets = int(street_of.max(initial=-1)) + 1
    common, common_cov = _common_features(past, until)
    blocks = list(_own_blocks(past, relative, noise, street_of, until, common))
    # Eliminate the containers, then the streets: what is left speaks of the common alone.
    size = common.shape[2]
    precision, pull = np.linalg.inv(common_cov), np.zeros(size)
    street_precision = np.tile(np.linalg.inv(STREET_PRIOR), (n_streets, 1, 1))
    street_common = np.zeros((n_streets, N_KNOTS, size))
    street_pull = np.zeros((n_streets, N_KNOTS))
    for b in blocks:
        precision += np.tensordot(b.common, b.solved_common, axes=([0, 1], [0, 1]))
        pull += np.tensordot(b.solved_common, b.relative, axes=([0, 1], [0, 1]))
        np.add.at(street_precision, b.street, b.hats_t @ b.solved_hats)
        np.add.at(street_common, b.street, b.hats_t @ b.solved_common)
        np.add.at(street_pull, b.street, np.einsum("ikp,ik->ip", b.solved_hats, b.relative))
    street_cov = np.linalg.inv(street_precision)
    through = street_cov @ street_common
    precision -= np.tensordot(street_common, through, axes=([0, 1], [0, 1]))
    pull -= np.tensordot(through, street_pull, axes=([0, 1], [0, 1]))
    cov = np.linalg.inv(precision)
    mean = cov @ pull
    street = np.einsum("spq,sq->sp", street_cov, street_pull - street_common @ mean)
    own, own_cov, left_out = _own(blocks, mean, street)
    shock, shock_cov = _shocks_now(past, until, mean, cov)
    curves = Curves(
        until=until,
        street_of=street_of,
        own=own,
        own_cov=own_cov,
        street=street,
        street_cov=street_cov,
        shared=mean[:N_KNOTS],
        shared_cov=cov[:N_KNOTS, :N_KNOTS],
        weekday=mean[N_KNOTS : N_KNOTS + 7],
        shock=shock,
        shock_cov=shock_cov,
    )
    return curves, left_out


def _bins(past: Emptyings, until: float) -> NDArray[np.int64]:
    """Return the (m,) shock bins, counted back from now, in which anything was emptied."""
    back = np.floor((until - past.day[past.known]) / BIN_DAYS).astype(np.int64)
    return np.unique(back[back * BIN_DAYS < BINNED_DAYS])


def _bin_days(bins: NDArray[np.int64], until: float) -> Array:
    middles: Array = until - (bins.astype(np.float64) + 0.5) * BIN_DAYS
    return middles


def _common_features(past: Emptyings, until: float) -> tuple[Array, Array]:
    """Return (n, k, q) features that all share, and the (q, q) prior of their weights."""
    bins = _bins(past, until)
    back = np.floor((until - past.day) / BIN_DAYS).astype(np.int64)
    in_bin = (back[..., None] == bins) & past.known[..., None]
    features: Array = np.concatenate(
        [hats(past.gap), weekday_shares(past.day, past.gap), in_bin.astype(np.float64)], axis=2
    )
    size = features.shape[2]
    prior = np.zeros((size, size))
    prior[:N_KNOTS, :N_KNOTS] = SHARED_PRIOR
    prior[N_KNOTS : N_KNOTS + 7, N_KNOTS : N_KNOTS + 7] = WEEKDAY * np.eye(7)
    prior[N_KNOTS + 7 :, N_KNOTS + 7 :] = _bin_prior(bins, until)
    return features * past.known[..., None], prior


def shock_cov(a: Array, b: Array) -> Array:
    """Return the (2, len(a), len(b)) prior covariance of the shocks at some days."""
    apart = np.abs(a[:, None] - b)
    cov: Array = SHOCKS[:, None, None] * np.exp(-apart / SHOCK_DAYS[:, None, None])
    return cov


def _bin_prior(bins: NDArray[np.int64], until: float) -> Array:
    days: Array = _bin_days(bins, until)
    prior: Array = shock_cov(days, days).sum(axis=0) + 1e-9 * np.eye(len(bins))
    return prior


def _shocks_now(past: Emptyings, until: float, mean: Array, cov: Array) -> tuple[Array, Array]:
    """Return both shocks at the present time, from what the bins' sums are believed to be."""
    bins = _bins(past, until)
    if not len(bins):
        return np.zeros(len(SHOCKS)), np.diag(SHOCKS)
    reach = shock_cov(np.array([until]), _bin_days(bins, until))[:, 0, :]
    prior = _bin_prior(bins, until)
    gain = np.linalg.solve(prior, reach.T).T
    of_bins = slice(N_KNOTS + 7, None)
    now = np.diag(SHOCKS) - gain @ (prior - cov[of_bins, of_bins]) @ gain.T
    return gain @ mean[of_bins], now


@dataclass(frozen=True)
class _Block:
    """Some containers, with the inverse of each one's own covariance applied to all features."""

    street: NDArray[np.intp]
    known: NDArray[np.bool_]
    relative: Array
    common: Array
    inverse: Array
    solved_common: Array
    to_now: Array

    @property
    def hats(self) -> Array:
        """(n, k, p) the weights of the knots: the first of the common features."""
        return self.common[:, :, :N_KNOTS]

    @property
    def hats_t(self) -> Array:
        return self.hats.transpose(0, 2, 1)

    @property
    def solved_hats(self) -> Array:
        return self.solved_common[:, :, :N_KNOTS]


def _own_blocks(
    past: Emptyings,
    relative: Array,
    noise: Array,
    street_of: NDArray[np.intp],
    until: float,
    common: Array,
) -> Iterator[_Block]:
    for start in range(0, len(street_of), _CHUNK):
        part = slice(start, start + _CHUNK)
        known, day, features = past.known[part], past.day[part], common[part]
        weights = features[:, :, :N_KNOTS]
        both = known[:, :, None] & known[:, None, :]
        cov = weights @ OWN_PRIOR @ weights.transpose(0, 2, 1)
        apart = np.abs(day[:, :, None] - day[:, None, :])
        cov += np.where(both, DRIFT * np.exp(-apart / DRIFT_DAYS), 0.0)
        # Filler rows stand alone, with no features: they say nothing.
        cov += np.eye(cov.shape[1]) * np.where(known, noise[part], 1.0)[:, :, None]
        inverse = np.linalg.inv(cov)
        drift = np.where(known, DRIFT * np.exp(-np.abs(until - day) / DRIFT_DAYS), 0.0)
        yield _Block(
            street=street_of[part],
            known=known,
            relative=np.where(known, relative[part], 0.0),
            common=features,
            inverse=inverse,
            solved_common=inverse @ features,
            to_now=np.concatenate([weights @ OWN_PRIOR, drift[..., None]], axis=2),
        )


def _own(blocks: list[_Block], mean: Array, street: Array) -> tuple[Array, Array, LeftOut]:
    prior = np.zeros((N_KNOTS + 1, N_KNOTS + 1))
    prior[:N_KNOTS, :N_KNOTS], prior[-1, -1] = OWN_PRIOR, DRIFT
    own, own_cov, left_mean, left_var = [], [], [], []
    for b in blocks:
        rest = b.relative - b.common @ mean - np.einsum("ikp,ip->ik", b.hats, street[b.street])
        weight = np.einsum("ikl,il->ik", b.inverse, rest)
        own.append(np.einsum("ikp,ik->ip", b.to_now, weight))
        own_cov.append(prior - b.to_now.transpose(0, 2, 1) @ (b.inverse @ b.to_now))
        alone = np.diagonal(b.inverse, axis1=1, axis2=2)
        left_mean.append((b.relative - weight / alone)[b.known])
        left_var.append((1.0 / alone)[b.known])
    left_out = LeftOut(np.concatenate(left_mean), np.concatenate(left_var))
    return np.concatenate(own), np.concatenate(own_cov), left_out
