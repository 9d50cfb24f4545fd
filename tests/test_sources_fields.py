"""Fields of foreign records: what is wrong is named with its likely cause."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from city.errors import BadInput
from city.place import Bounds, Position
from city.sources import fields

AMSTERDAM = Bounds(4.72, 52.27, 5.08, 52.44)
CLOCK = ZoneInfo("Europe/Amsterdam")
# Dam square, in each reference system, by PROJ.
DEGREES, RD = (4.8936, 52.3731), (121391.0, 487361.0)


def code_of(x: float, y: float, crs: str) -> str:
    with pytest.raises(BadInput) as caught:
        fields.place(x, y, crs, AMSTERDAM, "here")
    (fault,) = caught.value.faults
    return f"{fault.code}: {fault.cause}"


def test_rijksdriehoek_is_read_to_the_decimetre() -> None:
    # The origin of the system, by RDNAPTRANS: the tower of Our Lady in Amersfoort.
    bounds = Bounds(5, 52, 6, 53)
    tower = fields.place(155_000, 463_000, "EPSG:28992", bounds, "here")
    assert tower.distance_m(Position(5.387203657, 52.155172897)) < 0.2


@settings(deadline=None)
@given(st.floats(4.73, 5.07), st.floats(52.28, 52.43))
def test_any_reference_system_comes_back_to_the_same_place(lon: float, lat: float) -> None:
    # Making the three transformers takes longer than a test may by default.
    for crs in ("EPSG:28992", "EPSG:3857", "EPSG:25831"):
        x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
        found = fields.place(x, y, crs, AMSTERDAM, "here")
        assert found.distance_m(Position(lon, lat)) < 0.01


@pytest.mark.parametrize(
    ("x", "y", "crs", "said"),
    [
        (*DEGREES[::-1], "EPSG:4326", "coordinates-swapped"),
        (*RD[::-1], "EPSG:28992", "coordinates-swapped"),
        (*RD, "EPSG:4326", "wrong-crs: .*Rijksdriehoek"),
        (*RD[::-1], "EPSG:4326", "wrong-crs: .*Rijksdriehoek metres, y first"),
        (*DEGREES, "EPSG:28992", "wrong-crs: .*degrees, longitude first"),
        (*DEGREES[::-1], "EPSG:28992", "wrong-crs: .*degrees, latitude first"),
        (544_753.0, 6_867_700.0, "EPSG:4326", "wrong-crs: .*web map"),
        (0.0, 0.0, "EPSG:4326", "outside-city"),
        (1e300, 1e300, "EPSG:28992", "outside-city"),
    ],
)
def test_a_position_that_cannot_be_names_its_likely_cause(
    x: float, y: float, crs: str, said: str
) -> None:
    assert re.match(said, code_of(x, y, crs))


def test_a_reference_system_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match="unknown-crs"):
        fields.check_crs("EPSG:Amsterdam", "mapping")


def test_the_hour_that_the_clock_skips_is_refused_and_the_one_it_repeats_is_the_first() -> None:
    with pytest.raises(BadInput, match="time-skipped-by-clock"):
        fields.day_and_time("2026-03-29", "02:30:00", CLOCK, "here", "at")
    twice = fields.day_and_time("2026-10-25", "02:30:00", CLOCK, "here", "at")
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    before = fields.day_and_time("2026-03-29", "01:59:59", CLOCK, "here", "at")
    after = fields.day_and_time("2026-03-29", "03:00:00", CLOCK, "here", "at")
    assert (after.astimezone(UTC) - before.astimezone(UTC)).total_seconds() == 1


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", None])
def test_what_is_no_time_is_named(text: object) -> None:
    with pytest.raises(BadInput, match="not-a-time"):
        fields.instant(text, CLOCK, "here", "at")
    with pytest.raises(BadInput, match="not-a-time"):
        fields.day_and_time(text, "08:00", CLOCK, "here", "at")


def test_a_time_without_an_offset_is_by_the_citys_clock() -> None:
    assert fields.instant("2026-07-01T12:00:00", CLOCK, "here", "at").astimezone(UTC).hour == 10
    assert fields.instant("2026-07-01T12:00:00Z", CLOCK, "here", "at").astimezone(UTC).hour == 12


@pytest.mark.parametrize("text", ["Rest", "restafval", " REST ", "residual"])
def test_fractions_are_known_by_their_names(text: str) -> None:
    assert fields.fraction(text, "here").value == "residual"


@pytest.mark.parametrize("value", ["much", "nan", "inf", True, [1]])
def test_what_is_no_number_is_named(value: object) -> None:
    with pytest.raises(BadInput, match="not-a-number"):
        fields.number({"kg": value}, "kg", "here")
