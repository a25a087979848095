"""The tries at a quiz that an enrolment has seen, and how many are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Integer, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_RESULT,
    UNMADE,
    Attempt,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    ExtraAttempt,
    HelpRequest,
    is_unmade,
)
from lms.rules.attempting import retry_at
from lms.services.scope import rows


@dataclass(frozen=True)
class Tries:
    """What one enrolment has seen, newest first; a row is an attempt (see `_tried`)."""

    rows: Sequence[Any]

    @property
    def used(self) -> int:
        """Attempts since the last withdrawal: who loses a completion may try again from the start."""
        return sum(1 for row in self.rows if row.withdrawn_at is None or row.started_at > row.withdrawn_at)

    @property
    def extra(self) -> int:
        """Attempts that HR granted beside those of the course, since the last withdrawal."""
        return self.rows[0].extra if self.rows else 0

    @property
    def open_ref(self) -> str | None:
        """The attempt that is open."""
        return next((row.ref for row in self.rows if row.is_open), None)

    @property
    def last_result(self) -> str | None:
        """The newest attempt that is handed in."""
        return next((row.ref for row in self.rows if row.finished_at), None)

    @property
    def completion_ref(self) -> str | None:
        """The newest completion, withdrawn or not."""
        return next((row.completion_ref for row in self.rows if row.completion_ref), None)

    @property
    def help_asked_at(self) -> datetime | None:
        """Since when help is asked for that has not come."""
        return self.rows[0].help_asked_at if self.rows else None

    def retry_at(self, delay_hours: int) -> datetime | None:
        """When the next attempt may start, as far as the delay between attempts goes."""
        counted = [row.finished_at for row in self.rows[: self.used] if row.finished_at]
        return retry_at(max(counted, default=None), delay_hours)


def read_tries(session: Session, enrolment_id: int | None) -> Tries:
    """The attempts of an enrolment; one query, none where there is no enrolment."""
    return Tries([] if enrolment_id is None else rows(session, _tried(), {"enrolment": enrolment_id}))


@cache
def _tried() -> Executable:
    enrolment, done = bindparam("enrolment", type_=Integer), aliased(Completion)
    withdrawn = (
        select(func.max(CompletionWithdrawal.recorded_at))
        .join(Completion, Completion.id == CompletionWithdrawal.completion_id)
        .where(Completion.enrolment_id == enrolment, CompletionWithdrawal.is_current)
        .where(CompletionWithdrawal.cause != UNMADE)
        .scalar_subquery()
    )
    since = func.coalesce(ExtraAttempt.granted_at > withdrawn, True)
    extra = select(func.count()).where(ExtraAttempt.enrolment_id == enrolment, since).scalar_subquery()
    answered = exists().where(
        ExtraAttempt.enrolment_id == HelpRequest.enrolment_id, ExtraAttempt.granted_at >= HelpRequest.asked_at
    )
    waiting = and_(HelpRequest.enrolment_id == enrolment, ~answered)
    asked = select(func.min(HelpRequest.asked_at)).where(waiting).scalar_subquery()
    return (
        select(Attempt.ref, Attempt.is_open, Attempt.started_at, AttemptResult.finished_at)
        .add_columns(withdrawn.label("withdrawn_at"), done.ref.label("completion_ref"))
        .add_columns(extra.label("extra"), asked.label("help_asked_at"))
        .outerjoin(AttemptResult, CURRENT_RESULT)
        .outerjoin(done, and_(done.attempt_id == Attempt.id, ~is_unmade(done)))
        .where(Attempt.enrolment_id == enrolment)
        .order_by(Attempt.number.desc())
    )
