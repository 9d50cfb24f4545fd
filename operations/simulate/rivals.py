"""The policies that are compared, each by name, with the figures that it runs on."""

from __future__ import annotations

from city.choosing import Policy
from operations.simulate.policies import Chooser, MustMay, Ours, Perfect, Standing, Threshold

OURS = Policy(
    must_p_overflow=0.5, overflow_price_cents=6_000, detour_price_cents=600, max_days_unemptied=500
)
"""Prices found on seeds 51 to 53, which are never reported."""

_CHOOSERS: tuple[Chooser, ...] = (
    Standing(),
    Standing(by_zone=True, name="fixed-by-zone"),
    Threshold(0.75),
    MustMay(0.8, 0.6),
    Ours(OURS),
    Perfect(OURS),
)
POLICIES = {chooser.name: chooser for chooser in _CHOOSERS}
