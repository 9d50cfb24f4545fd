"""The one tree of errors, and the faults that bad input consists of.

Draw it as::

    StadsrondeError
    |-- BadInput          what somebody gave us is wrong; carries every Fault found
    |-- NotFound          something named does not exist
    |-- LoggedOut         nobody is known to ask
    |-- NotAllowed        somebody asks for what their role may not
    `-- Broken            our own machinery, or a library below it, failed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, and how to mend it.

    Parameters
    ----------
    code : stable kebab-case name, documented in ``docs/reference/faults.md``.
    where : the file, record or request part that is at fault.
    cause : what is wrong, as one sentence.
    remedy : what the reader can do about it, as one sentence.
    field : the field or column, where there is one.
    value : the offending value as text, shortened.
    """

    code: str
    where: str
    cause: str
    remedy: str
    field: str = ""
    value: str = ""

    def __str__(self) -> str:
        at = f"{self.where}: {self.field}" if self.field else self.where
        given = f" (got {self.value})" if self.value else ""
        return f"{at}: {self.cause}{given} {self.remedy} [{self.code}]"

    def as_dict(self) -> dict[str, str]:
        """Return the fault as plain JSON-able fields."""
        return asdict(self)


class StadsrondeError(Exception):
    """Anything that Stadsronde itself reports as gone wrong."""


class BadInput(StadsrondeError):
    """What somebody gave us is wrong; ``faults`` names everything that is."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NotFound(StadsrondeError):
    """Something named (a plan, a container, a photo) does not exist."""


class LoggedOut(StadsrondeError):
    """Nobody is known to ask: no key came along, or it holds no longer."""


class NotAllowed(StadsrondeError):
    """Somebody asks for what their role may not."""


class Broken(StadsrondeError):
    """Our own machinery, or a library below it, failed."""
