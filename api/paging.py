"""Links from one page of a list to the next, in the document and in the ``Link`` header."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request, Response

from api.documents.document import Link


def page_links(
    request: Request,
    response: Response,
    limit: int,
    offset: int,
    more: bool,
    media_type: str = "application/json",
) -> tuple[Link, ...]:
    """Return the links of a page to itself and, while there are more, to the next."""

    def link(rel: str, first: int) -> Link:
        kept = dict(request.query_params) | {"limit": str(limit), "offset": str(first)}
        return Link(rel=rel, href=f"{request.url.path}?{urlencode(kept)}", type=media_type)

    if not more:
        return (link("self", offset),)
    following = link("next", offset + limit)
    response.headers["Link"] = f'<{following.href}>; rel="next"'
    return link("self", offset), following
