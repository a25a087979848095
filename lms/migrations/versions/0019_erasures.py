"""People can be erased, and it is on record that they were"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_REQUESTS, _DECISIONS, _ERASURES = "lms_erasure_requests", "lms_erasure_decisions", "lms_erasures"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # made anew, so that the words in them can be emptied
        op.execute("DROP TRIGGER IF EXISTS lms_evidence_no_update")
        op.execute("DROP TRIGGER IF EXISTS lms_evidence_entries_no_update")
    op.create_table(
        _REQUESTS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{_REQUESTS}_person_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_REQUESTS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_REQUESTS}_ref"),
    )
    op.create_index(f"ix_{_REQUESTS}_person_id", _REQUESTS, ["person_id"])
    op.create_table(
        _DECISIONS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("decided_by", sa.Integer, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{_REQUESTS}.id"], name=f"fk_{_DECISIONS}_request_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["lms_people.id"], name=f"fk_{_DECISIONS}_decided_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_DECISIONS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_DECISIONS}_ref"),
        sa.UniqueConstraint("request_id", name=f"uq_{_DECISIONS}_request_id"),
    )
    op.create_table(
        _ERASURES,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("erased_by", sa.Integer, nullable=True),
        sa.Column("erased_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{_ERASURES}_person_id"),
        sa.ForeignKeyConstraint(["erased_by"], ["lms_people.id"], name=f"fk_{_ERASURES}_erased_by"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_ERASURES}"),
    )
    op.create_index(f"ix_{_ERASURES}_person_id", _ERASURES, ["person_id"])


def downgrade() -> None:
    for table in (_ERASURES, _DECISIONS, _REQUESTS):
        op.drop_table(table)
