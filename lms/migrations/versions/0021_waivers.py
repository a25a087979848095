"""HR can waive a course, and take that back"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WAIVERS, _BACK = "lms_waivers", "lms_waiver_withdrawals"


def upgrade() -> None:
    op.create_table(
        _WAIVERS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("enrolment_id", sa.Integer, nullable=False),
        sa.Column("waived_by", sa.Integer, nullable=True),
        sa.Column("waived_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["lms_enrolments.id"], name=f"fk_{_WAIVERS}_enrolment_id"),
        sa.ForeignKeyConstraint(["waived_by"], ["lms_people.id"], name=f"fk_{_WAIVERS}_waived_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_WAIVERS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_WAIVERS}_ref"),
    )
    op.create_index(f"ix_{_WAIVERS}_enrolment_id", _WAIVERS, ["enrolment_id"])
    op.create_table(
        _BACK,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("waiver_id", sa.Integer, nullable=False),
        sa.Column("withdrawn_by", sa.Integer, nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["waiver_id"], [f"{_WAIVERS}.id"], name=f"fk_{_BACK}_waiver_id"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["lms_people.id"], name=f"fk_{_BACK}_withdrawn_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_BACK}"),
        sa.UniqueConstraint("ref", name=f"uq_{_BACK}_ref"),
        sa.UniqueConstraint("waiver_id", name=f"uq_{_BACK}_waiver_id"),
    )


def downgrade() -> None:
    op.drop_table(_BACK)
    op.drop_table(_WAIVERS)
