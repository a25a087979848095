"""The tables that hold facts, and the triggers that let nobody change or delete one.

Alembic's batch mode rebuilds SQLite tables and drops their triggers in silence, so `install` runs after every
migration, and a test tries to change a row of each table.
"""

from sqlalchemy import Connection, text

from lms.models.base import Base

FACTS = (
    "lms_reference_versions",
    "lms_course_texts",
    "lms_sections",
    "lms_media",
    "lms_questions",
    "lms_question_texts",
    "lms_question_keys",
    "lms_question_feedback",
    "lms_rule_versions",
    "lms_rule_decisions",
    "lms_assignments",
    "lms_assignment_withdrawals",
    "lms_enrolment_assignments",
    "lms_waivers",
    "lms_waiver_withdrawals",
    "lms_enrolment_starts",
    "lms_section_readings",
    "lms_attempt_questions",
    "lms_answer_events",
    "lms_completions",
    "lms_attendances",
    "lms_completion_reinstatements",
    "lms_targets",
    "lms_target_choices",
    "lms_evidence_withdrawals",
    "lms_entry_decisions",
    "lms_entry_files",
    "lms_level_moves",
    "lms_time_allowances",
    "lms_help_requests",
    "lms_extra_attempts",
    "lms_late_decisions",
    "lms_question_reports",
    "lms_report_replies",
    "lms_result_recalls",
    "lms_recall_decisions",
    "lms_plan_item_signatures",
    "lms_plan_acts",
    "lms_plan_copies",
    "lms_assessments",
    "lms_rating_sheets",
    "lms_ratings",
    "lms_assessment_moves",
    "lms_focus_choices",
    "lms_peer_requests",
    "lms_peer_answers",
    "lms_peer_ratings",
    "lms_job_attempts",
    "lms_job_outcomes",
    "lms_mails",
    "lms_mail_events",
    "lms_mail_choices",
    "lms_reminders",
    "lms_uploads",
    "lms_hand_ins",
    "lms_hand_in_uploads",
    "lms_review_decisions",
    "lms_confirmation_withdrawals",
    "lms_delegations",
    "lms_delegation_ends",
    "lms_leaves",
    "lms_leave_ends",
    "lms_audit_entries",
    "lms_access_entries",
    "lms_import_runs",
    "lms_people_imports",
    "lms_import_steps",
    "lms_import_lines",
    "lms_import_slices",
    "lms_export_runs",
    "lms_export_receipts",
    "lms_exported_people",
    "lms_erasure_requests",
    "lms_erasure_decisions",
    "lms_erasures",
    "lms_unions",
    "lms_union_decisions",
    "lms_union_ends",
    "lms_seal_keys",
    "lms_seals",
    "lms_sealed_records",
    "lms_seal_checks",
)

# Facts of models.base.Held: whose one is today may move, for whom it was recorded may not.
HELD = ("lms_enrolments", "lms_evidence", "lms_evidence_entries")

# Tables of which one column may still move, and nothing else.
MOVING = {
    "lms_course_versions": "is_current",
    "lms_attempts": "is_open",
    "lms_attempt_results": "is_current",
    "lms_jobs": "claimable_at",
    "lms_completion_withdrawals": "is_current",
    "lms_question_recalls": "is_current",
    "lms_recall_outcomes": "is_current",
    "lms_review_requests": "is_open",
    **dict.fromkeys(HELD, "holder_id"),
}

# Of these, rows that are old may be deleted (services/retention.py); changed they may not be either.
SWEPT = (
    "lms_jobs", "lms_job_attempts", "lms_job_outcomes", "lms_mails", "lms_mail_events", "lms_import_lines",
    "lms_reminders",
)  # fmt: skip

# Facts of which one column holds words: it may be emptied, and nothing else.
EMPTIED = {"lms_evidence": "situation", "lms_evidence_entries": "situation"}

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION lms_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def install(connection: Connection) -> None:
    """(Re-)create the triggers on every table of FACTS and MOVING."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(POSTGRESQL_FUNCTION))
    for table in (*FACTS, *MOVING):
        for statement in _statements(table, connection.dialect.name):
            connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Drop the triggers, so that a migration may rebuild the tables."""
    for table in (*FACTS, *MOVING):
        for act in ("update", "delete", "truncate", "fill"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS lms_refuse_change()"))


def triggers(connection: Connection) -> set[str]:
    """The names of all triggers that `install` makes."""
    acts = ("update", "delete") if connection.dialect.name == "sqlite" else ("update", "delete", "truncate")
    made = [(table, act) for table in (*FACTS, *MOVING) for act in acts]
    kept = {f"{table}_no_{act}" for table, act in made if act != "delete" or table not in SWEPT}
    return kept | {f"{table}_no_fill" for table in EMPTIED}


def _statements(table: str, dialect: str) -> list[str]:
    moving = {MOVING.get(table), EMPTIED.get(table)} - {None}
    fixed = [column.name for column in Base.metadata.tables[table].columns if column.name not in moving]
    refused = {"update": f"UPDATE OF {', '.join(fixed)}" if moving else "UPDATE"}
    if table not in SWEPT:
        refused["delete"] = "DELETE"
    when = {}
    if filled := EMPTIED.get(table):
        refused["fill"], when["fill"] = f"UPDATE OF {filled}", f"WHEN (NEW.{filled} <> '')"
    if dialect == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {event} ON {table} {when.get(act, '')} {body}"
            for act, event in refused.items()
        ]
    call = "EXECUTE FUNCTION lms_refuse_change()"
    return [
        f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {event} ON {table} FOR EACH ROW {when.get(act, '')} {call}"
        for act, event in refused.items()
    ] + [f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {call}"]
