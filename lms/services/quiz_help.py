"""Help with a quiz: asked for after the last attempt, given as one more; and more time for those who need it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    ExtraAttempt,
    HelpRequest,
    Person,
    Standing,
    TimeAllowance,
    in_source_language,
)
from lms.permissions import Actor, require
from lms.rules.attempting import FACTORS, ORDINARY, Obstacle
from lms.services.courses import get_course
from lms.services.scope import reaches_person
from lms.services.writing import audit

MOST_LISTED = 50


@dataclass(frozen=True)
class Asking:
    """Somebody whose attempts are used, and who asks for help with a course."""

    record_ref: str
    name: str
    course: str
    asked_at: datetime
    by_manager: bool  # the manager asks HR for one more attempt
    is_own: bool


def ask_for_help(session: Session, actor: Actor, *, slug: str) -> None:
    """The learner has used all attempts and asks for help. Asked again before an answer, nothing changes."""
    require(actor, "attempts.take")
    course = get_course(session, actor, slug=slug)
    if course.enrolment_id is None or course.obstacle != Obstacle.NO_ATTEMPTS_LEFT:
        raise Conflict(N_("You have attempts left, or have passed: no help is needed for this quiz now."))
    ref = _lock(session, course.enrolment_id)
    if not session.scalar(select(is_waiting(asked_by_learner=True)).where(Enrolment.id == course.enrolment_id)):
        _ask(session, actor, course.enrolment_id, ref)


def request_attempt(session: Session, actor: Actor, *, ref: str) -> None:
    """A line manager asks HR for one more attempt for somebody of their team; `ref` is the enrolment's."""
    require(actor, "attempts.request")
    enrolment = _find(session, actor, "attempts.request", ref)
    _lock(session, enrolment.id)
    if not session.scalar(select(is_waiting()).where(Enrolment.id == enrolment.id)):
        raise Conflict(N_("Nobody waits for help with this quiz any more. Nothing was changed."))
    if not session.scalar(select(is_waiting(asked_by_learner=False)).where(Enrolment.id == enrolment.id)):
        _ask(session, actor, enrolment.id, ref)


def _ask(session: Session, actor: Actor, enrolment_id: int, ref: str) -> None:
    session.add(HelpRequest(**request_row(actor, enrolment_id)))
    audit(session, actor, "attempts.ask", "enrolment", ref)


def request_row(actor: Actor, enrolment_id: int) -> dict[str, Any]:
    """The actor asks now."""
    return {"enrolment_id": enrolment_id, "asked_by": actor.person_id, "asked_at": actor.at}


def grant_attempt(session: Session, actor: Actor, *, ref: str) -> None:
    """HR gives one more attempt to the person of an enrolment; asked for or not, but only who has none left."""
    require(actor, "attempts.oversee")
    enrolment = _find(session, actor, "attempts.oversee", ref)
    _refuse_own(actor, enrolment.person_id)
    _lock(session, enrolment.id)
    if not session.scalar(select(is_waiting()).where(Enrolment.id == enrolment.id)):
        raise Conflict(N_("Nobody waits for help with this quiz any more. Nothing was changed."))
    session.add(ExtraAttempt(enrolment_id=enrolment.id, granted_by=actor.person_id, granted_at=actor.at))
    audit(session, actor, "attempts.grant", "enrolment", ref)


def set_time(session: Session, actor: Actor, *, ref: str, factor: str) -> None:
    """HR says how much longer the time limits are for the person of an enrolment, from their next attempt on."""
    require(actor, "attempts.oversee")
    enrolment = _find(session, actor, "attempts.oversee", ref)
    _refuse_own(actor, enrolment.person_id)
    if factor not in FACTORS:
        raise Invalid(N_("Nothing was changed."), {"factor": N_("Choose how much time the person has.")})
    if get_time(session, enrolment.person_id) != factor:
        row = {"person_id": enrolment.person_id, "granted_by": actor.person_id, "granted_at": actor.at}
        session.add(TimeAllowance(factor=factor, **row))
        audit(session, actor, "attempts.time", "enrolment", ref)


def get_time(session: Session, person_id: int) -> str:
    """The factor that holds for a person's time limits."""
    return session.scalar(_factor_of(), {"person": person_id}) or ORDINARY


@cache
def _factor_of() -> Executable:
    of = TimeAllowance.person_id == bindparam("person")
    return select(TimeAllowance.factor).where(of).order_by(TimeAllowance.id.desc()).limit(1)


def _refuse_own(actor: Actor, person_id: int) -> None:
    if person_id == actor.person_id:
        raise Forbidden(N_("This is your own record. Ask a colleague in HR: nobody gives themselves more."))


def _find(session: Session, actor: Actor, action: str, ref: str) -> Enrolment:
    query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
    found = session.scalar(query.where(Enrolment.ref == ref, reaches_person(actor, action)))
    if found is None:
        raise NotFound()
    return found


def _lock(session: Session, enrolment_id: int) -> str:
    """Two who press the same button one after the other: the second sees what the first did. Returns the ref."""
    locked = select(Enrolment.ref).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)
    return session.scalars(locked).one()


def is_waiting(asked_by_learner: bool | None = None) -> ColumnElement[bool]:
    """A condition on `Enrolment`: help was asked for (by the learner, or by the manager), and none came yet."""
    request = aliased(HelpRequest)
    answered = exists().where(
        ExtraAttempt.enrolment_id == request.enrolment_id, ExtraAttempt.granted_at >= request.asked_at
    )
    standing = aliased(Standing)  # the query around it may have one of its own
    done = exists().where(standing.enrolment_id == Enrolment.id, standing.completed_on.is_not(None))
    open_request = and_(request.enrolment_id == Enrolment.id, ~answered)
    if asked_by_learner is not None:
        own = request.asked_by == Enrolment.person_id
        open_request = and_(open_request, own if asked_by_learner else ~own)
    return and_(exists().where(open_request).correlate(Enrolment), ~done.correlate(Enrolment))


def list_asking(session: Session, actor: Actor) -> list[Asking]:
    """The people in HR's scope who wait for help with a quiz, the longest waiting first; one query."""
    require(actor, "attempts.oversee")
    source = aliased(CourseText)
    query: Select[*tuple[Any, ...]] = (
        select(Enrolment.ref, Person.id, Person.display_name, source.title)
        .add_columns(func.min(HelpRequest.asked_at).label("asked_at"), is_waiting(False).label("by_manager"))
        .join(Person, Person.id == Enrolment.person_id)
        .join(HelpRequest, HelpRequest.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .where(is_waiting(), reaches_person(actor, "attempts.oversee"))
        .group_by(Enrolment.id, Person.id, source.version_id, source.language)
        .order_by(func.min(HelpRequest.asked_at), Enrolment.id)
        .limit(MOST_LISTED)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [
        Asking(r.ref, r.display_name, r.title, r.asked_at, bool(r.by_manager), r.id == actor.person_id) for r in rows
    ]
