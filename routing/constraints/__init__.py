"""The rules that every plan keeps to, one a file; a new rule copies a neighbour."""

from routing.constraints import (
    accounting,
    breaks,
    capacity,
    clock,
    disposal,
    loads,
    matching,
    one_fraction,
    reasons,
    shape,
    shift,
    travel,
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
)

__all__ = ["CONSTRAINTS", "Rule", "Violation"]
