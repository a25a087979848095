"""Reminders of what is due, late or runs out: for each person one mail for all of it, at a time of day that suits them.

What is intended follows from the facts; what was told is appended (`Reminder`). The job and the look into the future
take the same way: `find_digests`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.models import Course, Enrolment, Mail, MailChoice, Person, Reminder
from lms.permissions import Actor, require
from lms.rules.mails import WEEKLY, Kind
from lms.rules.reminding import URGENT, Audience, may_tell, ticks
from lms.services.mails import REF_LENGTH, WRITTEN_AT_ONCE, News, add_mails, digest
from lms.services.offices import find_offices
from lms.services.reminding import Item, find_items, list_recipients, of_told
from lms.services.writing import insert_missing

REMIND = "remind"  # the kind of job


@dataclass(frozen=True)
class Digest:
    """One mail to one person, on a day of their office."""

    person_id: int
    day: date
    items: tuple[Item, ...]

    @property
    def news(self) -> News:
        """What is written: once for each person and day."""
        told = [[item.record, item.audience, item.target_on.isoformat()] for item in self.items]
        return News(self.person_id, f"{Kind.REMINDER}:{self.person_id}:{self.day}", {"items": told})


@dataclass
class Told:
    """What people were told already: each step, and when last."""

    steps: set[tuple[int, str, int, date, int]]
    last: dict[int, datetime]

    def add(self, digests: Sequence[Digest], at: datetime) -> None:
        """What would be told then, for the look into the future."""
        for one in digests:
            self.steps |= {item.told_as for item in one.items}
            self.last[one.person_id] = at


def remind(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Write the mails of a slice of people, by their numbers from `after` on; the last number, or None at the end."""
    require(actor, "jobs.work")
    people = list_recipients(session, actor.at, after, WRITTEN_AT_ONCE)
    if not people:
        return None
    _hold(session, people)
    digests = find_digests(session, people, actor.at, read_told(session, people))
    add_mails(session, Kind.REMINDER, [one.news for one in digests], actor.at)
    refs = {digest(one.news)[:REF_LENGTH]: one for one in digests}
    written = session.execute(select(Mail.id, Mail.ref).where(Mail.ref.in_(refs), Mail.written_at == actor.at))
    lines = [
        {
            "mail_id": row.id, "enrolment_id": item.enrolment_id, "audience": item.audience.value, "step": item.step,
            "target_on": item.target_on,
        }
        for row in written for item in refs[row.ref].items
    ]  # fmt: skip
    insert_missing(session, Reminder, lines)
    return people[-1]


def _hold(session: Session, people: Sequence[int]) -> None:
    """Let no other such job tell these people anything until the commit; asked for before it is read what they were
    told, so that of two jobs that overlap the second knows what the first wrote."""
    held = select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True)
    session.execute(held).all()


def find_digests(session: Session, people: Sequence[int], at: datetime, told: Told) -> list[Digest]:
    """Who of these people gets a mail at this moment, and of what."""
    offices = find_offices(session, people, at)
    at_work = [person for person in people if offices[person].is_open(at)]
    if not at_work:
        return []
    today = {person: offices[person].local(at).date() for person in at_work}
    refused, weekly = _choices(session, at_work)
    open_items: dict[int, list[Item]] = {}
    for item in find_items(session, at_work, today, at.date()):
        if item.told_as not in told.steps and (item.mandatory or item.recipient not in refused):
            open_items.setdefault(item.recipient, []).append(item)
    found = []
    for person, items in sorted(open_items.items()):
        last = offices[person].local(told.last[person]).date() if person in told.last else None
        urgent = any(item.step == URGENT for item in items)
        if may_tell(weekly=person in weekly, last=last, today=today[person], urgent=urgent):
            found.append(Digest(person, today[person], tuple(items)))
    return found


def read_told(session: Session, people: Sequence[int]) -> Told:
    """What these people were told."""
    query = of_told(Mail.person_id, Mail.written_at, Reminder).where(Mail.person_id.in_(people))
    told = Told(set(), {})
    for person, at, line in session.execute(query):
        told.steps.add((person, line.audience, line.enrolment_id, line.target_on, line.step))
        told.last[person] = max(at, told.last.get(person, at))
    return told


def _choices(session: Session, people: Sequence[int]) -> tuple[set[int], set[int]]:
    """Who wants no reminders but of duties, and who wants them once a week."""
    newest = select(func.max(MailChoice.id)).where(MailChoice.person_id.in_(people)).group_by(
        MailChoice.person_id, MailChoice.kind
    )  # fmt: skip
    chosen = session.execute(
        select(MailChoice.person_id, MailChoice.kind, MailChoice.wanted).where(MailChoice.id.in_(newest))
    ).all()
    refused = {row.person_id for row in chosen if row.kind == Kind.REMINDER and not row.wanted}
    return refused, {row.person_id for row in chosen if row.kind == WEEKLY and row.wanted}


@dataclass(frozen=True)
class Foreseen:
    """A line of a mail that somebody would get."""

    at: datetime
    name: str
    audience: Audience
    course: str
    step: int
    target_on: date
    renewal: bool


def foresee(session: Session, actor: Actor, *, on: date) -> Iterator[Foreseen]:
    """Who would get what on a day, if nothing is done until then: the days up to it are gone through, and nothing is
    written."""
    require(actor, "jobs.work")
    told = Told(set(), {})
    for at in ticks(actor.at, on):
        after, found = 0, []
        while people := list_recipients(session, at, after, WRITTEN_AT_ONCE):
            known = read_told(session, people)
            known.steps |= told.steps
            known.last |= told.last
            found += find_digests(session, people, at, known)
            after = people[-1]
        told.add(found, at)
        if at.date() == on:
            yield from _described(session, at, found)


def _described(session: Session, at: datetime, digests: Sequence[Digest]) -> Iterator[Foreseen]:
    names = dict(session.execute(select(Person.id, Person.display_name)).all())
    courses = dict(
        session.execute(
            select(Enrolment.id, Course.code).join(Course, Course.id == Enrolment.course_id)
            .where(Enrolment.id.in_([item.enrolment_id for one in digests for item in one.items]))
        ).all()
    )  # fmt: skip
    for one in digests:
        for item in one.items:
            course = courses[item.enrolment_id]
            yield Foreseen(at, names[one.person_id], item.audience, course, item.step, item.target_on, item.renewal)
