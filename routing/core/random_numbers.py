"""Random numbers whose state lies with the plan, so that a seed gives the same plan anywhere.

Source: xorshift64*, Vigna 2016, ACM TOMS 42(4).
"""

from __future__ import annotations

import numpy as np

from routing.core.compiled import compiled
from routing.core.day import State


@compiled
def draw(state: State) -> float:
    """Return a number of [0, 1)."""
    x = state.now[0].chance
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state.now[0].chance = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@compiled
def draw_below(state: State, limit: int) -> int:
    """Return a whole number of [0, limit)."""
    return int(draw(state) * limit)
