"""What a mail tells, as things are when it is sent; None when it is no longer true."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_RESULT,
    CURRENT_VERSION,
    Assessment,
    Assignment,
    AssignmentWithdrawal,
    Attempt,
    AttemptResult,
    Course,
    CourseText,
    CourseVersion,
    Delegation,
    DelegationEnd,
    DevelopmentPlan,
    Enrolment,
    EnrolmentAssignment,
    PeerRequest,
    Person,
    PlanAct,
    RecallOutcome,
    ReportingLine,
    Standing,
    status_on,
)
from lms.permissions import Actor
from lms.rules.mails import Kind
from lms.rules.standing import WAITING
from lms.services import application_mails, entry_mails, reminder_mails
from lms.services.courses import join_texts, localised
from lms.services.framework import current_framework
from lms.services.lapses import find_lapses
from lms.services.level_moves import find_told
from lms.services.peer_sight import select_waiting

Values = dict[str, Any]


def find_contents(
    session: Session, actor: Actor, kind: str, person_id: int, language: str, data: Values
) -> Values | None:
    """What the words of a mail need, in the person's language where there are several; None where it is untrue now."""
    return CONTENTS[Kind(kind)](session, actor, person_id, language, data)


def _invitation(_session: Session, _actor: Actor, _person_id: int, _language: str, _data: Values) -> Values | None:
    return {}  # the link is the host's, and is asked for when the mail is rendered


def _course_assigned(session: Session, actor: Actor, person_id: int, language: str, data: Values) -> Values | None:
    preferred, source = localised()
    query = (
        select(Course.slug, func.coalesce(preferred.title, source.title).label("title"))
        .add_columns(EnrolmentAssignment.due_on, Assignment.mandatory)
        .join(CourseVersion, CURRENT_VERSION)
        .join(Assignment, Assignment.course_id == Course.id)
        .join(EnrolmentAssignment, EnrolmentAssignment.assignment_id == Assignment.id)
        .join(Enrolment, and_(Enrolment.id == EnrolmentAssignment.enrolment_id, Enrolment.person_id == person_id))
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Assignment.ref == data["assignment"], AssignmentWithdrawal.assignment_id.is_(None))
        .where(status_on(actor.today).in_([status.value for status in WAITING]))
        .order_by(Enrolment.id.desc())
    )
    row = session.execute(join_texts(query, preferred, source), {"language": language}).first()
    if row is None:
        return None
    return {"course": row.title, "path": f"/courses/{row.slug}", "due_on": row.due_on, "mandatory": row.mandatory}


def _level_lapses(session: Session, actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    day = date.fromisoformat(data["lapses_on"])
    if (data["competency"], day) not in {
        (one.competency, one.lapses_on) for one in find_lapses(session, [person_id], actor.today)
    }:
        return None
    framework = current_framework(session)
    names = {one["code"]: one["name"] for one in framework["competencies"]}
    code = data["competency"]
    return {"competency": names.get(code, code), "path": f"/levels/{code}", "lapses_on": day}


def _levels_moved(session: Session, _actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """What a version of the framework made of levels on its day stays true."""
    told = find_told(session, person_id, data["framework"])
    codes = [one["code"] for one in told if one["code"]]
    path = f"/levels/{codes[0]}" if len(told) == 1 and codes else "/levels"
    return {"moved": told, "path": path}


def _marked_again(session: Session, _actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """While the result that was told of is the one that stands."""
    before = aliased(AttemptResult)
    row = session.execute(
        select(
            Attempt.ref, AttemptResult.percent, AttemptResult.cause, before.percent.label("before"), CourseText.title
        )
        .join(AttemptResult, CURRENT_RESULT)
        .join(RecallOutcome, RecallOutcome.after_id == AttemptResult.id)
        .join(before, before.id == RecallOutcome.before_id)
        .join(Enrolment, and_(Enrolment.id == Attempt.enrolment_id, Enrolment.person_id == person_id))
        .join(CourseText, and_(CourseText.version_id == Attempt.version_id, CourseText.language == Attempt.language))
        .where(AttemptResult.id == data["result"])
    ).first()
    if row is None:
        return None
    return {
        "course": row.title, "path": f"/attempts/{row.ref}/result", "before": row.before, "after": row.percent,
        "undone": row.cause == "undone",
    }  # fmt: skip


def _plan(session: Session, actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """While the reader is the other side today, the plan is shared, and the act was not taken back."""
    later = aliased(PlanAct)
    followed = exists().where(
        later.plan_id == PlanAct.plan_id, later.kind == PlanAct.kind, later.side == PlanAct.side,
        later.id > PlanAct.id, ~later.holds,
    )  # fmt: skip
    manages = exists().where(
        ReportingLine.person_id == DevelopmentPlan.person_id, ReportingLine.manager_id == person_id,
        ReportingLine.held_on(actor.today),
    )  # fmt: skip
    row = session.execute(
        select(PlanAct.kind, PlanAct.side, DevelopmentPlan.ref, Person.display_name)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanAct.plan_id)
        .join(Person, Person.id == PlanAct.acted_by)
        .where(PlanAct.id == data["act"], DevelopmentPlan.stage != "draft", ~followed)
        .where(or_(DevelopmentPlan.person_id == person_id, manages))
    ).first()
    if row is None:
        return None
    path = f"/team/plans/{row.ref}" if row.side == "learner" else f"/plans/{row.ref}"
    return {"act": row.kind, "by": row.display_name, "by_learner": row.side == "learner", "path": path}


def _both_rated(session: Session, actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """For the person, and for whoever is their manager when it is sent."""
    line = and_(ReportingLine.person_id == Assessment.person_id, ReportingLine.held_on(actor.today))
    row = session.execute(
        select(Assessment.ref, Assessment.person_id, Person.display_name)
        .join(Person, Person.id == Assessment.person_id)
        .outerjoin(ReportingLine, line)
        .where(Assessment.ref == data["assessment"])
        .where(or_(Assessment.person_id == person_id, ReportingLine.manager_id == person_id))
    ).first()
    if row is None:
        return None
    other = row.display_name if row.person_id != person_id else ""
    return {"path": f"/assessments/{row.ref}", "other": other}


def _delegation(session: Session, actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """To the deputy: that they were named, while it is not over or taken back; and that it was taken back."""
    row = session.execute(
        select(Delegation.starts_on, Delegation.last_on, DelegationEnd.ended_at, Person.display_name)
        .join(Person, Person.id == Delegation.manager_id)
        .outerjoin(DelegationEnd, DelegationEnd.delegation_id == Delegation.id)
        .where(Delegation.ref == data["delegation"], Delegation.deputy_id == person_id)
    ).first()
    if row is None or (row.ended_at is not None) != data["ended"] or row.last_on < actor.today:
        return None
    return {
        "manager": row.display_name, "first": row.starts_on, "last": row.last_on, "ended": data["ended"],
        "path": "/" if data["ended"] else "/team",
    }  # fmt: skip


def _peer_asked(session: Session, actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """While the request waits for them."""
    query = select_waiting(Person.display_name, Assessment.ends_on).where(PeerRequest.ref == data["request"])
    row = session.execute(query, {"me": person_id, "today": actor.today}).first()
    if row is None:
        return None
    return {"learner": row.display_name, "ends_on": row.ends_on, "path": f"/peers/{data['request']}"}


CONTENTS: dict[Kind, Callable[[Session, Actor, int, str, Values], Values | None]] = {
    Kind.INVITATION: _invitation,
    Kind.COURSE_ASSIGNED: _course_assigned,
    Kind.LEVEL_LAPSES: _level_lapses,
    Kind.LEVELS_MOVED: _levels_moved,
    Kind.MARKED_AGAIN: _marked_again,
    Kind.APPLICATION_DUE: application_mails.application_due,
    Kind.REVIEW_ASKED: application_mails.review_asked,
    Kind.REVIEWED: application_mails.reviewed,
    Kind.CONFIRMATION_WITHDRAWN: application_mails.confirmation_withdrawn,
    Kind.REMINDER: reminder_mails.reminder,
    Kind.ENTRY_SETTLED: entry_mails.entry_settled,
    Kind.PLAN: _plan,
    Kind.BOTH_RATED: _both_rated,
    Kind.DELEGATION: _delegation,
    Kind.PEER_ASKED: _peer_asked,
}
