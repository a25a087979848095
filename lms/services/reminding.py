"""What people are to be reminded of, as things are: read when mails are written, and again when they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from lms.models import Enrolment, OrgUnit, Post, ReportingLine, RoleGrant, Standing, status_on
from lms.permissions import Role
from lms.rules.reminding import Audience, reach, step_on
from lms.rules.standing import WAITING, Status
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


def list_recipients(session: Session, today: date, after: int, most: int) -> list[int]:
    """Who may have to be told something, by their numbers from `after` on."""
    asked = [
        select(query.selected_columns.recipient.label("number")).where(query.selected_columns.recipient > after)
        for query in _queries(today).values()
    ]
    every = asked[0].union(*asked[1:]).subquery()
    return list(session.scalars(select(every.c.number).order_by(every.c.number).limit(most)))


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


def _queries(today: date) -> dict[Audience, Select[Any]]:
    own = _open(Audience.LEARNER, Enrolment.person_id, today)
    team = (
        _open(Audience.MANAGER, ReportingLine.manager_id, today)
        .join(ReportingLine, and_(ReportingLine.person_id == Enrolment.person_id, ReportingLine.held_on(today)))
        .where(Standing.mandatory, works(ReportingLine.manager_id, today))
    )
    scope = aliased(OrgUnit)
    reached = or_(RoleGrant.unit_id.is_(None), OrgUnit.path.startswith(scope.path))
    overseen = (
        _open(Audience.HR, RoleGrant.person_id, today)
        .join(OrgUnit, OrgUnit.id == Post.unit_id)
        .join(RoleGrant, and_(RoleGrant.role == Role.HR_OFFICER.value, RoleGrant.ended_at.is_(None)))
        .outerjoin(scope, scope.id == RoleGrant.unit_id)
        .where(Standing.mandatory, reached, RoleGrant.person_id != Enrolment.person_id)
        .where(works(RoleGrant.person_id, today))
    )
    return {Audience.LEARNER: own, Audience.MANAGER: team, Audience.HR: overseen}


def _open(audience: Audience, recipient: Any, today: date) -> Select[Any]:
    """Enrolments of people who are here, of which a due date or the end of what was completed is near or not long ago.
    Where a later period was opened, the earlier one asks for nothing."""
    first, last = reach(audience)
    # A day more on both sides: in the recipient's office it may be the day before, or the next.
    days = (today - timedelta(days=last + 1), today - timedelta(days=first - 1))
    status = status_on(today)
    waits = status.in_([one.value for one in WAITING])
    near = and_(waits, Standing.due_on.between(*days))
    runs_out = and_(status.in_([one.value for one in _RUNS_OUT]), Standing.expires_on.between(*days))
    return (
        select(Enrolment.id, Enrolment.ref, recipient.label("recipient"), Standing.assigned_on, Standing.completed_on)
        .add_columns(case((waits, Standing.due_on), else_=Standing.expires_on).label("target"))
        .add_columns(Standing.mandatory, (~waits).label("renewal"))
        .distinct()
        .select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(Post, and_(Post.person_id == Enrolment.person_id, Post.is_latest))
        .where(or_(near, runs_out), latest_period(), or_(Post.ended_on.is_(None), Post.ended_on > today))
    )
