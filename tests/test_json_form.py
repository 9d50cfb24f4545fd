"""Problems and plans go through JSON files unchanged, and bad files are answered in full."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from city.errors import BadInput
from operations.cli import app
from routing.archive import from_bytes, to_bytes
from routing.json_form import plan_to_json, problem_to_json, read_plan, read_problem
from routing.matrices import matrices
from routing.problem import Problem
from routing.solve import solve
from tests import worlds

run = CliRunner().invoke


@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda world: world.__name__)
def test_a_problem_survives_its_file(world: Callable[[], Problem], tmp_path: Path) -> None:
    problem, file = world(), tmp_path / "problem.json"
    file.write_text(problem_to_json(problem))
    read = read_problem(file)
    assert (read.stops, read.trucks, read.sites) == (problem.stops, problem.trucks, problem.sites)
    assert np.array_equal(read.duration_s, problem.duration_s)
    assert np.array_equal(read.length_m, problem.length_m)
    assert matrices(read).keys() == matrices(problem).keys()
    for name, matrix in matrices(problem).items():
        assert np.array_equal(matrices(read)[name], matrix)
    kept = from_bytes(to_bytes(problem))
    assert matrices(kept).keys() == matrices(problem).keys()
    assert kept.trucks == problem.trucks


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    plan, file = solve(worlds.four_stops(), seconds=0), tmp_path / "plan.json"
    file.write_text(plan_to_json(plan))
    assert read_plan(file) == plan


def test_every_field_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    data = json.loads(problem_to_json(worlds.four_stops()))
    data["stops"][1]["weight_kg"] = "heavy"
    del data["trucks"][0]["shift"]
    del data["sites"]
    data["trafic"] = []
    data["stops"][2]["windows"] = [{"start_s": 36_000, "end_s": 28_800}]
    data["stops"][3]["skip_price_cent"] = 500
    data["trucks"][0]["break_rule"]["minutes"] = 30
    data["length_m"][2].pop()
    data["profiles"] = {"small": {"duration_s": [["far"]], "metres": []}}
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(data))
    with pytest.raises(BadInput) as refused:
        read_problem(file)
    fields = [fault.field for fault in refused.value.faults]
    assert fields == [
        "length_m.2",
        "profiles.small.duration_s.0.0",
        "profiles.small.length_m",
        "profiles.small.metres",
        "sites",
        "stops.1.weight_kg",
        "stops.2",
        "stops.3.skip_price_cent",
        "trafic",
        "trucks.0.break_rule.minutes",
        "trucks.0.shift",
    ]


def test_what_cannot_be_read_hides_nothing_that_can_and_is_wrong(tmp_path: Path) -> None:
    data = json.loads(problem_to_json(worlds.four_stops()))
    data["stops"][1]["weight_kg"] = "heavy"
    data["stops"][2] |= {"node": 99, "service_s": -1}
    data["trucks"][0]["volume_capacity_l"] = 0
    data["stops"][3]["windows"] = [{"start_s": 36_000, "end_s": 28_800}]
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(data))
    with pytest.raises(BadInput) as refused:
        read_problem(file)
    told = {fault.field: (fault.where, fault.remedy) for fault in refused.value.faults}
    assert told.keys() == {"stops.1.weight_kg", "stops.3", "node", "service_s", "volume_capacity_l"}
    assert told["stops.3"][0] == "problem.json"
    assert "seconds" in told["stops.3"][1]


def test_a_matrix_of_nonsense_is_answered_shortly(tmp_path: Path) -> None:
    data = json.loads(problem_to_json(worlds.overfull_square()))
    data["length_m"] = [["far"] * len(row) for row in data["length_m"]]
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(data))
    with pytest.raises(BadInput) as refused:
        read_problem(file)
    assert 0 < len(refused.value.faults) <= 20


@pytest.mark.parametrize("text", ["{", "[]", None])
def test_a_file_that_is_no_problem_is_refused(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "problem.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadInput):
        read_problem(file)


def test_the_command_line_checks_what_it_solved(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(problem_to_json(worlds.four_stops()))
    made = run(app, ["solve", str(problem), "--seconds", "0", "--out", str(plan)])
    assert made.exit_code == 0, made.output
    checked = run(app, ["check", str(problem), str(plan)])
    assert checked.exit_code == 0
    assert "The checker approves it" in checked.output

    late = json.loads(plan.read_text())
    late["routes"][0]["visits"].pop(1)
    plan.write_text(json.dumps(late))
    broken = run(app, ["check", str(problem), str(plan)])
    assert broken.exit_code == 1
    assert "accounting" in broken.output
