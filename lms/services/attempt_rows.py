"""The rows of an attempt, from plain data: what is written is decided here, and how in `attempts` (or in bulk)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from lms.models import CourseVersion
from lms.permissions import Actor
from lms.questions import TYPES, Value
from lms.rules.attempting import ORDINARY, counts, deadline
from lms.rules.drawing import Pool, Share, Wanted, draw, is_for
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


@dataclass(frozen=True)
class Met:
    """What a learner has met of a version's questions before: how often each, and which in the last attempt.

    And the function in which they work.
    """

    times: Mapping[int, int]
    last: Collection[int] = ()
    function: str = ""


def drawn_rows(
    attempt_id: int, seed: int, version: CourseVersion, questions: Sequence[Any], met: Met
) -> Iterable[dict[str, Any]]:
    """What the seed draws from a version's questions (all fields of Question, and `body`) by rules.drawing."""
    random = Random(seed)
    own = {question.id for question in questions if is_for(question.tags, met.function)}
    ids = draw(_pools(version, questions), random, met.times, met.last, own)
    yield from shown_rows(attempt_id, ids, questions, random)


def shown_rows(
    attempt_id: int, ids: Sequence[int], questions: Sequence[Any], random: Random
) -> Iterable[dict[str, Any]]:
    """These questions in this order, each with the order of its parts."""
    by_id = {question.id: question for question in questions}
    for position, question_id in enumerate(ids, start=1):
        order = TYPES[by_id[question_id].type].order(by_id[question_id].body, random)
        yield {
            "attempt_id": attempt_id, "question_id": question_id, "position": position, "option_order": order,
        }  # fmt: skip


def _pools(version: CourseVersion, questions: Sequence[Any]) -> list[Pool]:
    pools: dict[str, list[Any]] = {}
    for question in questions:
        pools.setdefault(question.pool, []).append(question)
    return [[_share(wanted, pool) for wanted in _wanted(version, pool)] for pool in pools.values()]


def _wanted(version: CourseVersion, pool: Sequence[Any]) -> Iterable[Wanted]:
    listed = version.draws.get(pool[0].pool)
    return [Wanted(**one) for one in listed] if listed else [Wanted(pool[0].pool_draw)]


def _share(wanted: Wanted, pool: Sequence[Any]) -> Share:
    fitting = (q.id for q in pool if wanted.fits(q.tags, q.competency, q.difficulty))
    return Share(wanted.count, tuple(fitting))


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
