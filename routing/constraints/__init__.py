"""The rules that every plan keeps to, one a file; a new rule copies a neighbour."""

from routing.constraints import (
    accounting,
    breaks,
    capacity,
    clock,
    day_limits,
    disposal,
    driving,
    kerb,
    loads,
    matching,
    one_fraction,
    pairs,
    reasons,
    shape,
    shift,
    site_limits,
    size,
    travel,
    uncertain_load,
    windows,
)
from routing.constraints.rule import Rule, Violation

# Posted in this order: `travel` lays the time line that others bound.
CONSTRAINTS: tuple[Rule, ...] = (
    shape,
    accounting,
    reasons,
    travel,
    clock,
    shift,
    breaks,
    windows,
    matching,
    capacity,
    loads,
    disposal,
    one_fraction,
    driving,
    day_limits,
    uncertain_load,
    size,
    site_limits,
    pairs,
    kerb,
)

__all__ = ["CONSTRAINTS", "Rule", "Violation"]
