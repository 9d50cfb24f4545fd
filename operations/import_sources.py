"""The verbs that connect a city to its sources: one a source, each resumable and repeatable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from city.sources import amsterdam, fiware, signalen, tables
from city.sources.http import Manners, Server
from city.sources.page import Page
from city.store import Store, municipalities
from operations.import_records import (
    ImportReport,
    OnProgress,
    containers_at,
    import_pages,
    tell_reporters,
)

# Amsterdam's pages are a thousand records each; its server need not be spared between them.
_AMSTERDAM_MANNERS = Manners(per_second=10.0, timeout_s=60.0)


def import_amsterdam(
    store: Store,
    what: Literal["containers", "weighings", "inspections"],
    address: str = amsterdam.ADDRESS,
    since: date | None = None,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Take in Amsterdam's open data.

    Parameters
    ----------
    what : containers first, so that the others find where they belong.
    since : weighings and inspections of earlier days are left aside.

    Raises
    ------
    Broken
        The server gave no answer; the next call goes on where this one came to.
    """
    city, at = municipalities.get(store), containers_at(store)
    with Server(address, manners=_AMSTERDAM_MANNERS) as server:

        def pages(start: str) -> Iterator[Page]:
            match what:
                case "containers":
                    return amsterdam.containers(server, city, start)
                case "weighings":
                    return amsterdam.weighings(server, city, at, start, since)
                case _:
                    return amsterdam.inspections(server, city, at, start, since)

        return import_pages(store, f"amsterdam/{what}/{since or ''}", pages, on_progress)


def import_signalen(
    store: Store,
    address: str,
    token: str,
    since: datetime | None = None,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Take in the reports that were changed since a time.

    Raises
    ------
    Broken
        Signalen gave no answer or refuses the token.
    """
    city = municipalities.get(store)
    with Server(address, token=token) as server:
        return import_pages(
            store,
            f"signalen/{since.isoformat() if since else ''}",
            lambda start: signalen.reports(server, city, start, since),
            on_progress,
        )


def tell_signalen(store: Store, address: str, token: str) -> tuple[int, int]:
    """Tell Signalen of all reports that visits closed; return how many it took and refused."""
    with Server(address, token=token) as server:
        return tell_reporters(store, server)


def import_fiware(
    store: Store, address: str, token: str | None = None, on_progress: OnProgress | None = None
) -> ImportReport:
    """Take in what the sensors of a context broker say now.

    Raises
    ------
    Broken
        The broker gave no answer.
    """
    city, at = municipalities.get(store), containers_at(store)
    with Server(address, token=token) as server:
        return import_pages(
            store,
            "fiware",
            lambda start: fiware.containers(server, city, at, start),
            on_progress,
        )


def import_table(
    store: Store, path: Path, mapping: Path, on_progress: OnProgress | None = None
) -> ImportReport:
    """Take in a CSV, GeoJSON or GeoPackage file by its mapping file.

    Raises
    ------
    BadInput
        The file or the mapping as a whole is wrong.
    """
    mapped = tables.read_mapping(mapping)
    city, at = municipalities.get(store), containers_at(store)
    # A file that was changed since an import broke off is begun anew.
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return import_pages(
        store,
        f"{mapped.source}/{path.name[:80]}/{changed}",
        lambda start: tables.records(path, mapped, city, at, start),
        on_progress,
    )
