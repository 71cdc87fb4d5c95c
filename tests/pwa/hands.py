"""What people do with the app, as they do it: scan what the screen asks for."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.pwa.kit import Shop, labels_of, scan

FREE = "SELECT id FROM tote WHERE id NOT IN (SELECT tote FROM tote_use) ORDER BY id LIMIT 1"


def release_a_wave(page: Page) -> None:
    """Plan a wave of everything and put it on the floor, as the supervisor."""
    page.goto(page.url.split("#", maxsplit=1)[0] + "#/floor")
    page.get_by_role("button", name="Plan a wave").click()
    page.get_by_role("dialog").get_by_role("button", name="Plan", exact=True).click()
    page.get_by_role("button", name="Release:").click()
    page.get_by_role("button", name="Hold:").wait_for()


def take_a_task(page: Page, text: str = "totes") -> str:
    """Take a pick task on offer whose card says `text`; gives its id."""
    take = page.get_by_role("button", name="Take: Pick")
    page.get_by_role("article").filter(has_text=text).filter(has=take).first.get_by_role("button").click()
    page.get_by_role("region", name="What to do").wait_for()
    return page.url.rsplit("/", maxsplit=1)[-1]


SMALLEST = """
SELECT t.id FROM task t JOIN pick_line l ON l.task = t.id WHERE t.state = 'offered'
GROUP BY t.id ORDER BY count(*) LIMIT 1
"""


def take_the_smallest_task(page: Page, shop: Shop) -> None:
    """Take the pick task on offer that has the fewest lines."""
    [(task,)] = shop.rows(SMALLEST)
    page.get_by_role("button", name=f"Take: Pick {task[-4:]}").click()
    page.get_by_role("region", name="What to do").wait_for()


def step(page: Page) -> str:
    """Give what the screen asks for."""
    return page.locator("[data-step]").get_attribute("data-step") or ""


def wanted(page: Page, shop: Shop, codes: dict[str, str] | None = None) -> str:
    """Give the code that the screen asks for now; a slot gets a tote that is free."""
    place = page.locator("[data-step] .value").inner_text()
    asked = step(page)
    if asked == "sku":
        sku = page.locator(".item .code").inner_text()
        return (codes or labels_of(shop))[sku]
    if asked == "tote":
        return shop.rows(FREE)[0][0] if place.startswith("Slot") else place
    return place


def pick_line(page: Page, shop: Shop) -> None:
    """Confirm the line in hand: bin, item with its quantity typed, tote."""
    line = page.get_by_role("region", name="Line")
    here = line.inner_text()
    while line.count() and line.inner_text().split("\n")[0] == here.split("\n")[0]:
        before = page.locator("main").inner_text()
        if step(page) == "sku":
            type_quantity(page)
        scan(page, wanted(page, shop))
        expect(page.locator("main")).not_to_have_text(before, use_inner_text=True)
        if step(page) == "bin":
            return


def press(page: Page, code: str, end: str = "Enter") -> None:
    """Type as a scanner does: a key for each character, none waiting for another."""
    page.locator("input[inputmode]:focus").wait_for()
    page.keyboard.type(code)
    page.keyboard.press(end)


def type_quantity(page: Page) -> None:
    """Say how many pieces the next scan counts: all that are left."""
    left = page.locator("[data-step] .value").inner_text().split()[0]
    if left != "1":
        page.get_by_role("button", name="Quantity").click()
        page.get_by_role("dialog").wait_for()
        page.keyboard.type(left)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{left} with the next scan")).to_be_visible()


def pick_all(page: Page, shop: Shop) -> None:
    """Confirm all lines of the task in hand, and leave its totes at the consolidation place."""
    while not page.locator("[data-step='done']").count():
        pick_line(page, shop)
    scan(page, "CONS-1")
    expect(page.get_by_role("heading", name="My tasks")).to_be_visible()


PACKABLE = """
SELECT u.tote, u.shipment FROM tote_use u WHERE u.place <> '' AND NOT EXISTS (
    SELECT 1 FROM order_line l WHERE l.shipment = u.shipment AND l.state IN ('released', 'picking', 'packed'))
ORDER BY (SELECT count(*) FROM order_line l WHERE l.shipment = u.shipment) DESC LIMIT 1
"""
PARCEL = "SELECT id, expected_mg FROM parcel WHERE shipment = ? AND state = 'closed'"
MG = 1_000


def pack_a_shipment(page: Page, shop: Shop) -> tuple[str, int]:
    """Pack all of a shipment that is complete: one piece scanned, the rest trusted. Gives the parcel, expected g."""
    asked = page.get_by_text("Which station is this?")
    asked.or_(page.get_by_role("textbox", name="Scan tote or order")).first.wait_for()
    if asked.count():
        page.get_by_role("button", name="Pack station 1").click()
    [(tote, shipment)] = shop.until(PACKABLE)
    scan(page, tote)
    page.get_by_role("region", name="Contents").wait_for()
    sku = page.locator("li[data-sku]").first.get_attribute("data-sku") or ""
    scan(page, labels_of(shop)[sku])
    expect(page.locator(f"li[data-sku='{sku}'] b")).to_have_text("1")
    if page.get_by_role("button", name="All of it").count():
        page.keyboard.press("F2")
        expect(page.get_by_role("button", name="All of it")).to_have_count(0)
    page.keyboard.press("F4")
    [(parcel, expected)] = shop.until(PARCEL, shipment)
    return parcel, round(expected / MG)


def weigh(page: Page, shop: Shop, grams: int) -> None:
    """Put a parcel on the scale and weigh it once the scale has settled on it."""
    shop.scale.put(grams)
    settled = page.locator("output[data-stable=true]").filter(has_text=re.compile(about(grams)))
    settled.wait_for()
    page.keyboard.press("F8")


def about(grams: int) -> str:
    """Give a pattern of the scale's display: the last digit differs from reading to reading."""
    return f"^({'|'.join(shown(grams + off) for off in range(-3, 4))})$"


def shown(grams: int) -> str:
    """Give a weight as the app shows it."""
    return f"{grams} g" if grams < MG else f"{grams / MG:.3f} kg".replace(".", r"\.")
