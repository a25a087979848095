"""Keeps the stored standing equal to what the facts say."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Executable, and_, bindparam, delete, exists, false, func, null, or_, select, true, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from lms.models import (
    CURRENT_RESULT,
    CURRENT_WITHDRAWAL,
    UNMADE,
    Assignment,
    AssignmentWithdrawal,
    Attempt,
    AttemptResult,
    Attendance,
    Completion,
    CompletionWithdrawal,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    Standing,
    Waiver,
    WaiverWithdrawal,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.services.hand_ins import read_facts as read_hand_ins
from lms.services.pauses import is_any_of, read_pauses_of
from lms.services.scope import rows
from lms.services.writing import audit, upsert

SLICE = 500
# The columns of rules.standing.Standing in its order, for pages that read no objects.
COLUMNS = tuple(getattr(Standing, name) for name in rule.Standing.__dataclass_fields__)


def lock(session: Session, enrolment_ids: Sequence[int]) -> None:
    """Let nobody else append to these enrolments until the commit; asked for before their facts are read."""
    rows(session, _locked(), {"ids": enrolment_ids})


def refresh(session: Session, enrolment_ids: Sequence[int], at: datetime, *, is_locked: bool = False) -> None:
    """Compute the standings of some enrolments anew from their facts; `changed_at` moves only on a change.

    The enrolments are locked before their facts are read, so that of two writers the second sees the first's facts;
    `is_locked` says that the caller has done so.
    """
    session.flush()
    ordered = sorted(set(enrolment_ids))
    for start in range(0, len(ordered), SLICE):
        ids = ordered[start : start + SLICE]
        if not is_locked:
            lock(session, ids)
        derived = [standing_row(number, rule.derive(facts), at) for number, facts in read_facts(session, ids).items()]
        upsert(session, Standing, derived, unless_equal_but=("changed_at",))
        for number in ids:
            if (loaded := session.identity_map.get(identity_key(Standing, number))) is not None:
                session.expire(loaded)


def rebuild(session: Session, actor: Actor) -> int:
    """Drop every standing and compute it anew; returns how many there are. What changed nothing keeps its date."""
    require(actor, "records.rebuild")
    session.execute(select(Enrolment.id).order_by(Enrolment.id).with_for_update(key_share=True))  # writers wait
    before = _all_standings(session)
    changed = {row.enrolment_id: row.changed_at for row in session.scalars(select(Standing))}
    session.execute(delete(Standing))
    session.expunge_all()
    ids = list(session.scalars(select(Enrolment.id).order_by(Enrolment.id)))
    refresh(session, ids, actor.at)
    session.flush()
    for row in session.scalars(select(Standing)):
        if before.get(row.enrolment_id) == as_rule(row):
            row.changed_at = changed[row.enrolment_id]
    audit(session, actor, "records.rebuild", "standings", str(len(ids)))
    return len(ids)


def _all_standings(session: Session) -> dict[int, rule.Standing]:
    return {row.enrolment_id: as_rule(row) for row in session.scalars(select(Standing))}


def as_rule(row: Standing) -> rule.Standing:
    return rule.Standing(**{name: getattr(row, name) for name in rule.Standing.__dataclass_fields__})


def read_standing(cells: Sequence[Any]) -> rule.Standing | None:
    """What stands in COLUMNS; None where an outer join found no standing."""
    return None if cells[0] is None else rule.Standing(*cells)


def standing_row(enrolment_id: int, standing: rule.Standing, at: datetime) -> dict[str, Any]:
    """A standing as it is stored, changed at that moment."""
    return {"enrolment_id": enrolment_id, "changed_at": at, **vars(standing)}


def read_facts(session: Session, ids: Sequence[int]) -> dict[int, rule.EnrolmentFacts]:
    """What is known of some enrolments, by their ids; two queries, one more where a task at work was asked or
    the person was on leave."""
    tries = defaultdict(list)
    for row in rows(session, _tries(), {"ids": ids}):
        tries[row.enrolment_id].append(row)
    asking = [row.completion_id for tried in tries.values() for row in tried if row.application_due_on]
    hand_ins = read_hand_ins(session, asking)
    demanded = rows(session, _demands(), {"ids": ids})
    pauses = read_pauses_of(session, ids) if any(row.was_on_leave for row in demanded) else {}
    facts: dict[int, rule.EnrolmentFacts] = {}
    for enrolment_id, demands in groupby(demanded, key=itemgetter(0)):
        asked = list(demands)
        facts[enrolment_id] = rule.EnrolmentFacts(
            enrolled_at=asked[0].enrolled_at,
            own_choice=asked[0].own_choice,
            started_at=asked[0].started_at,
            waived_at=asked[0].waived_at,
            pauses=tuple(pauses.get(enrolment_id, ())),
            assignments=tuple(rule.AssignmentFact(*row[6:]) for row in asked if row.assigned_at),
            attempts=tuple(rule.AttemptFact(*row[1:4]) for row in tries[enrolment_id] if row.is_attempt),
            completions=tuple(_completion(row, hand_ins) for row in tries[enrolment_id] if _is_made(row)),
        )
    return facts


def _is_made(row: Any) -> bool:
    """Whether it completed the course, as an attempt is marked today; somebody may have withdrawn it since."""
    return row.effective_at is not None and row.cause != UNMADE


def _completion(row: Any, hand_ins: dict[int, Any]) -> rule.CompletionFact:
    return rule.CompletionFact(
        row.effective_at, row.version_id, row.percent, row.language, row.expires_on, row.application_due_on,
        row.withdrawn_at, hand_ins.get(row.completion_id, ()),
    )  # fmt: skip


# Each statement is built once: every act of a learner asks all of them.
_IDS: Any = bindparam("ids", expanding=True)


@cache
def _locked() -> Executable:
    return select(Enrolment.id).where(Enrolment.id.in_(_IDS)).order_by(Enrolment.id).with_for_update(key_share=True)


@cache
def _demands() -> Executable:
    """Each enrolment as often as it was assigned, and at least once."""
    return (
        select(Enrolment.id, Enrolment.enrolled_at, Enrolment.own_choice, EnrolmentStart.started_at)
        .add_columns(_waived_at(), is_any_of(Enrolment.person_id).label("was_on_leave"))
        .add_columns(EnrolmentAssignment.assigned_at, EnrolmentAssignment.due_on)
        .add_columns(Assignment.mandatory, Assignment.reason, AssignmentWithdrawal.withdrawn_at, Assignment.grace_days)
        .outerjoin(EnrolmentStart, EnrolmentStart.enrolment_id == Enrolment.id)
        .outerjoin(EnrolmentAssignment, EnrolmentAssignment.enrolment_id == Enrolment.id)
        .outerjoin(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .where(Enrolment.id.in_(_IDS))
        .order_by(Enrolment.id)
    )


def _waived_at() -> Any:
    """When the last waiver of an `Enrolment` was given that was not taken back."""
    taken_back = exists().where(WaiverWithdrawal.waiver_id == Waiver.id)
    given = select(func.max(Waiver.waived_at)).where(Waiver.enrolment_id == Enrolment.id, ~taken_back)
    return given.correlate(Enrolment).scalar_subquery().label("waived_at")


@cache
def _tries() -> Executable:
    """Each attempt with its result, and with the completion that came of it; and each completion by attendance."""
    tried = (
        select(Attempt.enrolment_id, Attempt.started_at, AttemptResult.percent, AttemptResult.passed)
        .add_columns(Completion.effective_at, Completion.version_id, Attempt.language, *_outcome(true()))
        .outerjoin(AttemptResult, CURRENT_RESULT)
        .outerjoin(Completion, Completion.attempt_id == Attempt.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Attempt.enrolment_id.in_(_IDS))
    )
    attended = (
        select(Completion.enrolment_id, Completion.effective_at, null(), null())
        .add_columns(Completion.effective_at, Completion.version_id, Attendance.language, *_outcome(false()))
        .join(Attendance, Attendance.completion_id == Completion.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Completion.enrolment_id.in_(_IDS))
    )
    return union_all(tried, attended).order_by("started_at")


def _outcome(is_attempt: Any) -> list[Any]:
    withdrawn_at = CompletionWithdrawal.effective_at.label("withdrawn_at")
    until = Completion.id.label("completion_id"), Completion.expires_on, Completion.application_due_on
    return [*until, withdrawn_at, CompletionWithdrawal.cause, is_attempt.label("is_attempt")]


def still_until(day: Any) -> Any:
    """The last day on which an earlier period of an `Enrolment` counts, while its newest, whose `Standing` the query
    has too, is being refreshed."""
    earlier, standing = Enrolment.__table__.alias("earlier"), Standing.__table__.alias("its_standing")
    return (
        select(func.max(standing.c.expires_on))
        .join(earlier, earlier.c.id == standing.c.enrolment_id)
        .where(earlier.c.holder_id == Enrolment.person_id, earlier.c.course_id == Enrolment.course_id)
        .where(earlier.c.period < Enrolment.period, standing.c.completed_on <= day, standing.c.expires_on > day)
        .where(Standing.completed_on.is_(None))
        .correlate(Enrolment, Standing)
        .scalar_subquery()
    )


def first_achieved() -> Any:
    """The first day on which the course of an `Enrolment` was completed, in any of the person's periods."""
    period, standing = Enrolment.__table__.alias("any_period"), Standing.__table__.alias("standing_of_any")
    return (
        select(func.min(standing.c.completed_on))
        .join(period, period.c.id == standing.c.enrolment_id)
        .where(period.c.person_id == Enrolment.person_id, period.c.course_id == Enrolment.course_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def latest_period() -> Any:
    """A condition on `Enrolment`: it is the person's newest period of the course.

    Of two records that are one person's, both may have that period: then what was completed later counts, else what was
    begun later.
    """
    later = Enrolment.__table__.alias("later")
    newest = (
        select(func.max(later.c.period))
        .where(later.c.holder_id == Enrolment.person_id, later.c.course_id == Enrolment.course_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return and_(Enrolment.period == newest, ~_has_better_twin())


def _has_better_twin() -> Any:
    twin, its, own = Enrolment.__table__.alias("twin"), Standing.__table__.alias("its"), Standing.__table__.alias("own")
    of_the_same = (twin.c.holder_id == Enrolment.person_id, twin.c.course_id == Enrolment.course_id)
    never = date.min
    mine = select(own.c.completed_on).where(own.c.enrolment_id == Enrolment.id).correlate(Enrolment).scalar_subquery()
    done, done_here = func.coalesce(its.c.completed_on, never), func.coalesce(mine, never)
    is_better = or_(done > done_here, and_(done == done_here, twin.c.id > Enrolment.id))
    both = select(1).select_from(twin.outerjoin(its, its.c.enrolment_id == twin.c.id))
    same = both.where(*of_the_same, twin.c.period == Enrolment.period, twin.c.id != Enrolment.id, is_better)
    return same.correlate(Enrolment).exists()
