"""``stadsronde users``: who may log in, as what, and the tokens of their programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from city.account import KeyKind, Role
from city.store import accounts
from operations.cli_options import DEFAULT, Home, Municipality, open_home
from operations.cli_output import console
from operations.settings import Settings

users_app = typer.Typer(help="Who may log in, and as what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="That they log in with, such as an e-mail address.")]
Label = Annotated[str, typer.Option(help="What the token is for.")]


@users_app.command(
    "add",
    epilog="Example: stadsronde users add j@example.nl --role planner --home amsterdam",
)
def users_add(
    name: Name,
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Let somebody in, and print the link at which they choose a password."""
    from operations.accounts import add_account, one_time_link

    settings, store = open_home(home, municipality)
    account = add_account(store, name, role)
    if account.password_hash:
        roles = ", ".join(sorted(account.roles(municipality)))
        console.print(f"{escape(account.name)} is {roles} for {municipality} now.")
    else:
        _print_link(settings, one_time_link(store, account.name))


@users_app.command("link", epilog="Example: stadsronde users link j@example.nl")
def users_link(
    name: Name, home: Home = DEFAULT.home, municipality: Municipality = DEFAULT.municipality
) -> None:
    """Print another link, for somebody who lost their password or their link."""
    from operations.accounts import one_time_link

    settings, store = open_home(home, municipality)
    _print_link(settings, one_time_link(store, name))


@users_app.command("list", epilog="Example: stadsronde users list --home amsterdam")
def users_list(
    home: Home = DEFAULT.home, municipality: Municipality = DEFAULT.municipality
) -> None:
    """List who may log in, and their tokens."""
    _, store = open_home(home, municipality)
    table = Table("name", "roles", "password", "tokens", box=None, padding=(0, 2, 0, 0))
    for account in accounts.every(store):
        tokens = (key.label for key in accounts.keys(store, account.id, KeyKind.TOKEN))
        table.add_row(
            escape(account.name),
            ", ".join(sorted(account.roles(municipality))),
            ("chosen" if account.password_hash else "not yet") if account.is_enabled else "shut",
            escape(", ".join(tokens)),
        )
    console.print(table if table.row_count else "Nobody may log in yet.")


@users_app.command("remove", epilog="Example: stadsronde users remove j@example.nl")
def users_remove(
    name: Name, home: Home = DEFAULT.home, municipality: Municipality = DEFAULT.municipality
) -> None:
    """Let somebody in no longer; sessions and tokens end at once."""
    from operations.accounts import remove_account

    _, store = open_home(home, municipality)
    remove_account(store, name)
    console.print(f"{escape(name)} works for {municipality} no longer.")


@users_app.command(
    "token",
    epilog="Example: stadsronde users token j@example.nl --label weighbridge --role planner",
)
def users_token(
    name: Name,
    label: Label,
    role: Annotated[Role | None, typer.Option(help="That it gives; else all of theirs.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="That it holds; else for ever.")] = None,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """Make a token for a program, and print it; it is not kept, so not shown again."""
    from operations.accounts import make_token

    _, store = open_home(home, municipality)
    lasts = timedelta(days=days) if days else None
    console.print(make_token(store, name, label, role, lasts), soft_wrap=True, highlight=False)


@users_app.command(
    "end-token",
    epilog="Example: stadsronde users end-token j@example.nl --label weighbridge",
)
def users_end_token(
    name: Name,
    label: Label,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
) -> None:
    """End the tokens of a label."""
    from operations.accounts import end_tokens

    _, store = open_home(home, municipality)
    console.print(f"{end_tokens(store, name, label)} tokens ended.")


def _print_link(settings: Settings, path: str) -> None:
    console.print(
        f"To choose a password, once and within two days:\n{settings.address}{path}",
        soft_wrap=True,
        highlight=False,
    )
