"""The fictional organisation's units and partner organisations; no real organisation is meant.

Units carry names of landscapes, so that a country's name stands nowhere but in its ISO code. The small organisation
is told in full; a larger one grows by more countries, more programme units in each, and more partners.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

DOMAIN = "lanternbridge.example"
HUB, AFRICA, AMERICAS_ASIA = "LB", "LB-AF", "LB-AA"
_STAFF_OF_A_PROGRAMME_UNIT, _PEOPLE_OF_A_PARTNER, _PEOPLE_OF_A_COUNTRY = 16, 12, 200


@dataclass(frozen=True)
class Unit:
    """A unit as HR's file names it; `tags` are separated by ;, `zone` is the local time's hours from UTC."""

    code: str
    name: str
    parent: str
    country: str
    tags: str
    zone: int = 0


@dataclass(frozen=True)
class Partner:
    """A partner organisation, and the unit that it works with."""

    code: str
    name: str
    types: str
    country: str
    unit: str
    domain: str


_UNITS = (
    Unit(HUB, "Lantern Bridge Global Hub", "", "CH", "global_hub", 1),
    Unit(AFRICA, "Regional Hub Africa", HUB, "KE", "regional_hub", 3),
    Unit(AMERICAS_ASIA, "Regional Hub Americas and Asia", HUB, "PA", "regional_hub", -5),
    Unit("LB-GH", "Country Office Volta", AFRICA, "GH", "country_office"),
    Unit("LB-PE", "Country Office Andes", AMERICAS_ASIA, "PE", "country_office", -5),
    Unit("LB-TZ", "Country Office Kilimanjaro", AFRICA, "TZ", "country_office", 3),
    Unit("LB-NP", "Country Office Himalaya", AMERICAS_ASIA, "NP", "country_office", 6),
    Unit("LB-JO", "Country Office Levant", AMERICAS_ASIA, "JO", "country_office;liaison_office", 3),
    Unit("LB-GH-1", "Programme Unit Volta North", "LB-GH", "GH", "programme_unit"),
    Unit("LB-GH-2", "Programme Unit Volta Coast", "LB-GH", "GH", "programme_unit"),
    Unit("LB-TZ-1", "Programme Unit Kilimanjaro Lakes", "LB-TZ", "TZ", "programme_unit", 3),
    Unit("LB-PE-1", "Programme Unit Andes Highlands", "LB-PE", "PE", "programme_unit", -5),
    Unit("LB-PE-2", "Programme Unit Andes River", "LB-PE", "PE", "programme_unit", -5),
    Unit("LB-NP-1", "Programme Unit Himalaya Terai", "LB-NP", "NP", "programme_unit", 6),
    Unit("LB-JO-1", "Programme Unit Levant East", "LB-JO", "JO", "programme_unit", 3),
)
_PARTNERS = (
    Partner("RIO", "Río Claro Women's Network", "women-led;network", "PE", "LB-PE-1", "rioclaro.example"),
    Partner("TUM", "Tumaini Youth Circle", "youth-led;community-based", "TZ", "LB-TZ-1", "tumaini.example"),
    Partner("NAD", "Nadi Health Union", "national-ngo", "NP", "LB-NP-1", "nadiunion.example"),
    Partner("OFD", "Open Ferry Disability Forum", "network;national-ngo", "GH", "LB-GH-2", "openferry.example"),
)
# Regional hubs of a larger organisation: code -> name, country, zone.
_HUBS = {
    "LB-EM": ("Regional Hub Europe and Middle East", "AT", 1),
    "LB-SS": ("Regional Hub Monsoon and South Seas", "LK", 5),
    "LB-SW": ("Regional Hub Sahel and West", "SN", 0),
    "LB-CC": ("Regional Hub Caribbean and Isthmus", "DO", -4),
}
# More countries, in the order in which they are added: ISO code, landscape, regional hub, zone.
_COUNTRIES = (
    "UA;Dnipro;EM;2", "LK;Lagoon;SS;5", "SN;Baobab;SW;0", "CO;Páramo;CC;-5", "GE;Caucasus;EM;4", "BD;Delta;SS;6",
    "ML;Niger Bend;SW;0", "GT;Quetzal;CC;-6", "LB;Cedar;EM;2", "PH;Thousand Isles;SS;8", "BF;Savanna;SW;0",
    "HT;Massif;CC;-5", "BA;Karst;EM;1", "ID;Spice Sea;SS;7", "NG;Middle Belt;SW;1", "BO;Altiplano;AA;-4",
    "ET;Rift;AF;3", "VN;Red River;SS;7", "SL;Peninsula;SW;0", "EC;Equator;CC;-5", "MD;Steppe;EM;2",
    "MM;Irrawaddy;SS;6", "UG;Springs;AF;3", "KH;Great Lake;SS;7", "HN;Cloud Forest;CC;-6", "AM;Ararat;EM;4",
    "CM;Crater;SW;1", "RW;Thousand Hills;AF;2", "FJ;Lagoon Ring;SS;12", "PY;Chaco;AA;-4", "EG;Nile Valley;EM;2",
    "MW;Long Lake;AF;2", "NE;Sands;SW;1", "BR;Sertão;AA;-3", "MG;Red Island;AF;3", "AL;Drin;EM;1",
    "PG;Coral Highlands;SS;10", "ZM;Gorge;AF;2", "TG;Palm Coast;SW;0", "NI;Volcano;CC;-6", "KG;Celestial Range;EM;6",
    "TL;Crocodile Isle;SS;9", "MZ;Southern Shore;AF;2", "SV;Coffee Slopes;CC;-6",
)  # fmt: skip
_PARTS = (
    "North", "Coast", "Lakes", "Highlands", "River", "East", "West", "South", "Plains", "Valley", "Forest", "Border",
    "Islands", "Old Town", "Crossroads", "Harbour", "Foothills", "Oases",
)  # fmt: skip
_FOUNDERS = (
    "Loom", "Footbridge", "Granary", "Kite", "Paddle", "Well", "Drumbeat", "Seedling", "Kiln", "Ferry", "Market Day",
    "Lighthouse", "Threshold", "Basket", "Millstone", "Open Door",
)  # fmt: skip
_KINDS = (
    ("Women's Circle", "women-led;community-based"), ("Youth League", "youth-led;community-based"),
    ("Health Union", "national-ngo"), ("Disability Forum", "network;national-ngo"),
    ("Herders' Association", "community-based"), ("Learning Trust", "national-ngo"), ("Relief Network", "network"),
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """The units, those above before those below, and the partners."""

    units: tuple[Unit, ...]
    partners: tuple[Partner, ...]

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """The units by their codes."""
        return {unit.code: unit for unit in self.units}

    def tagged(self, tag: str) -> list[str]:
        """The codes of the units of a kind, e.g. country_office."""
        return [unit.code for unit in self.units if tag in unit.tags.split(";")]

    def above(self, code: str) -> list[str]:
        """The unit and those above it, the nearest first."""
        line = [code]
        while parent := self.by_code[line[-1]].parent:
            line.append(parent)
        return line

    def region(self, code: str) -> str:
        """The regional hub of a unit, or the global hub."""
        line = self.above(code)
        return line[-2] if len(line) > 1 else HUB


def lay_out(people: int) -> Places:
    """The places of an organisation of so many people."""
    units = [*_UNITS, *_more_countries(max(0, people - 150) // _PEOPLE_OF_A_COUNTRY)]
    have = sum(unit.tags == "programme_unit" for unit in units)
    units += _more_programme_units(units, people * 3 // 4 // _STAFF_OF_A_PROGRAMME_UNIT - have)
    partners = [*_PARTNERS, *_more_partners(units, people // 4 // _PEOPLE_OF_A_PARTNER - len(_PARTNERS))]
    return Places(tuple(units), tuple(partners))


def _more_countries(count: int) -> Iterator[Unit]:
    """Country offices with one programme unit each, and the regional hubs that they need."""
    known = {unit.code for unit in _UNITS}
    for iso, name, suffix, zone in (line.split(";") for line in _COUNTRIES[:count]):
        hub = f"LB-{suffix}"
        if hub not in known:
            known.add(hub)
            title, country, hours = _HUBS[hub]
            yield Unit(hub, title, HUB, country, "regional_hub", hours)
        yield Unit(f"LB-{iso}", f"Country Office {name}", hub, iso, "country_office", int(zone))
        yield Unit(f"LB-{iso}-1", f"Programme Unit {name} {_PARTS[0]}", f"LB-{iso}", iso, "programme_unit", int(zone))


def _more_programme_units(units: list[Unit], count: int) -> Iterator[Unit]:
    """Round by round one more in each country, as long as there are names."""
    offices = [unit for unit in units if "country_office" in unit.tags]
    taken = {unit.name for unit in units}
    numbers = {office.code: sum(unit.parent == office.code for unit in units) for office in offices}
    wanted = ((office, part) for part in _PARTS for office in offices)
    for office, part in wanted:
        name = f"Programme Unit {office.name.removeprefix('Country Office ')} {part}"
        if count > 0 and name not in taken:
            count -= 1
            numbers[office.code] += 1
            code = f"{office.code}-{numbers[office.code]}"
            yield Unit(code, name, office.code, office.country, "programme_unit", office.zone)


def _more_partners(units: list[Unit], count: int) -> Iterator[Partner]:
    """Partners of the programme units in turn."""
    programme = [unit for unit in units if unit.tags == "programme_unit"]
    for number in range(max(0, count)):
        unit = programme[(number * 7 + 5) % len(programme)]
        founder = _FOUNDERS[number % len(_FOUNDERS)]
        kind, types = _KINDS[number % len(_KINDS)]
        place = unit.name.removeprefix("Programme Unit ")
        local = f"{founder}{number + 1}".lower().replace(" ", "")
        yield Partner(
            f"P{number + 1:03}", f"{place} {founder} {kind}", types, unit.country, unit.code, f"{local}.example"
        )
