"""The compliance figure of one date as it was known on another, beside today's, and the records that moved since.

From facts alone: what is stored of standings today knows nothing of what was known then. The unit is the one in which
the person worked on the earlier of the two dates. Whoever was erased stays counted, under a number. Two records that
are united today count as one person's then, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import (
    UNMADE,
    Assignment,
    AssignmentWithdrawal,
    Attempt,
    Completion,
    CompletionReinstatement,
    CompletionWithdrawal,
    Course,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    OrgUnit,
    Person,
    Post,
    Waiver,
    WaiverWithdrawal,
)
from lms.permissions import Actor, require
from lms.rules.known_on import Figures, History, Made, State, Undoing, Waived, count, end_of, state
from lms.rules.standing import AssignmentFact, CompletionFact
from lms.services import hand_ins
from lms.services.scope import reaches_person, reaches_unit, rows

ACTION = "reports.read"
MOST = 30_000  # records on a page; the command takes all
SHOWN = 200


@dataclass(frozen=True)
class Moved:
    """A record that is known otherwise today; a status is empty where the record was not known."""

    ref: str
    person: str
    course: str
    unit: str
    before: str
    after: str
    was_asked: bool
    is_asked: bool


@dataclass(frozen=True)
class UnitFigures:
    """A unit's figures as they were known then, and as they are known today; no code: outside of the scope."""

    code: str
    name: str
    then: Figures
    now: Figures


@dataclass(frozen=True)
class Report:
    """The figure of a date as it was known on another, and what moved since."""

    as_of: date
    known_on: date
    total: UnitFigures
    units: list[UnitFigures]
    moved: list[Moved]

    @property
    def shown(self) -> list[Moved]:
        """As many of the moved as a page holds."""
        return self.moved[:SHOWN]


def get_report(
    session: Session, actor: Actor, *, as_of: date, known_on: date, unit: str = "", most: int | None = None
) -> Report:
    """The report of the people in scope, or of those who worked in a unit and below; four queries.

    Raises Invalid for a day of knowing that is still to come, and for more than `most` records; NotFound for a unit out
    of scope.
    """
    require(actor, ACTION)
    if known_on > actor.today:
        raise Invalid(
            N_("There is no report."), {"known_on": N_("What will be known on a later day is not known yet.")}
        )
    found = rows(session, _enrolments(actor, min(as_of, known_on), unit, most))
    if unit and not found and session.scalar(select(OrgUnit.id).where(_unit(actor, unit))) is None:
        raise NotFound()
    if most is not None and len(found) > most:
        text = N_("These are too many records for a page. Choose a unit, or ask your operator for: flask lms report")
        raise Invalid(N_("There is no report."), {"unit": text})
    histories = _read(session, actor, found)
    then, today = end_of(known_on), end_of(actor.today)
    both = [(row, state(histories[row.id], as_of, then), state(histories[row.id], as_of, today)) for row in found]
    units = [_figures(code, name, group) for (code, name), group in sorted(_by_unit(both).items())]
    return Report(as_of, known_on, _figures("", "", both), units, _moved(both))


Both = tuple[Any, State | None, State | None]


def _by_unit(both: Iterable[Both]) -> dict[tuple[str, str], list[Both]]:
    found: dict[tuple[str, str], list[Both]] = defaultdict(list)
    for one in both:
        found[one[0].unit, one[0].unit_name].append(one)
    return found


def _figures(code: str, name: str, both: Sequence[Both]) -> UnitFigures:
    """Each person once for each course."""
    periods: dict[tuple[int, int], list[Both]] = defaultdict(list)
    for one in both:
        periods[one[0].person_id, one[0].course_id].append(one)
    then = sum((count(one[1] for one in group) for group in periods.values()), Figures())
    now = sum((count(one[2] for one in group) for group in periods.values()), Figures())
    return UnitFigures(code, name, then, now)


def _moved(both: Iterable[Both]) -> list[Moved]:
    moved = [
        Moved(row.ref, row.display_name, row.course, row.unit_name, *_said(then, now))
        for row, then, now in both
        if then != now
    ]
    return sorted(moved, key=lambda one: (one.unit, one.person, one.course, one.ref))


def _said(then: State | None, now: State | None) -> tuple[str, str, bool, bool]:
    before, after = (state.status if state else "" for state in (then, now))
    return before, after, bool(then and then.is_asked), bool(now and now.is_asked)


def _unit(actor: Actor, unit: str) -> Any:
    return and_(OrgUnit.code == unit, reaches_unit(actor, ACTION))


def _enrolments(actor: Actor, day: date, unit: str, most: int | None) -> Select[Any]:
    """Each enrolment in scope with the unit of the person's post on the day, or of the newest where there was none."""
    held = and_(Post.started_on <= day, or_(Post.ended_on.is_(None), Post.ended_on > day))
    post = (
        select(Post.id).where(Post.person_id == Person.id)
        .order_by(case((held, 0), else_=1), Post.is_latest.desc(), Post.id).limit(1)
        .correlate(Person).scalar_subquery()
    )  # fmt: skip
    is_seen = reaches_unit(actor, ACTION)
    query = (
        select(Enrolment.id, Enrolment.ref, Enrolment.person_id.label("person_id"), Enrolment.course_id)
        .add_columns(Enrolment.enrolled_at, Enrolment.own_choice, EnrolmentStart.started_at, Person.display_name)
        .add_columns(Course.code.label("course"), case((is_seen, OrgUnit.code), else_="").label("unit"))
        .add_columns(case((is_seen, OrgUnit.name), else_="").label("unit_name"))
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(EnrolmentStart, EnrolmentStart.enrolment_id == Enrolment.id)
        .outerjoin(Post, Post.id == post)
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .where(reaches_person(actor, ACTION))
    )
    if unit:
        named = OrgUnit.__table__.alias("named")
        path = select(named.c.path).where(named.c.code == unit).scalar_subquery()
        query = query.where(OrgUnit.path.like(path + "%"), is_seen)
    return query if most is None else query.limit(most + 1)


def _read(session: Session, actor: Actor, found: Sequence[Any]) -> dict[int, History]:
    """Everything that was ever recorded of these enrolments, whose facts are read of the whole scope: three queries."""
    wanted = {row.id for row in found}
    demands, tries, waived = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows(session, _acts(actor)):
        if row.what == "asked":
            fact = AssignmentFact(row.at, row.due_on, bool(row.mandatory), row.reason, row.withdrawn_at, row.grace_days)
            demands[row.enrolment_id].append(fact)
        elif row.what == "waived":
            waived[row.enrolment_id].append(Waived(row.at, row.withdrawn_at))
        else:
            tries[row.enrolment_id].append(row.at)
    made = _completions(session, actor, wanted)
    return {
        row.id: History(
            row.enrolled_at, row.own_choice, row.started_at, tuple(demands[row.id]), tuple(tries[row.id]),
            tuple(made[row.id]), tuple(waived[row.id]),
        )
        for row in found
    }  # fmt: skip


def _acts(actor: Actor) -> Any:
    """Demands, waivers and attempts."""
    no_demand = null().label("due_on"), null().label("mandatory"), null().label("reason"), null().label("grace_days")
    asked = (
        select(literal("asked").label("what"), EnrolmentAssignment.enrolment_id)
        .add_columns(EnrolmentAssignment.assigned_at.label("at"), AssignmentWithdrawal.withdrawn_at)
        .add_columns(EnrolmentAssignment.due_on, Assignment.mandatory)
        .add_columns(Assignment.reason, Assignment.grace_days)
        .join(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .join(Enrolment, Enrolment.id == EnrolmentAssignment.enrolment_id)
    )
    waived = (
        select(literal("waived"), Waiver.enrolment_id, Waiver.waived_at, WaiverWithdrawal.withdrawn_at, *no_demand)
        .outerjoin(WaiverWithdrawal, WaiverWithdrawal.waiver_id == Waiver.id)
        .join(Enrolment, Enrolment.id == Waiver.enrolment_id)
    )
    tried = select(literal("tried"), Attempt.enrolment_id, Attempt.started_at, null(), *no_demand).join(
        Enrolment, Enrolment.id == Attempt.enrolment_id
    )
    return union_all(*(_in_scope(actor, query) for query in (asked, waived, tried)))


def _in_scope(actor: Actor, query: Any) -> Any:
    return query.join(Person, Person.id == Enrolment.person_id).where(reaches_person(actor, ACTION))


def _completions(session: Session, actor: Actor, wanted: set[int]) -> dict[int, list[Made]]:
    query = (
        select(Completion.id, Completion.enrolment_id, Completion.effective_at, Completion.recorded_at)
        .add_columns(Completion.version_id, Completion.expires_on, Completion.application_due_on)
        .add_columns(CompletionWithdrawal.recorded_at.label("undone_at"), CompletionWithdrawal.cause)
        .add_columns(CompletionWithdrawal.effective_at.label("undone_from"))
        .add_columns(CompletionReinstatement.recorded_at.label("reinstated_at"))
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
        .outerjoin(CompletionReinstatement, CompletionReinstatement.withdrawal_id == CompletionWithdrawal.id)
        .order_by(Completion.id)
    )
    by_number: dict[int, list[Any]] = defaultdict(list)
    for row in rows(session, _in_scope(actor, query)):
        if row.enrolment_id in wanted:
            by_number[row.id].append(row)
    asking = [number for number, (row, *_) in by_number.items() if row.application_due_on]
    handed: dict[int, Any] = {}
    for start in range(0, len(asking), MOST):  # a statement does not take any number of parameters
        handed |= hand_ins.read_facts(session, asking[start : start + MOST])
    made: dict[int, list[Made]] = defaultdict(list)
    for number, several in by_number.items():
        row = several[0]
        fact = CompletionFact(
            row.effective_at, row.version_id, None, expires_on=row.expires_on,
            application_due_on=row.application_due_on, hand_ins=handed.get(number, ()),
        )  # fmt: skip
        undoings = [
            Undoing(one.undone_at, one.undone_from, one.cause == UNMADE, one.reinstated_at)
            for one in several
            if one.undone_at
        ]
        made[row.enrolment_id].append(Made(row.recorded_at, fact, tuple(undoings)))
    return made
