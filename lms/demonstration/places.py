"""The fictional organisation's units and partner organisations; no real organisation is meant.

Units carry names of landscapes, so that a country's name stands nowhere but in its ISO code.
"""

from dataclasses import dataclass

DOMAIN = "lanternbridge.example"
HUB, AFRICA, AMERICAS_ASIA = "LB", "LB-AF", "LB-AA"


@dataclass(frozen=True)
class Unit:
    """A unit as HR's file names it; `tags` are separated by ;"""

    code: str
    name: str
    parent: str
    country: str
    tags: str


@dataclass(frozen=True)
class Partner:
    """A partner organisation, and the unit that it works with."""

    code: str
    name: str
    types: str
    country: str
    unit: str
    domain: str


UNITS = (
    Unit(HUB, "Lantern Bridge Global Hub", "", "CH", "global_hub"),
    Unit(AFRICA, "Regional Hub Africa", HUB, "KE", "regional_hub"),
    Unit(AMERICAS_ASIA, "Regional Hub Americas and Asia", HUB, "PA", "regional_hub"),
    Unit("LB-GH", "Country Office Volta", AFRICA, "GH", "country_office"),
    Unit("LB-GH-1", "Programme Unit Volta North", "LB-GH", "GH", "programme_unit"),
    Unit("LB-GH-2", "Programme Unit Volta Coast", "LB-GH", "GH", "programme_unit"),
    Unit("LB-TZ", "Country Office Kilimanjaro", AFRICA, "TZ", "country_office"),
    Unit("LB-TZ-1", "Programme Unit Kilimanjaro Lakes", "LB-TZ", "TZ", "programme_unit"),
    Unit("LB-PE", "Country Office Andes", AMERICAS_ASIA, "PE", "country_office"),
    Unit("LB-PE-1", "Programme Unit Andes Highlands", "LB-PE", "PE", "programme_unit"),
    Unit("LB-PE-2", "Programme Unit Andes River", "LB-PE", "PE", "programme_unit"),
    Unit("LB-NP", "Country Office Himalaya", AMERICAS_ASIA, "NP", "country_office"),
    Unit("LB-NP-1", "Programme Unit Himalaya Terai", "LB-NP", "NP", "programme_unit"),
    Unit("LB-JO", "Country Office Levant", AMERICAS_ASIA, "JO", "country_office;liaison_office"),
    Unit("LB-JO-1", "Programme Unit Levant East", "LB-JO", "JO", "programme_unit"),
)
PARTNERS = (
    Partner("RIO", "Río Claro Women's Network", "women-led;network", "PE", "LB-PE-1", "rioclaro.example"),
    Partner("TUM", "Tumaini Youth Circle", "youth-led;community-based", "TZ", "LB-TZ-1", "tumaini.example"),
    Partner("NAD", "Nadi Health Union", "national-ngo", "NP", "LB-NP-1", "nadiunion.example"),
    Partner("OFD", "Open Ferry Disability Forum", "network;national-ngo", "GH", "LB-GH-2", "openferry.example"),
)
BY_CODE = {unit.code: unit for unit in UNITS}


def country_offices() -> list[str]:
    """The codes of the country offices, one of each region in turn."""
    return ["LB-GH", "LB-PE", "LB-TZ", "LB-NP", "LB-JO"]


def programme_units() -> list[str]:
    """The codes of the programme units."""
    return [unit.code for unit in UNITS if unit.tags == "programme_unit"]


def above(code: str) -> list[str]:
    """The unit and those above it, the nearest first."""
    line = [code]
    while BY_CODE[line[-1]].parent:
        line.append(BY_CODE[line[-1]].parent)
    return line


def region(code: str) -> str:
    """The regional hub of a unit, or the global hub."""
    return next(unit for unit in above(code) if unit in (AFRICA, AMERICAS_ASIA, HUB))
