"""What HR's page shows of each unit of a large organisation, counted by the worker"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TALLIES = "lms_unit_tallies"


def upgrade() -> None:
    op.create_table(
        _TALLIES,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=True),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("courses", sa.JSON, nullable=False),
        sa.Column("months", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["lms_units.id"], name=f"fk_{_TALLIES}_unit_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TALLIES}"),
    )


def downgrade() -> None:
    op.drop_table(_TALLIES)
