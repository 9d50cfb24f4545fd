"""Sheets on disk: all files of all trucks, whole or not at all, nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from city.errors import BadInput
from routing.sheets import FORMATS, Sheet, write_sheets
from routing.sheets.write import file_stem
from tests.test_sheets_formats import sheet

SUFFIXES = [form.suffix for form in FORMATS]


def two_trucks() -> list[Sheet]:
    return [sheet(), sheet(vehicle_id="truck/2")]


def test_every_truck_gets_every_format(tmp_path: Path) -> None:
    written = write_sheets(two_trucks(), tmp_path / "new" / "folder")
    expected = [f"{truck}.{suffix}" for truck in ("truck-1", "truck-2") for suffix in SUFFIXES]
    assert [path.name for path in written] == expected
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == sorted(expected)
    assert all(path.stat().st_size > 0 for path in written)


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_sheets(two_trucks(), tmp_path, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(n, 2 * len(FORMATS)) for n in range(1, 2 * len(FORMATS) + 1)]


def test_a_sheet_that_fails_leaves_yesterdays_file_and_no_half_one(tmp_path: Path) -> None:
    (tmp_path / "truck-1.pdf").write_bytes(b"yesterday")
    broken = replace(sheet(), made_at="no time")  # type: ignore[arg-type]
    with pytest.raises((AttributeError, TypeError, ValueError)):
        write_sheets([broken], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["truck-1.pdf"]
    assert (tmp_path / "truck-1.pdf").read_bytes() == b"yesterday"


def test_a_sheet_is_written_over_yesterdays(tmp_path: Path) -> None:
    (tmp_path / "truck-1.pdf").write_bytes(b"yesterday")
    write_sheets([sheet()], tmp_path)
    assert (tmp_path / "truck-1.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "", "C:\\x", "wagen 1.pdf"])
def test_no_vehicle_id_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    written = write_sheets([sheet(vehicle_id=name)], tmp_path / "sheets")
    assert {path.resolve().parent for path in written} == {(tmp_path / "sheets").resolve()}
    assert file_stem(name).strip(".")


def test_two_sheets_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sheets-with-one-name"):
        write_sheets([sheet(), sheet(vehicle_id="truck/1")], tmp_path)
    assert list(tmp_path.iterdir()) == []
