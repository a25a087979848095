"""The ledger of reminders, time zones of units, days on which they are closed"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lms_units", sa.Column("time_zone", sa.String(60), nullable=False, server_default=""))
    op.create_table(
        "lms_closed_days",
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["lms_units.id"], name="fk_lms_closed_days_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "day", name="pk_lms_closed_days"),
    )
    op.create_table(
        "lms_reminders",
        sa.Column("mail_id", sa.Integer, nullable=False),
        sa.Column("enrolment_id", sa.Integer, nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("target_on", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["lms_mails.id"], name="fk_lms_reminders_mail_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["lms_enrolments.id"], name="fk_lms_reminders_enrolment_id"),
        sa.PrimaryKeyConstraint("mail_id", "enrolment_id", "audience", name="pk_lms_reminders"),
    )
    op.create_index("ix_lms_reminders_enrolment_id", "lms_reminders", ["enrolment_id"])


def downgrade() -> None:
    op.drop_table("lms_reminders")
    op.drop_table("lms_closed_days")
    op.drop_column("lms_units", "time_zone")
