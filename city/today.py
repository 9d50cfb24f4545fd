"""What today's emptyings say of containers that have not been emptied yet.

Between one night's learning and the next, today's emptyings shift the posterior of the curves
they touch and tell which shock all containers feel. They are few, so they are taken together
in one dense Gaussian update.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from city.emptyings import Array, weekday_shares
from city.fill_curves import (
    DRIFT,
    DRIFT_DAYS,
    SHOCK_DAYS,
    SHOCKS,
    Curves,
    hats,
    shock_cov,
)

MOST = 700
"""Emptyings that one update takes in: the newest. Shocks fade within days."""


@dataclass(frozen=True)
class Today:
    """Emptyings since the curves were learnt, oldest first.

    Parameters
    ----------
    who : (m,) which container.
    relative : (m,) how much fuller than its kind it was.
    noise : (m,) variance of what chance adds.
    day, gap : (m,) when, in days since 1970, and after how many days of filling.
    """

    who: NDArray[np.intp]
    relative: Array
    noise: Array
    day: Array
    gap: Array

    def newest(self) -> Today:
        """Return as many as one update takes in."""
        last = slice(-MOST, None)
        every = (self.relative, self.noise, self.day, self.gap)
        return Today(self.who[last], *(each[last] for each in every))


def hear(curves: Curves, today: Today, until: float) -> Curves:
    """Return the curves at a later time, after today's emptyings.

    Variances of containers and streets are left as they are: they err on the wide side until
    the next night.
    """
    c, t = curves, today.newest()
    weights, since = hats(t.gap), t.day - c.until
    drift, fading = np.exp(-since / DRIFT_DAYS), np.exp(-since[:, None] / SHOCK_DAYS)
    own = np.concatenate([weights, drift[:, None]], axis=1)
    street = c.street_of[t.who]
    expected = np.einsum("mp,mp->m", own, c.own[t.who]) + fading @ c.shock
    expected += np.einsum("mp,mp->m", weights, c.street[street] + c.shared)
    expected += weekday_shares(t.day, t.gap) @ c.weekday

    same_one, same_street = t.who[:, None] == t.who, street[:, None] == street
    own_reach = np.einsum("mp,mpq->mq", own, c.own_cov[t.who])
    street_reach = np.einsum("mp,mpq->mq", weights, c.street_cov[street])
    shared_reach = weights @ c.shared_cov
    cov = same_one * (own_reach @ own.T + _fresh(since, t.day))
    cov += same_street * (street_reach @ weights.T) + shared_reach @ weights.T
    cov += fading @ c.shock_cov @ fading.T + _fresh_shocks(since, since).sum(axis=0)
    cov += np.diag(t.noise)
    weight = np.linalg.solve(cov, t.relative - expected)

    later = until - c.until
    then = np.exp(-later / SHOCK_DAYS)
    reach = then[:, None] * (c.shock_cov @ fading.T)
    reach += _fresh_shocks(np.array([later]), since)[:, 0, :]
    prior = np.outer(then, then) * c.shock_cov + np.diag(SHOCKS * (1.0 - then**2))
    moved, street_moved = c.own.copy(), c.street.copy()
    np.add.at(moved, t.who, own_reach * weight[:, None])
    moved[:, -1] *= np.exp(-later / DRIFT_DAYS)
    np.add.at(street_moved, street, street_reach * weight[:, None])
    return replace(
        c,
        until=until,
        own=moved,
        street=street_moved,
        shared=c.shared + shared_reach.T @ weight,
        shock=then * c.shock + reach @ weight,
        shock_cov=prior - reach @ np.linalg.solve(cov, reach.T),
    )


def _fresh(since: Array, day: Array) -> Array:
    """Return the (m, m) covariance of a container's drift since the curves were learnt."""
    both = np.exp(-(since[:, None] + since) / DRIFT_DAYS)
    fresh: Array = DRIFT * (np.exp(-np.abs(day[:, None] - day) / DRIFT_DAYS) - both)
    return fresh


def _fresh_shocks(a: Array, b: Array) -> Array:
    """Return the (2, len(a), len(b)) covariance of shocks that came after the curves."""
    before = SHOCKS[:, None, None] * np.exp(-(a[:, None] + b) / SHOCK_DAYS[:, None, None])
    fresh: Array = shock_cov(a, b) - before
    return fresh
