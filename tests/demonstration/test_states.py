"""What they have done: every state occurs, in order of time, and Amina can finish what she began."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.demonstration import make_demonstration
from lms.demonstration.answers import choose_answers
from lms.demonstration.cast import AMINA, INGRID, KOFI, MATEO, PRIYA, WANJIRU
from lms.demonstration.published import list_published
from lms.models import (
    AnswerEvent,
    AssignmentWithdrawal,
    Attempt,
    AttemptResult,
    AuditEntry,
    Completion,
    CompletionWithdrawal,
    Course,
    Enrolment,
    EnrolmentAssignment,
    FactText,
    Person,
    PlanItem,
    PlanItemSignature,
    SectionReading,
    Standing,
)
from lms.permissions import Actor, Role
from lms.rules.standing import Status, is_overdue, status
from lms.services.actors import find_actor
from lms.services.answers import Answer, record_answers
from lms.services.attempts import get_quiz, start_attempt
from lms.services.courses import get_course
from lms.services.enrolments import finish_section
from lms.services.plans import get_plan
from lms.services.standings import as_rule, rebuild
from lms.services.submitting import submit_attempt
from lms.services.team import get_team
from tests.content.sample import GOOD, write_library
from tests.demonstration.made import NOW, Made, MakeDatabase

LATER = NOW + timedelta(hours=1)


def _actor(session: Session, email: str) -> Actor:
    actor = find_actor(session, provider="test", subject=email, email=email, at=LATER)
    assert actor is not None
    return actor


def _choose(session: Session, actor: Actor, ref: str, *, passing: bool) -> list[Answer]:
    quiz = get_quiz(session, actor, ref=ref)
    course = next(course for course in list_published(session) if course.slug == quiz.slug)
    return choose_answers(course, quiz.attempt.language, quiz.drawn, Random(1), passing=passing)


@contextmanager
def _undone(made: Made) -> Iterator[Session]:
    """A session in which a test may write; nothing of it stays."""
    with made.database.read() as session:
        session.autoflush = True
        yield session
        session.rollback()


def _standings(made: Made) -> list[tuple[Status, bool, Standing]]:
    today = NOW.date()
    with made.database.read() as session:
        rows = session.scalars(
            select(Standing).join(Enrolment).join(Course, Course.id == Enrolment.course_id).where(Course.code == "M01")
        ).all()
    return [(status(as_rule(row), today), is_overdue(as_rule(row), today), row) for row in rows]


def test_statuses_of_the_first_course(sixty: Made) -> None:
    found = {(state, overdue) for state, overdue, _ in _standings(sixty)}
    assert found >= {
        (Status.ASSIGNED, False), (Status.ASSIGNED, True), (Status.IN_PROGRESS, False), (Status.IN_PROGRESS, True),
        (Status.COMPLETED, False), (Status.WITHDRAWN, False),
    }  # fmt: skip
    assert any(row.mandatory for _, _, row in _standings(sixty))


def test_own_choice_and_an_assignment_taken_back(sixty: Made) -> None:
    with sixty.database.read() as session:
        chosen = session.scalars(
            select(Enrolment.id).join(Completion).where(Enrolment.own_choice)
            .where(~select(EnrolmentAssignment).where(EnrolmentAssignment.enrolment_id == Enrolment.id).exists())
        ).all()  # fmt: skip
        taken_back = session.scalars(select(AssignmentWithdrawal.withdrawn_by)).all()
    assert chosen
    assert len(taken_back) == 1
    assert taken_back[0] is not None


def test_an_open_attempt_has_some_answers_but_not_all(sixty: Made) -> None:
    with sixty.database.read() as session:
        answered = session.execute(
            select(Attempt.id, func.count(AnswerEvent.id)).outerjoin(AnswerEvent)
            .where(Attempt.is_open).group_by(Attempt.id)
        ).all()  # fmt: skip
        whole = session.scalar(
            select(func.count(AnswerEvent.id)).join(AttemptResult, AttemptResult.attempt_id == AnswerEvent.attempt_id)
            .group_by(AnswerEvent.attempt_id).limit(1)
        )  # fmt: skip
    assert answered
    assert whole
    assert all(0 < count < whole for _, count in answered)


def test_somebody_failed_first_and_passed_then(sixty: Made) -> None:
    with sixty.database.read() as session:
        results = session.execute(
            select(Attempt.enrolment_id, Attempt.number, AttemptResult.passed).join(AttemptResult)
        ).all()  # fmt: skip
    outcomes = {(enrolment, number): passed for enrolment, number, passed in results}
    assert any(
        not passed and outcomes.get((enrolment, 2)) for (enrolment, number), passed in outcomes.items() if number == 1
    )
    assert any(passed for (_, number), passed in outcomes.items() if number == 1)


def test_a_completion_was_withdrawn_with_a_reason(sixty: Made) -> None:
    with sixty.database.read() as session:
        reasons = session.execute(
            select(FactText.text, Person.email_key)
            .join(CompletionWithdrawal, CompletionWithdrawal.ref == FactText.fact_ref)
            .join(Person, Person.id == CompletionWithdrawal.withdrawn_by)
        ).all()  # fmt: skip
    assert {email for _, email in reasons} == {INGRID}
    assert "withdrawn by agreement" in reasons[0][0]


def test_plans_have_all_kinds_of_steps_and_some_are_signed(sixty: Made) -> None:
    with sixty.database.read() as session:
        kinds = set(session.scalars(select(PlanItem.kind)))
        signed = session.scalar(select(func.count()).select_from(PlanItemSignature)) or 0
        steps = session.scalar(select(func.count()).select_from(PlanItem).where(PlanItem.kind != "course")) or 0
    assert kinds == {"experience", "people", "course"}
    assert 0 < signed < steps


def test_the_fixed_accounts_hold_their_roles(sixty: Made) -> None:
    with sixty.database.read() as session:
        granted = {
            email: {g.role for g in _actor(session, email).grants} for email in (KOFI, INGRID, WANJIRU, MATEO, PRIYA)
        }
        region = [g.unit_path for g in _actor(session, WANJIRU).grants if g.role is Role.HR_OFFICER]
        team = [member.name for member in get_team(session, _actor(session, KOFI))]
    assert Role.LINE_MANAGER in granted[KOFI]
    assert Role.HR_OFFICER in granted[INGRID] & granted[WANJIRU]
    assert region != [None]
    assert Role.AUTHOR in granted[MATEO]
    assert Role.ADMINISTRATOR in granted[PRIYA]
    assert "Amina Diallo" in team


def test_what_happened_lies_in_the_past_two_years_in_order(sixty: Made) -> None:
    with sixty.database.read() as session:
        moments = session.scalars(
            select(AuditEntry.at).where(AuditEntry.action.not_like("%.publish")).order_by(AuditEntry.id)
        ).all()
        readings = session.scalars(select(SectionReading.read_at).order_by(SectionReading.id)).all()
    assert list(moments) == sorted(moments)
    assert list(readings) == sorted(readings)
    assert moments[-1] <= NOW
    assert timedelta(days=725) < NOW - moments[0] < timedelta(days=735)
    assert timedelta(days=400) < NOW - readings[0]  # some learned long before they were asked


def test_amina_can_finish_and_sees_her_step_close(sixty: Made) -> None:
    with _undone(sixty) as session:
        amina = _actor(session, AMINA)
        page = get_course(session, amina, slug="partnership-basics")
        unread = [section.key for section in page.sections if not section.is_read]
        assert 0 < len(unread) < len(page.sections)
        (objective,) = get_plan(session, amina, cycle_start="07-01").objectives
        assert [(view.item.kind, view.state.is_closed) for view in objective.items] == [
            ("experience", False), ("people", True), ("course", False),
        ]  # fmt: skip
        for key in unread:
            finish_section(session, amina, slug=page.slug, key=key)
        ref = start_attempt(session, amina, slug=page.slug).ref
        record_answers(session, amina, ref=ref, answers=_choose(session, amina, ref, passing=True))
        assert submit_attempt(session, amina, ref=ref).passed
        (objective,) = get_plan(session, amina, cycle_start="07-01").objectives
        assert objective.items[2].state.is_closed


def test_planned_failures_fail(sixty: Made) -> None:
    with _undone(sixty) as session:
        amina = _actor(session, AMINA)
        page = get_course(session, amina, slug="partnership-basics")
        for section in page.sections:
            finish_section(session, amina, slug=page.slug, key=section.key)
        ref = start_attempt(session, amina, slug=page.slug).ref
        record_answers(session, amina, ref=ref, answers=_choose(session, amina, ref, passing=False))
        assert not submit_attempt(session, amina, ref=ref).passed


def test_standings_are_what_the_facts_say(sixty: Made, command_line: Actor) -> None:
    with _undone(sixty) as session:
        before = {row.enrolment_id: (as_rule(row), row.changed_at) for row in session.scalars(select(Standing))}
        rebuild(session, command_line)
        assert {row.enrolment_id: (as_rule(row), row.changed_at) for row in session.scalars(select(Standing))} == before


def test_other_courses_do_as_well(tmp_path: Path, make_database: MakeDatabase, command_line: Actor) -> None:
    """A library with a time limit, a critical question, few functions, and a course that builds on another."""
    database = make_database(write_library(tmp_path / "courses", GOOD))
    make_demonstration(database, command_line, people=40)
    with database.read() as session:
        done = dict(
            session.execute(
                select(Course.code, func.count()).join(Enrolment, Enrolment.course_id == Course.id)
                .join(Completion, Completion.enrolment_id == Enrolment.id).group_by(Course.code)
            ).all()
        )  # fmt: skip
    assert done["M01"] > done["M02"] > 0
