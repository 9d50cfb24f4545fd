"""What plans expected of containers, held against what their emptyings found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from city.container import Container
from city.emptyings import fill_at_emptying
from city.evidence import MEASURED, Evidence, EvidenceKind
from city.fairness import neighbourhoods
from city.plan import DayPlan


@dataclass(frozen=True)
class Held:
    """One weighing or driver's tap beside what the plan of its day expected; 1 is full, or more.

    Parameters
    ----------
    low, high : the span that was to hold the fill with 80 % probability.
    """

    day: date
    container_id: str
    kind: EvidenceKind
    expected: float
    low: float
    high: float
    found: float

    @property
    def error(self) -> float:
        """By how much the expectation was off."""
        return abs(self.expected - self.found)

    @property
    def within(self) -> bool:
        """Whether the span held it."""
        return self.low <= self.found <= self.high


@dataclass(frozen=True)
class HeldTally:
    """Some emptyings beside their expectations.

    Parameters
    ----------
    expected, found : mean fills.
    error : mean absolute error.
    within_share : that the spans held; 0.8 was said.
    """

    weighed: int
    tapped: int
    expected: float
    found: float
    error: float
    within_share: float

    @property
    def n(self) -> int:
        """How many there are."""
        return self.weighed + self.tapped


def hold(
    records: Iterable[Evidence],
    by_day: Mapping[date, DayPlan],
    known: Mapping[str, Container],
    zone: ZoneInfo,
) -> tuple[Held, ...]:
    """Return each emptying that tells how full a container was, on a day with a plan."""
    choices = {day: {c.container_id: c for c in plan.choices} for day, plan in by_day.items()}
    found = []
    for record in records:
        name, day = record.container_id or "", record.seen_at.astimezone(zone).date()
        choice = choices.get(day, {}).get(name)
        if record.kind not in MEASURED or choice is None or name not in known:
            continue
        fills = (
            choice.fill,
            choice.fill_low,
            choice.fill_high,
            fill_at_emptying(record, known[name]),
        )
        found.append(Held(day, name, record.kind, *(min(1.0, fill) for fill in fills)))
    return tuple(found)


def held_by_day(held: Sequence[Held]) -> tuple[tuple[date, HeldTally], ...]:
    """Return the days in order."""
    groups: dict[date, list[Held]] = defaultdict(list)
    for each in held:
        groups[each.day].append(each)
    return tuple((day, _tally(groups[day])) for day in sorted(groups))


def held_by_neighbourhood(
    held: Sequence[Held], every: Sequence[Container]
) -> tuple[tuple[str, HeldTally], ...]:
    """Return the neighbourhoods with an emptying, the one that is most off first."""
    groups: dict[str, list[Held]] = defaultdict(list)
    for each in held:
        groups[each.container_id].append(each)
    rows = []
    for name, members in neighbourhoods(every):
        some = [each for member in members for each in groups[every[member].id]]
        if some:
            rows.append((name, _tally(some)))
    return tuple(sorted(rows, key=lambda row: (-row[1].error, row[0])))


def _tally(some: Sequence[Held]) -> HeldTally:
    n = len(some)
    tapped = sum(each.kind is EvidenceKind.DRIVER_TAP for each in some)
    return HeldTally(
        n - tapped,
        tapped,
        sum(each.expected for each in some) / n,
        sum(each.found for each in some) / n,
        sum(each.error for each in some) / n,
        sum(each.within for each in some) / n,
    )
