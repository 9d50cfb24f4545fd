"""The pages hold what WCAG 2.1 AA asks for, as far as axe-core can tell, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from api.app import create_app
from city.account import Role
from city.store import containers, fleets, municipalities, open_store, what_ifs
from city.what_if import Thresholds, WhatIf
from city.wording import LANGUAGES
from operations.settings import Settings
from operations.what_if import basis, in_force
from tests.browser import DRAWN_IN_SOFTWARE, barriers, launch, needs_chromium, served
from tests.hand_made_city import NAME, PHOTO_ID, PLAN_ID, bins, day_plan, draw_base_map, fleet, make
from tests.test_measures import drive_two_days

PLAN = f"/plans/{PLAN_ID}"
PLANNER, ANALYST = Role.PLANNER, Role.ANALYST
PAGES = {
    "plan": (PLANNER, f"{PLAN}?language=%s#B-00", "#details figure"),
    "table": (PLANNER, f"{PLAN}?language=%s", "body[data-ready]"),
    "changes": (PLANNER, f"{PLAN}?language=%s", "body[data-ready]"),
    "happened": (PLANNER, f"{PLAN}?language=%s", "body[data-ready]"),
    "photos": (PLANNER, "/photos?language=%s", ".photo-grid"),
    "reviews": (ANALYST, "/reviews?language=%s", ".photo-grid"),
    "review": (ANALYST, f"/reviews/{PHOTO_ID}?language=%s", "body[data-ready]"),
    "measures": (ANALYST, "/measures?language=%s", ".plot svg"),
    "what-if": (ANALYST, "/what-if?language=%s", ".tally__now"),
    "nearby": (PLANNER, "/nearby?language=%s", "#here"),
    "found": (PLANNER, "/nearby?language=%s", "#here"),
    "error": (PLANNER, "/plans/none?language=%s", "main"),
    "log-in": (PLANNER, "/log-in?language=%s", "main"),
    "welcome": (PLANNER, "/welcome/over?language=%s", "main"),
}

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    draw_base_map(city.settings)
    work_out(city.settings)
    with served(create_app(city.settings.replace(open_data=True))) as found:
        yield found


def work_out(settings: Settings) -> None:
    """Fill the analyst's tables: two days that were driven, and a plan by other thresholds."""
    store, now = open_store(settings.database, NAME), in_force(settings)
    drive_two_days(store)
    plan, under = day_plan(), basis(settings)
    for thresholds in (now, Thresholds(0.9, 1000)):
        what_ifs.put(store, WhatIf.of(PLAN_ID, under, thresholds, plan.plan, plan.choices))
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright, DRAWN_IN_SOFTWARE)
        yield opened
        opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_bars_a_reader(browser: Browser, address: str, name: str, language: str) -> None:
    role, path, there = PAGES[name]
    with browser.new_context(bypass_csp=True, reduced_motion="reduce") as context:
        page = context.new_page()
        context.request.post(f"{address}/demo", form={"role": role})
        page.goto(address + path % language)
        page.locator(there).first.wait_for(timeout=60_000)
        unfold(page, name)
        assert barriers(page) == []


@pytest.mark.parametrize("name", ["plan", "reviews", "measures", "what-if"])
def test_nothing_bars_who_reads_on_a_phone(browser: Browser, address: str, name: str) -> None:
    role, path, there = PAGES[name]
    phone = ViewportSize(width=390, height=844)
    with browser.new_context(bypass_csp=True, viewport=phone, reduced_motion="reduce") as context:
        page = context.new_page()
        context.request.post(f"{address}/demo", form={"role": role})
        page.goto(address + path % "en")
        page.locator(there).first.wait_for(timeout=60_000)
        assert barriers(page) == []


def unfold(page: Page, name: str) -> None:
    """Open what the page shows only when asked."""
    if name in ("table", "changes"):
        page.locator(f"#tab-{name}").click()
    if name == "changes":
        page.locator(".time-line__table summary").click()
        page.locator("#colour-by").select_option("risk")
    if name == "found":
        page.locator("[name=address]").fill("Mikonkatu")
        page.locator("form.form button").first.click()
        page.locator(".nearby__list").wait_for()
    if name == "happened":
        page.locator("[data-do=happened]").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_bars_who_has_no_plan_yet(
    browser: Browser, address: str, tmp_path: Path, language: str
) -> None:
    settings = Settings(home=tmp_path / "home", municipality=NAME, demo=True)
    with served(create_app(before_any_plan(settings))) as empty:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(f"{empty}/?language={language}")
        page.locator("#plan-again").wait_for()
        assert barriers(page) == []
        context.close()


def before_any_plan(settings: Settings) -> Settings:
    """Set up the hand-made city as it is before its first plan."""
    made = make(settings.home.with_name("made")).settings
    store = open_store(made.database, NAME)
    city = replace(municipalities.get(store), notices=())
    store.close()
    store = open_store(settings.database, NAME)
    municipalities.put(store, city)
    containers.put(store, bins())
    fleets.put(store, fleet())
    store.close()
    return settings
