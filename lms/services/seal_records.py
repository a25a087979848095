"""Which facts are records, and what of each is sealed: numbers, refs, codes, times and hashes; nothing that is erased.

One list. Of each table all columns are sealed but the one that may move and the one that may be emptied; beside them
stand the refs of the person whom it is about and of who did it, so that a row that is given to somebody else shows.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from lms.models import Base, Person, SealedRecord
from lms.models.append_only import EMPTIED, MOVING
from lms.models.personal import PEOPLE, PERSONAL
from lms.services.chain import instant

# In their order a run takes them: what rests on another comes after it.
KINDS = (
    "lms_attempt_results",
    "lms_completions",
    "lms_attendances",
    "lms_completion_withdrawals",
    "lms_completion_reinstatements",
    "lms_review_decisions",
    "lms_confirmation_withdrawals",
    "lms_evidence_entries",
    "lms_entry_decisions",
    "lms_evidence",
    "lms_evidence_withdrawals",
    "lms_assignments",
    "lms_assignment_withdrawals",
    "lms_waivers",
    "lms_waiver_withdrawals",
    "lms_late_decisions",
    "lms_question_recalls",
    "lms_recall_decisions",
    "lms_recall_outcomes",
    "lms_erasures",
    "lms_audit_entries",
)
TABLES = Base.metadata.tables


def number_of(kind: str) -> Any:
    """The column that numbers the rows of a kind."""
    (column,) = TABLES[kind].primary_key.columns
    return column


@cache
def _query(kind: str) -> Select[Any]:
    """All that is sealed of the rows of a kind; `_number` is their number."""
    table = TABLES[kind]
    left_out = {MOVING.get(kind), EMPTIED.get(kind)}
    columns = [column for column in table.columns if column.name not in left_out]
    query = select(number_of(kind).label("_number"), *columns).select_from(table)
    way: str = PERSONAL[kind].person
    row: Any = table
    while True:
        (key,) = row.c[way].foreign_keys
        target = key.column.table
        if target.name == PEOPLE:
            about = aliased(Person)
            query = query.outerjoin(about, about.id == row.c[way]).add_columns(about.ref.label("about_ref"))
            break
        further = target.alias()
        query = query.join(further, further.c[key.column.name] == row.c[way])
        way, row = PERSONAL[target.name].person, further
    for column in columns:
        if any(key.column.table.name == PEOPLE for key in column.foreign_keys):
            who = aliased(Person)
            query = query.outerjoin(who, who.id == column)
            query = query.add_columns(who.ref.label(f"{column.name.removesuffix('_id')}_ref"))
    return query


def _record(kind: str, names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {"kind": kind, **{name: _plain(value) for name, value in zip(names, row[1:], strict=True)}}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def read_records(session: Session, kind: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Number -> the record as it is now, of those that are there."""
    rows = session.execute(_query(kind).where(number_of(kind).in_(numbers)))
    _number, *names = rows.keys()
    return {row[0]: _record(kind, names, row) for row in rows}


def list_unsealed(session: Session, kind: str, *, after: int, upto: int, limit: int) -> list[int]:
    """The numbers in (after, upto] that have no place yet, at most so many."""
    number = number_of(kind)
    sealed = select(SealedRecord.position).where(SealedRecord.kind == kind, SealedRecord.record_id == number)
    query = select(number).where(number > after, number <= upto, ~sealed.exists()).order_by(number).limit(limit)
    return list(session.scalars(query))
