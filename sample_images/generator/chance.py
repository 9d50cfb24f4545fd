"""Chance scenes of any other seed, for whoever wants more pictures than the samples."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from bins import WORD, Bin
from furniture import bicycle, bollard, lamp_post, leaves, tree
from household import cabinet, chair, mattress, sofa
from recipe import SAMPLE_SEEDS, Phone, Recipe, Site
from stage import Stage
from street import Street
from vehicles import car
from waste import cardboard_stack, carton_alone, heap, litter, loose_bag

FREE = 1.15
"""Metres of pavement that a container takes."""


def chance_recipe(seed: int) -> Recipe:
    """Throw a scene for a seed; seeds of the sample pictures are refused."""
    if seed in SAMPLE_SEEDS:
        raise ValueError(f"seed {seed} belongs to the sample pictures; choose another")
    dice = random.Random(seed * 7919 + 1)
    kerb = dice.uniform(3.8, 5.2)
    front = kerb + dice.uniform(2.8, 5.5)
    far_kerb = -dice.uniform(2.5, 6.0)
    street = Street(
        kerb=kerb,
        front=front,
        far_kerb=far_kerb,
        far_front=far_kerb - dice.choice((2.5, 3.5, 20.0)),
        paving=dice.choice(("clinker", "tile", "tile", "sett")),
        roadway=dice.choice(("asphalt", "asphalt", "clinker")),
        height=dice.uniform(0.6, 1.2),
    )
    night = dice.random() < 0.3
    hour = dice.randint(18, 22) if night else dice.randint(10, 14)
    sky = "night" if night else dice.choice(("overcast", "overcast", "clouds", "clear"))
    look = dice.uniform(32, 88)
    phone = Phone(
        dice.uniform(-1.5, 1.0),
        dice.uniform(-2.0, 1.6),
        look,
        dice.uniform(-8, -2),
        dice.choice((24, 26, 27, 28)),
        dice.uniform(-0.4, 0.4),
    )
    bins = thrown_bins(dice, street)
    return Recipe(
        f"scene_{seed:06d}",
        seed,
        Site("nowhere", 24.9443, 60.1717, dice.uniform(0, 360)),
        datetime(2026, dice.randint(3, 10), dice.randint(1, 28), hour, dice.randint(0, 59),
                 tzinfo=timezone(timedelta(hours=2))) if not night else
        datetime(2026, 11, dice.randint(1, 28), hour, dice.randint(0, 59),
                 tzinfo=timezone(timedelta(hours=2))),
        sky,
        phone,
        thrown_dress(street, bins, night),
        street,
        dice.choice((0.0, 0.0, 0.2, 0.5)),
        bins,
        flash_w=dice.choice((0.0, 25.0)) if night else 0.0,
    )  # fmt: skip


def thrown_bins(dice: random.Random, street: Street) -> tuple[Bin, ...]:
    """Throw a row of containers of one kind along the kerb or the house fronts."""
    kind = dice.choice(("underground", "underground", "wheelie", "wheelie", "bank"))
    count = dice.choice((0, 1, 1, 2, 2, 3)) if kind != "wheelie" else dice.randint(0, 5)
    step = {"underground": 2.0, "wheelie": 0.85, "bank": 2.2}[kind]
    y = street.kerb + 1.4 if kind != "wheelie" or dice.random() < 0.5 else street.front - 0.6
    x = dice.uniform(1.0, 3.5)
    made = []
    for i in range(count):
        fill = dice.betavariate(2, 1.6) * 1.3
        over = fill > 1.04 and kind != "bank"
        lid = 0.0 if fill < 0.95 else dice.uniform(8, 25) if not over else dice.uniform(45, 100)
        shells = {
            "underground": ("anthracite", "anthracite", "grey", "white"),
            "wheelie": ("black", "grey", "green", "blue", "brown"),
            "bank": ("green", "blue", "grey", "white"),
        }[kind]
        made.append(
            Bin(
                f"X-{i:03d}",
                kind,
                dice.choice(tuple(WORD)),
                dice.choice((120, 240, 240)) if kind == "wheelie" else 4000,
                x + i * step + dice.uniform(-0.08, 0.08),
                y + dice.uniform(-0.1, 0.1),
                dice.uniform(-9, 9),
                min(fill, 1.04) if not over else fill,
                dice.choice(shells),
                dice.choice(("box", "box", "round")),
                lid,
                over,
            )
        )
    return tuple(made)


def thrown_dress(street: Street, bins: tuple[Bin, ...], night: bool) -> Callable[[Stage], None]:
    """Return what dresses the stage round the containers."""

    def dress(stage: Stage) -> None:
        chance = stage.chance
        after = max((b.x for b in bins), default=1.0) + 1.3
        before = min((b.x for b in bins), default=3.0) - FREE
        y = bins[0].y if bins else street.kerb + 1.2
        spots = [before, before - 0.7, after, after + 0.8, after + 1.7]
        chance.shuffle(spots)
        for x in spots[: chance.choice((0, 0, 1, 2, 3, 5))]:
            chance.choice(DROPS)(stage, x, y - chance.uniform(-0.1, 0.7))
        for k in range(4):
            if chance.random() < 0.75:
                car(stage, after + 6.0 + 5.9 * k, street.kerb - 1.1, chance.choice((0, 180)))
        for _ in range(chance.randint(0, 3)):
            bicycle(stage, chance.uniform(-2, 12), street.front - 0.4, chance.choice((2, 182)))
        post = after + chance.uniform(1.0, 3.0)
        for x in (post, post + 21, post - 19):
            lamp_post(stage, x, street.kerb + 0.5, -90, 420 if night else 0)
        if chance.random() < 0.5:
            tree(stage, after + 5, street.kerb + 0.9, chance.uniform(7, 11))
        if chance.random() < 0.3:
            bollard(stage, before - 1, street.kerb + 0.3)
        litter(stage, after, y - 0.5, 1.5, chance.randint(0, 14))
        leaves(stage, after, y, 3.0, chance.choice((0, 80, 240)))

    return dress


def a_bag(stage: Stage, x: float, y: float) -> None:
    """Drop a bag of any colour."""
    colour = stage.chance.choice(("black", "black", "grey", "white", "blue", "green"))
    size = stage.chance.uniform(0.2, 0.3)
    loose_bag(stage, x, y, size, colour, lying=stage.chance.random() < 0.3)


def a_carton(stage: Stage, x: float, y: float) -> None:
    """Drop a cardboard box."""
    chance = stage.chance
    size = (chance.uniform(0.3, 0.6), chance.uniform(0.25, 0.45), chance.uniform(0.2, 0.42))
    carton_alone(stage, x, y, size, chance.uniform(0, 90), is_open=chance.random() < 0.6)


def a_mattress(stage: Stage, x: float, y: float) -> None:
    """Lean a mattress back."""
    mattress(stage, x, y + 0.6, stage.chance.uniform(-20, 20), stage.chance.uniform(8, 30))


DROPS: tuple[Callable[[Stage, float, float], None], ...] = (
    a_bag,
    a_bag,
    a_bag,
    a_carton,
    a_carton,
    a_mattress,
    lambda stage, x, y: cardboard_stack(stage, x, y, stage.chance.uniform(-20, 20), 4, 2),
    lambda stage, x, y: heap(stage, x, y, stage.chance.randint(4, 9), 0.7),
    lambda stage, x, y: cabinet(stage, x, y, stage.chance.uniform(-30, 30)),
    lambda stage, x, y: chair(stage, x, y, stage.chance.uniform(0, 360)),
    lambda stage, x, y: sofa(stage, x, y, stage.chance.uniform(-25, 25)),
)
