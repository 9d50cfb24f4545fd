"""A browser and a served city, for tests of the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from starlette.types import ASGIApp

from api.serve import listen

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
DRAWN_IN_SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_WEBGL = ["--disable-3d-apis"]

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(),
    reason=f"needs Debian's chromium at {CHROMIUM}: apt-get install chromium",
)


@contextmanager
def served(app: ASGIApp, certificate: Path | None = None) -> Iterator[str]:
    """Serve an app from a thread and give its address.

    Parameters
    ----------
    certificate : a PEM file with the key in it; without one there is no TLS.
    """
    with listen("127.0.0.1", 18_500) as listener:
        config = uvicorn.Config(app, log_level="error", ssl_certfile=certificate)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        end = time.monotonic() + 60
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < end, "the server takes too long to start"
            time.sleep(0.02)
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def launch(playwright: Playwright, drawing: list[str]) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *drawing])


def barriers(page: Page) -> list[tuple[str, str]]:
    """Return what axe-core finds that bars a reader: the rule, and what breaks it first.

    The checker is a script from elsewhere, which the pages' own policy rightly refuses: the page's
    context has to bypass it.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert len(found["passes"]) > 15
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


class Watched:
    """A browser's context that notes each request and each error of its pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )
