"""``stadsronde replan`` and ``edit``: a plan changed by what happens, or by hand."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

from city.errors import BadInput, Fault
from operations.cli_options import BAD_INPUT, DEFAULT, Home, Lang, Municipality, open_home
from operations.cli_output import console, print_changes, print_violations


def replan(
    plan_id: Annotated[str, typer.Argument(help="As printed on each sheet.")],
    at: Annotated[str, typer.Option(help="When it became known, HH:MM; now, if left out.")] = "",
    broken: Annotated[list[str] | None, typer.Option(help="Truck that drives no more.")] = None,
    closed: Annotated[list[str] | None, typer.Option(help="Container out of reach.")] = None,
    urgent: Annotated[list[str] | None, typer.Option(help="Container that cannot wait.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to search.")] = 2.0,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
    language: Lang = DEFAULT.language,
) -> None:
    """Plan the rest of a day anew; what is done stays, and other crews change as little as pays."""
    from city.store import municipalities
    from operations.open_city import open_roads
    from operations.replan import Heard
    from operations.replan import replan as verb

    settings, store = open_home(home, municipality)
    now_s = _seconds(at) if at else _of_day(municipalities.get(store).now())
    heard = Heard(now_s, tuple(broken or ()), tuple(closed or ()), tuple(urgent or ()))
    made = verb(
        store, plan_id, heard, seconds=seconds, roads=open_roads(settings) if urgent else None
    )
    console.print(f"{made.plan.id}: {made.plan.engine}")
    print_changes(made.changes, "nl" if language == "nl" else "en")


def edit(
    plan_id: Annotated[str, typer.Argument(help="As printed on each sheet.")],
    stop: Annotated[str, typer.Argument(help="Container to move or to take off.")],
    to: Annotated[str, typer.Option(help="Truck; without it, the stop is taken off.")] = "",
    before: Annotated[str, typer.Option(help="Stop that it goes before.")] = "",
    lock: Annotated[bool, typer.Option(help="Keep it so in every later solve.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep the edited plan beside the old one.")] = False,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Move, lock or take off a stop by hand; says at once what that breaks and costs."""
    from operations.edit_plan import edit_plan
    from routing.edits import Edit

    _, store = open_home(home, municipality)
    made = edit_plan(store, plan_id, Edit(stop, to, before, lock), keep=keep)
    found = made.edited
    console.print(f"{found.cost_change_cents / 100:+.2f} euro, {found.musts_change:+d} musts out")
    print_violations(found.violations)
    if made.plan is not None:
        console.print(f"Kept as {made.plan.id}")
    if found.violations:
        raise typer.Exit(BAD_INPUT)


def _seconds(at: str) -> int:
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", at):
        cause, remedy = "This is not a time of day.", "Give it as HH:MM, such as 10:30."
        raise BadInput(Fault("time-of-day", "replan", cause, remedy, "at", at))
    hours, minutes = at.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _of_day(now: datetime) -> int:
    return now.hour * 3600 + now.minute * 60 + now.second


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    example = "Example: stadsronde replan 20261123-1a2b3c4d --at 10:30 --broken crane-2"
    app.command(epilog=example)(replan)
    example = "Example: stadsronde edit 20261123-1a2b3c4d 1042 --to crane-2 --keep"
    app.command(epilog=example)(edit)
