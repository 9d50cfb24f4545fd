"""``stadsronde import``: what other systems know comes into the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from city.errors import Broken, Fault
from city.set_aside import SetAside
from city.sources.amsterdam import ADDRESS
from city.store import imports
from operations.cli_options import BAD_INPUT, DEFAULT, Home, Municipality, open_home
from operations.cli_output import Steps, console, print_aside, print_faults
from operations.import_records import ImportReport, OnProgress

import_app = typer.Typer(
    help="What other systems know. Importing twice changes nothing; an import that broke off goes "
    "on where it was; a record that cannot be right is set aside with its reason.",
    no_args_is_help=True,
)

Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave earlier days aside.")
]


class Dataset(StrEnum):
    """What Amsterdam's open data holds; containers first, so that the others find their place."""

    CONTAINERS = "containers"
    WEIGHINGS = "weighings"
    INSPECTIONS = "inspections"


def _token(variable: str, needed: str = "") -> Any:
    return typer.Option(envvar=variable, show_envvar=True, help=f"Bearer token{needed}.")


@import_app.command(
    "amsterdam",
    epilog="Example: stadsronde import amsterdam containers weighings --since 2026-06-01 "
    "--home amsterdam",
)
def import_amsterdam(
    what: Annotated[list[Dataset] | None, typer.Argument(help="All, if left out.")] = None,
    since: Since = None,
    address: Annotated[str, typer.Option(help="Of the API.")] = ADDRESS,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Take in containers, weighings and inspections from Amsterdam's open data."""
    from operations.import_sources import import_amsterdam as verb

    _, store = open_home(home, municipality)
    day = since.date() if since else None
    for each in what or list(Dataset):
        _report(partial(verb, store, each.value, address, day))


@import_app.command(
    "signalen",
    epilog="Example: stadsronde import signalen https://signalen.example.nl --since 2026-11-01",
)
def import_signalen(
    address: Annotated[str, typer.Argument(help="Of the Signalen API.")],
    token: Annotated[str, _token("STADSRONDE_SIGNALEN_TOKEN", " that may read reports")],
    since: Since = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Take in citizens' reports of full containers and loose waste; who reported is not kept."""
    from city.store import municipalities
    from operations.import_sources import import_signalen as verb

    _, store = open_home(home, municipality)
    when = since and since.replace(tzinfo=municipalities.get(store).zone)
    _report(partial(verb, store, address, token, when))


@import_app.command(
    "fiware", epilog="Example: stadsronde import fiware https://broker.example.nl --home amsterdam"
)
def import_fiware(
    address: Annotated[str, typer.Argument(help="Of an NGSI v2 context broker.")],
    token: Annotated[str | None, _token("STADSRONDE_FIWARE_TOKEN", ", where one is needed")] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Take in what the sensors of WasteContainer entities say now."""
    from operations.import_sources import import_fiware as verb

    _, store = open_home(home, municipality)
    _report(partial(verb, store, address, token))


@import_app.command(
    "table",
    epilog="Example: stadsronde import table weighings.csv --mapping weighings.toml --home city",
)
def import_table(
    file: Annotated[Path, typer.Argument(help="CSV, GeoJSON or GeoPackage.")],
    mapping: Annotated[
        Path, typer.Option(help="TOML that says what is what, see docs/how-to/connect-sources.md.")
    ],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Take in a table of containers or of evidence, whatever its columns are called."""
    from operations.import_sources import import_table as verb

    _, store = open_home(home, municipality)
    _report(partial(verb, store, file, mapping))


@import_app.command(
    "aside", epilog="Example: stadsronde import aside --reason negative-net-weight --home amsterdam"
)
def import_aside(
    source: Annotated[str | None, typer.Option(help="Of this source only.")] = None,
    reason: Annotated[str | None, typer.Option(help="With this fault only.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the records as they came, as JSON lines.")
    ] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """List what was set aside and why; nothing that came in is lost."""
    _, store = open_home(home, municipality)
    records = [
        record
        for record in imports.aside(store, source)
        if reason is None or reason in {fault.code for fault in record.faults}
    ]
    if out is not None:
        out.write_text("".join(f"{_line(record)}\n" for record in records), encoding="utf-8")
        console.print(f"{len(records):,} records written to {out}", soft_wrap=True)
        return
    table = Table("source", "reason", "records", box=None, padding=(0, 2, 0, 0))
    groups: dict[tuple[str, str], list[Fault]] = {}
    for record in records:
        for fault in record.faults:
            groups.setdefault((record.source, fault.code), []).append(fault)
    for (origin, code), faults in sorted(groups.items(), key=lambda item: -len(item[1])):
        table.add_row(origin, code, f"{len(faults):,}")
    console.print(table if groups else "Nothing is set aside.")
    if source or reason:
        print_faults(fault for record in records for fault in record.faults)


def _report(work: Callable[[OnProgress], ImportReport]) -> None:
    """Run an import, and say what became of its records."""
    try:
        with Steps() as steps:
            report = work(steps.advance)
    except Broken:
        console.print("[yellow]What came before is kept; run it again to go on from there.")
        raise
    console.print(
        f"[bold]{report.source}[/]: {report.read:,} read, {report.added:,} added, "
        f"{report.known:,} known already, {report.set_aside:,} set aside",
        soft_wrap=True,
    )
    print_aside(report.reasons, report.examples)
    if report.set_aside:
        console.print("List them with: stadsronde import aside")
    if report.set_aside and report.set_aside == report.read:
        raise typer.Exit(BAD_INPUT)


def _line(record: SetAside) -> str:
    told = {"source": record.source, "faults": [f.as_dict() for f in record.faults]}
    return json.dumps({**told, "raw": record.raw}, ensure_ascii=False)
