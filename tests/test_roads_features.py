"""Waste points, addresses and street names as the demo city's extract knows them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from city.errors import BadInput
from routing.roads import (
    Address,
    AddressBook,
    addresses,
    demo_extract,
    street_lines,
    waste_points,
)


@pytest.fixture(scope="module")
def helsinki() -> Path:
    try:
        return demo_extract()
    except BadInput as absent:
        pytest.skip(str(absent))


def test_the_demo_city_has_its_52_waste_points(helsinki: Path) -> None:
    found = waste_points(helsinki)
    assert Counter(point.amenity for point in found) == {
        "waste_basket": 36,
        "waste_disposal": 14,
        "recycling": 2,
    }
    assert len({point.osm_id for point in found}) == 52
    assert all(24.93 < point.lonlat[0] < 24.96 < 60.16 < point.lonlat[1] for point in found)


def test_a_recycling_point_says_what_it_accepts(helsinki: Path) -> None:
    accepts = {point.osm_id: point.accepts for point in waste_points(helsinki)}
    assert accepts["node/6049452999"] == ("glass_bottles", "plastic_bottles")


def test_most_waste_points_have_an_address_nearby(helsinki: Path) -> None:
    book = AddressBook(addresses(helsinki))
    assert len(book) > 1000
    near = [book.nearest(point.lonlat, within_m=100) for point in waste_points(helsinki)]
    assert sum(address is not None for address in near) > 40


def test_street_lines_carry_names_and_whole_lines(helsinki: Path) -> None:
    lines = street_lines(helsinki)
    assert {"Bulevardi", "Mannerheimintie", "Aleksanterinkatu"} <= {line.name for line in lines}
    assert all(len(line.lonlat) >= 2 for line in lines)


def test_the_nearest_address_is_nearest_in_metres_not_in_degrees() -> None:
    # At 60 degrees north a degree of longitude is half as long as one of latitude.
    east = Address("East", "1", "", "", (24.0015, 60.0))
    north = Address("North", "1", "", "", (24.0, 60.001))
    book = AddressBook([east, north])
    assert book.nearest((24.0, 60.0), within_m=200) == east
    assert book.nearest((24.0, 60.0), within_m=80) is None
    assert str(east) == "East 1"


def test_no_addresses_are_nobodys_neighbours() -> None:
    assert AddressBook([]).nearest((4.9, 52.4)) is None


def test_what_is_no_extract_is_refused(tmp_path: Path) -> None:
    no_extract = tmp_path / "city.osm.pbf"
    no_extract.write_bytes(b"nothing of the kind")
    with pytest.raises(BadInput, match="extract-not-osm"):
        waste_points(no_extract)
