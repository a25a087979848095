"""Reports of bad questions, the replies to them, and the item analysis that was worked out"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lms_question_reports",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("question_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name="fk_lms_question_reports_person_id"),
        sa.ForeignKeyConstraint(["question_id"], ["lms_questions.id"], name="fk_lms_question_reports_question_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_question_reports"),
        sa.UniqueConstraint("ref", name="uq_lms_question_reports_ref"),
    )
    op.create_index("ix_lms_question_reports_question_person", "lms_question_reports", ["question_id", "person_id"])
    op.create_table(
        "lms_report_replies",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("replied_by", sa.Integer, nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["lms_question_reports.id"], name="fk_lms_report_replies_report_id"),
        sa.ForeignKeyConstraint(["replied_by"], ["lms_people.id"], name="fk_lms_report_replies_replied_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_report_replies"),
        sa.UniqueConstraint("ref", name="uq_lms_report_replies_ref"),
        sa.UniqueConstraint("report_id", name="uq_lms_report_replies_report_id"),
    )
    op.create_table(
        "lms_item_figures",
        sa.Column("version_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("worked_out_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["lms_course_versions.id"], name="fk_lms_item_figures_version_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_lms_item_figures"),
    )


def downgrade() -> None:
    for table in ("lms_item_figures", "lms_report_replies", "lms_question_reports"):
        op.drop_table(table)
