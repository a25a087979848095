"""The catalogue: what is open to a reader, with their own standing in it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from lms.models import CURRENT_VERSION, Course, CourseVersion
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.services.courses import Audience, audience, join_texts, localised, open_to, with_standing
from lms.services.framework import current_references
from lms.services.scope import own, rows
from lms.services.standings import COLUMNS, read_standing

DONE = {rule.Status.COMPLETED, rule.Status.CERTIFIED, rule.Status.WAIVED}


@dataclass(frozen=True)
class CatalogueFilter:
    """What the reader looks for; empty means everything."""

    text: str = ""
    competency: str = ""
    most_minutes: int | None = None


@dataclass(frozen=True)
class CatalogueEntry:
    """A course in the catalogue, with the reader's own standing in it."""

    slug: str
    code: str
    title: str
    summary: str
    minutes: int
    competencies: dict[str, int]
    status: str | None
    due_on: date | None


@dataclass(frozen=True)
class PathEntry:
    """Courses in a suggested order: those that are open to the reader; `total` counts the others, too."""

    name: str
    line: str
    courses: list[CatalogueEntry]
    done: int
    total: int


def list_courses(session: Session, actor: Actor, *, wanted: CatalogueFilter) -> list[CatalogueEntry]:
    """The courses that are open to the actor, by code; one query."""
    require(actor, "courses.read")
    found = rows(session, _catalogue(audience(actor)), own(actor))
    entries = [_entry(row, actor.today) for row in found]
    return [entry for entry in entries if _matches(entry, wanted)]


def list_paths(session: Session, actor: Actor, *, courses: Sequence[CatalogueEntry]) -> list[PathEntry]:
    """The paths for people like the actor, as far as their courses are among those that are open; one query."""
    require(actor, "courses.read")
    people = audience(actor).value
    paths = current_references(session, "paths").get("paths", {}).get("paths", [])
    by_code = {course.code: course for course in courses}
    found = [_path(path, by_code) for path in paths if people in path.get("audience", [people])]
    return [path for path in found if path.courses]


def _path(path: Mapping[str, Any], by_code: Mapping[str, CatalogueEntry]) -> PathEntry:
    courses = [by_code[code] for code in path["courses"] if code in by_code]
    done = sum(course.status in DONE for course in courses)
    return PathEntry(path["name"], path["line"], courses, done, len(path["courses"]))


def _entry(row: Any, today: date) -> CatalogueEntry:
    standing = read_standing(row[-len(COLUMNS) :])
    return CatalogueEntry(
        row.slug, row.code, row.title, row.summary, row.minutes, row.competencies,
        rule.status(standing, today) if standing else None, standing.due_on if standing else None,
    )  # fmt: skip


@cache
def _catalogue(people: Audience) -> Executable:
    preferred, source = localised()
    query = (
        select(Course.slug, Course.code, func.coalesce(preferred.title, source.title).label("title"))
        .add_columns(func.coalesce(preferred.summary, source.summary).label("summary"))
        .add_columns(CourseVersion.minutes, CourseVersion.competencies, *COLUMNS)
        .join(CourseVersion, CURRENT_VERSION)
    )
    return with_standing(join_texts(query, preferred, source)).where(open_to(people)).order_by(Course.code)


def _matches(entry: CatalogueEntry, wanted: CatalogueFilter) -> bool:
    return (
        (not wanted.competency or wanted.competency in entry.competencies)
        and (wanted.most_minutes is None or entry.minutes <= wanted.most_minutes)
        and _is_found(entry, wanted.text)
    )


def _is_found(entry: CatalogueEntry, text: str) -> bool:
    words = _folded(text).split()
    if not words:  # most often nothing is looked for, and folding every summary took a third of the page
        return True
    found_in = _folded(f"{entry.code} {entry.title} {entry.summary}")
    return all(word in found_in for word in words)


def _folded(text: str) -> str:
    """Without case and accents: "equite" finds "équité"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
