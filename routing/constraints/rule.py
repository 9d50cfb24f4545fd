"""What a rule is: one thing that every plan must keep to, posted and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from city.plan import Plan
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model


@dataclass(frozen=True)
class Violation:
    """One place where a plan breaks a rule.

    Parameters
    ----------
    rule : the rule's name.
    vehicle_id : the truck; empty where no truck is concerned.
    ref : the stop or site; empty where the whole route is concerned.
    message : what is wrong, as one sentence for a planner.
    amount : by how much, in the unit that the message names; 1 where it cannot be measured.
    """

    rule: str
    vehicle_id: str
    ref: str
    message: str
    amount: int = 1


class Rule(Protocol):
    """A module of `routing.constraints`."""

    NAME: str

    def post(self, model: Model) -> None:
        """Make OR-Tools keep to the rule."""

    def violations(self, problem: Problem, plan: Plan) -> Iterable[Violation]:
        """Find every place where a plan, whoever made it, breaks the rule."""
