"""Who took part in a live session: recorded by HR, and the completions that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Invalid
from lms.models import (
    CURRENT_VERSION,
    Attendance,
    Completion,
    Course,
    CourseText,
    CourseVersion,
    Evidence,
    Person,
    Standing,
    in_source_language,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.people import email_key
from lms.services import standings, stored_levels
from lms.services.enrolments import enrol
from lms.services.evidence import SESSION, course_evidence
from lms.services.scope import reaches_person
from lms.services.submitting import BY_ATTENDANCE, completion_row
from lms.services.writing import audit, insert_all, keep_text

MOST_PEOPLE = 200
PLACE_LIMIT = 200
LONGEST_AGO = timedelta(days=3653)


@dataclass(frozen=True)
class Recorded:
    """Of how many people the attendance was recorded, and how many had completed the course already."""

    now: int
    before: int


def list_sessions(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The courses that are completed by taking part: (slug, title) each."""
    require(actor, "attendances.record")
    source = aliased(CourseText)
    query = (
        select(Course.slug, source.title).join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
    )
    found = session.execute(query.where(CourseVersion.completes_by == BY_ATTENDANCE).order_by(Course.code))
    return [(slug, title) for slug, title in found]


def record_attendance(
    session: Session, actor: Actor, *, course_slug: str, held_on: date | None, place: str, people: Sequence[str]
) -> Recorded:
    """Record that people (by e-mail or number) took part in a session on a day; each completes the course by it.

    Who was not enrolled is enrolled; who has completed the course already keeps that completion. All or nothing:
    raises Invalid with a text for each field, or with `params["lines"]`, those that mean nobody in the actor's scope,
    or several people.
    """
    require(actor, "attendances.record")
    version = session.scalar(
        select(CourseVersion).join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == course_slug, CourseVersion.is_current, CourseVersion.completes_by == BY_ATTENDANCE)
    )  # fmt: skip
    place, lines = place.strip(), list(dict.fromkeys(filter(None, map(str.strip, people))))
    fields = {} if version else {"course": N_("Choose a course.")}
    if faults := fields | _faults(actor, held_on, place, lines):
        raise Invalid(N_("Nothing was recorded."), faults)
    assert version
    assert held_on
    attended = _find_people(session, actor, lines)
    return _complete(session, actor, version, datetime.combine(held_on, time(), UTC), place, attended)


def _faults(actor: Actor, held_on: date | None, place: str, lines: Sequence[str]) -> dict[str, str]:
    fields = {}
    if held_on is None or not actor.today - LONGEST_AGO <= held_on <= actor.today:
        fields["held_on"] = N_("Choose the day on which it was held: today, or up to ten years before.")
    if not place or len(place) > PLACE_LIMIT:
        fields["place"] = N_("Write where it was held, in up to 200 characters.")
    if not lines or len(lines) > MOST_PEOPLE:
        fields["people"] = N_("Write one e-mail or number on each line, of 1 to 200 people.")
    return fields


def _find_people(session: Session, actor: Actor, lines: Sequence[str]) -> dict[int, str]:
    """The people whom the lines mean, with the language of each; the lines that mean nobody are refused together."""
    addresses = [email_key(line) for line in lines]
    meant = Person.email_key.in_(addresses), Person.employee_number.in_(lines), Person.external_ref.in_(lines)
    found = session.execute(
        select(func.coalesce(Person.holder_id, Person.id).label("id"), Person.language)
        .add_columns(Person.email_key, Person.employee_number, Person.external_ref)
        .where(or_(*meant), reaches_person(actor, "attendances.record")).order_by(Person.id)
    ).all()  # fmt: skip
    meant_by = {line: sum(row[2] == email_key(line) or line in row[3:] for row in found) for line in lines}
    if unknown := [line for line in lines if not meant_by[line]]:
        raise Invalid(N_("There is nobody in your scope with: %(lines)s"), lines=", ".join(unknown))
    if unclear := [line for line in lines if meant_by[line] > 1]:
        message = N_("More than one person is meant by: %(lines)s. Write their e-mails instead.")
        raise Invalid(message, lines=", ".join(unclear))
    if actor.person_id in {row.id for row in found}:
        message = N_("You are on the list yourself. Ask a colleague in HR: nobody records their own attendance.")
        raise Invalid(N_("Nothing was recorded."), {"people": message})
    return {row.id: row.language for row in found}


def _complete(
    session: Session, actor: Actor, version: CourseVersion, held: datetime, place: str, people: dict[int, str]
) -> Recorded:
    """Completion, evidence, attendance, standing and trace of each, but for those who have a completion that counts."""
    enrolments = {
        row.id: row.person_id
        for row in enrol(session, actor, version.course_id, list(people), own_choice=True, held=held.date())
    }
    standings.lock(session, list(enrolments))
    done = Standing.enrolment_id.in_(enrolments), Standing.completed_on.is_not(None)
    before = session.scalars(select(Standing.enrolment_id).where(*done)).all()
    for number in before:
        del enrolments[number]
    rows = [completion_row(actor, number, None, version, held) for number in enrolments]
    made = [Completion(**row) for row in rows]
    session.add_all(made)
    session.flush()
    evidence = [
        piece
        for completion, row in zip(made, rows, strict=True)
        for piece in course_evidence(
            actor, enrolments[completion.enrolment_id], {**row, "id": completion.id}, version, SESSION
        )
    ]
    if evidence:
        insert_all(session, Evidence, evidence)
    stored_levels.refresh(session, sorted(enrolments.values()), actor.today)
    for completion in made:
        wanted = people[enrolments[completion.enrolment_id]]
        session.add(_attendance(session, actor, version, completion.id, held.date(), place, wanted))
        audit(session, actor, "attendances.record", "completion", completion.ref)
    standings.refresh(session, list(enrolments), actor.at, is_locked=True)
    return Recorded(len(made), len(before))


def _attendance(
    session: Session, actor: Actor, version: CourseVersion, completion_id: int, on: date, place: str, wanted: str
) -> Attendance:
    ref = new_ref()
    language = wanted if wanted in version.languages else version.source_language
    return Attendance(
        ref=ref, completion_id=completion_id, held_on=on, language=language, recorded_by=actor.person_id,
        recorded_at=actor.at, place_hash=keep_text(session, ref, place),
    )  # fmt: skip
