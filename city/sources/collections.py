"""A history of collections alone: what was emptied when, and how full, wherever that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from city.container import Container
from city.errors import BadInput, Fault
from city.evidence import MEASURED, Evidence
from city.municipality import Municipality
from city.place import Bounds, Position
from city.set_aside import SetAside
from city.sources.page import ContainersAt, gather
from city.sources.tables import Mapped, Reader, rows

# A history is scored, nobody is sent anywhere: where a bin stands does not matter, but its street.
_NOWHERE = Position(0.0, 0.0)
_EARTH = Bounds(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Collections:
    """Containers, and the records of each, oldest first.

    Parameters
    ----------
    aside : rows that could not be taken, and why.
    """

    containers: tuple[Container, ...]
    records: tuple[Evidence, ...]
    aside: tuple[SetAside, ...]


def read_collections(path: Path, mapped: Mapped) -> Collections:
    """Read a table of collections; its containers are those that it names.

    Raises
    ------
    BadInput
        The file cannot be read, the mapping names a column that it lacks, or one row says a
        container of which no kind, fraction or volume is known.
    """
    _check(path, mapped)
    raw = [row for page, _ in rows(path, mapped) for row in page]
    now = datetime.now(UTC)
    city = Municipality("history", mapped.source, mapped.time_zone or "UTC", _EARTH, (), now)
    describing = Reader(mapped, city, ContainersAt(()))
    containers: dict[str, Container] = {}
    for row in map(describing.ours, raw):
        name = str(row.get("container_id") or "")
        if name and name not in containers:
            containers[name] = describing.container(name, row, _NOWHERE, f"{path.name} {name}")
    reader = Reader(mapped, city, ContainersAt(containers.values()))
    read = gather(mapped.source, raw, reader.read)
    records = {record.id: record for record in reversed(read.evidence)}
    return Collections(
        tuple(containers.values()),
        tuple(sorted(records.values(), key=lambda r: (r.seen_at, r.id))),
        read.aside,
    )


def _check(path: Path, mapped: Mapped) -> None:
    if mapped.gives == "evidence" and mapped.kind in MEASURED and "container_id" in mapped.columns:
        return
    raise BadInput(
        Fault(
            code="mapping-gives-no-collections",
            where=path.name,
            field="kind",
            value=str(mapped.kind or mapped.gives),
            cause="The mapping does not make collections of the rows.",
            remedy=f"It needs gives = 'evidence', kind = one of {', '.join(sorted(MEASURED))}, "
            "and a column for container_id.",
        )
    )
