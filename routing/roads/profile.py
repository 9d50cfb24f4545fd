"""The truck that the roads are built for: what it weighs and measures decides where it may go."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields

from city.errors import BadInput, Fault

# Bounds of a road vehicle; the upper ones leave room for a road train with an exemption.
BOUNDS: dict[str, tuple[float, float]] = {
    "weight_kg": (500, 60_000),
    "height_m": (1.0, 4.5),
    "length_m": (2.0, 26.0),
    "width_m": (1.0, 3.0),
    "axle_load_kg": (250, 13_000),
    "max_speed_kmh": (10, 100),
    "u_turn_s": (0, 600),
}


@dataclass(frozen=True)
class TruckProfile:
    """A kind of truck, as the signs along the road see it.

    Parameters
    ----------
    name : what planners call it; also part of the built folder's name.
    weight_kg : permitted gross weight, which weight signs are held against.
    height_m, length_m, width_m : outer measures with crane and mirrors folded.
    axle_load_kg : heaviest axle (EU Directive 96/53/EC allows 11.5 t on a driven one).
    max_speed_kmh : what its limiter allows.
    u_turn_s : seconds that turning round in the street costs.

    Raises
    ------
    BadInput
        Naming every measure that no road vehicle has.
    """

    name: str
    weight_kg: int
    height_m: float
    length_m: float
    width_m: float
    axle_load_kg: int = 11_500
    max_speed_kmh: int = 80
    u_turn_s: int = 60

    def __post_init__(self) -> None:
        faults = [fault for fault in map(self._fault, fields(self)) if fault is not None]
        if faults:
            raise BadInput(faults)

    def _fault(self, field: object) -> Fault | None:
        name = str(getattr(field, "name"))  # noqa: B009 - Field is generic only in stubs
        value = getattr(self, name)
        if name == "name":
            good = isinstance(value, str) and bool(value.strip())
            cause, remedy = "A truck profile needs a name.", "Give it one, such as 'crane-26t'."
        else:
            low, high = BOUNDS[name]
            good = isinstance(value, int | float) and math.isfinite(value) and low <= value <= high
            cause = f"No truck has {name} outside {low:g} to {high:g}."
            remedy = "Give the measure from its papers in the unit that the field's name ends in."
        if good:
            return None
        where = f"truck profile {self.name!r}"
        return Fault("bad-truck-profile", where, cause, remedy, name, repr(value)[:40])

    def measures(self) -> dict[str, float]:
        """Return all measures by name, without the profile's own name."""
        return {key: value for key, value in asdict(self).items() if key != "name"}


# Typical municipal vehicles; a city states its own in its fleet.
CRANE_TRUCK = TruckProfile("crane-26t", weight_kg=26_000, height_m=3.9, length_m=9.8, width_m=2.55)
REAR_LOADER = TruckProfile("rear-19t", weight_kg=19_000, height_m=3.5, length_m=8.4, width_m=2.5)
SMALL_REAR_LOADER = TruckProfile(
    "rear-7t5", weight_kg=7_500, height_m=2.9, length_m=6.3, width_m=2.2, axle_load_kg=5_500
)
