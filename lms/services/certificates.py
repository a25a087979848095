"""Certificates: the paper that a completion gives, and what anybody may learn of it by its number."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_WITHDRAWAL,
    Attempt,
    Attendance,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Person,
    Standing,
    named_completion,
)
from lms.permissions import Actor, require
from lms.rules.certificates import Truth, read_number
from lms.services.framework import current_framework
from lms.services.scope import reaches_person


@dataclass(frozen=True)
class Verified:
    """All that the holder of a number learns: the name of today, the course, and what holds today."""

    number: str
    name: str
    code: str
    title: str
    language: str  # of the title: that in which the course was completed
    truth: Truth


@dataclass(frozen=True)
class Aim:
    """A competency that the course works on, and the level that it aims at."""

    competency: str
    level: int
    level_name: str


@dataclass(frozen=True)
class Later:
    """What came after the completion: another one of the same course, or another version of it."""

    on: date
    ref: str = ""  # of the later completion
    version: int = 0


@dataclass(frozen=True)
class Certificate:
    """A completion as a paper to be shown: no score, no answers, no unit."""

    verified: Verified
    person_id: int
    record_ref: str
    is_own: bool
    version: int
    published_at: datetime
    minutes: int
    aims: list[Aim]
    renewed: Later | None
    replaced: Later | None


def find_certificate(session: Session, *, typed: str, today: date) -> Verified | None:
    """What anybody may learn by a number, as it was typed; None where no certificate has it.

    One query, whether the text could be a number or not: the answer takes as long.
    """
    row = session.execute(_by_number(), {"number": read_number(typed) or ""}).first()
    return None if row is None else _verified(row, today)


def get_certificate(session: Session, actor: Actor, *, ref: str) -> Certificate:
    """The certificate of a completion of the actor's own, or of somebody in HR's scope; NotFound otherwise.

    Two queries.
    """
    require(actor, "certificates.read")
    current, again, period = aliased(CourseVersion), aliased(Completion), aliased(Enrolment)
    gone = aliased(CompletionWithdrawal)
    later = (
        select(again.id).join(period, period.id == again.enrolment_id)
        .outerjoin(gone, and_(gone.completion_id == again.id, gone.is_current))
        .where(period.person_id == Enrolment.person_id, period.course_id == Enrolment.course_id, gone.id.is_(None))
        .where(again.effective_at > Completion.effective_at)
        .order_by(again.effective_at.desc()).limit(1).correlate(Enrolment, Completion).scalar_subquery()
    )  # fmt: skip
    newer = aliased(Completion)
    query = (
        _certificates()
        .add_columns(Person.id.label("person_id"), Enrolment.ref.label("record_ref"), CourseVersion)
        .add_columns(newer.ref.label("newer_ref"), newer.effective_at.label("newer_at"))
        .add_columns(current.number.label("current_number"), current.published_at.label("current_at"))
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(current, and_(current.course_id == Course.id, current.is_current))
        .outerjoin(newer, newer.id == later)
        .where(Completion.ref == ref, reaches_person(actor, "certificates.read"))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    version = row.CourseVersion
    replaced = Later(row.current_at.date(), version=row.current_number) if row.current_number > version.number else None
    return Certificate(
        verified=_verified(row, actor.today), person_id=row.person_id, record_ref=row.record_ref,
        is_own=row.person_id == actor.person_id, version=version.number, published_at=version.published_at,
        minutes=version.minutes, aims=_aims(session, version.competencies), replaced=replaced,
        renewed=Later(row.newer_at.date(), row.newer_ref) if row.newer_ref else None,
    )  # fmt: skip


_LANGUAGE = func.coalesce(Attempt.language, Attendance.language)  # in which the course was completed


@cache
def _by_number() -> Executable:
    return _certificates().where(Completion.certificate_number == bindparam("number"))


def _certificates() -> Select[Any]:
    """Completions with what anybody may know of them who holds their number."""
    confirmed = case((Completion.id == named_completion(), Standing.certified_on))
    text = and_(CourseText.version_id == Completion.version_id, CourseText.language == _LANGUAGE)
    return (
        select(Completion.certificate_number, Person.display_name, Course.code, CourseText.title, CourseText.language)
        .add_columns(Completion.effective_at, Completion.application_due_on, Completion.expires_on)
        .add_columns(confirmed.label("certified_on"), CompletionWithdrawal.effective_at.label("withdrawn_at"))
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Attempt, Attempt.id == Completion.attempt_id)
        .outerjoin(Attendance, Attendance.completion_id == Completion.id)
        .join(CourseText, text)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
    )


def _verified(row: Any, today: date) -> Verified:
    truth = Truth(
        on=today, completed_on=row.effective_at.date(), asks_task=row.application_due_on is not None,
        certified_on=row.certified_on, expires_on=row.expires_on,
        withdrawn_on=row.withdrawn_at.date() if row.withdrawn_at else None,
    )  # fmt: skip
    return Verified(row.certificate_number, row.display_name, row.code, row.title, row.language, truth)


def _aims(session: Session, competencies: dict[str, int]) -> list[Aim]:
    """The competencies in the framework's words; one that the framework no longer has keeps its code."""
    framework = current_framework(session)
    names = {competency["code"]: competency["name"] for competency in framework["competencies"]}
    levels = {level["level"]: level["name"] for level in framework["levels"]}
    return [Aim(names.get(code, code), level, levels.get(level, "")) for code, level in competencies.items()]
