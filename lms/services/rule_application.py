"""Applies the rules in force, slice by slice of people: who comes to be meant is asked, of who no longer is what was
not completed is taken back. Doing it again changes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lms.models import (
    Assignment,
    AssignmentWithdrawal,
    Course,
    Enrolment,
    EnrolmentAssignment,
    ImportRun,
    Person,
    Post,
    Standing,
    joined_on,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.rules.assigning import Terms, asked, due_again, due_day
from lms.rules.mails import Kind
from lms.services import standings
from lms.services.audience_people import current_roles, meant_people
from lms.services.enrolments import enrolment_row, keep_readings
from lms.services.mails import News, add_mails
from lms.services.rule_demands import Demand, Held, Newest, read_demands, read_first_asked, read_newest, rules_in_force
from lms.services.standings import latest_period
from lms.services.writing import insert_missing

SLICE = 50  # people: each may be asked for a path of courses, and told of every one
DONE = (rule.Status.COMPLETED, rule.Status.CERTIFIED, rule.Status.WAIVED)
EXPIRED = rule.Status.EXPIRED


class Ask(NamedTuple):
    """A course to ask of a person: in their newest enrolment, or in a period that is opened for it."""

    person_id: int
    due_on: date | None
    opens: int | None  # the number of the period
    before: int | None = None  # the enrolment that still counts and runs out: what was read in it stays read


@dataclass
class Change:
    """What one rule has to change for a slice of people."""

    ask: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    take_back: list[tuple[Demand, str]] = field(default_factory=list)


def apply_rules(session: Session, actor: Actor, *, payload: Mapping[str, Any], after: int) -> int | None:
    """Apply the rules, or the one that the payload names, to the people that follow in number; returns the last
    number, or None when nobody is left."""
    require(actor, "jobs.work")
    in_force = rules_in_force(session, payload.get("rule"))
    people = session.scalars(
        select(Person.id).join(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .where(Person.id > after).order_by(Person.id).limit(SLICE)
    ).all() if in_force else []  # fmt: skip
    if not people:
        return None
    run_id = session.scalar(select(ImportRun.id).where(ImportRun.ref == payload.get("import", "")))
    roles, codes = current_roles(session), dict(session.execute(select(Course.code, Course.id)).all())
    touched: set[int] = set()
    for held in in_force:
        change = _change(session, actor, held, people, roles, codes)
        touched |= _carry_out(session, actor, held, change, codes, run_id)
    standings.refresh(session, list(touched), actor.at)
    return people[-1]


def _change(
    session: Session, actor: Actor, held: Held, people: Sequence[int], roles: Mapping[str, Any],
    codes: Mapping[str, int],
) -> Change:  # fmt: skip
    meant: dict[int, date | None] = {}
    if not held.is_end:
        query = meant_people(held.conditions, roles, actor.today, Person.id, joined_on())
        meant = dict(session.execute(query.where(Person.id.in_(people))).all())
    demands = read_demands(session, held, people)
    first = read_first_asked(session, held, list(meant))
    newest = read_newest(session, [codes[c] for c in held.terms.courses if c in codes], list(meant))
    change = Change()
    for person in people:
        if person in meant:
            due = due_day(held.terms, meant[person], first.get(person, actor.today))
            _compare(change, held, actor.today, person, due, demands[person], newest[person])
        else:
            cause = "rule_ended" if held.is_end else "no_match"
            change.take_back += [(demand, cause) for demand in demands[person].values() if not _is_done(demand, actor)]
    return change


def _is_done(demand: Demand, actor: Actor) -> bool:
    return rule.status(demand.standing, actor.today) in (*DONE, EXPIRED)


def _compare(
    change: Change, held: Held, today: date, person: int, due: date | None, demands: Mapping[str, Demand],
    newest: Mapping[str, Newest],
) -> None:  # fmt: skip
    """What is asked of somebody whom the rule means, beside what it asks already."""
    status = {code: rule.status(enrolled.standing, today) for code, enrolled in newest.items()}
    # A period follows another only where that was completed.
    ever = {code for code, (_, period, _) in newest.items() if period > 1 or status[code] in (*DONE, EXPIRED)}
    wanted = asked(held.terms, ever)
    for code in wanted:
        enrolled, demand = newest.get(code), demands.get(code)
        if enrolled is None:
            change.ask[code].append(Ask(person, due, 1))
        elif rule.is_refreshable(enrolled.standing, today):
            last = _last_day(enrolled.standing)
            change.ask[code].append(Ask(person, last, enrolled.period + 1, enrolled.enrolment_id))
        elif status[code] is EXPIRED:
            change.ask[code].append(Ask(person, due_again(held.terms, today), enrolled.period + 1))
        elif demand is None or demand.enrolment_id != enrolled.enrolment_id:
            change.ask[code].append(Ask(person, due, None))
        elif status[code] not in DONE and demand.version_id != held.id and _differs(demand, held.terms, due):
            change.take_back.append((demand, "rule_changed"))
            change.ask[code].append(Ask(person, due, None))
    for code, demand in demands.items():
        if code not in wanted and rule.status(demand.standing, today) not in (*DONE, EXPIRED):
            change.take_back.append((demand, "enough" if code in held.terms.courses else "rule_changed"))


def _last_day(standing: rule.Standing) -> date | None:
    """The last day on which what was completed counts."""
    return standing.expires_on - timedelta(days=1) if standing.expires_on else None


def _differs(demand: Demand, terms: Terms, due: date | None) -> bool:
    return (demand.mandatory, demand.due_on, demand.grace_days) != (terms.mandatory, due, terms.grace_days)


def _carry_out(
    session: Session, actor: Actor, held: Held, change: Change, codes: Mapping[str, int], run_id: int | None
) -> set[int]:
    """Write the change; returns the enrolments whose standing follows."""
    back = [
        {"assignment_id": demand.assignment_id, "withdrawn_by": None, "withdrawn_at": actor.at, "cause": cause}
        for demand, cause in change.take_back
    ]
    insert_missing(session, AssignmentWithdrawal, back)
    touched = {demand.enrolment_id for demand, _ in change.take_back}
    for code, asks in change.ask.items():
        if code in codes:  # it may have been taken out of the catalogue
            opened = _open(session, actor, codes[code], asks)
            touched |= _demand(session, actor, held, codes[code], asks, opened, run_id)
    return touched


def _open(session: Session, actor: Actor, course_id: int, asks: Sequence[Ask]) -> dict[int, int]:
    """Each person's newest enrolment, with the periods that are opened now."""
    rows = [enrolment_row(actor, a.person_id, course_id, a.opens, own_choice=False) for a in asks if a.opens]
    insert_missing(session, Enrolment, rows)  # somebody else may be enrolling them at this moment
    people = [ask.person_id for ask in asks]
    newest = select(Enrolment.person_id, Enrolment.id).where(Enrolment.course_id == course_id, latest_period())
    opened = dict(session.execute(newest.where(Enrolment.person_id.in_(people))).all())
    keep_readings(session, {ask.before: opened[ask.person_id] for ask in asks if ask.before})
    return opened


def _demand(
    session: Session, actor: Actor, held: Held, course_id: int, asks: Sequence[Ask], opened: Mapping[int, int],
    run_id: int | None,
) -> set[int]:  # fmt: skip
    """Ask the course of people in the enrolments that are opened for them, and tell those who have something to do."""
    terms = held.terms
    made = {
        ask.person_id: Assignment(
            course_id=course_id, person_id=ask.person_id, due_on=ask.due_on, mandatory=terms.mandatory,
            reason="renewal" if ask.opens and ask.opens > 1 else "role", grace_days=terms.grace_days,
            rule_version_id=held.id, import_run_id=run_id, assigned_by=held.written_by, assigned_at=actor.at,
        )
        for ask in asks
    }  # fmt: skip
    session.add_all(made.values())
    session.flush()
    links = [
        {"enrolment_id": opened[person], "assignment_id": one.id, "assigned_at": actor.at, "due_on": one.due_on}
        for person, one in made.items()
    ]
    insert_missing(session, EnrolmentAssignment, links)
    completed = set(session.scalars(_completed(list(opened.values()))))
    news = [
        News(person, f"{Kind.COURSE_ASSIGNED}:{one.ref}:{person}", {"assignment": one.ref})
        for person, one in made.items() if opened[person] not in completed
    ]  # fmt: skip
    add_mails(session, Kind.COURSE_ASSIGNED, news, actor.at)
    return set(opened.values())


def _completed(enrolments: Sequence[int]) -> Any:
    done = func.coalesce(Standing.completed_on, Standing.waived_on).is_not(None)
    return select(Standing.enrolment_id).where(Standing.enrolment_id.in_(enrolments), done)
