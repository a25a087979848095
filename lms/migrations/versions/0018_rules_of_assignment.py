"""Rules ask courses of whoever they mean; a due date can have some days of grace"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_RULES, _DECISIONS, _ASKED = "lms_rule_versions", "lms_rule_decisions", "lms_assignments"


def upgrade() -> None:
    op.create_table(
        _RULES,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("conditions", sa.JSON, nullable=False),
        sa.Column("terms", sa.JSON, nullable=False),
        sa.Column("path", sa.String(60), nullable=False),
        sa.Column("is_end", sa.Boolean, nullable=False),
        sa.Column("gain", sa.Integer, nullable=False),
        sa.Column("lose", sa.Integer, nullable=False),
        sa.Column("needs_second", sa.Boolean, nullable=False),
        sa.Column("written_by", sa.Integer, nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["lms_units.id"], name=f"fk_{_RULES}_unit_id"),
        sa.ForeignKeyConstraint(["written_by"], ["lms_people.id"], name=f"fk_{_RULES}_written_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_RULES}"),
        sa.UniqueConstraint("ref", name=f"uq_{_RULES}_ref"),
        sa.UniqueConstraint("rule", "number", name=f"uq_{_RULES}_rule_number"),
    )
    op.create_index(f"ix_{_RULES}_unit_id", _RULES, ["unit_id"])
    op.create_table(
        _DECISIONS,
        sa.Column("version_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("decided_by", sa.Integer, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], [f"{_RULES}.id"], name=f"fk_{_DECISIONS}_version_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["lms_people.id"], name=f"fk_{_DECISIONS}_decided_by"),
        sa.PrimaryKeyConstraint("version_id", name=f"pk_{_DECISIONS}"),
    )
    op.add_column(_ASKED, sa.Column("grace_days", sa.Integer, nullable=False, server_default="0"))
    _add_reference("rule_version_id", _RULES)
    _add_reference("import_run_id", "lms_import_runs")
    op.create_index(f"ix_{_ASKED}_rule_version_id", _ASKED, ["rule_version_id"])
    op.add_column(
        "lms_assignment_withdrawals", sa.Column("cause", sa.String(20), nullable=False, server_default="")
    )
    op.add_column("lms_standings", sa.Column("late_after", sa.Date, nullable=True))
    op.execute("UPDATE lms_standings SET late_after = due_on")


def _add_reference(name: str, table: str) -> None:
    """In SQL: Alembic knows no way to give a column of SQLite a reference, which takes one while it is empty."""
    key = f"CONSTRAINT fk_{_ASKED}_{name} REFERENCES {table} (id)"
    op.execute(f"ALTER TABLE {_ASKED} ADD COLUMN {name} INTEGER {key}")


def downgrade() -> None:
    op.drop_column("lms_standings", "late_after")
    op.drop_column("lms_assignment_withdrawals", "cause")
    op.drop_index(f"ix_{_ASKED}_rule_version_id", _ASKED)
    if op.get_bind().dialect.name == "sqlite":  # it rebuilds the table, to which others refer until the commit
        op.execute("PRAGMA defer_foreign_keys = ON")
    with op.batch_alter_table(_ASKED) as asked:
        for name in ("import_run_id", "rule_version_id"):
            asked.drop_column(name)
        asked.drop_column("grace_days")
    op.drop_table(_DECISIONS)
    op.drop_table(_RULES)
