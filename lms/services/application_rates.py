"""How many tasks at work are confirmed, by unit and by course, and where they get stuck: counts of five and more."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
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
from lms.rules.counts import Counts, Unit
from lms.rules.task_counts import Share, count_tasks
from lms.services import standings
from lms.services.following_up import is_case
from lms.services.review_requests import ask, asked_beside
from lms.services.reviewers import find_anybody
from lms.services.scope import reaches_person, rows
from lms.services.unit_levels import tree_of, units_in_scope
from lms.services.writing import audit

MOST_CASES = 100
NO_UNIT = 0  # of people without a post
ACTION = "applications.oversee"


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

    counts: Counts  # by unit, and by course as its parts
    units: dict[str, str]  # the names of the units by their keys
    courses: dict[str, str]  # the titles of the courses by their codes
    cases: list[Case]


def get_rates(session: Session, actor: Actor) -> RatesPage:
    """Of all records in scope; three queries."""
    require(actor, ACTION)
    source = aliased(CourseText)
    state = application_state_on(actor.today).label("state")
    keys = OrgUnit.id, Course.code, source.title, Enrolment.period, state
    query = (
        from_records(select(*keys, func.count().label("tasks")))
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
    )
    asked = Standing.completed_on.is_not(None), Standing.application_due_on.is_not(None), state != State.NONE.value
    query = query.where(*asked, reaches_person(actor, ACTION)).order_by(source.title, OrgUnit.id)
    found = rows(session, query.group_by(*keys))
    shares = [
        Share(unit or NO_UNIT, code, period, State(state), tasks) for unit, code, _, period, state, tasks in found
    ]
    units = units_in_scope(session, actor, ACTION)
    names = {str(unit.id): unit.name for unit in units} | {str(NO_UNIT): "–"}
    counts = count_tasks(shares, lambda groups: [*tree_of(units, groups), Unit(str(NO_UNIT), groups.get(NO_UNIT, 0))])
    return RatesPage(counts, names, {code: title for _, code, title, *_ in found}, _cases(session, actor))


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
        .where(reaches_person(actor, ACTION))
    )


def ask_reviewer(session: Session, actor: Actor, *, ref: str, email: str) -> None:
    """HR asks somebody to look at a hand-in in scope that nobody answers.

    Raises NotFound, Forbidden for the actor's own, Conflict where somebody looks at it, Invalid for the e-mail.
    """
    require(actor, ACTION)
    found = session.execute(
        select(Enrolment.id, Enrolment.person_id.label("person_id"), HandIn.id.label("hand_in_id"))
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(HandIn, HandIn.completion_id == Completion.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(HandIn.ref == ref, reaches_person(actor, ACTION))
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
