"""The card and the register's draft say what the files beside the model say, and no more."""

import json
import re
import shutil
from pathlib import Path

import pytest

from city.errors import BadInput
from operations.describe_model import describe_model, draft_register
from vision.weights import __file__ as weights_file

SHIPPED = Path(weights_file).parents[1] / "models" / "detector"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The shipped model's records, without its weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("record.json", "calibration.json"):
        shutil.copy(SHIPPED / name, folder)
    return folder


def report(path: Path, version: str) -> Path:
    row: dict[str, object] = {"model": version, "class": "bag", "slice": "night", "metric": "AP50"}
    row |= {"value": 0.4321, "n": 71, "low": 0.3, "high": 0.6}
    provenance: dict[str, object] = {
        "models": [{"version": version}],
        "photos": 144,
        "truth": "labels.json",
    }
    provenance |= {"made_at": "2026-11-28", "working_score": 0.25}
    path.write_text(json.dumps({"provenance": provenance, "rows": [row], "details": []}))
    return path


def version(folder: Path) -> str:
    return str(json.loads((folder / "record.json").read_text())["version"])


def test_the_card_holds_the_calibration_s_figures(model: Path) -> None:
    told = json.loads((model / "calibration.json").read_text())
    text = describe_model(model).read_text()
    for row in told["scored"]:
        assert f"| {row['counted']} | {row['n']} |" in text
        assert f"{row['brier_skill']:.3f}" in text


def test_a_calibration_of_other_weights_is_not_in_the_card(model: Path) -> None:
    told = json.loads((model / "calibration.json").read_text())
    (model / "calibration.json").write_text(json.dumps(told | {"detector": "another"}))
    assert "not calibrated for these weights" in describe_model(model).read_text()
    page, _ = draft_register(model / "out", model)
    assert "niet geijkt" in page.read_text()


def test_an_evaluation_is_kept_with_the_model_and_shown_with_its_interval(
    model: Path, tmp_path: Path
) -> None:
    text = describe_model(model, report(tmp_path / "r.json", version(model))).read_text()
    assert "| night | bag | 71 | AP50 | 0.432 | 0.300 – 0.600 |" in text
    assert describe_model(model).read_text() == text


def test_an_evaluation_of_another_model_is_refused(model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="evaluation-of-another-model"):
        describe_model(model, report(tmp_path / "r.json", "another"))


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="model-without-record"):
        describe_model(tmp_path)


def test_the_draft_is_filled_in_as_far_as_is_known_and_leaves_open_what_is_not(
    model: Path,
) -> None:
    page, table = draft_register(model / "out", model, organisation="Gemeente Utrecht")
    fields = json.loads(table.read_text())
    assert fields["organization"] == "Gemeente Utrecht"
    assert version(model) in fields["methods_and_models"]
    for name in ("contact_email", "impacttoetsen", "lawful_basis", "status"):
        assert re.fullmatch(r"\[.*\]", fields[name], re.S)
    assert all(f"`{name}`" in page.read_text() for name in fields)
