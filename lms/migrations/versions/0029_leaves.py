"""When people are on leave, and that they were back earlier"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_LEAVES, _ENDS = "lms_leaves", "lms_leave_ends"


def upgrade() -> None:
    op.create_table(
        _LEAVES,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("entered_by", sa.Integer),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{_LEAVES}_person_id"),
        sa.ForeignKeyConstraint(["entered_by"], ["lms_people.id"], name=f"fk_{_LEAVES}_entered_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_LEAVES}"),
        sa.UniqueConstraint("ref", name=f"uq_{_LEAVES}_ref"),
    )
    op.create_index(f"ix_{_LEAVES}_person_id", _LEAVES, ["person_id"])
    op.create_table(
        _ENDS,
        sa.Column("leave_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("back_on", sa.Date, nullable=False),
        sa.Column("ended_by", sa.Integer),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["leave_id"], [f"{_LEAVES}.id"], name=f"fk_{_ENDS}_leave_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["lms_people.id"], name=f"fk_{_ENDS}_ended_by"),
        sa.PrimaryKeyConstraint("leave_id", name=f"pk_{_ENDS}"),
    )


def downgrade() -> None:
    op.drop_table(_ENDS)
    op.drop_table(_LEAVES)
