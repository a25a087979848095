"""What people are to be reminded of, as things are: read when mails are written, and again when they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lms.models import (
    Enrolment,
    Mail,
    MailEvent,
    OrgUnit,
    Post,
    Reminder,
    ReportingLine,
    RoleGrant,
    Standing,
    is_on_leave,
    status_on,
)
from lms.permissions import Role
from lms.rules.mails import Reason
from lms.rules.reminding import LADDER, TOLD_FOR, Audience, reach, step_on
from lms.rules.standing import WAITING, Status
from lms.services.offices import open_offices
from lms.services.stand_ins import works
from lms.services.standings import latest_period

_RUNS_OUT = (Status.COMPLETED, Status.CERTIFIED, Status.EXPIRED)


@dataclass(frozen=True)
class Item:
    """A step that somebody is to be told of."""

    recipient: int
    audience: Audience
    enrolment_id: int
    record: str  # the ref of the enrolment
    step: int
    target_on: date
    mandatory: bool
    renewal: bool

    @property
    def told_as(self) -> tuple[int, str, int, date, int]:
        """What is told once."""
        return self.recipient, self.audience, self.enrolment_id, self.target_on, self.step


def list_recipients(session: Session, at: datetime, after: int, most: int) -> list[int]:
    """Who is at work at a moment and has reached a step that they were not told of, by their numbers from `after` on;
    one statement after those on the offices, however many people there are."""
    offices = tuple((day, tuple(units)) for day, units in open_offices(session, at).items())
    if not offices:
        return []
    return list(session.scalars(_recipients(at.date(), offices), {"after": after, "most": most}))


@lru_cache(maxsize=8)
def _recipients(today: date, offices: tuple[tuple[date, tuple[int | None, ...]], ...]) -> Select[Any]:
    """Built once for all slices of an hour: that takes longer than to execute it."""
    asked = [
        _untold(audience, query, day, units).where(query.selected_columns.recipient > bindparam("after", type_=Integer))
        for day, units in offices
        for audience, query in _queries(today).items()
    ]
    every = asked[0].union(*asked[1:]).subquery()
    return select(every.c.number).order_by(every.c.number).limit(bindparam("most", type_=Integer))


def _untold(audience: Audience, query: Select[Any], day: date, units: Sequence[int | None]) -> Select[Any]:
    """Recipients who work in these units, where it is this day, of steps that are not in the ledger."""
    recipient, target = query.selected_columns.recipient, query.selected_columns.target
    step = case(*((target <= day - timedelta(days=one), one) for one in reversed(LADDER[audience])))
    told = _is_told(audience, recipient, Enrolment.id, target, step)
    office = aliased(Post)
    works_there = office.unit_id.in_([unit for unit in units if unit is not None])
    return (
        query.with_only_columns(recipient.label("number"), maintain_column_froms=True)
        .outerjoin(office, and_(office.person_id == recipient, office.is_latest))
        .where(or_(works_there, office.person_id.is_(None)) if None in units else works_there)
        .where(step.is_not(None), ~told)
    )


def intended(today: date, until: date) -> CompoundSelect[Any]:
    """Each step up to a day that is not in the ledger, if nothing is done until then, as (recipient, audience,
    enrolment_id, learner, target, step, day, mandatory, renewal). `day` is the first on which it may be told; one
    that is over was a day of rest, or waits for a weekly mail."""
    found = []
    for audience, query in _queries(today, until - today).items():
        items, ladder = query.cte(f"{audience.value}_items"), LADDER[audience]
        for step, following in zip(ladder, (*ladder[1:], ladder[-1] + TOLD_FOR + 1), strict=True):
            first = today - timedelta(days=following - step - 1)
            days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
            day = case(*((items.c.target == one - timedelta(days=step), literal(one, Date)) for one in days))
            begun = case((items.c.renewal, items.c.completed_on), else_=items.c.assigned_on)
            told = _is_told(audience, items.c.recipient, items.c.id, items.c.target, step)
            columns = select(items.c.recipient, literal(audience.value).label("audience"), items.c.id, items.c.learner)
            columns = columns.add_columns(items.c.target, literal(step).label("step"), day.label("day"))
            columns = columns.add_columns(items.c.mandatory, items.c.renewal)
            found.append(columns.where(day.is_not(None), begun < day, ~told))
    return union_all(*found)


def _is_told(audience: Audience, recipient: Any, enrolment_id: Any, target: Any, step: Any) -> ColumnElement[bool]:
    """Whether a step is in the ledger."""
    return exists(of_told().where(
        Mail.person_id == recipient, Reminder.enrolment_id == enrolment_id, Reminder.audience == audience.value,
        Reminder.target_on == target, Reminder.step == step,
    ))  # fmt: skip


def of_told(*columns: Any) -> Select[Any]:
    """The ledger; a mail that came into the night or a day of rest and was kept back told nothing."""
    kept_back = exists().where(MailEvent.mail_id == Mail.id, MailEvent.reason == Reason.QUIET)
    query = select(*(columns or (literal(1),))).select_from(Mail)
    return query.join(Reminder, Reminder.mail_id == Mail.id).where(~kept_back)


def find_items(session: Session, people: Sequence[int], today: dict[int, date], utc_day: date) -> list[Item]:
    """What is to be told to people, each by the day of their own office (`today`); three queries."""
    found = []
    for audience, query in _queries(utc_day).items():
        for row in session.execute(query.where(query.selected_columns.recipient.in_(people))):
            begun = row.completed_on if row.renewal else row.assigned_on
            step = step_on(audience, row.target, begun, today[row.recipient])
            if step is not None:
                mandatory = bool(row.mandatory) or audience is not Audience.LEARNER
                who = (row.recipient, audience, row.id, row.ref)
                found.append(Item(*who, step, row.target, mandatory, bool(row.renewal)))
    return sorted(found, key=lambda item: (item.audience != Audience.LEARNER, item.target_on, item.enrolment_id))


@lru_cache(maxsize=8)
def _queries(today: date, ahead: timedelta = timedelta()) -> dict[Audience, Select[Any]]:
    own = _open(Audience.LEARNER, Enrolment.person_id, today, ahead)
    team = (
        _open(Audience.MANAGER, ReportingLine.manager_id, today, ahead)
        .join(ReportingLine, and_(ReportingLine.person_id == Enrolment.person_id, ReportingLine.held_on(today)))
        .where(Standing.mandatory, works(ReportingLine.manager_id, today))
    )
    scope = aliased(OrgUnit)
    reached = or_(RoleGrant.unit_id.is_(None), OrgUnit.path.startswith(scope.path))
    overseen = (
        _open(Audience.HR, RoleGrant.person_id, today, ahead)
        .join(OrgUnit, OrgUnit.id == Post.unit_id)
        .join(RoleGrant, and_(RoleGrant.role == Role.HR_OFFICER.value, RoleGrant.ended_at.is_(None)))
        .outerjoin(scope, scope.id == RoleGrant.unit_id)
        .where(Standing.mandatory, reached, RoleGrant.person_id != Enrolment.person_id)
        .where(works(RoleGrant.person_id, today))
    )
    return {Audience.LEARNER: own, Audience.MANAGER: team, Audience.HR: overseen}


def _open(audience: Audience, recipient: Any, today: date, ahead: timedelta) -> Select[Any]:
    """Enrolments of people who are here, of which a due date or the end of what was completed is near or not long ago.
    Where a later period was opened, the earlier one asks for nothing; of who is on leave, and to them, nothing is
    told."""
    first, last = reach(audience)
    # A day more on both sides: in the recipient's office it may be the day before, or the next.
    days = (today - timedelta(days=last + 1), today + ahead - timedelta(days=first - 1))
    status = status_on(today)
    waits = status.in_([one.value for one in WAITING])
    near = and_(waits, Standing.due_on.between(*days))
    runs_out = and_(status.in_([one.value for one in _RUNS_OUT]), Standing.expires_on.between(*days))
    return (
        select(Enrolment.id, Enrolment.ref, recipient.label("recipient"), Standing.assigned_on, Standing.completed_on)
        .add_columns(case((waits, Standing.due_on), else_=Standing.expires_on).label("target"))
        .add_columns(Standing.mandatory, (~waits).label("renewal"))
        .add_columns(Enrolment.person_id.label("learner"))
        .distinct()
        .select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(Post, and_(Post.person_id == Enrolment.person_id, Post.is_latest))
        .where(or_(near, runs_out), latest_period(), or_(Post.ended_on.is_(None), Post.ended_on > today))
        .where(~is_on_leave(Enrolment.person_id, today), ~is_on_leave(recipient, today))
    )
