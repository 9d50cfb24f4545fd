"""Chance scenes of a busy street: people and plates to be blurred, waste that may bar the way."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from bins import Bin
from chance import DROPS, chance_recipe, thrown_bins
from furniture import lamp_post, leaves
from measure import HALF
from people import any_look, person
from recipe import Phone, Recipe
from stage import Stage
from street import Street
from vehicles import car
from waste import litter

MOST_BINS = 3
LEAST_M, MOST_M = 3.5, 11.5
"""How far from the camera people stand."""


def busy_recipe(seed: int) -> Recipe:
    """Throw a busy scene for a seed; what is not said here is as in `chance_recipe`.

    Cars stand in slanting bays behind the containers, their ends in a line that the camera looks
    along from the road: most of their plates can be seen.
    """
    plain = chance_recipe(seed)
    dice = random.Random(seed * 104_729 + 3)
    bins: tuple[Bin, ...] = ()
    while not 1 <= len(bins) <= MOST_BINS:
        bins = thrown_bins(dice, plain.street)
    bins = tuple(replace(b, id=f"{seed}-{i}") for i, b in enumerate(bins))
    slant = dice.uniform(40, 75)
    y = ends_of_bays(plain.street, slant) - dice.uniform(2.0, 4.0)
    far = y - dice.uniform(0.5, 2.0)
    street = replace(plain.street, far_kerb=far, far_front=far - dice.choice((3.5, 20.0)))
    x = bins[0].x - dice.uniform(2.5, 4.0)
    phone = replace(plain.phone, x=x, y=y, look_deg=dice.uniform(40, 46))
    dress = busy_dress(seed, street, bins, phone, slant, night=plain.sky == "night")
    return replace(
        plain, name=f"busy_{seed:06d}", street=street, bins=bins, phone=phone, dress=dress
    )


def ends_of_bays(street: Street, slant_deg: float) -> float:
    """Return how far left of the street's middle the cars' near ends lie."""
    return street.kerb - 0.9 - 4.0 * math.sin(math.radians(slant_deg))


def busy_dress(
    seed: int,
    street: Street,
    bins: tuple[Bin, ...],
    phone: Phone,
    slant_deg: float,
    *,
    night: bool,
) -> Callable[[Stage], None]:
    """Return what dresses the stage: waste, cars, people."""

    def dress(stage: Stage) -> None:
        dice = random.Random(seed * 15_485_863 + 11)
        after = max(b.x for b in bins) + 1.3
        taken = [(b.x, b.y, 1.0) for b in bins]
        drop_waste(stage, dice, bins)
        taken += park(stage, dice, street, after, slant_deg)
        walk(stage, dice, street, phone, taken)
        post = after + dice.uniform(0.0, 2.0)
        for x in (post, post + 18, post - 15):
            lamp_post(stage, x, street.kerb + 0.5, -90, 420 if night else 0)
        litter(stage, after, bins[0].y - 0.5, 1.5, dice.randint(0, 14))
        leaves(stage, after, bins[0].y, 3.0, dice.choice((0, 80)))

    return dress


def drop_waste(stage: Stage, dice: random.Random, bins: tuple[Bin, ...]) -> None:
    """Drop waste before some containers, beside some, and some metres off."""
    for container in bins:
        half, deep = HALF[container.kind]
        for share, (low, high) in ((0.4, (0.3, 1.4)), (0.15, (1.6, 2.6))):
            if dice.random() < share:
                x = container.x + dice.uniform(-1.2, 1.2) * half
                dice.choice(DROPS)(stage, x, container.y - deep - dice.uniform(low, high))
    ends = (min(b.x for b in bins) - 1.1, max(b.x for b in bins) + 1.1)
    for x, away in ((ends[0], -1), (ends[1], 1)):
        for k in range(dice.choice((0, 1, 1, 2))):
            y = bins[0].y + dice.uniform(-0.5, 0.3)
            dice.choice(DROPS)(stage, x + away * (0.75 * k + dice.uniform(0, 0.5)), y)


def park(
    stage: Stage, dice: random.Random, street: Street, after: float, slant_deg: float
) -> list[tuple[float, float, float]]:
    """Park cars in slanting bays along the left kerb; return circles that they take."""
    rise = math.sin(math.radians(slant_deg))
    x, y = after + dice.uniform(1.4, 2.4), street.kerb - 0.9 - 2.0 * rise
    taken = []
    for _ in range(5):
        turn = slant_deg + dice.choice((0, 180)) + dice.uniform(-3, 3)
        car(stage, x, y, turn, yellow=dice.random() < 0.6)
        taken += along(x, y, turn)
        x += 2.2 / rise + dice.uniform(0.0, 0.5)
    return taken


def along(x: float, y: float, turn_deg: float) -> list[tuple[float, float, float]]:
    """Return circles (x, y, radius) that cover a car."""
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    return [(x + r * c, y + r * s, 1.3) for r in (-1.4, 0.0, 1.4)]


def walk(
    stage: Stage,
    dice: random.Random,
    street: Street,
    phone: Phone,
    taken: list[tuple[float, float, float]],
) -> None:
    """Put five to eight people where the camera sees them and nothing else stands."""
    left = dice.randint(5, 8)
    for _ in range(200):
        way = math.radians(phone.look_deg + dice.uniform(-31, 31))
        far = dice.uniform(LEAST_M, MOST_M)
        x, y = phone.x + far * math.cos(way), phone.y + far * math.sin(way)
        inside = street.far_front + 0.5 < y < street.front - 0.6
        if inside and all(math.hypot(x - a, y - b) > r + 0.3 for a, b, r in taken):
            taken.append((x, y, 0.4))
            person(stage, x, y, dice.uniform(0, 360), any_look(dice))
            left -= 1
        if not left:
            return
