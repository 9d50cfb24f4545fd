"""Signalen: citizens' reports come in, and go back as handled once somebody was there.

Source: Signalen API v1 (MPL-2.0), `/signals/v1/private/signals/`, read with a token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.sources import fields
from city.sources.http import Server
from city.sources.page import Page, gather

BASE = "/signals/v1/private/signals/"
PAGE_SIZE = 100
HANDLED, CANCELLED = "o", "a"

REPORT_ERROR_M = 15.0
# One report in five is of nothing that a crew would find.
REPORT_TRUST = 0.8

SLUGS: dict[str, tuple[EvidenceKind, Fraction | None]] = {
    "container-is-vol": (EvidenceKind.REPORT, None),
    "container-voor-papier-is-vol": (EvidenceKind.REPORT, Fraction.PAPER),
    "container-voor-plastic-afval-is-vol": (EvidenceKind.REPORT, Fraction.PACKAGING),
    "container-glas-is-vol": (EvidenceKind.REPORT, Fraction.GLASS),
    "prullenbak-is-vol": (EvidenceKind.REPORT, None),
    "huisafval": (EvidenceKind.SIDE_WASTE, None),
    "grofvuil": (EvidenceKind.SIDE_WASTE, None),
}
"""The categories that speak of a full container or of loose waste; others are left alone."""

_PERSONAL = frozenset(
    {"reporter", "text", "text_extra", "notes", "extra_properties", "attachments", "_display"}
)


def reports(
    server: Server, city: Municipality, start: str = "", since: datetime | None = None
) -> Iterator[Page]:
    """Yield the reports that were changed since a time, a page at a time."""
    query = [("page_size", str(PAGE_SIZE)), ("ordering", "created_at")]
    query += [("category_slug", slug) for slug in SLUGS]
    if since:
        query.append(("updated_after", since.isoformat()))
    path = start or f"{BASE}?{urlencode(query)}"
    while path:
        body, _ = server.get(path)
        path = ((body.get("_links") or {}).get("next") or {}).get("href") or ""
        yield gather(
            "signalen", body["results"], lambda raw: report(raw, city), path, without_persons
        )


def report(raw: Mapping[str, Any], city: Municipality) -> Iterator[Evidence]:
    """Yield what a report says; nothing where it was cancelled or is about something else."""
    name = str(fields.given(raw, "id", "signal"))
    where = f"signal {name}"
    kind, fraction = SLUGS.get(_slug(raw), (None, None))
    if kind is None or (raw.get("status") or {}).get("state") == CANCELLED:
        return
    received = fields.instant(
        fields.given(raw, "created_at", where), city.zone, where, "created_at"
    )
    fields.not_in_future(received, city.now(), where, "created_at")
    begun = raw.get("incident_date_start")
    seen = fields.instant(begun, city.zone, where, "incident_date_start") if begun else received
    geometry = (raw.get("location") or {}).get("geometrie")
    yield Evidence(
        kind=kind,
        value=1.0,
        # Who reports what is to come reports what is there.
        seen_at=min(seen, received),
        received_at=received,
        source="signalen",
        raw_ref=f"signalen:{name}",
        position=fields.point(geometry, fields.WGS84, city.bounds, where, "location.geometrie"),
        uncertainty_m=REPORT_ERROR_M,
        trust=REPORT_TRUST,
        fraction=fraction,
    )


def without_persons(raw: Any) -> Any:
    """Return a report without what its reporter is or wrote."""
    return {k: v for k, v in raw.items() if k not in _PERSONAL} if isinstance(raw, dict) else {}


def tell_handled(server: Server, ref: str, text: str) -> None:
    """Set a report's status to handled, with a text that its reporter may read.

    Raises
    ------
    Broken
        Signalen did not take it.
    """
    server.patch(f"{BASE}{ref}", {"status": {"state": HANDLED, "text": text}})


def _slug(raw: Mapping[str, Any]) -> str:
    category = raw.get("category") or {}
    named = category.get("sub_slug") or category.get("category_url") or category.get("sub") or ""
    return str(named).rstrip("/").rpartition("/")[2]
