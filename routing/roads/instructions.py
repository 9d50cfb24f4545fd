"""What a driver reads at each turn, in Dutch and English: our own texts over OSRM's maneuvers.

A text is a pattern of its language's table. ``{name}`` is filled in, and a part in square
brackets is left out when what it names is not known: ``Sla {turn}[ naar {street}]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from city.errors import BadInput, Fault
from routing.roads.route import Leg, Step

# https://project-osrm.org/docs/v5.24.0/api/#stepmaneuver-object
MANEUVERS = (
    "turn",
    "new name",
    "depart",
    "arrive",
    "merge",
    "on ramp",
    "off ramp",
    "fork",
    "end of road",
    "use lane",
    "continue",
    "roundabout",
    "rotary",
    "roundabout turn",
    "exit roundabout",
    "exit rotary",
    "notification",
)
MODIFIERS = (
    "uturn",
    "sharp right",
    "right",
    "slight right",
    "straight",
    "slight left",
    "left",
    "sharp left",
)


@dataclass(frozen=True)
class Language:
    """All that the texts of one language need.

    Parameters
    ----------
    patterns : text by ``maneuver`` or, where one differs, by ``maneuver.modifier``.
    turns : the modifier as a turn ("sharp left").
    sides : the modifier as a side of a junction ("left").
    places : the modifier as the place of a stop ("on the left").
    headings : eight words clockwise from north.
    ordinal : number of a roundabout's exit as text.
    named : a street's name as it stands in a sentence.
    """

    patterns: Mapping[str, str]
    turns: Mapping[str, str]
    sides: Mapping[str, str]
    places: Mapping[str, str]
    headings: tuple[str, ...]
    ordinal: Callable[[int], str]
    named: Callable[[str], str]


@dataclass(frozen=True)
class Instruction:
    """One line of a turn-by-turn list: the text, and the drive until the next line."""

    text: str
    length_m: int
    duration_s: int
    lonlat: tuple[float, float]


# Endings of Dutch street names that take "het"; all others take "de".
_HET = re.compile(r"(plein|pad|park|hof|erf|veld|eiland|tje|rak|spui|rokin)$", re.IGNORECASE)
# Names that already begin with an article or a preposition take none.
_NO_ARTICLE = re.compile(
    r"(de|het|den|'t|’t|aan|achter|bij|in|onder|op|voor|am|an|auf|bei|im|zum|zur)\s", re.IGNORECASE
)


def _dutch_named(street: str) -> str:
    if _NO_ARTICLE.match(street):
        return street
    first = re.split(r" \(| / ", street, maxsplit=1)[0]
    return f"het {street}" if _HET.search(first) else f"de {street}"


def _english_ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


DUTCH = Language(
    patterns={
        "depart": "Vertrek in {heading} richting[ over {street}]",
        "arrive": "[De stop ligt {place}]",
        "arrive.": "U bent bij de stop",
        "turn": "Sla {turn}[ naar {street}]",
        "turn.straight": "Ga rechtdoor[ over {street}]",
        "turn.uturn": "Keer om[ op {street}]",
        "continue": "Sla {turn}[ en blijf op {street}]",
        "continue.straight": "Blijf rechtdoor rijden[ over {street}]",
        "continue.uturn": "Keer om[ op {street}]",
        "new name": "Volg de weg[ naar {side}][ en ga verder over {street}]",
        "new name.straight": "Vervolg[ over {street}]",
        "merge": "Voeg[ {side}] in[ op {street}]",
        "merge.straight": "Voeg in[ op {street}]",
        "on ramp": "Neem[ {side}] de oprit[ naar {street}][ richting {towards}]",
        "on ramp.straight": "Neem de oprit[ naar {street}][ richting {towards}]",
        "off ramp": "Neem[ {side}] de afrit[ naar {street}][ richting {towards}]",
        "off ramp.straight": "Neem de afrit[ naar {street}][ richting {towards}]",
        "fork": "Houd {side} aan bij de splitsing[ naar {street}]",
        "fork.uturn": "Keer om bij de splitsing[ naar {street}]",
        "fork.straight": "Ga rechtdoor bij de splitsing[ over {street}]",
        "end of road": "Sla aan het einde van de weg {turn}[ naar {street}]",
        "end of road.straight": "Ga aan het einde van de weg rechtdoor[ over {street}]",
        "end of road.uturn": "Keer aan het einde van de weg om",
        "use lane": "Kies de rijstrook[ {side}]",
        "use lane.straight": "Kies de rijstrook rechtdoor",
        "roundabout": "Neem op de rotonde[ {roundabout}] de {exit} afslag[ naar {street}]",
        "roundabout.unknown": "Ga de rotonde[ {roundabout}] op",
        "roundabout turn": "Sla op de rotonde {turn}[ naar {street}]",
        "roundabout turn.straight": "Ga op de rotonde rechtdoor[ over {street}]",
        "roundabout turn.uturn": "Keer om op de rotonde",
        "exit roundabout": "Verlaat de rotonde[ naar {street}]",
        "notification": "Vervolg[ over {street}]",
        "ferry": "Neem de veerpont[ {ferry}]",
    },
    turns={
        "uturn": "om",
        "sharp right": "scherp rechtsaf",
        "right": "rechtsaf",
        "slight right": "flauw rechtsaf",
        "straight": "rechtdoor",
        "slight left": "flauw linksaf",
        "left": "linksaf",
        "sharp left": "scherp linksaf",
    },
    sides={"right": "rechts", "left": "links"},
    places={
        "right": "aan de rechterkant",
        "left": "aan de linkerkant",
        "straight": "recht vooruit",
    },
    headings=(
        "noordelijke",
        "noordoostelijke",
        "oostelijke",
        "zuidoostelijke",
        "zuidelijke",
        "zuidwestelijke",
        "westelijke",
        "noordwestelijke",
    ),
    ordinal=lambda number: f"{number}e",
    named=_dutch_named,
)

ENGLISH = Language(
    patterns={
        "depart": "Head {heading}[ on {street}]",
        "arrive": "[The stop is {place}]",
        "arrive.": "You are at the stop",
        "turn": "Turn {turn}[ onto {street}]",
        "turn.straight": "Go straight on[ along {street}]",
        "turn.uturn": "Turn round[ on {street}]",
        "continue": "Turn {turn}[ to stay on {street}]",
        "continue.straight": "Keep straight on[ along {street}]",
        "continue.uturn": "Turn round[ on {street}]",
        "new name": "Follow the road[ to the {side}][ onto {street}]",
        "new name.straight": "Continue[ along {street}]",
        "merge": "Merge[ {side}][ onto {street}]",
        "merge.straight": "Merge[ onto {street}]",
        "on ramp": "Take the ramp[ on the {side}][ onto {street}][ towards {towards}]",
        "on ramp.straight": "Take the ramp[ onto {street}][ towards {towards}]",
        "off ramp": "Take the exit[ on the {side}][ onto {street}][ towards {towards}]",
        "off ramp.straight": "Take the exit[ onto {street}][ towards {towards}]",
        "fork": "Keep {side} at the fork[ onto {street}]",
        "fork.uturn": "Turn round at the fork[ onto {street}]",
        "fork.straight": "Go straight on at the fork[ along {street}]",
        "end of road": "At the end of the road turn {turn}[ onto {street}]",
        "end of road.straight": "At the end of the road go straight on[ along {street}]",
        "end of road.uturn": "At the end of the road turn round",
        "use lane": "Use the[ {side}] lane",
        "use lane.straight": "Use the lane straight on",
        "roundabout": "At the roundabout[ {roundabout}] take the {exit} exit[ onto {street}]",
        "roundabout.unknown": "Enter the roundabout[ {roundabout}]",
        "roundabout turn": "At the roundabout turn {turn}[ onto {street}]",
        "roundabout turn.straight": "At the roundabout go straight on[ along {street}]",
        "roundabout turn.uturn": "Turn round at the roundabout",
        "exit roundabout": "Leave the roundabout[ onto {street}]",
        "notification": "Continue[ along {street}]",
        "ferry": "Take the ferry[ {ferry}]",
    },
    turns={
        "uturn": "round",
        "sharp right": "sharp right",
        "right": "right",
        "slight right": "slightly right",
        "straight": "straight on",
        "slight left": "slightly left",
        "left": "left",
        "sharp left": "sharp left",
    },
    sides={"right": "right", "left": "left"},
    places={"right": "on the right", "left": "on the left", "straight": "straight ahead"},
    headings=(
        "north",
        "northeast",
        "east",
        "southeast",
        "south",
        "southwest",
        "west",
        "northwest",
    ),
    ordinal=_english_ordinal,
    named=str,
)

LANGUAGES: Mapping[str, Language] = {"nl": DUTCH, "en": ENGLISH}
# Rotaries are roundabouts with a name of their own.
_SAME_TEXT = {"rotary": "roundabout", "exit rotary": "exit roundabout"}


def phrase(step: Step, language: str = "nl") -> str:
    """Return what the driver is told at a step.

    Raises
    ------
    BadInput
        When there are no texts in that language.
    """
    table = _language(language)
    pattern = _pattern(table.patterns, step)
    side = step.modifier.rpartition(" ")[2]
    street = _street(step)
    values = {
        "turn": table.turns.get(step.modifier, ""),
        "side": table.sides.get(side, ""),
        "place": table.places.get(side, ""),
        "heading": table.headings[round(step.bearing_deg / 45) % 8],
        "exit": table.ordinal(step.exit_number),
        "street": table.named(street) if street else "",
        "ferry": street,
        "roundabout": step.roundabout,
        "towards": step.towards,
    }
    return _filled(pattern, values)


def instructions(leg: Leg, language: str = "nl") -> tuple[Instruction, ...]:
    """Return the lines of one leg; steps that ask nothing of the driver join the line before."""
    return tuple(
        Instruction(
            phrase(step, language), round(step.length_m), round(step.duration_s), step.lonlat
        )
        for step in _needed(leg.steps)
    )


def _needed(steps: tuple[Step, ...]) -> Iterator[Step]:
    held: Step | None = None
    for step in steps:
        if held is None:
            held = step
        elif _says_nothing(step, held):
            length_m, duration_s = held.length_m + step.length_m, held.duration_s + step.duration_s
            street = held.street or (step.street if "exit" in step.maneuver else "")
            held = replace(held, length_m=length_m, duration_s=duration_s, street=street)
        else:
            yield held
            held = step
    if held is not None:
        yield held


def _says_nothing(step: Step, before: Step) -> bool:
    if step.ferry != before.ferry or step.modifier == "uturn":
        return False
    if step.maneuver in ("exit roundabout", "exit rotary"):
        return before.maneuver in ("roundabout", "rotary") and before.exit_number > 0
    if step.maneuver in ("notification", "use lane"):
        return True
    goes_on = step.modifier in ("straight", "slight left", "slight right", "")
    if step.maneuver == "new name":
        return not _street(step) or _street(step) == _street(before)
    return step.maneuver in ("continue", "turn") and goes_on and _street(step) == _street(before)


def _pattern(patterns: Mapping[str, str], step: Step) -> str:
    if step.ferry and step.maneuver != "arrive":
        return patterns["ferry"]
    # OSRM asks clients to read a maneuver that they do not know as a turn.
    known = step.maneuver if step.maneuver in MANEUVERS else "turn"
    maneuver = _SAME_TEXT.get(known, known)
    if maneuver == "roundabout" and step.exit_number < 1:
        return patterns["roundabout.unknown"]
    modifier = step.modifier if step.modifier in MODIFIERS else ""
    if maneuver == "arrive":
        return patterns["arrive" if modifier and modifier != "uturn" else "arrive."]
    plain = modifier or "straight"
    if maneuver == "new name" and "slight" in modifier:
        plain = "straight"
    return patterns.get(f"{maneuver}.{plain}") or patterns[maneuver]


def _street(step: Step) -> str:
    if step.street and step.ref and step.ref not in step.street:
        return f"{step.street} ({step.ref})"
    return step.street or step.ref


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        names = re.findall(r"\{(\w+)\}", match[1])
        return match[1] if all(values[name] for name in names) else ""

    return re.sub(r"\[([^\]]*)\]", part, pattern).format_map(values)


def _language(name: str) -> Language:
    if name in LANGUAGES:
        return LANGUAGES[name]
    cause = "There are no driving instructions in this language."
    remedy = f"Choose one of: {', '.join(LANGUAGES)}."
    raise BadInput(Fault("unknown-language", "driving instructions", cause, remedy, value=name))
