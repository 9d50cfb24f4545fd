"""A driver's phone, and a city served over TLS that it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from fastapi import FastAPI
from playwright.sync_api import (
    BrowserContext,
    Page,
    Playwright,
    expect,
)
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from city.account import Role
from city.store import Store, ledger, open_store, taps
from city.tap import Tap
from operations.accounts import add_account, choose_password, one_time_link
from operations.settings import Settings
from tests.browser import (
    ARGUMENTS,
    CHROMIUM,
    served,
)
from tests.hand_made_city import DAY, NOON, draw_base_map, make

PASSWORD = "five grey herons"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
# A certificate of nobody's: what a city's own is to its tablets.
TRUSTING = [*ARGUMENTS, "--ignore-certificate-errors"]


class LosesAnswers:
    """An app whose answers to some requests are lost on the way, after the work was done."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.lost = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.lost == 0 or scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        self.lost -= 1

        async def nowhere(message: Message) -> None:
            pass

        await self.app(scope, receive, nowhere)
        await send({"type": "http.response.start", "status": 502, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class City:
    """A served city, as its people and its database have it."""

    settings: Settings
    store: Store
    app: LosesAnswers
    address: str

    def told(self) -> list[tuple[str | None, str, float]]:
        """What the ledger has heard from drivers."""
        records = ledger.since(self.store, LONG_AGO, NOON)
        return sorted((r.container_id, r.kind.value, r.value) for r in records
                      if r.source == "driver")  # fmt: skip

    def journal(self) -> list[Tap]:
        return list(taps.of_day(self.store, DAY))


@contextmanager
def a_city(home: Path, *, position_minutes: int = 0) -> Iterator[City]:
    settings = make(home).settings.replace(demo=False, position_minutes=position_minutes)
    draw_base_map(settings)
    issued = trustme.CA().issue_cert("127.0.0.1")
    certificate = home / "certificate.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(certificate)
    store = open_store(settings.database, settings.municipality)
    add_account(store, "kim", {Role.DRIVER})
    choose_password(store, one_time_link(store, "kim").rpartition("/")[2], PASSWORD)
    app = LosesAnswers(create_app(settings))
    with served(app, certificate) as address:
        yield City(settings, store, app, address)
    store.close()


@contextmanager
def a_phone(
    playwright: Playwright, profile: Path, drawing: list[str], *, bypass_csp: bool = False
) -> Iterator[BrowserContext]:
    """Give a phone's browser; what it keeps lies in its profile."""
    with playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=[*TRUSTING, *drawing],
        viewport={"width": 390, "height": 844},
        has_touch=True,
        reduced_motion="reduce",
        bypass_csp=bypass_csp,
    ) as context:
        context.set_default_timeout(60_000)
        yield context


def log_in(page: Page) -> None:
    page.get_by_label("E-mail address or name").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def begin(page: Page, city: City, truck: str = "Crane truck 1") -> None:
    """Log in, choose a truck, and wait until the shift is kept on the phone."""
    page.goto(f"{city.address}/driver")
    log_in(page)
    choose(page, truck)


def choose(page: Page, truck: str = "Crane truck 1") -> None:
    page.get_by_role("button", name=truck).click()
    page.locator("body[data-readiness='ready']").wait_for()


def place(page: Page, name: str) -> None:
    expect(page.locator(".card__place")).to_have_text(name)


def network(page: Page, said: str) -> None:
    expect(page.locator("#network")).to_contain_text(said)
