"""All that a database of the plugin holds, in a form in which two databases can be compared.

A row's number becomes its place in its table, and so does whatever points to it, by number or by ref. So equality means
the same rows in the same order, whatever numbers a sequence has skipped. What is left to chance is masked.
"""

from typing import Any

from sqlalchemy import Row, select

from lms.db import Database
from lms.models import Base

# Column -> why nobody can foretell it.
MASKED = {
    "lms_completions.certificate_number": "unguessable",
    "lms_attempts.draft_key": "unguessable",
    "lms_fact_texts.salt": "unguessable",
    "lms_completion_withdrawals.reason_hash": "made with that salt",
    "lms_attendances.place_hash": "made with that salt",
    "lms_question_reports.text_hash": "made with that salt",
    "lms_report_replies.text_hash": "made with that salt",
    "lms_mails.data_hash": "made with that salt",
    "lms_plan_acts.text_hash": "made with that salt",
    "lms_plan_acts.words": "over refs, which are unguessable",
    "lms_jobs.payload": "names a row by its ref, which is unguessable",
    "lms_import_details.body": "names managers by their refs, which are unguessable",
}
# Columns that hold the ref of a row of another table.
_REFS = {
    "lms_import_lines.person_ref",
    "lms_audit_entries.object_ref",
    "lms_fact_texts.fact_ref",
    "lms_evidence.source_ref",
}

Table = list[dict[str, Any]]


def canonical(database: Database) -> dict[str, Table]:
    """Table -> its rows: in their order where they are numbered, else sorted."""
    tables = Base.metadata.sorted_tables
    with database.read() as session:
        rows = {table.name: session.execute(select(table).order_by(*table.primary_key)).all() for table in tables}
    places = {
        name: {row.id: place for place, row in enumerate(some, start=1)}
        for name, some in rows.items() if some and "id" in some[0]._fields
    }  # fmt: skip
    refs = {
        row.ref: f"{name} {place}"
        for name, some in rows.items() if some and "ref" in some[0]._fields
        for place, row in enumerate(some, start=1)
    }  # fmt: skip
    found: dict[str, Table] = {}
    for table in tables:
        mapped = [_mapped(table, row, places, refs) for row in rows[table.name]]
        found[table.name] = mapped if "id" in table.columns else sorted(mapped, key=str)
    return found


def _mapped(table: Any, row: Row[Any], places: dict[str, dict[int, int]], refs: dict[str, str]) -> dict[str, Any]:
    values = dict(row._mapping)
    for column in table.columns:
        full, value = f"{table.name}.{column.name}", values[column.name]
        if column.name in ("id", "ref") or full in MASKED:
            values.pop(column.name)
        elif full in _REFS:
            values[column.name] = refs.get(value, value)
        elif column.foreign_keys and value is not None:
            (key,) = column.foreign_keys
            values[column.name] = places[key.column.table.name][value] if key.column.name == "id" else value
    return values
