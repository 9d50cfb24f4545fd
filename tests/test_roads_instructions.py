"""Turn-by-turn texts: short, whole and right in both languages, for all that OSRM can say."""

from __future__ import annotations

import re
from itertools import product

import pytest

from city.errors import BadInput
from routing.roads import Leg, Step
from routing.roads.instructions import (
    DUTCH,
    ENGLISH,
    LANGUAGES,
    MANEUVERS,
    MODIFIERS,
    instructions,
    phrase,
)


def step(
    maneuver: str,
    modifier: str = "",
    street: str = "",
    *,
    ref: str = "",
    exit_number: int = 0,
    **more: str,
) -> Step:
    return Step(
        maneuver=maneuver,
        modifier=modifier,
        street=street,
        ref=ref,
        exit_number=exit_number,
        roundabout=more.get("roundabout", ""),
        towards=more.get("towards", ""),
        bearing_deg=int(more.get("bearing_deg", "0")),
        lonlat=(24.94, 60.16),
        duration_s=10.0,
        length_m=100.0,
        ferry="ferry" in more,
    )


@pytest.mark.parametrize(
    ("given", "dutch", "english"),
    [
        (
            step("turn", "left", "Fredrikinkatu"),
            "Sla linksaf naar de Fredrikinkatu",
            "Turn left onto Fredrikinkatu",
        ),
        (
            step("turn", "slight right", "Leidseplein"),
            "Sla flauw rechtsaf naar het Leidseplein",
            "Turn slightly right onto Leidseplein",
        ),
        (step("turn", "sharp left"), "Sla scherp linksaf", "Turn sharp left"),
        (
            step("turn", "uturn", "De Ruijterkade"),
            "Keer om op De Ruijterkade",
            "Turn round on De Ruijterkade",
        ),
        (
            step("depart", "", "Bulevardi", bearing_deg="230"),
            "Vertrek in zuidwestelijke richting over de Bulevardi",
            "Head southwest on Bulevardi",
        ),
        (step("depart", bearing_deg="350"), "Vertrek in noordelijke richting", "Head north"),
        (step("arrive", "right"), "De stop ligt aan de rechterkant", "The stop is on the right"),
        (step("arrive"), "U bent bij de stop", "You are at the stop"),
        (
            step("roundabout", "right", "Stadhouderskade", ref="S100", exit_number=3),
            "Neem op de rotonde de 3e afslag naar de Stadhouderskade (S100)",
            "At the roundabout take the 3rd exit onto Stadhouderskade (S100)",
        ),
        (
            step("rotary", "right", exit_number=2, roundabout="Prins Clausplein"),
            "Neem op de rotonde Prins Clausplein de 2e afslag",
            "At the roundabout Prins Clausplein take the 2nd exit",
        ),
        (step("roundabout", "right"), "Ga de rotonde op", "Enter the roundabout"),
        (
            step("new name", "straight", ref="S114"),
            "Vervolg over de S114",
            "Continue along S114",
        ),
        (
            step("new name", "left", "Römerstraße"),
            "Volg de weg naar links en ga verder over de Römerstraße",
            "Follow the road to the left onto Römerstraße",
        ),
        (
            step("off ramp", "slight right", towards="Utrecht, Den Haag"),
            "Neem rechts de afrit richting Utrecht, Den Haag",
            "Take the exit on the right towards Utrecht, Den Haag",
        ),
        (
            step("continue", "left", "Görresstraße"),
            "Sla linksaf en blijf op de Görresstraße",
            "Turn left to stay on Görresstraße",
        ),
        (
            step("end of road", "right", "Rokin"),
            "Sla aan het einde van de weg rechtsaf naar het Rokin",
            "At the end of the road turn right onto Rokin",
        ),
        (step("fork", "slight left"), "Houd links aan bij de splitsing", "Keep left at the fork"),
        (
            step("notification", "", "IJveer", ferry="yes"),
            "Neem de veerpont IJveer",
            "Take the ferry IJveer",
        ),
    ],
    ids=lambda value: value.maneuver if isinstance(value, Step) else None,
)
def test_what_is_said(given: Step, dutch: str, english: str) -> None:
    assert (phrase(given, "nl"), phrase(given, "en")) == (dutch, english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_maneuver_every_way_gives_a_clean_sentence(language: str) -> None:
    streets = ("", "Damrak", "Ring A10")
    for maneuver, modifier, street, exit_, ferry in product(
        (*MANEUVERS, "something new"), (*MODIFIERS, ""), streets, (0, 1, 11), (False, True)
    ):
        more = {"ferry": "yes"} if ferry else {}
        text = phrase(step(maneuver, modifier, street, exit_number=exit_, **more), language)
        assert re.fullmatch(r"[A-Z][^\[\]{}]*\S", text), (maneuver, modifier, text)
        assert "  " not in text, (maneuver, modifier, text)
        told = maneuver not in ("arrive", "use lane") and "uturn" not in modifier
        known = exit_ > 0 or maneuver not in ("roundabout", "rotary")
        assert not (street and told and known) or street in text, (maneuver, modifier, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "maneuver", ["turn", "continue", "end of road", "fork", "on ramp", "merge"]
)
def test_left_and_right_read_differently(maneuver: str, language: str) -> None:
    left, right = (phrase(step(maneuver, way), language) for way in ("left", "right"))
    assert left != right


def test_both_tables_hold_the_same_patterns() -> None:
    assert DUTCH.patterns.keys() == ENGLISH.patterns.keys()
    assert set(DUTCH.turns) == set(ENGLISH.turns) == set(MODIFIERS)


def test_ordinals_in_english() -> None:
    assert [ENGLISH.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd",
    ]  # fmt: skip


def test_steps_that_ask_nothing_join_the_line_before() -> None:
    leg = Leg(
        duration_s=80,
        length_m=800,
        steps=(
            step("depart", "", "Rokin"),
            step("continue", "straight", "Rokin"),
            step("new name", "straight"),
            step("roundabout", "right", exit_number=2),
            step("exit roundabout", "right", "Weesperstraat", exit_number=2),
            step("notification"),
            step("continue", "left", "Weesperstraat"),
            step("arrive", "left"),
        ),
    )
    lines = instructions(leg, "en")
    assert [line.text for line in lines] == [
        "Head north on Rokin",
        "At the roundabout take the 2nd exit onto Weesperstraat",
        "Turn left to stay on Weesperstraat",
        "The stop is on the left",
    ]
    assert [line.length_m for line in lines] == [300, 300, 100, 100]


def test_a_language_without_texts_is_named() -> None:
    with pytest.raises(BadInput, match=r"Choose one of: nl, en.*unknown-language"):
        phrase(step("turn", "left"), "fi")
