"""Answers: each kept when it arrives, once, whatever is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid
from lms.models import AnswerEvent, AnswerValue, AttemptQuestion, AttemptResult, Question, QuestionText
from lms.permissions import Actor
from lms.questions import TYPES, Value
from lms.services.attempt_rows import answer_row, value_row
from lms.services.attempts import get_attempt
from lms.services.scope import LANGUAGE
from lms.services.writing import insert_new

USED_ELSEWHERE = N_("This answer's id was used for another answer. Load the page again and answer once more.")


@dataclass(frozen=True)
class Answer:
    """An answer as the browser sends it: its own id, the question's place, and what was chosen as strings."""

    event_id: str
    position: int
    values: tuple[str, ...]


def record_answers(session: Session, actor: Actor, *, ref: str, answers: Sequence[Answer]) -> list[str]:
    """Append answers to the attempt's log and return the ids that are stored (sent again: stored once).

    Raises Conflict when the attempt is handed in, Invalid for an answer that the question cannot take or an id that
    was used for another answer; then nothing is stored.
    """
    attempt = get_attempt(session, actor, ref=ref)
    if session.scalar(_result_of(), {"attempt": attempt.id}) is not None:
        raise Conflict(N_("This attempt is handed in; its answers no longer change."))
    asked = {"attempt": attempt.id, "language": attempt.language, "positions": [a.position for a in answers]}
    drawn = {row.position: row for row in session.execute(_asked(), asked)}
    rows: dict[str, dict[str, Any]] = {}
    values: dict[str, Value] = {}
    for answer in answers:
        question = drawn.get(answer.position)
        if question is None:
            raise Invalid(N_("This attempt has no question %(position)d."), position=answer.position)
        values[answer.event_id] = parse_value(question.type, question.body, question.option_order, answer.values)
        row = answer_row(actor, attempt.id, question.id, answer.event_id, values[answer.event_id])
        if rows.setdefault(answer.event_id, row) != row:
            raise Invalid(USED_ELSEWHERE)
    new = dict(insert_new(session, AnswerEvent, list(rows.values()), AnswerEvent.event_id, AnswerEvent.id))
    _compare(session, {event_id: row for event_id, row in rows.items() if event_id not in new})
    if new:
        session.execute(insert(AnswerValue), [value_row(new[i], i, values[i]) for i in rows if i in new])
    return [answer.event_id for answer in answers]


def _compare(session: Session, sent_again: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse an id that is stored already, but for another answer."""
    for found in session.execute(_known(), {"ids": list(sent_again)}) if sent_again else ():
        row = sent_again[found.event_id]
        if any(getattr(found, name) != row[name] for name in ("value_hash", "attempt_id", "question_id")):
            raise Invalid(USED_ELSEWHERE)


@cache
def _result_of() -> Executable:
    return select(AttemptResult.attempt_id).where(AttemptResult.attempt_id == bindparam("attempt"))


@cache
def _asked() -> Executable:
    return (
        select(AttemptQuestion.position, AttemptQuestion.option_order, Question.id, Question.type, QuestionText.body)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .join(QuestionText, QuestionText.question_id == Question.id)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"), QuestionText.language == LANGUAGE)
        .where(AttemptQuestion.position.in_(bindparam("positions", expanding=True)))
    )


@cache
def _known() -> Executable:
    among = AnswerEvent.event_id.in_(bindparam("ids", expanding=True))
    columns = (AnswerEvent.event_id, AnswerEvent.value_hash, AnswerEvent.attempt_id, AnswerEvent.question_id)
    return select(*columns).where(among)


def parse_value(kind: str, body: Mapping[str, Any], order: Sequence[str], values: Sequence[str]) -> Value:
    """The answer behind what the form sent: options go by their place on the page, "1" being the first shown."""
    try:
        chosen = [order[_place(value, len(order))] for value in values if value] if order else list(values)
        return TYPES[kind].parse(chosen, dict(body))
    except ValueError as error:
        raise Invalid(N_("This answer cannot be taken: %(why)s."), why=error) from error


def _place(value: str, options: int) -> int:
    if len(value) > 4 or not value.isascii() or not value.isdigit() or not 1 <= int(value) <= options:
        raise ValueError(f"there is no option {value[:20]!r}")
    return int(value) - 1
