"""The verb that takes in a source's records: twice changes nothing, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from city.container import Container
from city.errors import Broken, Fault
from city.evidence import Evidence
from city.set_aside import EXAMPLES, SetAside, tally
from city.sources.http import Server
from city.sources.page import ContainersAt, Page
from city.sources.signalen import tell_handled
from city.store import Store, cases, containers, imports, ledger, municipalities

OnProgress = Callable[[str, float, float], None]


@dataclass
class ImportReport:
    """What became of a source's records.

    Parameters
    ----------
    read : records that the source gave.
    added : records of the ledger, containers and visits that are new.
    known : those that were there already, as they are.
    set_aside : records that could not be taken; kept with their reasons.
    reasons : how many faults of each code.
    examples : the first few of each.
    """

    source: str
    read: int = 0
    added: int = 0
    known: int = 0
    set_aside: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Fault]] = field(default_factory=dict)

    def note(self, aside: Sequence[SetAside]) -> None:
        """Count records that were set aside."""
        counts, examples = tally(aside)
        self.set_aside += len(aside)
        self.reasons.update(counts)
        for code, faults in examples.items():
            self.examples[code] = [*self.examples.get(code, ()), *faults][:EXAMPLES]


def import_pages(
    store: Store,
    source: str,
    pages: Callable[[str], Iterable[Page]],
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Take in the pages of a source, going on where an import before broke off.

    Parameters
    ----------
    source : a name for this import; its bookmark is kept under it.
    pages : yields pages from a place on, which is empty for the beginning.

    Raises
    ------
    Broken
        The source gave no answer; what came before is kept, and the next call goes on there.
    """
    now = municipalities.get(store).now()
    report = ImportReport(source)
    given: dict[str, Container] = {}
    for page in pages(imports.go_on_at(store, source)):
        _take(store, page, now, report, given)
        imports.put_bookmark(store, source, page.next, now)
        if on_progress:
            on_progress(source, report.read, 0)  # No source says how many are to come.
    return report


def containers_at(store: Store) -> ContainersAt:
    """Return the places of the city's containers, as connectors ask for them."""
    return ContainersAt(containers.every(store))


def tell_reporters(store: Store, server: Server, now: datetime | None = None) -> tuple[int, int]:
    """Tell Signalen of every report that a visit closed; return how many it took and refused.

    What it refuses stays in the queue, with its words.
    """
    city = municipalities.get(store)
    when = now or city.now()
    told = refused = 0
    for change in cases.waiting(store, "signalen"):
        day = change.closed_at.astimezone(city.zone)
        try:
            tell_handled(server, change.ref, f"De locatie is op {day:%d-%m-%Y} bezocht.")
        except Broken as broken:
            cases.not_told(store, change, str(broken))
            refused += 1
        else:
            cases.told(store, change, when)
            told += 1
    return told, refused


def _take(
    store: Store, page: Page, now: datetime, report: ImportReport, given: dict[str, Container]
) -> None:
    sound, doubled = _without_doubles(store, page)
    registry = [c for c in page.containers if given.setdefault(c.id, c) == c]
    twins = (c for c in page.containers if given[c.id] != c)
    aside = (*page.aside, *doubled, *(_twin(report.source, c) for c in twins))
    added = ledger.add(store, sound)
    added += cases.add_visits(store, page.visits)
    added += _put_containers(store, registry)
    imports.put_aside(store, aside, now)
    report.read += page.read
    report.added += added
    report.known += len(sound) + len(page.visits) + len(registry) - added
    report.note(aside)


def _without_doubles(store: Store, page: Page) -> tuple[list[Evidence], list[SetAside]]:
    """Part the records from those that say something else under an id that is taken."""
    known = ledger.find(store, (record.id for record in page.evidence))
    sound: list[Evidence] = []
    doubled: list[SetAside] = []
    for record in page.evidence:
        before = known.setdefault(record.id, record)
        if _says(before) == _says(record):
            sound.append(record)
        else:
            doubled.append(_doubled(record))
    return sound, doubled


def _says(record: Evidence) -> Sequence[object]:
    """Return what makes two records of one id the same; when each was heard of does not."""
    place = record.position
    return record.value, record.seen_at, place.lon, place.lat, record.fraction


def _doubled(record: Evidence) -> SetAside:
    fault = _duplicate(record.raw_ref, "A correction needs an id of its own at its source.")
    return SetAside(record.source, _jsonable(record), (fault,))


def _twin(source: str, container: Container) -> SetAside:
    """Set aside the second of two containers of one id in one import; a later import may change."""
    fault = _duplicate(f"container {container.id}", "Give each container an id of its own.")
    return SetAside(source, _jsonable(container), (fault,))


def _duplicate(where: str, remedy: str) -> Fault:
    return Fault(
        code="duplicate-id",
        where=where,
        field="id",
        cause="An earlier record has the same id and says something else.",
        remedy=f"The earlier one was kept. {remedy}",
    )


def _jsonable(record: Evidence | Container) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(record).items()
    }


def _put_containers(store: Store, given: Sequence[Container]) -> int:
    if not given:
        return 0
    known = {c.id: c for c in containers.every(store)}
    changed = [c for c in given if known.get(c.id) != c]
    containers.put(store, changed)
    return len(changed)
