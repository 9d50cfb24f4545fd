"""What the command line prints: progress, faults, and a summary that a planner understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from city.changes import Change, change_text
from city.errors import Fault
from city.plan import Choice
from city.wording import Language, long_date, percent
from operations.known_rounds import Difference
from operations.settings import Settings
from operations.summary import Summary, truck_heads
from routing.constraints.rule import Violation

console = Console(stderr=False, highlight=False)

STEP_NAMES = {
    "city": "Setting up the city",
    "base-map": "Drawing the base map",
    "build-roads": "Building the roads",
    "photos": "Reading photos",
    "detect": "Reading photos",
    "believe": "Believing fill levels",
    "roads": "Measuring the roads",
    "solve": "Solving (seconds)",
    "sheets": "Writing route sheets",
    "forecast": "Predicting collections",
}


class Steps:
    """Progress bars, one a step, each shown when its step begins."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Steps:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, step: str, done: float, total: float) -> None:
        """Show that so much of a step is done; a total of 0 is one that nobody knows."""
        whole = int(total) or None
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(STEP_NAMES.get(step, step), total=whole)
        self._progress.update(self._tasks[step], completed=int(done), total=whole)


def print_faults(faults: Iterable[Fault]) -> None:
    """Print each fault: what, where, how to mend."""
    for fault in faults:
        at = f"{fault.where}: {fault.field}" if fault.field else fault.where
        given = f" (got {fault.value})" if fault.value else ""
        console.print(
            f"[bold red]x[/] {escape(at)}: {escape(fault.cause)}{escape(given)}\n"
            f"  {escape(fault.remedy)} [dim]{fault.code}[/]",
            soft_wrap=True,
        )


def print_aside(counts: Mapping[str, int], examples: Mapping[str, Iterable[Fault]]) -> None:
    """Print how many records were set aside for each reason, with the first few of each."""
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        console.print(f"[bold yellow]{count:,} set aside[/]: {code}")
        print_faults(examples[code])


def print_summary(summary: Summary, language: Language) -> None:
    """Print the day in a planner's words."""
    console.rule(f"[bold]{summary.city.name}, {long_date(summary.day, language)}")
    if notice := summary.city.notice(language):
        console.print(f"[yellow]{escape(notice)}")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in summary.lines(language):
        table.add_row(f"[dim]{name}", escape(value))
    console.print(table)
    trucks = Table(*truck_heads(language), box=None, padding=(0, 2, 0, 0))
    for row in summary.truck_rows(language):
        trucks.add_row(*row)
    console.print(trucks)


def print_difference(difference: Difference | None, language: Language) -> None:
    """Print what a plan keeps of known rounds, and each stop that it changes with the reason."""
    if difference is None:
        return
    found = difference.kept
    words = {
        "nl": ("Zoals de ploegen het kennen", "volgordes", "stops op hun eigen wagen"),
        "en": ("As the crews know it", "successions", "stops on their own truck"),
    }[language]
    console.print(
        f"{words[0]}: {percent(found.succession_share)} {words[1]}, "
        f"{percent(found.pair_share)} {words[2]}"
    )
    print_changes(difference.changes, language)


def print_changes(changes: Iterable[tuple[Change, Choice | None]], language: Language) -> None:
    """Print each stop that is served otherwise than crews know, with the reason."""
    for change, choice in changes:
        why = change_text(change, language, choice)
        console.print(f"  {escape(change.stop_id)}: {escape(why)}", soft_wrap=True)


def print_violations(violations: Sequence[Violation]) -> None:
    """Print each rule that a plan breaks, and where."""
    for wrong in violations:
        place = " ".join(part for part in (wrong.vehicle_id, wrong.ref) if part)
        console.print(
            f"[bold red]{wrong.rule}[/] {escape(place)}: {escape(wrong.message)}", soft_wrap=True
        )
    if not violations:
        console.print("The checker approves it.")


def print_files(files: Iterable[Path], settings: Settings) -> None:
    """Print where the sheets are, a line a folder."""
    folders: dict[Path, list[str]] = {}
    for path in files:
        folders.setdefault(path.parent, []).append(path.name)
    for folder, names in folders.items():
        console.print(
            f"Route sheets in [bold]{folder}[/]: {', '.join(sorted(names))}", soft_wrap=True
        )
    console.print(f"Everything else is in [bold]{settings.home}[/]", soft_wrap=True)
