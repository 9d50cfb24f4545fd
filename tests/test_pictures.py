"""The pictures in the documentation: each page of the demo city, as its readers will find it.

    pytest tests/test_pictures.py --renew

writes them, and the README's summary, where readers look; without it they are thrown away again.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from tests.browser import DRAWN_IN_SOFTWARE, launch, needs_chromium, served
from tests.demo_city import ROOT, Run, stadsronde

pytestmark = needs_chromium

IMAGES = ROOT / "docs" / "images"
PLOTS = {"locating.png"}
"""Made by benchmarks, from what they measured."""

PAGES = {"/": "plan-page.png", "/photos": "photos-page.jpg", "/log-in": "log-in-page.png"}
OTHERS = {
    "plan-by-hand.png",
    "driver-page-light.png",
    "driver-page-dark.png",
    "reviews-page.jpg",
    "review-page.jpg",
    "measures-page.png",
    "what-if-page.png",
    "nearby-page.png",
    "route-sheet.png",
}
DRAWN_MS = 4_000
"""What a map takes to draw its names in software, after it says that it is ready."""


@pytest.fixture(scope="module")
def renews(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--renew"))


@pytest.fixture(scope="module")
def folder(renews: bool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return IMAGES if renews else tmp_path_factory.mktemp("images")


@pytest.fixture(scope="module")
def city(demo: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a demo city of its own: a driver taps in it."""
    home = tmp_path_factory.mktemp("pictured") / "home"
    shutil.copytree(demo.home, home)
    return Run(home, demo.printed)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        opened = launch(playwright, DRAWN_IN_SOFTWARE)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(city: Run, renews: bool) -> Iterator[str]:
    settings = city.settings.replace(demo=True, open_data=True)
    if not renews:
        settings = settings.replace(solve_seconds=1.0)
    with served(create_app(settings)) as found:
        yield found


def opened(browser: Browser, width: int, height: int, role: str, address: str) -> Page:
    """Return a page on which somebody of a role looks around."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(120_000)
    page.goto(f"{address}/log-in?language=en")
    page.get_by_role("main").get_by_role("button", name=f"Look on as {role}").click()
    page.wait_for_load_state()
    return page


def shot(page: Page, file: Path, *, whole: bool = False) -> None:
    """Take a picture that shows something."""
    quality = 80 if file.suffix == ".jpg" else None
    page.screenshot(path=file, full_page=whole, quality=quality)
    shows_something(file)


def shows_something(file: Path) -> None:
    with Image.open(file) as picture:
        assert np.asarray(picture.convert("L")).std() > 10


def test_each_picture_in_the_documentation_is_one_of_these() -> None:
    assert {each.name for each in IMAGES.iterdir()} == {*PAGES.values()} | OTHERS | PLOTS


@pytest.mark.parametrize("path", PAGES)
def test_a_page_for_everybody(browser: Browser, address: str, folder: Path, path: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}{path}?language=en", wait_until="networkidle")
    page.wait_for_timeout(DRAWN_MS)
    shot(page, folder / PAGES[path])
    page.context.close()


def test_a_stop_that_a_planner_tries_on_another_truck(
    browser: Browser, address: str, folder: Path
) -> None:
    page = opened(browser, 1440, 900, "planner", address)
    page.goto(f"{address}/?language=en")
    page.locator("body[data-ready]").wait_for()
    page.locator("[data-vehicle='KW-1'] button.stop").nth(3).click()
    page.get_by_label("On truck").select_option("KW-3")
    page.locator(".judged p").nth(1).wait_for()
    page.get_by_role("button", name="Keep", exact=True).scroll_into_view_if_needed()
    page.wait_for_timeout(DRAWN_MS)
    shot(page, folder / "plan-by-hand.png")
    page.context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_drivers_phone_in_the_middle_of_a_shift(
    browser: Browser, address: str, folder: Path, look: Literal["light", "dark"]
) -> None:
    page = opened(browser, 390, 844, "driver", address)
    page.emulate_media(color_scheme=look)
    page.goto(f"{address}/driver?language=en")
    page.get_by_role("button", name="Crane truck 3").click()
    page.locator("body[data-readiness=ready]").wait_for()
    page.get_by_role("button", name="three quarters full").click()
    page.wait_for_timeout(DRAWN_MS)
    shot(page, folder / f"driver-page-{look}.png")
    page.context.close()


def test_photos_with_their_boxes(browser: Browser, address: str, folder: Path) -> None:
    page = opened(browser, 1280, 800, "analyst", address)
    page.goto(f"{address}/reviews?language=en", wait_until="networkidle")
    shot(page, folder / "reviews-page.jpg")
    page.locator(".photo-grid figcaption a").first.click()
    page.locator("body[data-ready]").wait_for()
    page.locator("#list li").first.wait_for()
    shot(page, folder / "review-page.jpg")
    page.context.close()


def test_measures_and_what_if(browser: Browser, address: str, folder: Path) -> None:
    page = opened(browser, 1280, 800, "analyst", address)
    page.goto(f"{address}/measures?language=en&days=91", wait_until="networkidle")
    shot(page, folder / "measures-page.png", whole=True)
    for must, price in ((50, 20), (30, 60)):
        page.goto(f"{address}/what-if?language=en")
        page.get_by_label("Must from").fill(f"{must}")
        page.get_by_label("may cost").fill(f"{price}")
        with page.expect_navigation(timeout=120_000):
            page.get_by_role("button", name="Work it out").click()
    shot(page, folder / "what-if-page.png")
    page.context.close()


def test_where_a_resident_finds_room(browser: Browser, address: str, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 1100})
    page.goto(f"{address}/nearby?language=en")
    page.get_by_label("Street").fill("Mikonkatu")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".nearby__list").wait_for()
    shot(page, folder / "nearby-page.png")
    page.context.close()


@pytest.mark.skipif(
    not shutil.which("pdftoppm"),
    reason="needs Debian's pdftoppm: apt-get install poppler-utils",
)
def test_a_route_sheet(city: Run, folder: Path) -> None:
    sheet = min(city.home.glob("sheets/*/en/KW-1.pdf"))
    page = ["pdftoppm", "-r", "72", "-png", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*page, sheet, folder / "route-sheet"], check=True)
    shows_something(folder / "route-sheet.png")


def test_the_readme_shows_what_the_demo_prints(city: Run, renews: bool, tmp_path: Path) -> None:
    """As its lines begin; what their figures are depends on the machine's speed."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    if renews:
        run = stadsronde("demo", "--no-serve", "--out", tmp_path / "home", COLUMNS="96")
        lines = "\n".join(line.rstrip() for line in summary_of(run.stdout).splitlines())
        shown = rf"\g<1>```text\n{lines}\n```\n\g<2>"
        text = re.sub(r"(<!-- summary -->\n).*?(<!-- end -->)", shown, text, flags=re.DOTALL)
        readme.write_text(text, encoding="utf-8")
    told = text.partition("<!-- summary -->")[2].partition("<!-- end -->")[0]
    assert headed(told) == headed(summary_of(city.printed))


def summary_of(printed: str) -> str:
    return printed[printed.index("───") :].split("Route sheets in")[0].rstrip()


def headed(summary: str) -> list[str]:
    return [found[0] for line in summary.splitlines() if (found := re.match(r"[A-Z][a-z]+", line))]
