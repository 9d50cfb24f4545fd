"""The verb that tells what each kind of evidence has turned out to be worth in a city."""

from __future__ import annotations

from city.cases import belonging
from city.fill import by_container
from city.likelihood import Likelihoods, learn_likelihoods
from city.store import Store, containers, ledger, municipalities
from operations.choose_stops import HISTORY
from operations.merge_evidence import merge_evidence


def weigh_evidence(store: Store) -> Likelihoods:
    """Return what a plan made now takes each kind of evidence to be worth."""
    now = municipalities.get(store).now()
    merged = merge_evidence(store, now)
    belongs = belonging(merged.cases, merged.evidence)
    records = ledger.since(store, now - HISTORY, now)
    return learn_likelihoods(containers.every(store), by_container(records, now, belongs))
