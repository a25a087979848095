"""Messages about courses as HR sees them: what people in scope were told, or why not, and what they will be told.

A line tells of somebody in scope to somebody in scope; what a manager is told of others stays out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Mail,
    MailChoice,
    MailEvent,
    OrgUnit,
    Person,
    Post,
    Reminder,
    in_source_language,
)
from lms.permissions import Actor, require
from lms.rules.mails import WEEKLY, Kind, Reason
from lms.rules.reminding import URGENT, Audience
from lms.services.records import RecordFilter, in_scope
from lms.services.reminding import intended
from lms.services.scope import reaches_person, rows

ACTION = "records.oversee"
SHOWN = (Kind.INVITATION, Kind.COURSE_ASSIGNED, Kind.REMINDER)  # plans, ratings and colleagues are not HR's to see
AHEAD = timedelta(days=7)
PAGE_SIZE = 25


@dataclass(frozen=True)
class MessageFilter:
    """What the list is narrowed to; empty means everything in scope."""

    person: str = ""  # a ref
    unit: str = ""  # a unit's code: that unit and below
    text: str = ""  # part of a name, an e-mail or a number


class Line(NamedTuple):
    """One step of a course in a message. `name` is the learner's where somebody else is told of them."""

    audience: str
    name: str
    course: str
    step: int
    target_on: date


class Message(NamedTuple):
    """A mail; `event` and `reason` say what became of it last: None while it waits to be sent."""

    written_at: datetime
    person: str
    unit: str
    kind: str
    event: str | None
    reason: str | None
    at: datetime | None
    lines: list[Line]


class Intended(NamedTuple):
    """What somebody will be told from a day on, or a reason (of rules.mails.Reason) why they will not."""

    day: date
    person: str
    unit: str
    line: Line
    is_weekly: bool
    reason: str


def list_messages(session: Session, actor: Actor, *, wanted: MessageFilter, page: int = 1) -> list[Message]:
    """The mails to people in HR's scope, the newest first, one more than a page; two queries."""
    require(actor, ACTION)
    event = aliased(MailEvent)
    newest = select(func.max(MailEvent.id)).where(MailEvent.mail_id == Mail.id).correlate(Mail).scalar_subquery()
    query = (
        select(Mail.id, Mail.written_at, Person.display_name, func.coalesce(OrgUnit.name, "").label("unit"), Mail.kind)
        .add_columns(event.event, event.reason, event.at)
        .join(Person, Person.id == Mail.person_id)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(event, event.id == newest)
        .where(Mail.kind.in_([kind.value for kind in SHOWN]), *_conditions(actor, wanted))
        .order_by(Mail.id.desc()).limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
    )  # fmt: skip
    found = rows(session, query)
    lines = _lines(session, actor, [row.id for row in found])
    return [Message._make((*row[1:], lines.get(row.id, []))) for row in found]


def _lines(session: Session, actor: Actor, mails: Sequence[int]) -> dict[int, list[Line]]:
    source = aliased(CourseText)
    query = (
        select(Reminder.mail_id, Reminder.audience, Person.display_name, source.title, Reminder.step)
        .add_columns(Reminder.target_on)
        .join(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
        .where(Reminder.mail_id.in_(mails), reaches_person(actor, ACTION))
        .order_by(Reminder.target_on, Person.display_name, Reminder.enrolment_id)
    )  # fmt: skip
    found: dict[int, list[Line]] = {}
    for mail, *line in rows(session, query):
        found.setdefault(mail, []).append(_line(*line))
    return found


def _line(audience: str, name: str, course: str, step: int, target_on: date) -> Line:
    return Line(audience, "" if audience == Audience.LEARNER else name, course, step, target_on)


def list_intended(session: Session, actor: Actor, *, wanted: MessageFilter, page: int = 1) -> list[Intended]:
    """What people in scope will be told in the days to come if nothing is done, one more than a page; one query."""
    require(actor, ACTION)
    found, source, learner = intended(actor.today, actor.today + AHEAD).subquery(), aliased(CourseText), aliased(Person)
    # The scope once more, for whom it is about: as a list, in which `Person` is another than the recipient.
    about = select(Person.id).where(reaches_person(actor, ACTION)).correlate(None)
    query = (
        select(found.c.day, Person.display_name, func.coalesce(OrgUnit.name, ""), found.c.audience)
        .add_columns(learner.display_name, source.title, found.c.step, found.c.target, found.c.mandatory)
        .add_columns(_chosen(WEEKLY), _chosen(Kind.REMINDER), Person.work_email)
        .join(Person, Person.id == found.c.recipient).join(learner, learner.id == found.c.learner)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .join(Enrolment, Enrolment.id == found.c.id).join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
        .where(found.c.learner.in_(about), *_conditions(actor, wanted))
        .order_by(found.c.day, Person.display_name, Person.id, found.c.id, found.c.step)
        .limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
    )  # fmt: skip
    return [_intended(row) for row in rows(session, query)]


def _intended(row: Any) -> Intended:
    day, person, unit, audience, *told, mandatory, weekly, reminders, address = row
    line = _line(audience, *told)
    is_duty = mandatory or audience != Audience.LEARNER
    reason = "" if address else Reason.NO_ADDRESS
    if reminders is False and not is_duty:
        reason = Reason.SWITCHED_OFF
    return Intended(day, person, unit, line, bool(weekly) and line.step != URGENT, reason)


def _chosen(kind: str) -> Any:
    """The person's last choice about a kind of mail; NULL where they made none."""
    held = select(MailChoice.wanted).where(MailChoice.person_id == Person.id, MailChoice.kind == kind)
    return held.order_by(MailChoice.id.desc()).limit(1).correlate(Person).scalar_subquery()


def _conditions(actor: Actor, wanted: MessageFilter) -> list[ColumnElement[bool]]:
    """On `Person` and `Post`: the scope first, then the filters."""
    conditions = in_scope(actor, ACTION, RecordFilter(unit=wanted.unit, text=wanted.text))
    if wanted.person:
        conditions.append(Person.ref == wanted.person)
    return conditions
