"""Files that people hand in: what is sound is taken, what is not is named with its remedy."""

from pathlib import Path

import pytest

from city.container import ContainerKind, Gear
from city.errors import BadInput
from city.fleet import BreakRule, DrivingRule, Window
from city.fraction import Fraction
from city.place import Bounds
from city.sources.containers_csv import read_containers
from city.sources.fleet_toml import read_fleet

HELSINKI = Bounds(24.90, 60.15, 24.99, 60.19)
HEAD = "container_id,lon,lat,fraction,kind,volume_l,address\n"
SOUND = "A,24.94,60.17,glass,bank,3000,Torikatu 1\n"


def write(tmp_path: Path, text: str, name: str = "registry.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_registry_is_read(tmp_path: Path) -> None:
    registry = read_containers(write(tmp_path, HEAD + SOUND), HELSINKI)
    (container,) = registry.containers
    assert (container.id, container.fraction, container.kind) == (
        "A", Fraction.GLASS, ContainerKind.BANK
    )  # fmt: skip
    assert container.address == "Torikatu 1"
    assert registry.faults == ()


def test_a_file_from_a_dutch_spreadsheet_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + (HEAD + SOUND).replace(",", ";")
    assert len(read_containers(write(tmp_path, text), HELSINKI).containers) == 1


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("B,60.17,24.94,glass,bank,3000,", "coordinates-swapped", "lon"),
        ("B,4.9,52.4,glass,bank,3000,", "outside-city", "lon"),
        ("B,east,60.17,glass,bank,3000,", "not-a-number", "lon"),
        ("B,24.94,60.17,gold,bank,3000,", "unknown-fraction", "fraction"),
        ("B,24.94,60.17,glass,barrel,3000,", "unknown-kind", "kind"),
        ("B,24.94,60.17,glass,bank,3,", "container-volume", "volume_l"),
        (",24.94,60.17,glass,bank,3000,", "container-without-id", "id"),
        ("A,24.95,60.17,glass,bank,3000,", "duplicate-id", "container_id"),
        ("B,nan,60.17,glass,bank,3000,", "position-out-of-range", "lon"),
    ],
)
def test_a_broken_row_is_set_aside_and_the_others_are_taken(
    tmp_path: Path, row: str, code: str, field: str
) -> None:
    registry = read_containers(write(tmp_path, HEAD + SOUND + row + "\n"), HELSINKI)
    assert [c.id for c in registry.containers] == ["A"]
    (fault,) = registry.faults
    assert (fault.code, fault.field) == (code, field)
    assert fault.remedy


def test_all_faults_of_a_row_come_together(tmp_path: Path) -> None:
    row = "B,east,north,gold,barrel,much,\n"
    registry = read_containers(write(tmp_path, HEAD + row), HELSINKI)
    assert len(registry.faults) == 5


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_containers(write(tmp_path, "container_id,lon,lat\nA,1,2\n"), HELSINKI)
    assert {f.field for f in caught.value.faults} == {"fraction", "kind", "volume_l"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.csv"):
        read_containers(tmp_path / "nowhere.csv", HELSINKI)
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        read_fleet(tmp_path / "nowhere.toml")


FLEET = """
[[vehicle]]
id = "KW-1"
name = "Crane truck 1"
depot_id = "D"
fractions = ["glass", "paper"]
gear = "crane"
weight_capacity_kg = 9000
volume_capacity_l = 80000
shift = ["06:30", "15:00"]

[[depot]]
id = "D"
name = "Depot"
position = { lon = 24.94, lat = 60.17 }

[[disposal_site]]
id = "S"
name = "Sorting"
position = { lon = 24.95, lat = 60.17 }
fractions = ["glass", "paper"]
window = ["07:00", "16:00"]
service_s = 600
"""


def test_a_sound_fleet_is_read(tmp_path: Path) -> None:
    fleet = read_fleet(write(tmp_path, FLEET, "fleet.toml"))
    assert fleet.vehicles[0].shift == Window(23_400, 54_000)
    assert fleet.vehicles[0].break_rule is not None
    assert fleet.disposal_sites[0].window.start_s == 7 * 3600


def test_a_fleet_names_each_field_that_is_wrong(tmp_path: Path) -> None:
    text = FLEET.replace('gear = "crane"', 'gear = "claw"').replace("weight_capacity_kg = 9000", "")
    with pytest.raises(BadInput) as caught:
        read_fleet(write(tmp_path, text, "fleet.toml"))
    told = {(fault.where, fault.field) for fault in caught.value.faults}
    where = "fleet.toml, vehicle KW-1"
    assert told == {(where, "gear"), (where, "weight_capacity_kg")}


RULES = """
break_rule = { duration_s = 2700, begins = ["11:00", "12:00"] }
driving_rule = true
day_weight_kg = 20000
day_volume_l = 160000
day_stops = 70
"""


def with_rules(rules: str) -> str:
    """Return the fleet with lines more about its truck."""
    return FLEET.replace('gear = "crane"', 'gear = "crane"' + rules)


def test_a_fleet_states_lunch_driving_and_limits_of_a_day(tmp_path: Path) -> None:
    text = with_rules(RULES).replace("service_s = 600", "service_s = 600\nday_weight_kg = 50000")
    fleet = read_fleet(write(tmp_path, text, "fleet.toml"))
    truck = fleet.vehicles[0]
    assert truck.break_rule == BreakRule(2_700, begins=Window(11 * 3600, 12 * 3600))
    assert truck.driving_rule == DrivingRule()
    assert (truck.day_weight_kg, truck.day_volume_l, truck.day_stops) == (20_000, 160_000, 70)
    assert fleet.disposal_sites[0].day_weight_kg == 50_000
    none = read_fleet(write(tmp_path, with_rules("\nbreak_rule = false"), "fleet.toml"))
    assert none.vehicles[0].break_rule is None


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ("day_stops = 0", "day_stops"),
        ("day_weight_kg = -5", "day_weight_kg"),
        ('day_volume_l = "much"', "day_volume_l"),
        ("day_stop = 60", "day_stop"),
        ("break_rule = { minutes = 30 }", "minutes"),
        ("break_rule = 30", "break_rule"),
        ("break_rule = { duration_s = 90000 }", "break_rule"),
        ('break_rule = { begins = ["11:00", "12:75"] }', "break_rule.begins"),
        ('break_rule = { begins = ["22:00", "23:00"] }', "begins"),
        ("driving_rule = { duration_s = 0 }", "duration_s"),
        ('driving_rule = { after_driving_s = "4:30" }', "driving_rule.after_driving_s"),
        ("cost_per_km_cents = -1", "cost_per_km_cents"),
        ("overfull_pct = 0", "overfull_pct"),
        ("overfull_pct = 51", "overfull_pct"),
    ],
)
def test_a_rule_that_cannot_be_is_named_with_its_remedy(
    tmp_path: Path, rules: str, field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_fleet(write(tmp_path, with_rules("\n" + rules), "fleet.toml"))
    (fault,) = caught.value.faults
    assert (fault.where, fault.field) == ("fleet.toml, vehicle KW-1", field)
    assert fault.remedy.endswith(".")


def test_a_field_nearly_spelled_right_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Write 'day_stops'"):
        read_fleet(write(tmp_path, with_rules("\nday_stop = 60"), "fleet.toml"))


def test_all_faults_of_a_fleet_come_together(tmp_path: Path) -> None:
    text = with_rules("\nday_stops = 0\nwheels = 6").replace('depot_id = "D"', 'depot_id = "E"')
    text = text.replace('window = ["07:00", "16:00"]', 'window = ["16:00", "07:00"]')
    with pytest.raises(BadInput) as caught:
        read_fleet(write(tmp_path, text, "fleet.toml"))
    told = {(fault.where, fault.field) for fault in caught.value.faults}
    assert told == {
        ("fleet.toml, vehicle KW-1", "day_stops"),
        ("fleet.toml, vehicle KW-1", "wheels"),
        ("fleet.toml, disposal_site S", "hours"),
    }


def test_text_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 1"):
        read_fleet(write(tmp_path, "this is a fleet\n", "fleet.toml"))


def test_a_fleet_without_a_truck_for_a_fraction_says_so(tmp_path: Path) -> None:
    fleet = read_fleet(write(tmp_path, FLEET, "fleet.toml"))
    assert fleet.faults([(Fraction.GLASS, Gear.CRANE)]) == ()
    faults = fleet.faults([(Fraction.RESIDUAL, Gear.CRANE), (Fraction.GLASS, Gear.REAR_LOADER)])
    assert sorted((f.code, f.value) for f in faults) == [
        ("no-site-for-fraction", "residual"),
        ("no-truck-for-fraction", "glass / rear-loader"),
        ("no-truck-for-fraction", "residual / crane"),
    ]
