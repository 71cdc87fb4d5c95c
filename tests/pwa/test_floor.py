"""The supervisor's wall: what is done there reaches the phones at once, is acknowledged, and can be taken back."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.pwa.hands import pick_line, release_a_wave, take_a_task
from tests.pwa.kit import DESKTOP, PHONE, Shop, faults, open_page, sign_in

STATE = """SELECT 1 FROM task t LEFT JOIN users u ON u.id = t.assignee
WHERE t.id = ? AND t.state = ? AND coalesce(u.name, '') = ?"""
TASKS_OF = "SELECT id FROM task WHERE wave = (SELECT wave FROM task WHERE id = ?) AND state <> 'withdrawn'"
BLINK_MS = 5_000
"""A blink on a quiet machine; here only that nobody had to reload."""


def acted(page: Page, state: str, words: str) -> None:
    """Wait until the last action is acknowledged."""
    told = page.get_by_role("status", name="Last action")
    expect(told).to_have_attribute("data-act", state)
    expect(told).to_contain_text(words)


def undo(page: Page) -> None:
    """Take the last action back."""
    page.get_by_role("status", name="Last action").get_by_role("button", name="Undo").click()
    acted(page, "undone", "Taken back")


def help_with(page: Page, name: str) -> None:
    """Open the helper of the task that a person has in hand."""
    page.get_by_role("button", name=f"Task: {name}").click()


def test_a_supervisor_acts_and_everyone_sees_it(browser: Browser, shop: Shop) -> None:
    eve = open_page(browser, shop, DESKTOP)
    sign_in(eve, "BADGE-EVE", "4444")
    release_a_wave(eve)
    acted(eve, "done", "is released")
    undo(eve)
    shop.until("SELECT 1 FROM wave WHERE state = 'held'")
    eve.get_by_role("button", name="Resume:").click()
    shop.until("SELECT 1 FROM wave WHERE state = 'released'")
    eve.get_by_role("button", name="Hold:").click()
    acted(eve, "done", "is held")
    undo(eve)
    shop.until("SELECT 1 FROM wave WHERE state = 'released'")

    ann = open_page(browser, shop)
    sign_in(ann, "BADGE-ANN", "1111")
    task = take_a_task(ann)
    help_with(eve, "Ann")
    eve.get_by_label("To", exact=True).select_option(label="Ben Picker")
    eve.get_by_role("button", name="Assign", exact=True).click()
    acted(eve, "done", "Ben")
    expect(ann.locator("[data-code='task_gone']")).to_be_visible(timeout=BLINK_MS)
    expect(eve.get_by_role("button", name="Task: Ann")).to_have_count(0, timeout=BLINK_MS)
    shop.until(STATE, task, "offered", "Ben Picker")
    undo(eve)
    shop.until(STATE, task, "offered", "Ann Picker")


def test_a_walk_is_split_and_joined_and_a_lock_cleared(browser: Browser, shop: Shop) -> None:
    eve, ann = open_page(browser, shop, DESKTOP), open_page(browser, shop)
    sign_in(eve, "BADGE-EVE", "4444")
    eve.goto(f"{shop.url}/#/floor")
    sign_in(ann, "BADGE-ANN", "1111")
    task = take_a_task(ann)
    before = len(shop.rows(TASKS_OF, task))
    help_with(eve, "Ann")
    eve.get_by_role("button", name="Split in two").click()
    acted(eve, "done", "two now")
    assert len(shop.rows(TASKS_OF, task)) == before + 1
    undo(eve)
    assert len(shop.rows(TASKS_OF, task)) == before

    help_with(eve, "Ann")
    eve.get_by_role("button", name="Clear the lock").click()
    acted(eve, "done", "free of Ann")
    expect(ann.locator("[data-code='task_gone']")).to_be_visible(timeout=BLINK_MS)
    shop.until(STATE, task, "offered", "")
    assert [page for page in (eve, ann) if faults(page)] == []


def test_the_map_shows_who_is_out_of_reach(browser: Browser, shop: Shop) -> None:
    eve, ben = open_page(browser, shop, PHONE), open_page(browser, shop)
    sign_in(eve, "BADGE-EVE", "4444")
    eve.goto(f"{shop.url}/#/floor")
    sign_in(ben, "BADGE-BEN", "2222")
    take_a_task(ben)
    pick_line(ben, shop)
    here = eve.locator("[data-person]").filter(has_text="Ben Picker")
    expect(here).to_have_attribute("data-link", "up", timeout=BLINK_MS)
    ben.close()
    expect(here).to_have_attribute("data-link", "dropped", timeout=BLINK_MS)
    expect(eve.get_by_role("region", name="Floor")).to_contain_text("was last heard at")
    assert faults(eve) == []
