"""Peers in an assessment"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _keyed(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("ref", name=f"uq_{table}_ref"),
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    table = "lms_peer_requests"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("assessment_id", sa.Integer, nullable=False),
        sa.Column("peer_id", sa.Integer, nullable=False),
        sa.Column("competencies", sa.JSON, nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        _refers(table, "assessment_id", "lms_assessments"),
        _refers(table, "peer_id", "lms_people"),
        _refers(table, "asked_by", "lms_people"),
        sa.UniqueConstraint("assessment_id", "peer_id", name=f"uq_{table}_assessment_id_peer_id"),
    )
    op.create_index(f"ix_{table}_peer_id", table, ["peer_id"])
    table = "lms_peer_answers"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        _refers(table, "request_id", "lms_peer_requests"),
        sa.UniqueConstraint("request_id", name=f"uq_{table}_request_id"),
        sa.CheckConstraint("outcome IN ('rated', 'declined')", name=op.f(f"ck_{table}_outcome")),
    )
    table = "lms_peer_ratings"
    op.create_table(
        table,
        *_keyed(table),
        sa.Column("answer_id", sa.Integer, nullable=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("confidence", sa.String(10), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        _refers(table, "answer_id", "lms_peer_answers"),
        sa.UniqueConstraint("answer_id", "competency", name=f"uq_{table}_answer_id_competency"),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f(f"ck_{table}_level")),
    )


def downgrade() -> None:
    for table in ("lms_peer_ratings", "lms_peer_answers", "lms_peer_requests"):
        op.drop_table(table)
