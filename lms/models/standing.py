"""The stored standing of each enrolment, and its status on a date as SQL.

The row is a cache of `rules.standing.derive`: `flask lms rebuild` computes it anew from the facts.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, ScalarSelect, String, and_, case, exists, literal, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lms.models.base import Base
from lms.models.completions import Completion, CompletionWithdrawal
from lms.models.enrolments import Enrolment
from lms.rules.applying import State
from lms.rules.standing import RENEWAL_NOTICE, WAITING, RenewalState, Status


class Standing(Base):
    """The dates at which an enrolment becomes this or that; see rules.standing.Standing."""

    __tablename__ = "lms_standings"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), primary_key=True)
    assigned_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(30))
    mandatory: Mapped[bool]
    # No index on due_on: most days lie in the past, and SQLite would sort all of them to show the first fifty names.
    due_on: Mapped[date | None]
    late_after: Mapped[date | None]
    started_on: Mapped[date | None]
    completed_on: Mapped[date | None] = mapped_column(index=True)
    application_due_on: Mapped[date | None]
    handed_in_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    certified_on: Mapped[date | None]
    confirmed_as: Mapped[str] = mapped_column(String(20), server_default="")
    expires_on: Mapped[date | None] = mapped_column(index=True)
    waived_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("lms_course_versions.id"))
    language: Mapped[str] = mapped_column(String(20))
    score_percent: Mapped[int | None]
    attempts: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(index=True)


def _reached(column: Any, on: Any) -> ColumnElement[bool]:
    return and_(column.is_not(None), column <= on)


def status_on(on: Any) -> ColumnElement[str]:
    """rules.standing.status as SQL; `on` is a date, or a parameter for one."""
    return case(
        (_reached(Standing.waived_on, on), Status.WAIVED.value),
        (and_(_reached(Standing.completed_on, on), _reached(Standing.expires_on, on)), Status.EXPIRED.value),
        (and_(_reached(Standing.completed_on, on), _reached(Standing.certified_on, on)), Status.CERTIFIED.value),
        (_reached(Standing.completed_on, on), Status.COMPLETED.value),
        (_reached(Standing.withdrawn_on, on), Status.WITHDRAWN.value),
        (_reached(Standing.started_on, on), Status.IN_PROGRESS.value),
        else_=literal(Status.ASSIGNED.value),
    )


def has_status_on(on: Any, wanted: str) -> ColumnElement[bool]:
    """Whether the status is the wanted one.

    Said as "none of the others": of `status = wanted` PostgreSQL expects one row in two hundred, whatever the status,
    and then sorts 40,000 to show the first fifty; so it reads them in their order until it has fifty.
    """
    return status_on(on).not_in([status.value for status in Status if status.value != wanted])


def is_overdue_on(on: Any) -> ColumnElement[bool]:
    """rules.standing.is_overdue as SQL."""
    waiting = status_on(on).in_([status.value for status in WAITING])
    return and_(Standing.late_after.is_not(None), Standing.late_after < on, waiting)


def application_state_on(on: Any) -> ColumnElement[str]:
    """rules.standing.application_state as SQL."""
    status = status_on(on)
    return case(
        (Standing.application_due_on.is_(None), State.NONE.value),
        (status == Status.CERTIFIED.value, State.CONFIRMED.value),
        (status != Status.COMPLETED.value, State.NONE.value),
        (_reached(Standing.handed_in_on, on), State.HANDED_IN.value),
        (_reached(Standing.returned_on, on), State.RETURNED.value),
        (Standing.application_due_on < on, State.OVERDUE.value),
        else_=literal(State.DUE.value),
    )


def renewal_state_on(on: date) -> ColumnElement[str]:
    """rules.standing.renewal_state as SQL."""
    return case(
        (~and_(_reached(Standing.completed_on, on), Standing.expires_on.is_not(None)), RenewalState.NONE.value),
        (Standing.expires_on <= on, RenewalState.OVERDUE.value),
        (Standing.expires_on <= on + RENEWAL_NOTICE, RenewalState.DUE_SOON.value),
        else_=literal(RenewalState.CURRENT.value),
    )


def named_completion() -> ScalarSelect[int]:
    """The id of the completion that the standing of an `Enrolment` rests on: the last that was not withdrawn."""
    live, gone = aliased(Completion), aliased(CompletionWithdrawal)
    withdrawn = exists().where(gone.completion_id == live.id, gone.is_current)
    return (
        select(live.id).where(live.enrolment_id == Enrolment.id, ~withdrawn)
        .order_by(live.effective_at.desc(), live.id).limit(1).correlate(Enrolment).scalar_subquery()
    )  # fmt: skip
