"""What people do in the stories, each act in one transaction through the services that the pages call.

The refs that an act returns are all that a story knows of rows, so that it can be told in another way (`bulk`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleFile
from lms.db import Database
from lms.demonstration.published import PublishedCourse
from lms.errors import N_, Conflict
from lms.models import Completion, DevelopmentPlan, Enrolment, Person, ReportingLine
from lms.permissions import Actor
from lms.rules.people import email_key
from lms.services.actors import find_actor
from lms.services.answers import Answer, record_answers
from lms.services.assignments import assign_course, withdraw_assignment
from lms.services.attempts import Drawn, list_drawn, read_answers, start_attempt
from lms.services.completions import withdraw_completion
from lms.services.enrolments import finish_section, start_course
from lms.services.people import import_people
from lms.services.plan_acts import act_on_own_plan, act_on_team_plan
from lms.services.plan_words import add_item, save_objective, sign_item
from lms.services.plans import get_own_plan, start_plan
from lms.services.profile import save_profile
from lms.services.quiz_help import ask_for_help
from lms.services.roles import grant_role
from lms.services.submitting import submit_attempt


@dataclass(frozen=True)
class Try:
    """An attempt that somebody has begun: its ref, its language and what was drawn."""

    ref: str
    language: str
    drawn: Sequence[Drawn]


class Acts:
    """One by one. `BulkActs` does the same with more at a time."""

    def __init__(self, database: Database, operator: Actor, courses: Sequence[PublishedCourse]) -> None:
        self.database, self.operator = database, operator
        self.courses = {course.code: course for course in courses}

    @contextmanager
    def operating(self, at: datetime) -> Iterator[tuple[Session, Actor]]:
        """One act of the operator."""
        with self.database.transaction() as session:
            yield session, replace(self.operator, at=at)

    @contextmanager
    def acting(self, email: str, at: datetime) -> Iterator[tuple[Session, Actor]]:
        """One act of one person, with the roles that they hold at that moment."""
        with self.database.transaction() as session:
            actor = find_actor(session, provider="demonstration", subject=email, email=email, at=at)
            if actor is None:
                raise Conflict(N_("%(email)s is not in the records: was HR's file changed meanwhile?"), email=email)
            yield session, actor

    def take_in(self, at: datetime, file: PeopleFile) -> None:
        """HR's file is taken in."""
        with self.operating(at) as (session, operator):
            import_people(session, operator, file=file)

    def grant(self, at: datetime, grants: Sequence[dict[str, str]]) -> None:
        """Roles are given; the keys are those of `grant_role`."""
        with self.operating(at) as (session, operator):
            for grant in grants:
                grant_role(session, operator, **grant)

    def assign(
        self, email: str, at: datetime, course: PublishedCourse, *, unit: str = "", people: Sequence[str] = (),
        due_on: date, mandatory: bool, reason: str,
    ) -> list[str]:  # fmt: skip
        """Ask a course of a unit, or of people by their e-mails; returns the refs of the assignments."""
        with self.acting(email, at) as (session, actor):
            keys = [email_key(address) for address in people]
            refs = session.scalars(select(Person.ref).where(Person.email_key.in_(keys)).order_by(Person.id)).all()
            made = assign_course(
                session, actor, course_slug=course.slug, unit_code=unit, people=refs, due_on=due_on,
                mandatory=mandatory, reason=reason,
            )  # fmt: skip
            return [assignment.ref for assignment in made]

    def take_back(self, email: str, at: datetime, ref: str) -> None:
        """An assignment is taken back."""
        with self.acting(email, at) as (session, actor):
            withdraw_assignment(session, actor, ref=ref)

    def withdraw(self, officer: str, at: datetime, email: str, course: PublishedCourse, reason: str) -> None:
        """HR withdraws what somebody has completed."""
        with self.acting(officer, at) as (session, actor):
            ref = session.scalar(
                select(Completion.ref)
                .join(Enrolment, Enrolment.id == Completion.enrolment_id)
                .join(Person, Person.id == Enrolment.person_id)
                .where(Person.email_key == email_key(email), Enrolment.course_id == course.id)
                .order_by(Completion.id.desc())
            )
            withdraw_completion(session, actor, ref=ref or "", reason=reason)

    def save_profile(self, email: str, at: datetime, *, name: str, language: str) -> None:
        """Somebody sets their name right on their profile."""
        with self.acting(email, at) as (session, actor):
            save_profile(session, actor, display_name=name, language=language, known={language})

    def start_course(self, email: str, at: datetime, course: PublishedCourse) -> None:
        """Begin a course, asked or by own choice."""
        with self.acting(email, at) as (session, actor):
            start_course(session, actor, slug=course.slug)

    def finish_section(self, email: str, at: datetime, course: PublishedCourse, key: str) -> None:
        """Mark a section as read."""
        with self.acting(email, at) as (session, actor):
            finish_section(session, actor, slug=course.slug, key=key)

    def start_attempt(self, email: str, at: datetime, course: PublishedCourse, seed: int) -> Try:
        """Open the quiz."""
        with self.acting(email, at) as (session, actor):
            attempt = start_attempt(session, actor, slug=course.slug, seed=seed)
            return Try(attempt.ref, attempt.language, list_drawn(session, attempt, read_answers(session, attempt)))

    def record_answers(self, email: str, at: datetime, ref: str, answers: Sequence[Answer]) -> None:
        """Save some answers."""
        with self.acting(email, at) as (session, actor):
            record_answers(session, actor, ref=ref, answers=answers)

    def submit(self, email: str, at: datetime, ref: str) -> None:
        """Hand the quiz in."""
        with self.acting(email, at) as (session, actor):
            submit_attempt(session, actor, ref=ref)

    def ask_for_help(self, email: str, at: datetime, course: PublishedCourse) -> None:
        """Ask for help after the last attempt."""
        with self.acting(email, at) as (session, actor):
            ask_for_help(session, actor, slug=course.slug)

    def make_plan(
        self, email: str, at: datetime, *, cycle_start: str, words: dict[str, Any],
        steps: Sequence[tuple[str, str]], course: PublishedCourse,
    ) -> list[str]:  # fmt: skip
        """Begin the plan of the cycle with one objective: steps (kind, text) and a course; the refs of the steps."""
        with self.acting(email, at) as (session, actor):
            start_plan(session, actor, cycle_start=cycle_start)
            objective = save_objective(session, actor, ref=None, **words)
            items = [
                add_item(session, actor, objective_ref=objective.ref, kind=kind, text=text, course_slug="")
                for kind, text in steps
            ]
            add_item(session, actor, objective_ref=objective.ref, kind="course", text="", course_slug=course.slug)
            return [item.ref for item in items]

    def share_plan(self, email: str, at: datetime) -> tuple[str, str]:
        """Share today's plan; its ref, and the e-mail of who reads it now ("" where nobody does)."""
        with self.acting(email, at) as (session, actor):
            plan = select(DevelopmentPlan.ref).where(DevelopmentPlan.person_id == actor.person_id)
            ref = session.scalar(plan.where(DevelopmentPlan.ends_on >= actor.today)) or ""
            line = and_(ReportingLine.manager_id == Person.id, ReportingLine.held_on(actor.today))
            leading = select(Person.email_key).join(ReportingLine, line)
            manager = session.scalar(leading.where(ReportingLine.person_id == actor.person_id))
            if manager:
                act_on_own_plan(session, actor, ref=ref, kind="shared")
            return ref, manager or ""

    def agree_to_plan(self, email: str, manager: str, at: datetime, ref: str, comment: str) -> None:
        """Both sides agree to a plan that is shared, and the manager says a word."""
        with self.acting(email, at) as (session, actor):
            words = get_own_plan(session, actor, ref=ref).view.words
            act_on_own_plan(session, actor, ref=ref, kind="agreed", words=words)
        with self.acting(manager, at) as (session, actor):
            act_on_team_plan(session, actor, ref=ref, kind="agreed", words=words)
            act_on_team_plan(session, actor, ref=ref, kind="comment", text=comment)

    def sign(self, email: str, at: datetime, ref: str) -> None:
        """Sign a step of one's plan as done."""
        with self.acting(email, at) as (session, actor):
            sign_item(session, actor, ref=ref, done=True)

    def finish(self) -> None:
        """All acts are done."""
