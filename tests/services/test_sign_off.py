"""What nobody has signed off is not published, by whatever way it comes."""

from pathlib import Path

from sqlalchemy import select

from lms.content import append_sign_off, load_library
from lms.content.course import SignOff
from lms.db import Database
from lms.models import AuditEntry, Course, CourseVersion
from lms.permissions import operator
from lms.services.publishing import Published, publish_library
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, write_library

WHO = "a specialist"
ASKING = f"{OTHER_COURSE}sign_off: {WHO}\n"


def publish(database: Database, folder: Path) -> Published:
    """What became of the course `other`."""
    with database.transaction() as session:
        done = publish_library(session, operator(world.NOW), library=load_library(folder))
    return next(item for item in done if item.name == "other")


def sign(folder: Path) -> None:
    course = next(course for course in load_library(folder).courses if course.slug == "other")
    append_sign_off(folder / "other", course, SignOff("Awa Diop", "specialist", world.TODAY), world.TODAY)


def versions(database: Database) -> list[tuple[int, bool]]:
    query = select(CourseVersion.number, CourseVersion.is_current).join(Course).where(Course.slug == "other")
    with database.read() as session:
        return [(number, is_current) for number, is_current in session.execute(query.order_by(CourseVersion.number))]


def test_it_is_left_out_until_it_is_signed_off(database: Database, tmp_path: Path) -> None:
    folder = write_library(tmp_path / "courses", {**GOOD, "other/course.yaml": ASKING})
    assert publish(database, folder) == Published("other", 1, is_new=False, waits_for=WHO)
    with database.read() as session:
        assert session.scalars(select(Course.slug)).all() == ["basics"]
        assert "M02:1" not in session.scalars(select(AuditEntry.object_ref)).all()
    sign(folder)
    assert publish(database, folder) == Published("other", 1, is_new=True)
    assert publish(database, folder) == Published("other", 1, is_new=False)
    assert versions(database) == [(1, True)]


def test_the_older_version_stays_while_the_new_one_waits(database: Database, tmp_path: Path) -> None:
    folder = write_library(tmp_path / "courses", {**GOOD, "other/course.yaml": ASKING})
    sign(folder)
    publish(database, folder)
    (folder / "other/course.yaml").write_text(ASKING.replace("version: 1", "version: 2"), encoding="utf-8")
    assert publish(database, folder) == Published("other", 2, is_new=False, waits_for=WHO)
    assert versions(database) == [(1, True)]
    sign(folder)
    assert publish(database, folder).is_new
    assert versions(database) == [(1, False), (2, True)]
