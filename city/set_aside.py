"""The noun for a record that could not be taken: kept as it came, with the reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from city.errors import Fault


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
