"""Targets set for a person, offered targets taken or not, and how many people a framework's version changed"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lms_targets",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=True),
        sa.Column("set_by", sa.Integer, nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name="ck_lms_targets_level"),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name="fk_lms_targets_person_id"),
        sa.ForeignKeyConstraint(["set_by"], ["lms_people.id"], name="fk_lms_targets_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_targets"),
        sa.UniqueConstraint("ref", name="uq_lms_targets_ref"),
    )
    op.create_index("ix_lms_targets_person_id", "lms_targets", ["person_id"])
    op.create_table(
        "lms_target_choices",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name="fk_lms_target_choices_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_target_choices"),
    )
    op.create_index("ix_lms_target_choices_person_id", "lms_target_choices", ["person_id"])
    op.add_column("lms_reference_versions", sa.Column("levels_changed", sa.Integer, nullable=True))
    op.add_column("lms_reference_versions", sa.Column("gaps_changed", sa.Integer, nullable=True))


def downgrade() -> None:
    op.drop_column("lms_reference_versions", "gaps_changed")
    op.drop_column("lms_reference_versions", "levels_changed")
    op.drop_table("lms_target_choices")
    op.drop_table("lms_targets")
