"""What every request may use: the settings and the store of who asks, the desks, the road lines."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from api.cookies import COOKIE, session_secret
from api.sign_on import SignOn
from city.account import Account, KeyKind, Role, Visitor
from city.errors import LoggedOut, NotAllowed
from city.store import Store
from operations.jobs import Jobs
from operations.list_features import FeatureDesk
from operations.log_in import Door, demo_visitor, who_asks
from operations.receive_photo import PhotoDesk
from operations.report_full import Crowd
from operations.route_lines import RouteLines
from operations.settings import Settings
from operations.show_shift import ShiftDesk


@dataclass(frozen=True)
class Server:
    """All that is open, from the server's start to its end.

    Parameters
    ----------
    store : of the municipality that the server was started for; others are in the same database.
    demo : the account that everybody has in demo mode; None outside of it.
    sign_on : the organisation's identity provider, where there is one.
    """

    settings: Settings
    store: Store
    jobs: Jobs
    lines: RouteLines
    features: FeatureDesk
    shifts: ShiftDesk
    demo: Account | None = None
    sign_on: SignOn | None = None
    door: Door = field(default_factory=Door)
    crowd: Crowd = field(default_factory=Crowd)
    photo_lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Context:
    """One municipality at hand, for one visitor: nothing of another one can be reached from it."""

    settings: Settings
    store: Store
    visitor: Visitor
    jobs: Jobs
    lines: RouteLines
    features: FeatureDesk
    shifts: ShiftDesk
    photos: PhotoDesk

    @classmethod
    def of(cls, server: Server, visitor: Visitor) -> Context:
        """Return what a visitor may use."""
        settings = server.settings.replace(municipality=visitor.municipality_id)
        store = Store(server.store.engine, visitor.municipality_id)
        photos = PhotoDesk(store, settings, server.photo_lock)
        desks = server.jobs, server.lines, server.features, server.shifts, photos
        return cls(settings, store, visitor, *desks)


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


def visitor(request: Request) -> Visitor | None:
    """Return who asks: by a token in the header, else by a session's cookie, else in demo mode."""
    server, (kind, secret) = _server(request), _key(request)
    found = who_asks(server.store, secret, kind, server.settings.session_span) if secret else None
    if found is None and server.demo is not None and kind is KeyKind.SESSION:
        found = demo_visitor(server.store, server.demo)
    request.state.visitor = found
    return found


def _key(request: Request) -> tuple[KeyKind, str | None]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return KeyKind.TOKEN, token.strip() or "none"
    return KeyKind.SESSION, session_secret(request)


class Only:
    """Lets those in who have one of some roles; administrators have all."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    def __call__(
        self,
        request: Request,
        _token: Annotated[object, Depends(HTTPBearer(auto_error=False))],
        _cookie: Annotated[object, Depends(APIKeyCookie(name=COOKIE, auto_error=False))],
    ) -> Context:
        """Return what the visitor may use.

        Raises
        ------
        LoggedOut
            Nobody is known to ask.
        NotAllowed
            Their roles do not include any of these.
        """
        found = visitor(request)
        if found is None:
            raise LoggedOut("Log in, or send a token that holds: Authorization: Bearer TOKEN.")
        if not found.may(self.roles):
            needed = " or ".join(self.roles)
            raise NotAllowed(f"This needs the role {needed}; {found.name} does not have it here.")
        return Context.of(_server(request), found)


AnyServer = Annotated[Server, Depends(_server)]
"""For what is open to everybody."""

Everyone = Annotated[Context, Depends(Only(*Role))]
"""For everybody who is logged in."""

Planners = Annotated[Context, Depends(Only(Role.PLANNER))]
Drivers = Annotated[Context, Depends(Only(Role.DRIVER))]
Analysts = Annotated[Context, Depends(Only(Role.ANALYST))]
Crews = Annotated[Context, Depends(Only(Role.PLANNER, Role.DRIVER))]
"""For crews and who plans for them."""

Office = Annotated[Context, Depends(Only(Role.PLANNER, Role.ANALYST))]
"""For planners and analysts."""
