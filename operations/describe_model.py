"""Write what is known of a model for people: its card, and a draft for the Algorithm Register."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from city.errors import BadInput, Fault
from vision.describe import CARD, EVALUATION, Known, model_card, weights_of
from vision.register import as_markdown, register_draft


def shipped_folder() -> Path:
    """Return where the shipped detector's files lie."""
    return Path(str(files("models").joinpath("detector")))


def describe_model(folder: Path | None = None, evaluation: Path | None = None) -> Path:
    """Write ``card.md`` from the files beside a model, and return it.

    Parameters
    ----------
    folder : of an exported model; of the shipped one if not given.
    evaluation : a ``report.json`` of `operations.evaluate`; its rows are kept with the model.

    Raises
    ------
    BadInput
        If there is no training record, or the evaluation is of other weights.
    """
    folder = folder or shipped_folder()
    if evaluation:
        _keep(evaluation, folder)
    (folder / CARD).write_text(model_card(_known(folder)), encoding="utf-8")
    return folder / CARD


def draft_register(
    out: Path, folder: Path | None = None, *, organisation: str = "", contact: str = ""
) -> tuple[Path, Path]:
    """Write the draft as a page to correct and as JSON by the standard's field names.

    Raises
    ------
    BadInput
        If there is no training record.
    """
    fields = register_draft(_known(folder or shipped_folder()), organisation, contact)
    out.mkdir(parents=True, exist_ok=True)
    page, table = out / "algorithm-register.md", out / "algorithm-register.json"
    page.write_text(as_markdown(fields), encoding="utf-8")
    text = json.dumps({f.name: f.text for f in fields}, indent=1, ensure_ascii=False)
    table.write_text(text + "\n", encoding="utf-8")
    return page, table


def _known(folder: Path) -> Known:
    if not (folder / "record.json").is_file():
        raise BadInput(
            Fault(
                code="model-without-record",
                where=str(folder),
                field="record.json",
                cause="There is no training record, so nothing is known of the model.",
                remedy="Name the folder that `stadsronde train` exported to.",
            )
        )
    return Known.of(folder)


def _keep(evaluation: Path, folder: Path) -> None:
    told = json.loads(evaluation.read_text(encoding="utf-8"))
    version = _known(folder).record["version"]
    filed_as = str(told["provenance"]["models"][0]["version"])
    if weights_of(filed_as) != version:
        raise BadInput(
            Fault(
                code="evaluation-of-another-model",
                where=str(evaluation),
                value=filed_as,
                cause=f"The evaluation is not of the model {version}.",
                remedy="Evaluate this model and give that report.",
            )
        )
    rows = [row for row in told["rows"] if row["model"] == filed_as]
    kept = {"provenance": told["provenance"], "rows": rows}
    (folder / EVALUATION).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
