"""Work that is done later, and mails"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_jobs()
    _create_mails()


def _create_jobs() -> None:
    op.create_table(
        "lms_jobs",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=True),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimable_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lms_jobs"),
        sa.UniqueConstraint("ref", name="uq_lms_jobs_ref"),
        sa.UniqueConstraint("key", name="uq_lms_jobs_key"),
    )
    claimable = sa.text("claimable_at IS NOT NULL")
    op.create_index(
        "ix_lms_jobs_claimable_at", "lms_jobs", ["claimable_at"], sqlite_where=claimable, postgresql_where=claimable
    )
    op.create_table(
        "lms_job_attempts",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["lms_jobs.id"], name="fk_lms_job_attempts_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_job_attempts"),
        sa.UniqueConstraint("job_id", "number", name="uq_lms_job_attempts_job_id_number"),
    )
    op.create_index("ix_lms_job_attempts_started_at", "lms_job_attempts", ["started_at"])
    op.create_table(
        "lms_job_outcomes",
        sa.Column("attempt_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["lms_job_attempts.id"], name="fk_lms_job_outcomes_attempt_id"),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_lms_job_outcomes"),
    )
    gave_up = sa.text("outcome = 'gave_up'")
    op.create_index(
        "ix_lms_job_outcomes_gave_up", "lms_job_outcomes", ["attempt_id"],
        sqlite_where=gave_up, postgresql_where=gave_up,
    )  # fmt: skip


def _create_mails() -> None:
    op.create_table(
        "lms_mails",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("data_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name="fk_lms_mails_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_mails"),
        sa.UniqueConstraint("ref", name="uq_lms_mails_ref"),
        sa.UniqueConstraint("key", name="uq_lms_mails_key"),
    )
    op.create_index("ix_lms_mails_person_id", "lms_mails", ["person_id"])
    op.create_table(
        "lms_mail_events",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("mail_id", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["lms_mails.id"], name="fk_lms_mail_events_mail_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_mail_events"),
    )
    op.create_index("ix_lms_mail_events_mail_id", "lms_mail_events", ["mail_id"])
    op.create_table(
        "lms_mail_choices",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name="fk_lms_mail_choices_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_mail_choices"),
    )
    op.create_index("ix_lms_mail_choices_person_id_kind", "lms_mail_choices", ["person_id", "kind"])


def downgrade() -> None:
    for table in (
        "lms_mail_choices", "lms_mail_events", "lms_mails", "lms_job_outcomes", "lms_job_attempts", "lms_jobs",
    ):  # fmt: skip
        op.drop_table(table)
