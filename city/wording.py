"""Everything a person reads about a choice, in Dutch and in English.

Two languages and a few dozen texts do not need a catalogue: each table below has a line for
every member of its enum in every language, and a test fails where one is missing.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from city.container import ContainerKind, Gear
from city.fraction import Fraction
from city.plan import Choice, ReasonCode, UnservedCode, Verdict
from city.tap import StopException

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

NBSP = "\N{NO-BREAK SPACE}"

FRACTION_NAMES: dict[Language, dict[Fraction, str]] = {
    "nl": {
        Fraction.RESIDUAL: "Rest",
        Fraction.PAPER: "Papier",
        Fraction.GLASS: "Glas",
        Fraction.PACKAGING: "Plastic (PMD)",
        Fraction.ORGANIC: "GFT",
        Fraction.TEXTILE: "Textiel",
    },
    "en": {
        Fraction.RESIDUAL: "Residual",
        Fraction.PAPER: "Paper",
        Fraction.GLASS: "Glass",
        Fraction.PACKAGING: "Packaging",
        Fraction.ORGANIC: "Organic",
        Fraction.TEXTILE: "Textile",
    },
}

KIND_NAMES: dict[Language, dict[ContainerKind, str]] = {
    "nl": {
        ContainerKind.UNDERGROUND: "ondergronds",
        ContainerKind.BANK: "bovengronds",
        ContainerKind.WHEELIE: "rolcontainer",
        ContainerKind.BASKET: "prullenbak",
        ContainerKind.LOOSE: "los afval",
    },
    "en": {
        ContainerKind.UNDERGROUND: "underground",
        ContainerKind.BANK: "above ground",
        ContainerKind.WHEELIE: "wheelie bin",
        ContainerKind.BASKET: "litter bin",
        ContainerKind.LOOSE: "loose waste",
    },
}

GEAR_NAMES: dict[Language, dict[Gear, str]] = {
    "nl": {Gear.CRANE: "kraanwagen", Gear.REAR_LOADER: "achterlader"},
    "en": {Gear.CRANE: "crane truck", Gear.REAR_LOADER: "rear loader"},
}

VERDICT_NAMES: dict[Language, dict[Verdict, str]] = {
    "nl": {
        Verdict.MUST: "moet",
        Verdict.CHOSEN: "gekozen",
        Verdict.SKIP: "overgeslagen",
        Verdict.CARRIED: "doorgeschoven",
    },
    "en": {
        Verdict.MUST: "must",
        Verdict.CHOSEN: "chosen",
        Verdict.SKIP: "skipped",
        Verdict.CARRIED: "carried over",
    },
}

EXCEPTION_NAMES: dict[Language, dict[StopException, str]] = {
    "nl": {
        StopException.BLOCKED: "geblokkeerd door voertuig",
        StopException.ROAD_WORKS: "wegwerkzaamheden",
        StopException.GATE_LOCKED: "hek op slot",
        StopException.DAMAGED: "container beschadigd",
        StopException.SIDE_WASTE: "bijplaatsing",
        StopException.TOO_HEAVY: "te zwaar",
        StopException.CONTAMINATED: "vervuild",
        StopException.NOT_FOUND: "niet gevonden",
        StopException.EMPTY_ON_ARRIVAL: "leeg bij aankomst",
    },
    "en": {
        StopException.BLOCKED: "blocked by vehicle",
        StopException.ROAD_WORKS: "road works",
        StopException.GATE_LOCKED: "gate locked",
        StopException.DAMAGED: "container damaged",
        StopException.SIDE_WASTE: "side waste",
        StopException.TOO_HEAVY: "too heavy",
        StopException.CONTAMINATED: "contaminated",
        StopException.NOT_FOUND: "not found",
        StopException.EMPTY_ON_ARRIVAL: "empty on arrival",
    },
}

UNSERVED_TEXTS: dict[Language, dict[UnservedCode, str]] = {
    "nl": {
        UnservedCode.CHEAPER_TO_SKIP: "de omweg kost meer dan een dag wachten",
        UnservedCode.NO_SUITABLE_TRUCK: "geen wagen van vandaag mag of kan deze container legen",
        UnservedCode.NO_DISPOSAL_SITE: "geen losplaats neemt deze fractie vandaag aan",
        UnservedCode.TOO_HEAVY: "de inhoud is zwaarder dan een lege wagen mag laden",
        UnservedCode.UNREACHABLE: "geen weg die de wagen mag rijden, leidt erheen en terug",
        UnservedCode.NO_ROOM: "er is geen tijd of laadruimte meer in de diensten van vandaag",
        UnservedCode.WITH_ITS_PAIR: "hij hoort bij een container die vandaag niet kan",
        UnservedCode.BY_HAND: "de planner heeft hem van het plan gehaald",
    },
    "en": {
        UnservedCode.CHEAPER_TO_SKIP: "the detour costs more than waiting a day",
        UnservedCode.NO_SUITABLE_TRUCK: "no truck of today may or can empty this container",
        UnservedCode.NO_DISPOSAL_SITE: "no disposal site takes this fraction today",
        UnservedCode.TOO_HEAVY: "its content is heavier than an empty truck may load",
        UnservedCode.UNREACHABLE: "no road that the truck may drive leads there and back",
        UnservedCode.NO_ROOM: "no time or load space is left in today's shifts",
        UnservedCode.WITH_ITS_PAIR: "it belongs with a container that cannot be emptied today",
        UnservedCode.BY_HAND: "the planner took it off the plan",
    },
}

# {fill}, {since} and {risk} are phrases made below; {why} is the unserved text.
REASON_TEXTS: dict[Language, dict[ReasonCode, str]] = {
    "nl": {
        ReasonCode.OVERFLOW_CERTAIN: "{fill}{since}; {risk}",
        ReasonCode.OVERFLOW_SEEN: "Overvol gezien of gemeld; {fill}{since}",
        ReasonCode.CARRIED_OVER: "Bleef eerder staan; {fill}{since}; {risk}",
        ReasonCode.TOO_LONG_AGO: "Te lang niet geleegd; {fill}{since}",
        ReasonCode.FIXED_SCHEDULE: "Vaste ronde, want te weinig bekend; {fill}{since}",
        ReasonCode.WORTH_THE_DETOUR: "Past in de ronde; {fill}{since}; {risk}",
        ReasonCode.RISK_IS_SMALL: "Kan wachten; {fill}{since}; {risk}",
        ReasonCode.NOT_WORTH_THE_DETOUR: "Vandaag de omweg niet waard; {fill}{since}; {risk}",
        ReasonCode.COULD_NOT_SERVE: "Kan vandaag niet: {why}; {fill}{since}; {risk}",
        ReasonCode.LOOSE_WASTE: "{fill}{since}",
        ReasonCode.BY_HAND: "Door de planner op een ronde gezet; {fill}{since}; {risk}",
    },
    "en": {
        ReasonCode.OVERFLOW_CERTAIN: "{fill}{since}; {risk}",
        ReasonCode.OVERFLOW_SEEN: "Seen or reported overflowing; {fill}{since}",
        ReasonCode.CARRIED_OVER: "Left behind earlier; {fill}{since}; {risk}",
        ReasonCode.TOO_LONG_AGO: "Not emptied for too long; {fill}{since}",
        ReasonCode.FIXED_SCHEDULE: "Fixed schedule, too little is known; {fill}{since}",
        ReasonCode.WORTH_THE_DETOUR: "Fits the round; {fill}{since}; {risk}",
        ReasonCode.RISK_IS_SMALL: "Can wait; {fill}{since}; {risk}",
        ReasonCode.NOT_WORTH_THE_DETOUR: "Not worth the detour today; {fill}{since}; {risk}",
        ReasonCode.COULD_NOT_SERVE: "Not possible today: {why}; {fill}{since}; {risk}",
        ReasonCode.LOOSE_WASTE: "{fill}{since}",
        ReasonCode.BY_HAND: "Put on a round by the planner; {fill}{since}; {risk}",
    },
}

WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def weekday(day: date, language: Language) -> str:
    """Return the name of the day of the week."""
    return WEEKDAYS[language][day.weekday()]


def long_date(day: date, language: Language) -> str:
    """Return a date such as ``dinsdag 24 november 2026``."""
    month = MONTHS[language][day.month - 1]
    return f"{weekday(day, language)} {day.day} {month} {day.year}"


def clock(time_s: int) -> str:
    """Return seconds after local midnight as ``06:42``; ``00:10 +1`` on the day after."""
    days, rest = divmod(time_s, 24 * 3600)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    return f"{text}{NBSP}+{days}" if days else text


def number(value: float, decimals: int, language: Language) -> str:
    """Return a number as the language writes it: ``1.234,5`` in Dutch, ``1,234.5`` in English."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def percent(share: float) -> str:
    """Return a share (1 is all) as whole percent that do not break from their sign."""
    return f"{share * 100:.0f}{NBSP}%"


def reason_text(choice: Choice, language: Language, next_chance: date | None = None) -> str:
    """Return why a container is, or is not, on a list: one line with the figures behind it.

    Parameters
    ----------
    next_chance : the day of the next round that could empty it; "the next round" if None.
    """
    why = choice.unserved or UnservedCode.NO_ROOM
    text = REASON_TEXTS[language][choice.reason].format(
        fill=_fill_phrase(choice, language),
        since=_since_phrase(choice, language),
        risk=_risk_phrase(choice, language, next_chance),
        why=UNSERVED_TEXTS[language][why],
    )
    text = text.rstrip("; ")
    return text[0].upper() + text[1:] + "."


def _fill_phrase(choice: Choice, language: Language) -> str:
    if choice.loose_waste:
        told = len(choice.evidence_ids)
        if language == "nl":
            return f"los afval, {told} keer gezien of gemeld"
        return f"loose waste, seen or reported {'once' if told == 1 else f'{told} times'}"
    phrase = {"nl": "naar verwachting {} vol", "en": "{} expected full"}[language]
    return phrase.format(percent(choice.fill))


def _since_phrase(choice: Choice, language: Language) -> str:
    if choice.days_since_emptied is None:
        return {"nl": ", laatste lediging onbekend", "en": ", last emptying unknown"}[language]
    days = round(choice.days_since_emptied)
    if choice.loose_waste:
        return _lying_phrase(days, language)
    if days == 0:
        return {"nl": ", net geleegd", "en": ", just emptied"}[language]
    if language == "nl":
        return f", {days} {'dag' if days == 1 else 'dagen'} geleden geleegd"
    return f", emptied {days} {'day' if days == 1 else 'days'} ago"


def _lying_phrase(days: int, language: Language) -> str:
    if days == 0:
        return {"nl": ", sinds vandaag", "en": ", since today"}[language]
    if language == "nl":
        return f", ligt er {days} {'dag' if days == 1 else 'dagen'}"
    return f", lying there for {days} {'day' if days == 1 else 'days'}"


def _risk_phrase(choice: Choice, language: Language, next_chance: date | None) -> str:
    if choice.loose_waste:
        return ""
    if language == "nl":
        until = weekday(next_chance, "nl") if next_chance else "de volgende ronde"
        return f"{_chance(choice.p_overflow, 'nl')} kans dat hij vóór {until} overloopt"
    until = weekday(next_chance, "en") if next_chance else "the next round"
    return f"would overflow before {until} with {_chance(choice.p_overflow, 'en')} probability"


def _chance(p: float, language: Language) -> str:
    """Return a probability that never claims to be certain."""
    if p > 0.99:
        return {"nl": "meer dan ", "en": "more than "}[language] + percent(0.99)
    if p < 0.01:
        return {"nl": "minder dan ", "en": "less than "}[language] + percent(0.01)
    return percent(p)
