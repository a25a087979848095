"""Records have an order, and seals over it"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEYS, _SEALS, _RECORDS = "lms_seal_keys", "lms_seals", "lms_sealed_records"


def upgrade() -> None:
    op.create_table(
        _KEYS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("vouched", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_KEYS}"),
        sa.UniqueConstraint("public_key", name=f"uq_{_KEYS}_public_key"),
    )
    op.create_table(
        _SEALS,
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("first_position", sa.Integer, nullable=False),
        sa.Column("last_position", sa.Integer, nullable=False),
        sa.Column("sealed_at", UtcDateTime, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("seal_hash", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=f"pk_{_SEALS}"),
        sa.UniqueConstraint("first_position", name=f"uq_{_SEALS}_first_position"),
        sa.UniqueConstraint("last_position", name=f"uq_{_SEALS}_last_position"),
    )
    op.create_table(
        _RECORDS,
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("seal_number", sa.Integer, nullable=False),
        sa.Column("record_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["seal_number"], [f"{_SEALS}.number"], name=f"fk_{_RECORDS}_seal_number"),
        sa.PrimaryKeyConstraint("position", name=f"pk_{_RECORDS}"),
        sa.UniqueConstraint("kind", "record_id", name=f"uq_{_RECORDS}_kind_record_id"),
    )
    op.create_index(f"ix_{_RECORDS}_seal_number", _RECORDS, ["seal_number"])


def downgrade() -> None:
    for table in (_RECORDS, _SEALS, _KEYS):
        op.drop_table(table)
