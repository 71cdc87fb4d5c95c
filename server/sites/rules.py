"""What sites and what stands in them may be: every Refusal `bad_value` names the field. Pure."""

from __future__ import annotations

import re

from server.kernel.barcode import bin_digits, clean, is_bin_digits
from server.kernel.refusal import Fact, Refusal
from server.sites.model import (
    Bin,
    Carton,
    Policy,
    PutBin,
    PutCarton,
    PutSite,
    PutStation,
    PutTote,
    Site,
    Station,
    Tote,
    bin_id,
)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MINUTES = 24 * 60
FARTHEST_MM = 10_000_000
HIGHEST_LEVEL = 100
LONGEST_MM = 20_000
HEAVIEST_G = 2_000_000
LEAST_POLICY = {
    "weight_floor_g": 0,
    "weight_relative_ppm": 0,
    "weight_sigmas_milli": 0,
    "filler_g": 0,
    "unusual_quantity": 1,
    "trolley_totes": 1,
    "trolley_lines": 1,
    "tote_volume_cm3": 1,
    "tote_weight_g": 1,
}
SSCC_PREFIX = re.compile("[0-9]{7,11}")


def _require(fits: bool, field: str, value: Fact) -> None:  # noqa: FBT001 - what must hold
    if not fits:
        raise Refusal("bad_value", field=field, value=value)


def _between(low: float, value: float | None, high: float, field: str) -> None:
    if value is not None:
        _require(low <= value <= high, field, str(value))


def named(text: str, field: str = "id") -> str:
    """Give an id of letters, digits, dot, dash and underline, which keys and file names can carry."""
    _require(NAME.fullmatch(text) is not None, field, text)
    return text


def site(command: PutSite) -> Site:
    """Give the site as commanded."""
    named(command.id)
    _between(-90, command.latitude, 90, "latitude")
    _between(-180, command.longitude, 180, "longitude")
    _require((command.latitude is None) == (command.longitude is None), "longitude", str(command.longitude))
    _between(0, command.cut_off_minute, MINUTES - 1, "cut_off_minute")
    country = command.country.strip().upper()
    _require(not country or re.fullmatch("[A-Z]{2}", country) is not None, "country", command.country)
    return Site(
        id=command.id,
        name=command.name or command.id,
        street=command.street,
        city=command.city,
        region=command.region,
        postcode=command.postcode,
        country=country,
        latitude=command.latitude,
        longitude=command.longitude,
        cut_off_minute=command.cut_off_minute,
        policy=policy(command.policy),
    )


def policy(given: Policy) -> Policy:
    """Give a policy that can be worked by."""
    for field, least in LEAST_POLICY.items():
        _require(getattr(given, field) >= least, field, getattr(given, field))
    _require(SSCC_PREFIX.fullmatch(given.sscc_prefix) is not None, "sscc_prefix", given.sscc_prefix)
    return given


def place(command: PutBin) -> Bin:
    """Give the bin as commanded; its check digits are never all zero."""
    code = clean(command.code)
    _require(len(code) <= 48 and "/" not in code and "|" not in code, "code", code)  # noqa: PLR2004 - fits a key
    check = command.check or bin_digits(code)
    _require(is_bin_digits(check), "check", check)
    for field, value in (("x_mm", command.x_mm), ("y_mm", command.y_mm)):
        _between(-FARTHEST_MM, value, FARTHEST_MM, field)
    _between(0, command.level, HIGHEST_LEVEL, "level")
    return Bin(
        id=bin_id(command.site, code),
        site=command.site,
        code=code,
        zone=command.zone,
        aisle=command.aisle,
        x_mm=command.x_mm,
        y_mm=command.y_mm,
        level=command.level,
        check=check,
        kind=command.kind,
        blocked=command.blocked,
    )


def tote(command: PutTote) -> Tote:
    """Give the tote as commanded."""
    return Tote(named(command.id), command.site)


def station(command: PutStation) -> Station:
    """Give the pack station as commanded."""
    named(command.id)
    return Station(command.id, command.site, command.name or command.id, command.scale, command.printer)


def carton(command: PutCarton) -> Carton:
    """Give the carton as commanded."""
    sizes = (command.length_mm, command.width_mm, command.height_mm)
    for field, value in zip(("length_mm", "width_mm", "height_mm"), sizes, strict=True):
        _between(1, value, LONGEST_MM, field)
    _between(0, command.weight_g, HEAVIEST_G, "weight_g")
    _between(1, command.most_g, HEAVIEST_G, "most_g")
    return Carton(named(command.id), command.site, *sizes, command.weight_g, command.most_g)
