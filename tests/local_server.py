"""A server on this machine that speaks as a test tells it to; it remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    content: Any = None


@dataclass(frozen=True)
class Answer:
    """What is sent back; text instead of JSON where the content is a str."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class LocalServer:
    """Where it is, and what it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def local_server(answer: Callable[[Asked], Answer]) -> Iterator[LocalServer]:
    """Serve answers on a free port of 127.0.0.1 until the block ends."""
    known = LocalServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = json.loads(self.rfile.read(length)) if length else None
            asked = Asked(self.command, self.path, dict(self.headers), content)
            known.asked.append(asked)
            said = answer(asked)
            body = said.content if isinstance(said.content, str) else json.dumps(said.content)
            data = body.encode()
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PATCH = handle_one  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    known.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
