"""Scanners that type: a whole wave by keys alone, and the ways in which hardware types differently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.pwa.hands import press, take_a_task, wanted
from tests.pwa.kit import Shop, open_page, sign_in
from tests.pwa.small import Good, small_shop

GOODS = (Good("MUG", "A-01-1"), Good("LAMP", "A-03-2"), Good("CLOCK", "B-02-1"))
WAVE = {"W-1": (("MUG", 2), ("CLOCK", 1)), "W-2": (("LAMP", 1), ("MUG", 1))}
DONE = "SELECT 1 FROM task WHERE id = ? AND state = 'done'"
PICKED = "SELECT sku, sum(picked) FROM pick_line WHERE state = 'picked' GROUP BY sku ORDER BY sku"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with small_shop(tmp_path_factory.mktemp("wedge"), GOODS, WAVE) as opened:
        yield opened


def test_a_whole_wave_is_picked_by_keys_alone(browser: Browser, shop: Shop) -> None:
    ann = open_page(browser, shop)
    sign_in(ann, "BADGE-ANN", "1111")
    while shop.rows("SELECT 1 FROM task WHERE state = 'offered'"):
        task = take_a_task(ann, "Pick")
        code = ""
        while not ann.locator("[data-step='done']").count():
            before, last, code = ann.locator("main").inner_text(), code, wanted(ann, shop)
            if code == last:  # at once it would be a trigger pulled twice
                expect(ann.locator("[data-flash]")).to_have_count(0)
            press(ann, code, "Tab" if code.isdigit() else "Enter")
            expect(ann.locator("main")).not_to_have_text(before, use_inner_text=True)
        press(ann, "CONS-1")
        expect(ann.get_by_role("heading", name="My tasks")).to_be_visible()
        shop.until(DONE, task)
    assert shop.rows(PICKED) == [("CLOCK", 1), ("LAMP", 1), ("MUG", 3)]
    assert shop.rows("SELECT count(*) FROM scan WHERE refusal <> ''") == [(0,)]


def test_ways_of_typing(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop)
    cdp = page.context.new_cdp_session(page)
    field = page.get_by_role("textbox", name="Badge")
    expect(field).to_be_focused()

    def arrived() -> None:
        expect(page.get_by_role("heading", name="PIN")).to_be_visible()
        page.get_by_role("button", name="Other badge").click()
        expect(field).to_be_focused()
        expect(field).to_have_value("")

    cdp.send("Input.imeSetComposition", {"text": "BADGE-ANN", "selectionStart": 9, "selectionEnd": 9})
    cdp.send("Input.insertText", {"text": "BADGE-ANN"})
    arrived()  # an input method that commits its text, and sends no Enter

    cdp.send("Input.imeSetComposition", {"text": "BADGE-BEN", "selectionStart": 9, "selectionEnd": 9})
    arrived()  # one that never commits

    cdp.send("Input.insertText", {"text": "BADGE-ANN\n"})
    arrived()  # one whose line end is part of the text

    for letter in "BADGE-BEN":
        for kind in ("keyDown", "keyUp"):
            cdp.send("Input.dispatchKeyEvent", {"type": kind, "key": letter, "modifiers": 1})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "modifiers": 1})
    arrived()  # firmware that sets Alt on every key

    keyboard = page.get_by_role("button", name="Keyboard")
    keyboard.focus()
    page.keyboard.type("BADGE-ANN")
    page.keyboard.press("Enter")
    arrived()  # a button has the focus: it is not pressed
    expect(keyboard).to_have_attribute("aria-pressed", "false")


def test_a_scanner_is_set_up_on_the_device_screen(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop)
    sign_in(page, "BADGE-ANN", "1111")
    page.goto(f"{shop.url}/#/device")
    page.get_by_label("It begins a scan with").fill("~")
    page.get_by_label("It ends a scan with").fill("##")
    page.get_by_label("A pause ends a scan after").fill("120")
    page.get_by_label("A pause ends a scan after").blur()
    page.reload()
    expect(page.get_by_label("A pause ends a scan after")).to_have_value("120")
    expect(page.get_by_role("textbox", name="Scan something to try it")).to_be_focused()
    page.keyboard.insert_text("~4006381333931##~A-01-1##")
    expect(page.get_by_text("Read: A-01-1")).to_be_visible()
    page.keyboard.type("~B-02-1##", delay=60)
    expect(page.get_by_text("Read: B-02-1")).to_be_visible()
    context, link = page.context, page.get_by_role("status", name="Connection")
    context.set_offline(True)
    expect(link).to_contain_text("Offline", timeout=20_000)
    context.set_offline(False)
    expect(link).to_contain_text("Online", timeout=20_000)
    expect(page.get_by_text("Read: B-02-1")).to_be_visible()  # a network that comes and goes leaves the screen as it is
