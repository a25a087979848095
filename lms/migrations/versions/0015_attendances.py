"""A course can be completed by taking part in a session: a completion need not have an attempt"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_DONE, _BEFORE = "lms_completions", "lms_completions_before"
_COLUMNS = (
    "id, ref, enrolment_id, version_id, attempt_id, effective_at, recorded_at, expires_on, application_due_on, "
    "certificate_number"
)


def upgrade() -> None:
    op.add_column("lms_course_versions", sa.Column("completes_by", sa.String(20), nullable=False, server_default="quiz"))
    _let_attempt_be_null(True)
    op.create_table(
        "lms_attendances",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("completion_id", sa.Integer, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("recorded_by", sa.Integer, nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("place_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["completion_id"], ["lms_completions.id"], name="fk_lms_attendances_completion_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["lms_people.id"], name="fk_lms_attendances_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_attendances"),
        sa.UniqueConstraint("ref", name="uq_lms_attendances_ref"),
        sa.UniqueConstraint("completion_id", name="uq_lms_attendances_completion_id"),
    )


def _let_attempt_be_null(nullable: bool) -> None:
    """SQLite cannot change a column: the same rows come into a new table of the same name, to which others refer.

    The references are checked at the commit, when every row is back in its place.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(_DONE, "attempt_id", nullable=nullable)
        return
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE {_BEFORE} AS SELECT {_COLUMNS} FROM {_DONE}")
    op.drop_table(_DONE)
    op.create_table(
        _DONE,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("enrolment_id", sa.Integer, nullable=False),
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("attempt_id", sa.Integer, nullable=nullable),
        sa.Column("effective_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("expires_on", sa.Date, nullable=True),
        sa.Column("application_due_on", sa.Date, nullable=True),
        sa.Column("certificate_number", sa.String(19), nullable=True),
        *(
            sa.ForeignKeyConstraint([key], [f"{table}.id"], name=f"fk_{_DONE}_{key}")
            for key, table in (
                ("enrolment_id", "lms_enrolments"), ("version_id", "lms_course_versions"),
                ("attempt_id", "lms_attempts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_DONE}"),
        sa.UniqueConstraint("ref", name=f"uq_{_DONE}_ref"),
        sa.UniqueConstraint("attempt_id", name=f"uq_{_DONE}_attempt_id"),
        sa.UniqueConstraint("enrolment_id", "version_id", "attempt_id", name=f"uq_{_DONE}_enrolment_id_version_id_attempt_id"),
    )
    op.execute(f"INSERT INTO {_DONE} ({_COLUMNS}) SELECT {_COLUMNS} FROM {_BEFORE} ORDER BY id")
    op.create_index(f"ix_{_DONE}_certificate_number", _DONE, ["certificate_number"], unique=True)
    op.drop_table(_BEFORE)


def downgrade() -> None:
    """Completions by attendance have no place in the tables of before: while there are any, it is refused."""
    op.drop_table("lms_attendances")
    _let_attempt_be_null(False)
    op.drop_column("lms_course_versions", "completes_by")
