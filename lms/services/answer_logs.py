"""What attempts met and what was answered there, many attempts at a time."""

from typing import Any

from sqlalchemy import and_, select

from lms.models import AnswerEvent, AnswerValue, Attempt, AttemptQuestion


def select_log() -> Any:
    """Each drawn question of an `Attempt`, as often as an answer to it took effect and at least once; as they arrived.

    To be narrowed by a condition on `Attempt`.
    """
    effective = and_(
        AnswerEvent.attempt_id == Attempt.id,
        AnswerEvent.question_id == AttemptQuestion.question_id,
        AnswerEvent.takes_effect,
    )
    return (
        select(AttemptQuestion.attempt_id, AttemptQuestion.question_id, AttemptQuestion.position)
        .add_columns(AnswerEvent.id.label("answer_id"), AnswerEvent.tab, AnswerEvent.is_late)
        .add_columns(AnswerEvent.received_at, AnswerEvent.given_at, AnswerValue.value)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .outerjoin(AnswerEvent, effective)
        .outerjoin(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)
        .order_by(AttemptQuestion.attempt_id, AnswerEvent.id)
    )
