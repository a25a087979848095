"""What somebody learned elsewhere can have a file"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLE = "lms_entry_files"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("entry_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("upload_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["lms_evidence_entries.id"], name=f"fk_{_TABLE}_entry_id"),
        sa.ForeignKeyConstraint(["upload_id"], ["lms_uploads.id"], name=f"fk_{_TABLE}_upload_id"),
        sa.PrimaryKeyConstraint("entry_id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("upload_id", name=f"uq_{_TABLE}_upload_id"),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
