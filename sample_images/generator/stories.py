"""What stands and lies in each sample picture beside its containers."""

from __future__ import annotations

from furniture import bicycle, bollard, lamp_post, leaves, tree
from household import cabinet, chair, mattress, sofa
from people import person
from stage import Stage
from vehicles import car
from waste import cardboard_stack, carton_alone, heap, litter, loose_bag


def parked(stage: Stage, *places: float, y: float = 3.5) -> None:
    """Park cars along the left kerb, noses forward."""
    for x in places:
        car(
            stage,
            x,
            y + stage.chance.uniform(-0.1, 0.1),
            stage.chance.choice((0, 0, 180)) + stage.chance.uniform(-1.5, 1.5),
        )


def across(stage: Stage, *places: float, y: float = -2.5) -> None:
    """Park cars along the right kerb."""
    for x in places:
        car(stage, x, y + stage.chance.uniform(-0.1, 0.1), 180 + stage.chance.uniform(-1.5, 1.5))


def tidy_columns(stage: Stage) -> None:
    parked(stage, 9.6, 15.2, 21.0, -4.8)
    across(stage, 14, 20, 31)
    lamp_post(stage, 8.2, 5.1, -90)
    leaves(stage, 4, 6, 2.5, 160)
    bicycle(stage, 8.6, 8.0, 4)


def side_waste(stage: Stage) -> None:
    loose_bag(stage, 2.5, 5.55, 0.27, "black")
    loose_bag(stage, 3.0, 5.35, 0.25, "grey")
    loose_bag(stage, 2.7, 5.1, 0.26, "black", lying=True)
    loose_bag(stage, 4.95, 5.7, 0.24, "white")
    parked(stage, 11.0, 17.0, 23.5)
    lamp_post(stage, 9.3, 5.1, -90)
    tree(stage, 12.5, 5.6, 10)
    litter(stage, 3.2, 5.3, 0.9, 9)
    leaves(stage, 5, 5, 3.0, 240)


def overflowing_wheelies(stage: Stage) -> None:
    loose_bag(stage, 2.15, 5.5, 0.25, "black")
    parked(stage, 10.0, 16.2)
    across(stage, 17, 23)
    bicycle(stage, 6.9, 8.1, 176)
    litter(stage, 3.2, 5.6, 0.7, 7)
    leaves(stage, 3, 5.5, 2.2, 120)


def banks_with_cardboard(stage: Stage) -> None:
    cardboard_stack(stage, 5.2, 5.25, 4, 4, 2)
    carton_alone(stage, 3.6, 5.1, (0.5, 0.38, 0.36), 24)
    parked(stage, 11.5, 17.3)
    tree(stage, 9.4, 5.6, 9)
    lamp_post(stage, 14.0, 5.1, -90)
    litter(stage, 4.6, 5.0, 1.2, 12)


def bulky_alone(stage: Stage) -> None:
    mattress(stage, 3.5, 8.25, -2, 14)
    cabinet(stage, 5.3, 8.2, 3)
    chair(stage, 2.55, 7.3, 35)
    chair(stage, 4.7, 6.9, -60, fallen=True)
    parked(stage, 8.4, 14.2, 20.0)
    bicycle(stage, 8.1, 8.15, 3)
    leaves(stage, 4, 6.5, 2.2, 120)


def cluster_behind_car(stage: Stage) -> None:
    car(stage, 5.75, 3.5, 181.5, 1)
    parked(stage, 12.4, 18.2)
    bollard(stage, 7.9, 4.95)
    bollard(stage, 9.4, 4.95)
    tree(stage, 10.6, 5.7, 10)
    leaves(stage, 5, 6, 3.0, 200)


def night_side_waste(stage: Stage) -> None:
    heap(stage, 5.0, 5.7, 9, 0.65)
    loose_bag(stage, 2.75, 5.3, 0.27, "grey")
    loose_bag(stage, 2.3, 5.65, 0.25, "black", lying=True)
    lamp_post(stage, 6.6, 5.1, -90, 420)
    lamp_post(stage, 27.0, 5.1, -90, 420)
    lamp_post(stage, -14.0, 5.1, -90, 420)
    parked(stage, 11.0, 17.0)
    litter(stage, 3.8, 5.2, 1.1, 14)


def night_wheelies(stage: Stage) -> None:
    lamp_post(stage, 0.1, 5.0, -90, 420)
    lamp_post(stage, 22.0, 5.0, -90, 420)
    parked(stage, 9.5, 15.3)
    across(stage, 16.0, 22.5)
    loose_bag(stage, 5.3, 5.8, 0.26, "black")
    leaves(stage, 4, 6, 2.0, 80)


def night_tidy(stage: Stage) -> None:
    lamp_post(stage, 7.4, 5.1, -90, 420)
    lamp_post(stage, 29.0, 5.1, -90, 420)
    parked(stage, 11.4, 17.0, -4.4)
    bicycle(stage, 7.9, 8.1, 2)
    bicycle(stage, 8.3, 7.7, 184)


def paper_overfull(stage: Stage) -> None:
    cardboard_stack(stage, 2.7, 5.9, -8, 5, 2)
    carton_alone(stage, 4.75, 5.5, (0.55, 0.42, 0.4), -18)
    carton_alone(stage, 4.9, 6.15, (0.4, 0.3, 0.3), 30, is_open=False)
    carton_alone(stage, 1.75, 5.2, (0.42, 0.32, 0.24), 55)
    parked(stage, 9.9, 15.8)
    lamp_post(stage, 8.0, 5.1, -90)
    litter(stage, 3.4, 5.2, 1.2, 10)


def tidy_wheelies(stage: Stage) -> None:
    parked(stage, 10.2, 16.0, 22.0)
    across(stage, 12, 18.5)
    tree(stage, 9.0, 5.6, 9)
    leaves(stage, 4, 6, 3.0, 220)


def pile_and_sofa(stage: Stage) -> None:
    heap(stage, 2.1, 5.8, 12, 0.75)
    sofa(stage, 6.3, 6.3, -14)
    loose_bag(stage, 4.75, 5.4, 0.26, "blue")
    parked(stage, 12.8, 18.8)
    litter(stage, 3.2, 5.0, 1.2, 16)
    lamp_post(stage, 10.2, 5.1, -90)


def tidy_banks(stage: Stage) -> None:
    parked(stage, 12.0, 18.0)
    tree(stage, 8.9, 5.6, 9)
    bollard(stage, 7.4, 4.9)
    leaves(stage, 5, 5.6, 3.0, 200)
    bicycle(stage, 10.5, 8.1, 2)


def nothing_there(stage: Stage) -> None:
    parked(stage, 5.4, 11.0, 17.2, 23.0)
    across(stage, 9.0, 15.0, 26)
    tree(stage, 8.2, 5.6, 9)
    lamp_post(stage, 14.6, 5.1, -90)
    bicycle(stage, 4.2, 8.1, 3)
    bicycle(stage, 6.1, 8.0, 183)
    person(stage, 13.2, 7.0, 4)
    leaves(stage, 5, 5.5, 4.0, 260)


def narrow_lane(stage: Stage) -> None:
    loose_bag(stage, 3.1, 2.65, 0.26, "black")
    loose_bag(stage, 3.55, 2.5, 0.24, "white", lying=True)
    bicycle(stage, 8.0, 3.6, 3)
    bicycle(stage, 9.9, 3.5, 181)
    car(stage, 13.0, -1.1, 1, 3)
    person(stage, 14.5, 2.9, 176)
    litter(stage, 4.2, 2.6, 0.8, 9)
    leaves(stage, 5, 2.5, 2.5, 90)


def far_behind_bicycles(stage: Stage) -> None:
    for i, x in enumerate((2.9, 3.5, 4.05)):
        bicycle(stage, x, 5.5, 84 + 4 * i, 4)
    loose_bag(stage, 6.5, 6.1, 0.26, "black")
    parked(stage, 13.2, 19.0)
    bollard(stage, 5.6, 4.9)
    lamp_post(stage, 11.0, 5.1, -90)
    leaves(stage, 6, 6, 3.0, 180)
