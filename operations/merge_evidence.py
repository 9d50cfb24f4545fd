"""The verb that asks the ledger which cases there are, and tells reporters what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from city.cases import Case, CaseVisit, Matter, spots_of, sweep_id, visits_in
from city.errors import NotFound
from city.evidence import Evidence, EvidenceKind
from city.merge import Decision, MergeRules, merge
from city.store import Store, cases, containers, ledger, municipalities

LOOK_BACK = timedelta(days=30)
TOLD_SYSTEMS = ("signalen",)
"""Sources whose reporters are told; a record of theirs has a reference such as `signalen:123`."""


@dataclass(frozen=True)
class Merged:
    """What the ledger amounts to at one time.

    Parameters
    ----------
    evidence : every record that is in a case, by id.
    queued : reporters newly to be told.
    """

    cases: tuple[Case, ...]
    evidence: dict[str, Evidence]
    queued: int = 0

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """The cases that still want a visit."""
        return tuple(case for case in self.cases if case.is_open)


def merge_evidence(
    store: Store, as_of: datetime | None = None, rules: MergeRules | None = None
) -> Merged:
    """Return the cases of the last thirty days, and queue what reporters are to be told.

    Parameters
    ----------
    as_of : nothing received later is taken into account; now by default.
    """
    now = as_of or municipalities.get(store).now()
    merged = read_cases(store, now, rules)
    changes = tuple(_changes(merged.cases, merged.evidence))
    return replace(merged, queued=cases.queue(store, changes, now))


def read_cases(store: Store, now: datetime, rules: MergeRules | None = None) -> Merged:
    """Return the cases of the last thirty days, and change nothing."""
    records = ledger.since(store, now - LOOK_BACK, now)
    visits = [v for v in cases.visits(store, now - LOOK_BACK) if v.at <= now]
    noted = {visit.raw_ref for visit in visits}
    found = merge(
        records,
        spots_of(containers.every(store)),
        (*(v for v in visits_in(records) if v.raw_ref not in noted), *visits),
        rules,
        cases.decisions(store),
    )
    named = {name for case in found for name in case.evidence_ids}
    evidence = {r.id: r for r in records if r.id in named}
    return Merged(found, evidence)


def record_visit(store: Store, case_id: str, *, at: datetime, by: str, found: bool) -> Merged:
    """Note that a crew was at a case, which closes every record in it.

    Where it found a full container, the containers of the case are believed to be empty after it.

    Raises
    ------
    NotFound
        There is no such case.
    """
    case = find_case(merge_evidence(store, at), case_id)
    visit = CaseVisit(
        matter=case.matter,
        at=at,
        position=case.position,
        by=by,
        raw_ref=f"visit:{case_id}:{at.isoformat()}",
        container_ids=case.container_ids,
        fraction=case.fraction if case.matter is Matter.FULL else None,
        found=found,
    )
    cases.add_visits(store, [visit])
    if found and case.matter is Matter.FULL:
        ledger.add(store, _emptied(store, visit))
    return merge_evidence(store, at)


def _emptied(store: Store, visit: CaseVisit) -> Iterator[Evidence]:
    for name in visit.container_ids:
        container = containers.get(store, name)
        yield Evidence(
            kind=EvidenceKind.EMPTIED,
            value=1.0,
            seen_at=visit.at,
            received_at=visit.at,
            source=visit.by[:100],
            raw_ref=visit.raw_ref,
            position=container.position,
            uncertainty_m=0.0,
            container_id=name,
            fraction=container.fraction,
        )


def decide(store: Store, decision: Decision) -> Merged:
    """Put a record into a case by hand, into one of its own, or leave it to the merger again.

    Raises
    ------
    NotFound
        There is no such record or no such case.
    """
    if not ledger.find(store, [decision.evidence_id]):
        raise NotFound(f"No record '{decision.evidence_id}' is in the ledger.")
    if decision.case_id is not None and not decision.case_id.startswith("apart:"):
        find_case(merge_evidence(store, decision.at), decision.case_id)
    before = cases.decisions(store, decision.evidence_id)
    if before and before[-1].at >= decision.at:
        # A demonstration's clock stands still; who speaks last is heard all the same.
        decision = replace(decision, at=before[-1].at + timedelta(microseconds=1))
    cases.add_decision(store, decision)
    return merge_evidence(store, decision.at)


def find_case(merged: Merged, name: str) -> Case:
    """Return the case whose id begins so.

    Raises
    ------
    NotFound
        There is none, or there are several.
    """
    found = [c for c in merged.cases if c.id == name] or [
        c for c in merged.cases if name and c.id.startswith(name)
    ]
    return _only(found, f"case '{name}'")


def sweep_of(store: Store, now: datetime, sweep: str) -> Case | None:
    """Return the case that a stop of a plan takes the loose waste of, while it is open."""
    found = (case for case in read_cases(store, now).open_cases if sweep_id(case) == sweep)
    return next(found, None)


def find_record(merged: Merged, name: str) -> Evidence:
    """Return the record of a case whose id begins so.

    Raises
    ------
    NotFound
        There is none, or there are several.
    """
    found = [r for key, r in merged.evidence.items() if name and key.startswith(name)]
    return _only(found, f"record '{name}'")


def _only[T](found: Sequence[T], what: str) -> T:
    if len(found) > 1:
        raise NotFound(f"Several begin like {what}; give more of its letters.")
    if not found:
        raise NotFound(f"No {what} is in a case of the last {LOOK_BACK.days} days.")
    return found[0]


def _changes(found: Sequence[Case], evidence: dict[str, Evidence]) -> Iterator[cases.StatusChange]:
    for case in found:
        if case.closed_at is None:
            continue
        for name in case.evidence_ids:
            system, _, ref = evidence[name].raw_ref.partition(":")
            if system in TOLD_SYSTEMS:
                yield cases.StatusChange(system, ref, case.id, case.closed_at)
