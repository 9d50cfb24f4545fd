"""Loose waste as a stop of its own: what a rear loader takes while a crane truck cannot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from city.cases import Case, sweep_id
from city.choosing import Policy, newest_photo
from city.container import Container, ContainerKind
from city.emptyings import DAY_S
from city.evidence import Evidence
from city.fraction import Fraction
from city.plan import Choice, ReasonCode, Verdict

VOLUME_L = 500
"""What lies there, commonly: a few bags and some cardboard. A prior; nobody weighs it by place."""


def place_of(case: Case, registry: Mapping[str, Container]) -> Container:
    """Return the stop that a case of loose waste is, called as the container it lies beside."""
    beside = next((registry[name] for name in case.container_ids if name in registry), None)
    return Container(
        id=sweep_id(case),
        position=case.position,
        fraction=Fraction.RESIDUAL,
        kind=ContainerKind.LOOSE,
        volume_l=VOLUME_L,
        address=beside.address if beside else "",
        access_note=beside.access_note if beside else "",
        simulated=beside.simulated if beside else False,
    )


def weigh_loose(
    case: Case,
    place: Container,
    evidence: Mapping[str, Evidence],
    policy: Policy,
    next_chance_at: datetime,
    as_of: datetime,
) -> Choice:
    """Return whether loose waste must be taken, or is taken if the route allows.

    Parameters
    ----------
    place : as `place_of` has it.
    evidence : the case's records, by id.
    """
    records = _once_each(evidence[name] for name in case.evidence_ids)
    p_there = 1.0 - math.prod(1.0 - r.trust * r.value for r in records)
    waits_days = (next_chance_at - case.first_seen_at).total_seconds() / DAY_S
    must = waits_days > policy.max_days_loose_waste
    return Choice(
        container_id=place.id,
        verdict=Verdict.MUST if must else Verdict.CHOSEN,
        reason=ReasonCode.LOOSE_WASTE,
        fill=0.0,
        fill_low=0.0,
        fill_high=0.0,
        p_overflow=0.0,
        weight_kg=round(place.weight_kg(1.0)),
        volume_l=place.volume_l,
        skip_price_cents=round(p_there * policy.overflow_price_cents),
        days_since_emptied=round((as_of - case.first_seen_at).total_seconds() / DAY_S, 1),
        evidence_ids=tuple(record.id for record in records),
        photo_id=newest_photo(records),
        loose_waste=True,
    )


def _once_each(records: Iterable[Evidence]) -> list[Evidence]:
    """Return the strongest of each photo or report: three bags in one photo are one sighting."""
    strongest: dict[str, Evidence] = {}
    for record in sorted(records, key=lambda r: (r.value, r.id)):
        strongest[record.raw_ref.partition("#")[0]] = record
    return sorted(strongest.values(), key=lambda r: (r.seen_at, r.id))
