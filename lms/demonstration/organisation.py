"""Who works where and reports to whom: the organisation before anybody has learned anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lms.demonstration.cast import ACCOUNTS, HEADS, Part
from lms.demonstration.names import Name, NameBook
from lms.demonstration.places import AFRICA, DOMAIN, HUB, Places

TEAM = 12  # more people than this in a place get a level between them
ENTRANCES = 11  # HR's later files, in which people come, go and move
_AT_THE_HUB = ("audit", "legal", "risk", "grants")
_IN_THE_FIELD = ("programme", "programme", "programme", "meal", "safeguarding", "finance", "logistics")
LEADS = ("Executive Director", "Regional Director", "Country Director", "Programme Unit Manager", "Director")
TITLES = {
    "programme": "Programme Officer", "influence": "Advocacy Adviser", "meal": "MEAL Officer",
    "finance": "Finance Officer", "grants": "Grants Manager", "human-resources": "HR Officer",
    "administration": "Office Administrator", "logistics": "Logistics and Procurement Officer",
    "audit": "Internal Auditor", "safeguarding": "Safeguarding Adviser", "legal": "Legal Counsel",
    "risk": "Risk and Compliance Officer", "communications": "Communications Officer", "it": "IT Officer",
    "leadership": "Deputy Director", "partner-programme": "Project Officer",
    "partner-operations": "Finance and HR Officer",
    "partner-leadership": "Deputy Director",
}  # fmt: skip


@dataclass(frozen=True)
class Functions:
    """The codes of the published functions, for own staff and for partner staff."""

    staff: tuple[str, ...]
    partner: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """Somebody in the organisation; `number` is HR's or the partner's own, `manager` is another one's number.

    `entrance` is the number of HR's file in which they come, 0 being the first.
    """

    number: str
    given: str
    family: str
    preferred: str
    email: str
    language: str
    unit: str
    partner: str
    function: str
    job_title: str
    in_words: str
    starts_on: date
    entrance: int = 0
    manager: str = ""

    @property
    def display_name(self) -> str:
        """As the person wants to be called."""
        return self.preferred or " ".join(part for part in (self.given, self.family) if part)


@dataclass(frozen=True)
class _Post:
    unit: str
    function: str
    title: str
    partner: str = ""
    entrance: int = 0


def compose(random: Random, *, people: int, places: Places, functions: Functions, days: Sequence[date]) -> list[Member]:
    """The members: the fixed ones in front. `days` are those of HR's files, the first one being the story's first."""
    names = NameBook(random, (part.email.partition("@")[0] for part in (*HEADS, *ACCOUNTS)))
    partner_count = round(people / 4)
    staff = [part for part in (*HEADS, *ACCOUNTS) if not part.partner]
    partner_staff = [part for part in (*HEADS, *ACCOUNTS) if part.partner]
    posts = _staff_posts(random, places, functions, people - partner_count - len(staff))
    posts += _partner_posts(places, functions, partner_count - len(partner_staff))
    known = set(functions.staff + functions.partner)
    members = [_played(part, known, number) for number, part in enumerate([*staff, *partner_staff], start=1)]
    programme_units = set(places.tagged("programme_unit"))
    domains = {partner.code: partner.domain for partner in places.partners}
    for number, post in enumerate(posts, start=len(members) + 1):
        local = bool(post.partner) or (post.unit in programme_units and random.random() < 0.6)
        name = names.draw(places.by_code[post.unit].country if local else "")
        members.append(_drawn(name, post, known, number, domains.get(post.partner, DOMAIN)))
    dated = [replace(m, starts_on=days[m.entrance] if m.entrance else _earlier(random, days[0])) for m in members]
    managers = _managers(places, dated)
    return [replace(m, manager=managers.get(m.number, "")) for m in dated]


def _staff_posts(random: Random, places: Places, functions: Functions, count: int) -> list[_Post]:
    """First what every organisation of this size has, then heads of units, then more people."""
    posts = list(_one_of_each(places, functions))[:count]
    heads = [_Post(unit, "leadership", "Country Director") for unit in places.tagged("country_office")]
    heads += [_Post(unit, "leadership", "Regional Director") for unit in places.tagged("regional_hub")]
    led = {part.unit for part in ACCOUNTS if part.job_title in LEADS}
    programme_units = places.tagged("programme_unit")
    heads += [_Post(unit, "programme", "Programme Unit Manager") for unit in programme_units if unit not in led]
    posts = heads[: count - len(posts)] + posts
    weights = _weights(places)
    units = random.choices(list(weights), list(weights.values()), k=max(0, count - len(posts)))
    more = [_more_staff(random, unit, set(programme_units), functions) for unit in units]
    late = [i for i, post in enumerate(more) if places.region(post.unit) == AFRICA][: max(3, len(more) // 20)]
    early = random.sample(range(len(more)), len(more) // 6)
    entrances = {i: random.randint(1, ENTRANCES - 1) for i in early} | dict.fromkeys(late, ENTRANCES)
    return posts + [replace(post, entrance=entrances.get(i, 0)) for i, post in enumerate(more)]


def _weights(places: Places) -> Mapping[str, float]:
    """How many of the staff are where: the hubs grow slower than the rest."""
    offices, programme_units = places.tagged("country_office"), places.tagged("programme_unit")
    hub = max(1.0, len(programme_units) / 12)
    weights = dict.fromkeys(places.tagged("regional_hub"), hub / 2 + 0.5)
    return {HUB: hub, **weights, **dict.fromkeys(offices, 1.0), **dict.fromkeys(programme_units, 2.0)}


def _one_of_each(places: Places, functions: Functions) -> Iterator[_Post]:
    """A post for each function that nobody of the cast has."""
    missing = [code for code in functions.staff if code not in {part.function for part in (*HEADS, *ACCOUNTS)}]
    offices = places.tagged("country_office")
    in_the_field = [code for code in missing if code not in _AT_THE_HUB]
    for code in missing:
        unit = HUB if code in _AT_THE_HUB else offices[in_the_field.index(code) % len(offices)]
        yield _Post(unit, code, TITLES.get(code, "Officer"))


def _more_staff(random: Random, unit: str, programme_units: set[str], functions: Functions) -> _Post:
    wanted = _IN_THE_FIELD if unit in programme_units else functions.staff
    function = random.choice([code for code in wanted if code != "leadership"] or [""])
    return _Post(unit, function, TITLES.get(function, "Officer"))


def _partner_posts(places: Places, functions: Functions, count: int) -> list[_Post]:
    """A leader for each partner that has none in the cast, then people in turn."""
    led = {part.partner for part in HEADS}
    partners = places.partners
    posts = [_Post(p.unit, "partner-leadership", "Director", p.code) for p in partners if p.code not in led]
    others = [code for code in functions.partner if code != "partner-leadership"] or [""]
    for number in range(count - len(posts)):
        partner, function = partners[number % len(partners)], others[(number + number // len(partners)) % len(others)]
        posts.append(_Post(partner.unit, function, TITLES.get(function, "Officer"), partner.code))
    return posts


def _played(part: Part, known: set[str], number: int) -> Member:
    function = part.function if part.function in known else ""
    return Member(
        number=_number(part.partner, number), given=part.given, family=part.family, preferred="", email=part.email,
        language="en", unit=part.unit, partner=part.partner, function=function, job_title=part.job_title,
        in_words=part.in_words, starts_on=date.min,
    )  # fmt: skip


def _drawn(name: Name, post: _Post, known: set[str], number: int, domain: str) -> Member:
    return Member(
        number=_number(post.partner, number), given=name.given, family=name.family, preferred=name.preferred,
        email=f"{name.local}@{domain}", language=name.language, unit=post.unit, partner=post.partner,
        function=post.function if post.function in known else "", job_title=post.title, in_words="",
        starts_on=date.min, entrance=post.entrance,
    )  # fmt: skip


def _number(partner: str, number: int) -> str:
    """Leading zeros for own staff: HR's numbers are text."""
    return f"{partner}-{number:04}" if partner else f"{number:06}"


def _earlier(random: Random, first_day: date) -> date:
    return first_day - timedelta(days=random.randint(40, 3000))


def _managers(places: Places, members: Sequence[Member]) -> Mapping[str, str]:
    """Number -> the manager's number: inside a place a tree of teams, its head under the head of the next place."""
    here: dict[str, list[Member]] = {}
    for member in members:
        here.setdefault(member.partner or member.unit, []).append(member)
    ranked = {place: sorted(some, key=_rank) for place, some in here.items()}
    managers = {}
    for some in ranked.values():
        for rank, member in enumerate(some):
            if rank:
                managers[member.number] = some[(rank - 1) // TEAM].number
            elif not member.partner:
                heads = [ranked[unit][0].number for unit in places.above(member.unit)[1:] if unit in ranked]
                managers[member.number] = heads[0] if heads else ""
    return managers


def _rank(member: Member) -> tuple[bool, int]:
    """Heads first; newcomers last, so that nobody reports to somebody of a later file of HR's."""
    return member.job_title not in LEADS, member.entrance
