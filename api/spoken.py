"""The language that a page is asked for in."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Query

from api.context import AnyServer
from city.wording import Language


def _language(server: AnyServer, language: Annotated[Language | None, Query()] = None) -> Language:
    return language or cast(Language, server.settings.language)


Spoken = Annotated[Language, Depends(_language)]
