"""The command line: parse, call a verb, print. Every command has examples in its ``--help``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from city.errors import BadInput, Broken, StadsrondeError
from city.place import Bounds
from city.store import Store, containers, fleets, municipalities, plans
from city.wording import Language
from operations import cli_eyes, cli_replan, cli_serve, cli_simulate, cli_solve
from operations.cli_bench import bench_app
from operations.cli_cases import cases_app
from operations.cli_forecast import forecast_app
from operations.cli_import import import_app
from operations.cli_options import (
    BAD_INPUT,
    BROKEN,
    DEFAULT,
    Home,
    Lang,
    Municipality,
    OwnModel,
    open_home,
)
from operations.cli_output import (
    Steps,
    console,
    print_difference,
    print_faults,
    print_files,
    print_summary,
)
from operations.cli_users import users_app
from operations.serving import Serving
from operations.settings import Settings

MAP_EDGE_M = 2_000.0

app = typer.Typer(
    name="stadsronde",
    help="From street photos and all that a city knows of its waste containers to tomorrow's "
    "collection rounds.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
roads_app = typer.Typer(help="Roads that a truck may lawfully drive.", no_args_is_help=True)
containers_app = typer.Typer(help="The registry of containers.", no_args_is_help=True)
fleet_app = typer.Typer(help="Trucks, depots and disposal sites.", no_args_is_help=True)
app.add_typer(roads_app, name="roads")
app.add_typer(containers_app, name="containers")
app.add_typer(fleet_app, name="fleet")
app.add_typer(import_app, name="import")
app.add_typer(cases_app, name="cases")
app.add_typer(forecast_app, name="forecast")
app.add_typer(bench_app, name="bench")
app.add_typer(users_app, name="users")
cli_eyes.add_to(app)
cli_simulate.add_to(app)
cli_solve.add_to(app)
cli_replan.add_to(app)
cli_serve.add_to(app)


@app.command(epilog="Example: stadsronde demo --no-serve --out out/helsinki --language nl")
def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Folder for all that is made.")] = Path("out/demo"),
    language: Lang = DEFAULT.language,
    serve: Annotated[bool, typer.Option(help="Show the pages on localhost afterwards.")] = True,
    port: Annotated[int, typer.Option(help="Of the pages.")] = 8000,
    samples: Annotated[
        Path, typer.Option(help="Folder of the sample photos and their registry.")
    ] = Path("sample_images"),
    seconds: Annotated[
        float, typer.Option(help="How long the solver may search.")
    ] = DEFAULT.solve_seconds,
) -> None:
    """Take sample photos to route sheets in central Helsinki, with every part real."""
    from operations.demo.run import DEMO_ID, run_demo

    settings = Settings.from_environment().replace(
        home=out, municipality=DEMO_ID, language=language, solve_seconds=seconds, demo=True
    )
    with Steps() as steps:
        result = run_demo(settings, samples, steps.advance)
    print_faults((*result.photos.faults, *result.made.faults))
    print_summary(result.made.summary, _language(settings))
    print_files(result.made.sheets, settings)
    if serve:
        context.obj(settings, Serving(port))


@app.command(
    epilog="Example: stadsronde init --home city --municipality amsterdam --name Amsterdam "
    "--time-zone Europe/Amsterdam --bounds 4.73,52.28,5.07,52.43"
)
def init(
    name: Annotated[str, typer.Option(help="As people call it.")],
    bounds: Annotated[str, typer.Option(help="west,south,east,north in degrees.")],
    time_zone: Annotated[str, typer.Option()] = "Europe/Amsterdam",
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Set a municipality up in its own folder."""
    from operations.set_up_city import set_up_city

    settings, store = open_home(home, municipality)
    city = set_up_city(store, name, time_zone, bounds)
    console.print(f"{city.name} is set up in {settings.home}")


@app.command(epilog="Example: stadsronde detect sample_images --out predictions.json")
def detect(
    paths: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    out: Annotated[Path, typer.Option(help="JSON file to write.")] = Path("predictions.json"),
    min_score: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out what scores lower.")
    ] = 0.01,
    model: OwnModel = None,
) -> None:
    """Find containers, waste, people and vehicles in photos; needs no position."""
    from operations.detect import detect as verb

    with Steps() as steps:
        report = verb(
            paths,
            out,
            min_score=min_score,
            model=model,
            settings=Settings.from_environment(),
            on_progress=lambda done, total: steps.advance("detect", done, total),
        )
    print_faults(report.faults)
    console.print(
        f"{report.photos_read} photos read, {report.detections} detections written to {out}"
    )
    if report.left_out:
        console.print(f"Left out, as no class of ours: {', '.join(report.left_out)}")
    if report.faults:
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Example: stadsronde ingest photos/2026-11-22 --home amsterdam")
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
    sidecar: Annotated[
        Path | None, typer.Option(help="CSV: file,lon,lat,heading,time; overrules the EXIF.")
    ] = None,
    model: OwnModel = None,
) -> None:
    """Read photos into the ledger: detect, blur, locate, match; keep the blurred copies."""
    from operations.ingest_photos import ingest_photos

    settings, store = open_home(home, municipality)
    with Steps() as steps:
        report = ingest_photos(store, settings, paths, steps.advance, sidecar, model)
    print_faults(report.faults)
    console.print(
        f"{report.kept} photos kept, {report.known} known already, "
        f"{report.evidence} records added to the ledger"
    )
    if report.faults:
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Example: stadsronde plan --day 2026-11-24 --home amsterdam")
def plan(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Tomorrow, if left out.")
    ] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
    language: Lang = DEFAULT.language,
    seconds: Annotated[float, typer.Option()] = DEFAULT.solve_seconds,
    like: Annotated[
        str | None, typer.Option(help="Plan whose rounds the crews know; deviating has a price.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="A truck that does not drive that day.")
    ] = None,
) -> None:
    """Plan a day and write its route sheets."""
    from operations.fleet_of_day import fleet_without
    from operations.known_rounds import difference
    from operations.plan_for_day import next_day, plan_and_print

    settings, store = open_home(home, municipality)
    settings = settings.replace(language=language, solve_seconds=seconds)
    wanted = day.date() if day else next_day(store, settings)
    fleet_id = fleet_without(store, wanted, without) if without else None
    with Steps() as steps:
        made = plan_and_print(store, settings, wanted, steps.advance, like, fleet_id)
    print_faults(made.faults)
    print_summary(made.summary, _language(settings))
    print_difference(difference(store, made.plan.id), _language(settings))
    print_files(made.sheets, settings)
    if made.faults:
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Example: stadsronde train --data ../shared/data --out .work/train")
def train(
    data: Annotated[Path, typer.Option(help="Folder with the labelled photos and the start.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the exported model.")],
    fold: Annotated[
        int | None,
        typer.Option(min=0, max=2, help="Keep this third of the Amsterdam photos for testing."),
    ] = None,
    start: Annotated[
        Path | None, typer.Option(help="State dict to do only the stages that see Amsterdam from.")
    ] = None,
    renderings: Annotated[
        Path | None, typer.Option(help="Folder of renderings that the last stage sees too.")
    ] = None,
) -> None:
    """Train the detector; goes on where it broke off; needs the environment of 'make train-env'."""
    from operations.train import train as verb

    report = verb(data, out, fold=fold, start=start, renderings=renderings)
    table = Table("Set", "Class", "AP50", box=None, padding=(0, 2, 0, 0))
    for test_set, scores in report.scores.items():
        for name, score in scores.items():
            table.add_row(test_set, name, f"{score:.3f}")
    console.print(table)
    console.print(f"The model is {report.model}")


@app.command(epilog="Example: stadsronde show 20261123-1a2b3c4d --home amsterdam")
def show(
    plan_id: Annotated[str, typer.Argument(help="As printed on each sheet.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Show all that led to a plan: models, evidence, roads, fleet, settings, sheets."""
    _, store = open_home(home, municipality)
    console.print_json(data=_trace(store, plan_id))


@roads_app.command(
    "build", epilog="Example: stadsronde roads build amsterdam.osm.pbf --home amsterdam"
)
def roads_build(
    extract: Annotated[Path, typer.Argument(help="OpenStreetMap extract, .osm.pbf.")],
    home: Home = DEFAULT.home,
) -> None:
    """Make the road data and the base map of a city, once; later runs find them there."""
    from operations.base_map import build_base_map
    from operations.build_roads import build_roads

    settings = Settings(home=home)
    with Steps() as steps:
        built = build_roads(
            extract,
            settings.roads,
            progress=lambda done, total: steps.advance("build-roads", done, total),
        )
        build_base_map(
            extract,
            settings.base_maps,
            progress=lambda done, total: steps.advance("base-map", done, total),
        )
    console.print(f"Roads for '{built.profile.name}' are in {built.folder}\n{built.attribution}")


@containers_app.command("import", epilog="Example: stadsronde containers import registry.csv")
def containers_import(
    file: Annotated[Path, typer.Argument(help="CSV with container_id, lon, lat, fraction, …")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Import a registry; broken rows are named and set aside, the others are taken."""
    from city.sources.containers_csv import read_containers

    _, store = open_home(home, municipality)
    registry = read_containers(file, _bounds(store))
    containers.put(store, registry.containers)
    print_faults(registry.faults)
    console.print(f"{len(registry.containers)} containers imported from {file.name}")
    if registry.faults:
        raise typer.Exit(BAD_INPUT)


@fleet_app.command("import", epilog="Example: stadsronde fleet import fleet.toml")
def fleet_import(
    file: Annotated[Path, typer.Argument(help="TOML, see docs/reference/fleet.md.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Import the fleet that plans are made for from now on."""
    from city.sources.fleet_toml import read_fleet

    _, store = open_home(home, municipality)
    fleet = read_fleet(file)
    faults = fleet.faults({(c.fraction, c.gear) for c in containers.every(store)})
    fleets.put(store, fleet)
    print_faults(faults)
    console.print(f"{len(fleet.vehicles)} vehicles imported from {file.name}")
    if faults:
        raise typer.Exit(BAD_INPUT)


def main(serve_pages: Callable[[Settings, Serving], None]) -> None:
    """Run the command line; what is wrong is printed with its remedy, never as a stack trace.

    Parameters
    ----------
    serve_pages : serves a city's pages somewhere; the API is the room above and hands it down.
    """
    try:
        app(obj=serve_pages)
    except BadInput as error:
        print_faults(error.faults)
        sys.exit(BAD_INPUT)
    except StadsrondeError as error:
        console.print(f"[bold red]{type(error).__name__}[/]: {error}", soft_wrap=True)
        sys.exit(BROKEN if isinstance(error, Broken) else BAD_INPUT)


def _language(settings: Settings) -> Language:
    return "nl" if settings.language == "nl" else "en"


def _bounds(store: Store) -> Bounds:
    return municipalities.get(store).bounds


def _trace(store: Store, plan_id: str) -> dict[str, Any]:
    day_plan = plans.get(store, plan_id)
    return {
        "plan": plan_id,
        "day": date.isoformat(day_plan.day),
        "engine": day_plan.engine,
        "provenance": plans.provenance(store, plan_id),
        "sheets": [vars(sheet) for sheet in plans.sheets(store, plan_id)],
    }
