"""The steps of the main way, taken through the services as the pages take them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Attempt, AttemptQuestion, AttemptResult, Completion, Course, Enrolment, Person, QuestionKey
from lms.models import Standing as StandingRow
from lms.permissions import Actor
from lms.questions.choices import places
from lms.services.answers import Answer, record_answers
from lms.services.assignments import assign_course
from lms.services.attempts import start_attempt
from lms.services.completions import withdraw_completion
from lms.services.courses import get_course
from lms.services.enrolments import finish_section, start_course
from lms.services.plan_words import add_item, save_objective
from lms.services.plans import start_plan
from lms.services.submitting import submit_attempt

CYCLE = "01-01"


def later(actor: Actor, **span: float) -> Actor:
    """The same actor some time later."""
    return replace(actor, at=actor.at + timedelta(**span))


def read(database: Database, actor: Actor, slug: str = "basics") -> None:
    """Start a course and read every section."""
    with database.transaction() as session:
        start_course(session, actor, slug=slug)
        for section in get_course(session, actor, slug=slug).sections:
            finish_section(session, actor, slug=slug, key=section.key)


def begin(database: Database, actor: Actor, slug: str = "basics") -> str:
    """Read the course and start an attempt; returns the attempt's ref."""
    read(database, actor, slug)
    with database.transaction() as session:
        return start_attempt(session, actor, slug=slug).ref


def chosen(session: Session, ref: str, right: bool) -> list[Answer]:
    """An answer to each question of an attempt: every right option, or the first wrong one."""
    rows = session.execute(
        select(AttemptQuestion.position, AttemptQuestion.option_order, QuestionKey.body)
        .join(QuestionKey, QuestionKey.question_id == AttemptQuestion.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.ref == ref)
    )
    answers = []
    for position, order, key in rows:
        options = key["right"] if right else [option for option in order if option not in key["right"]][:1]
        answers.append(Answer(str(uuid4()), position, tuple(str(order.index(option) + 1) for option in options)))
    return answers


def answer(database: Database, actor: Actor, ref: str, right: bool = True) -> list[Answer]:
    """Save an answer to each question."""
    with database.transaction() as session:
        answers = chosen(session, ref, right)
        record_answers(session, actor, ref=ref, answers=answers)
    return answers


def submit(database: Database, actor: Actor, ref: str) -> AttemptResult:
    """Hand in; the result stays readable after the transaction."""
    with database.transaction() as session:
        result = submit_attempt(session, actor, ref=ref)
        session.flush()
        session.refresh(result)
        session.expunge(result)
    return result


def take(database: Database, actor: Actor, slug: str = "basics", right: bool = True) -> str:
    """The whole way to a result; returns the attempt's ref."""
    ref = begin(database, actor, slug)
    answer(database, actor, ref, right)
    submit(database, actor, ref)
    return ref


def assign(
    database: Database, actor: Actor, *people: str, unit: str = "", slug: str = "basics", due_on: date | None = None,
    mandatory: bool = False,
) -> list[str]:  # fmt: skip
    """Assign a course to people (by e-mail) or a unit; returns the assignments' refs."""
    with database.transaction() as session:
        refs = [person(session, email).ref for email in people]
        made = assign_course(
            session, actor, course_slug=slug, unit_code=unit, people=refs, due_on=due_on, mandatory=mandatory
        )
        return [assignment.ref for assignment in made]


def withdraw(database: Database, actor: Actor, email: str, slug: str = "basics") -> None:
    """Withdraw somebody's last completion of a course."""
    with database.transaction() as session:
        withdraw_completion(session, actor, ref=completions(session, email, slug)[-1].ref, reason="Wrong person")


def plan_course(database: Database, actor: Actor, slug: str = "basics") -> str:
    """Put a course on the actor's plan; returns the item's ref."""
    with database.transaction() as session:
        start_plan(session, actor, cycle_start=CYCLE)
        objective = save_objective(session, actor, ref=None, text="Listen", measure="", due_on=None, competency="PC1")
        return add_item(session, actor, objective_ref=objective.ref, kind="course", text="", course_slug=slug).ref


def record_ref(database: Database, email: str, slug: str = "basics") -> str:
    """The reference of somebody's newest enrolment in a course."""
    with database.read() as session:
        query = select(Enrolment.ref).join(Course, Course.id == Enrolment.course_id).where(Course.slug == slug)
        query = query.where(Enrolment.person_id == person(session, email).id).order_by(Enrolment.period.desc())
        return str(session.scalar(query.limit(1)))


def person(session: Session, email: str) -> Person:
    """Somebody by the name before the @, or by the whole e-mail."""
    key = Person.email_key == email if "@" in email else Person.email_key.startswith(f"{email}@")
    return session.scalars(select(Person).where(key)).one()


def completions(session: Session, email: str, slug: str = "basics") -> Sequence[Completion]:
    """Somebody's completions of a course, in order."""
    return session.scalars(
        select(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == person(session, email).id, Course.slug == slug)
        .order_by(Completion.id)
    ).all()


def standing(session: Session, email: str, slug: str = "basics") -> StandingRow:
    """Somebody's newest standing in a course."""
    found = standing_or_none(session, email, slug)
    assert found is not None
    return found


def standing_or_none(session: Session, email: str, slug: str = "basics") -> StandingRow | None:
    """Somebody's newest standing in a course, where they are in it."""
    return session.scalars(
        select(StandingRow)
        .join(Enrolment, Enrolment.id == StandingRow.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == person(session, email).id, Course.slug == slug)
        .order_by(Enrolment.period.desc())
        .limit(1)
    ).first()


def enrolled(database: Database, slug: str = "basics") -> set[str]:
    """The given names of everybody who is enrolled in a course."""
    query = select(Person.given_name).join(Enrolment, Enrolment.person_id == Person.id)
    with database.read() as session:
        return set(session.scalars(query.join(Course, Course.id == Enrolment.course_id).where(Course.slug == slug)))


def contents(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, to compare before and after."""
    with database.engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        return {
            name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}"))))  # names come from the database
            for name in names
        }


@contextmanager
def unchanged(database: Database) -> Iterator[None]:
    """What happens in the block leaves no trace in any table."""
    before = contents(database)
    yield
    assert contents(database) == before


def sent_options(row: Any) -> tuple[str, ...]:
    """The answer in a row (value, option_order) to a question with options, as the page sends it."""
    chosen = row.value if isinstance(row.value, list) else [row.value]
    return tuple(places(chosen, row.option_order))
