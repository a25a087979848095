"""Marking attempts again by another key, many at a time: what it would change, and the new results."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_RESULT,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Enrolment,
    LateDecision,
    Person,
    Question,
    QuestionKey,
    QuestionRecall,
    RecallOutcome,
    ResultRecall,
)
from lms.rules.grading import Grade, grade
from lms.rules.recalling import rank
from lms.services import keys
from lms.services.answer_logs import select_log
from lms.services.keys import Correction, Corrections
from lms.services.scope import rows as rows_of
from lms.services.submitting import marks

SLICE = 200


@dataclass(frozen=True)
class Effect:
    """What another key does to one attempt (see `affected` for its columns)."""

    attempt: Any
    after: Grade
    recall_ids: tuple[int, ...]  # by which the new mark was made

    @property
    def change(self) -> int:
        """1 where the result becomes better, -1 where worse."""
        before, after = rank(self.attempt), rank(self.after)
        return (after > before) - (after < before)

    @property
    def flips(self) -> bool:
        """Whether it is passed now and was not, or the other way round."""
        return bool(self.attempt.passed != self.after.passed)


def by_result(effects: Sequence[Effect]) -> dict[int, tuple[Grade, Sequence[int]]]:
    """The new marks by the results in whose place they come, as `replace_results` takes them."""
    return {effect.attempt.result_id: (effect.after, effect.recall_ids) for effect in effects}


def affected(question_id: int, *conditions: ColumnElement[bool]) -> Any:
    """The attempts that drew a question and are handed in, with the result that stands and whose they are."""
    numbers = func.aggregate_strings(cast(ResultRecall.recall_id, String), ",")
    followed = select(numbers).where(ResultRecall.result_id == AttemptResult.id).correlate(AttemptResult)
    return (
        select(Attempt.id.label("attempt_id"), Attempt.enrolment_id, Attempt.number, Attempt.pass_percent)
        .add_columns(AttemptResult.id.label("result_id"), AttemptResult.score, AttemptResult.possible)
        .add_columns(AttemptResult.percent, AttemptResult.passed, AttemptResult.submitted_at)
        .add_columns(AttemptResult.finished_at, LateDecision.accepted, followed.scalar_subquery().label("followed"))
        .add_columns(Person.id.label("person_id"), Person.display_name, Enrolment.ref.label("record_ref"))
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .join(AttemptResult, CURRENT_RESULT)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(LateDecision, LateDecision.attempt_id == Attempt.id)
        .where(AttemptQuestion.question_id == question_id, *conditions)
        .order_by(Attempt.id)
    )


def waits(recall_id: int) -> list[ColumnElement[bool]]:
    """Conditions on `Attempt` and its result: nobody has decided on it, and it was not marked by the recall."""
    decided = exists().where(
        RecallOutcome.recall_id == recall_id, RecallOutcome.attempt_id == Attempt.id, RecallOutcome.is_current
    )
    return [~decided, ~exists().where(ResultRecall.result_id == AttemptResult.id, ResultRecall.recall_id == recall_id)]


@dataclass(frozen=True)
class Handed:
    """An attempt that is handed in (see `affected` for its columns) with its log and the recalls that it follows."""

    attempt: Any
    log: Sequence[Any]
    followed: tuple[int, ...]


class Regrader:
    """The questions of a version with every key that they ever had; one query."""

    def __init__(self, session: Session, version_id: int) -> None:
        self.session = session
        rows = session.execute(_questions(), {"version": version_id}).all()
        self.questions = {row.id: row for row in rows}
        self.recalls = {row.recall_id: keys.as_correction(row) for row in rows if row.recall_id is not None}

    def read(self, chosen: Any) -> list[Handed]:
        """The attempts of an `affected`; two queries."""
        attempts = rows_of(self.session, chosen)
        wanted = chosen.with_only_columns(Attempt.id)  # in their order: it decides what a limit takes
        log = rows_of(self.session, select_log().where(Attempt.id.in_(wanted))) if attempts else ()
        logs = {number: list(rows) for number, rows in groupby(log, key=attrgetter("attempt_id"))}
        return [
            Handed(row, logs[row.attempt_id], tuple(map(int, row.followed.split(","))) if row.followed else ())
            for row in attempts
        ]

    def effect(self, handed: Handed, correction: Correction) -> Effect:
        """What a correction does to an attempt of the version, beside the recalls that it follows."""
        others = [self.recalls[number] for number in handed.followed]
        return self._effect(handed, [*others, correction])

    def anew(self, attempts: Sequence[Handed], undone: int) -> Iterator[Effect]:
        """What attempts earn without a recall, by the others that hold for them; two queries."""
        applied = self._applied([handed.attempt.attempt_id for handed in attempts], undone)
        for handed in attempts:
            yield self._effect(handed, [self.recalls[number] for number in applied[handed.attempt.attempt_id]])

    def _applied(self, ids: Sequence[int], undone: int) -> dict[int, list[int]]:
        """Attempt id -> the recalls that it was handed in with and nobody undid, and those applied since, in order."""
        found: dict[int, list[int]] = {number: [] for number in ids}
        first = select(AttemptResult.attempt_id, ResultRecall.recall_id).order_by(ResultRecall.recall_id)
        first = first.join(ResultRecall, ResultRecall.result_id == AttemptResult.id)
        stands = RecallOutcome.is_current, RecallOutcome.after_id.is_not(None), RecallOutcome.attempt_id.in_(ids)
        since = select(RecallOutcome.attempt_id, RecallOutcome.recall_id).where(*stands).order_by(RecallOutcome.id)
        ended = exists().where(
            RecallOutcome.recall_id == ResultRecall.recall_id, RecallOutcome.attempt_id == AttemptResult.attempt_id
        )
        holds = ~ended & (ResultRecall.recall_id != undone)
        handed_in = AttemptResult.attempt_id.in_(ids), AttemptResult.cause == "submitted", holds
        for query in (first.where(*handed_in), since):
            for row in self.session.execute(query):
                found[row.attempt_id].append(row.recall_id)
        return found

    def _effect(self, handed: Handed, held: Sequence[Correction]) -> Effect:
        """Of two corrections of a question the later one holds."""
        corrections = {correction.question_id: correction for correction in held}
        ids = tuple(correction.recall_id for correction in corrections.values())
        return Effect(handed.attempt, self._grade(handed, corrections), ids)

    def _grade(self, handed: Handed, corrections: Corrections) -> Grade:
        """Late answers count where HR said so and they do not make it worse."""
        asked = [self.questions[number] for number in dict.fromkeys(row.question_id for row in handed.log)]
        given = [row for row in handed.log if row.answer_id is not None]
        tried = [{row.question_id: row.value for row in given if not row.is_late}]
        if handed.attempt.accepted:
            tried.append({row.question_id: row.value for row in given})
        grades = [grade(list(marks(asked, answers, corrections)), handed.attempt.pass_percent) for answers in tried]
        return max(grades, key=lambda found: (found.passed, found.percent))


@cache
def _questions() -> Any:
    """A version's questions, each as often as it was recalled and at least once."""
    corrected = aliased(QuestionKey)
    return (
        select(Question.id, Question.type, Question.critical, QuestionKey.body.label("right"))
        .add_columns(QuestionRecall.id.label("recall_id"), QuestionRecall.question_id, QuestionRecall.kind)
        .add_columns(QuestionRecall.key_question_id, corrected.body.label("corrected"), literal("").label("text"))
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .outerjoin(QuestionRecall, QuestionRecall.question_id == Question.id)
        .outerjoin(corrected, corrected.question_id == QuestionRecall.key_question_id)
        .where(Question.version_id == bindparam("version"))
        .order_by(QuestionRecall.id)
    )
