"""The verb that asks the ledger which cases there are, and tells reporters what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from city.cases import Case, CaseVisit, Matter, spots_of, visits_in
from city.errors import NotFound
from city.evidence import Evidence
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
    records = ledger.since(store, now - LOOK_BACK, now)
    visits = [v for v in cases.visits(store, now - LOOK_BACK) if v.at <= now]
    found = merge(
        records,
        spots_of(containers.every(store)),
        (*visits_in(records), *visits),
        rules,
        cases.decisions(store),
    )
    named = {name for case in found for name in case.evidence_ids}
    evidence = {r.id: r for r in records if r.id in named}
    queued = cases.queue(store, tuple(_changes(found, evidence)), now)
    return Merged(found, evidence, queued)


def record_visit(store: Store, case_id: str, *, at: datetime, by: str, found: bool) -> Merged:
    """Note that a crew was at a case, which closes every record in it.

    Raises
    ------
    NotFound
        There is no such case.
    """
    case = _case(merge_evidence(store, at), case_id)
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
    return merge_evidence(store, at)


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
        _case(merge_evidence(store, decision.at), decision.case_id)
    cases.add_decision(store, decision)
    return merge_evidence(store, decision.at)


def _case(merged: Merged, case_id: str) -> Case:
    for case in merged.cases:
        if case.id == case_id:
            return case
    raise NotFound(f"No case '{case_id}' is known in the last {LOOK_BACK.days} days.")


def _changes(found: Sequence[Case], evidence: dict[str, Evidence]) -> Iterator[cases.StatusChange]:
    for case in found:
        if case.closed_at is None:
            continue
        for name in case.evidence_ids:
            system, _, ref = evidence[name].raw_ref.partition(":")
            if system in TOLD_SYSTEMS:
                yield cases.StatusChange(system, ref, case.id, case.closed_at)
