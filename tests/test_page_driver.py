"""A driver's day in a real browser, over TLS: from log-in to ledger, with and without network."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from city.account import KeyKind
from city.store import accounts, photos, plans
from city.tap import Tap, TapKind
from operations.publish_plan import publish_plan
from operations.record_taps import record_taps
from tests.browser import (
    DRAWN_IN_SOFTWARE,
    WITHOUT_WEBGL,
    Watched,
    barriers,
    needs_chromium,
)
from tests.demo_city import ROOT
from tests.driving import City, a_city, a_phone, begin, choose, log_in, network, place
from tests.hand_made_city import PLAN_ID, day_plan

pytestmark = needs_chromium

PHOTO = next((ROOT / "sample_images").glob("*.jpg"))
GLOVE_PX = 48


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with a_city(tmp_path / "home") as found:
        publish_plan(found.store, PLAN_ID, "ann")
        yield found


@pytest.fixture
def sharing_city(tmp_path: Path) -> Iterator[City]:
    """Give a city whose crews may share where they are, which the menu then asks."""
    with a_city(tmp_path / "home", position_minutes=30) as found:
        publish_plan(found.store, PLAN_ID, "ann")
        yield found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=60_000)
    with sync_playwright() as started:
        yield started


@pytest.fixture
def page(playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    with a_phone(playwright, tmp_path / "profile", WITHOUT_WEBGL) as context:
        yield context.pages[0]


def test_a_drivers_day_without_network_reaches_the_ledger_once(
    playwright: Playwright, city: City, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with a_phone(playwright, profile, DRAWN_IN_SOFTWARE) as phone:
        page, watched = phone.pages[0], Watched(phone)
        failed: set[str] = set()
        phone.on("requestfailed", lambda request: failed.add(urlsplit(request.url).path))
        begin(page, city)
        place(page, "Aleksanterinkatu 1")
        expect(page.locator(".card__note")).to_contain_text("Gate code at the depot")
        expect(page.get_by_role("img", name="Street photo")).to_be_visible()

        phone.set_offline(True)
        page.get_by_role("button", name="three quarters full").click()
        place(page, "Fabianinkatu 4")
        network(page, "1 tap waits for network")
        page.get_by_role("button", name="Exception").click()
        page.get_by_role("button", name="blocked by vehicle").click()
        page.get_by_label("Add photo").set_input_files(PHOTO)
        expect(page.locator("#last")).to_contain_text("Photo waits")
        place(page, "Kluuvikatu 7")
        page.get_by_role("button", name="Emptied, full").click()
        page.locator("#last").get_by_role("button", name="Undo").click()
        network(page, "4 taps wait for network")
        expect(page.locator("#progress")).to_contain_text("2 of 3 done")

        page.reload()
        expect(page.locator("#progress")).to_contain_text("2 of 3 done")
        page.locator("#room[data-drawn]").wait_for()
        loaded = page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
        assert loaded
        # What is asked of the server fails, and nothing that the page is made of.
        assert failed <= {"/v1/taps", "/v1/shifts", "/v1/shifts/KW-1", "/driver"}
        assert [e for e in watched.errors if "ERR_INTERNET_DISCONNECTED" not in e] == []

    # The battery was empty: the browser starts anew, still without network.
    with a_phone(playwright, profile, WITHOUT_WEBGL) as phone:
        phone.set_offline(True)
        page = phone.pages[0]
        page.goto(f"{city.address}/driver")
        network(page, "4 taps wait for network")
        page.get_by_role("list").get_by_role("button", name="Kluuvikatu 7").click()
        page.get_by_role("button", name="half full").click()
        expect(page.get_by_role("heading", name="Empty at Energy plant")).to_be_visible()
        assert city.journal() == []

        # Meanwhile the session has ended.
        owner = accounts.get(city.store, "kim")
        accounts.remove_keys(city.store, owner.id, {KeyKind.SESSION})
        phone.set_offline(False)
        page.get_by_role("link", name="Log in to send").click()
        log_in(page)
        network(page, "All is sent")

        kinds = [(tap.ref, tap.kind.value) for tap in city.journal()]
        assert sorted(kinds) == [("B-00", "emptied"), ("B-03", "exception"), ("B-06", "emptied"),
                                 ("B-06", "emptied"), ("B-06", "undo")]  # fmt: skip
        assert city.told() == [("B-00", "driver-tap", 0.75), ("B-06", "driver-tap", 0.5)]
        (blocked,) = (tap for tap in city.journal() if tap.ref == "B-03")
        assert blocked.photo_id
        assert photos.get(city.store, blocked.photo_id).blurred_share >= 0
        assert (city.settings.photos / f"{blocked.photo_id}.jpg").is_file()
        kept = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
        assert kept == ["stadsronde-hand-made"]

        page.get_by_role("button", name="Unloaded").click()
        place(page, "All stops are done")


def test_an_answer_that_is_lost_makes_no_second_tap(page: Page, city: City) -> None:
    begin(page, city)
    city.app.lost = 1
    page.get_by_role("button", name="half full").click()
    # No longer being sent: the answer is known to be lost.
    expect(page.locator("#network")).to_have_text("1 tap waits for network")
    assert len(city.journal()) == 1
    page.evaluate("dispatchEvent(new Event('online'))")
    network(page, "All is sent")
    assert city.told() == [("B-00", "driver-tap", 0.5)]
    assert len(city.journal()) == 1

    accounts.remove_keys(city.store, accounts.get(city.store, "kim").id, {KeyKind.SESSION})
    page.reload()
    log_in(page)
    expect(page.locator("#progress")).to_contain_text("1 of 3 done")


def test_a_weight_is_noted_with_the_fill_at_the_time_of_the_lift(page: Page, city: City) -> None:
    begin(page, city)
    page.get_by_role("button", name="half full").click()
    page.get_by_role("button", name="Weight").click()
    page.get_by_label("Weight in kilograms").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give a number from 0 to 40,000.")).to_be_visible()
    assert page.locator("#weigh").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    page.get_by_label("Weight in kilograms").fill("212,5")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#last")).to_contain_text("212.5 kg")
    network(page, "All is sent")
    assert city.told() == [("B-00", "driver-tap", 0.5), ("B-00", "emptying", 212.5)]


def test_what_another_truck_did_and_what_the_planner_changed_is_told(
    page: Page, city: City
) -> None:
    begin(page, city)
    page.context.set_offline(True)
    page.get_by_role("button", name="Emptied, full").click()
    now = datetime.now(UTC)
    other = Tap("other-truck-1", TapKind.EMPTIED, now, "KW-2", PLAN_ID, "B-00", fill=0.25)
    record_taps(city.store, "lee", now, [other])
    changed = replace(day_plan(), id="20261124-changed")
    plans.add(city.store, changed, b"", plans.provenance(city.store, PLAN_ID))
    publish_plan(city.store, changed.id, "ann")
    page.context.set_offline(False)
    told = page.get_by_role("alert")
    expect(told.filter(has_text="emptied by KW-2 too")).to_be_visible()
    expect(told.filter(has_text="The planner has changed the route")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Understood").first.click()
    expect(told).to_have_count(0)
    expect(page.locator("#progress")).to_contain_text("1 of 3 done")


def test_a_tap_that_the_server_refuses_holds_no_other_up(page: Page, city: City) -> None:
    begin(page, city)
    page.context.set_offline(True)
    page.get_by_role("button", name="Emptied, full").click()
    place(page, "Fabianinkatu 4")
    # As a faulty device might leave it.
    page.evaluate("""() => new Promise((resolve) => {
      indexedDB.open("stadsronde-hand-made").onsuccess = ({ target }) => {
        const store = target.result.transaction("taps", "readwrite").objectStore("taps");
        store.getAll().onsuccess = ({ target: { result: [tap] } }) => {
          store.put({ ...tap, fill: "much" }).onsuccess = resolve;
        };
      };
    })""")
    page.get_by_role("button", name="half full").click()
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Aleksanterinkatu 1: not accepted")
    network(page, "All is sent")
    assert city.told() == [("B-03", "driver-tap", 0.5)]


def test_a_route_that_is_not_published_yet_comes_by_itself(page: Page, tmp_path: Path) -> None:
    with a_city(tmp_path / "late") as city:
        page.clock.install()
        page.goto(f"{city.address}/driver")
        log_in(page)
        expect(page.get_by_text("The planner has not published a route yet")).to_be_visible()
        publish_plan(city.store, PLAN_ID, "ann")
        page.clock.fast_forward(31_000)
        expect(page.get_by_role("button", name="Crane truck 2")).to_be_visible()


def test_while_the_server_is_late_the_page_says_so_or_shows_what_it_has(
    page: Page, city: City
) -> None:
    page.add_init_script("AbortSignal.timeout = () => new AbortController().signal")
    page.context.route("**/v1/shifts**", lambda _: None)
    page.goto(f"{city.address}/driver")
    log_in(page)
    expect(page.get_by_text("The route is being fetched")).to_be_visible()
    page.context.unroute("**/v1/shifts**")
    page.reload()
    choose(page)
    page.context.route("**/v1/shifts**", lambda _: None)
    page.reload()
    place(page, "Aleksanterinkatu 1")
    page.get_by_role("button", name="Emptied, half full").click()
    place(page, "Fabianinkatu 4")
    network(page, "All is sent")


def test_a_municipalitys_own_colours_are_there_without_network_too(page: Page, city: City) -> None:
    own = city.settings.tokens(city.settings.municipality)
    own.parent.mkdir()
    own.write_text(":root { --stadsronde-color-brand: #8a0f2e; }")
    begin(page, city)
    page.context.set_offline(True)
    page.reload()
    place(page, "Aleksanterinkatu 1")
    expect(page.locator(".bar")).to_have_css("background-color", "rgb(138, 15, 46)")


def test_pages_laid_in_for_later_leave_the_language_as_it_was(page: Page, city: City) -> None:
    page.goto(f"{city.address}/driver?language=en")
    begin(page, city)
    kept = {each["name"]: each["value"] for each in page.context.cookies()}
    assert kept["stadsronde-language"] == "en"


def test_a_glove_that_taps_twice_empties_one_container(page: Page, city: City) -> None:
    begin(page, city)
    page.get_by_role("button", name="half full").dblclick()
    expect(page.locator("#last p").first).to_have_text("Aleksanterinkatu 1: emptied, ½ full")
    place(page, "Fabianinkatu 4")
    network(page, "All is sent")
    expect(page.locator("#progress")).to_contain_text("1 of 3 done")
    assert [tap.ref for tap in city.journal()] == ["B-00"]


def test_another_app_leads_the_way(page: Page, city: City) -> None:
    begin(page, city)
    page.get_by_role("button", name="Navigate").click()
    for name, scheme in (("App of this device", "geo:60.166"), ("Google Maps", "https://www.goo"),
                         ("Apple Maps", "https://maps.apple.com/")):  # fmt: skip
        link = page.get_by_role("link", name=name)
        assert str(link.get_attribute("href")).startswith(scheme)


def small(page: Page) -> list[Any]:
    """Return what can be touched and is smaller than a glove needs."""
    found: list[Any] = page.evaluate(
        """(least) => [...document.querySelectorAll("a, button, summary, label, #weight")]
          .map((each) => [each.textContent.trim(), each.getBoundingClientRect(), each])
          .filter(([, box, each]) => box.width && !each.classList.contains("skip-link")
            && each.htmlFor !== "weight" && Math.min(box.width, box.height) < least)
          .map(([text, { width, height }]) => [text, width, height])""",
        GLOVE_PX,
    )
    return found


PHONE, TABLET = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)


@pytest.mark.parametrize(
    ("language", "look", "size"),
    [
        ("nl", "light", PHONE),
        ("en", "dark", PHONE),
        ("en", "light", TABLET),
        ("nl", "dark", TABLET),
    ],
)
def test_nothing_bars_a_driver(
    playwright: Playwright,
    sharing_city: City,
    tmp_path: Path,
    language: str,
    look: str,
    size: ViewportSize,
) -> None:
    profile = tmp_path / "profile"
    with a_phone(playwright, profile, WITHOUT_WEBGL, bypass_csp=True) as phone:
        phone.pages[0].set_viewport_size(size)
        check(phone.pages[0], sharing_city, language, look)


def check(page: Page, city: City, language: str, look: str) -> None:
    begin(page, city)
    page.evaluate("look => localStorage.setItem('stadsronde-look', look)", look)
    page.goto(f"{city.address}/driver?language={language}")
    page.locator(".step").nth(1).click()
    place(page, "Fabianinkatu 4")
    page.locator(".touch--problem").click()
    page.locator("#exceptions button").first.click()
    for opened in (None, "#open-menu", ".touch--problem", ".card__navigate"):
        if opened:
            page.locator(opened).click()
        assert (opened, barriers(page), small(page)) == (opened, [], [])
        if opened:
            page.locator("dialog[open] form[method=dialog] button").last.click()
