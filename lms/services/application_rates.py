"""How many tasks at work are confirmed, by unit and by course, and where they get stuck: counts of five and more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Completion,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    HandIn,
    OrgUnit,
    Person,
    Post,
    ReviewRequest,
    Standing,
    application_state_on,
    from_records,
    in_source_language,
    named_completion,
)
from lms.permissions import Actor, require
from lms.rules.applying import As, Cause, Side, State
from lms.rules.fives import of_five
from lms.services import standings
from lms.services.following_up import is_case
from lms.services.review_requests import ask, asked_beside
from lms.services.reviewers import find_anybody
from lms.services.scope import reaches_person
from lms.services.writing import audit

MOST_CASES = 100
# Where a task may stand once its course is passed, in the order of the way.
STAGES = (State.DUE, State.OVERDUE, State.RETURNED, State.HANDED_IN, State.CONFIRMED)


@dataclass(frozen=True)
class Rate:
    """The tasks at work of one group; `name` is empty for the others together."""

    name: str
    people: int
    counts: tuple[int, ...]  # as STAGES

    @property
    def passed(self) -> int:
        """How many completed courses ask for a task."""
        return sum(self.counts)

    @property
    def handed_in(self) -> int:
        """How many of them wait for a reviewer or are confirmed."""
        return sum(self.counts[3:])

    @property
    def confirmed(self) -> int:
        """How many are confirmed."""
        return self.counts[4]

    @property
    def percent(self) -> int:
        """The confirmed application rate."""
        return round(100 * self.confirmed / self.passed) if self.passed else 0


@dataclass(frozen=True)
class Case:
    """A hand-in that nobody answers."""

    ref: str
    name: str
    title: str
    unit: str
    handed_in_at: datetime
    is_own: bool


@dataclass(frozen=True)
class RatesPage:
    """What HR sees of tasks at work: how many, never what was handed in."""

    total: Rate | None  # None under five people
    by_unit: list[Rate]
    by_course: list[Rate]
    cases: list[Case]


def get_rates(session: Session, actor: Actor) -> RatesPage:
    """Of all records in scope; three queries."""
    require(actor, "applications.oversee")
    source = aliased(CourseText)
    by_unit = _counted(actor, OrgUnit.id, OrgUnit.name).order_by(OrgUnit.name)
    by_course = _counted(actor, Course.id, source.title).join(CourseVersion, CURRENT_VERSION)
    by_course = by_course.join(source, in_source_language(source)).order_by(source.title)
    units, courses = (_rates(session.execute(query)) for query in (by_unit, by_course))
    total = _together("", list(units.values()))  # a person has one unit
    is_shown = total.people >= 5
    return RatesPage(
        total if is_shown else None, _in_fives(units) if is_shown else [],
        _in_fives(courses, people_may_repeat=True) if is_shown else [], _cases(session, actor),
    )  # fmt: skip


def _counted(actor: Actor, key: Any, name: Any) -> Select[Any]:
    state = application_state_on(actor.today)
    counts = [func.sum(case((state == stage.value, 1), else_=0)).label(stage.value) for stage in STAGES]
    query = select(key.label("key"), name.label("name"), func.count(Enrolment.person_id.distinct()), *counts)
    asked = Standing.completed_on.is_not(None), Standing.application_due_on.is_not(None)
    reached = reaches_person(actor, "applications.oversee")
    return from_records(query).where(*asked, state != State.NONE.value, reached).group_by(key, name)


def _rates(found: Iterable[Any]) -> dict[int | None, Rate]:
    return {key: Rate(name or "–", people, tuple(counts)) for key, name, people, *counts in found}


def _together(name: str, rates: Sequence[Rate]) -> Rate:
    counts = tuple(sum(rate.counts[n] for rate in rates) for n in range(len(STAGES)))
    return Rate(name, sum(rate.people for rate in rates), counts)


def _in_fives(rates: dict[int | None, Rate], *, people_may_repeat: bool = False) -> list[Rate]:
    sorted_out = of_five({key: rate.people for key, rate in rates.items()}, people_may_repeat=people_may_repeat)
    shown = [rates[key] for key in rates if key in sorted_out.shown]
    others = [rates[key] for key in rates if key in sorted_out.others]
    return [*shown, _together("", others)] if sorted_out.others_are_shown else shown


def _cases(session: Session, actor: Actor) -> list[Case]:
    source = aliased(CourseText)
    query = (
        _open_cases(actor, actor.today)
        .add_columns(Person.display_name, Person.id.label("person_id"), source.title, OrgUnit.name.label("unit"))
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .join(source, in_source_language(source))
        .order_by(HandIn.handed_in_at, HandIn.id).limit(MOST_CASES)
    )  # fmt: skip
    return [
        Case(row.ref, row.display_name, row.title, row.unit or "–", row.handed_in_at, row.person_id == actor.person_id)
        for row in session.execute(query)
    ]


def _open_cases(actor: Actor, on: date) -> Any:
    """Hand-ins in scope that wait, and that nobody answers."""
    own = and_(ReviewRequest.hand_in_id == HandIn.id, ReviewRequest.is_open, ReviewRequest.side == Side.OWN)
    later = aliased(HandIn)
    newest = select(func.max(later.id)).where(later.completion_id == Completion.id).correlate(Completion)
    return (
        select(HandIn.ref, HandIn.handed_in_at, HandIn.id.label("hand_in_id"), Enrolment.id.label("enrolment_id"))
        .select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Completion, Completion.id == named_completion())
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(HandIn, HandIn.id == newest.scalar_subquery())
        .outerjoin(ReviewRequest, own)
        .where(Standing.handed_in_on.is_not(None), application_state_on(on) == State.HANDED_IN.value, is_case(on))
        .where(reaches_person(actor, "applications.oversee"))
    )


def ask_reviewer(session: Session, actor: Actor, *, ref: str, email: str) -> None:
    """HR asks somebody to look at a hand-in in scope that nobody answers.

    Raises NotFound, Forbidden for the actor's own, Conflict where somebody looks at it, Invalid for the e-mail.
    """
    require(actor, "applications.oversee")
    found = session.execute(
        select(Enrolment.id, Enrolment.person_id.label("person_id"), HandIn.id.label("hand_in_id"))
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(HandIn, HandIn.completion_id == Completion.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(HandIn.ref == ref, reaches_person(actor, "applications.oversee"))
    ).first()
    if found is None:
        raise NotFound()
    if found.person_id == actor.person_id:
        raise Forbidden(N_("This is your own work. Ask a colleague in HR: nobody chooses their own reviewer."))
    standings.lock(session, [found.id])
    if session.execute(_open_cases(actor, actor.today).where(HandIn.id == found.hand_in_id)).first() is None:
        raise Conflict(N_("Somebody looks at this already, or it is answered. Nothing was changed."))
    but = (found.person_id, actor.person_id or 0, *asked_beside(session, found.hand_in_id, Side.OWN))
    reviewer = find_anybody(session, email, learner=found.person_id, on=actor.today, but=but)
    if reviewer is None:
        raise Invalid(
            N_("Nobody was asked yet."), {"email": N_("Nobody who could look at this has this e-mail. Check it.")}
        )
    ask(
        session, found.hand_in_id, reviewer, side=Side.OWN, role=As.REVIEWER, cause=Cause.HR, by=actor.person_id,
        at=actor.at,
    )  # fmt: skip
    audit(session, actor, "applications.ask", "hand_in", ref)
