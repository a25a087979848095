"""The rows of an attempt, from plain data: what is written is decided here, and how in `attempts` (or in bulk)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from lms.models import CourseVersion
from lms.permissions import Actor
from lms.questions import TYPES, Value
from lms.rules.attempting import ORDINARY, counts, deadline
from lms.rules.drawing import Pool, draw
from lms.rules.grading import MARKING_RULE
from lms.services.writing import salted_hash


def attempt_row(
    actor: Actor, enrolment_id: int, version: CourseVersion, *, number: int, language: str, seed: int,
    factor: str = ORDINARY,
) -> dict[str, Any]:  # fmt: skip
    """An attempt that starts now, bound to what the version asks for; `factor` is the person's extra time."""
    return {
        "enrolment_id": enrolment_id, "version_id": version.id, "number": number, "language": language, "seed": seed,
        "pass_percent": version.pass_percent, "marking_rule": MARKING_RULE, "started_at": actor.at,
        "deadline_at": deadline(actor.at, version.time_limit_minutes, factor, version.quiz_closes_on),
        "is_open": True,
    }  # fmt: skip


def drawn_rows(
    attempt_id: int, seed: int, questions: Sequence[Any], seen: Mapping[int, int]
) -> Iterable[dict[str, Any]]:
    """What the seed draws from a version's questions (id, pool, pool_draw, type, body), the least seen first."""
    pools: dict[str, tuple[int, list[int]]] = {}
    for question in questions:
        pools.setdefault(question.pool, (question.pool_draw, []))[1].append(question.id)
    random = Random(seed)
    drawn = draw([Pool(count, tuple(ids)) for count, ids in pools.values()], random, seen)
    by_id = {question.id: question for question in questions}
    for position, question_id in enumerate(drawn, start=1):
        order = TYPES[by_id[question_id].type].order(by_id[question_id].body, random)
        yield {
            "attempt_id": attempt_id, "question_id": question_id, "position": position, "option_order": order,
        }  # fmt: skip


def answer_row(
    actor: Actor, attempt_id: int, question_id: int, deadline_at: datetime | None, answer: Any, value: Value
) -> dict[str, Any]:
    """An answer (services.answers.Answer) that arrives now, without what was answered."""
    # The id is the salt: the same id with another value shows itself, and costs no query.
    return {
        "event_id": answer.event_id, "attempt_id": attempt_id, "question_id": question_id,
        "is_late": not counts(actor.at, deadline_at),
        "value_hash": salted_hash(answer.event_id, repr(value)), "received_at": actor.at, "given_at": answer.given_at,
        "tab": answer.tab, "sequence": answer.sequence, "base": answer.base,
    }  # fmt: skip


def value_row(answer_id: int, event_id: str, value: Value) -> dict[str, Any]:
    """What was answered, beside the event."""
    return {"answer_id": answer_id, "salt": event_id, "value": value}
