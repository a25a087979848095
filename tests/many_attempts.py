"""A course of six questions, and many people who took its quiz: written in bulk, with a known way of answering."""

import shutil
from datetime import timedelta
from math import exp
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lms.content import load_library
from lms.db import Database
from lms.models import (
    AnswerEvent,
    AnswerValue,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Course,
    CourseVersion,
    Enrolment,
    Person,
    Question,
)
from lms.permissions import operator
from lms.services.publishing import publish_library
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, write_library

SLUG, QUESTIONS = "wide", 6
# How hard each question is. In `q4` the best choose option c; in `q5` nobody chooses c; the key of `q6` is upside down.
HARD = (-1.0, -0.5, 0.0, 0.4, 0.2, 0.0)


def _quiz(draw: int, mended: bool) -> str:
    lines = [f"pools:\n  - id: all\n    draw: {draw}\n    questions:\n"]
    for n in range(1, QUESTIONS + 1):
        is_upside_down = mended and n == QUESTIONS
        listen, talk = ("", "right: true, ") if is_upside_down else ("right: true, ", "")
        lines.append(
            f"      - id: q{n}\n        type: single_choice\n        competency: PC1\n        section: ears\n"
            "        scenario: true\n        pinned: true\n"
            f"        prompt: What do you do in case {n}?\n        options:\n"
            f"          - {{text: You listen {n}, {listen}feedback: Yes.}}\n"
            f"          - {{text: You talk {n}, {talk}feedback: No.}}\n"
            f"          - {{text: You leave {n}, feedback: No.}}\n"
        )
    return "".join(lines)


def publish_wide(
    database: Database, folder: Path, draw: int = QUESTIONS, beside: Path | None = None, *, mended: bool = False
) -> None:
    """Publish the course beside the sample's, or those of a folder; each attempt draws so many of its questions.

    `mended` publishes its second version, with the key of q6 as it has to be.
    """
    course = OTHER_COURSE.replace("M02", "M90").replace("Listening", "Wide").replace("[M01]", "[]")
    course = course.replace("version: 1", "version: 2") if mended else course
    files: dict[str, str | bytes] = {
        **({} if beside else GOOD), "wide/course.yaml": course, "wide/quiz.yaml": _quiz(draw, mended),
        "wide/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nEars.\n",
    }  # fmt: skip
    if beside:
        shutil.copytree(beside, folder)
    with database.transaction() as session:
        publish_library(session, operator(world.NOW), library=load_library(write_library(folder, files)))


def _choice(n: int, ability: float, random: Random) -> str:
    is_right = random.random() < 1 / (1 + exp(-2 * (ability - HARD[n])))
    if n == 3:
        return "c" if ability > 0.8 else "a" if is_right else "b"
    if n == 4:
        return "a" if is_right else "b"
    if n == 5:
        return "b" if is_right else "a"
    return "a" if is_right else random.choice("bc")


def take_many(database: Database, count: int, *, slug: str = SLUG, draw: int = QUESTIONS, seed: int = 1) -> None:
    """So many new people hand in a first attempt, a minute and more a question."""
    with database.transaction() as session:
        random = Random(seed)
        version = session.scalars(
            select(CourseVersion).join(Course).where(Course.slug == slug, CourseVersion.is_current)
        )
        found = version.one()
        ids = list(session.scalars(select(Question.id).where(Question.version_id == found.id).order_by(Question.id)))
        for _ in range(count):
            _take(session, found, ids, draw, random)


def take_twice(database: Database, count: int) -> None:
    """So many people hand in two attempts each, the second ones after all the first ones."""
    take_many(database, count)
    with database.transaction() as session:
        random, version = (
            Random(2),
            session.scalars(select(CourseVersion).join(Course).where(Course.slug == SLUG)).one(),
        )
        ids = list(session.scalars(select(Question.id).where(Question.version_id == version.id).order_by(Question.id)))
        for enrolment in session.scalars(select(Enrolment).where(Enrolment.course_id == version.course_id)).all():
            _attempt(session, version, enrolment.id, 2, ids, QUESTIONS, random)


def _take(session: Session, version: CourseVersion, ids: list[int], draw: int, random: Random) -> None:
    at = world.NOW
    person = Person(kind="staff", display_name="Somebody", created_at=at, changed_at=at)
    session.add(person)
    session.flush()
    enrolment = Enrolment(person_id=person.id, course_id=version.course_id, enrolled_at=at, own_choice=True)
    session.add(enrolment)
    session.flush()
    _attempt(session, version, enrolment.id, 1, ids, draw, random)


def _attempt(
    session: Session, version: CourseVersion, enrolment_id: int, number: int, ids: list[int], draw: int, random: Random
) -> None:
    at = world.NOW
    attempt = Attempt(
        enrolment_id=enrolment_id, version_id=version.id, number=number, language="en", seed=1, pass_percent=80,
        marking_rule="equal-weights-1", started_at=at, deadline_at=None, is_open=False,
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    ability = random.gauss()
    drawn = sorted(random.sample(range(len(ids)), draw))
    order = ["a", "b", "c"]
    session.execute(
        insert(AttemptQuestion),
        [{"attempt_id": attempt.id, "question_id": ids[n], "position": p, "option_order": order}
         for p, n in enumerate(drawn, start=1)],
    )  # fmt: skip
    for position, n in enumerate(drawn, start=1):
        at += timedelta(seconds=60 + random.random() * 60)
        event = AnswerEvent(
            event_id=str(UUID(int=random.getrandbits(128))), attempt_id=attempt.id, question_id=ids[n],
            value_hash="0" * 64, received_at=at, tab="tab", sequence=position,
        )  # fmt: skip
        session.add(event)
        session.flush()
        session.add(AnswerValue(answer_id=event.id, salt="salt", value=_choice(n, ability, random)))
    result = {"score": 1, "possible": 2, "percent": 50, "critical_missed": 0, "passed": False}
    times = {"recorded_at": at, "submitted_at": at, "finished_at": at}
    session.add(AttemptResult(attempt_id=attempt.id, **times, **result))
