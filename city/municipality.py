"""The municipality that all data belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from city.place import Bounds


@dataclass(frozen=True)
class Municipality:
    """A city, its bounds and its clock.

    Parameters
    ----------
    id : short and stable, used in every table and address.
    notices : what a reader of any page or sheet must be told, such as that data is simulated,
        by language code.
    stopped_at : where the clock of a demonstration stands still, so that its photos and history
        do not grow old; None in a real city.
    """

    id: str
    name: str
    time_zone: str
    bounds: Bounds
    notices: tuple[tuple[str, str], ...] = ()
    stopped_at: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The clock that its people live by."""
        return ZoneInfo(self.time_zone)

    def now(self) -> datetime:
        """Return the time in this city, with its zone."""
        return (self.stopped_at or datetime.now(self.zone)).astimezone(self.zone)

    def notice(self, language: str) -> str:
        """Return the notice in a language, or an empty text where there is none."""
        return dict(self.notices).get(language, "")
