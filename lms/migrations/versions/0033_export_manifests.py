"""Receipts of exports hold control totals, the cursor, the head of the seals and a signature"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_COLUMNS = {
    "totals": sa.Column("totals", sa.JSON(), nullable=False, server_default="[]"),
    "cursor": sa.Column("cursor", sa.Integer(), nullable=True),
    "seal_head": sa.Column("seal_head", sa.String(length=90), nullable=False, server_default=""),
    "signed_by": sa.Column("signed_by", sa.String(length=64), nullable=False, server_default=""),
    "signature": sa.Column("signature", sa.String(length=128), nullable=False, server_default=""),
}


def upgrade() -> None:
    for column in _COLUMNS.values():
        op.add_column("lms_export_receipts", column)


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("lms_export_receipts", name)
