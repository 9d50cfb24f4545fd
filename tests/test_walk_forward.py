"""Forecasts on a history: from the past alone, in the file's own unit, and as good as measured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.container import Container, ContainerKind
from city.errors import BadInput
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.place import Position
from city.scoring import calibration
from city.walk_forward import walk_forward
from operations.score_forecasts import score_forecasts
from tests.demo_city import ROOT, stadsronde

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
HERE = Position(4.9, 52.37)
MAPPING = """
source = "bins"
gives = "evidence"
kind = "driver-tap"
time_zone = "Europe/Amsterdam"
[columns]
id = "nr"
container_id = "bin"
seen_at = "emptied"
value = "percent"
[scale]
value = 0.01
[defaults]
kind = "wheelie"
fraction = "residual"
volume_l = 600
"""
EDINBURGH = ROOT / "docs/how-to/mappings/edinburgh-collections.toml"
COLLECTIONS = ROOT.parent / "shared/data/registry/edinburgh_collections_2016.csv"


def bins(n: int) -> list[Container]:
    return [
        Container(f"B{k}", HERE, Fraction.RESIDUAL, ContainerKind.WHEELIE, 600) for k in range(n)
    ]


def history(n: int, weeks: int, seed: int = 1) -> list[Evidence]:
    rng = np.random.default_rng(seed)
    return [
        tapped(f"B{k}", week, START + timedelta(days=2 * week, minutes=int(rng.integers(400))),
               float(rng.uniform(0.3, 0.9)))
        for week in range(weeks)
        for k in range(n)
    ]  # fmt: skip


def tapped(name: str, number: int, when: datetime, fill: float) -> Evidence:
    kind = EvidenceKind.DRIVER_TAP
    return Evidence(kind, fill, when, when, "t", f"{name}/{number}", HERE, 5.0, name)


def foretold(records: list[Evidence]) -> dict[str, list[float]]:
    return {
        record.id: belief.levels[0].tolist()
        for record, belief in walk_forward(bins(3), records, min_earlier=2)
    }


@settings(deadline=None, max_examples=4)
@given(st.integers(9, 26), st.floats(0.0, 1.5))
def test_what_comes_later_changes_no_earlier_forecast(cut: int, fill: float) -> None:
    records = sorted(history(3, 9), key=lambda r: r.seen_at)
    changed = records[:cut] + [replace(r, value=fill) for r in records[cut:]]
    before, after = foretold(records), foretold(changed)
    # The record at the cut is itself foretold from what came before it, whatever it says.
    known = [r.id for r in records[: cut + 1] if r.id in before]
    assert known
    assert [before[name] for name in known] == [after[name] for name in known]
    assert set(foretold(records[:cut])) == set(known) - {records[cut].id}


def test_bins_emptied_in_the_same_second_do_not_tell_of_each_other() -> None:
    records = history(3, 6)
    last = START + timedelta(days=30)
    both = [tapped("B0", 99, last, 0.1), tapped("B1", 99, last, 0.9)]
    for each in both:
        assert foretold([*records, *both])[each.id] == foretold([*records, each])[each.id]


def test_each_container_is_foretold_after_as_many_collections_as_asked() -> None:
    records = history(3, 9)
    told = [record for record, _ in walk_forward(bins(3), records, min_earlier=5)]
    assert len(told) == 3 * (9 - 5)
    assert told == sorted(told, key=lambda r: (r.seen_at, r.id))


def written(tmp_path: Path, rows: list[str]) -> tuple[Path, Path]:
    (tmp_path / "bins.csv").write_text("\n".join(["nr,bin,emptied,percent", *rows]))
    (tmp_path / "bins.toml").write_text(MAPPING)
    return tmp_path / "bins.csv", tmp_path / "bins.toml"


def steady(n: int) -> list[str]:
    return [f"{k},B{k % 2},2026-04-{1 + k // 2:02}T10:00:00,60" for k in range(n)]


def test_a_steady_bin_is_foretold_in_the_files_own_unit(tmp_path: Path) -> None:
    score = score_forecasts(*written(tmp_path, steady(40)), above=80.0)
    assert (score.containers, len(score.emptyings)) == (2, 30)
    assert set(score.found) == {60.0}
    assert score.mean_absolute_error < 5.0
    assert score.p_above[-1] < 0.2


def test_rows_that_cannot_be_taken_are_set_aside_and_counted(tmp_path: Path) -> None:
    rows = [*steady(20), "90,B0,yesterday,60", "91,B0,2026-04-15T10:00:00,-5", "92,,2026-04-15,6"]
    path, mapping = written(tmp_path, rows)
    score = score_forecasts(path, mapping, above=80.0)
    assert {fault.code for record in score.aside for fault in record.faults} == {
        "not-a-time", "evidence-value", "missing-field"
    }  # fmt: skip
    run = stadsronde("forecast", "score", path, "--mapping", mapping)
    assert run.returncode == 0
    assert "not-a-time" in run.stdout
    assert "10 of 23 collections of 2 containers" in run.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("driver-tap", "report"), "mapping-gives-no-collections"),
        (("Europe/Amsterdam", "Amsterdam"), "unknown-time-zone"),
        (('value = "percent"', 'value = "full"'), "missing-column"),
        (('"wheelie"', '"barrel"'), "unknown-kind"),
    ],
)
def test_a_mapping_that_cannot_serve_is_named(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path, mapping = written(tmp_path, steady(20))
    mapping.write_text(MAPPING.replace(*change))
    with pytest.raises(BadInput, match=said):
        score_forecasts(path, mapping, above=80.0)


def test_a_history_too_short_to_foretell_anything_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="history-too-short"):
        score_forecasts(*written(tmp_path, steady(8)), above=80.0)


def test_calibration_knows_honest_forecasters_from_others() -> None:
    rng = np.random.default_rng(1)
    p = rng.random(20_000)
    came = rng.random(20_000) < p
    honest, shy = calibration(p, came), calibration(0.5 + 0.2 * (p - 0.5), came)
    assert honest.ece < 0.02 < 0.15 < shy.ece
    assert honest.brier_skill == pytest.approx(1 / 3, abs=0.02)
    assert calibration(np.full(len(p), came.mean()), came).brier_skill == pytest.approx(0, abs=1e-9)


@pytest.mark.shared
@pytest.mark.skipif(not COLLECTIONS.exists(), reason="needs ../shared, which is not here")
def test_edinburghs_bins_are_foretold_better_than_by_their_running_mean(tmp_path: Path) -> None:
    """The first 3,000 collections; benchmarks/forecast_edinburgh.py takes all of them."""
    lines = COLLECTIONS.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    # The file begins with the newest.
    (tmp_path / "early.csv").write_text("".join([lines[0], *lines[-3000:]]))
    score = score_forecasts(tmp_path / "early.csv", EDINBURGH, above=80.0)
    past: dict[str, list[float]] = {}
    errors = []
    for record, found in zip(score.emptyings, score.found, strict=True):
        seen = past.setdefault(record.container_id or "", [])
        if seen:
            errors.append(abs(float(np.mean(seen)) - found))
        seen.append(found)
    assert len(score.emptyings) > 1200
    assert score.mean_absolute_error < 0.85 * float(np.mean(errors))
    assert score.calibration.brier_skill > 0.2
