"""What expires in which month is found without reading every standing"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_INDEX, _STANDINGS = "ix_lms_standings_expires_on", "lms_standings"


def upgrade() -> None:
    op.create_index(_INDEX, _STANDINGS, ["expires_on"])


def downgrade() -> None:
    op.drop_index(_INDEX, _STANDINGS)
