"""Questions have tags and a difficulty, and a pool may draw by them"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lms_course_versions", sa.Column("draws", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("lms_questions", sa.Column("tags", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("lms_questions", sa.Column("difficulty", sa.String(10), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("difficulty", "tags"):
        op.drop_column("lms_questions", name)
    op.drop_column("lms_course_versions", "draws")
