"""The plan page in a real browser: map, list, details, words, keyboard, all without internet."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect, sync_playwright

from api.app import create_app
from city.account import KeyKind, Role
from city.store import accounts, open_store
from operations.accounts import add_account, choose_password, one_time_link
from tests.browser import (
    DRAWN_IN_SOFTWARE,
    WITHOUT_WEBGL,
    Watched,
    launch,
    needs_chromium,
    served,
)
from tests.hand_made_city import PHOTO_ID, PLAN_ID, draw_base_map, make
from tests.plan_verbs import same_again

pytestmark = needs_chromium

# Small, because every pixel is drawn in software; wide enough for the map beside the list.
PASSWORD = "five grey herons"
WIDE: ViewportSize = {"width": 1100, "height": 640}
PHONE: ViewportSize = {"width": 390, "height": 844}
Pixels = NDArray[np.int16]
TRUCK_1, TRUCK_2 = (0x0B, 0x5C, 0xAB), (0xB2, 0x40, 0x0C)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    draw_base_map(city.settings)
    with served(create_app(city.settings, plan_verb=same_again)) as found:
        yield found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = launch(playwright, DRAWN_IN_SOFTWARE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    expect.set_options(timeout=20_000)
    yield opened
    context.close()


def visit(page: Page, address: str) -> None:
    # The same address with another fragment would not be loaded anew.
    page.goto("about:blank")
    page.goto(address)
    page.locator("body[data-ready]").wait_for()


def picture(page: Page) -> Pixels:
    page.wait_for_timeout(600)
    with Image.open(io.BytesIO(page.locator("#map canvas").screenshot())) as image:
        return np.asarray(image.convert("RGB")).astype(np.int16)


def count(pixels: Pixels, colour: tuple[int, ...]) -> int:
    return int((np.abs(pixels - np.array(colour)).max(axis=2) < 12).sum())


def test_nothing_is_asked_of_the_internet_and_nothing_goes_wrong(page: Page, address: str) -> None:
    watched = Watched(page.context)
    visit(page, address)
    page.locator("button[data-container='B-00']").first.click()
    page.locator("#details figure").wait_for()
    away = [url for url in watched.requests if not url.startswith((address, "blob:", "data:"))]
    assert away == []
    assert any("/glyphs/" in url for url in watched.requests)
    assert watched.errors == []


def test_the_map_shows_streets_routes_and_stops(page: Page, address: str) -> None:
    visit(page, address)
    pixels = picture(page)
    assert count(pixels, TRUCK_1) > 300
    assert count(pixels, TRUCK_2) > 300
    assert count(pixels, (0xF4, 0xF2, 0xED)) > 10_000  # land
    expect(page.locator(".site-mark")).to_have_count(2)
    expect(page.locator(".attribution")).to_contain_text("OpenStreetMap")


@pytest.mark.parametrize("answer", [None, {"title": "Broken", "detail": "It broke."}])
def test_a_plan_that_cannot_be_fetched_says_so(
    browser: Browser, address: str, answer: dict[str, str] | None
) -> None:
    with browser.new_context() as context:
        page, watched = context.new_page(), Watched(context)
        page.route("**/v1/plans/**", lambda route: (
            route.fulfill(status=500, json=answer) if answer else route.abort()
        ))  # fmt: skip
        page.goto(f"{address}/plans/{PLAN_ID}?language=en")
        said = page.locator("#plan-progress")
        expect(said).to_contain_text("Could not be loaded.")
        expect(said).to_contain_text(
            answer["detail"] if answer else "The server cannot be reached."
        )
        page.get_by_role("button", name="Publish").click()
        expect(said).to_contain_text(
            answer["detail"] if answer else "The server cannot be reached."
        )
        assert [each for each in watched.errors if "Failed to load" not in each] == []


def test_one_round_can_be_seen_alone(page: Page, address: str) -> None:
    visit(page, address)
    both = count(picture(page), TRUCK_2)
    page.get_by_role("button", name="Only this round").first.click()
    assert count(picture(page), TRUCK_2) < both / 4
    page.get_by_role("button", name="Whole plan").click()
    assert count(picture(page), TRUCK_2) > both / 2


def test_the_list_holds_every_round_with_its_stops_in_order(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November 2026")
    first = page.locator("[data-vehicle='KW-1'] .line__stop")
    expect(first).to_have_count(3)
    assert first.locator(".line__mark").all_text_contents() == ["1", "2", "3"]
    expect(first.first).to_contain_text("Seen or reported overflowing")
    expect(page.locator(".others")).to_have_count(2)
    expect(page.locator(".notice")).to_contain_text("made by hand")
    link = page.get_by_role("list", name="Route sheets of Crane truck 1").get_by_role("link")
    expect(link.filter(has_text="CSV")).to_have_attribute(
        "href", f"/v1/plans/{PLAN_ID}/sheets/en/KW-1.csv"
    )


def test_a_stop_tells_why_it_is_there_and_what_is_known(page: Page, address: str) -> None:
    visit(page, address)
    page.locator("button[data-container='B-00']").first.click()
    details = page.locator("#details")
    expect(details.get_by_role("heading", level=2)).to_have_text("Aleksanterinkatu 1")
    expect(details).to_contain_text("Seen or reported overflowing")
    expect(details).to_contain_text("Crane truck 1, stop 1, 06:15")
    expect(details.locator(".evidence > li").first).to_contain_text("3 hours ago")
    details.get_by_text("Older (1)").click()
    expect(details).to_contain_text("Emptied and weighed: 388 kg")
    assert page.url.endswith("#B-00")


def test_a_container_on_the_map_opens_its_details(page: Page, address: str) -> None:
    visit(page, address)
    page.locator("button[data-container='B-00']").first.click()
    picture(page)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#details")).to_be_hidden()
    box = page.locator("#map").bounding_box()
    assert box
    # The chosen container stands left of the middle, clear of its details.
    page.mouse.click(box["x"] + box["width"] / 2 - 190, box["y"] + box["height"] / 2)
    expect(page.locator("#details h2")).to_have_text("Aleksanterinkatu 1")
    expect(page.locator("button[data-container='B-00'][aria-current]").first).to_be_visible()


def test_an_address_with_a_container_opens_it(page: Page, address: str) -> None:
    visit(page, f"{address}/plans/{PLAN_ID}#B-13")
    expect(page.locator("#details")).to_contain_text("Not possible today")


def test_the_filter_holds_for_list_table_and_map(page: Page, address: str) -> None:
    visit(page, address)
    before = picture(page)
    for verdict in ("must", "skipped", "carried over"):
        page.locator(".filter__choice", has_text=verdict).click()
    expect(page.locator(".line__stop:visible .tag--must")).to_have_count(0)
    page.get_by_role("tab", name="All containers").click()
    expect(page.locator("#table tbody th:visible")).to_have_count(6)
    assert np.abs(picture(page) - before).max() > 50


def test_a_container_is_found_by_its_address(page: Page, address: str) -> None:
    visit(page, f"{address}/plans/{PLAN_ID}")
    page.get_by_label("Find by address").fill("mikonkatu 2")
    expect(page.locator("#rounds button.stop:visible")).to_have_count(1)
    page.get_by_label("Find by address").fill("nowhere")
    expect(page.get_by_text("No container matches this choice.")).to_be_visible()


def test_the_table_is_sorted_by_the_column_that_is_pressed(page: Page, address: str) -> None:
    visit(page, f"{address}/plans/{PLAN_ID}")
    page.get_by_role("tab", name="All containers").click()
    fill = page.get_by_role("button", name="Fill", exact=True)
    first = page.locator("#table tbody tr").first
    fill.click()
    expect(first).to_contain_text("B-13")
    fill.click()
    expect(first).to_contain_text("B-00")
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Round", exact=True).click()
    expect(first).to_contain_text("KW-1 · 1")


def test_the_language_changes_every_word(page: Page, address: str) -> None:
    visit(page, address)
    page.get_by_role("link", name="Nederlands").click()
    page.locator("body[data-ready]").wait_for()
    assert page.locator("html").get_attribute("lang") == "nl"
    expect(page.get_by_role("heading", level=1)).to_have_text("Dinsdag 24 november 2026")
    page.locator("button[data-container='B-00']").first.click()
    expect(page.locator("#details")).to_contain_text("Overvol gezien of gemeld")
    expect(page.locator("#details .evidence > li").first).to_contain_text("3 uur geleden")
    page.context.clear_cookies(name="stadsronde-language")


def test_the_keyboard_reaches_everything(page: Page, address: str) -> None:
    visit(page, address)
    wanted = {
        "a.skip-link", ".languages a", "#plan-again", "input[name=verdict]", "[role=tab]",
        "summary", ".toggle", ".sheets a", "button.stop", "canvas", "#whole-plan",
        ".maplibregl-ctrl-zoom-in", "#colour-by", ".time-row__name",
    }  # fmt: skip
    reached: set[str] = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached |= {
            each for each in wanted - reached
            if page.evaluate("s => document.activeElement.matches(s)", each)
        }  # fmt: skip
    assert wanted - reached == set()


def test_a_stop_is_opened_and_left_by_keyboard_alone(page: Page, address: str) -> None:
    visit(page, address)
    stop = page.locator("button[data-container='B-03']").first
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#details")).to_be_hidden()
    expect(stop).to_be_focused()
    page.get_by_role("tab", name="Rounds").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="All containers")).to_be_focused()
    expect(page.get_by_role("table")).to_be_visible()


def test_plan_again_shows_its_progress_and_then_the_new_plan(page: Page, address: str) -> None:
    visit(page, address)
    page.get_by_role("button", name="Plan again").click()
    page.get_by_role("dialog").get_by_role("button", name="Plan again").click()
    expect(page.locator("#plan-progress")).to_be_visible()
    page.wait_for_url("**/plans/20261124-again?language=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November 2026")


def test_who_was_logged_out_logs_in_and_comes_back_to_the_same_container(
    browser: Browser, tmp_path: Path
) -> None:
    settings = make(tmp_path / "home").settings.replace(demo=False)
    store = open_store(settings.database, settings.municipality)
    ann = add_account(store, "ann", {Role.ANALYST})
    choose_password(store, one_time_link(store, "ann").rpartition("/")[2], PASSWORD)
    with served(create_app(settings)) as address, browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        page.goto(f"{address}/plans/{PLAN_ID}")
        for password in ("a wrong password", PASSWORD):
            page.get_by_label("E-mail address or name").fill("ann")
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Log in").click()
        page.locator("body[data-ready]").wait_for()
        expect(page.get_by_role("button", name="Plan again")).to_have_count(0)
        accounts.remove_keys(store, ann.id, {KeyKind.SESSION})
        page.locator("button[data-container='B-00']").first.click()
        page.wait_for_url("**/log-in?**")
        page.get_by_label("E-mail address or name").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#details")).to_contain_text("Seen or reported overflowing")
        assert page.url.endswith("#B-00")
    store.close()


@pytest.mark.parametrize(("role", "paths"), [
    (Role.PLANNER, (f"/plans/{PLAN_ID}", "/photos", "/plans/none")),
    (Role.ANALYST, ("/reviews", f"/reviews/{PHOTO_ID}", "/measures", "/what-if")),
])  # fmt: skip
def test_a_phone_needs_no_sideways_scrolling(
    browser: Browser, address: str, role: Role, paths: tuple[str, ...]
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page = context.new_page()
    page.request.post(f"{address}/demo", form={"role": role})
    for path in paths:
        page.goto(f"{address}{path}?language=nl")
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (
            path,
            PHONE["width"],
        )
    context.close()


def test_photos_show_what_was_seen_until_that_is_switched_off(page: Page, address: str) -> None:
    watched = Watched(page.context)
    page.goto(f"{address}/photos")
    expect(page.locator(".box text").first).to_contain_text("container, overflowing")
    expect(page.locator("figcaption strong")).to_have_text("street <1>.jpg")
    page.get_by_label("Show what was recognised").uncheck()
    expect(page.locator(".boxes").first).to_be_hidden()
    assert watched.errors == []


def test_without_webgl_the_list_still_works(playwright: Playwright, address: str) -> None:
    plain = launch(playwright, WITHOUT_WEBGL)
    page = plain.new_page()
    visit(page, f"{address}/plans/{PLAN_ID}")
    expect(page.locator(".map-missing")).to_be_visible()
    page.locator("button[data-container='B-00']").first.click()
    expect(page.locator("#details")).to_contain_text("Seen or reported overflowing")
    plain.close()
