"""Everything that the simulation assumes, in one place; docs/reference/simulation.md says why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from city.errors import BadInput, Fault


@dataclass(frozen=True)
class Assumptions:
    """What is taken for granted about a simulated city.

    Parameters
    ----------
    first_day : the first day that counts.
    warmup_days : of the fixed schedule before, which every policy learns from.
    run_in_days : of each policy before the first day that counts.
    counted_days : that are scored.
    overflow_share : of container-days, on which the fixed schedule overflows; sets capacities.
    sizes_l : that containers come in; each is made to measure where none are given.
    weekday_inflow : Monday to Sunday, relative to the mean.
    holiday_inflow : on a public holiday, relative to any other day.
    day_cv : coefficient of variation of one day's inflow of one container.
    drift_sd, drift_days : of the logarithm of a container's pace, and how long it lasts.
    city_day_sd : of the logarithm of the whole city's pace on a day.
    deposits_from_h, deposits_until_h : hours of the day between which people bring waste.
    camera_share : of the streets that a camera passes on a day.
    overflow_visible, overflow_imagined : probability that an overflow is to be seen from the
        street at a full container, and that something like it is at one that is not.
    bags_beside_full, bags_beside_other : the same of bags beside it.
    detector_quality : 0 sees nothing but chance, 1 sees all that is to be seen.
    p_report_a_day : that a full container is reported, each day.
    false_share : of the reports, under the fixed schedule.
    report_delay_days, report_delay_most_days : mean and longest time before a report is received.
    weighing_sd : relative error of a crane's scale.
    p_tap, tap_step : that a driver notes the fill, and the step of the scale.
    nearly_empty : below this fill an emptying was for nothing.
    plan_at_h : hour of the evening before, up to which is known what a plan may use.
    truck_kg : hold of a truck.
    planned_hold : share of a truck's hold that plans may fill, for what weighs more.
    overfull_pct : the chance that a trip may be more than it holds, of plans that know chances.
    trucks : how many there are.
    """

    first_day: date = date(2026, 4, 6)
    warmup_days: int = 350
    run_in_days: int = 28
    counted_days: int = 28
    overflow_share: float = 0.01
    sizes_l: tuple[int, ...] = ()
    weekday_inflow: tuple[float, ...] = (1.10, 0.95, 0.95, 0.95, 1.0, 1.15, 0.90)
    holiday_inflow: float = 1.15
    day_cv: float = 0.45
    drift_sd: float = 0.20
    drift_days: float = 14.0
    city_day_sd: float = 0.07
    deposits_from_h: float = 7.0
    deposits_until_h: float = 23.0
    camera_share: float = 0.20
    overflow_visible: float = 0.60
    overflow_imagined: float = 0.04
    bags_beside_full: float = 0.55
    bags_beside_other: float = 0.20
    detector_quality: float = 0.8
    p_report_a_day: float = 0.45
    false_share: float = 0.20
    report_delay_days: float = 0.5
    report_delay_most_days: float = 3.0
    weighing_sd: float = 0.03
    p_tap: float = 0.6
    tap_step: float = 0.25
    nearly_empty: float = 0.25
    plan_at_h: float = 20.0
    truck_kg: int = 9_000
    planned_hold: float = 0.95
    overfull_pct: int = 30
    trucks: int = 3

    def __post_init__(self) -> None:
        shares = ("overflow_share", "camera_share", "detector_quality", "false_share")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in shares and not 0 <= value <= 1:
                raise BadInput(
                    Fault(
                        code="assumption",
                        where="simulation",
                        field=field.name,
                        value=str(value),
                        cause=f"{field.name} must lie within 0 and 1.",
                        remedy="Give a share, such as 0.2.",
                    )
                )

    @property
    def all_days(self) -> int:
        """How many days the simulated truth lasts."""
        return self.warmup_days + self.run_in_days + self.counted_days
