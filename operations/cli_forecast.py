"""``stadsronde forecast``: how far the belief about fill can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from city.likelihood import Likelihoods
from city.set_aside import tally
from operations.cli_options import DEFAULT, Home, Municipality, open_home
from operations.cli_output import Steps, console, print_aside

forecast_app = typer.Typer(help="Forecasts of fill, held against what came.", no_args_is_help=True)

EXAMPLE = "Example: stadsronde forecast score collections.csv --mapping collections.toml --above 80"


@forecast_app.command("score", epilog=EXAMPLE)
def forecast_score(
    file: Annotated[Path, typer.Argument(help="Table with a row a collection.")],
    mapping: Annotated[
        Path, typer.Option(help="TOML that says what is what, see docs/how-to/score-forecasts.md.")
    ],
    above: Annotated[
        float, typer.Option(help="Also score P(reading above this), in the file's unit.")
    ] = 80.0,
    min_earlier: Annotated[
        int, typer.Option(min=1, help="Collections of a container before its first forecast.")
    ] = 5,
) -> None:
    """Predict each emptying of a history from its past alone, and score the predictions."""
    from operations.score_forecasts import score_forecasts

    with Steps() as steps:
        score = score_forecasts(
            file, mapping, above=above, min_earlier=min_earlier, on_progress=steps.advance
        )
    print_aside(*tally(score.aside))
    told = score.calibration
    console.print(
        f"{len(score.emptyings):,} of {score.read:,} collections of {score.containers:,} "
        f"containers predicted from what came before them\n"
        f"Mean absolute error {score.mean_absolute_error:.2f}, in the file's unit\n"
        f"P(above {above:g}): calibration error {told.ece:.3f}, Brier skill {told.brier_skill:.3f} "
        f"over saying {told.base_rate:.0%} each time"
    )
    table = Table("said", "came", "collections", box=None, padding=(0, 2, 0, 0))
    for each in told.bins:
        table.add_row(f"{each.said:.0%}", f"{each.came:.0%}", f"{each.n:,}")
    console.print(table)


@forecast_app.command("evidence", epilog="Example: stadsronde forecast evidence --home amsterdam")
def forecast_evidence(
    home: Home = DEFAULT.home, municipality: Municipality = DEFAULT.municipality
) -> None:
    """Show what each kind of evidence is worth here: assumed, and learnt from emptyings."""
    from city.likelihood import PRIOR
    from operations.weigh_evidence import weigh_evidence

    _, store = open_home(home, municipality)
    assumed = dict(_worth(PRIOR))
    table = Table("said", "assumed", "learnt", "from emptyings", box=None, padding=(0, 2, 0, 0))
    for name, (worth, count) in _worth(weigh_evidence(store)):
        table.add_row(name, assumed[name][0], worth, count)
    console.print(table)
    console.print("Not full / full: how probable it is that this is said of such a container.")


def _worth(known: Likelihoods) -> Iterator[tuple[str, tuple[str, str]]]:
    rows = {"report that it is full, within a day": known.report}
    rows["loose waste beside it, where somebody looked"] = known.side_waste
    rows |= {f"overflow in a photo, {kind}": said for kind, said in known.overflow.items()}
    for name, said in rows.items():
        worth = f"{said.not_full:.0%} / {said.full:.0%}"
        yield name, (worth, f"{said.n_not_full:,} not full, {said.n_full:,} full")
    litres = f"{known.deposit_l:.0f} l, give or take {known.deposit_spread:.0%}"
    yield "deposit at the inlet", (litres, f"{known.n_deposits:,} deposits")
    yield "sensor, standard error", (f"{known.sensor_sd:.0%} of full", f"{known.n_sensor:,}")
