"""Whose level a new framework moved, as they were told"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLE = "lms_level_moves"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("framework", sa.Integer, nullable=False),
        sa.Column("before", sa.String(20), nullable=False),
        sa.Column("after", sa.String(20), nullable=False),
        sa.Column("level_before", sa.Integer, nullable=False),
        sa.Column("level_after", sa.Integer, nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{_TABLE}_person_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint(
            "person_id", "framework", "before", "after", name=f"uq_{_TABLE}_person_id_framework_before_after"
        ),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
