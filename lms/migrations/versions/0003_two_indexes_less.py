"""Two indexes that no question needs, and one of which led SQLite astray"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("due_on", "expires_on"):
        op.drop_index(f"ix_lms_standings_{column}", table_name="lms_standings")


def downgrade() -> None:
    for column in ("due_on", "expires_on"):
        op.create_index(f"ix_lms_standings_{column}", "lms_standings", [column])
