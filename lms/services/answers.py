"""Answers: each kept when it arrives, once, whatever is sent again; which of them stands is decided then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Boolean, Executable, Integer, String, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import AnswerEvent, AnswerValue, Attempt, AttemptQuestion, Enrolment, Question, QuestionText
from lms.permissions import Actor, require
from lms.questions import TYPES, Value
from lms.services.attempt_rows import answer_row, value_row
from lms.services.scope import ME, own
from lms.services.scope import rows as rows_of
from lms.services.writing import insert_all, insert_new

EVERYTHING = 2**31 - 1  # the base of whoever says nothing of what their page knew: they mean what they send
USED_ELSEWHERE = N_("This answer's id was used for another answer. Load the page again and answer once more.")


@dataclass(frozen=True)
class Answer:
    """An answer as the browser sends it: its own id, the question's place, and what was chosen as strings.

    `tab`, `sequence` and `base` say which page it was given in and what that page knew (rules.answering).
    """

    event_id: str
    position: int
    values: tuple[str, ...]
    tab: str = ""
    sequence: int = 0
    base: int = EVERYTHING
    given_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of the answers that were sent; all of them are stored."""

    numbers: dict[str, int]  # event id -> its number in the log, in the order of sending
    set_aside: dict[str, "Standing"] = field(default_factory=dict)  # not in effect: another answer stands
    is_late: bool = False  # after the deadline and its grace: HR decides whether they count
    is_closed: bool = False  # after handing in: they do not count


@dataclass(frozen=True)
class Standing:
    """The answer that stands for a question instead, given on another page."""

    number: int
    position: int
    values: tuple[str, ...]  # as a form would send it
    received_at: datetime


def record_answers(session: Session, actor: Actor, *, ref: str, answers: Sequence[Answer]) -> Receipt:
    """Append answers to the log of the actor's own attempt; what is sent again is stored once.

    Raises Invalid for an answer that the question cannot take or an id that was used for another answer; then nothing
    is stored. Three statements, where nothing was sent before and nothing is set aside.
    """
    require(actor, "attempts.take")
    drawn = _locked_questions(session, actor, ref, answers)
    attempt = next(iter(drawn.values()))
    rows: dict[str, dict[str, Any]] = {}
    values: dict[str, Value] = {}
    for answer in answers:
        question = drawn.get(answer.position)
        if question is None or question.id is None:
            raise Invalid(N_("This attempt has no question %(position)d."), position=answer.position)
        values[answer.event_id] = parse_value(question.type, question.body, question.option_order, answer.values)
        row = answer_row(actor, attempt.attempt_id, question.id, attempt.deadline_at, answer, values[answer.event_id])
        if rows.setdefault(answer.event_id, row) != row:
            raise Invalid(USED_ELSEWHERE)
    stored = _store(session, attempt.is_open, rows, values)
    aside = [answer for answer in answers if not stored[answer.event_id].takes_effect] if attempt.is_open else []
    return Receipt(
        numbers={answer.event_id: stored[answer.event_id].id for answer in answers},
        set_aside=_instead(session, attempt.attempt_id, aside, drawn, values) if aside else {},
        is_late=any(row.is_late for row in stored.values()),
        is_closed=not attempt.is_open,
    )


def _locked_questions(session: Session, actor: Actor, ref: str, answers: Sequence[Answer]) -> dict[int, Any]:
    """The attempt's row for each question that was answered, by its place; locked against handing in."""
    asked = own(actor, ref=ref, positions=[answer.position for answer in answers])
    drawn = {row.position: row for row in rows_of(session, _asked(), asked)}
    if not drawn:
        raise NotFound()
    return drawn


def _store(
    session: Session, is_open: bool, rows: Mapping[str, dict[str, Any]], values: Mapping[str, Value]
) -> dict[str, Any]:
    """Insert what is new with the ruling whether it takes effect; returns every row's id and ruling by event id."""
    asked = [row | _known_to(row) | {"is_open": is_open} for row in rows.values()]
    columns = ("event_id", "id", "question_id", "takes_effect", "is_late")
    new: dict[str, Any] = {}
    for part in _in_turn(asked):
        inserted = insert_new(session, AnswerEvent, part, *columns, takes_effect=_ruling)
        new |= {row.event_id: row for row in inserted}
    if new:
        insert_all(session, AnswerValue, [value_row(new[i].id, i, values[i]) for i in rows if i in new])
    return new | _sent_before(session, {event_id: row for event_id, row in rows.items() if event_id not in new})


def _in_turn(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """In parts that hold one answer to each question: rows of one statement do not see each other, and the ruling on a
    later answer asks for the earlier ones."""
    turns: list[list[dict[str, Any]]] = []
    seen: dict[int, int] = {}
    for row in rows:
        turn = seen[row["question_id"]] = seen.get(row["question_id"], -1) + 1
        turns += [[]] if turn == len(turns) else []
        turns[turn].append(row)
    return turns


def _known_to(row: Mapping[str, Any]) -> dict[str, Any]:
    """The ruling's parameters, which may not have the names of columns."""
    return {f"its_{name}": row[name] for name in ("attempt_id", "question_id", "tab", "sequence", "base")}


def _ruling() -> Any:
    """rules.answering.takes_effect as SQL, asked when the row is inserted: a save that waited sees what came first."""
    old = AnswerEvent.__table__.alias("old")
    of_question = and_(
        old.c.attempt_id == bindparam("its_attempt_id", type_=Integer),
        old.c.question_id == bindparam("its_question_id", type_=Integer),
    )
    same_page = and_(
        old.c.tab == bindparam("its_tab", type_=String),
        old.c.sequence < bindparam("its_sequence", type_=Integer),
    )
    unseen = and_(of_question, old.c.takes_effect, old.c.id > bindparam("its_base", type_=Integer), ~same_page)
    return and_(bindparam("is_open", type_=Boolean), ~exists(select(1).select_from(old).where(unseen)))


def _sent_before(session: Session, again: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The stored rows of answers that were sent again; an id that belongs to another answer is refused."""
    found = {row.event_id: row for row in rows_of(session, _known(), {"ids": list(again)})} if again else {}
    for event_id, row in again.items():
        if any(getattr(found[event_id], name) != row[name] for name in ("value_hash", "attempt_id", "question_id")):
            raise Invalid(USED_ELSEWHERE)
    return found


def _instead(
    session: Session, attempt_id: int, aside: Sequence[Answer], drawn: Mapping[int, Any], values: Mapping[str, Value]
) -> dict[str, Standing]:
    """By event id, what stands instead: not where that says the same, nor where the same page gave it later."""
    questions = [drawn[answer.position].id for answer in aside]
    found_now = rows_of(session, _standing(), {"attempt": attempt_id, "questions": questions})
    standing = {row.question_id: row for row in found_now}  # the last of each remains
    found = {}
    for answer in aside:
        question = drawn[answer.position]
        other = standing[question.id]
        if other.tab != answer.tab and other.value != values[answer.event_id]:
            values_sent = sent_values(question.type, question.body, question.option_order, other.value)
            found[answer.event_id] = Standing(other.id, answer.position, values_sent, other.received_at)
    return found


@cache
def _asked() -> Executable:
    drawn = and_(
        AttemptQuestion.attempt_id == Attempt.id,
        AttemptQuestion.position.in_(bindparam("positions", expanding=True)),
    )
    text = and_(QuestionText.question_id == Question.id, QuestionText.language == Attempt.language)
    return (
        select(Attempt.id.label("attempt_id"), Attempt.is_open, Attempt.deadline_at)
        .add_columns(AttemptQuestion.position, AttemptQuestion.option_order)
        .add_columns(Question.id, Question.type, QuestionText.body)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .outerjoin(AttemptQuestion, drawn)
        .outerjoin(Question, Question.id == AttemptQuestion.question_id)
        .outerjoin(QuestionText, text)
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
        .with_for_update(of=Attempt, key_share=True)
    )


@cache
def _known() -> Executable:
    among = AnswerEvent.event_id.in_(bindparam("ids", expanding=True))
    columns = (AnswerEvent.event_id, AnswerEvent.id, AnswerEvent.question_id, AnswerEvent.takes_effect)
    return select(*columns, AnswerEvent.is_late, AnswerEvent.value_hash, AnswerEvent.attempt_id).where(among)


@cache
def _standing() -> Executable:
    return (
        select(AnswerEvent.question_id, AnswerEvent.id, AnswerEvent.tab, AnswerEvent.received_at, AnswerValue.value)
        .join(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)
        .where(AnswerEvent.attempt_id == bindparam("attempt"), AnswerEvent.takes_effect)
        .where(AnswerEvent.question_id.in_(bindparam("questions", expanding=True)))
        .order_by(AnswerEvent.id)
    )


def parse_value(kind: str, body: Mapping[str, Any], order: Sequence[str], values: Sequence[str]) -> Value:
    """The answer behind what the form sent; Invalid where the question's form cannot send it."""
    try:
        return TYPES[kind].parse(values, dict(body), order)
    except ValueError as error:
        raise Invalid(N_("This answer cannot be taken: %(why)s."), why=error) from error


def sent_values(kind: str, body: Mapping[str, Any], order: Sequence[str], value: Value) -> tuple[str, ...]:
    """An answer as the form would send it; () for none."""
    return tuple(TYPES[kind].sent(value, dict(body), order)) if value is not None else ()


def best(kind: str, key: Mapping[str, Any]) -> Value:
    """An answer that earns everything: for whoever makes a demonstration or tries a course, never for a page."""
    return TYPES[kind].best(dict(key))


def slip(kind: str, key: Mapping[str, Any], body: Mapping[str, Any], random: Random) -> Value:
    """An answer of somebody who does not know."""
    return TYPES[kind].slip(dict(key), dict(body), random)
