"""Matrices and routes on the real streets of central Helsinki."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from city.errors import BadInput
from routing.roads import UNREACHABLE, Matrix, Roads, Snapping, build_roads, demo_extract
from routing.roads.instructions import instructions

Points = NDArray[np.float64]
BOX = (24.9360, 60.1650, 24.9525, 60.1775)  # inside the demo extract, on land


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    try:
        return build_roads(demo_extract(), tmp_path_factory.mktemp("roads"))
    except BadInput as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def points() -> Points:
    west, south, east, north = BOX
    rng = np.random.default_rng(2)
    return np.column_stack([rng.uniform(west, east, 40), rng.uniform(south, north, 40)])


def test_a_matrix_is_whole_numbers_with_nothing_to_oneself(helsinki: Roads, points: Points) -> None:
    matrix = helsinki.matrix(points)
    assert len(matrix) == len(points)
    assert matrix.duration_s.dtype == matrix.length_m.dtype == np.int32
    assert not np.diag(matrix.duration_s).any()
    assert not np.diag(matrix.length_m).any()
    assert matrix.unreachable == ()
    assert matrix.duration_s.max() < 1800


def test_neighbours_less_than_a_metre_apart_are_no_negative_way_apart(
    helsinki: Roads, points: Points
) -> None:
    close = np.vstack([points + np.array(step) for step in ((0, 0), (5e-6, -5e-6), (-5e-6, 5e-6))])
    matrix = helsinki.matrix(close)
    assert matrix.length_m.min() == 0
    assert matrix.duration_s.min() == 0


def test_blocks_of_any_size_give_the_same(
    helsinki: Roads, points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = helsinki.matrix(points)
    monkeypatch.setattr("routing.roads.roads.BLOCK_CELLS", 3 * len(points))
    told: list[tuple[int, int]] = []
    blocks = helsinki.matrix(points, progress=lambda done, rows: told.append((done, rows)))
    assert told[:2] == [(3, 40), (6, 40)]
    assert told[-1] == (40, 40)
    assert np.array_equal(whole.duration_s, blocks.duration_s)
    assert np.array_equal(whole.length_m, blocks.length_m)


@pytest.mark.parametrize(("kerb", "turn"), [(False, True), (True, True), (True, False)])
def test_a_route_is_as_long_as_the_matrix_says(
    helsinki: Roads, points: Points, kerb: bool, turn: bool
) -> None:
    matrix = helsinki.matrix(points, kerb=kerb)
    route = helsinki.route(points, kerb=kerb, turn_at_stops=turn)
    says = np.diag(matrix.duration_s, k=1), np.diag(matrix.length_m, k=1)
    assert np.abs([leg.duration_s for leg in route.legs] - says[0]).max() <= 1
    assert np.abs([leg.length_m for leg in route.legs] - says[1]).max() <= 1
    assert route.duration_s == sum(leg.duration_s for leg in route.legs)


def test_a_pair_alone_is_as_far_apart_as_within_the_city(helsinki: Roads, points: Points) -> None:
    # These two lie beside a street that is cut off by the edge of the extract.
    cut_off = [(24.935947, 60.1649214), (24.9363045, 60.1646551)]
    city = np.vstack([points, cut_off])
    whole = helsinki.matrix(city)
    assert whole.snapping.distance_m[-2] > 50
    for i, j in [(40, 41), (0, 40), (41, 7), (3, 9)]:
        alone = helsinki.matrix(city[[i, j]])
        assert alone.duration_s[0, 1] == whole.duration_s[i, j]
        assert alone.length_m[1, 0] == whole.length_m[j, i]
        assert helsinki.route(city[[i, j]]).length_m == pytest.approx(whole.length_m[i, j], abs=1)


def test_going_on_at_stops_never_takes_less(helsinki: Roads, points: Points) -> None:
    onward = helsinki.route(points).duration_s
    assert onward >= helsinki.route(points, turn_at_stops=True).duration_s


def test_the_line_of_a_route_is_as_long_as_its_legs(helsinki: Roads, points: Points) -> None:
    route = helsinki.route(points[:10])
    lon, lat = np.radians(route.geometry).T
    east, north = np.diff(lon) * np.cos(lat[1:]), np.diff(lat)
    assert np.hypot(east, north).sum() * 6_371_000 == pytest.approx(route.length_m, rel=0.01)


def test_the_instructions_add_up_to_the_leg(helsinki: Roads, points: Points) -> None:
    for leg in helsinki.route(points).legs:
        lines = instructions(leg, "nl")
        assert sum(line.length_m for line in lines) == pytest.approx(leg.length_m, abs=len(lines))
        assert lines[0].text.startswith("Vertrek")
        assert lines[-1].text.startswith(("De stop ligt", "U bent bij de stop"))


def test_a_point_on_a_street_knows_its_name(helsinki: Roads) -> None:
    assert helsinki.nearest_street((24.9390, 60.1650)) == "Bulevardi"


def test_a_point_in_the_sea_is_a_fault_with_its_name(helsinki: Roads, points: Points) -> None:
    far = np.vstack([points[:3], [[24.99, 60.12]]])
    matrix = helsinki.matrix(far)
    (fault,) = matrix.faults(150, names=["a", "b", "c", "buoy"])
    assert (fault.code, fault.where) == ("too-far-from-road", "buoy")
    assert matrix.snapping.distance_m[3] > 1000


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([(24.94, 60.16), (24.94, 160.0)], "bad-position"),
        ([(24.94, float("nan")), (24.94, 60.16)], "bad-position"),
        ([24.94, 60.16], "bad-points"),
        ([(24.94, 60.16, 0.0)] * 2, "bad-points"),
    ],
)
def test_positions_that_are_none_are_refused(helsinki: Roads, wrong: object, code: str) -> None:
    for ask in (helsinki.matrix, helsinki.route):
        with pytest.raises(BadInput, match=code):
            ask(wrong)  # type: ignore[arg-type]


def test_a_route_needs_two_points_and_a_matrix_none(helsinki: Roads) -> None:
    with pytest.raises(BadInput, match="two points"):
        helsinki.route([(24.94, 60.16)])
    assert len(helsinki.matrix([])) == 0
    assert helsinki.matrix([]).unreachable == ()


cells = st.integers(0, 5000) | st.just(UNREACHABLE)


def tiny(values: list[list[int]]) -> Matrix:
    table = np.array(values, dtype=np.int32)
    np.fill_diagonal(table, 0)
    nowhere = Snapping(np.zeros((3, 2)), np.zeros(3, np.float32), ("", "", ""))
    return Matrix(table, table.copy(), nowhere)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=3, max_size=3).map(tiny),
    st.lists(st.integers(0, 3000), min_size=3, max_size=3),
)
def test_an_extra_drive_counts_on_every_arc_but_to_itself(matrix: Matrix, extra: list[int]) -> None:
    longer = matrix.with_extra(extra, [2 * each for each in extra])
    for i in range(3):
        for j in range(3):
            before, after = int(matrix.duration_s[i, j]), int(longer.duration_s[i, j])
            if before == UNREACHABLE:
                assert after == UNREACHABLE
            else:
                assert after == before + (extra[i] + extra[j] if i != j else 0)
                assert longer.length_m[i, j] - before == 2 * (after - before)
    assert longer.unreachable == matrix.unreachable


def test_roads_can_be_opened_again_from_their_folder(helsinki: Roads, points: Points) -> None:
    again = Roads(Path(helsinki.folder))
    assert np.array_equal(again.matrix(points).length_m, helsinki.matrix(points).length_m)
