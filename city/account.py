"""Who may use the system, as what, and for which municipalities."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody does; an administrator may do everything."""

    PLANNER = "planner"
    DRIVER = "driver"
    ANALYST = "analyst"
    ADMIN = "admin"


class KeyKind(StrEnum):
    """What a secret is good for."""

    SESSION = "session"
    TOKEN = "token"
    LINK = "link"


@dataclass(frozen=True)
class Account:
    """Somebody who may log in.

    Parameters
    ----------
    name : what they log in with, such as an e-mail address; in lower case.
    password_hash : None until they chose a password.
    duties : pairs of municipality and role.
    """

    id: str
    name: str
    password_hash: str | None = None
    is_enabled: bool = True
    duties: frozenset[tuple[str, Role]] = frozenset()

    @property
    def municipality_ids(self) -> tuple[str, ...]:
        """The municipalities that they work for."""
        return tuple(sorted({municipality_id for municipality_id, _ in self.duties}))

    def roles(self, municipality_id: str) -> frozenset[Role]:
        """Return what they do for a municipality."""
        return frozenset(role for place, role in self.duties if place == municipality_id)


@dataclass(frozen=True)
class Key:
    """A secret that stands for an account; only its digest is kept.

    Parameters
    ----------
    municipality_id : the one that is seen with it.
    role : the only role that it gives; None for all that the account has.
    label : what its owner calls it.
    expires_at : None where it never does.
    """

    digest: str
    kind: KeyKind
    account_id: str
    municipality_id: str
    made_at: datetime
    expires_at: datetime | None = None
    role: Role | None = None
    label: str = ""


@dataclass(frozen=True)
class Visitor:
    """Who asks, for one municipality.

    Parameters
    ----------
    municipality_ids : those that they may turn to.
    """

    account_id: str
    name: str
    municipality_id: str
    roles: frozenset[Role]
    municipality_ids: tuple[str, ...]

    def may(self, roles: Collection[Role]) -> bool:
        """Return whether one of these roles is theirs."""
        return Role.ADMIN in self.roles or not self.roles.isdisjoint(roles)
