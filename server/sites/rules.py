"""What sites and what stands in them may be: every Refusal `bad_value` names the field. Pure."""

from __future__ import annotations

import re

from server.kernel.barcode import bin_digits, clean, is_bin_digits
from server.kernel.refusal import Refusal
from server.sites.model import (
    Bin,
    BinKind,
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
"""What keys, addresses and file names can carry."""
BIN_CODE = re.compile("[^/|]{1,48}")
COUNTRY = re.compile("(?:[A-Z]{2})?")
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
MOST = 10**9
SSCC_PREFIX = re.compile("[0-9]{7,11}")


def _fits(pattern: re.Pattern[str], text: str, field: str) -> str:
    if not pattern.fullmatch(text):
        raise Refusal("bad_value", field=field, value=text)
    return text


def _between(low: float, value: float | None, high: float, field: str) -> None:
    if value is not None and not low <= value <= high:
        raise Refusal("bad_value", field=field, value=str(value))


def site(command: PutSite) -> Site:
    """Give the site as commanded."""
    _fits(NAME, command.id, "id")
    _between(-90, command.latitude, 90, "latitude")
    _between(-180, command.longitude, 180, "longitude")
    if (command.latitude is None) != (command.longitude is None):
        raise Refusal("bad_value", field="longitude", value=str(command.longitude))
    _between(0, command.cut_off_minute, MINUTES - 1, "cut_off_minute")
    return Site(
        id=command.id,
        name=command.name or command.id,
        street=command.street,
        city=command.city,
        region=command.region,
        postcode=command.postcode,
        country=_fits(COUNTRY, command.country.strip().upper(), "country"),
        latitude=command.latitude,
        longitude=command.longitude,
        cut_off_minute=command.cut_off_minute,
        policy=policy(command.policy),
    )


def policy(given: Policy) -> Policy:
    """Give a policy that can be worked by."""
    for field, least in LEAST_POLICY.items():
        _between(least, getattr(given, field), MOST, field)
    _fits(SSCC_PREFIX, given.sscc_prefix, "sscc_prefix")
    return given


def place(command: PutBin) -> Bin:
    """Give the bin as commanded; its check digits are never all zero."""
    code = _fits(BIN_CODE, clean(command.code), "code")
    check = command.check or bin_digits(code)
    if not is_bin_digits(check):
        raise Refusal("bad_value", field="check", value=check)
    for field, value in (("x_mm", command.x_mm), ("y_mm", command.y_mm)):
        _between(-FARTHEST_MM, value, FARTHEST_MM, field)
    _between(0, command.level, HIGHEST_LEVEL, "level")
    if (command.way is not None) != (command.kind is BinKind.WAY):
        raise Refusal("bad_value", field="way", value=str(command.kind))
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
        way=command.way,
    )


def tote(command: PutTote) -> Tote:
    """Give the tote as commanded."""
    return Tote(_fits(NAME, command.id, "id"), command.site)


def station(command: PutStation) -> Station:
    """Give the pack station as commanded."""
    key = _fits(NAME, command.id, "id")
    return Station(key, command.site, command.name or command.id, command.scale, command.printer)


def carton(command: PutCarton) -> Carton:
    """Give the carton as commanded."""
    sizes = (command.length_mm, command.width_mm, command.height_mm)
    for field, value in zip(("length_mm", "width_mm", "height_mm"), sizes, strict=True):
        _between(1, value, LONGEST_MM, field)
    _between(0, command.weight_g, HEAVIEST_G, "weight_g")
    _between(1, command.most_g, HEAVIEST_G, "most_g")
    return Carton(_fits(NAME, command.id, "id"), command.site, *sizes, command.weight_g, command.most_g)
