"""Who is to be told what, slice by slice: each part is a transaction of its own, and doing it again adds nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import Assignment, Enrolment, EnrolmentAssignment, Evidence, LevelMove, Person
from lms.permissions import Actor, require
from lms.rules.mails import Kind, is_stale
from lms.services.framework_versions import decides_levels
from lms.services.jobs import add_job
from lms.services.lapses import find_lapses, list_candidates
from lms.services.level_moves import before_and_after, find_moves
from lms.services.mails import WRITTEN_AT_ONCE, News, add_mails
from lms.services.proofs import read_evidence
from lms.services.writing import insert_missing

ASSIGNMENT = "announce_assignment"  # the kinds of job
INVITATIONS = "write_invitations"
LAPSES = "announce_lapses"
LEVEL_MOVES = "announce_level_moves"
COMPARED_AT_ONCE = 100  # people whose levels are computed twice in one transaction


def announce_later(session: Session, assignment: Assignment, people: Sequence[int], at: datetime) -> None:
    """In the transaction that asked a course of people: have them told, of whom it was asked at this moment.

    One row, however many people: their mails are written in slices, so that no write transaction is long.
    """
    if people:
        add_job(session, ASSIGNMENT, {"assignment": assignment.ref, "asked_at": at.isoformat()}, at)


def announce_assignment(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Write the mails of a slice of people, by the numbers of their enrolments from `after` on; returns the last
    number, or None when nobody is left."""
    require(actor, "jobs.work")
    asked_at = datetime.fromisoformat(payload["asked_at"])
    if is_stale(asked_at, actor.at):
        return None
    query = (
        select(Enrolment.id, Enrolment.person_id.label("person_id"))
        .join(EnrolmentAssignment, EnrolmentAssignment.enrolment_id == Enrolment.id)
        .join(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .where(Assignment.ref == payload["assignment"], EnrolmentAssignment.assigned_at == asked_at)
        .where(Enrolment.id > after).order_by(Enrolment.id).limit(WRITTEN_AT_ONCE)
    )  # fmt: skip
    found = session.execute(query).all()
    ref = payload["assignment"]
    news = [News(row.person_id, f"{Kind.COURSE_ASSIGNED}:{ref}:{row.person_id}", {"assignment": ref}) for row in found]
    add_mails(session, Kind.COURSE_ASSIGNED, news, asked_at)
    return found[-1].id if found else None


def invite_later(session: Session, actor: Actor, *, emails: Sequence[str]) -> None:
    """In the transaction that brought in the people with these addresses: have them invited.

    A row for each slice of people: their mails are written one slice after the other.
    """
    require(actor, "people.import")
    for first in range(0, len(emails), WRITTEN_AT_ONCE):
        asked = Person.work_email.in_(emails[first : first + WRITTEN_AT_ONCE])
        ids = session.scalars(select(Person.id).where(asked).order_by(Person.id)).all()
        add_job(session, INVITATIONS, {"people": list(ids), "asked_at": actor.at.isoformat()}, actor.at)


def write_invitations(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> None:
    """Write an invitation to each person of the slice."""
    require(actor, "jobs.work")
    asked_at = payload["asked_at"]
    news = [News(number, f"{Kind.INVITATION}:{number}:{asked_at}") for number in payload["people"]]
    add_mails(session, Kind.INVITATION, news, datetime.fromisoformat(asked_at))


def announce_lapses(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Write the mails of a slice of people whose levels lapse soon: once for each person, competency and day."""
    require(actor, "jobs.work")
    people = list_candidates(session, after, actor.today, WRITTEN_AT_ONCE)
    news = [
        News(
            one.person_id, f"{Kind.LEVEL_LAPSES}:{one.person_id}:{one.competency}:{one.lapses_on}",
            {"competency": one.competency, "lapses_on": one.lapses_on.isoformat()},
        )
        for one in find_lapses(session, people, actor.today)
    ]  # fmt: skip
    add_mails(session, Kind.LEVEL_LAPSES, news, actor.at)
    return people[-1] if people else None


def announce_moves_later(session: Session, actor: Actor, *, version: int) -> None:
    """In the transaction that publishes a version of the framework: have everybody told whose level it moves."""
    add_job(session, LEVEL_MOVES, {"framework": version, "published_at": actor.at.isoformat()}, actor.at)


def announce_level_moves(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Keep what a version of the framework made of the levels of a slice of people, and write their mails: one for each
    person and version. Returns the last one's number, or None when nobody is left."""
    require(actor, "jobs.work")
    version, at = payload["framework"], datetime.fromisoformat(payload["published_at"])
    old, new = before_and_after(session, version)
    if decides_levels(old) == decides_levels(new):
        return None
    query = select(Evidence.person_id).distinct().where(Evidence.person_id > after, Evidence.recorded_at <= at)
    people = session.scalars(query.order_by(Evidence.person_id).limit(COMPARED_AT_ONCE)).all()
    known = select(LevelMove.person_id).where(LevelMove.framework == version, LevelMove.person_id.in_(people))
    missing = sorted(set(people) - set(session.scalars(known)))
    moved = [
        {"person_id": person_id, "framework": version, "moved_at": at, **move._asdict()}
        for person_id, pieces in read_evidence(session, missing).items()
        for move in find_moves(pieces, old, new, at.date())
    ]
    insert_missing(session, LevelMove, moved)
    news = [
        News(person_id, f"{Kind.LEVELS_MOVED}:{version}:{person_id}", {"framework": version})
        for person_id in dict.fromkeys(row["person_id"] for row in moved)
    ]
    add_mails(session, Kind.LEVELS_MOVED, news, at)
    return people[-1] if people else None
