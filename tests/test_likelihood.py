"""What evidence is worth: assumed without data, learnt from emptyings where there are some."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.container import REGISTERED_KINDS, Container, ContainerKind
from city.evidence import EMPTIES, Evidence, EvidenceKind
from city.fill import LEVELS, believe
from city.fraction import Fraction
from city.likelihood import PRIOR, learn_likelihoods, likelihood
from city.place import Position

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HERE = Position(4.9, 52.37)
PIT = Container("P", HERE, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5000)
Saying = Callable[[float, np.random.Generator], list[tuple[EvidenceKind, float]]]


def record(kind: EvidenceKind, value: float, when: datetime) -> Evidence:
    ref = f"{kind}/{when.isoformat()}"
    return Evidence(kind, value, when, when, "t", ref, HERE, 5.0, "P")


def told(saying: Saying, weeks: int = 400) -> list[Evidence]:
    """Emptied at any level; two hours before, something may be said of it."""
    rng = np.random.default_rng(3)
    records = []
    for week in range(weeks):
        emptied = START + timedelta(days=7 * week)
        level = float(rng.uniform(0.3, 1.4))
        for kind, value in saying(level, rng):
            records.append(record(kind, value, emptied - timedelta(hours=2)))
        records.append(record(EvidenceKind.DRIVER_TAP, level, emptied))
    return records


def test_without_data_what_is_assumed_holds() -> None:
    learnt = learn_likelihoods([PIT], {})
    assert learnt.report == PRIOR.report
    assert learnt.sensor_sd == pytest.approx(PRIOR.sensor_sd)
    few = learn_likelihoods([PIT], {"P": told(lambda level, rng: [], weeks=3)})
    assert few.report.full == pytest.approx(PRIOR.report.full, rel=0.15)


def test_a_city_whose_reporters_are_right_learns_to_believe_them() -> None:
    def right(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        return [(EvidenceKind.REPORT, 1.0)] if level > 1.0 and rng.random() < 0.6 else []

    report = learn_likelihoods([PIT], {"P": told(right)}).report
    assert report.full / report.not_full > 2 * PRIOR.report.full / PRIOR.report.not_full
    assert report.n_full > 100


def test_where_bags_lie_beside_any_container_they_come_to_say_nothing() -> None:
    def anyhow(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        return [(EvidenceKind.SIDE_WASTE, float(rng.random() < 0.5))]

    records = told(anyhow)
    learnt = learn_likelihoods([PIT], {"P": records}).side_waste
    assert learnt.full / learnt.not_full < 1.3 < PRIOR.side_waste.full / PRIOR.side_waste.not_full
    now = records[-1].seen_at + timedelta(days=5)
    bags = record(EvidenceKind.SIDE_WASTE, 1.0, now - timedelta(hours=1))
    before, after = (believe([PIT], [*records, *more], now).p_overflow[0] for more in ([], [bags]))
    assert after - before < 0.1


def test_bags_are_never_taken_for_a_sign_of_emptiness() -> None:
    def perverse(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        return [(EvidenceKind.SIDE_WASTE, float(level < 0.9))]

    learnt = learn_likelihoods([PIT], {"P": told(perverse)}).side_waste
    assert learnt.not_full == learnt.full


@pytest.mark.parametrize("error", [0.02, 0.2])
def test_a_sensors_error_is_learnt_and_outliers_do_not_count_for_it(error: float) -> None:
    def read(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        value = 2.0 if rng.random() < 0.01 else level + error * rng.normal()
        return [(EvidenceKind.SENSOR, float(np.clip(value, 0, 2)))]

    learnt = learn_likelihoods([PIT], {"P": told(read)})
    assert learnt.sensor_sd == pytest.approx(error, rel=0.35, abs=0.03)
    assert learnt.n_sensor == 400


def test_each_kind_of_container_learns_what_its_own_photos_show() -> None:
    def seen(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        return [(EvidenceKind.PHOTO, 0.95 if level > 1.0 else 0.03)]

    overflow = learn_likelihoods([PIT], {"P": told(seen)}).overflow
    assert overflow[ContainerKind.UNDERGROUND].full > 0.75
    unseen, assumed = (each[ContainerKind.WHEELIE] for each in (overflow, PRIOR.overflow))
    assert unseen.n_full == 0
    assert unseen.full == pytest.approx(assumed.full)


def test_deposits_tell_the_fill_once_a_deposit_is_known() -> None:
    def counted(level: float, rng: np.random.Generator) -> list[tuple[EvidenceKind, float]]:
        return [(EvidenceKind.DEPOSITS, float(round(level * 5000 / 25)))]

    records = told(counted)
    learnt = learn_likelihoods([PIT], {"P": records})
    assert learnt.deposit_l == pytest.approx(25, rel=0.05)
    assert learnt.deposit_spread < PRIOR.deposit_spread / 2
    now = records[-1].seen_at + timedelta(days=5)
    for count, level in ((100, 0.5), (160, 0.8)):
        belief = believe([PIT], [*records, record(EvidenceKind.DEPOSITS, count, now)], now)
        assert belief.mean[0] == pytest.approx(level, abs=0.08)


@given(
    kind=st.sampled_from([k for k in EvidenceKind if k not in EMPTIES]),
    of=st.sampled_from(REGISTERED_KINDS),
    value=st.floats(0.0, 1.0),
)
def test_every_kind_of_evidence_has_a_likelihood(
    kind: EvidenceKind, of: ContainerKind, value: float
) -> None:
    said = record(kind, 1.0 if kind is EvidenceKind.REPORT else value, START)
    row = likelihood(said, replace(PIT, kind=of), LEVELS)
    assert np.isfinite(row).all()
    assert (row > 0).all()
