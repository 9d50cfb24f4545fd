"""The demo city's trucks, depot and disposal sites; all invented, at the edge of the map.

The extract is only 1.0 x 1.7 km, so each site stands where a road leaves it, with a stated
extra drive for the part of the way that is not on the map.
"""

from __future__ import annotations

from city.container import Gear
from city.fleet import Fleet, Site, Vehicle, Window
from city.fraction import Fraction
from city.place import Position

HOUR_S = 3600

DEPOT = Site(
    id="DEPOT",
    name="Depot (simulated, at the map's edge)",
    position=Position(24.95315, 60.17354),
    extra_duration_s=480,
    extra_length_m=4_500,
)
RESIDUAL_SITE = Site(
    id="ENERGY",
    name="Energy plant (simulated, at the map's edge)",
    position=Position(24.95064, 60.17888),
    window=Window(6 * HOUR_S, 18 * HOUR_S),
    service_s=900,
    fractions=(Fraction.RESIDUAL,),
    extra_duration_s=540,
    extra_length_m=6_000,
)
SORTING_SITE = Site(
    id="SORTING",
    name="Sorting centre (simulated, at the map's edge)",
    position=Position(24.93735, 60.16444),
    window=Window(7 * HOUR_S, 16 * HOUR_S),
    service_s=720,
    fractions=tuple(f for f in Fraction if f is not Fraction.RESIDUAL),
    extra_duration_s=420,
    extra_length_m=4_000,
)
SHIFT = Window(6 * HOUR_S + HOUR_S // 2, 15 * HOUR_S)


def demo_fleet() -> Fleet:
    """Return four trucks: two cranes for residual waste, one for sorted, one small loader."""
    return Fleet(
        vehicles=(
            _crane("KW-1", (Fraction.RESIDUAL,)),
            _crane("KW-2", (Fraction.RESIDUAL,)),
            _crane("KW-3", (Fraction.PAPER, Fraction.GLASS, Fraction.PACKAGING, Fraction.TEXTILE)),
            Vehicle(
                id="AL-1",
                name="Small rear loader 1",
                depot_id=DEPOT.id,
                fractions=(Fraction.RESIDUAL, Fraction.ORGANIC, Fraction.PAPER, Fraction.PACKAGING),
                gear=Gear.REAR_LOADER,
                weight_capacity_kg=2_500,
                volume_capacity_l=30_000,
                shift=SHIFT,
                gross_weight_kg=7_500,
                height_cm=290,
                length_cm=650,
                cost_per_km_cents=80,
                cost_per_hour_cents=7_000,
            ),
        ),
        depots=(DEPOT,),
        disposal_sites=(RESIDUAL_SITE, SORTING_SITE),
    )


def _crane(name: str, fractions: tuple[Fraction, ...]) -> Vehicle:
    return Vehicle(
        id=name,
        name=f"Crane truck {name[-1]}",
        depot_id=DEPOT.id,
        fractions=fractions,
        gear=Gear.CRANE,
        weight_capacity_kg=9_000,
        volume_capacity_l=80_000,
        shift=SHIFT,
    )
