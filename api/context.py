"""What every request may use: settings, the open store, the desks, the road lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from city.store import Store
from operations.jobs import Jobs
from operations.receive_photo import PhotoDesk
from operations.route_lines import RouteLines
from operations.settings import Settings


@dataclass(frozen=True)
class Context:
    """One city at hand, from the server's start to its end."""

    settings: Settings
    store: Store
    jobs: Jobs
    lines: RouteLines
    photos: PhotoDesk


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Here = Annotated[Context, Depends(_context)]
