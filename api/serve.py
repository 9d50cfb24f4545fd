"""Serve a city's pages and API on this machine."""

from __future__ import annotations

import errno
import socket

import uvicorn
from rich.console import Console

from api.app import create_app
from city.errors import BadInput, Fault
from operations.settings import Settings

PORTS_TRIED = 20


def serve(settings: Settings, port: int = 8000, host: str = "127.0.0.1") -> None:
    """Serve until the reader stops it; the next free port is used where one is taken.

    Raises
    ------
    BadInput
        None of the ports from the given one on is free, or the host is not of this machine.
    """
    listener = listen(host, port)
    taken = listener.getsockname()[1]
    console = Console(highlight=False)
    if taken != port:
        console.print(f"Port {port} is in use; port {taken} is used instead.")
    console.print(f"The plan is at [bold]http://{host}:{taken}/[/] (stop with Ctrl+C)")
    config = uvicorn.Config(create_app(settings), log_level="warning", server_header=False)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on the first free port from the given one on."""
    last = min(port + PORTS_TRIED, 65_536)
    for candidate in range(port, last):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
