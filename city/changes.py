"""What a plan changes of the rounds that crews know, stop by stop, in Dutch and in English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from city.plan import Choice
from city.wording import Language, number, percent


class ChangeKind(StrEnum):
    """What happens to a stop."""

    ADDED = "added"
    MOVED = "moved"
    REORDERED = "reordered"
    LEFT_OUT = "left-out"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class Change:
    """One stop that is not served as usual.

    Parameters
    ----------
    usual_vehicle_id, vehicle_id : who served it, and who does now; empty for nobody.
    saved_m : what the change alone saves in driving, all else as planned; below zero if it costs;
        None where that cannot be told.
    """

    stop_id: str
    kind: ChangeKind
    usual_vehicle_id: str = ""
    vehicle_id: str = ""
    saved_m: int | None = None


def change_text(change: Change, language: Language, choice: Choice | None = None) -> str:
    """Return a change with its reason as one line: ``B -> A: 82 % expected full, saves 3.1 km.``

    Parameters
    ----------
    choice : the decision about the container, which knows how full it is expected to be.
    """
    what = CHANGE_TEXTS[language][change.kind].format(
        old=change.usual_vehicle_id, new=change.vehicle_id
    )
    why = [phrase for phrase in (_fill(choice, language), _saved(change, language)) if phrase]
    return f"{what}: {', '.join(why)}." if why else f"{what}."


def _fill(choice: Choice | None, language: Language) -> str:
    if choice is None or choice.loose_waste:
        return ""
    return f"{percent(choice.fill)} {({'nl': 'verwacht vol', 'en': 'expected full'})[language]}"


def _saved(change: Change, language: Language) -> str:
    if change.saved_m is None or abs(change.saved_m) < 50:
        return ""
    kind = "saves" if change.saved_m > 0 else "costs"
    word = {"nl": {"saves": "scheelt", "costs": "kost"}, "en": {"saves": "saves", "costs": "costs"}}
    return f"{word[language][kind]} {number(abs(change.saved_m) / 1000, 1, language)} km"


CHANGE_TEXTS: dict[Language, dict[ChangeKind, str]] = {
    "nl": {
        ChangeKind.ADDED: "Erbij op {new}",
        ChangeKind.MOVED: "Van {old} naar {new}",
        ChangeKind.REORDERED: "Op {new} op een ander moment",
        ChangeKind.LEFT_OUT: "Niet op {old} vandaag",
        ChangeKind.NOT_ASKED: "Vandaag niet nodig op {old}",
    },
    "en": {
        ChangeKind.ADDED: "Added to {new}",
        ChangeKind.MOVED: "From {old} to {new}",
        ChangeKind.REORDERED: "On {new} at another moment",
        ChangeKind.LEFT_OUT: "Not on {old} today",
        ChangeKind.NOT_ASKED: "Not needed on {old} today",
    },
}
