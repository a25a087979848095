"""`records_v1`: what happened to records, in the one order in which it was sealed; a row keeps its place for ever.

Whom it is about is said by the numbers that they have when it is read. The position is the cursor: who keeps the last
one and asks for what is behind it gets each row once, none missed.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, or_, select, union_all

from lms.exports.layout import (
    Column,
    Conditions,
    Layout,
    Pack,
    Run,
    apart,
    code,
    day,
    instant,
    narrows,
    number,
    ref,
    words,
)
from lms.models import (
    Completion,
    CompletionReinstatement,
    CompletionWithdrawal,
    ConfirmationWithdrawal,
    Course,
    CourseVersion,
    Enrolment,
    Erasure,
    HandIn,
    Person,
    ReviewDecision,
    ReviewRequest,
    SealedRecord,
    Waiver,
    WaiverWithdrawal,
    from_records,
)

_NOBODY: Any = null()
_decided = select(ReviewDecision.id, HandIn.completion_id)
_decided = _decided.join(ReviewRequest, ReviewRequest.id == ReviewDecision.request_id)
_of_decision = _decided.join(HandIn, HandIn.id == ReviewRequest.hand_in_id).subquery("of_decision")

# What happened, what it does to the record (A: there is one, U: it changed, D: it is gone), the fact, how it leads to a
# completion or an enrolment, when it was true and when it was recorded.
_EVENTS: tuple[tuple[str, Any, Any, Any, Any, Any, Any, Any], ...] = (
    ("completed", "A", Completion, None, Completion.id, Completion.enrolment_id,
     Completion.effective_at, Completion.recorded_at),
    ("withdrawn", "D", CompletionWithdrawal, None, CompletionWithdrawal.completion_id, _NOBODY,
     CompletionWithdrawal.effective_at, CompletionWithdrawal.recorded_at),
    ("reinstated", "A", CompletionReinstatement,
     (CompletionWithdrawal, CompletionWithdrawal.id == CompletionReinstatement.withdrawal_id),
     CompletionWithdrawal.completion_id, _NOBODY,
     CompletionReinstatement.recorded_at, CompletionReinstatement.recorded_at),
    ("reviewed", "U", ReviewDecision, (_of_decision, _of_decision.c.id == ReviewDecision.id),
     _of_decision.c.completion_id, _NOBODY, ReviewDecision.decided_at, ReviewDecision.decided_at),
    ("review_withdrawn", "U", ConfirmationWithdrawal,
     (_of_decision, _of_decision.c.id == ConfirmationWithdrawal.decision_id),
     _of_decision.c.completion_id, _NOBODY, ConfirmationWithdrawal.withdrawn_at, ConfirmationWithdrawal.withdrawn_at),
    ("waived", "U", Waiver, None, _NOBODY, Waiver.enrolment_id, Waiver.waived_at, Waiver.waived_at),
    ("waiver_withdrawn", "U", WaiverWithdrawal, (Waiver, Waiver.id == WaiverWithdrawal.waiver_id),
     _NOBODY, Waiver.enrolment_id, WaiverWithdrawal.withdrawn_at, WaiverWithdrawal.withdrawn_at),
    ("person_erased", "D", Erasure, None, _NOBODY, _NOBODY, Erasure.erased_at, Erasure.erased_at),
)  # fmt: skip


def _happened(bounds: Conditions) -> Any:
    return union_all(*(_select(*event, bounds) for event in _EVENTS)).subquery("happened")


def _select(
    event: str, action: str, fact: Any, way: Any, completion: Any, enrolment: Any, effective: Any, recorded: Any,
    bounds: Conditions,
) -> Select[Any]:  # fmt: skip
    of_kind = and_(SealedRecord.record_id == fact.id, SealedRecord.kind == fact.__tablename__)
    query: Select[Any] = select(
        SealedRecord.position,
        literal(event).label("event"),
        literal(action).label("action"),
        _whole(completion, "completion_id"),
        _whole(enrolment, "enrolment_id"),
        _whole(fact.person_id if fact is Erasure else _NOBODY, "person_id"),
        effective.label("effective_at"),
        recorded.label("recorded_at"),
    ).join(fact, of_kind)
    return (query.join(*way) if way else query).where(*bounds)


def _whole(value: Any, name: str) -> Any:
    """A number, or none of that type: PostgreSQL asks for one type in all parts of a union."""
    return func.nullif(0, 0).label(name) if value is _NOBODY else value.label(name)


def _rows(query: Any, happened: Any, conditions: Conditions) -> Select[Any]:
    enrolment = func.coalesce(Completion.enrolment_id, happened.c.enrolment_id)
    joined: Select[Any] = (
        query.select_from(happened)
        .outerjoin(Completion, Completion.id == happened.c.completion_id)
        .outerjoin(Enrolment, Enrolment.id == enrolment)
        .outerjoin(Person, Person.id == func.coalesce(Enrolment.person_id, happened.c.person_id))
        .outerjoin(Course, Course.id == Enrolment.course_id)
        .outerjoin(CourseVersion, CourseVersion.id == Completion.version_id)
    )
    return joined.where(*_narrowed(conditions))


def _narrowed(conditions: Conditions) -> list[ColumnElement[bool]]:
    if not narrows(conditions):
        return []
    found = from_records(select(Enrolment.id, Enrolment.person_id)).where(*conditions).subquery("in_scope")
    of_record = Enrolment.id.in_(select(found.c.id))
    return [or_(of_record, and_(Enrolment.id.is_(None), Person.id.in_(select(found.c.person_id))))]


def _build(run: Run, conditions: Conditions, bounds: Conditions = (), pack: Pack = apart) -> Select[Any]:
    happened = _happened(bounds)
    columns = [
        Column("position", number(happened.c.position)),
        Column("record_action", happened.c.action),
        Column("event", happened.c.event),
        ref("record_id", Enrolment.ref),
        ref("person_ref", Person.ref),
        words("employee_number", Person.employee_number),
        words("external_person_ref", Person.external_ref),
        words("course_code", Course.code),
        Column("course_version", number(CourseVersion.number)),
        code("certificate_number", Completion.certificate_number),
        Column("expires_on", case((happened.c.action != "D", day(Completion.expires_on)))),
        Column("effective_at", instant(happened.c.effective_at)),
        Column("recorded_at", instant(happened.c.recorded_at)),
    ]
    query = select(*(column.cell.label(column.name) for column in pack(columns)))
    return _rows(query, happened, conditions).order_by(happened.c.position)


def _count(run: Run, conditions: Conditions) -> Select[Any]:
    happened = _happened((SealedRecord.position > run.after,))
    query = select(happened.c.event, func.count().label("rows"))
    return _rows(query, happened, conditions).group_by(happened.c.event).order_by(happened.c.event)


_NAMES = (
    "position", "record_action", "event", "record_id", "person_ref", "employee_number", "external_person_ref",
    "course_code", "course_version", "certificate_number", "expires_on", "effective_at", "recorded_at",
)  # fmt: skip
_FILTERS = frozenset({"unit", "partner", "function", "course"})
LAYOUT = Layout("records_v1", "1.0.0", _NAMES, SealedRecord.position, _build, _count, _FILTERS, is_order=True)
