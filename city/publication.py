"""Which plan of a day is driven: who published it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PlanState(StrEnum):
    """How far a plan is: made, driven, or driven no longer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Publication:
    """One entry of the log; the last of a day holds.

    Parameters
    ----------
    number : counts the entries of a day from 1.
    plan_id : empty where the day's plan was withdrawn.
    by : the name of who did it.
    """

    day: date
    number: int
    plan_id: str
    at: datetime
    by: str
