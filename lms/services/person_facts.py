"""All that was recorded about somebody's learning, as HR reads it: one statement, whatever the number of courses.

Answers, reflections, notes and what was handed in are none of it; a reviewer is named by their role alone.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Date, Integer, Select, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_VERSION,
    Assignment,
    AssignmentWithdrawal,
    Attempt,
    AttemptResult,
    Attendance,
    Completion,
    CompletionReinstatement,
    CompletionWithdrawal,
    ConfirmationWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    ExtraAttempt,
    FactText,
    HandIn,
    LateDecision,
    Person,
    ReviewDecision,
    ReviewRequest,
    RuleVersion,
    Waiver,
    WaiverWithdrawal,
    in_source_language,
)
from lms.permissions import Actor
from lms.rules.applying import Decision
from lms.services.scope import rows


class Fact(NamedTuple):
    """A fact: `effective_at` is when it was true, `recorded_at` when it was written. `detail` and `number` are of its
    kind: a rule, a role, a cause; a version, a percentage."""

    kind: str
    effective_at: datetime
    recorded_at: datetime
    until: date | None
    number: int | None
    detail: str
    course: str
    period: int
    by: str
    why: str


def read_facts(session: Session, actor: Actor, person_id: int) -> list[Fact]:
    """The facts about a person's courses, the newest first; one query."""
    facts, by, source = _facts(person_id).subquery(), aliased(Person), aliased(CourseText)
    query = (
        select(facts.c.kind, facts.c.effective_at, facts.c.recorded_at, facts.c.until, facts.c.number, facts.c.detail)
        .add_columns(source.title, Enrolment.period, by.display_name, by.kind, FactText.text)
        .join(Enrolment, Enrolment.id == facts.c.enrolment_id).join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
        .outerjoin(by, by.id == facts.c.by_id).outerjoin(FactText, FactText.fact_ref == facts.c.text_ref)
        .order_by(facts.c.recorded_at.desc(), facts.c.rank.desc())
    )  # fmt: skip
    return [_fact(actor, row) for row in rows(session, query)]


def _fact(actor: Actor, row: Any) -> Fact:
    """Partner staff see no names of our staff."""
    *told, name, kind, why = row
    hidden = actor.kind == "partner_staff" and kind != "partner_staff"
    return Fact._make((*told, "" if hidden else name or "", why or ""))


def _part(rank: int, kind: Any, at: Any, recorded: Any, **more: Any) -> Select[Any]:
    """One kind of fact; `rank` says which comes first of those that were recorded at one moment."""
    return select(
        literal(rank).label("rank"), (literal(kind) if isinstance(kind, str) else kind).label("kind"),
        Enrolment.id.label("enrolment_id"), at.label("effective_at"), recorded.label("recorded_at"),
        more.get("until", cast(null(), Date)).label("until"),
        more.get("number", cast(null(), Integer)).label("number"),
        more.get("detail", literal("")).label("detail"), more.get("by", cast(null(), Integer)).label("by_id"),
        more.get("text", cast(null(), String)).label("text_ref"),
    )  # fmt: skip


def _facts(person_id: int) -> CompoundSelect[Any]:
    parts = [*_demands(), *_attempts(), *_completions(), *_tasks(), *_waivers()]
    return union_all(*(part.where(Enrolment.person_id == person_id) for part in parts))


def _demands() -> list[Select[Any]]:
    asked, taken_back = EnrolmentAssignment, AssignmentWithdrawal
    rule = func.coalesce(RuleVersion.name, "")
    return [
        _part(0, "chosen", Enrolment.enrolled_at, Enrolment.enrolled_at).where(Enrolment.own_choice),
        _part(
            1, "asked", asked.assigned_at, asked.assigned_at, until=asked.due_on, by=Assignment.assigned_by, detail=rule
        ).join(asked, asked.enrolment_id == Enrolment.id).join(Assignment, Assignment.id == asked.assignment_id)
        .outerjoin(RuleVersion, RuleVersion.id == Assignment.rule_version_id),
        _part(
            2, "demand_withdrawn", taken_back.withdrawn_at, taken_back.withdrawn_at, by=taken_back.withdrawn_by,
            detail=taken_back.cause,
        ).join(asked, asked.enrolment_id == Enrolment.id)
        .join(taken_back, taken_back.assignment_id == asked.assignment_id),
        _part(3, "started", EnrolmentStart.started_at, EnrolmentStart.started_at)
        .join(EnrolmentStart, EnrolmentStart.enrolment_id == Enrolment.id),
    ]  # fmt: skip


def _attempts() -> list[Select[Any]]:
    result, late, extra = AttemptResult, LateDecision, ExtraAttempt
    return [
        _part(4, "attempt", Attempt.started_at, Attempt.started_at, number=Attempt.number)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id),
        _part(
            5, "result", result.submitted_at, result.recorded_at, number=result.percent, detail=result.cause,
            by=result.recorded_by,
        ).join(Attempt, Attempt.enrolment_id == Enrolment.id).join(result, result.attempt_id == Attempt.id),
        _part(
            6, "late_answers", late.decided_at, late.decided_at, number=cast(late.accepted, Integer),
            by=late.decided_by, text=late.ref,
        ).join(Attempt, Attempt.enrolment_id == Enrolment.id).join(late, late.attempt_id == Attempt.id),
        _part(7, "extra_attempt", extra.granted_at, extra.granted_at, by=extra.granted_by)
        .join(extra, extra.enrolment_id == Enrolment.id),
    ]  # fmt: skip


def _completions() -> list[Select[Any]]:
    done, gone, again = Completion, CompletionWithdrawal, CompletionReinstatement
    return [
        _part(
            8, "completed", done.effective_at, done.recorded_at, until=done.expires_on, number=CourseVersion.number,
            by=Attendance.recorded_by, text=Attendance.ref,
        ).join(done, done.enrolment_id == Enrolment.id).join(CourseVersion, CourseVersion.id == done.version_id)
        .outerjoin(Attendance, Attendance.completion_id == done.id),
        _part(9, "completion_withdrawn", gone.effective_at, gone.recorded_at, by=gone.withdrawn_by, text=gone.ref)
        .join(done, done.enrolment_id == Enrolment.id).join(gone, gone.completion_id == done.id),
        _part(10, "reinstated", again.recorded_at, again.recorded_at, by=again.reinstated_by, text=again.ref)
        .join(done, done.enrolment_id == Enrolment.id).join(gone, gone.completion_id == done.id)
        .join(again, again.withdrawal_id == gone.id),
    ]  # fmt: skip


def _tasks() -> list[Select[Any]]:
    handed, said, back = HandIn, ReviewDecision, ConfirmationWithdrawal

    def of_hand_in(part: Select[Any]) -> Select[Any]:
        return part.join(Completion, Completion.enrolment_id == Enrolment.id).join(
            handed, handed.completion_id == Completion.id
        )

    def of_decision(part: Select[Any]) -> Select[Any]:
        asked = of_hand_in(part).join(ReviewRequest, ReviewRequest.hand_in_id == handed.id)
        return asked.join(said, said.request_id == ReviewRequest.id).where(said.decision == Decision.SEEN)

    gone = _part(
        13, "confirmation_withdrawn", back.withdrawn_at, back.withdrawn_at, by=back.withdrawn_by, text=back.ref
    )
    return [
        of_hand_in(_part(11, "handed_in", handed.handed_in_at, handed.handed_in_at)),
        of_decision(_part(12, "confirmed", said.decided_at, said.decided_at, detail=ReviewRequest.role)),
        of_decision(gone).join(back, back.decision_id == said.id),
    ]


def _waivers() -> list[Select[Any]]:
    back = WaiverWithdrawal
    return [
        _part(14, "waived", Waiver.waived_at, Waiver.waived_at, by=Waiver.waived_by, text=Waiver.ref)
        .join(Waiver, Waiver.enrolment_id == Enrolment.id),
        _part(15, "waiver_withdrawn", back.withdrawn_at, back.withdrawn_at, by=back.withdrawn_by, text=back.ref)
        .join(Waiver, Waiver.enrolment_id == Enrolment.id).join(back, back.waiver_id == Waiver.id),
    ]  # fmt: skip
