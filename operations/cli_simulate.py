"""``stadsronde simulate``, ``fairness`` and ``shadow``: what a policy is worth, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from city.fairness import Neighbourhood
from city.place import Position
from operations.cli_options import DEFAULT, Home, Municipality, open_home
from operations.cli_output import Steps, console

EXAMPLE = (
    "Example: stadsronde simulate --registry amsterdam_rest_containers.csv "
    "--extract amsterdam_roads.osm.pbf --containers 600 --out out/simulation"
)


def simulate(
    out: Annotated[Path, typer.Option(help="Folder for table, JSON and plots.")] = Path(
        "out/simulation"
    ),
    registry: Annotated[
        Path | None, typer.Option(help="Real containers; a small invented city if left out.")
    ] = None,
    extract: Annotated[
        Path | None, typer.Option(help="OpenStreetMap extract; straight lines if left out.")
    ] = None,
    around: Annotated[
        str, typer.Option(help="lon,lat of the district's middle.")
    ] = "4.813,52.3965",
    containers: Annotated[int, typer.Option(min=2, help="How many, nearest first.")] = 600,
    districts: Annotated[
        int | None, typer.Option(min=1, help="The whole registry instead, cut into so many.")
    ] = None,
    trucks: Annotated[int, typer.Option(min=1, help="That a district has on its days.")] = 3,
    overflow_price_cents: Annotated[
        int | None, typer.Option(min=1, help="Of an overflow, for ours and perfect information.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="That share the work.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="Days that count.")] = 28,
    seeds: Annotated[list[int] | None, typer.Option("--seed", help="One future each.")] = None,
    policies: Annotated[
        list[str] | None, typer.Option("--policy", help="Several times; all if left out.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Of solving a day.")] = 2.0,
    detector_quality: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="0 sees nothing but chance, 1 all there is.")
    ] = 0.8,
) -> None:
    """Let several policies collect the same simulated waste with the same trucks."""
    from operations.build_roads import build_roads
    from operations.simulate.assumptions import Assumptions
    from operations.simulate.live import Search
    from operations.simulate.plots import draw
    from operations.simulate.report import SIMULATED, table
    from operations.simulate.run import Request
    from operations.simulate.run import simulate as verb
    from routing.roads import Roads

    default = Request()
    request = replace(
        default,
        registry=registry,
        around=_place(around),
        containers=containers,
        districts=districts,
        overflow_price_cents=overflow_price_cents,
        seeds=tuple(seeds or default.seeds),
        policies=tuple(policies or default.policies),
        search=Search(seconds, min(1.0, seconds)),
        assumptions=Assumptions(
            counted_days=days, detector_quality=detector_quality, trucks=trucks
        ),
    )
    console.print(f"[yellow]{SIMULATED}")
    if registry is None:
        console.print("[yellow]No registry is given: the containers are invented too, and few.")
    with Steps() as steps:
        roads = None
        if extract is not None:
            built = build_roads(
                extract,
                out / "roads",
                progress=lambda done, total: steps.advance("build-roads", done, total),
            )
            roads = Roads(built.folder)
        made = verb(request, out, roads, steps.advance, processes)
    pictures = draw(made, out)
    console.print(table(made))
    console.print(f"All figures are in {out / 'simulation.json'}; pictures: "
                  f"{', '.join(str(p) for p in pictures)}")  # fmt: skip


def fairness(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Show who was seen, heard and served, by neighbourhood, in a period."""
    from operations.report_fairness import report_fairness

    _, store = open_home(home, municipality)
    rows = report_fairness(store, since.date(), until.date())
    console.print(_neighbourhoods(rows))


def shadow(
    agreement: Annotated[Path, typer.Argument(help="TOML, see docs/how-to/shadow-mode.md.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Score plans made beside the standing rounds against what was agreed beforehand."""
    from operations.score_shadow import read_agreement, score_shadow

    _, store = open_home(home, municipality)
    agreed = read_agreement(agreement)
    found = score_shadow(store, agreed)
    error = "unknown" if found.fill_error is None else f"{found.fill_error:.2f}"
    console.print(
        f"{found.days} days with a plan; {found.planned} containers planned, "
        f"{found.emptied} emptied by the standing rounds\n"
        f"{found.planned_km_a_day:.1f} km a day planned\n"
        f"Fill expected of what was emptied: off by {error} on average\n"
        f"{found.signs} signs of a full container, {found.late} not answered by a plan in time"
    )
    for reason in found.reasons:
        console.print(f"[red]Stop:[/] {reason}")
    if not found.reasons:
        console.print("[green]Go on:[/] all that was agreed is kept")


def _neighbourhoods(rows: tuple[Neighbourhood, ...]) -> Table:
    shown = Table(box=None, padding=(0, 2, 0, 0), title="A container, in the period")
    shown.add_column("neighbourhood")
    for heading in ("containers", "passes", "seen full", "reports", "wait, days", "overflow-days"):
        shown.add_column(heading, justify="right")
    for row in rows:
        shown.add_row(
            row.name,
            f"{row.containers}",
            f"{row.passes:.1f}",
            f"{row.detections:.2f}",
            f"{row.reports:.2f}",
            "-" if row.mean_wait_days is None else f"{row.mean_wait_days:.1f}",
            f"{row.overflow_days:.2f}",
        )
    return shown


def _place(text: str) -> Position:
    from city.errors import BadInput, Fault

    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput(
            Fault(
                "not-a-place",
                "simulation",
                "A place is two numbers with a comma between.",
                "Give longitude and latitude, such as 4.813,52.3965.",
                "around",
                text,
            )
        ) from None
    return Position(lon, lat)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command(epilog=EXAMPLE)(simulate)
    app.command(
        epilog="Example: stadsronde fairness --since 2026-10-01 --until 2026-10-31 --home amsterdam"
    )(fairness)
    app.command(epilog="Example: stadsronde shadow agreement.toml --home amsterdam")(shadow)
