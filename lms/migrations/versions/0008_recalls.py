"""Questions that were marked wrongly are recalled; completions can be withdrawn and reinstated more than once"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_GONE = "lms_completion_withdrawals"
_KEPT = ("id", "ref", "completion_id", "withdrawn_by", "effective_at", "recorded_at", "reason_hash")


def upgrade() -> None:
    _renew_withdrawals(
        sa.Column("cause", sa.String(10), nullable=False), sa.Column("is_current", sa.Boolean, nullable=False),
        added="cause, is_current", values="'hr', true",
    )
    op.create_index(f"ix_{_GONE}_completion_id", _GONE, ["completion_id"])
    _one_current(_GONE, "completion_id")
    _create(
        "lms_completion_reinstatements", "reinstated_by", {"withdrawal_id": _GONE}, sa.UniqueConstraint("withdrawal_id", name="uq_lms_completion_reinstatements_withdrawal_id"),
        at="recorded_at",
    )
    _create(
        "lms_question_recalls", "recalled_by", {"question_id": "lms_questions"},
        sa.Column("kind", sa.String(10), nullable=False), sa.Column("key_question_id", sa.Integer, nullable=True),
        sa.Column("is_current", sa.Boolean, nullable=False),
        _refers("lms_question_recalls", "key_question_id", "lms_questions"), at="recalled_at",
    )
    op.create_index("ix_lms_question_recalls_question_id", "lms_question_recalls", ["question_id"])
    _one_current("lms_question_recalls", "question_id")
    _create_followed()
    _create(
        "lms_recall_decisions", "decided_by", {"recall_id": "lms_question_recalls"},
        sa.Column("act", sa.String(10), nullable=False), sa.Column("policy", sa.String(20), nullable=False),
        at="decided_at",
    )
    op.create_index("ix_lms_recall_decisions_recall_id", "lms_recall_decisions", ["recall_id"])
    _create_outcomes()


def _renew_withdrawals(*columns: sa.Column, added: str = "", values: str = "", unique: bool = False) -> None:
    """The same rows in a table that can hold several of one completion; nothing else refers to it yet."""
    kept = ", ".join(_KEPT)
    op.execute(f"CREATE TABLE lms_withdrawals_before AS SELECT {kept} FROM {_GONE}" + ("" if added else " WHERE is_current"))
    op.drop_table(_GONE)
    once = [sa.UniqueConstraint("completion_id", name=f"uq_{_GONE}_completion_id")] if unique else []
    op.create_table(
        _GONE,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("completion_id", sa.Integer, nullable=False),
        sa.Column("withdrawn_by", sa.Integer, nullable=True),
        sa.Column("effective_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        *columns, *once,
        _refers(_GONE, "completion_id", "lms_completions"), _refers(_GONE, "withdrawn_by", "lms_people"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_GONE}"),
        sa.UniqueConstraint("ref", name=f"uq_{_GONE}_ref"),
    )
    more, with_values = (f", {added}", f", {values}") if added else ("", "")
    op.execute(f"INSERT INTO {_GONE} ({kept}{more}) SELECT {kept}{with_values} FROM lms_withdrawals_before ORDER BY id")
    op.drop_table("lms_withdrawals_before")
    if op.get_bind().dialect.name == "postgresql":  # the rows brought their numbers; the next one comes after them
        op.execute(f"SELECT setval(pg_get_serial_sequence('{_GONE}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {_GONE}")


def _refers(table: str, key: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([key], [f"{target}.id"], name=f"fk_{table}_{key}")


def _one_current(table: str, *keys: str) -> None:
    where = sa.text("is_current")
    op.create_index(f"uq_{table}_current", table, list(keys), unique=True, sqlite_where=where, postgresql_where=where)


def _create(table: str, by: str, refers: dict[str, str], *parts: sa.schema.SchemaItem, at: str) -> None:
    """A table of facts with a name, who, when and why."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        *(sa.Column(key, sa.Integer, nullable=False) for key in refers),
        *parts,
        sa.Column(by, sa.Integer, nullable=True),
        sa.Column(at, UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        *(_refers(table, key, target) for key, target in refers.items()),
        _refers(table, by, "lms_people"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("ref", name=f"uq_{table}_ref"),
    )


def _create_followed() -> None:
    op.create_table(
        "lms_result_recalls",
        sa.Column("result_id", sa.Integer, nullable=False),
        sa.Column("recall_id", sa.Integer, nullable=False),
        _refers("lms_result_recalls", "result_id", "lms_attempt_results"),
        _refers("lms_result_recalls", "recall_id", "lms_question_recalls"),
        sa.PrimaryKeyConstraint("result_id", "recall_id", name="pk_lms_result_recalls"),
    )


def _create_outcomes() -> None:
    table = "lms_recall_outcomes"
    refers = {
        "recall_id": "lms_question_recalls", "decision_id": "lms_recall_decisions", "attempt_id": "lms_attempts",
        "before_id": "lms_attempt_results",
    }
    op.create_table(
        table,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        *(sa.Column(key, sa.Integer, nullable=False) for key in refers),
        sa.Column("after_id", sa.Integer, nullable=True),
        sa.Column("is_current", sa.Boolean, nullable=False),
        *(_refers(table, key, target) for key, target in refers.items()),
        _refers(table, "after_id", "lms_attempt_results"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    for key in ("decision_id", "attempt_id", "after_id"):
        op.create_index(f"ix_{table}_{key}", table, [key])
    _one_current(table, "recall_id", "attempt_id")


def downgrade() -> None:
    for table in (
        "lms_recall_outcomes", "lms_recall_decisions", "lms_result_recalls", "lms_question_recalls",
        "lms_completion_reinstatements",
    ):
        op.drop_table(table)
    _renew_withdrawals(unique=True)
