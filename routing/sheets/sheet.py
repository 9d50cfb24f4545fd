"""What one truck's crew takes along: a `Sheet` of lines, complete in itself.

Every format is a rendering of this noun and asks nobody else anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from city.container import ContainerKind
from city.fraction import Fraction
from city.place import Position
from city.plan import VisitKind
from city.wording import Language

LonLat = tuple[float, float]
Line = tuple[LonLat, ...]

# Containers of one cluster stand within a few metres of each other; an address that two places
# share (a street without a house number) must not join them.
CLUSTER_M = 30.0


@dataclass(frozen=True)
class Direction:
    """One line of a turn-by-turn list, and how far the truck then drives."""

    text: str
    length_m: int


@dataclass(frozen=True)
class StopFacts:
    """What a crew reads about the container that it empties.

    Parameters
    ----------
    fill, fill_low, fill_high : expected fill and the span that holds it with 80 % probability;
        1 is full.
    reason : why it is on the list, in the sheet's language.
    must : whether it had to be on the list.
    photo : JPEG bytes of a blurred crop that shows it, where there is one.
    """

    container_id: str
    kind: ContainerKind
    fill: float
    fill_low: float
    fill_high: float
    reason: str
    must: bool
    access_note: str = ""
    photo: bytes | None = None


@dataclass(frozen=True)
class SheetLine:
    """One thing that the truck does, and the drive to it from the line before.

    Parameters
    ----------
    number : counts the stops from 1; None for all else.
    arrival_s, departure_s : seconds after local midnight.
    place : address or street of a container, name of a site; empty for a break.
    position : None for a break, which lies on the way to the next line.
    fraction : what is collected or unloaded.
    drive_s, length_m : from the line before.
    load_kg : on the truck when it leaves.
    unload_kg : brought to a disposal site.
    """

    kind: VisitKind
    arrival_s: int
    departure_s: int
    number: int | None = None
    place: str = ""
    position: Position | None = None
    fraction: Fraction | None = None
    stop: StopFacts | None = None
    drive_s: int = 0
    length_m: int = 0
    load_kg: int = 0
    unload_kg: int = 0
    directions: tuple[Direction, ...] = ()

    def beside(self, before: SheetLine) -> bool:
        """Tell whether this stop is of one cluster with the stop on the line before."""
        return (
            self.stop is not None
            and before.stop is not None
            and self.place == before.place
            and self.position is not None
            and before.position is not None
            and self.position.distance_m(before.position) <= CLUSTER_M
        )


@dataclass(frozen=True)
class Sheet:
    """One truck's route for one day, in one language.

    Parameters
    ----------
    made_at : when the plan was made, with time zone.
    notices : what every reader must be told, such as that data is simulated.
    attribution : whose map data the route is made from.
    duties : what the law and the sites ask of the crew, as sentences.
    geometry : the driven line, lon/lat degrees.
    streets : lines to draw behind the route; empty for a map without background.
    """

    municipality: str
    day: date
    plan_id: str
    made_at: datetime
    vehicle_id: str
    vehicle_name: str
    language: Language
    lines: tuple[SheetLine, ...]
    geometry: Line
    notices: tuple[str, ...]
    attribution: str
    streets: tuple[Line, ...] = ()
    duties: tuple[str, ...] = ()

    @property
    def stops(self) -> tuple[SheetLine, ...]:
        """The lines that empty a container, in order."""
        return tuple(line for line in self.lines if line.stop is not None)

    @property
    def disposal_visits(self) -> int:
        """How often the truck empties itself."""
        return sum(line.kind is VisitKind.DISPOSAL for line in self.lines)

    @property
    def length_m(self) -> int:
        """The length of the whole route."""
        return sum(line.length_m for line in self.lines)

    @property
    def duration_s(self) -> int:
        """From leaving the depot to being back."""
        return self.lines[-1].arrival_s - self.lines[0].departure_s

    @property
    def collected_kg(self) -> int:
        """The expected weight of all that is brought to disposal sites."""
        return sum(line.unload_kg for line in self.lines)

    def groups(self) -> Iterator[tuple[SheetLine, ...]]:
        """Give the lines in order, with the stops of one cluster together."""
        group: list[SheetLine] = []
        for line in self.lines:
            if group and not line.beside(group[-1]):
                yield tuple(group)
                group = []
            group.append(line)
        if group:
            yield tuple(group)
