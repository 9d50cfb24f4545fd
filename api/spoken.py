"""The language that a page is asked for in: else the one chosen before, else the server's own."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Query, Request

from api.context import AnyServer
from api.cookies import kept_language
from city.wording import Language


def _language(
    request: Request, server: AnyServer, language: Annotated[Language | None, Query()] = None
) -> Language:
    return language or kept_language(request) or cast(Language, server.settings.language)


Spoken = Annotated[Language, Depends(_language)]
