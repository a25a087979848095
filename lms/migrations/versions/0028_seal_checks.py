"""That the seals were verified, and what came of it"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_CHECKS = "lms_seal_checks"


def upgrade() -> None:
    op.create_table(
        _CHECKS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("seal_hash", sa.String(64), nullable=False),
        sa.Column("kept_position", sa.Integer),
        sa.Column("fault", sa.String(20), nullable=False),
        sa.Column("fault_position", sa.Integer, nullable=False),
        sa.Column("fault_seal", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_CHECKS}"),
    )


def downgrade() -> None:
    op.drop_table(_CHECKS)
