"""Answers that came after the deadline: kept, and counted only where HR says so, for all of them and unseen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    AnswerEvent,
    Attempt,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    LateDecision,
    Person,
    in_source_language,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.grading import grade
from lms.services import keys, standings
from lms.services.attempts import read_answers
from lms.services.completions import follow_results
from lms.services.scope import reaches_person
from lms.services.submitting import finish_attempt, marks, read_questions, replace_results
from lms.services.writing import audit, insert_once, keep_text, reason_faults

MOST_LISTED = 50
IS_HELD = and_(AnswerEvent.is_late, AnswerEvent.takes_effect)


@dataclass(frozen=True)
class Held:
    """An attempt with answers that wait for a decision: how many and how late, never which."""

    ref: str
    record_ref: str
    name: str
    course: str
    answers: int
    deadline_at: datetime
    first_at: datetime
    last_at: datetime
    last_given_at: datetime | None  # as the device's clock says
    is_own: bool

    @property
    def late_by(self) -> timedelta:
        """How late the last one came."""
        return self.last_at - self.deadline_at


def list_held(session: Session, actor: Actor) -> list[Held]:
    """The attempts in the actor's scope whose late answers nobody has decided on, the oldest first; one query."""
    require(actor, "attempts.oversee")
    source = aliased(CourseText)
    decided = exists().where(LateDecision.attempt_id == Attempt.id)
    rows = session.execute(
        select(Attempt.ref, Enrolment.ref.label("record_ref"), Person.id, Person.display_name, source.title)
        .add_columns(Attempt.deadline_at, func.count().label("answers"))
        .add_columns(func.min(AnswerEvent.received_at).label("first_at"))
        .add_columns(func.max(AnswerEvent.received_at).label("last_at"))
        .add_columns(func.max(AnswerEvent.given_at).label("given_at"))
        .select_from(AnswerEvent)
        .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .where(IS_HELD, ~decided, reaches_person(actor, "attempts.oversee"))
        .group_by(Attempt.id, Enrolment.id, Person.id, source.version_id, source.language)
        .order_by(func.min(AnswerEvent.received_at), Attempt.id)
        .limit(MOST_LISTED)
    )
    return [
        Held(
            row.ref, row.record_ref, row.display_name, row.title, row.answers, row.deadline_at, row.first_at,
            row.last_at, row.given_at, row.id == actor.person_id,
        )
        for row in rows
    ]  # fmt: skip


def decide_late(session: Session, actor: Actor, *, ref: str, accepted: bool, reason: str) -> None:
    """Let all late answers of an attempt count, or none; an attempt that is still open is handed in first.

    The result never becomes worse by it. Raises NotFound out of scope, Forbidden for the actor's own, Invalid without
    a reason, Conflict when it is decided or there is nothing to decide.
    """
    require(actor, "attempts.oversee")
    attempt, person_id = _find(session, actor, ref)
    reason = reason.strip()
    if faults := reason_faults(reason):
        raise Invalid(N_("Nothing was decided."), faults)
    log = read_answers(session, attempt)
    if not log.held:
        raise Conflict(N_("No answers of this attempt came late. Nothing was changed."))
    decision_ref = new_ref()
    if not insert_once(
        session, LateDecision, ref=decision_ref, attempt_id=attempt.id, accepted=accepted,
        decided_by=actor.person_id, decided_at=actor.at, reason_hash=keep_text(session, decision_ref, reason),
    ):  # fmt: skip
        raise Conflict(N_("This was decided already. Nothing was changed."))
    before = finish_attempt(session, actor, attempt, person_id, log.standing())
    if accepted:
        followed, _ = keys.read_met(session, attempt.version_id, before.id)
        marked = marks(read_questions(session, attempt), log.standing(late_count=True), followed)
        grades = grade(list(marked), attempt.pass_percent)
        if (grades.passed, grades.percent) > (before.passed, before.percent):
            recalls = [held.recall_id for held in followed.values()]
            replace_results(session, actor, {before.id: (grades, recalls)}, "late_answers")
            follow_results(session, actor, [attempt.enrolment_id], reason)
    standings.refresh(session, [attempt.enrolment_id], actor.at, is_locked=True)
    audit(session, actor, "attempts.accept_late" if accepted else "attempts.refuse_late", "attempt", ref)


def _find(session: Session, actor: Actor, ref: str) -> tuple[Attempt, int]:
    """The attempt, locked against its learner, and whose it is."""
    row = session.execute(
        select(Attempt, Enrolment.person_id.label("person_id"))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Attempt.ref == ref, reaches_person(actor, "attempts.oversee"))
        .with_for_update(of=(Enrolment, Attempt), key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound()
    if row.person_id == actor.person_id:
        raise Forbidden(N_("This is your own attempt. Ask a colleague in HR: nobody decides on their own."))
    return row.Attempt, row.person_id
