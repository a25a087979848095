"""The lines that the database writes: those of the csv module, guarded, and each source's cells rightly taken over."""

import csv
import io
import re

from sqlalchemy import update

from lms.content import schema
from lms.exports import LAYOUTS, Run
from lms.exports.layout import address, apart
from lms.models import Completion, CourseText, CourseVersion, Enrolment, Person, Standing, new_ref
from lms.models.completions import new_certificate_number
from lms.rules.spreadsheets import FORMULA_STARTS
from tests import world
from tests.exports.rows import VERIFY_AT, export, rows
from tests.exports.test_full_v1 import ALL, COLUMNS, TRIGGERS, write_everywhere
from tests.services import steps


def test_the_lines_are_those_of_the_csv_module(database, who) -> None:
    """The database puts in commas and quotation marks; cell by cell the csv module would do the same."""
    steps.assign(database, who("ingrid"), "rosa", "amina")
    steps.take(database, who("amina"))
    query = LAYOUTS["full_v1"].build(Run(world.TODAY, None, "en", VERIFY_AT), (), (), apart)
    for text in (*TRIGGERS, "", " ", '"', '""', ",", 'a,"b"', '=1,"2"', "a\r\nb, c", "plain", "Ünal", "\U0001f600,"):
        write_everywhere(database, text)
        body = export(database, ALL)[1]
        lines = io.StringIO(newline="")
        with database.read() as session:
            csv.writer(lines, lineterminator="\r\n").writerows([COLUMNS, *session.execute(query)])
        assert without_action(body.decode()) == without_action(lines.getvalue()), text


def without_action(body: str) -> list[list[str]]:
    """The raw pieces between commas but the second, which tells what the run before had."""
    return [[piece for n, piece in enumerate(line.split(",")) if n != 1] for line in body.split("\r\n")]


def test_what_is_not_guarded_cannot_begin_like_a_formula() -> None:
    """Names and numbers that this program draws, codes that the content's schema lets through."""
    drawn = {make()[0] for make in (new_ref, new_certificate_number) for _ in range(5000)}
    assert not drawn & set(FORMULA_STARTS)
    for pattern in (schema._CODE, schema._WORD_CODE, schema._LANGUAGE):
        assert not [start for start in FORMULA_STARTS if re.match(pattern, start + "A1") or re.match(pattern, start)]
    assert address("certificate_url", VERIFY_AT, "x").enclosed is None
    assert address("certificate_url", "https://learn.example/a,b/", "x").enclosed is not None


def test_a_name_from_before_that_begins_with_a_hyphen_is_guarded(database, who) -> None:
    with database.transaction() as session:
        for person in session.query(Person):
            person.ref = f"-{person.id}"
        session.flush()
        session.add(Enrolment(id=1, ref="-old", person_id=3, course_id=1, enrolled_at=world.NOW, own_choice=True))
        session.flush()
        session.add(Standing(
            enrolment_id=1, assigned_on=world.TODAY, reason="own_choice", mandatory=False, language="", attempts=0,
            changed_at=world.NOW,
        ))  # fmt: skip
    (row,) = rows(database, ALL)
    assert [row[name][:2] for name in ("record_id", "person_ref", "manager_ref")] == ["'-"] * 3


def test_what_a_version_says_is_that_of_the_version_completed(database, who) -> None:
    """Also that it needs no renewal, where the version in force needs one."""
    steps.take(database, who("amina"))
    with database.transaction() as session:
        done = session.query(Completion.version_id).scalar_subquery()
        session.execute(update(CourseVersion).where(CourseVersion.id == done).values(is_current=False))
        old = session.query(CourseVersion).filter(CourseVersion.id == done).one()
        kept = {c.name: getattr(old, c.name) for c in CourseVersion.__table__.columns if c.name != "id"}
        new = CourseVersion(**kept | {"number": 3, "renewal_months": 12, "is_current": True})
        session.add(new)
        session.flush()
        text = session.query(CourseText).filter_by(version_id=old.id, language="en").one()
        copied = {c.name: getattr(text, c.name) for c in CourseText.__table__.columns}
        session.add(CourseText(**copied | {"version_id": new.id}))
    (row,) = rows(database, ALL)
    assert (row["course_version"], row["renewal_months"]) == ("2", "")
