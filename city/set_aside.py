"""The noun for a record that could not be taken: kept as it came, with the reason."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from city.errors import Fault

EXAMPLES = 3
"""Faults of each code that are shown; all of them are kept."""


@dataclass(frozen=True)
class SetAside:
    """A record that could not be taken, as it came, and why.

    Parameters
    ----------
    raw : JSON-able; without what names a person.
    """

    source: str
    raw: Any
    faults: tuple[Fault, ...]

    @property
    def id(self) -> str:
        """A name made from its content, so that the same record is set aside once."""
        text = json.dumps([self.source, self.raw], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def tally(aside: Iterable[SetAside]) -> tuple[Counter[str], dict[str, list[Fault]]]:
    """Return how many faults of each code there are, and the first few of each."""
    counts: Counter[str] = Counter()
    examples: dict[str, list[Fault]] = {}
    for fault in (fault for record in aside for fault in record.faults):
        counts[fault.code] += 1
        if counts[fault.code] <= EXAMPLES:
            examples.setdefault(fault.code, []).append(fault)
    return counts, examples
