"""What fills turned out to be against what was expected of them: a bias and a width, learnt.

A sensor that reads 100 says "at least": such readings are censored, so that the belief may lie
above what the sensor can say (Tobit regression, Tobin 1958, Econometrica 26(1)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

from city.emptyings import Array

RIDGE = 30.0
"""How many emptyings' worth of doubt stands against every correction."""

N_BIAS, N_WIDTH = 6, 4


@dataclass(frozen=True)
class Calibration:
    """A correction of expected fills and of their standard deviations.

    Parameters
    ----------
    bias : (6,) weights of the features of the mean.
    width : (4,) weights of the features of the logarithm of the standard deviation.
    """

    bias: Array
    width: Array

    def apply(self, mean: Array, sd: Array, log_gap: Array, reach: Array) -> tuple[Array, Array]:
        """Return the corrected mean and standard deviation.

        Parameters
        ----------
        mean, sd : relative to the kind's mean fill, 1 being that.
        log_gap : logarithm of the days of filling over what is usual for the kind.
        reach : share of the bias that applies: little after few hours.
        """
        for_mean, for_width = _features(mean, log_gap, reach)
        corrected: Array = mean + for_mean @ self.bias
        widened: Array = sd * np.exp(np.clip(for_width @ self.width, -1.5, 1.5))
        return corrected, widened


NONE = Calibration(np.zeros(N_BIAS), np.zeros(N_WIDTH))


def _features(mean: Array, log_gap: Array, reach: Array) -> tuple[Array, Array]:
    above, longer = np.clip(mean - 1.0, -1.0, 1.0), np.clip(log_gap, -2.5, 2.5)
    one = np.ones_like(above)
    for_mean = np.stack([one, above, above**2, longer, longer**2, above * longer], axis=-1)
    for_mean = for_mean * np.minimum(reach, 1.0)[..., None]
    return for_mean, np.stack([one, above, longer, above**2], axis=-1)


def calibrate(
    mean: Array, sd: Array, log_gap: Array, reach: Array, actual: Array, at_most: float
) -> Calibration:
    """Return the correction under which the actual fills are most probable.

    Parameters
    ----------
    mean, sd, log_gap, reach : (m,) of forecasts, as for `Calibration.apply`.
    actual : (m,) what they turned out to be.
    at_most : the highest that can be read; a reading there means "at least".
    """
    if not len(mean):
        return NONE
    for_mean, for_width = _features(mean, log_gap, reach)
    censored = actual >= at_most - 1e-9

    def loss(weights: Array) -> tuple[float, Array]:
        bias, width = weights[:N_BIAS], weights[N_BIAS:]
        scale = sd * np.exp(np.clip(for_width @ width, -1.5, 1.5))
        z = (actual - mean - for_mean @ bias) / scale
        tail = norm.logsf(z)
        hazard = np.exp(norm.logpdf(z) - tail)
        lost = np.where(censored, -tail, 0.5 * z**2 + np.log(scale))
        to_mean = np.where(censored, -hazard, -z) / scale
        to_width = np.where(censored, -hazard * z, 1.0 - z**2)
        slope = np.concatenate([to_mean @ for_mean, to_width @ for_width])
        return float(lost.sum() + 0.5 * RIDGE * weights @ weights), slope + RIDGE * weights

    found = minimize(loss, np.zeros(N_BIAS + N_WIDTH), jac=True, method="L-BFGS-B")
    return Calibration(found.x[:N_BIAS], found.x[N_BIAS:])
