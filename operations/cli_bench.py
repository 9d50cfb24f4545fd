"""``stadsronde bench``: our solver on public instances, plans as the instances' own ids."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operations.cli_options import BAD_INPUT
from operations.cli_output import console

bench_app = typer.Typer(help="Public routing instances, for comparison.", no_args_is_help=True)

EXAMPLE = "Example: stadsronde bench kim 102_stop.txt --vehicles 3 --seconds 60 --out routes.txt"


@bench_app.callback()
def bench() -> None:
    """Keep ``kim`` a command of its own while it is the only one."""


@bench_app.command("kim", epilog=EXAMPLE)
def bench_kim(
    file: Annotated[Path, typer.Argument(help="Instance in the format of Kim, Kim and Sahoo.")],
    vehicles: Annotated[int, typer.Option(min=1, help="How many trucks there are.")],
    seconds: Annotated[float, typer.Option(min=0.0, help="To search; compiling not counted.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Of the random numbers.")] = 1,
    out: Annotated[Path, typer.Option(help="Text file, a line a route.")] = Path("routes.txt"),
) -> None:
    """Plan a waste-collection instance: shortest roads with so many trucks, each rule checked."""
    from operations.bench_kim import bench_kim as verb

    report = verb(file, out, vehicles=vehicles, seconds=seconds, seed=seed)
    console.print(f"{report.miles:.2f} miles in {report.routes} routes, written to {out}")
    for wrong in report.violations:
        console.print(f"[bold red]broken[/]: {wrong}", soft_wrap=True)
    if report.violations:
        raise typer.Exit(BAD_INPUT)
