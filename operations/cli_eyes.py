"""The commands of the analyst: how good the eyes are, and what they are taught with."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from operations.cli_options import BAD_INPUT, DEFAULT, Lang, OwnModel
from operations.cli_output import Steps, console, print_faults
from operations.settings import Settings


def calibrate(
    data: Annotated[Path, typer.Option(help="Folder that holds street_bins.")],
    model: Annotated[
        Path | None, typer.Option(help="Exported .xml; the shipped one if left out.")
    ] = None,
) -> None:
    """Learn what the detector's scores are worth; run it again for every new detector."""
    from operations.calibrate import calibrate as verb

    path, figures = verb(data, model)
    table = Table("P(overflowing)", "n", "ECE", "by chance", "Brier skill", box=None)
    for row in figures:
        error, chance = f"{row['ece']:.3f}", f"{row['ece_by_chance']:.3f}"
        table.add_row(row["counted"], str(row["n"]), error, chance, f"{row['brier_skill']:.3f}")
    console.print(table)
    console.print(f"Kept in {path}")


def calibrate_side_waste(
    renderings: Annotated[Path, typer.Option(help="Folder of renderings with their truth.json.")],
    model: Annotated[
        Path | None, typer.Option(help="Exported .xml; the shipped one if left out.")
    ] = None,
) -> None:
    """Learn from renderings, not photos, whether waste blocks a container and how much it is."""
    from operations.calibrate_side_waste import calibrate_side_waste as verb

    path, told = verb(renderings, model)
    table = Table("P(blocked)", "of", "n", "ECE", "by chance", "Brier skill", box=None)
    for row in told["blocked"]:
        error, chance = f"{row['ece']:.3f}", f"{row['ece_by_chance']:.3f}"
        skill = f"{row['brier_skill']:.3f}"
        table.add_row(row["said"], row["of"], str(row["n"]), error, chance, skill)
    console.print(table)
    table = Table("Litres", "of", "n", "median relative error", "bias", box=None)
    for row in told["litres"]:
        if row["n"]:
            off, bias = f"{row['median_relative_error']:.2f}", f"{row['bias']:+.2f}"
            table.add_row(row["said"], row["of"], str(row["n"]), off, bias)
    console.print(table)
    console.print(f"Learnt from renderings, not photos. Kept in {path}")


def quantise(
    data: Annotated[Path, typer.Option(help="Folder with street_bins and amsterdam_photos.")],
    model: Annotated[
        Path | None, typer.Option(help="Exported .xml; the shipped one if left out.")
    ] = None,
) -> None:
    """Put a detector in 8 bits if it stays as good; needs the environment of 'make train-env'."""
    from operations.quantise import quantise as verb

    report = verb(data, model)
    console.print(f"mAP50 on street_bins val: {report.before:.4f} before, {report.after:.4f} after")
    console.print(
        f"{report.model} is now in 8 bits, with its calibration and card"
        if report.kept
        else f"{report.model} is left as it was"
    )


def second_look(
    data: Annotated[Path, typer.Option(help="Folder with street_bins and amsterdam_photos.")],
    model: Annotated[
        Path | None, typer.Option(help="Exported .xml; the shipped one if left out.")
    ] = None,
) -> None:
    """Learn to look again at loose waste; needs the environment of 'make train-env'."""
    from operations.learn_second_look import learn_second_look as verb

    console.print(f"Kept in {verb(data, model)}; it is used from now on")


def evaluate(
    images: Annotated[Path, typer.Option(help="Folder that the truth's file names start from.")],
    truth: Annotated[Path, typer.Option(help="COCO file of what is in the photos.")],
    out: Annotated[Path, typer.Option(help="Folder for the report; git will ignore it.")] = Path(
        "reports/evaluation"
    ),
    model: OwnModel = None,
    against: Annotated[
        Path | None, typer.Option(help="A second model to set beside the first.")
    ] = None,
    min_score: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Working threshold of precision and recall.")
    ] = 0.25,
    language: Lang = DEFAULT.language,
) -> None:
    """Say how good a detector is: a page and a JSON file, with intervals and the worst mistakes."""
    from operations.evaluate import evaluate as verb

    with Steps() as steps:
        report = verb(
            images,
            truth,
            out,
            model=model,
            against=against,
            working_score=min_score,
            language="nl" if language == "nl" else "en",
            settings=Settings.from_environment(),
            on_progress=lambda done, total: steps.advance("detect", done, total),
        )
    print_faults(report.faults)
    table = Table("Model", "Class", "Measure", "Value", "95 % interval", "n", box=None)
    for one in report.evaluations:
        for row in (row for row in one.rows if row.part == "all"):
            bounds = "" if isnan(row.low) else f"{row.low:.3f} - {row.high:.3f}"
            value = f"{row.value:.3f}"
            table.add_row(one.version, row.name, row.metric, value, bounds, str(row.n))
    console.print(table)
    console.print(f"The report is {report.page}, its figures are in {report.data}")
    if report.faults:
        raise typer.Exit(BAD_INPUT)


def card(
    folder: Annotated[
        Path | None, typer.Option("--model", help="Folder of a model; the shipped one otherwise.")
    ] = None,
    evaluation: Annotated[
        Path | None, typer.Option(help="A report.json whose figures belong in the card.")
    ] = None,
) -> None:
    """Write a model's card from its training record, calibration and evaluation."""
    from operations.describe_model import describe_model

    console.print(f"The card is {describe_model(folder, evaluation)}")


def register(
    out: Annotated[Path, typer.Option(help="Folder for the draft.")] = Path("reports/register"),
    folder: Annotated[
        Path | None, typer.Option("--model", help="Folder of a model; the shipped one otherwise.")
    ] = None,
    organisation: Annotated[str, typer.Option(help="Name of the municipality.")] = "",
    contact: Annotated[str, typer.Option(help="Its e-mail address for questions.")] = "",
) -> None:
    """Draft the entry in the Dutch Algorithm Register; what only you can say stays open."""
    from operations.describe_model import draft_register

    page, table = draft_register(out, folder, organisation=organisation, contact=contact)
    console.print(f"The draft is {page}, its fields are in {table}")


def labels(
    source: Annotated[Path, typer.Argument(help="COCO .json, or a YOLO folder.")],
    target: Annotated[Path, typer.Argument(help="YOLO folder, or COCO .json, to write.")],
    names: Annotated[
        str, typer.Option(help="A YOLO folder's classes in order, where it does not say them.")
    ] = "",
    images: Annotated[
        Path | None, typer.Option(help="A YOLO folder's photos, where not in its 'images'.")
    ] = None,
    part: Annotated[str, typer.Option(help="A YOLO folder's part, such as val.")] = "",
) -> None:
    """Convert labels between COCO and YOLO without loss; photos stay where they are."""
    from operations.convert_labels import convert_labels

    classes = [name.strip() for name in names.split(",") if name.strip()]
    made = convert_labels(source, target, names=classes, images=images, part=part)
    boxes = sum(len(photo.boxes) for photo in made.photos)
    console.print(f"{boxes} boxes of {len(made.photos)} photos written to {target}")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(
        epilog="Example: stadsronde evaluate --images photos --truth truth.json --out reports/may"
    )(evaluate)
    app.command(epilog="Example: stadsronde labels truth.json yolo/")(labels)
    app.command(epilog="Example: stadsronde card --evaluation reports/may/report.json")(card)
    app.command(epilog='Example: stadsronde register --organisation "Gemeente Utrecht"')(register)
    app.command(epilog="Example: stadsronde quantise --data ../shared/data")(quantise)
    app.command(epilog="Example: stadsronde second-look --data ../shared/data")(second_look)
    app.command(epilog="Example: stadsronde calibrate --data ../shared/data")(calibrate)
    app.command(epilog="Example: stadsronde calibrate-side-waste --renderings .work/renderings")(
        calibrate_side_waste
    )
