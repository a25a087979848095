"""Answers and handing in from two seconds before the deadline to five after its grace: each is counted or held.

The clock is given: the device's own, which says what it likes, decides nothing.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from lms.models import AnswerEvent, Attempt, AttemptResult
from lms.rules.attempting import GRACE
from lms.services.answers import Answer, record_answers
from lms.services.attempts import read_answers
from lms.services.submitting import submit_attempt
from tests import world
from tests.faults import field as fields
from tests.faults.field import SLUG, Field
from tests.faults.sizes import SIZE, chance
from tests.services import steps

BEFORE, AFTER = -2.0, 65.0  # seconds around the deadline
LIES = [timedelta(0), timedelta(days=1), timedelta(days=-1), timedelta(days=3652), timedelta(days=-3652)]


def opened(field: Field, number: int) -> tuple[Any, str, datetime]:
    """A taker with an open attempt; its ref and its deadline."""
    actor = world.actor(field.database, fields.email(number), datetime.now(UTC))
    ref = steps.begin(field.database, actor, SLUG)
    with field.database.read() as session:
        deadline = session.scalar(select(Attempt.deadline_at).where(Attempt.ref == ref))
    assert deadline is not None
    return actor, ref, deadline


def test_each_answer_around_the_deadline_is_counted_graced_or_held(field: Field) -> None:
    random, told = chance("deadline"), {"counted": 0, "graced": 0, "held": 0}
    actor, ref, deadline = opened(field, 0)
    moments = [deadline + timedelta(seconds=random.uniform(BEFORE, AFTER)) for _ in range(SIZE.late)]
    moments += [deadline, deadline + GRACE, deadline + GRACE + timedelta(microseconds=1)]
    for at in sorted(moments):
        answer = Answer(str(uuid4()), random.randint(1, 3), ("1",), given_at=at + random.choice(LIES))
        with field.database.transaction() as session:
            receipt = record_answers(session, replace(actor, at=at), ref=ref, answers=[answer])
        assert list(receipt.numbers) == [answer.event_id]
        assert receipt.is_late is (at > deadline + GRACE), f"{at - deadline} after the deadline"
        told["held" if receipt.is_late else "counted" if at <= deadline else "graced"] += 1
    with field.database.read() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.ref == ref)).one()
        log = read_answers(session, attempt)
    print(f"{len(moments)} answers from {BEFORE} to {AFTER} s around the deadline: {told}")
    assert (len(log.rows), log.held) == (len(moments), told["held"])
    assert sum(told.values()) == len(moments)
    assert min(told.values()) > 0


def test_handing_in_around_the_deadline_ends_there_and_keeps_what_comes_after(field: Field) -> None:
    random = chance("handing in")
    for number in range(4):
        actor, ref, deadline = opened(field, number)
        submitted = deadline + timedelta(seconds=random.uniform(BEFORE, AFTER))
        seen = {"counts": 0, "late": 0, "closed": 0}
        moments = sorted([submitted, *(deadline + timedelta(seconds=random.uniform(BEFORE, AFTER)) for _ in range(20))])
        for at in moments:
            who = replace(actor, at=at)
            with field.database.transaction() as session:
                if at == submitted:
                    submit_attempt(session, who, ref=ref)
                    continue
                receipt = record_answers(session, who, ref=ref, answers=[Answer(str(uuid4()), 1, ("2",))])
            seen["closed" if receipt.is_closed else "late" if receipt.is_late else "counts"] += 1
        with field.database.read() as session:
            asked = select(AnswerEvent.takes_effect, AnswerEvent.is_late).join(Attempt).where(Attempt.ref == ref)
            rows = session.execute(asked).all()
            finished = session.scalar(select(AttemptResult.finished_at).join(Attempt).where(Attempt.ref == ref))
        kept = [row.takes_effect for row in rows]
        assert (len(rows), kept.count(False)) == (len(moments) - 1, seen["closed"])
        assert sum(row.is_late for row in rows if row.takes_effect) == seen["late"]
        assert finished == min(submitted, deadline)
