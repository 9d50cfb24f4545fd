"""Serve a city's pages and API."""

from __future__ import annotations

import errno
import socket
import ssl
import sys

import uvicorn
from rich.console import Console

from api.app import create_app
from city.errors import BadInput, Fault
from city.store import open_store
from operations.accounts import first_admin_link, open_demo
from operations.serving import Serving
from operations.settings import Settings

PORTS_TRIED = 20

TAKES_TURNS_EVERY_S = 0.0005
"""A tenth of Python's own: who reads a little does not wait so long for who computes much."""


def serve(settings: Settings, serving: Serving) -> None:
    """Serve until the reader stops it; the next free port is used where one is taken.

    Raises
    ------
    BadInput
        None of the ports from the given one on is free, the host is not of this machine, or the
        certificate cannot be used.
    """
    listener = listen(serving.host, serving.port)
    taken = listener.getsockname()[1]
    console = Console(highlight=False, soft_wrap=True)
    if taken != serving.port:
        console.print(f"Port {serving.port} is in use; port {taken} is used instead.")
    if serving.is_overheard:
        console.print(
            "[bold]Passwords travel unprotected.[/] Give --tls-cert and --tls-key, or put a "
            "reverse proxy before this (docs/how-to/serve.md)."
        )
    address = f"{serving.scheme}://{serving.host}:{taken}"
    console.print(f"The plan is at [bold]{address}/[/] (stop with Ctrl+C)")
    path = _open_door(settings)
    if path:
        console.print(f"Nobody can administer yet. Once, within two days: [bold]{address}{path}[/]")
    sys.setswitchinterval(TAKES_TURNS_EVERY_S)
    with listener:
        uvicorn.Server(_config(settings, serving)).run(sockets=[listener])


def _open_door(settings: Settings) -> str | None:
    """Return the one-time link of the first administrator, while one is needed."""
    store = open_store(settings.database, settings.municipality)
    try:
        return None if open_demo(store, is_demo=settings.demo) else first_admin_link(store)
    finally:
        store.close()


def _config(settings: Settings, serving: Serving) -> uvicorn.Config:
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        server_header=False,
        # Who follows a job keeps a connection open that would else hold the server up.
        timeout_graceful_shutdown=10,
        ssl_certfile=serving.certificate,
        ssl_keyfile=serving.key,
    )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        cause = f"The certificate and its key cannot be used: {error}."
        remedy = "Give a PEM certificate, with its chain, and the key that belongs to it."
        raise BadInput(
            Fault("tls", "serve", cause, remedy, "tls-cert", str(serving.certificate))
        ) from None
    return config


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on the first free port from the given one on."""
    last = min(port + PORTS_TRIED, 65_536)
    for candidate in range(port, last):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Else each answer waits 40 ms, until the reader's machine has acknowledged its headers.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((host, candidate))
            listener.listen()
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise _refused(host, candidate, str(error)) from error
        else:
            return listener
    raise _refused(host, port, f"Ports {port} to {last - 1} are all in use.")


def _refused(host: str, port: int, cause: str) -> BadInput:
    remedy = "Give another port, such as --port 8080."
    return BadInput(Fault("port", "serve", f"{cause}", remedy, "port", f"{host}:{port}"))
