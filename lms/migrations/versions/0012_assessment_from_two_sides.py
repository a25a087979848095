"""Assessment from two sides, and the focus of a cycle"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sheets()
    _create_moves()


def _keyed(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("ref", name=f"uq_{table}_ref"),
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _create_sheets() -> None:
    table = "lms_assessments"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _refers(table, "person_id", "lms_people"),
        sa.UniqueConstraint("person_id", "starts_on", name="uq_lms_assessments_person_id_starts_on"),
    )
    table = "lms_rating_sheets"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("assessment_id", sa.Integer, nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("written_by", sa.Integer, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("handed_in", sa.Boolean, nullable=False),
        _refers(table, "assessment_id", "lms_assessments"),
        _refers(table, "written_by", "lms_people"),
        sa.CheckConstraint("side IN ('self', 'manager')", name=op.f("ck_lms_rating_sheets_side")),
    )
    op.create_index("ix_lms_rating_sheets_assessment_id", table, ["assessment_id"])
    table = "lms_ratings"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("sheet_id", sa.Integer, nullable=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=True),
        sa.Column("confidence", sa.String(10), nullable=False),
        sa.Column("points", sa.JSON, nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        _refers(table, "sheet_id", "lms_rating_sheets"),
        sa.UniqueConstraint("sheet_id", "competency", name="uq_lms_ratings_sheet_id_competency"),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_lms_ratings_level")),
    )


def _create_moves() -> None:
    table = "lms_assessment_moves"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("assessment_id", sa.Integer, nullable=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("level", sa.Integer, nullable=True),
        sa.Column("proposal_id", sa.Integer, nullable=True),
        sa.Column("words_hash", sa.String(64), nullable=False),
        _refers(table, "assessment_id", "lms_assessments"),
        _refers(table, "made_by", "lms_people"),
        _refers(table, "proposal_id", table),
        sa.CheckConstraint("side IN ('self', 'manager')", name=op.f(f"ck_{table}_side")),
        sa.CheckConstraint("act IN ('propose', 'accept', 'differ')", name=op.f(f"ck_{table}_act")),
        sa.CheckConstraint("(act = 'propose') = (level IS NOT NULL)", name=op.f(f"ck_{table}_level")),
        sa.CheckConstraint("(act = 'accept') = (proposal_id IS NOT NULL)", name=op.f(f"ck_{table}_proposal")),
    )
    op.create_index(f"ix_{table}_assessment_id", table, ["assessment_id"])
    op.create_table(
        "lms_focus_choices",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("assessment_id", sa.Integer, nullable=False),
        sa.Column("competencies", sa.JSON, nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        _refers("lms_focus_choices", "assessment_id", "lms_assessments"),
        sa.PrimaryKeyConstraint("id", name="pk_lms_focus_choices"),
    )
    op.create_index("ix_lms_focus_choices_assessment_id", "lms_focus_choices", ["assessment_id"])


def downgrade() -> None:
    for table in (
        "lms_focus_choices", "lms_assessment_moves", "lms_ratings", "lms_rating_sheets", "lms_assessments",
    ):  # fmt: skip
        op.drop_table(table)
