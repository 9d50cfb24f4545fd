"""The pages hold what WCAG 2.1 AA asks for, as far as axe-core can tell."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from tests.browser import DRAWN_IN_SOFTWARE, launch, needs_chromium, served
from tests.hand_made_city import PHOTO_ID, PLAN_ID, draw_base_map, make

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PAGES = {
    "plan": (f"/plans/{PLAN_ID}?language=nl#B-00", "#details figure"),
    "table": (f"/plans/{PLAN_ID}", "body[data-ready]"),
    "changes": (f"/plans/{PLAN_ID}?language=nl", "body[data-ready]"),
    "happened": (f"/plans/{PLAN_ID}", "body[data-ready]"),
    "photos": ("/photos", ".photo-grid"),
    "reviews": ("/reviews?language=nl", ".photo-grid"),
    "review": (f"/reviews/{PHOTO_ID}", "body[data-ready]"),
    "measures": ("/measures?language=nl", ".plot svg"),
    "what-if": ("/what-if?language=nl", "body[data-ready]"),
    "error": ("/plans/none", "main"),
    "log-in": ("/log-in?language=nl", "main"),
    "welcome": ("/welcome/over", "main"),
}

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    draw_base_map(city.settings)
    with served(create_app(city.settings)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright, DRAWN_IN_SOFTWARE)
        yield opened
        opened.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_bars_a_reader(browser: Browser, address: str, name: str) -> None:
    path, there = PAGES[name]
    # The checker is a script from elsewhere, which the pages' own policy rightly refuses.
    with browser.new_context(bypass_csp=True, reduced_motion="reduce") as context:
        page = context.new_page()
        if path.startswith(("/reviews", "/measures", "/what-if")):
            context.request.post(f"{address}/demo", form={"role": "analyst"})
        page.goto(address + path)
        page.locator(there).wait_for(timeout=60_000)
        if name == "table":
            page.get_by_role("tab", name="All containers").click()
        if name == "changes":
            page.get_by_role("tab", name="Wijzigingen").click()
            page.get_by_text("Tijdlijn als tabel").click()
            page.locator("#colour-by").select_option("risk")
        if name == "happened":
            page.get_by_role("button", name="Something happened").click()
        page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert len(found["passes"]) > 20
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
