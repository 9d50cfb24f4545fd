"""An analyst's day in a real browser: photos in doubt, boxes mended by mouse and by keyboard."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from api.app import create_app
from operations.describe_model import shipped_folder
from operations.evaluate import evaluate
from operations.settings import Settings
from tests.browser import barriers, launch, needs_chromium, served
from tests.hand_made_city import PHOTO_ID, make

pytestmark = needs_chromium
SAMPLES = Path(__file__).parents[1] / "sample_images"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    compare(city.settings, tmp_path_factory.mktemp("other"))
    with served(create_app(city.settings)) as found:
        yield found


def compare(settings: Settings, folder: Path) -> None:
    """Hold the shipped detector, with and without its second look, against two renderings."""
    truth = json.loads((SAMPLES / "truth.json").read_text())
    truth["images"] = truth["images"][:2]
    ids = {image["id"] for image in truth["images"]}
    truth["annotations"] = [row for row in truth["annotations"] if row["image_id"] in ids]
    (folder / "two.json").write_text(json.dumps(truth))
    for name in ("detector.xml", "detector.bin", "record.json"):
        shutil.copy(shipped_folder() / name, folder / name)
    evaluate(
        SAMPLES,
        folder / "two.json",
        settings.evaluations / "looked-at-once",
        against=folder / "detector.xml",
        settings=settings,
    )


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launch(playwright, [])
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(30_000)
        expect.set_options(timeout=20_000)
        opened.goto(f"{address}/?language=en")
        opened.get_by_role("button", name="analyst").click()
        yield opened
        browser.close()


def open_photo(page: Page, address: str) -> None:
    page.goto(f"{address}/reviews/{PHOTO_ID}?language=en")
    page.locator("body[data-ready]").wait_for()


def test_an_analysts_day(page: Page, address: str) -> None:
    page.get_by_role("link", name="Review", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is what was recognised right?")
    page.get_by_role("link", name="Review street.jpg").or_(
        page.locator(f"a[href*='{PHOTO_ID}']").last
    ).first.click()
    page.locator("body[data-ready]").wait_for()
    boxes = page.locator("#list li")
    before = boxes.count()

    # By mouse: a new box is drawn on an empty place.
    canvas = page.locator("#canvas").bounding_box()
    assert canvas
    page.mouse.move(canvas["x"] + canvas["width"] * 0.72, canvas["y"] + canvas["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(canvas["x"] + canvas["width"] * 0.9, canvas["y"] + canvas["height"] * 0.6)
    page.mouse.up()
    expect(boxes).to_have_count(before + 1)

    # By keyboard: it gets its kind, is moved, and one too many is taken back.
    page.keyboard.press("3")
    page.keyboard.press("ArrowLeft")
    expect(boxes.last.get_by_role("combobox")).to_have_value("bag")
    page.keyboard.press("n")
    expect(boxes).to_have_count(before + 2)
    page.keyboard.press("Control+z")
    expect(boxes).to_have_count(before + 1)
    expect(page.locator("#state")).to_have_text("Not saved yet.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#state")).to_have_text("Saved.")

    # What was missed is counted, and can be found again.
    page.get_by_role("link", name="All photos").click()
    row = page.get_by_role("row", name="bag").filter(has=page.get_by_role("rowheader", name="bag"))
    assert row.get_by_role("cell").nth(2).inner_text() == "1"
    page.get_by_label("Show").select_option("mistakes")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".photo figcaption")).to_contain_text("1 mistake")
    with page.expect_download() as download:
        page.get_by_role("link", name="Photos and boxes (COCO)").click()
    assert download.value.suggested_filename.endswith("-labels-coco.zip")


def test_models_are_compared(page: Page, address: str) -> None:
    page.goto(f"{address}/measures?language=en")
    row = page.get_by_role("row").filter(has_text="two.json")
    twice, once = row.locator("code").all_inner_texts()
    assert twice.startswith(f"{once}+")
    row.get_by_role("link", name="looked-at-once").click()
    expect(page.locator("svg").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("The worst mistakes")
    # It brings its own styles, and the page's policy lets them be.
    assert page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == (
        "collapse"
    )
    assert page.request.get(f"{address}/evaluations/none").status == 404
    browser = page.context.browser
    assert browser
    with browser.new_context(bypass_csp=True) as context:
        context.request.post(f"{address}/demo", form={"role": "analyst"})
        report = context.new_page()
        report.goto(f"{address}/evaluations/looked-at-once")
        assert barriers(report) == []


def test_measures_are_drawn_and_a_point_tells_what_it_stands_for(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/measures?language=en")
    chart = page.get_by_role("img", name="Chance that a container overflows")
    expect(chart.locator(".main-svg").first).to_be_visible()
    chart.locator(".point").nth(3).hover(force=True)
    expect(chart.locator(".hovertext")).to_contain_text("n =")
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_a_box_is_given_by_numbers_and_stays_in_the_photo(page: Page, address: str) -> None:
    open_photo(page, address)
    first = page.locator("#list li").first
    first.get_by_label("wide").fill("99999")
    first.get_by_label("wide").press("Tab")
    expect(first.get_by_label("wide")).to_have_value("640")
    page.once("dialog", lambda dialog: dialog.accept())


def test_what_was_drawn_is_there_again_after_logging_in(page: Page, address: str) -> None:
    open_photo(page, address)
    page.get_by_role("button", name="Add a box").click()
    boxes = page.locator("#list li").count()
    there = page.url
    page.route("**/v1/**/labels", lambda route: route.fulfill(status=401, json={}))
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/log-in?next=**")
    page.unroute("**/v1/**/labels")
    page.goto(there)
    expect(page.locator("#state")).to_contain_text("Not saved")
    assert page.locator("#list li").count() == boxes
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#state")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#state")).to_be_empty()


def test_what_cannot_be_saved_stays_and_says_why(page: Page, address: str) -> None:
    open_photo(page, address)
    page.get_by_role("button", name="Add a box").click()
    boxes = page.locator("#list li").count()
    page.route("**/labels", lambda route: route.abort())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#state")).to_have_text("Not saved: The server cannot be reached.")
    assert page.locator("#list li").count() == boxes
    page.once("dialog", lambda dialog: dialog.accept())
