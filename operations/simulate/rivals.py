"""The policies that are compared, each by name, with the figures that it runs on."""

from __future__ import annotations

from city.choosing import Policy
from operations.simulate.policies import Chooser, MustMay, Ours, Perfect, Standing, Threshold

OURS = Policy(
    must_p_overflow=0.5, overflow_price_cents=5_500, detour_price_cents=400, max_days_unemptied=500
)
"""Prices and levels were found on seed 51, which is never reported. The longest wait is left so
high because the fixed schedule has none."""

_CHOOSERS: tuple[Chooser, ...] = (
    Standing(),
    Standing(by_zone=True, name="fixed-by-zone"),
    Threshold(0.6),
    MustMay(0.65, 0.5, 800),
    Ours(OURS),
    Perfect(OURS),
)
POLICIES = {chooser.name: chooser for chooser in _CHOOSERS}
