"""The municipality that all data belongs to."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    id: str
    name: str
    time_zone: str
    bounds: Bounds
    notices: tuple[tuple[str, str], ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The clock that its people live by."""
        return ZoneInfo(self.time_zone)

    def notice(self, language: str) -> str:
        """Return the notice in a language, or an empty text where there is none."""
        return dict(self.notices).get(language, "")
