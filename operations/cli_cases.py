"""``stadsronde cases``: what was merged into one visit and why, and how a hand undoes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from city.cases import Case, Matter
from city.evidence import Evidence
from city.merge import Decision, apart
from city.store import Store, cases, containers, municipalities
from operations.cli_options import BAD_INPUT, DEFAULT, Home, Municipality, open_home
from operations.cli_output import console

cases_app = typer.Typer(
    help="Cases: each wants one visit, however many people and cameras spoke of it.",
    no_args_is_help=True,
)

CaseId = Annotated[str, typer.Argument(help="Of the case; its first letters are enough.")]
RecordId = Annotated[str, typer.Argument(help="Of the record; its first letters are enough.")]
By = Annotated[str, typer.Option(help="Who decides; kept with the decision.")]
Why = Annotated[str, typer.Option(help="For whoever reads it later.")]
SHORT = 8


@cases_app.command("list", epilog="Example: stadsronde cases list --home amsterdam")
def cases_list(
    closed: Annotated[bool, typer.Option(help="Also those that a visit closed.")] = False,
    matter: Annotated[Matter | None, typer.Option(help="Of this matter only.")] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """List the cases of the last thirty days, those heard of most first."""
    from operations.merge_evidence import merge_evidence

    _, store = open_home(home, municipality)
    merged = merge_evidence(store)
    found = [c for c in merged.cases if (closed or c.is_open) and matter in (None, c.matter)]
    where = _addresses(store)
    columns = ["case", "matter", "place", "records", "first seen", "last seen"]
    table = Table(*columns, *(["closed"] if closed else []), box=None, padding=(0, 2, 0, 0))
    for case in sorted(found, key=lambda c: (-len(c.members), c.first_seen_at)):
        times = [case.first_seen_at, case.last_seen_at] + ([case.closed_at] if closed else [])
        table.add_row(
            case.id[:SHORT],
            _matter(case),
            escape(_address(case, where) or _coordinates(case)),
            str(len(case.members)),
            *(_time(store, when) for when in times),
        )
    console.print(table if found else "No case is open.")


@cases_app.command("show", epilog="Example: stadsronde cases show 4f1c22ab --home amsterdam")
def cases_show(
    case_id: CaseId, home: Home = DEFAULT.home, municipality: Municipality = DEFAULT.municipality
) -> None:
    """Show every record of a case, and why it is in it."""
    from operations.merge_evidence import find_case, merge_evidence

    _, store = open_home(home, municipality)
    merged = merge_evidence(store)
    _show(store, find_case(merged, case_id), merged.evidence)


@cases_app.command(
    "move",
    epilog="Example: stadsronde cases move 9be0417c 4f1c22ab --by 'J. Jansen' --why 'same heap'",
)
def cases_move(
    record_id: RecordId,
    case_id: CaseId,
    by: By,
    why: Why = "",
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Put a record into a case by hand; that overrules the merging until it is undone."""
    from operations.merge_evidence import find_case, merge_evidence

    _, store = open_home(home, municipality)
    _decide(store, record_id, find_case(merge_evidence(store), case_id).id, by, why)


@cases_app.command("part", epilog="Example: stadsronde cases part 9be0417c --by 'J. Jansen'")
def cases_part(
    record_id: RecordId,
    by: By,
    why: Why = "",
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Part a record from its case: it becomes a case of its own."""
    from operations.merge_evidence import find_record, merge_evidence

    _, store = open_home(home, municipality)
    name = find_record(merge_evidence(store), record_id).id
    _decide(store, name, apart(name), by, why)


@cases_app.command("undo", epilog="Example: stadsronde cases undo 9be0417c --by 'J. Jansen'")
def cases_undo(
    record_id: RecordId,
    by: By,
    why: Why = "",
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Take back what was decided by hand: the record goes where merging puts it."""
    _, store = open_home(home, municipality)
    _decide(store, record_id, None, by, why)


@cases_app.command(
    "visited", epilog="Example: stadsronde cases visited 4f1c22ab --by 'wagen 12' --found"
)
def cases_visited(
    case_id: CaseId,
    by: By,
    found: Annotated[bool, typer.Option("--found/--nothing", help="Was anything there?")],
    at: Annotated[datetime | None, typer.Option(help="City time; now, if left out.")] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Note that a crew was there: the case is closed, and its reporters are queued to be told."""
    from operations.merge_evidence import record_visit

    _, store = open_home(home, municipality)
    city = municipalities.get(store)
    when = at.replace(tzinfo=city.zone) if at else city.now()
    merged = record_visit(store, case_id, at=when, by=by, found=found)
    console.print(f"Noted. {merged.queued} reporters newly queued to be told.")


@cases_app.command(
    "tell",
    epilog="Example: stadsronde cases tell https://signalen.example.nl --home amsterdam",
)
def cases_tell(
    address: Annotated[str, typer.Argument(help="Of the Signalen API.")],
    token: Annotated[
        str,
        typer.Option(
            envvar="STADSRONDE_SIGNALEN_TOKEN", show_envvar=True, help="That may write statuses."
        ),
    ],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Tell Signalen of every report that a visit closed."""
    from operations.import_sources import tell_signalen

    _, store = open_home(home, municipality)
    told, refused = tell_signalen(store, address, token)
    console.print(f"{told} reports set to handled, {refused} refused")
    for change in cases.waiting(store, "signalen"):
        console.print(f"  report {change.ref}: {escape(change.last_error)}", soft_wrap=True)
    if refused:
        raise typer.Exit(BAD_INPUT)


def _decide(store: Store, record_id: str, case_id: str | None, by: str, why: str) -> None:
    from operations.merge_evidence import decide, find_record, merge_evidence

    name = find_record(merge_evidence(store), record_id).id
    merged = decide(store, Decision(name, case_id, by, municipalities.get(store).now(), why))
    (case,) = (c for c in merged.cases if name in c.evidence_ids)
    _show(store, case, merged.evidence)


def _show(store: Store, case: Case, evidence: dict[str, Evidence]) -> None:
    state = f"closed {_time(store, case.closed_at)}" if case.closed_at else "open"
    console.print(
        f"[bold]Case {case.id}[/]: {_matter(case)}, {state}\n"
        f"{escape(_address(case, _addresses(store)))} ({_coordinates(case)})\n"
        f"Containers: {', '.join(case.container_ids) or 'none near'}",
        soft_wrap=True,
    )
    decided = {d.evidence_id: d for d in cases.decisions(store)}
    table = Table(
        "record", "from", "said", "seen", "heard", "why here", box=None, padding=(0, 2, 0, 0)
    )
    for member in case.members:
        record = evidence[member.evidence_id]
        why = f"{member.distance_m:g} m off, {_odds(member.odds)} the next best case"
        if member.by != "merge":
            said = decided[record.id].why
            why = f"put here by {member.by}" + (f": {said}" if said else "")
        table.add_row(
            record.id[:SHORT],
            escape(record.raw_ref),
            f"{record.kind} {record.value:.0%}",
            _time(store, record.seen_at),
            _time(store, record.received_at),
            escape(why),
        )
    console.print(table)


def _odds(odds: float) -> str:
    if odds >= 100:
        return "far more probable than"
    return f"{odds:.3g} times as probable as"


def _matter(case: Case) -> str:
    return f"{case.matter}" + (f" ({case.fraction})" if case.fraction else "")


def _address(case: Case, addresses: dict[str, str]) -> str:
    return next((addresses[c] for c in case.container_ids if addresses.get(c)), "")


def _coordinates(case: Case) -> str:
    return f"{case.position.lat:.5f}, {case.position.lon:.5f}"


def _addresses(store: Store) -> dict[str, str]:
    return {c.id: c.address for c in containers.every(store)}


def _time(store: Store, when: datetime | None) -> str:
    return f"{when.astimezone(municipalities.get(store).zone):%d %b %H:%M}" if when else ""
