"""The check of sets: what was acknowledged is in the database exactly once, and everything there fits together."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import (
    AnswerEvent,
    AnswerValue,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    AuditEntry,
    Completion,
    Evidence,
    Standing,
)
from lms.rules import standing as rule
from lms.services import standings
from tests.faults.field import ATTEMPTS
from tests.faults.taker import Log
from tests.services.steps import sent_options


def lost_or_doubled(database: Database, log: Log) -> list[str]:
    """What is wrong, in words: nothing, where everything held."""
    with database.read() as session:
        return [*_starts(session, log), *_answers(session, log), *_results(session, log), *_fits(session)]


def fits_together(database: Database) -> list[str]:
    """The same without a log: what no fault may ever leave behind."""
    with database.read() as session:
        return list(_fits(session))


def _starts(session: Session, log: Log) -> list[str]:
    found = set(session.scalars(select(Attempt.ref)))
    faults = [f"attempt {ref} was acknowledged and is lost" for ref in log.started.keys() - found]
    return faults + [f"attempt {ref} is there and nobody has it" for ref in found - log.started.keys()]


def _answers(session: Session, log: Log) -> list[str]:
    rows = session.execute(
        select(AnswerEvent.event_id, AnswerEvent.tab, AnswerEvent.sequence, AnswerEvent.takes_effect, AnswerValue.value)
        .add_columns(Attempt.ref, AttemptQuestion.position, AttemptQuestion.option_order)
        .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .join(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)
        .join(
            AttemptQuestion,
            (AttemptQuestion.attempt_id == Attempt.id) & (AttemptQuestion.question_id == AnswerEvent.question_id),
        )
    ).all()
    held = {row.event_id: (row.ref, row.position, sent_options(row)) for row in rows}
    times = Counter((row.ref, row.tab, row.sequence) for row in rows)
    faults = [f"answer {given} is there {n} times" for given, n in times.items() if n > 1]
    faults += [
        f"answer {i} was acknowledged as {sent} and is {held.get(i, 'lost')}"
        for i, sent in log.stored.items()
        if held.get(i) != sent
    ]
    return faults + [f"answer {row.event_id} does not count" for row in rows if not row.takes_effect]


def _results(session: Session, log: Log) -> list[str]:
    """Each attempt that was handed in has the one result that its taker has worked out."""
    rows = session.execute(
        select(Attempt.ref, AttemptResult.score, AttemptResult.possible, AttemptResult.passed)
        .join(AttemptResult, AttemptResult.attempt_id == Attempt.id)
        .order_by(Attempt.id)
    ).all()
    held: dict[str, list[Any]] = {}
    for row in rows:
        held.setdefault(row.ref, []).append((row.score, row.possible, row.passed))
    expected = {ref: [(right, asked, right * 100 >= 60 * asked)] for ref, (right, asked) in log.right.items()}
    return [
        f"attempt {ref} was handed in as {expected.get(ref)} and is {held.get(ref, 'lost')}"
        for ref in held.keys() | expected.keys()
        if held.get(ref) != expected.get(ref)
    ]


def _count(*what: Any) -> Select[Any]:
    return select(func.count()).select_from(*what)


def _fits(session: Session) -> list[str]:
    """One of each, all or nothing, and standings that equal the facts."""
    traces = select(AuditEntry.action, func.count().label("times")).group_by(AuditEntry.action)
    actions = {row.action: row.times for row in session.execute(traces)}
    attempts, passed = session.scalar(_count(Attempt)), AttemptResult.passed & AttemptResult.is_current
    completed = select(Completion.attempt_id)
    pairs = {
        "answers and their values": (session.scalar(_count(AnswerEvent)), session.scalar(_count(AnswerValue))),
        "attempts and their traces": (attempts, actions.get("attempts.start", 0)),
        "questions of all attempts": (session.scalar(_count(AttemptQuestion)), 3 * (attempts or 0)),
        "attempts that are closed, and results": (
            session.scalar(_count(Attempt).where(~Attempt.is_open)), session.scalar(_count(AttemptResult)),
        ),
        "results and their traces": (session.scalar(_count(AttemptResult)), actions.get("attempts.submit", 0)),
        "passed attempts and completions": (
            sorted(session.scalars(select(AttemptResult.attempt_id).where(passed))), sorted(session.scalars(completed)),
        ),
        "completions and evidence": (session.scalar(_count(Completion)), session.scalar(_count(Evidence))),
    }  # fmt: skip
    faults = [f"{name}: {one} and {other}" for name, (one, other) in pairs.items() if one != other]
    return faults + _numbers(session) + _standings(session)


def _numbers(session: Session) -> list[str]:
    """The attempts of each enrolment have the numbers from 1, and are no more than allowed."""
    rows = session.execute(select(Attempt.enrolment_id, Attempt.number).order_by(Attempt.id)).all()
    held: dict[int, list[int]] = {}
    for row in rows:
        held.setdefault(row.enrolment_id, []).append(row.number)
    return [
        f"enrolment {number} has the attempts {found}"
        for number, found in held.items()
        if found != list(range(1, len(found) + 1)) or len(found) > ATTEMPTS
    ]


def _standings(session: Session) -> list[str]:
    tried = select(Standing).where(Standing.enrolment_id.in_(select(Attempt.enrolment_id)))
    stored = {row.enrolment_id: standings.as_rule(row) for row in session.scalars(tried)}
    derived = {n: rule.derive(facts) for n, facts in standings.read_facts(session, sorted(stored)).items()}
    return [
        f"the standing of enrolment {n} is {stored[n]}, not {derived[n]}" for n in stored if stored[n] != derived[n]
    ]


def is_whole(database: Database) -> bool:
    """Whether SQLite finds its file sound; PostgreSQL checks as it reads."""
    with database.engine.connect() as connection:
        return not database.is_sqlite or connection.scalar(text("PRAGMA integrity_check")) == "ok"
