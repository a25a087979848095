"""A line manager names a deputy for a while, and takes it back"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NAMED, _ENDED = "lms_delegations", "lms_delegation_ends"


def upgrade() -> None:
    op.create_table(
        _NAMED,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("manager_id", sa.Integer, nullable=False),
        sa.Column("deputy_id", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["lms_people.id"], name=f"fk_{_NAMED}_manager_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["lms_people.id"], name=f"fk_{_NAMED}_deputy_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_NAMED}"),
        sa.UniqueConstraint("ref", name=f"uq_{_NAMED}_ref"),
    )
    op.create_index(f"ix_{_NAMED}_manager_id", _NAMED, ["manager_id"])
    op.create_index(f"ix_{_NAMED}_deputy_id", _NAMED, ["deputy_id"])
    op.create_table(
        _ENDED,
        sa.Column("delegation_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["delegation_id"], [f"{_NAMED}.id"], name=f"fk_{_ENDED}_delegation_id"),
        sa.PrimaryKeyConstraint("delegation_id", name=f"pk_{_ENDED}"),
    )


def downgrade() -> None:
    op.drop_table(_ENDED)
    op.drop_table(_NAMED)
