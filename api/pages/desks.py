"""Which pages there are and whose they are; a new page has its row here."""

from __future__ import annotations

from dataclasses import dataclass

from city.account import Role, Visitor


@dataclass(frozen=True)
class Desk:
    """A page in the header's navigation.

    Parameters
    ----------
    name : a page says with it where the reader is.
    word : what it is called, by its key.
    """

    name: str
    word: str
    path: str
    roles: tuple[Role, ...]


DESKS = (
    Desk("plan", "nav_plan", "/", tuple(Role)),
    Desk("drive", "nav_drive", "/driver", (Role.DRIVER,)),
    Desk("photos", "nav_photos", "/photos", tuple(Role)),
    Desk("reviews", "nav_reviews", "/reviews", (Role.ANALYST,)),
    Desk("measures", "nav_measures", "/measures", (Role.ANALYST,)),
    Desk("what-if", "nav_what_if", "/what-if", (Role.ANALYST,)),
)

HOMES = {Role.PLANNER: "/", Role.DRIVER: "/driver", Role.ANALYST: "/reviews"}
"""Where somebody of a role begins the day; who has several begins at the first of these."""


def desks_of(visitor: Visitor | None) -> tuple[Desk, ...]:
    """Return the pages that somebody may open."""
    return tuple(desk for desk in DESKS if visitor and visitor.may(desk.roles))


def home_of(visitor: Visitor) -> str:
    """Return where somebody begins the day."""
    return next((path for role, path in HOMES.items() if visitor.may((role,))), "/")
