"""A planner's day in a real browser: try, keep, undo, hear what happened, publish, print."""

import io
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from pypdf import PdfReader, PdfWriter

from api.app import create_app
from city.store import open_store, plans
from city.store.plans import SheetRecord
from operations.settings import Settings
from routing.core.search import compile_search
from tests.browser import WITHOUT_WEBGL, launch, needs_chromium, served
from tests.demo_city import Run
from tests.hand_made_city import DRAWN_UP_ID, add_drawn_up, make

pytestmark = needs_chromium

WIDE: ViewportSize = {"width": 1440, "height": 900}
TRUCKS = ("KW-1", "KW-2")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright, WITHOUT_WEBGL)
        yield opened
        opened.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    settings = make(tmp_path / "home").settings
    store = open_store(settings.database, settings.municipality)
    add_drawn_up(store)
    write_sheets(settings)
    store.close()
    with served(create_app(settings, executor=lambda: ThreadPoolExecutor(1))) as found:
        yield f"{found}/plans/{DRAWN_UP_ID}?language=en"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    expect.set_options(timeout=20_000)
    with browser.new_context(viewport=WIDE, reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.set_default_timeout(60_000)
        opened.goto(address)
        opened.locator("body[data-ready]").wait_for()
        yield opened


def write_sheets(settings: Settings) -> None:
    folder = settings.sheets / DRAWN_UP_ID / "en"
    folder.mkdir(parents=True)
    records = []
    for truck in TRUCKS:
        writer = PdfWriter()
        writer.add_blank_page(width=595, height=842)
        writer.write(folder / f"{truck}.pdf")
        path = (folder / f"{truck}.pdf").relative_to(settings.home).as_posix()
        records.append(SheetRecord(truck, path, "0" * 64))
    store = open_store(settings.database, settings.municipality)
    plans.put_sheets(store, DRAWN_UP_ID, records)
    store.close()


def stop(page: Page, container_id: str, vehicle_id: str = "") -> None:
    where = f"[data-vehicle='{vehicle_id}'] " if vehicle_id else ""
    expect(
        page.locator(f"#all-rounds {where}button[data-container='{container_id}']")
    ).to_be_visible()


def open_round(page: Page, vehicle_id: str) -> None:
    page.locator(f".round[data-vehicle='{vehicle_id}'] summary").click()


def test_a_stop_is_moved_by_keyboard_alone_judged_at_once_kept_and_undone(page: Page) -> None:
    page.locator("button[data-container='B-03']").first.focus()
    page.keyboard.press("Enter")
    truck = page.get_by_label("On truck")
    truck.focus()
    page.keyboard.press("ArrowDown")
    judged = page.locator(".judged")
    expect(judged).to_contain_text("cannot or may not empty this container")
    truck.select_option("")
    expect(judged).to_contain_text("Breaks no rule.")
    expect(judged).to_contain_text("A container that must be emptied is then left.")
    assert DRAWN_UP_ID in page.url
    keep = page.get_by_role("button", name="Keep", exact=True)
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_contain_text("the planner took it off the plan")
    expect(page.locator(".figures")).to_contain_text("−1")
    assert DRAWN_UP_ID not in page.url
    expect(page.locator(".other-plans li").first).to_contain_text("B-03 taken off the plan")
    page.get_by_role("button", name="Undo").click()
    stop(page, "B-03", "KW-1")
    assert DRAWN_UP_ID in page.url
    undone = page.locator(".other-plans li").first
    expect(undone).to_contain_text("undone")
    undone.get_by_role("link").click()
    page.get_by_role("button", name="Use again").click()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


def test_a_stop_is_dragged_onto_another_and_only_tried(page: Page) -> None:
    open_round(page, "KW-2")
    stops = page.locator(".round[data-vehicle='KW-2'] .line__stop")
    first, second = stops.nth(0), stops.nth(1)
    ids = [each.locator("button").get_attribute("data-container") for each in (first, second)]
    second.scroll_into_view_if_needed()
    second.locator(".line__mark").drag_to(first.locator(".line__mark"))
    expect(page.get_by_label("Before")).to_have_value(str(ids[0]))
    expect(page.locator(".judged")).to_contain_text("Breaks no rule.")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(first.locator("button")).to_have_attribute("data-container", str(ids[1]))
    page.get_by_role("button", name="Close").click()
    first.locator(".line__mark").drag_to(page.locator(".time-row[data-vehicle='KW-1']"))
    expect(page.get_by_label("On truck")).to_have_value("KW-1")


def test_what_is_held_says_so(page: Page) -> None:
    page.locator("button[data-container='B-03']").first.click()
    page.get_by_label("Hold to this").check()
    expect(page.locator(".judged")).to_contain_text("±0.0 km")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#all-rounds button[data-container='B-03']")).to_contain_text("held")


def test_a_truck_that_breaks_down_is_planned_around_and_every_change_has_its_reason(
    page: Page,
) -> None:
    # Compiling the search takes half a minute, once an install.
    compile_search()
    page.get_by_role("button", name="Something happened").click()
    page.get_by_role("dialog").get_by_label("KW-1 · Crane truck 1").check()
    page.get_by_label("Known since").fill("06:00")
    page.get_by_role("button", name="Plan the rest again").click()
    expect(page.locator(".change").first).to_contain_text("Not on KW-1 today", timeout=60_000)
    expect(page.locator("#changes")).to_contain_text("of the stops stay on their own truck")
    expect(page.locator("#all-rounds .round")).to_have_count(1)


def test_what_was_said_wrongly_of_the_day_stays_and_is_told_at_its_field(page: Page) -> None:
    page.get_by_role("link", name="Nederlands").click()
    page.locator("body[data-ready]").wait_for()
    page.get_by_role("button", name="Er is iets gebeurd").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Onbereikbare containers").fill("B-00 B-99")
    dialog.get_by_role("button", name="Rest opnieuw plannen").click()
    field = dialog.get_by_label("Onbereikbare containers")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Nummers, met een spatie ertussen B-99 staat niet op dit plan."
    )
    expect(field).to_have_value("B-00 B-99")
    dialog.get_by_role("button", name="Annuleren").click()
    page.get_by_role("button", name="Er is iets gebeurd").click()
    expect(dialog.locator("[data-fault=closed]")).to_be_hidden()


def test_what_was_heard_is_there_again_after_logging_in(page: Page, address: str) -> None:
    page.get_by_role("button", name="Something happened").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("KW-1 · Crane truck 1").check()
    dialog.get_by_label("Known since").fill("09:15")
    dialog.get_by_label("Containers out of reach").fill("B-03")
    page.route("**/replans", lambda route: route.fulfill(status=401, json={}))
    dialog.get_by_role("button", name="Plan the rest again").click()
    page.wait_for_url("**/log-in?next=**")
    page.goto(address)
    expect(dialog.get_by_label("KW-1 · Crane truck 1")).to_be_checked()
    expect(dialog.get_by_label("Known since")).to_have_value("09:15")
    expect(dialog.get_by_label("Containers out of reach")).to_have_value("B-03")


def test_the_time_line_says_the_same_as_a_table(page: Page) -> None:
    expect(page.locator(".time-row")).to_have_count(2)
    page.get_by_text("Time line as a table").click()
    row = page.get_by_role("row", name="Crane truck 1")
    expect(row).to_contain_text("06:00")
    expect(row).to_contain_text("Energy plant")
    page.get_by_role("button", name="KW-1", exact=True).click()
    expect(page.locator("[data-only='KW-1'][aria-pressed='true']")).to_have_count(2)


def test_a_plan_is_published_and_says_by_whom_and_can_be_withdrawn(page: Page) -> None:
    expect(page.locator(".panel__state")).to_contain_text("Crews do not see this plan yet")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".state")).to_have_text("published")
    expect(page.locator(".panel__state")).to_contain_text("by demo")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".state")).to_have_text("replaced")


def test_what_crews_have_done_is_told_as_the_day_goes(page: Page, address: str) -> None:
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".state")).to_have_text("published")
    tap = {"key": "5b0e1a52-8c6f-4f0e-9a55-1d2a7c3f9e10", "kind": "emptied", "ref": "B-03",
           "at": "2026-11-24T08:12:44Z", "fill": 0.75}  # fmt: skip
    sent = {"vehicleId": "KW-1", "planId": DRAWN_UP_ID, "sentAt": tap["at"], "taps": [tap]}
    server = address.split("/plans")[0]
    page.request.post(f"{server}/demo", form={"role": "driver"})
    assert page.request.post(f"{server}/v1/taps", data=sent).ok
    page.request.post(f"{server}/demo", form={"role": "planner"})
    page.reload()
    expect(page.locator(".panel__done")).to_have_text("1 of 9 done")
    expect(page.locator(".round[data-vehicle='KW-1'] .round__done")).to_have_text("1 of 3 done")


def test_a_plan_that_breaks_rules_is_published_only_on_purpose(page: Page) -> None:
    page.locator("button[data-container='B-00']").first.click()
    page.get_by_label("On truck").select_option("KW-2")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".broken")).to_contain_text("this plan breaks rules")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish all the same").click()
    expect(page.locator(".state")).to_have_text("published")


def test_all_sheets_are_one_file_to_print(page: Page, address: str) -> None:
    server = address.split("/plans")[0]
    link = page.get_by_role("link", name="Print all").get_attribute("href")
    answer = page.request.get(f"{server}{link}")
    assert len(PdfReader(io.BytesIO(answer.body())).pages) == len(TRUCKS)
    missing = page.request.get(f"{server}/v1/plans/{DRAWN_UP_ID}/sheets/nl/all.pdf")
    assert missing.status == 404


def test_sheets_that_cannot_be_written_say_why(page: Page) -> None:
    page.get_by_role("link", name="Nederlands").click()
    page.locator("body[data-ready]").wait_for()
    page.get_by_role("button", name="Alles afdrukken").click()
    expect(page.locator("#plan-progress")).to_contain_text("Er zijn nog geen wegen ingelezen")


def test_a_container_that_could_wait_cannot_be_tried_without_roads_and_says_why(
    page: Page,
) -> None:
    page.get_by_label("Find by address").fill("B-08")
    page.locator("#found button[data-container='B-08']").click()
    page.get_by_label("On truck").select_option("KW-2")
    expect(page.locator(".judged")).to_contain_text("no roads are built")


@pytest.mark.parametrize("size", [WIDE, {"width": 1280, "height": 720}])
def test_details_leave_the_time_line_free(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.locator("button[data-container='B-03']").first.click()
    expect(page.locator("#details h3").first).to_be_visible()
    details, line = (page.locator(each).bounding_box() for each in ("#details", ".time-line"))
    assert details
    assert line
    assert details["y"] + details["height"] <= line["y"]
    assert details["height"] > 200


def test_a_container_that_could_wait_is_dragged_onto_a_round(
    browser: Browser, demo: Run, tmp_path: Path
) -> None:
    home = shutil.copytree(demo.home, tmp_path / "city")
    settings = demo.settings.replace(home=home, demo=True)
    with served(create_app(settings)) as address, browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        page.goto(f"{address}/?language=en")
        page.locator("body[data-ready]").wait_for(timeout=60_000)
        page.locator("[data-verdict-list='skip'] summary").click()
        waiting = page.locator("[data-verdict-list='skip'] li", has_text="glass").first
        waiting.scroll_into_view_if_needed()
        container_id = waiting.locator("button").get_attribute("data-container")
        waiting.drag_to(page.locator(".time-row[data-vehicle='KW-3']"))
        expect(page.get_by_label("On truck")).to_have_value("KW-3")
        expect(page.locator(".judged")).to_contain_text("km", timeout=30_000)
        page.get_by_role("button", name="Keep", exact=True).click()
        stop = page.locator(f".round[data-vehicle='KW-3'] button[data-container='{container_id}']")
        page.locator(".round[data-vehicle='KW-3'] summary").click()
        expect(stop).to_contain_text("planner", timeout=30_000)
