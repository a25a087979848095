"""The courses: can the folder be read, is it faulty, and is it what people are shown?"""

from pathlib import Path

from sqlalchemy import inspect, select

from lms.content import how_to_sign_off, read_library
from lms.content.course import Library
from lms.db import Database
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.models import Course, CourseVersion, ReferenceVersion

Published = dict[tuple[str, int], str]  # (name, number) -> hash of the content


def check_courses(folder: Path, database: Database | None) -> list[Finding]:
    """The folder against itself and, where the database can be read, against what is published."""
    published = _published(database) if database is not None else None
    found = _check_published(published)
    if not folder.is_dir():
        what = "Only `flask lms check` and `load` read it: right where courses were loaded from elsewhere."
        return [*found, advise("courses", f"there is no folder {folder.resolve()}.", what)]
    library, faults = read_library(folder)
    if faults:
        text = f"{len(faults)} faults in {folder}; the first: {faults[0]}"
        return [*found, wrong("courses", text, "flask lms check lists them. Until then nothing can be loaded.")]
    if published is None:
        return [*found, fine("courses", f"{len(library.courses)} in {folder}, without faults.")]
    return found + _compare(library, published, folder)


def _published(database: Database) -> Published | None:
    with database.read() as session:
        if not inspect(session.connection()).has_table(CourseVersion.__tablename__):
            return None
        courses = session.execute(
            select(Course.slug, CourseVersion.number, CourseVersion.content_hash).join(
                CourseVersion, CourseVersion.course_id == Course.id
            )
        )
        references = session.execute(
            select(ReferenceVersion.kind, ReferenceVersion.number, ReferenceVersion.content_hash)
        )
        return {(name, number): content_hash for name, number, content_hash in (*courses, *references)}


def _check_published(published: Published | None) -> list[Finding]:
    if published is None or published:
        return []
    return [advise("courses", "none is published, so there is nothing to learn.", "flask lms load publishes them.")]


def _compare(library: Library, published: Published, folder: Path) -> list[Finding]:
    """The folder's versions that are not published, and those that are, with other content."""
    unsigned = {(course.slug, course.number): course.waits_for for course in library.courses if course.waits_for}
    given = {(course.slug, course.number): course.content_hash for course in library.courses}
    given |= {(reference.kind, reference.number): reference.content_hash for reference in library.references}
    waiting = sorted(name for name in given if name not in published and name not in unsigned)
    changed = sorted(name for name in given if published.get(name, given[name]) != given[name])
    found = [_unsigned(name, who, published.get(name) == given[name]) for name, who in sorted(unsigned.items())]
    if changed:
        text = f"{_listed(changed)}: the folder's content is not what was published under this number."
        found.append(wrong("courses", text, "Published versions never change: give the new content a new `version`."))
    if waiting:
        text = f"{_listed(waiting)} in {folder}: not published yet."
        found.append(advise("courses", text, "flask lms load publishes them."))
    return found or [fine("courses", f"{len(library.courses)} in {folder}, all published as they are.")]


def _unsigned(name: tuple[str, int], who: str, is_open: bool) -> Finding:
    """A course that nobody has signed off; it may be open all the same, where the file of its sign-offs was lost."""
    text = f"{name[0]} version {name[1]} is not signed off by: {who}."
    text += " Learners can open it: its sign-off was taken away later." if is_open else " It is not loaded."
    return (wrong if is_open else advise)("courses", text, how_to_sign_off(name[0]))


def _listed(names: list[tuple[str, int]]) -> str:
    shown = ", ".join(f"{name} version {number}" for name, number in names[:4])
    return shown + (f" and {len(names) - 4} others" if len(names) > 4 else "")
