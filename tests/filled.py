"""The small organisation at work: every object exists in everybody's hands; built once, and copied for each test."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from lms.content import load_library
from lms.db import Database
from lms.models import (
    Assignment,
    Attempt,
    AttemptQuestion,
    Completion,
    Enrolment,
    Job,
    Person,
    Question,
    QuestionReport,
)
from lms.permissions import Actor, operator
from lms.rules.working import MOST_TRIES
from lms.services import jobs
from lms.services.actors import link_identity
from lms.services.answers import Answer, record_answers
from lms.services.assignments import assign_course
from lms.services.attempts import get_quiz, start_attempt
from lms.services.enrolments import finish_section, start_course
from lms.services.exports import begin_export, finish_export, stream_export
from lms.services.publishing import publish_library
from lms.services.question_reports import report_question
from lms.services.quiz_help import ask_for_help
from lms.services.recalls import recall_question
from lms.services.records import RecordFilter
from lms.services.roles import grant_role
from lms.services.submitting import submit_attempt
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, OTHER_QUIZ, SVG, write_library
from tests.filled_evidence import put_forward
from tests.filled_mails import ask_and_write
from tests.filled_peers import rate_each_other
from tests.filled_people import rules_and_files
from tests.filled_plans import write_plans
from tests.services import applying, deputies

PARTNERS = ("rosa", "tupac")
PEOPLE = ("amina", "wei", "kofi", "jose", "ingrid", "nadia", "olga", "sam", *PARTNERS)
# What nobody but its owner may ever read of somebody: parts of names and addresses that occur nowhere else.
NAMES = {
    "amina": "Diallo", "wei": "Li Wei", "kofi": "Mensah", "jose": "García", "ingrid": "Larsen", "nadia": "nadia@",
    "olga": "Petrova", "sam": "Otieno", "rosa": "Quispe", "tupac": "Flores",
}  # fmt: skip
# A course for everybody whose keys and feedback carry words that occur nowhere else.
KEY_TOKENS = ("TOKENRIGHT", "TOKENWRONG", "TOKENGENERAL", "TOKENSECOND", "TOKENTHIRD")
MORE: dict[str, str | bytes] = {
    "third/course.yaml": """code: M03
title: Deciding together
summary: How to decide with a partner.
version: 1
authors: [Course team]
minutes: 5
audience: [staff, partner_staff]
actions: [2]
steps: [S1]
competencies: {PC1: 1}
objectives: [Decide at a table]
pass_mark: 80
attempts: 3
prerequisites: []
languages: [en]
""",
    "third/quiz.yaml": """pools:
  - id: all
    draw: 2
    questions:
      - id: one
        type: single_choice
        competency: PC1
        section: table
        scenario: true
        prompt: Who decides?
        pinned: true
        options:
          - {text: One of us alone, feedback: TOKENWRONG one decides badly.}
          - {text: Both of us at a table, right: true, feedback: TOKENRIGHT both decide well.}
        feedback: TOKENGENERAL decisions last.
      - id: two
        type: multiple_response
        competency: PC1
        section: table
        scenario: true
        prompt: Who sits there?
        pinned: true
        options:
          - {text: The partner sits, right: true, feedback: TOKENSECOND yes.}
          - {text: Nobody sits, feedback: TOKENTHIRD no.}
          - {text: We sit, right: true, feedback: TOKENSECOND yes.}
""",
    "third/01-table.md": "---\ntitle: A table\nminutes: 5\n---\nSit down together.\n",
    # For staff alone, with a picture: everything of it is closed to partners. Completed by taking part.
    "inside/course.yaml": OTHER_COURSE.replace("M02", "M04").replace("Listening", "Inside").replace("[M01]", "[]")
    + "completes_by: attendance\n",
    "inside/quiz.yaml": OTHER_QUIZ,
    "inside/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nTwo.\n\n![An ear](media/ear.svg)\n",
    "inside/media/ear.svg": SVG,
    # One attempt of ten minutes: everybody was late, and asks for help.
    "timed/course.yaml": OTHER_COURSE.replace("M02", "M05")
    .replace("Listening", "In time")
    .replace("[M01]", "[]")
    .replace("[staff]", "[staff, partner_staff]")
    .replace("attempts: 2", "attempts: 1\ntime_limit_minutes: 10"),
    "timed/quiz.yaml": OTHER_QUIZ,
    "timed/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nThree.\n",
}


@dataclass
class Filled:
    """The public names of what was built, by owner; a file to copy."""

    path: Path
    refs: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, kind: str, owner: str, ref: str) -> str:
        self.refs.setdefault(kind, {})[owner] = ref
        return ref

    def copy(self, folder: Path) -> Database:
        """A database of its own with everything in it."""
        path = shutil.copy(self.path, folder / f"filled-{uuid4().hex[:8]}.sqlite3")
        return Database(f"sqlite:///{path}")


def email(person: str) -> str:
    return f"{person}@{'rioclaro' if person in PARTNERS else 'lantern'}.example"


def right_values(database: Database, actor: Actor, ref: str) -> list[Answer]:
    """The right answers of an attempt at `basics`, as the page would send them."""
    words = ("find out", "ask early", "share bad news", "Both of us", "The partner sits", "We sit", "The partner")
    with database.read() as session:
        answers = []
        for drawn in get_quiz(session, actor, ref=ref).drawn:
            html = {option["id"]: option["html"] for option in drawn.body["options"]}
            right = [str(n) for n, i in enumerate(drawn.option_order, 1) if any(word in html[i] for word in words)]
            answers.append(Answer(str(uuid4()), drawn.position, tuple(right)))
        return answers


def _learn(made: Filled, database: Database, person: str, slug: str, sections: tuple[str, ...], hand_in: bool) -> None:
    actor = world.actor(database, email(person))
    with database.transaction() as session:
        start_course(session, actor, slug=slug)
        for key in sections:
            finish_section(session, actor, slug=slug, key=key)
        ref = start_attempt(session, actor, slug=slug).ref
    if not hand_in:
        made.put("open attempt", person, ref)
        return
    answers = right_values(database, actor, ref)
    with database.transaction() as session:
        record_answers(session, actor, ref=ref, answers=answers)
        assert submit_attempt(session, actor, ref=ref).passed
        completion = select(Completion.ref, Completion.certificate_number, Enrolment.ref.label("record"))
        completion = completion.join(Enrolment)
        row = session.execute(completion.order_by(Completion.id.desc()).limit(1)).one()
    made.put("result", person, ref)
    made.put("completion", person, row.ref)
    made.put("certificate", person, row.certificate_number)
    made.put("record", person, row.record)


def _report(made: Filled, database: Database, person: str, slug: str, number: int) -> None:
    """Say of a question of the course `basics` that it is unclear."""
    actor = world.actor(database, email(person))
    with database.transaction() as session:
        report_question(
            session, actor, ref=made.refs["result"][person], position=1, reason="unclear", text="Which partner?"
        )
        ref = session.scalar(select(QuestionReport.ref).order_by(QuestionReport.id.desc()).limit(1))
    made.put("report", slug, f"{slug}/versions/{number}/reports/{ref}")


def _recall(made: Filled, database: Database, person: str, slug: str, number: int, key: str) -> None:
    """Recall a question, and one that Amina was asked whatever the draw; nothing is decided."""
    actor = world.actor(database, email(person))
    asked = select(Question.key).join(AttemptQuestion, AttemptQuestion.question_id == Question.id).join(Attempt)
    with database.transaction() as session:
        met = session.scalars(asked.where(Attempt.ref == made.refs["result"]["amina"]).order_by(Question.key)).first()
        for one in sorted({key, str(met)}):
            recall = recall_question(session, actor, slug=slug, number=number, key=one, kind="credit", reason="Fair")
            if one == met:
                made.put("recall", "there", recall.ref)


def _come_late(made: Filled, database: Database, person: str) -> None:
    """Answer an hour after the start of ten minutes, hand in, and ask for help."""
    begun = world.actor(database, email(person), world.NOW - timedelta(hours=2))
    late = replace(begun, at=world.NOW - timedelta(hours=1))
    with database.transaction() as session:
        enrolment = start_course(session, begun, slug="timed").ref
        finish_section(session, begun, slug="timed", key="ears")
        ref = start_attempt(session, begun, slug="timed").ref
    answers = right_values(database, begun, ref)
    with database.transaction() as session:
        record_answers(session, late, ref=ref, answers=answers)
        assert not submit_attempt(session, late, ref=ref).passed
        ask_for_help(session, late, slug="timed")
    made.put("late attempt", person, ref)
    made.put("waiting record", person, enrolment)


def _link(database: Database) -> None:
    """Bind everybody's sign-in, as their first act would."""
    for person in PEOPLE:
        actor = world.actor(database, email(person))
        with database.transaction() as session:
            link_identity(session, actor.person_id or 0, provider="host", subject=email(person), at=world.NOW)


def _assign(made: Filled, database: Database, by: str, name: str, **target: object) -> None:
    actor = world.actor(database, email(by))
    with database.transaction() as session:
        assigned: list[Assignment] = assign_course(
            session, actor, course_slug="third", due_on=world.DUE, mandatory=False, **target
        )  # type: ignore[arg-type]
        made.put("assignment", name, assigned[0].ref)


def _export(made: Filled, database: Database, person: str) -> None:
    actor = world.actor(database, email(person))
    with database.transaction() as session:
        begun = begin_export(
            session, actor, layout="full_v1", format="csv", wanted=RecordFilter(), purpose=f"Purpose of {person}"
        )
    with database.snapshot() as session:
        stream = stream_export(session, actor, begun=begun, verify_at="https://learn.example/verify/")
        list(stream)
    with database.transaction() as session:
        finish_export(session, actor, begun=begun, rows=stream.rows, sha256=stream.sha256, at=world.NOW)
    made.put("export", person, begun.ref)


def _fail(made: Filled, database: Database) -> None:
    """A job that was given up, and one that is under way."""
    machine = operator(world.NOW)
    with database.transaction() as session:
        claim = jobs.claim_job(session, machine, worker="machine:1")
        assert claim is not None
        jobs.fail_job(session, machine, replace(claim, tries=MOST_TRIES), error="OSError")
        jobs.claim_job(session, machine, worker="machine:2")
        made.put("failed job", "there", str(session.scalar(select(Job.ref).where(Job.id == claim.job_id))))


@lru_cache
def build(template: Path) -> Filled:
    """Fill a copy of the small organisation; once in a run, whoever asks."""
    path = template.with_name("filled.sqlite3")
    shutil.copy(template, path)
    made, database = Filled(path), Database(f"sqlite:///{path}")
    with database.transaction() as session:
        library = load_library(write_library(template.with_name("filled-courses"), {**GOOD, **MORE}))
        publish_library(session, operator(world.NOW), library=library)
        # An author of one course alone, beside the author of all.
        grant_role(session, operator(world.NOW), email=email("wei"), role="author", course_code="M01")
    with database.read() as session:
        for person in PEOPLE:
            found = session.scalars(select(Person.ref).where(Person.work_email == email(person))).one()
            made.put("person", person, found)
    _link(database)
    for person in PEOPLE:
        _learn(made, database, person, "basics", ("why-we-partner", "listen-first"), hand_in=True)
        _learn(made, database, person, "third", ("table",), hand_in=False)
        for kind, ref in write_plans(database, world.actor(database, email(person)), person).items():
            made.put(kind, person, ref)
        _come_late(made, database, person)
    put_forward(made, database)
    _report(made, database, "amina", "basics", 2)
    _recall(made, database, "olga", "basics", 2, "late-form")
    for by, owner in (("kofi", "amina"), ("ingrid", "wei"), ("ingrid", "jose"), ("tupac", "rosa"), ("ingrid", "kofi")):
        _assign(made, database, by, owner, people=[made.refs["person"][owner]])
    for by, unit in (("ingrid", "HUB"), ("nadia", "KE"), ("ingrid", "PE")):
        _assign(made, database, by, f"unit {unit}", unit_code=unit)
    rules_and_files(made, database)
    for person in ("ingrid", "nadia"):
        _export(made, database, person)
    done = made.refs["completion"]
    for placed in (*applying.everybody(database, done), *ask_and_write(database), *deputies.everybody(database)):
        made.put(*placed)
    _fail(made, database)
    rate_each_other(made, database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return made
