"""When people were on leave, as far as it was: read wherever their clock of due dates is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lms.models import Enrolment, Leave, LeaveEnd, Person
from lms.rules.pausing import Pause
from lms.services.scope import rows

_HOLDER = func.coalesce(Person.holder_id, Person.id)  # leave of two records of one person is theirs
COLUMNS = (Leave.starts_on, Leave.last_on, LeaveEnd.back_on)


def read_pauses(session: Session, people: Sequence[int]) -> dict[int, list[Pause]]:
    """The leave of some people, in order; one query."""
    return _read(session, _of_people(), people)


def read_pauses_of(session: Session, enrolments: Sequence[int]) -> dict[int, list[Pause]]:
    """The same by the numbers of enrolments."""
    return _read(session, _of_enrolments(), enrolments)


def _read(session: Session, query: Executable, ids: Sequence[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    for number, *days in rows(session, query, {"ids": ids}):
        found[number] += as_pauses([days])
    return found


def is_any_of(person_id: Any) -> Any:
    """Whether somebody was ever on leave, for a query of what is theirs: most never were, and nothing more is asked."""
    query = select(1).select_from(Leave).join(Person, Person.id == Leave.person_id)
    return query.where(Person.is_record_of(person_id)).exists()


def as_pauses(found: Iterable[Sequence[Any]]) -> list[Pause]:
    """What COLUMNS hold, as long as it was leave; nothing where an outer join found none."""
    pauses = [
        Pause(first, last if back_on is None else back_on - timedelta(days=1))
        for first, last, back_on in found
        if first
    ]
    return [pause for pause in pauses if pause.days]


def _days(number: Any) -> Any:
    query = select(number, *COLUMNS).select_from(Leave).join(Person, Person.id == Leave.person_id)
    return query.outerjoin(LeaveEnd, LeaveEnd.leave_id == Leave.id).order_by(Leave.starts_on)


@cache
def _of_people() -> Executable:
    ids: Any = bindparam("ids", expanding=True)
    asked: Executable = _days(_HOLDER).where(or_(Person.id.in_(ids), Person.holder_id.in_(ids)), _HOLDER.in_(ids))
    return asked


@cache
def _of_enrolments() -> Executable:
    query = _days(Enrolment.id).join(Enrolment, Person.is_record_of(Enrolment.person_id))
    asked: Executable = query.where(Enrolment.id.in_(bindparam("ids", expanding=True)))
    return asked
