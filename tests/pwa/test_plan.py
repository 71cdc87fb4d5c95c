"""A supervisor looks at a wave's plan before it goes to the floor."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.pwa.kit import DESKTOP, faults, open_page, open_shop, sign_in


def test_a_plan_is_looked_at_made_anew_and_released(browser: Browser, tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        page = open_page(browser, shop, DESKTOP)
        sign_in(page, "BADGE-EVE", "4444")
        page.get_by_role("navigation", name="Menu").get_by_role("link", name="Floor").click()
        page.get_by_role("button", name="Plan a wave").click()
        page.get_by_label("Most orders").fill("3")
        page.get_by_role("button", name="Plan", exact=True).click()
        [(wave, name, walk_mm)] = shop.until("SELECT id, name, walk_mm FROM wave WHERE state = 'planned'")
        page.get_by_role("link", name=f"Look at the plan: {name}").click()
        page.get_by_text(f"{round(walk_mm / 1000)} m", exact=True).wait_for()
        page.get_by_role("region", name="Tasks of the plan").get_by_role("button", name="Task 1").click()
        page.get_by_role("img", name="The floor with the walk of task 1").wait_for()
        [(lines,)] = shop.rows("SELECT lines FROM wave WHERE id = ?", wave)
        page.get_by_role("button", name="Plan again").click()
        shop.until("SELECT id FROM wave WHERE id = ? AND state = 'planned' AND lines > ?", wave, lines)
        page.get_by_role("button", name="Release").click()
        shop.until("SELECT id FROM task WHERE wave = ? AND state = 'offered'", wave)
        page.locator("[data-state=released]").first.wait_for()
        assert faults(page) == []
