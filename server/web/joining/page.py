"""The joining page: the visitor's own kind of device first, in the visitor's language, readable without a script."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tomllib
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final, get_args

import msgspec
import segno

from server.protocol.people import Language
from server.web.joining.pictures import draw

HERE: Final = Path(__file__).parent
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
WORDS: Final[dict[str, dict[str, Any]]] = {
    language: tomllib.loads((HERE / f"words.{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES
}
PAGE: Final = Template((HERE / "page.html").read_text(encoding="utf-8"))
SCRIPT: Final = "for (const link of document.querySelectorAll('a.carry')) link.hash = location.hash"
"""A joining code stands behind the `#`, which is never sent; it goes on with whoever follows a link of the page."""
SCRIPT_HASH: Final = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()


class Platform(msgspec.Struct, frozen=True):
    """A kind of device: its certificate's file, how its screens are drawn, its chapters, and who says to be one."""

    file: str
    frame: str
    chapters: tuple[str, ...]
    agent: re.Pattern[str]


PLATFORMS: Final = {
    "zebra": Platform("crt", "phone", ("android", "zebra"), re.compile(r"Android.*\b(TC|MC|EC|WT|PS|ET|VC)\d")),
    "honeywell": Platform("crt", "phone", ("android", "honeywell"), re.compile(r"Android.*\b(CT|CK|CN|EDA|CW)\d")),
    "android": Platform("crt", "phone", ("android",), re.compile("Android")),
    "apple": Platform("mobileconfig", "phone", ("apple",), re.compile("iPhone|iPad")),
    "windows": Platform("crt", "window", ("windows",), re.compile("Windows")),
    "mac": Platform("crt", "window", ("mac",), re.compile("Macintosh")),
    "linux": Platform("crt", "window", ("linux",), re.compile("")),
}
"""In the order in which they are asked; a browser of an unknown kind gets the last."""


class Site(msgspec.Struct, frozen=True):
    """What differs from site to site: the app's address, this page's own as it was reached, the authority's print."""

    app: str
    here: str
    fingerprint: str


def platform_of(agent: str) -> str:
    """Guess whose steps to show first; the others are one tap away."""
    return next(name for name, platform in PLATFORMS.items() if platform.agent.search(agent))


def language_of(chosen: str, accepted: str) -> str:
    """Give the language that was chosen, else the dearest of an Accept-Language header that there is, else English."""
    if chosen in LANGUAGES:
        return chosen
    asked = [re.match(r"\s*([a-z]{2})\b[^;]*(?:;\s*q=([\d.]+))?", each.lower()) for each in accepted.split(",")]
    wishes = [(_quality(found[2]), found[1]) for found in asked if found and found[1] in LANGUAGES]
    return max(wishes, key=lambda wish: wish[0], default=(1.0, "en"))[1]


def _quality(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def page(site: Site, platform: str, language: str) -> bytes:
    """Give the page as HTML."""
    words = WORDS[language]
    order = [platform, *(name for name in PLATFORMS if name != platform)]
    fields = {name: escape(text) for name, text in words.items() if isinstance(text, str)}
    return PAGE.substitute(
        fields,
        lang=language,
        languages="".join(_choice(each, language) for each in LANGUAGES),
        mine=_chapter(words, platform, site, is_open=True),
        others="".join(_chapter(words, name, site, is_open=False) for name in order[1:]),
        fingerprint=site.fingerprint,
        qr=base64.b64encode(qr_svg(site.here)).decode(),
        script=SCRIPT,
    ).encode()


def _choice(language: str, current: str) -> str:
    mark = ' aria-current="true"' if language == current else ""
    name = escape(WORDS[language]["language"])
    return f'<a class="carry" href="/?lang={language}" lang="{language}" hreflang="{language}"{mark}>{name}</a>'


def _chapter(words: dict[str, Any], name: str, site: Site, *, is_open: bool) -> str:
    """Give one kind of device: what to do from the certificate to the icon on its screen."""
    platform = PLATFORMS[name]
    steps = [step for chapter in platform.chapters for step in words[chapter]["steps"]]
    goals = {"certificate": f"/pickwave-ca.{platform.file}", "app": site.app}
    items = "".join(_step(words, step, platform.frame, goals) for step in steps)
    title = escape(words[name]["name"])
    return f"<details{' open' * is_open}><summary><h2>{title}</h2></summary><ol>{items}</ol></details>"


def _step(words: dict[str, Any], step: dict[str, Any], frame: str, goals: dict[str, str]) -> str:
    """Give one step: its words, and the button that does it or a picture of where to tap."""
    shown = draw(step["see"], frame) if "see" in step else ""
    if goal := step.get("go"):
        carries = " carry" if goal == "app" else ""
        shown = f'<a class="go{carries}" href="{escape(goals[goal])}">{escape(words[goal])}</a>{shown}'
    return f"<li><p>{escape(step['say'])}</p>{shown}</li>"


def qr_svg(text: str) -> bytes:
    """Draw a QR code."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, scale=4)
    return out.getvalue()
