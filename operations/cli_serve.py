"""``stadsronde serve``: the pages and the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operations.cli_options import DEFAULT, Home, Municipality, open_home
from operations.serving import Serving


def add_to(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command(epilog="Example: stadsronde serve --home amsterdam --port 8080")(serve)


def serve(
    context: typer.Context,
    home: Home = DEFAULT.home,
    municipality: Municipality = DEFAULT.municipality,
    port: Annotated[int, typer.Option()] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate with its chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
) -> None:
    """Serve the pages and the API; see docs/how-to/serve.md."""
    serving = Serving(port, host, tls_cert, tls_key)
    settings, store = open_home(home, municipality)
    store.close()
    context.obj(settings, serving)
