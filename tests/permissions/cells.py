"""Who there is, whom each reaches, and the shape of a cell of the policy: written down by hand from security.md.

Nothing here is derived from `lms.permissions`; who changes the policy changes both, knowingly.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.filled import PARTNERS, PEOPLE

ALL = frozenset(PEOPLE)
STAFF = ALL - set(PARTNERS)
MANAGERS = frozenset({"kofi", "ingrid", "tupac"})
HR = frozenset({"ingrid", "nadia"})
AUTHORS = frozenset({"olga", "wei"})  # of all courses; of the course `basics` alone
ADMINISTRATORS = frozenset({"sam"})
# Who reports to whom today, and over whom and which units an HR officer was set.
REPORTS = {"kofi": {"amina", "wei"}, "ingrid": {"kofi", "jose", "nadia", "olga", "sam"}, "tupac": {"rosa"}}
OVERSEEN = {"ingrid": set(ALL), "nadia": {"amina", "wei", "kofi", "nadia"}}
OVERSEEN_UNITS = {"ingrid": {"unit HUB", "unit KE", "unit PE"}, "nadia": {"unit KE"}}
MANAGER = {person: manager for manager, people in REPORTS.items() for person in people}


def visible(person: str | None, endpoint: str) -> set[str]:
    """Whose names a page may show: one's own, one's manager's, one's team's, those of people one was set over."""
    if endpoint in ("roles", "audit", "jobs", "verify_number"):  # who holds a number reads the name that belongs to it
        return set(ALL)
    if person is None:
        return set()
    return {person, MANAGER.get(person, "")} | REPORTS.get(person, set()) | OVERSEEN.get(person, set())


Reach = Callable[[str], set[str]]


def own(person: str) -> set[str]:
    return {person}


def own_and_overseen(person: str) -> set[str]:
    return {person} | OVERSEEN.get(person, set())


def overseen(person: str) -> set[str]:
    return OVERSEEN.get(person, set())


def assigned(person: str) -> set[str]:
    return REPORTS.get(person, set()) | OVERSEEN.get(person, set()) | OVERSEEN_UNITS.get(person, set())


def over(person: str) -> set[str]:
    return REPORTS.get(person, set()) | OVERSEEN.get(person, set())


def reports(person: str) -> set[str]:
    return REPORTS.get(person, set())


def exported(person: str) -> set[str]:
    return {"ingrid", "nadia"} if person == "ingrid" else {person}  # who oversees everything sees every export


def open_courses(person: str) -> set[str]:
    return {"basics", "third", "timed"} if person in PARTNERS else {"basics", "third", "timed", "other", "inside"}


def authored(person: str) -> set[str]:
    return {"basics"} if person == "wei" else {"basics", "third", "timed", "other", "inside"}


def assigned_by_others(person: str) -> set[str]:
    return {"wei"} if person == "kofi" else set()  # HR asked it of wei: his manager sees it and cannot take it back


def everything(_person: str) -> set[str]:
    return {"there"}


def nothing(_person: str) -> set[str]:
    return set()


COURSES = {slug: slug for slug in ("basics", "third", "timed", "other", "inside")}
SECTIONS = {"basics": "basics/sections/listen-first", "third": "third/sections/table", "other": "other/sections/ears",
            "inside": "inside/sections/ears", "timed": "timed/sections/ears"}  # fmt: skip
# A child of another parent, a parent that is not there, and a name that nothing has.
NO_SECTIONS = ("basics/sections/table", "absent/sections/table", "third/sections/absent")
# Kinds of object whose names are known beforehand; the others come from the filled world.
KNOWN = {
    "course": COURSES,
    "previewed section": {slug: path.replace("/", "/preview/", 1) for slug, path in SECTIONS.items()},
    "previewed media": {
        "basics": "basics/preview/sections/media/hands.svg",
        "inside": "inside/preview/sections/media/ear.svg",
    },
    "section": SECTIONS,
    "media": {"basics": "basics/sections/media/hands.svg", "inside": "inside/sections/media/ear.svg"},
    "level": {"there": "PC1"},
    "version": {slug: f"{slug}/versions/{2 if slug == 'basics' else 1}" for slug in COURSES},
    "question": {
        slug: f"{slug}/versions/{2 if slug == 'basics' else 1}/questions/{'late-form' if slug == 'basics' else 'one'}"
        for slug in COURSES
    },
    "file": {"there": "lms.css"},
}
ABSENT = {
    "section": NO_SECTIONS,
    "media": ("third/sections/media/hands.svg", "basics/sections/media/absent.svg"),
    "previewed section": ("basics/preview/sections/table", "absent/preview/sections/table"),
    "previewed media": ("third/preview/sections/media/hands.svg", "basics/preview/sections/media/absent.svg"),
    "version": ("basics/versions/99", "absent/versions/1"),
    "report": ("basics/versions/2/reports/absent", "absent/versions/1/reports/absent"),
    "question": ("basics/versions/2/questions/absent", "absent/versions/1/questions/one"),
    "file": ("absent.css", "../web/gate.py", "quiz.css"),
}
PUBLIC, SIGNED_IN = "public", "signed in"


@dataclass(frozen=True)
class Cell:
    """One method of one route: for whom, on what, and how it ends where it is allowed."""

    path: str  # `{}` is the object's public name
    who: frozenset[str] = ALL
    kind: str = ""
    reach: Reach = everything
    barred: Reach = nothing  # in sight, but not theirs to do: 403
    ends: tuple[int, ...] = (200,)  # statuses of the allowed
    changes: tuple[str, ...] = ()  # tables that an allowed write changes; another set fails
    follows: tuple[str, ...] = ()  # tables that may follow, where there is something to derive anew
    send: dict[str, str] = field(default_factory=dict)
    door: str = ""  # PUBLIC or SIGNED_IN where no role is asked for


def owner_for(cell: Cell, person: str, objects: dict[str, str]) -> str:
    """Somebody on whose object (by owner) the person may do it: themselves where they can."""
    able = (cell.reach(person) - cell.barred(person)) & ALL & set(objects)
    return person if person in able else min(able, default=person)
