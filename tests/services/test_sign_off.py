"""What nobody has signed off is not published, by whatever way it comes."""

from pathlib import Path

import pytest
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
ASKING = f"{OTHER_COURSE.replace('M02', 'M03')}sign_off: {WHO}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample library with a third course, which needs a sign-off."""
    third = {name.replace("other/", "third/"): body for name, body in GOOD.items() if name.startswith("other/")}
    return write_library(tmp_path / "courses", {**GOOD, **third, "third/course.yaml": ASKING})


def publish(database: Database, folder: Path) -> Published:
    """What became of the third course."""
    with database.transaction() as session:
        done = publish_library(session, operator(world.NOW), library=load_library(folder))
    return next(item for item in done if item.name == "third")


def sign(folder: Path) -> None:
    course = next(course for course in load_library(folder).courses if course.slug == "third")
    append_sign_off(folder / "third", course, SignOff("Awa Diop", "specialist", world.TODAY), world.TODAY)


def versions(database: Database) -> list[tuple[int, bool]]:
    query = select(CourseVersion.number, CourseVersion.is_current).join(Course).where(Course.slug == "third")
    with database.read() as session:
        return [(number, is_current) for number, is_current in session.execute(query.order_by(CourseVersion.number))]


def test_it_is_left_out_until_it_is_signed_off(database: Database, folder: Path) -> None:
    assert publish(database, folder) == Published("third", 1, is_new=False, waits_for=WHO)
    with database.read() as session:
        assert "third" not in session.scalars(select(Course.slug)).all()
        assert "M03:1" not in session.scalars(select(AuditEntry.object_ref)).all()
    sign(folder)
    assert publish(database, folder) == Published("third", 1, is_new=True)
    assert publish(database, folder) == Published("third", 1, is_new=False)
    assert versions(database) == [(1, True)]


def test_the_older_version_stays_while_the_new_one_waits(database: Database, folder: Path) -> None:
    sign(folder)
    publish(database, folder)
    (folder / "third/course.yaml").write_text(ASKING.replace("version: 1", "version: 2"), encoding="utf-8")
    assert publish(database, folder) == Published("third", 2, is_new=False, waits_for=WHO)
    assert versions(database) == [(1, True)]
    sign(folder)
    assert publish(database, folder).is_new
    assert versions(database) == [(1, False), (2, True)]
