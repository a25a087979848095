"""Answers say what they knew of; results can be marked again; time allowances, extra attempts, late answers"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from lms.models.attempts import new_draft_key
from lms.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SLICE = 1000
_GRACE = timedelta(seconds=60)  # as it was when this was written
_attempts = sa.table(
    "lms_attempts", sa.column("id", sa.Integer), sa.column("deadline_at", UtcDateTime()),
    sa.column("draft_key", sa.String),
)
_events = sa.table(
    "lms_answer_events", sa.column("attempt_id", sa.Integer), sa.column("received_at", UtcDateTime()),
    sa.column("is_late", sa.Boolean),
)
_MARKED = ("attempt_id", "submitted_at", "finished_at", "score", "possible", "percent", "critical_missed", "passed")


def upgrade() -> None:
    op.add_column("lms_course_versions", sa.Column("retry_delay_hours", sa.Integer, nullable=False, server_default="0"))
    op.add_column("lms_course_versions", sa.Column("quiz_opens_on", sa.Date, nullable=True))
    op.add_column("lms_course_versions", sa.Column("quiz_closes_on", sa.Date, nullable=True))
    op.add_column("lms_answer_events", sa.Column("given_at", UtcDateTime(), nullable=True))
    op.add_column("lms_answer_events", sa.Column("tab", sa.String(36), nullable=False, server_default=""))
    op.add_column("lms_answer_events", sa.Column("sequence", sa.Integer, nullable=False, server_default="0"))
    op.add_column("lms_answer_events", sa.Column("base", sa.Integer, nullable=False, server_default="0"))
    op.add_column("lms_answer_events", sa.Column("takes_effect", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("lms_answer_events", sa.Column("is_late", sa.Boolean, nullable=False, server_default=sa.false()))
    where = sa.text("is_late")
    op.create_index("ix_lms_answer_events_late", "lms_answer_events", ["attempt_id"], sqlite_where=where, postgresql_where=where)
    _mark_late()
    _give_draft_keys()
    _renew_results()
    _create_terms()


def _mark_late() -> None:
    connection = op.get_bind()
    timed = sa.select(_attempts.c.id, _attempts.c.deadline_at).where(_attempts.c.deadline_at.is_not(None))
    late = [{"attempt": row.id, "until": row.deadline_at + _GRACE} for row in connection.execute(timed)]
    of = sa.and_(_events.c.attempt_id == sa.bindparam("attempt"), _events.c.received_at > sa.bindparam("until"))
    for start in range(0, len(late), _SLICE):
        connection.execute(sa.update(_events).where(of).values(is_late=True), late[start : start + _SLICE])


def _give_draft_keys() -> None:
    """Attempts made before have a key too, so that whoever is in the middle of one can go on."""
    op.add_column("lms_attempts", sa.Column("draft_key", sa.String(43), nullable=False, server_default=""))
    connection = op.get_bind()
    ids = list(connection.scalars(sa.select(_attempts.c.id)))
    give = sa.update(_attempts).where(_attempts.c.id == sa.bindparam("row")).values(draft_key=sa.bindparam("key"))
    for start in range(0, len(ids), _SLICE):
        connection.execute(give, [{"row": row, "key": new_draft_key()} for row in ids[start : start + _SLICE]])


def _renew_results() -> None:
    """The same results in a table that can hold several of one attempt."""
    columns = ", ".join(_MARKED)
    op.execute(f"CREATE TABLE lms_results_before AS SELECT {columns} FROM lms_attempt_results")
    op.drop_table("lms_attempt_results")
    op.create_table(
        "lms_attempt_results",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("attempt_id", sa.Integer, nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer, nullable=True),
        sa.Column("is_current", sa.Boolean, nullable=False),
        *_mark_columns(),
        sa.CheckConstraint("score >= 0 AND score <= possible", name=op.f("ck_lms_attempt_results_score")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["lms_attempts.id"], name=op.f("fk_lms_attempt_results_attempt_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["lms_people.id"], name=op.f("fk_lms_attempt_results_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lms_attempt_results")),
    )
    op.create_index("ix_lms_attempt_results_attempt", "lms_attempt_results", ["attempt_id"])
    op.create_index(
        "uq_lms_attempt_results_current", "lms_attempt_results", ["attempt_id"], unique=True,
        sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current"),
    )
    op.execute(
        f"INSERT INTO lms_attempt_results ({columns}, cause, recorded_at, recorded_by, is_current) "
        f"SELECT {columns}, 'submitted', submitted_at, NULL, true FROM lms_results_before ORDER BY attempt_id"
    )
    op.drop_table("lms_results_before")


def _mark_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("score", "possible", "percent", "critical_missed")),
        sa.Column("passed", sa.Boolean, nullable=False),
    )


def _create_terms() -> None:
    _create("lms_time_allowances", "person_id", "lms_people", "granted", sa.Column("factor", sa.String(10), nullable=False))
    _create("lms_extra_attempts", "enrolment_id", "lms_enrolments", "granted")
    _create("lms_help_requests", "enrolment_id", "lms_enrolments", "asked", *_ref("lms_help_requests"))
    _create(
        "lms_late_decisions", "attempt_id", "lms_attempts", "decided", *_ref("lms_late_decisions"),
        sa.Column("accepted", sa.Boolean, nullable=False), sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_lms_late_decisions_attempt_id")),
    )
    for table, key in _INDEXED.items():
        op.create_index(op.f(f"ix_{table}_{key}"), table, [key])


_INDEXED = {
    "lms_time_allowances": "person_id", "lms_extra_attempts": "enrolment_id", "lms_help_requests": "enrolment_id",
}


def _ref(table: str) -> tuple[sa.Column, sa.UniqueConstraint]:
    return sa.Column("ref", sa.String(32), nullable=False), sa.UniqueConstraint("ref", name=op.f(f"uq_{table}_ref"))


def _create(table: str, key: str, target: str, act: str, *parts: SchemaItem) -> None:
    """A table of facts about one row of another: what was `granted`, `asked` or `decided`, by whom and when."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column(key, sa.Integer, nullable=False),
        *parts,
        sa.Column(f"{act}_by", sa.Integer, nullable=act != "asked"),
        sa.Column(f"{act}_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint([key], [f"{target}.id"], name=op.f(f"fk_{table}_{key}")),
        sa.ForeignKeyConstraint([f"{act}_by"], ["lms_people.id"], name=op.f(f"fk_{table}_{act}_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("lms_late_decisions", *_INDEXED):
        op.drop_table(table)
    columns = ", ".join(_MARKED)
    op.execute(f"CREATE TABLE lms_results_after AS SELECT {columns} FROM lms_attempt_results WHERE is_current")
    op.drop_table("lms_attempt_results")
    op.create_table(
        "lms_attempt_results",
        sa.Column("attempt_id", sa.Integer, nullable=False),
        *_mark_columns(),
        sa.CheckConstraint("score >= 0 AND score <= possible", name=op.f("ck_lms_attempt_results_score")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["lms_attempts.id"], name=op.f("fk_lms_attempt_results_attempt_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_lms_attempt_results")),
    )
    op.execute(f"INSERT INTO lms_attempt_results ({columns}) SELECT {columns} FROM lms_results_after")
    op.drop_table("lms_results_after")
    op.drop_index("ix_lms_answer_events_late", table_name="lms_answer_events")
    for table, names in _ADDED.items():
        for name in names:
            op.drop_column(table, name)


_ADDED = {
    "lms_attempts": ("draft_key",),
    "lms_answer_events": ("given_at", "tab", "sequence", "base", "takes_effect", "is_late"),
    "lms_course_versions": ("retry_delay_hours", "quiz_opens_on", "quiz_closes_on"),
}
