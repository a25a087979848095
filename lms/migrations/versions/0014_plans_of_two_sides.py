"""Development plans have acts of both sides, frozen copies, conditions, templates and years of their own"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PLANS, _ITEMS = "lms_development_plans", "lms_plan_items"
_STARTS = ("lms_units", "lms_partner_organisations")


def upgrade() -> None:
    for table in _STARTS:
        op.add_column(table, sa.Column("plan_start", sa.String(5), nullable=False, server_default=""))
    op.add_column(_PLANS, sa.Column("template", sa.String(60), nullable=False, server_default=""))
    op.add_column(_PLANS, sa.Column("template_version", sa.Integer, nullable=True))
    op.add_column(_PLANS, sa.Column("stage", sa.String(20), nullable=False, server_default="draft"))
    op.add_column("lms_objectives", sa.Column("carried_from", sa.String(32), nullable=False, server_default=""))
    op.add_column(_ITEMS, sa.Column("condition", sa.String(20), nullable=False, server_default="signed"))
    op.add_column(_ITEMS, sa.Column("competency", sa.String(20), nullable=False, server_default=""))
    op.add_column(_ITEMS, sa.Column("level", sa.Integer, nullable=True))
    op.execute(f"UPDATE {_ITEMS} SET condition = 'completed' WHERE kind = 'course'")
    _create_acts()
    _create_copies_and_notes()


def _create_acts() -> None:
    op.create_table(
        "lms_plan_acts",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("mentions", sa.Boolean, nullable=False),
        sa.Column("acted_by", sa.Integer, nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("side IN ('learner', 'manager')", name="ck_lms_plan_acts_side"),
        sa.ForeignKeyConstraint(["plan_id"], [f"{_PLANS}.id"], name="fk_lms_plan_acts_plan_id"),
        sa.ForeignKeyConstraint(["acted_by"], ["lms_people.id"], name="fk_lms_plan_acts_acted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_plan_acts"),
        sa.UniqueConstraint("ref", name="uq_lms_plan_acts_ref"),
    )
    op.create_index("ix_lms_plan_acts_plan_id", "lms_plan_acts", ["plan_id"])


def _create_copies_and_notes() -> None:
    op.create_table(
        "lms_plan_copies",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.Integer, nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], [f"{_PLANS}.id"], name="fk_lms_plan_copies_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_plan_copies"),
        sa.UniqueConstraint("ref", name="uq_lms_plan_copies_ref"),
        sa.UniqueConstraint("plan_id", name="uq_lms_plan_copies_plan_id"),
    )
    op.create_table(
        "lms_plan_notes",
        sa.Column("plan_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], [f"{_PLANS}.id"], name="fk_lms_plan_notes_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", name="pk_lms_plan_notes"),
    )


def downgrade() -> None:
    for table in ("lms_plan_notes", "lms_plan_copies", "lms_plan_acts"):
        op.drop_table(table)
    for name in ("level", "competency", "condition"):
        op.drop_column(_ITEMS, name)
    op.drop_column("lms_objectives", "carried_from")
    for name in ("stage", "template_version", "template"):
        op.drop_column(_PLANS, name)
    for table in _STARTS:
        op.drop_column(table, "plan_start")
