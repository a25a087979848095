"""A line manager's page: who needs what this week, in order, and the team behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lms.permissions import Actor, may
from lms.rules.applying import State
from lms.rules.assessments import Stage as Assessed
from lms.rules.plan_stages import Stage
from lms.rules.standing import WAITING, Status
from lms.rules.team_week import AHEAD, Thing, What, When, in_order, plan_asks
from lms.services.assessments import AssessmentState, list_states
from lms.services.reviews import list_waiting
from lms.services.team import TeamCourse, TeamMember, get_team
from lms.services.team_plans import PlanLine, list_team_plans


@dataclass(frozen=True)
class TeamPage:
    """What waits, by how soon, and each member with their courses, assessment and shared plans."""

    week: dict[When, list[Thing]]
    members: list[TeamMember]
    states: dict[str, AssessmentState]  # by the person's ref
    plans: dict[str, list[PlanLine]]
    stages: dict[Stage | None, list[tuple[TeamMember, PlanLine | None]]]  # of today's plans; None: nothing is shared
    running_out: int  # completions within AHEAD
    ran_out: int  # completions, and nothing has renewed them
    is_manager: bool  # ratings, levels and plans are no deputy's

    @property
    def stands_in(self) -> list[tuple[str, date]]:
        """For whom the actor stands in, and until when."""
        return sorted({(one.for_name, one.until) for one in self.members if one.until})


def get_team_page(session: Session, actor: Actor, *, cycle_start: str) -> TeamPage:
    """The people who report to the actor today, or over whom the actor stands in, and what is to be done for
    them; five queries."""
    members = get_team(session, actor)
    is_manager = may(actor, "plans.review")
    states = list_states(session, actor, cycle_start=cycle_start) if is_manager else {}
    plans: dict[str, list[PlanLine]] = {member.ref: [] for member in members}
    for plan in list_team_plans(session, actor) if is_manager else ():
        plans.setdefault(plan.person, []).append(plan)
    things = [
        Thing(What.REVIEW, one.asked_at.date(), one.learner, one.title, one.ref)
        for one in list_waiting(session, actor)
    ]  # fmt: skip
    stages: dict[Stage | None, list[tuple[TeamMember, PlanLine | None]]] = {stage: [] for stage in (None, *Stage)}
    for member in members:
        things += _of_member(actor, member, states.get(member.ref), plans[member.ref])
        current = _current(actor, plans[member.ref])
        if not member.for_name:
            stages[current.stage if current else None].append((member, current))
    ends = [thing.day for thing in things if thing.what is What.EXPIRES and thing.day]
    running_out = sum(actor.today < day <= actor.today + AHEAD for day in ends)
    ran_out = sum(day <= actor.today for day in ends)
    return TeamPage(in_order(things, actor.today), members, states, plans, stages, running_out, ran_out, is_manager)


def _current(actor: Actor, plans: list[PlanLine]) -> PlanLine | None:
    return next((plan for plan in plans if plan.starts_on <= actor.today <= plan.ends_on), None)


def _of_member(
    actor: Actor, member: TeamMember, state: AssessmentState | None, plans: list[PlanLine]
) -> Iterator[Thing]:  # fmt: skip
    name, person = member.name, member.ref
    if member.entries_since:
        day = member.entries_since.date()
        yield Thing(What.DECIDE, day, name, person=person, count=member.entries)
    if state and state.since and state.stage is Assessed.SELF_IN:
        yield Thing(What.RATE, state.since.date(), name, ref=person, person=person)
    if state and state.since and state.stage is Assessed.BOTH_IN and not state.agreed:
        yield Thing(What.TALK, state.since.date(), name, ref=state.ref or "", person=person)
    for plan in plans:
        if plan.mentioned_on and plan.stage is not Stage.CLOSED:
            yield Thing(What.ANSWER, plan.mentioned_on, name, ref=plan.ref, person=person)
        for what, day in plan_asks(plan.stage, plan.acts, plan.starts_on, plan.ends_on, actor.today):
            yield Thing(what, day, name, ref=plan.ref, person=person)
    if _current(actor, plans) is None and not member.for_name:
        yield Thing(What.SHARE, None, name, person=person)
    for course in member.courses:
        yield from _of_course(member, course)


def _of_course(member: TeamMember, course: TeamCourse) -> Iterator[Thing]:
    name, about, person = member.name, course.title, member.ref
    if course.asks_for_help and not course.is_requested:
        yield Thing(What.HELP, None, name, about, course.ref, person)
    if course.status in WAITING and course.due_on:
        yield Thing(What.COURSE, course.due_on, name, about, course.slug, person)
    if course.application in (State.DUE, State.OVERDUE, State.RETURNED):
        yield Thing(What.TASK, course.application_due_on, name, about, course.slug, person)
    if course.status in (Status.COMPLETED, Status.CERTIFIED, Status.EXPIRED) and course.expires_on:
        yield Thing(What.EXPIRES, course.expires_on, name, about, course.slug, person)
