"""What a crew has to keep to on a day, in words: breaks, what it may collect, hours of sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from city.fleet import DAY_S, Site, Vehicle
from city.wording import Language, clock
from routing.sheets.labels import hours, mass

_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "work": "Pauze: {} minuten aaneen, te beginnen binnen {} uur na vertrek.",
        "lunch": "Pauze: {} minuten aaneen, te beginnen tussen {} en {}.",
        "driving": "Rijtijd: {} minuten pauze aaneen voordat {} uur gereden is, en telkens weer.",
        "weight": "Deze dag ten hoogste {} in totaal.",
        "volume": "Deze dag ten hoogste {} m³ in totaal.",
        "stops": "Deze dag ten hoogste {} stops.",
        "site": "{}: open van {} tot {}.",
    },
    "en": {
        "work": "Break: {} minutes in one piece, begun within {} hours of leaving.",
        "lunch": "Break: {} minutes in one piece, begun between {} and {}.",
        "driving": "Driving: {} minutes of break in one piece before {} hours driven, every time.",
        "weight": "At most {} in all on this day.",
        "volume": "At most {} m³ in all on this day.",
        "stops": "At most {} stops on this day.",
        "site": "{}: open from {} to {}.",
    },
}


def duties(vehicle: Vehicle, sites: Iterable[Site], language: Language) -> tuple[str, ...]:
    """Return one sentence for each rule of the law and of the sites that the crew must keep.

    Parameters
    ----------
    sites : where it empties itself on this day.
    """
    words = _WORDS[language]
    said = [*_of(vehicle, language)]
    said += [
        ("site", (site.name, clock(site.window.start_s), clock(site.window.end_s)))
        for site in sites
        if site.window.start_s > 0 or site.window.end_s < DAY_S
    ]
    return tuple(words[what].format(*figures) for what, figures in said)


def _of(vehicle: Vehicle, language: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    rule, driving = vehicle.break_rule, vehicle.driving_rule
    if rule is not None and rule.begins is not None:
        begins = clock(rule.begins.start_s), clock(rule.begins.end_s)
        yield "lunch", (f"{rule.duration_s // 60}", *begins)
    elif rule is not None:
        yield "work", (f"{rule.duration_s // 60}", hours(rule.after_work_s))
    if driving is not None:
        yield "driving", (f"{driving.duration_s // 60}", hours(driving.after_driving_s))
    if vehicle.day_weight_kg is not None:
        yield "weight", (mass(vehicle.day_weight_kg, language),)
    if vehicle.day_volume_l is not None:
        yield "volume", (f"{vehicle.day_volume_l // 1000}",)
    if vehicle.day_stops is not None:
        yield "stops", (f"{vehicle.day_stops}",)
