"""Where a country is, for an address that has no coordinates of its own."""

from __future__ import annotations

from server.sites.country_table import COUNTRIES

PLACES = {code: (latitude, longitude) for code, _, latitude, longitude in COUNTRIES}

ALIASES = {
    "America": "US",
    "Bahamas": "BS",
    "Bosnia": "BA",
    "Britain": "GB",
    "Burma": "MM",
    "Cabo Verde": "CV",
    "Channel Islands": "JE",
    "Czech Republic": "CZ",
    "Deutschland": "DE",
    "Eire": "IE",
    "England": "GB",
    "España": "ES",
    "Great Britain": "GB",
    "Holland": "NL",
    "Hong Kong SAR China": "HK",
    "Italia": "IT",
    "Ivory Coast": "CI",
    "Korea": "KR",
    "Macao": "MO",
    "Macao SAR China": "MO",
    "Macedonia": "MK",
    "Northern Ireland": "GB",
    "Österreich": "AT",
    "Palestinian Territories": "PS",
    "Republic of Ireland": "IE",
    "Republic of Korea": "KR",
    "RSA": "ZA",
    "Russian Federation": "RU",
    "Schweiz": "CH",
    "Scotland": "GB",
    "Slovak Republic": "SK",
    "Suisse": "CH",
    "Swaziland": "SZ",
    "The Netherlands": "NL",
    "Türkiye": "TR",
    "UAE": "AE",
    "UK": "GB",
    "United States of America": "US",
    "USA": "US",
    "Viet Nam": "VN",
    "Wales": "GB",
}
"""Other names that orders carry. "European Community" and "Unspecified" are on purpose no place."""

CODES = {name.casefold(): code for code, name, *_ in COUNTRIES}
CODES |= {name.casefold(): code for name, code in ALIASES.items()}


def country_code(country: str) -> str:
    """Give ISO 3166 alpha-2 for a code or an English name in any case; '' where it names no country."""
    text = " ".join(country.replace("&", " and ").split())
    return text.upper() if text.upper() in PLACES else CODES.get(text.casefold(), "")


def code_or_name(country: str) -> str:
    """Give ISO 3166 alpha-2, or what was written where that names no country we know."""
    return country_code(country) or country.strip()


def centroid(country: str) -> tuple[float, float] | None:
    """Give the point (latitude, longitude in degrees) that stands for a country's customers; None if unknown.

    It is a large city near most of them, not the middle of the land, where often nobody lives.
    """
    return PLACES.get(country_code(country))
