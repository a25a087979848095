"""Who works where and reports to whom: the organisation before anybody has learned anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lms.demonstration.cast import ACCOUNTS, HEADS, Part
from lms.demonstration.names import Name, NameBook
from lms.demonstration.places import (
    AFRICA,
    AMERICAS_ASIA,
    BY_CODE,
    DOMAIN,
    HUB,
    PARTNERS,
    above,
    country_offices,
    programme_units,
    region,
)

TEAM = 12  # more people than this in a place get a level between them
_AT_THE_HUB = ("audit", "legal", "risk", "grants")
_IN_THE_FIELD = ("programme", "programme", "programme", "meal", "safeguarding", "finance", "logistics")
_LEADS = ("Executive Director", "Regional Director", "Country Director", "Programme Unit Manager", "Director")
_TITLES = {
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
    """Somebody in the organisation; `number` is HR's or the partner's own, `manager` is another one's number."""

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
    joins_late: bool = False
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
    joins_late: bool = False


def compose(random: Random, *, people: int, functions: Functions, first_day: date, late_day: date) -> list[Member]:
    """The members: the fixed ones in front. Newcomers start on `late_day`, the others before `first_day`."""
    names = NameBook(random)
    partner_count = round(people / 4)
    staff = [part for part in (*HEADS, *ACCOUNTS) if not part.partner]
    partner_staff = [part for part in (*HEADS, *ACCOUNTS) if part.partner]
    posts = _staff_posts(random, functions, people - partner_count - len(staff))
    posts += _partner_posts(functions, partner_count - len(partner_staff))
    known = set(functions.staff + functions.partner)
    members = [_played(part, known, number) for number, part in enumerate([*staff, *partner_staff], start=1)]
    for number, post in enumerate(posts, start=len(members) + 1):
        local = bool(post.partner) or (post.unit in programme_units() and random.random() < 0.5)
        name = names.draw(BY_CODE[post.unit].country if local else "")
        members.append(_drawn(name, post, known, number))
    dated = [replace(m, starts_on=late_day if m.joins_late else _earlier(random, first_day)) for m in members]
    managers = _managers(dated)
    return [replace(m, manager=managers.get(m.number, "")) for m in dated]


def _staff_posts(random: Random, functions: Functions, count: int) -> list[_Post]:
    """First what every organisation of this size has, then heads of units, then more people."""
    posts = list(_one_of_each(functions))[:count]
    heads = [_Post(unit, "leadership", "Country Director") for unit in country_offices()]
    heads += [_Post(unit, "leadership", "Regional Director") for unit in (AFRICA, AMERICAS_ASIA)]
    led = {part.unit for part in ACCOUNTS if part.job_title in _LEADS}
    heads += [_Post(unit, "programme", "Programme Unit Manager") for unit in programme_units() if unit not in led]
    posts = heads[: count - len(posts)] + posts
    more = [_more_staff(random, functions) for _ in range(count - len(posts))]
    newcomers = len(more) // 4
    in_africa = [i for i, post in enumerate(more) if region(post.unit) == AFRICA][:newcomers]
    return posts + [replace(post, joins_late=i in in_africa) for i, post in enumerate(more)]


def _one_of_each(functions: Functions) -> Iterator[_Post]:
    """A post for each function that nobody of the cast has."""
    missing = [code for code in functions.staff if code not in {part.function for part in (*HEADS, *ACCOUNTS)}]
    offices = country_offices()
    in_the_field = [code for code in missing if code not in _AT_THE_HUB]
    for code in missing:
        unit = HUB if code in _AT_THE_HUB else offices[in_the_field.index(code) % len(offices)]
        yield _Post(unit, code, _TITLES.get(code, "Officer"))


def _more_staff(random: Random, functions: Functions) -> _Post:
    unit = random.choice([HUB, AFRICA, AMERICAS_ASIA, *country_offices(), *programme_units() * 2])
    wanted = _IN_THE_FIELD if unit in programme_units() else functions.staff
    function = random.choice([code for code in wanted if code != "leadership"] or [""])
    return _Post(unit, function, _TITLES.get(function, "Officer"))


def _partner_posts(functions: Functions, count: int) -> list[_Post]:
    """A leader for each partner that has none in the cast, then people in turn."""
    led = {part.partner for part in HEADS}
    posts = [_Post(p.unit, "partner-leadership", "Director", p.code) for p in PARTNERS if p.code not in led]
    others = [code for code in functions.partner if code != "partner-leadership"] or [""]
    for number in range(count - len(posts)):
        partner, function = PARTNERS[number % len(PARTNERS)], others[(number + number // len(PARTNERS)) % len(others)]
        posts.append(_Post(partner.unit, function, _TITLES.get(function, "Officer"), partner.code))
    return posts


def _played(part: Part, known: set[str], number: int) -> Member:
    function = part.function if part.function in known else ""
    return Member(
        number=_number(part.partner, number), given=part.given, family=part.family, preferred="", email=part.email,
        language="en", unit=part.unit, partner=part.partner, function=function, job_title=part.job_title,
        in_words=part.in_words, starts_on=date.min,
    )  # fmt: skip


def _drawn(name: Name, post: _Post, known: set[str], number: int) -> Member:
    domain = next((partner.domain for partner in PARTNERS if partner.code == post.partner), DOMAIN)
    return Member(
        number=_number(post.partner, number), given=name.given, family=name.family, preferred=name.preferred,
        email=f"{name.local}@{domain}", language=name.language, unit=post.unit, partner=post.partner,
        function=post.function if post.function in known else "", job_title=post.title, in_words="",
        starts_on=date.min, joins_late=post.joins_late,
    )  # fmt: skip


def _number(partner: str, number: int) -> str:
    """Leading zeros for own staff: HR's numbers are text."""
    return f"{partner}-{number:04}" if partner else f"{number:06}"


def _earlier(random: Random, first_day: date) -> date:
    return first_day - timedelta(days=random.randint(40, 3000))


def _managers(members: Sequence[Member]) -> Mapping[str, str]:
    """Number -> the manager's number: inside a place a tree of teams, its head under the head of the next place."""
    places: dict[str, list[Member]] = {}
    for member in members:
        places.setdefault(member.partner or member.unit, []).append(member)
    ranked = {place: sorted(here, key=_rank) for place, here in places.items()}
    managers = {}
    for here in ranked.values():
        for rank, member in enumerate(here):
            if rank:
                managers[member.number] = here[(rank - 1) // TEAM].number
            elif not member.partner:
                heads = [ranked[unit][0].number for unit in above(member.unit)[1:] if unit in ranked]
                managers[member.number] = heads[0] if heads else ""
    return managers


def _rank(member: Member) -> tuple[bool, bool]:
    """Heads first; newcomers last, so that nobody in HR's first file reports to somebody in the second."""
    return member.job_title not in _LEADS, member.joins_late
